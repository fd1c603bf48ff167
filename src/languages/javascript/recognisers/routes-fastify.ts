import { posix } from 'node:path';
import type { Value } from '../../../facts.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { type PathText, pathsOf, rootPath } from './routes-paths.ts';

/** A plugin handed to `register`: the function that gets the instance, and under which prefix. */
export interface PluginUse {
  readonly plugin: string;
  readonly on: Value;
  readonly path: PathText;
  readonly library: string;
}
const autoloads = new Set(['@fastify/autoload', 'fastify-autoload']);

const property = (value: Value | undefined, name: string): Value | undefined =>
  value?.is === 'object' ? value.properties[name] : undefined;
const prefixOf = (options: Value | undefined): PathText => {
  const prefix = property(options, 'prefix');
  return prefix ? (pathsOf(prefix)[0] ?? rootPath) : rootPath;
};

/** The plugin function behind a value. `transparent`: fastify-plugin takes away the prefix. */
function pluginOf(value: Value, program: ProgramView, depth = 0): readonly { id: string; transparent: boolean }[] {
  if (depth > 4) return [];
  switch (value.is) {
    case 'function':
      return [{ id: value.id, transparent: false }];
    case 'choice':
      return value.options.flatMap((option) => pluginOf(option.value, program, depth + 1));
    case 'reference':
      return pluginOf(program.evaluator.exported(value.specifier, 'default', value.place), program, depth + 1);
    case 'object': {
      const inner = value.properties['default'] ?? value.properties['plugin'] ?? value.properties['register'];
      return inner ? pluginOf(inner, program, depth + 1) : [];
    }
    case 'made':
      return value.callee.is === 'package' && value.args[0]
        ? pluginOf(value.args[0], program, depth + 1).map(({ id }) => ({ id, transparent: true }))
        : [];
    default:
      return [];
  }
}

/** `path.join(__dirname, 'routes')` → the folder from the repository's root. */
export function folderOf(value: Value | undefined): string | undefined {
  if (value?.is === 'text') {
    const [first, ...rest] = value.parts;
    return first && isHere(first) && rest.every((part) => part.is === 'literal')
      ? posix.join(posix.dirname(first.place.path), ...rest.map((part) => String((part as Value & { is: 'literal' }).value)))
      : undefined;
  }
  if (value?.is !== 'made' || value.callee.is !== 'package' || !/^(?:posix\.)?(?:join|resolve)$/.test(value.callee.path)) return undefined;
  const [first, ...rest] = value.args;
  // `join(import.meta.url, 'routes')` of desm.
  const isOwnUrl = value.callee.package === 'desm';
  if (!first || !(isHere(first) || isOwnUrl) || !rest.every((part) => part.is === 'literal')) return undefined;
  return posix.join(posix.dirname(first.place.path), ...rest.map((part) => String((part as Value & { is: 'literal' }).value)));
}
/** `__dirname`, also as ES modules make it from `import.meta.url`. */
function isHere(value: Value, depth = 0): boolean {
  if (depth > 4) return false;
  if (value.is === 'package') return value.package === '' && value.path === '__dirname';
  if (value.is === 'made')
    return /dirname|fileURLToPath/.test(value.callee.is === 'package' ? value.callee.path : '') && value.args.length === 1;
  return value.is === 'member' && value.name === 'dirname';
}

/** @fastify/autoload: each file of the folder is a plugin under the path of its folder; `_id` is a parameter. */
function autoloaded(call: CallSite, program: ProgramView): readonly PluginUse[] {
  const options = call.args[1];
  const folder = folderOf(property(options, 'dir'));
  if (folder === undefined || !call.on) return [];
  const base = prefixOf(property(options, 'options'));
  const flat = property(options, 'dirNameRoutePrefix');
  return program.files.flatMap((path) => {
    if (!path.startsWith(`${folder}/`) || !/\.[cm]?[jt]s$/.test(path)) return [];
    const place = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
    const auto = program.evaluator.exported(path, 'autoPrefix', place);
    const inner = posix.dirname(path.slice(folder.length + 1)).replace(/^\.$/, '');
    const own =
      auto.is === 'literal' && typeof auto.value === 'string'
        ? auto.value
        : flat?.is === 'literal' && flat.value === false
          ? ''
          : inner.replace(/(^|\/)_(?=\w)/g, '$1:');
    const prefix = { text: `${base.text}/${own}`.replace(/\/{2,}/g, '/').replace(/\/$/, ''), complete: base.complete };
    return pluginOf(program.evaluator.exported(path, 'default', place), program).map(({ id, transparent }) => ({
      plugin: id,
      on: call.on!,
      path: transparent ? rootPath : prefix,
      library: 'fastify',
    }));
  });
}

/** What one call of `register` adds. */
export function readPluginUse(call: CallSite, program: ProgramView): readonly PluginUse[] {
  const [plugin, options] = call.args;
  if (!plugin || !call.on) return [];
  const origin = plugin.is === 'package' ? plugin.package : '';
  if (autoloads.has(origin)) return autoloaded(call, program);
  const items = plugin.is === 'list' ? plugin.items : [plugin];
  return items.flatMap((item) => {
    const nested = property(item, 'plugin') ? property(item, 'routes') : property(options, 'routes');
    const path = nested ? prefixOf(nested) : prefixOf(options);
    return pluginOf(item, program).map(({ id, transparent }) => ({
      plugin: id,
      on: call.on!,
      path: transparent ? rootPath : path,
      library: nested ? '@hapi/hapi' : 'fastify',
    }));
  });
}
