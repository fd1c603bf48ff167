/** What commands of bundlers and compilers make, as far as their words tell. Nothing is run; paths are as written. */
export interface BuildCommand {
  /** The tool, or the path of a script that somebody wrote to build. */
  readonly tool: string;
  readonly script?: boolean;
  /** Files to bundle, or for compilers the folders whose files they compile one by one. */
  readonly sources: readonly { readonly path: string; readonly name?: string }[];
  readonly outFile?: string;
  readonly outFolder?: string;
  /** Where the compiled folder begins (`tsc --rootDir`). */
  readonly root?: string;
  /** The tool's configuration, where the command names one. */
  readonly config?: string;
}

interface Tool {
  /** What follows the tool's name where it builds: `vite build`. */
  readonly verb?: string;
  readonly file?: readonly string[];
  readonly folder?: readonly string[];
  readonly input?: readonly string[];
  readonly config?: readonly string[];
  readonly root?: readonly string[];
  /** With any of these it writes no program. */
  readonly idle?: readonly string[];
  readonly folders?: boolean;
}

/** Options by the reference of each tool's command line. */
const tools: Readonly<Record<string, Tool>> = {
  esbuild: { file: ['--outfile'], folder: ['--outdir'] },
  ncc: { verb: 'build', folder: ['-o', '--out'] },
  tsup: { folder: ['-d', '--out-dir', '--outDir'], config: ['--config'], input: ['--entry'] },
  tsdown: { folder: ['-d', '--out-dir'], config: ['-c', '--config'] },
  bun: { verb: 'build', file: ['--outfile'], folder: ['--outdir'] },
  rollup: { file: ['-o', '--file'], folder: ['-d', '--dir'], input: ['-i', '--input'], config: ['-c', '--config'] },
  rolldown: { file: ['-o', '--file'], folder: ['-d', '--dir'], config: ['-c', '--config'] },
  webpack: { folder: ['-o', '--output-path'], input: ['--entry'], config: ['-c', '--config'] },
  rspack: { folder: ['-o', '--output-path'], input: ['--entry'], config: ['-c', '--config'] },
  vite: { verb: 'build', folder: ['--outDir'], input: ['--ssr'], config: ['-c', '--config'] },
  parcel: { verb: 'build', folder: ['-d', '--dist-dir', '--out-dir'] },
  unbuild: {},
  swc: { file: ['-o', '--out-file'], folder: ['-d', '--out-dir'], config: ['--config-file'], folders: true },
  babel: { file: ['-o', '--out-file'], folder: ['-d', '--out-dir'], config: ['--config-file'], folders: true },
  tsc: {
    folder: ['--outDir'],
    root: ['--rootDir'],
    config: ['-p', '--project', '-b', '--build'],
    idle: ['--noEmit', '--emitDeclarationOnly', '--showConfig', '--init', '--version'],
    folders: true,
  },
};
const aliases: Readonly<Record<string, string>> = { 'webpack-cli': 'webpack', 'tsc-alias': '', tspc: 'tsc', 'vue-tsc': '' };
const leading = new Set('npx bunx yarn pnpm npm exec x dlx run cross-env cross-env-shell env dotenv dotenvx env-cmd nice time'.split(' '));
const runners = new Set(['node', 'tsx', 'ts-node', 'ts-node-esm', 'esno', 'jiti', 'bun', 'deno', 'babel-node', 'swc-node', 'zx']);
const isSource = (word: string): boolean => /\.[cm]?[jt]sx?$/.test(word) && !/\.d\.ts$/.test(word);

/** Reads one simple command; `undefined` for those that build nothing. */
export function readBuildCommand(words: readonly string[]): BuildCommand | undefined {
  let at = 0;
  while (at < words.length && (leading.has(words[at]!) || words[at]!.startsWith('-') || /^\w+=/.test(words[at]!))) at++;
  const first = words[at];
  if (first === undefined) return undefined;
  const name = toolName(first);
  const tool = Object.hasOwn(tools, name) ? tools[name]! : undefined;
  if (tool && (tool.verb === undefined || words[at + 1] === tool.verb))
    return readTool(name, tool, words.slice(at + (tool.verb === undefined ? 1 : 2)));
  return runners.has(name) ? readScript(words.slice(at + 1)) : undefined;
}

/** `@vercel/ncc@latest` and `node_modules/.bin/ncc` are `ncc`. */
function toolName(word: string): string {
  const name = word.replace(/(.)@[\w.^~-]+$/, '$1').replace(/^.*\//, '');
  return Object.hasOwn(aliases, name) ? aliases[name]! : name;
}

function readTool(name: string, tool: Tool, words: readonly string[]): BuildCommand | undefined {
  if (words.some((word) => tool.idle?.includes(word))) return undefined;
  const found: { -readonly [K in keyof BuildCommand]?: BuildCommand[K] } = {};
  const sources: { path: string; name?: string }[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const [option, joined] = splitOption(word);
    const next = words[at + 1];
    const value = joined ?? (next !== undefined && !next.startsWith('-') ? next : undefined);
    const taken = slotOf(tool, option);
    if (taken !== undefined) {
      if (joined === undefined && value !== undefined) at++;
      if (taken === 'input') sources.push(...(value === undefined ? [] : [{ path: value, ...nameOf(option) }]));
      else if (value !== undefined) found[taken] = value;
    } else if (word.startsWith('-')) {
      // What follows an unknown option may be its value, unless it is a source file.
      if (joined === undefined && next !== undefined && !next.startsWith('-') && !isSource(next)) at++;
    } else if (isSource(word) || tool.folders) sources.push(readSource(word));
  }
  return { tool: name, sources, ...found };
}

const splitOption = (word: string): readonly [string, string | undefined] =>
  word.startsWith('-') && word.includes('=') ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word, undefined];

function slotOf(tool: Tool, option: string): 'outFile' | 'outFolder' | 'input' | 'config' | 'root' | undefined {
  if (!option.startsWith('-')) return undefined;
  if (tool.file?.includes(option)) return 'outFile';
  if (tool.folder?.includes(option)) return 'outFolder';
  if (tool.config?.includes(option)) return 'config';
  if (tool.root?.includes(option)) return 'root';
  return tool.input?.some((name) => option === name || option.startsWith(`${name}.`)) ? 'input' : undefined;
}

/** tsup: `--entry.main src/server.ts` names the output. */
const nameOf = (option: string): { name?: string } => (option.includes('.') ? { name: option.slice(option.indexOf('.') + 1) } : {});

/** esbuild: `api=src/server.ts` names the output. */
function readSource(word: string): { path: string; name?: string } {
  const named = /^([\w./-]+)=(.+)$/.exec(word);
  return named ? { path: named[2]!, name: named[1]! } : { path: word };
}

/** `node scripts/build.js --entry=src/server.ts`: files among its arguments are what it builds, if it builds. */
function readScript(words: readonly string[]): BuildCommand | undefined {
  const at = words.findIndex((word) => isSource(word));
  if (at < 0 || words[at]!.includes('node_modules/')) return undefined;
  const sources = words.slice(at + 1).flatMap((word) => {
    const value = splitOption(word)[1] ?? word;
    return isSource(value) ? [{ path: value }] : [];
  });
  return { tool: words[at]!, script: true, sources };
}
