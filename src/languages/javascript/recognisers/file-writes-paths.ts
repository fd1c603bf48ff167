import type { Value } from '../../../facts.ts';
import { originOf } from '../call-sites.ts';
import type { ProgramView } from '../recogniser.ts';

const literal = (value: string, of: Value): Value => ({ is: 'literal', value, place: of.place });
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Folder of a source file below the program's root. */
function ownFolder(path: string, root: string): string {
  const folder = folderOf(path);
  if (root === '') return folder || '.';
  return folder.startsWith(`${root}/`) ? folder.slice(root.length + 1) : folder === root ? '.' : folder;
}

const joins = /^(?:posix\.|win32\.|default\.)?(?:join|resolve|normalize)$/;
const isGlobal = (value: Value, path: string): boolean => value.is === 'package' && value.package === '' && value.path === path;

/**
 * A path as text from the program's root: `path.join(__dirname, 'files', name)` becomes `src/files/` and the rest.
 * What cannot be read stays as a part, so that the folder in front of it is still known.
 */
export function pathValue(value: Value, root: string, depth = 0): Value {
  if (depth > 6) return value;
  const again = (inner: Value): Value => pathValue(inner, root, depth + 1);
  switch (value.is) {
    case 'package':
      return isGlobal(value, '__dirname') ? literal(ownFolder(value.place.path, root), value) : value;
    case 'text':
      return { ...value, parts: value.parts.map(again) };
    case 'choice':
      return { ...value, options: value.options.map((option) => ({ ...option, value: again(option.value) })) };
    case 'env':
      return value.fallback ? { ...value, fallback: again(value.fallback) } : value;
    case 'made':
      return madePath(value, again);
    default:
      return value;
  }
}

function madePath(value: Value & { is: 'made' }, again: (inner: Value) => Value): Value {
  const origin = originOf(value.callee);
  if (!origin) return value;
  const { package: name, path } = origin;
  if ((name === '' && path === 'process.cwd') || (name === 'process' && path === 'cwd')) return literal('.', value);
  if (name === 'os' && /^(?:default\.)?tmpdir$/.test(path)) return literal('/tmp', value);
  if (name === 'path' && /(?:^|\.)dirname$/.test(path) && value.args[0]) return again(value.args[0]);
  if (name !== 'path' || !joins.test(path)) return value;
  // `join('', 'users')` is `users`.
  const joined = value.args.map(again).filter((part) => part.is !== 'literal' || part.value !== '');
  const parts = joined.flatMap((part, index) => (index === 0 ? [part] : [literal('/', part), part]));
  const flat = parts.flatMap((part) => (part.is === 'text' ? part.parts : [part]));
  const absolute = flat.findLastIndex(
    (part, index) => /resolve$/.test(path) && index > 0 && part.is === 'literal' && /^\/./.test(String(part.value)),
  );
  return { is: 'text', parts: absolute > 0 ? flat.slice(absolute) : flat, place: value.place };
}

/** The part of a path that is written in the code, from its start. */
export function knownStart(value: Value | undefined): string {
  if (!value) return '';
  if (value.is === 'literal') return typeof value.value === 'string' ? value.value : '';
  if (value.is === 'env') return knownStart(value.fallback);
  if (value.is === 'choice') return knownStart(value.options[0]?.value);
  if (value.is !== 'text') return '';
  let start = '';
  for (const part of value.parts) {
    const text = knownStart(part);
    start += text;
    if (part.is !== 'literal') break;
  }
  return start;
}

/** All text that a path is made of, for what its names tell. */
export function writtenText(value: Value | undefined, depth = 0): string {
  if (!value || depth > 6) return '';
  const again = (inner: Value | undefined): string => writtenText(inner, depth + 1);
  if (value.is === 'literal') return typeof value.value === 'string' ? value.value : '';
  if (value.is === 'env') return `${value.name} ${again(value.fallback)}`;
  if (value.is === 'member') return value.name;
  if (value.is === 'text') return value.parts.map(again).join('');
  if (value.is === 'choice') return value.options.map((option) => again(option.value)).join(' ');
  return value.is === 'made' ? value.args.map(again).join('') : '';
}

/** What a part of a path is, whatever it comes to. */
function shapeOf(value: Value, depth = 0): string {
  if (depth > 4) return '?';
  const again = (inner: Value): string => shapeOf(inner, depth + 1);
  switch (value.is) {
    case 'literal':
      return `'${value.value}'`;
    case 'env':
      return `$${value.name}`;
    case 'member':
      return `${again(value.of)}.${value.name}`;
    case 'choice':
      return value.options.map((option) => again(option.value)).join('|');
    case 'text':
      return value.parts.map(again).join('');
    default:
      return value.is;
  }
}

