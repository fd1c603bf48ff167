import { posix } from 'node:path';
import type { Value } from '../../../facts.ts';
import type { ProgramView } from '../recogniser.ts';
import { routerTree } from './routes-tree.ts';

const literalOf = (value: Value | undefined): string | number | boolean | null | undefined =>
  value?.is === 'literal' ? value.value : undefined;
const unknownAt = (value: Value): Value => ({ is: 'unknown', place: value.place });

/** Follows a port or host through the ways in which programs keep settings, to a literal or a variable of the environment. */
export function resolveSetting(value: Value, program: ProgramView, depth = 0): Value {
  if (depth > 6) return unknownAt(value);
  const again = (inner: Value): Value => resolveSetting(inner, program, depth + 1);
  switch (value.is) {
    case 'env':
      return value.fallback ? { ...value, fallback: again(value.fallback) } : value;
    case 'choice': {
      const options = value.options
        .filter((option) => option.value.is !== 'literal' || (option.value.value !== null && option.value.value !== false))
        .map((option) => ({ ...option, value: again(option.value) }));
      return sameEnv(options.map((option) => option.value)) ?? { ...value, options };
    }
    case 'member':
      return fromEnvironment(value) ?? fromConvict(value, value.name) ?? value;
    case 'made':
      return madeSetting(value, program, again) ?? value;
    default:
      return value;
  }
}

/** `normalizePort` returns the same variable from each of its branches. */
function sameEnv(values: readonly Value[]): Value | undefined {
  const [first] = values;
  const same = first?.is === 'env' && values.every((value) => value.is === 'env' && value.name === first.name);
  return same ? (values.find((value) => value.is === 'env' && value.fallback) ?? first) : undefined;
}

/** The call that a chain of members and calls starts with, and whether `process.env` went into it. */
function takesEnvironment(value: Value, depth = 0): boolean {
  if (depth > 8) return false;
  switch (value.is) {
    case 'package':
      return value.path === 'process.env' || (value.package === 'process' && value.path === 'env');
    case 'made':
      return value.args.some((argument) => takesEnvironment(argument, depth + 1)) || takesEnvironment(value.callee, depth + 1);
    case 'member':
      return takesEnvironment(value.of, depth + 1);
    default:
      return false;
  }
}

/** `cleanEnv(process.env, …).PORT`, `schema.parse(process.env).PORT`, `schema.validate(process.env).value.PORT`. */
function fromEnvironment(value: Value & { is: 'member' }): Value | undefined {
  if (!/^[A-Z][A-Z0-9_]*$/.test(value.name)) return undefined;
  if (!takesEnvironment(value.of)) return undefined;
  const fallback = schemaDefault(value.of, value.name) ?? unknownAt(value);
  return { is: 'env', name: value.name, fallback, place: value.place };
}

/** The default that a schema (envalid, zod, joi) gives to a key. */
function schemaDefault(value: Value, name: string, depth = 0): Value | undefined {
  if (depth > 8) return undefined;
  switch (value.is) {
    case 'object': {
      const rule = value.properties[name];
      return rule && defaultIn(rule);
    }
    case 'made':
      for (const inner of [...value.args, value.callee]) {
        const found = schemaDefault(inner, name, depth + 1);
        if (found) return found;
      }
      return undefined;
    case 'member':
      return schemaDefault(value.of, name, depth + 1);
    default:
      return undefined;
  }
}
function defaultIn(rule: Value, depth = 0): Value | undefined {
  if (rule.is !== 'made' || depth > 8) return undefined;
  const [argument] = rule.args;
  if (rule.callee.is === 'member' && rule.callee.name === 'default') return argument;
  if (argument?.is === 'object' && argument.properties['default']) return argument.properties['default'];
  return rule.callee.is === 'member' ? defaultIn(rule.callee.of, depth + 1) : undefined;
}

/** `convict({ port: { env: 'PORT', default: 3000 } }).get('port')`, and env-var. */
function fromConvict(value: Value, key: string): Value | undefined {
  const of = value.is === 'member' ? value.of : value.is === 'made' && value.callee.is === 'member' ? value.callee.of : undefined;
  if (of?.is !== 'made' || of.callee.is !== 'package' || of.callee.package !== 'convict') return undefined;
  let entry: Value | undefined = of.args[0];
  for (const part of key.split('.')) entry = entry?.is === 'object' ? entry.properties[part] : undefined;
  if (entry?.is !== 'object') return undefined;
  const fallback = entry.properties['default'];
  const env = literalOf(entry.properties['env']);
  return typeof env === 'string' ? { is: 'env', name: env, ...(fallback ? { fallback } : {}), place: value.place } : fallback;
}

