/** What calls of the standard library, and of libraries that read settings, come to. */
import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import { choose, dottedOf } from './value-shapes.ts';

const mostChoices = 12;

export const unknownAt = (place: Place): Value => ({ is: 'unknown', place });

/** Methods of texts that leave their meaning. */
export const passesThrough = new Set([
  'strip',
  'lstrip',
  'rstrip',
  'lower',
  'upper',
  'replace',
  'encode',
  'decode',
  'removesuffix',
  'removeprefix',
  'as_posix',
  'resolve',
  'absolute',
  'expanduser',
  'get_secret_value',
  'unicode_string',
]);

/** Calls whose first argument names a variable, and whose second is what stands in for it. */
const readers =
  /^(?:os\.getenv|os\.environ\.(?:get|pop|setdefault)|os\.environb\.get|decouple\.(?:config|AutoConfig\(\)|Config\(\))|environ\.(?:Env|FileAwareEnv)\(\)(?:\.\w+)?|environs\.Env\(\)(?:\.\w+)?|starlette\.config\.Config\(\))$/;
const notReads = /\.(?:read_env|read_envfile|prefixed|seal|dump|add_parser|parser_for)$/;
/** Types that a text is turned into. */
const casts =
  /^(?:str|int|bool|float|ast\.literal_eval|json\.loads|distutils\.util\.strtobool|pydantic\.SecretStr|starlette\.datastructures\.(?:Secret|URL)|datetime\.timedelta)$/;

export const isCast = (dotted: string): boolean => casts.test(dotted);

export const isEnvironmentReader = (dotted: string): boolean => readers.test(dotted) && !notReads.test(dotted);

export function environmentCall(dotted: string, args: readonly Value[], named: Value | undefined, place: Place): Value | undefined {
  const [first, second] = args;
  if (isCast(dotted)) return first && ['env', 'literal', 'choice', 'text'].includes(first.is) ? first : undefined;
  if (!isEnvironmentReader(dotted) || !first) return undefined;
  const fallback = named ?? (second?.is === 'package' ? undefined : second);
  if (first.is !== 'literal' || typeof first.value !== 'string') return unknownAt(place);
  const isNone = fallback?.is === 'literal' && fallback.value === null;
  return { is: 'env', name: first.value, ...(fallback && !isNone ? { fallback } : {}), place };
}

const isEnvironment = (value: Value): boolean => value.is === 'package' && value.package === 'os' && value.path === 'environ';

/** `os.environ['NAME']`. */
export function environmentItem(of: Value, key: Value, place: Place): Value | undefined {
  if (!isEnvironment(of)) return undefined;
  return key.is === 'literal' && typeof key.value === 'string' ? { is: 'env', name: key.value, place } : unknownAt(place);
}

/** `os.environ.copy()`, `dict(os.environ)`: asked like the environment itself. */
export const isEnvironmentCopy = (dotted: string, args: readonly Value[]): boolean =>
  dotted === 'os.environ.copy' || (/^(?:dict|copy\.(?:deep)?copy)$/.test(dotted) && args[0] !== undefined && isEnvironment(args[0]));

const joins = /^(?:os\.path\.join|posixpath\.join|pathlib\.(?:Path|PurePath|PosixPath))$/;
const sameFile = /^(?:os\.path\.(?:abspath|realpath|normpath|expanduser)|pathlib\.(?:Path|PurePath|PosixPath))$/;

/** The folder that a path lies in; above where the program lies nothing is known by name. */
function folderIn(path: Value, place: Place, steps = 1): Value | undefined {
  if (path.is !== 'literal' || typeof path.value !== 'string') return undefined;
  let text = path.value;
  for (let step = 0; step < steps; step++)
    text = /^[.](?:[.][/]?)*$/.test(text) ? '..' : text.replace(/\/*[^/]*\/*$/, '') || (text.startsWith('/') ? '/' : '.');
  return { is: 'literal', value: text, place };
}

/** `__file__` of a module: where it lies below the program's own folder. */
export const ownFile = (path: string, root: string, place: Place): Value => ({
  is: 'literal',
  value: `./${root !== '' && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path}`,
  place,
});

/** `Path(__file__).parent`. */
export const parentOf = (of: Value, name: string, place: Place): Value | undefined =>
  name === 'parent' && of.is === 'literal' && /^[.]{1,2}(?:\/|$)/.test(String(of.value)) ? folderIn(of, place) : undefined;

/** `os.path.join(a, 'b')`, `Path(a)`. */
export function asPath(dotted: string, args: readonly Value[], place: Place): Value | undefined {
  if (/^(?:os\.getcwd|pathlib\.Path\.cwd)$/.test(dotted)) return { is: 'literal', value: '.', place };
  if (dotted === 'os.path.dirname' && args.length === 1) return folderIn(args[0]!, place);
  if (sameFile.test(dotted) && args.length === 1) return args[0]!.is === 'package' ? unknownAt(place) : args[0];
  if (!joins.test(dotted) || args.length === 0) return undefined;
  return concat(args.slice(0, 20), place, true);
}

/** Texts one after another; `slash`: as parts of a path. */
export function concat(parts: readonly Value[], place: Place, slash: boolean): Value {
  const separator: Value = { is: 'literal', value: '/', place };
  const between = slash ? parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])) : parts;
  const flat = between.flatMap((part) => (part.is === 'text' ? part.parts : [part])).slice(0, 100);
  if (flat.every((part) => part.is === 'literal')) {
    const text = flat.map((part) => String((part as { value: unknown }).value)).join('');
    return { is: 'literal', value: slash ? text.replace(/\/{2,}/g, '/') : text, place };
  }
  return { is: 'text', parts: flat, place };
}

/** `a[b]`. */
export function itemOf(of: Value, key: Value, place: Place): Value {
  const read = environmentItem(of, key, place);
  if (read) return read;
  const name = key.is === 'literal' ? String(key.value) : undefined;
  if (of.is === 'object') {
    const found = name === undefined ? undefined : of.properties[name];
    if (found && Object.hasOwn(of.properties, name!)) return found;
    const options = Object.values(of.properties).slice(0, mostChoices);
    return name === undefined && !of.open && options.length > 0
      ? choose(
          options.map((value) => ({ value })),
          place,
        )
      : unknownAt(place);
  }
  // `Path(__file__).parents[2]`.
  if (of.is === 'member' && of.name === 'parents' && /^\d$/.test(name ?? ''))
    return folderIn(of.of, place, Number(name) + 1) ?? unknownAt(place);
  if (of.is === 'list') return (typeof Number(name) === 'number' && of.items[Number(name)]) || unknownAt(place);
  // `List[WebSocket]`, `Optional[Session]`: what matters is what it holds.
  if (of.is === 'package' && /^(?:typing\.)?(?:Optional|Annotated|ClassVar|Final)$/.test(dottedOf(of) ?? ''))
    return key.is === 'list' ? (key.items[0] ?? key) : key;
  return name === undefined ? unknownAt(place) : { is: 'member', of, name: `[${name}]`, place };
}
