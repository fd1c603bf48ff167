import { posix } from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import type { ModuleResolver } from '../resolve-modules.ts';
import type { Build } from './config-builds.ts';

interface Options {
  readonly outDir?: string;
  readonly rootDir?: string;
  readonly noEmit?: boolean;
  /** Folders that `include` and `files` name. */
  readonly included?: readonly string[];
}
const maxDepth = 6;
const ofLeaf = /^\$\{configDir\}\/?/;

/** What the TypeScript compiler makes of a tsconfig.json and of its arguments (TypeScript docs, `outDir`, `rootDir`, `extends`). */
export function compilerBuilds(
  config: string,
  given: { readonly outDir?: string; readonly rootDir?: string },
  resolver: ModuleResolver,
): readonly Build[] {
  const options = { ...readOptions(config, posix.dirname(config), resolver, 0), ...given };
  const { outDir, rootDir, included = [], noEmit } = options;
  if (outDir === undefined || (noEmit && given.outDir === undefined)) return [];
  const folder = posix.dirname(config);
  // Without `rootDir` it is the longest folder that all sources share.
  const roots = rootDir !== undefined ? [rootDir] : included.length === 1 ? [included[0]!, folder] : [folder, posix.join(folder, 'src')];
  return [{ tool: 'tsc', output: outDir, sources: roots, folder: true }];
}

/** `leaf`: the folder of the file that the others are read for. */
function readOptions(path: string, leaf: string, resolver: ModuleResolver, depth: number): Options {
  const text = depth > maxDepth ? undefined : resolver.files.text(path);
  if (text === undefined) return {};
  const config = (parseJsonc(text, [], { allowTrailingComma: true }) ?? {}) as {
    extends?: unknown;
    compilerOptions?: Record<string, unknown>;
    include?: unknown;
    files?: unknown;
  };
  const folder = posix.dirname(path);
  const place = (value: unknown): string | undefined =>
    typeof value !== 'string' ? undefined : ofLeaf.test(value) ? posix.join(leaf, value.replace(ofLeaf, './')) : posix.join(folder, value);
  const { outDir, rootDir, noEmit } = config.compilerOptions ?? {};
  const parents = [config.extends].flat().flatMap((name) => (typeof name === 'string' ? extended(name, folder, resolver) : []));
  const inherited = parents.map((parent) => readOptions(parent, leaf, resolver, depth + 1));
  const included =
    config.include === undefined && config.files === undefined ? {} : { included: foldersOf([config.include, config.files], folder) };
  return Object.assign({}, ...inherited, known({ outDir: place(outDir), rootDir: place(rootDir), noEmit }), included) as Options;
}

const known = (options: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

function extended(name: string, folder: string, resolver: ModuleResolver): readonly string[] {
  const inWorkspace = [...resolver.packages].find(([own]) => name === own || name.startsWith(`${own}/`));
  const base = name.startsWith('.')
    ? posix.join(folder, name)
    : inWorkspace && posix.join(inWorkspace[1].root, name.slice(inWorkspace[0].length) || 'tsconfig.json');
  if (base === undefined) return [];
  return [base, `${base}.json`, `${base}/tsconfig.json`].filter((path) => path.endsWith('.json') && resolver.files.has(path)).slice(0, 1);
}

/** The folders in front of the wildcards of `include`. */
function foldersOf(patterns: readonly unknown[], folder: string): readonly string[] {
  const texts = patterns.flat().filter((pattern): pattern is string => typeof pattern === 'string' && !/\.d\.ts$/.test(pattern));
  const bases = texts.map((pattern) => {
    const fixed = pattern.replace(/\/?[^/]*\*.*$/, '');
    return posix.join(folder, /\.[cm]?tsx?$/.test(fixed) ? posix.dirname(fixed) : fixed);
  });
  return [...new Set(bases)];
}