function madeSetting(value: Value & { is: 'made' }, program: ProgramView, again: (inner: Value) => Value): Value | undefined {
  const { callee, args } = value;
  const key = literalOf(args[0]);
  if (callee.is === 'package') {
    if (callee.package === '' && /^(?:Number|parseInt|String)$/.test(callee.path) && args[0]) return again(args[0]);
    if (callee.package === 'config' && callee.path === 'get' && typeof key === 'string') return fromConfigFiles(value, key, program);
    if (/^(?:normalize-port|normalizeport)$/.test(callee.package) && args[0]) return again(args[0]);
    return undefined;
  }
  if (callee.is !== 'member') return undefined;
  if (typeof key === 'string' && /^(?:get|getOrThrow|getNumber)$/.test(callee.name))
    return fromConvict(value, key) ?? fromApplication(callee.of, key, program) ?? fromConfigService(value, callee.of, key);
  if (/^(?:asPortNumber|asInt|asIntPositive|asString|required|default)$/.test(callee.name)) return fromEnvVar(value);
  return undefined;
}

/** `app.set('port', …)` seen from `app.get('port')`. */
function fromApplication(on: Value, key: string, program: ProgramView): Value | undefined {
  const tree = routerTree(program);
  const keys = tree.resolve(on).map((ref) => ref.key);
  if (keys.length === 0) return undefined;
  const given = program
    .callsNamed('set')
    .filter((call) => literalOf(call.args[0]) === key && tree.resolve(call.on).some((ref) => keys.includes(ref.key)))
    .flatMap((call) => (call.args[1] ? [call.args[1]] : []));
  return given.length === 1 ? resolveSetting(given[0]!, program, 3) : undefined;
}

/** `configService.get('PORT', 3000)` of @nestjs/config reads the environment for keys that look like it. */
function fromConfigService(value: Value & { is: 'made' }, on: Value, key: string): Value | undefined {
  const isService = on.is === 'made' && on.callee.is === 'package' && on.callee.package === '@nestjs/config';
  const asked = on.is === 'made' && on.callee.is === 'member' && on.callee.name === 'get';
  if (!(isService || asked) || !/^[A-Z][A-Z0-9_]*$/.test(key)) return undefined;
  return { is: 'env', name: key, fallback: value.args[1] ?? unknownAt(value), place: value.place };
}

/** `env.get('PORT').default('8080').asPortNumber()` of env-var. */
function fromEnvVar(value: Value): Value | undefined {
  let fallback: Value | undefined;
  let current = value;
  for (let depth = 0; depth < 8; depth++) {
    if (current.is !== 'made') return undefined;
    const { callee, args } = current;
    if (callee.is === 'package') {
      const name = literalOf(args[0]);
      return callee.package === 'env-var' && typeof name === 'string'
        ? { is: 'env', name, ...(fallback ? { fallback } : {}), place: value.place }
        : undefined;
    }
    if (callee.is !== 'member') return undefined;
    if (callee.name === 'default') fallback = args[0];
    current = callee.of;
  }
  return undefined;
}

/** `config/default.json` and `config/custom-environment-variables.json` of the `config` package. */
function fromConfigFiles(value: Value, key: string, program: ProgramView): Value {
  const read = (name: string): unknown => {
    const text = program.text(posix.join(program.root, 'config', name));
    if (text === undefined) return undefined;
    try {
      return key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], JSON.parse(text));
    } catch {
      return undefined;
    }
  };
  const name = read('custom-environment-variables.json');
  const variable = typeof name === 'string' ? name : (name as { __name?: unknown } | undefined)?.__name;
  const fallback = read('default.json');
  const literal: Value | undefined =
    typeof fallback === 'number' || typeof fallback === 'string' ? { is: 'literal', value: fallback, place: value.place } : undefined;
  if (typeof variable === 'string') return { is: 'env', name: variable, ...(literal ? { fallback: literal } : {}), place: value.place };
  return unknownAt(value);
}
