/** Bundles the CLI and the library. `--outdir=DIR` writes elsewhere. ts-morph stays outside: it is loaded only when a question needs it. */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { esbuildRules } from './rules-plugin.mjs';
import { renderLicences } from './third-party-licences.mjs';

const outdir = process.argv.find((word) => word.startsWith('--outdir='))?.slice(9) ?? 'dist';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { cli: 'src/cli.ts', index: 'src/index.ts' },
  outdir,
  bundle: true,
  // jsonc-parser's `main` is UMD, whose inner requires a bundler cannot see.
  mainFields: ['module', 'main'],
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  minifySyntax: true,
  external: ['ts-morph'],
  plugins: [esbuildRules()],
  define: { __VERSION__: JSON.stringify(version) },
  chunkNames: 'chunks/[name]-[hash]',
  banner: {
    // CommonJS packages inside the bundle ask for these.
    js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __toPath } from 'node:url'; const require = __createRequire(import.meta.url); const __filename = __toPath(import.meta.url);",
  },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(`${outdir}/third-party-licences.txt`, renderLicences(metafile));
chmodSync(`${outdir}/cli.js`, 0o755);
