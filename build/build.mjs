/** Bundles the CLI and the library. `--outdir=DIR` writes elsewhere. ts-morph stays outside: it is loaded only when a question needs it. */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { makeBundleOptions, readGrammars } from './bundle-options.mjs';
import { renderLicences } from './third-party-licences.mjs';

const outdir = process.argv.find((word) => word.startsWith('--outdir='))?.slice(9) ?? 'dist';

// dist/action is committed and made by build-action.mjs.
for (const name of existsSync(outdir) ? readdirSync(outdir) : []) {
  if (name !== 'action') rmSync(join(outdir, name), { recursive: true, force: true });
}
const { metafile } = await build({
  ...makeBundleOptions(),
  entryPoints: { cli: 'src/cli.ts', index: 'src/index.ts' },
  outdir: resolve(outdir),
  splitting: true,
  target: 'node20.19',
  chunkNames: 'chunks/[name]-[hash]',
});
const grammars = readGrammars();
const inputs = { ...metafile.inputs, ...Object.fromEntries(grammars.map(({ source }) => [source, {}])) };
writeFileSync(`${outdir}/third-party-licences.txt`, renderLicences({ inputs }));
mkdirSync(`${outdir}/grammars`, { recursive: true });
for (const { path, content } of grammars) writeFileSync(`${outdir}/${path}`, content);
chmodSync(`${outdir}/cli.js`, 0o755);
