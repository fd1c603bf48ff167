/**
 * Bundles the GitHub Action into dist/action, which is committed: a runner installs nothing. ts-morph, which few repositories need,
 * lies beside the program and is loaded when a question needs it. `npm run build:action`; `--outdir=DIR` writes elsewhere;
 * with `--check` nothing is written, and the exit code is 1 when what is committed is not what the sources give.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { makeBundleOptions, readGrammars } from './bundle-options.mjs';
import { renderLicences } from './third-party-licences.mjs';

const outdir = process.argv.find((word) => word.startsWith('--outdir='))?.slice(9);
const folder = outdir === undefined ? join(import.meta.dirname, '../dist/action') : resolve(outdir);
const target = 'node24';
const compilerFile = 'ts-morph.cjs';

const program = await build({
  ...makeBundleOptions({ __TS_MORPH__: JSON.stringify(`./${compilerFile}`) }),
  entryPoints: { index: 'src/action/index.ts' },
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  target,
  write: false,
});
const compiler = await build({
  ...makeBundleOptions(),
  stdin: { contents: "module.exports = require('ts-morph');", resolveDir: import.meta.dirname },
  outfile: join(folder, compilerFile),
  external: [],
  plugins: [],
  banner: {},
  format: 'cjs',
  minify: true,
  target,
  write: false,
});
const grammars = readGrammars();
const inputs = {
  ...program.metafile.inputs,
  ...compiler.metafile.inputs,
  ...Object.fromEntries(grammars.map(({ source }) => [source, {}])),
  // @ts-morph/common holds the compiler itself without naming it as a package.
  'node_modules/typescript/lib/typescript.js': {},
};
const files = new Map([
  ...[program, compiler].flatMap(({ outputFiles }) =>
    outputFiles.map(({ path, contents }) => [relative(folder, path), Buffer.from(contents)]),
  ),
  ...grammars.map(({ path, content }) => [path, content]),
  ['third-party-licences.txt', Buffer.from(renderLicences({ inputs }))],
]);

const listFiles = () =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [])
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

function findStale() {
  const committed = listFiles();
  const gone = committed.filter((name) => !files.has(name));
  const wrong = [...files].filter(([name, content]) => !committed.includes(name) || !readFileSync(join(folder, name)).equals(content));
  return [...gone, ...wrong.map(([name]) => name)];
}

function writeAll() {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

if (process.argv.includes('--check')) {
  const stale = findStale();
  if (stale.length) {
    console.error(`dist/action is out of date (${stale.join(', ')}): run "npm run build:action" and commit it.`);
    process.exitCode = 1;
  }
} else writeAll();
