import { posix } from 'node:path';
import { type Data, isRecord, ownFolder, textsOf } from './config-data.ts';

/** What a build makes: a program from a source. Paths in the repository, without the endings of programs. */
export interface Build {
  /** `undefined`: it is not known where the program goes. */
  readonly output?: string;
  /** The source, or the places where it may be, best first. */
  readonly sources: readonly string[];
  /** `output` and `sources` are folders, compiled file by file. */
  readonly folder?: boolean;
  /** What makes it: builds of one tool into the same place replace each other. */
  readonly tool: string;
  /** Made by a script of somebody's own: its output may be another than it seems. */
  readonly ownScript?: boolean;
}

export const stem = (path: string): string => path.replace(/\.(?:d\.)?[cm]?[jt]sx?$/, '');
const textOf = (value: Data): string | undefined => (typeof value === 'string' ? value : undefined);
const at = (value: Data, ...keys: readonly string[]): Data =>
  keys.reduce<Data>((inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), value);

/** Where the paths of a configuration begin. */
export interface Folders {
  /** The folder of the file itself. */
  readonly own: string;
  /** Where the tool runs: what relative paths start from. */
  readonly cwd: string;
}

export const inFolders = (path: string, { own, cwd }: Folders): string =>
  path.startsWith(ownFolder) ? posix.join(own, `.${path.slice(ownFolder.length)}`.replace(/^\.$/, './')) : posix.join(cwd, path);

interface Entry {
  readonly source: string;
  /** The name under which the tool writes it. */
  readonly name: string;
}

/** Entries of a list, a text, or an object whose keys name the outputs. */
export function entriesOf(value: Data): readonly Entry[] {
  if (typeof value === 'string') return [entryOf(value)];
  if (Array.isArray(value)) return (value as readonly Data[]).flatMap(entriesOf);
  if (!isRecord(value)) return [];
  const named = textOf(value.out) ?? textOf(value.name);
  const single = textOf(value.in) ?? textOf(value.input);
  if (single !== undefined) return [{ source: single, name: stem(named ?? posix.basename(single)) }];
  return Object.entries(value).flatMap(([name, inner]) => {
    const sources = isRecord(inner) ? textsOf(inner.import) : textsOf(inner);
    return sources.length > 0 ? [{ source: sources.at(-1)!, name }] : [];
  });
}

export const entryOf = (path: string): Entry => ({ source: path, name: stem(posix.basename(path)) });

/** Reads the settings of one tool: `esbuild.build({…})`, `export default { entry, output }`. */
export function buildsOf(tool: string, settings: Data, folders: Folders): readonly Build[] {
  if (Array.isArray(settings)) return (settings as readonly Data[]).flatMap((one) => buildsOf(tool, one, folders));
  if (!isRecord(settings)) return [];
  const entries = entriesOf(entryValue(tool, settings));
  const target = outputOf(tool, settings);
  return entries.map(({ source, name }) => ({
    tool,
    sources: [inFolders(source, folders)],
    ...(target && {
      output: stem(inFolders(target.file ?? `${target.folder}/${target.pattern?.replace('[name]', name) ?? name}`, folders)),
    }),
  }));
}

function entryValue(tool: string, settings: Data): Data {
  if (tool === 'vite') {
    const ssr = at(settings, 'build', 'ssr');
    return typeof ssr === 'string' ? ssr : (at(settings, 'build', 'rollupOptions', 'input') ?? at(settings, 'build', 'lib', 'entry'));
  }
  const keys = ['entryPoints', 'entrypoints', 'entryPoint', 'entry', 'entries', 'input'];
  return keys.map((key) => at(settings, key)).find((value) => value !== undefined) ?? defaultEntries[tool];
}

/** By the documentation of each tool. */
const defaultEntries: Readonly<Record<string, string>> = { webpack: './src/index', rspack: './src/index', tsdown: './src/index' };
const defaultFolders: Readonly<Record<string, string>> = {
  webpack: 'dist',
  rspack: 'dist',
  tsup: 'dist',
  tsdown: 'dist',
  unbuild: 'dist',
  vite: 'dist',
  ncc: 'dist',
  parcel: 'dist',
};
/** Tools that call what they write by a name of their own. */
export const defaultNames: Readonly<Record<string, string>> = { webpack: 'main', rspack: 'main', ncc: 'index' };

interface Target {
  readonly file?: string;
  readonly folder?: string;
  /** `[name].js`. */
  readonly pattern?: string;
}

function outputOf(tool: string, settings: Data): Target | undefined {
  const file = textOf(at(settings, 'outfile')) ?? textOf(at(settings, 'outFile'));
  if (file !== undefined) return { file };
  const outputs = at(settings, 'output');
  const output = Array.isArray(outputs) ? (outputs as readonly Data[])[0] : outputs;
  const written = textOf(at(output, 'file'));
  if (written !== undefined) return { file: written };
  const folder =
    ['outdir', 'outDir'].map((key) => textOf(at(settings, key))).find(Boolean) ??
    textOf(at(output, 'path')) ??
    textOf(at(output, 'dir')) ??
    textOf(at(settings, 'build', 'outDir')) ??
    defaultFolders[tool];
  if (folder === undefined) return undefined;
  const pattern =
    textOf(at(output, 'filename')) ?? textOf(at(output, 'entryFileNames')) ?? textOf(at(settings, 'build', 'lib', 'fileName'));
  return { folder, ...(pattern === undefined ? unnamed(tool, settings) : { pattern: pattern.replace(/\[[a-z]*hash[^\]]*\]/g, '') }) };
}

/** webpack calls a single entry `main`. */
const unnamed = (tool: string, settings: Data): { pattern?: string } =>
  defaultNames[tool] !== undefined && !isRecord(at(settings, 'entry')) ? { pattern: defaultNames[tool]! } : {};
