/**
 * Writes what follows from the code into the documents: docs/rules.md, docs/fixes.md and the sample output of README.md. `npm run docs`.
 * With `--check` it writes nothing and exits 1 when one is out of date.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { renderFixPage } from './fix-docs.mjs';
import { placeSample, shortenSample } from './readme-sample.mjs';
import { renderRulePage } from './rule-docs.mjs';
import { esbuildRules } from './rules-plugin.mjs';

const root = join(import.meta.dirname, '..');

/** The library with what the documents need besides. */
async function loadProduct() {
  const folder = mkdtempSync(join(tmpdir(), 'cloudworthy-docs-'));
  const outfile = join(folder, 'product.mjs');
  try {
    await build({
      stdin: {
        contents:
          "export * from './src/index.ts'; export { nameFactor } from './src/commands/explain.ts'; export { fixMakers } from './src/fixes/index.ts';",
        resolveDir: root,
        loader: 'ts',
      },
      bundle: true,
      mainFields: ['module', 'main'],
      platform: 'node',
      format: 'esm',
      external: ['ts-morph'],
      banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
      define: { __VERSION__: '"0.0.0"' },
      outfile,
      plugins: [esbuildRules()],
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const read = (path) => readFileSync(join(root, path), 'utf8');

async function renderDocuments() {
  const { analyse, fixMakers, listRules, nameFactor, reporters } = await loadProduct();
  const result = analyse({ root, paths: ['fixtures/apps/shop'], cache: false, config: false });
  const options = { color: false, width: 100, links: false, version: '', verbose: false };
  const sample = reporters.find(({ id }) => id === 'pretty').render(result, options);
  return {
    'README.md': placeSample(read('README.md'), shortenSample(sample)),
    'docs/rules.md': renderRulePage(listRules(), nameFactor),
    'docs/fixes.md': renderFixPage(fixMakers),
  };
}

for (const [path, text] of Object.entries(await renderDocuments())) {
  if (!process.argv.includes('--check')) writeFileSync(join(root, path), text);
  else if (read(path) !== text) {
    console.error(`${path} is out of date: run "npm run docs".`);
    process.exitCode = 1;
  }
}
