import type { Value } from '../../../facts.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { type PluginUse, readPluginUse } from './routes-fastify.ts';
import { unrollCall } from './routes-loops.ts';
import { isPathLike, type PathText, pathsOf, rootPath } from './routes-paths.ts';
import type { RouterRef, RouterTree } from './routes-tree.ts';
import { startsFastify } from './servers-scripts.ts';

/** An argument of `use` with the path that a wrapper adds (`mount('/x', app)` of koa-mount). */
interface Mounted {
  readonly value: Value;
  readonly path: PathText;
}

/** Splits the arguments of `use(path?, …handlers)`. */
export function splitUse(call: CallSite, tree: RouterTree): { paths: readonly PathText[]; rest: readonly Value[]; given: boolean } {
  const [first, ...others] = call.args;
  if (!first) return { paths: [rootPath], rest: [], given: false };
  if (isPathLike(first)) return { paths: pathsOf(first), rest: others, given: true };
  const mayBePath = first.is === 'unknown' || first.is === 'member' || first.is === 'parameter';
  if (mayBePath && others.length > 0 && tree.resolve(first).length === 0) return { paths: pathsOf(first), rest: others, given: true };
  return { paths: [rootPath], rest: call.args, given: false };
}

/** Handlers one by one: lists and koa-compose are opened, koa-mount gives its path. */
export function flattenHandlers(values: readonly Value[], depth = 0): readonly Mounted[] {
  if (depth > 4) return [];
  return values.flatMap((value): readonly Mounted[] => {
    if (value.is === 'list') return flattenHandlers(value.items, depth + 1);
    const callee = value.is === 'made' && value.callee.is === 'package' ? value.callee.package : undefined;
    if (value.is === 'made' && callee === 'koa-compose') return flattenHandlers(value.args, depth + 1);
    if (value.is === 'made' && callee === 'koa-mount') {
      const [first, second] = value.args;
      if (!second) return first ? flattenHandlers([first], depth + 1) : [];
      const [path = rootPath] = pathsOf(first);
      return flattenHandlers([second], depth + 1).map((mounted) => ({ ...mounted, path }));
    }
    return [{ value, path: rootPath }];
  });
}

function mountAll(tree: RouterTree, parents: readonly RouterRef[], children: readonly RouterRef[], paths: readonly PathText[]): void {
  for (const parent of parents) for (const child of children) for (const path of paths) tree.mount(child.key, parent, path);
}

function mountUse(tree: RouterTree, call: CallSite): void {
  const parents = tree.resolve(call.on);
  if (parents.length === 0) return;
  const { paths, rest } = splitUse(call, tree);
  for (const { value, path } of flattenHandlers(rest)) {
    const children = tree.resolve(value);
    if (children.length > 0) mountAll(tree, parents, children, path === rootPath ? paths : [path]);
  }
}

/** Calls with two arguments whose last is a router: `app.route('/x', sub)` of Hono, `router.applyRoutes(server, '/x')` of Restify. */
function mountOther(tree: RouterTree, call: CallSite): void {
  const on = tree.resolve(call.on);
  if (on.length === 0) return;
  if (call.name === 'prefix') for (const { key } of on) tree.setPrefix(key, pathsOf(call.args[0]));
  else if (call.name === 'applyRoutes') mountAll(tree, tree.resolve(call.args[0]), on, call.args[1] ? pathsOf(call.args[1]) : [rootPath]);
  else if (call.args.length === 2) mountAll(tree, on, tree.resolve(call.args[1]), pathsOf(call.args[0]));
}

/** The functions that an exported plugin consists of, and the instances that stand for wrapped ones. */
function mountPlugin(tree: RouterTree, use: PluginUse): void {
  for (const parent of tree.resolve(use.on)) tree.mount(use.plugin, parent, use.path);
}

/** `fastify start file.js` serves the function that the entry exports as the application. */
function addFastifyEntry(tree: RouterTree, program: ProgramView): void {
  const [path] = program.files;
  if (path === undefined || !startsFastify(program)) return;
  const exported = program.evaluator.exported(path, 'default', { path, line: 1, column: 1, endLine: 1, endColumn: 1 });
  for (const plugin of functionsIn(exported)) tree.addRootPlugin(plugin, 'fastify');
}

/** Reads from all calls which router hangs where. */
export function readMounts(tree: RouterTree, program: ProgramView): void {
  addFastifyEntry(tree, program);
  const plugins = program.callsNamed('register').flatMap((call) => unrollCall(call, program).flatMap((one) => readPluginUse(one, program)));
  for (const plugin of plugins) tree.addPlugin(plugin.plugin, plugin.library);
  for (const call of program.callsNamed('use')) for (const one of unrollCall(call, program)) mountUse(tree, one);
  for (const call of program.callsNamed('route', 'mount', 'prefix', 'applyRoutes'))
    for (const one of unrollCall(call, program)) mountOther(tree, one);
  for (const plugin of plugins) mountPlugin(tree, plugin);
}

export const functionsIn = (value: Value, depth = 0): readonly string[] => {
  if (depth > 5) return [];
  switch (value.is) {
    case 'function':
      return [value.id, ...(value.around ?? [])];
    case 'list':
      return value.items.flatMap((item) => functionsIn(item, depth + 1));
    case 'choice':
      return value.options.flatMap((option) => functionsIn(option.value, depth + 1));
    case 'made':
      return [
        ...(value.callee.is === 'member' && value.callee.name === 'bind' ? functionsIn(value.callee.of, depth + 1) : []),
        ...value.args.flatMap((item) => functionsIn(item, depth + 1)),
      ];
    case 'object':
      return ['handler', 'options', 'config', 'preHandler', 'pre']
        .flatMap((name) => (value.properties[name] ? [value.properties[name]] : []))
        .flatMap((item) => functionsIn(item, depth + 1));
    default:
      return [];
  }
};