/** The folder of a path that ends in a name from elsewhere, as text to compare; `undefined` for other paths. */
export function rootText(path: Value): string | undefined {
  const parts = flatParts(path);
  const slash = parts.findIndex((part) => part.is === 'literal' && String(part.value).includes('/'));
  const rest = parts.slice(slash + 1);
  if (slash < 0 || rest.length === 0 || rest.every(({ is }) => is === 'literal')) return undefined;
  return parts
    .slice(0, slash + 1)
    .map((part) => shapeOf(part))
    .join('');
}
const flatParts = (value: Value, depth = 0): readonly Value[] =>
  value.is === 'text' && depth < 4 ? value.parts.flatMap((part) => flatParts(part, depth + 1)) : [value];

const temporaryPackages = new Set([
  'tmp',
  'tmp-promise',
  'temp',
  'tempy',
  'temp-dir',
  'temp-write',
  'tempfile',
  'unique-temp-dir',
  'temp-directory',
]);

/** True when a path comes from a package or call that makes temporary files. */
function comesFromTemporary(value: Value, depth = 0): boolean {
  if (depth > 6) return false;
  const origin = originOf(value);
  if (origin && (temporaryPackages.has(origin.package) || /(?:^|\.)mkdtemp(?:Sync)?\(\)$/.test(origin.path))) return true;
  if (value.is === 'made') return value.args.some((part) => comesFromTemporary(part, depth + 1));
  if (value.is === 'text') return value.parts.some((part) => comesFromTemporary(part, depth + 1));
  return value.is === 'member' && comesFromTemporary(value.of, depth + 1);
}

/** Folders that are scratch by their name, and devices. */
const scratch = /(?:^|\/)(?:\.?te?mp|temporary|scratch|\.cache|cache|node_modules)(?:\/|$)|^\/(?:dev|proc|sys|var\/tmp|run)\//i;
const scratchVariable = /(?:^|_)(?:TMP|TEMP)(?:_?DIR(?:ECTORY)?|_FOLDER|_PATH)?$/i;

export function isScratch(raw: Value, path: Value): boolean {
  if (comesFromTemporary(raw)) return true;
  const first = path.is === 'text' ? path.parts.find((part) => part.is !== 'literal' || part.value !== '') : path;
  return scratch.test(knownStart(path)) || (first?.is === 'env' && scratchVariable.test(first.name));
}

const normalised = (path: string): string => {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
};
const staticPackages = ['express', 'serve-static', 'koa-static', '@fastify/static', 'fastify-static', 'koa-mount'];
const served = new WeakMap<ProgramView, readonly string[]>();

/** True when the folder is one from which the program serves files: then they are meant to stay. */
export function isServed(path: Value, program: ProgramView): boolean {
  let folders = served.get(program);
  if (!folders) {
    folders = program
      .callsOf(...staticPackages)
      .filter((call) => call.path === 'static' || /static/.test(call.package ?? ''))
      .flatMap((call) => call.args.slice(0, 1).map((argument) => normalised(knownStart(pathValue(argument, program.root)))))
      .filter((folder) => folder !== '');
    served.set(program, folders);
  }
  const start = `${normalised(knownStart(path))}/`;
  return folders.some((folder) => scratch.test(folder) && start.startsWith(`${folder}/`));
}

const keyOf = ({ place }: Value): string => `${place.path}:${place.line}:${place.column}`;
/** Where the varying parts of a path come from: two paths that share one mean the same file or its folder. */
function rootsOf(value: Value, depth = 0): string[] {
  if (value.is === 'literal' || value.is === 'package' || value.is === 'env' || value.is === 'unknown') return [];
  if (value.is === 'parameter') return [`${value.function}:${value.index}`];
  if (value.is === 'choice') return depth > 3 ? [] : value.options.flatMap((option) => rootsOf(option.value, depth + 1));
  const parts = depth > 3 ? [] : value.is === 'made' ? value.args : value.is === 'text' ? value.parts : [];
  return [
    keyOf(value),
    ...parts.filter(({ is }) => is === 'made' || is === 'text' || is === 'choice').flatMap((part) => rootsOf(part, depth + 1)),
  ];
}

const removers = ['unlink', 'unlinkSync', 'rm', 'rmSync', 'remove', 'removeSync', 'rmdir', 'rmdirSync', 'rimraf', 'del', 'deleteFile'];
const removed = new WeakMap<ProgramView, ReadonlySet<string>>();

/** True when the program deletes the file again that it writes here. */
export function isRemoved(target: Value, program: ProgramView): boolean {
  let known = removed.get(program);
  if (!known) {
    const calls = [...program.callsNamed(...removers), ...program.callsOf('rimraf', 'del')];
    known = new Set(calls.flatMap((call) => call.args.slice(0, 1).flatMap((argument) => rootsOf(argument).slice(0, 1))));
    removed.set(program, known);
  }
  return rootsOf(target).some((root) => known.has(root));
}

/** True when files are only passed on: deleted after use, or handed by their path to an object store. */
export function uploadsPassOn(program: ProgramView): boolean {
  const handed = [...program.callsNamed(...removers), ...program.callsOf('cloudinary', 'rimraf', '@google-cloud/storage', 'minio')];
  const isUploaded = (value: Value | undefined): boolean =>
    value !== undefined && value.is === 'member' && /^(?:path|filepath|tempFilePath)$/.test(value.name);
  return handed.some((call) => call.args.some(isUploaded));
}
