/**
 * Bundles the extension into dist/: the client, and the server with everything that it needs. The product's sources and packages are
 * two folders up. `node build.mjs --check` bundles the client, and writes nothing.
 */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { makeBundleOptions, readGrammars } from '../../build/bundle-options.mjs';
import { renderLicences } from '../../build/third-party-licences.mjs';

const here = import.meta.dirname;
const root = join(here, '../..');
const dist = join(here, 'dist');
const server = join(dist, 'server');
/** What Electron brings in the oldest VS Code that `engines` allows. */
const target = 'node20.19';
const compilerFile = 'ts-morph.cjs';

const bundleClient = (write) =>
  build({
    absWorkingDir: root,
    entryPoints: [join(here, 'src/extension.ts')],
    outfile: join(dist, 'extension.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    target,
    external: ['vscode'],
    write,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });

/** Files of one folder: a chunk finds the compiler beside itself. */
const bundleServer = () =>
  build({
    ...makeBundleOptions({ __TS_MORPH__: JSON.stringify(`./${compilerFile}`) }),
    entryPoints: { cli: 'src/cli.ts' },
    outdir: server,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: '[name]-[hash]',
    minifyWhitespace: true,
    target,
  });

const bundleCompiler = () =>
  build({
    ...makeBundleOptions(),
    stdin: { contents: "module.exports = require('ts-morph');", resolveDir: root },
    outfile: join(server, compilerFile),
    external: [],
    plugins: [],
    banner: {},
    format: 'cjs',
    minify: true,
    target,
  });

async function writeAll() {
  rmSync(dist, { recursive: true, force: true });
  const bundles = await Promise.all([bundleClient(true), bundleServer(), bundleCompiler()]);
  const grammars = readGrammars();
  mkdirSync(join(server, 'grammars'), { recursive: true });
  for (const { path, content } of grammars) writeFileSync(join(server, path), content);
  copyFileSync(join(root, 'schemas/config.schema.json'), join(dist, 'config.schema.json'));
  process.chdir(root);
  const inputs = {
    ...Object.assign({}, ...bundles.map(({ metafile }) => metafile.inputs)),
    ...Object.fromEntries(grammars.map(({ source }) => [source, {}])),
    // @ts-morph/common holds the compiler itself without naming it as a package.
    'node_modules/typescript/lib/typescript.js': {},
  };
  writeFileSync(join(dist, 'third-party-licences.txt'), renderLicences({ inputs }));
}

if (process.argv.includes('--check')) await bundleClient(false);
else await writeAll();
