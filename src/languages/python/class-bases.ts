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

/** `env_prefix` of a class's `model_config`. */
export function settingsPrefix(id: string, evaluator: Evaluator): string | undefined {
  const config = evaluator.field(id, 'model_config');
  const options = config?.is === 'made' ? config.args.at(-1) : config;
  const prefix = options?.is === 'object' ? options.properties['env_prefix'] : undefined;
  return prefix?.is === 'literal' && typeof prefix.value === 'string' ? prefix.value : undefined;
}

/** A field of settings that a variable may set: what is written is only its default. */
export function settingsField(id: string, name: string, written: Value, evaluator: Evaluator): Value {
  const fallback = defaultOf(written);
  return {
    is: 'env',
    name: `${settingsPrefix(id, evaluator) ?? ''}${name}`.toUpperCase(),
    ...(fallback && !(fallback.is === 'literal' && fallback.value === null) ? { fallback } : {}),
    place: written.place,
  };
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
