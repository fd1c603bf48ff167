import type { Value } from '../../facts.ts';
import type { Evaluator } from './evaluate.ts';
import { dottedOf, splitId } from './value-shapes.ts';

/** Names of the libraries' classes that a class extends, over those of the program. */
export function collectBases(id: string, evaluator: Evaluator, found = new Set<string>(), depth = 0): ReadonlySet<string> {
  const [path] = splitId(id);
  for (const base of depth > 8 ? [] : (evaluator.classOf(id)?.bases ?? [])) {
    const value = evaluator.value(base, path, evaluator.classOf(id)?.within);
    if (value.is === 'class') collectBases(value.id, evaluator, found, depth + 1);
    const dotted = dottedOf(value);
    if (dotted) found.add(dotted);
  }
  return found;
}

const settingsBase = /^(?:pydantic|pydantic_settings|pydantic\.v1|pydantic\.env_settings)\.(?:main\.)?BaseSettings$/;

/** True for classes whose fields are variables of their own name (docs.pydantic.dev, Settings Management). */
export const isSettingsClass = (bases: ReadonlySet<string>): boolean => [...bases].some((name) => settingsBase.test(name));

/** What a class's `model_config` says. */
function configured(id: string, option: string, evaluator: Evaluator): string | undefined {
  const config = evaluator.field(id, 'model_config');
  const options = config?.is === 'made' ? config.args.at(-1) : config;
  const value = options?.is === 'object' ? options.properties[option] : undefined;
  return value?.is === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}
/** `env_prefix` of a class's `model_config`. */
export const settingsPrefix = (id: string, evaluator: Evaluator): string | undefined => configured(id, 'env_prefix', evaluator);

/** A field of settings that a variable may set: what is written is only its default. */
export function settingsField(id: string, name: string, written: Value, evaluator: Evaluator): Value {
  const below = settingsBelow(id, name, written, evaluator);
  if (below) return below;
  const fallback = defaultOf(written);
  return {
    is: 'env',
    name: `${settingsPrefix(id, evaluator) ?? ''}${name}`.toUpperCase(),
    ...(fallback && !(fallback.is === 'literal' && fallback.value === null) ? { fallback } : {}),
    place: written.place,
  };
}

/** Models take no arguments without a name: the only one holds the beginning of the variables that stand over a model's own. */
const markerOf = (made: Value): string | undefined => {
  const [first] = made.is === 'made' ? made.args : [];
  return first?.is === 'literal' && typeof first.value === 'string' ? first.value : undefined;
};

/** `Field(default_factory=DatabaseSettings)`: settings within settings. */
function settingsBelow(id: string, name: string, written: Value, evaluator: Evaluator): Value | undefined {
  const options = written.is === 'made' ? written.args.find((one) => one.is === 'object') : undefined;
  const type = options?.is === 'object' ? options.properties['default_factory'] : undefined;
  if (type?.is !== 'class') return undefined;
  const delimiter = configured(id, 'env_nested_delimiter', evaluator);
  const start = delimiter === undefined ? '' : `${settingsPrefix(id, evaluator) ?? ''}${name}${delimiter}`.toUpperCase();
  const { place } = written;
  return { is: 'made', callee: type, args: start === '' ? [] : [{ is: 'literal', value: start, place }], place };
}

/** A field of settings within settings: `DATABASE__URL` stands over what the inner class says. */
export function overriddenField(outer: Value, name: string, own: Value | undefined): Value | undefined {
  const start = markerOf(outer);
  if (start === undefined || !start.endsWith('_') || own === undefined) return own;
  const fallback = own.is === 'made' ? defaultOf(own) : own;
  return { is: 'env', name: `${start}${name.toUpperCase()}`, ...(fallback ? { fallback } : {}), place: own.place };
}

/** `Field(default='a')`, `Field('a')`, `SecretStr('a')`, `'a'`. */
function defaultOf(written: Value): Value | undefined {
  if (written.is !== 'made') return written;
  const maker = /(?:^|\.)(Field|Secret(?:Str|Bytes))$/.exec(dottedOf(written.callee) ?? '')?.[1];
  if (maker === undefined) return written;
  const options = written.args.find((one) => one.is === 'object');
  const given = options?.is === 'object' ? options.properties['default'] : undefined;
  const first = written.args[0] === options ? undefined : written.args[0];
  const found = given ?? (first?.is === 'unknown' ? undefined : first);
  return found && defaultOf(found);
}
