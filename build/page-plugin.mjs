/**
 * Serves the module `virtual:report-page`: the style sheet and the script of the HTML report as texts, so that both are real files that are
 * checked like any other. Used by esbuild (dist) and Vite (tests).
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../src/reports/html', import.meta.url));
const moduleName = 'virtual:report-page';

async function bundle(options) {
  const { outputFiles } = await build({
    bundle: true,
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
    ...options,
  });
  return outputFiles[0].text.trim();
}

async function renderModule() {
  const [style, script] = await Promise.all([
    bundle({ entryPoints: [`${folder}/style/page.css`] }),
    bundle({ entryPoints: [`${folder}/client/main.ts`], format: 'iife', target: 'es2022', tsconfigRaw: {} }),
  ]);
  return `export const style = ${JSON.stringify(style)};\nexport const script = ${JSON.stringify(script)};\n`;
}

export const esbuildPage = () => ({
  name: moduleName,
  setup(context) {
    context.onResolve({ filter: /^virtual:report-page$/ }, () => ({ path: moduleName, namespace: moduleName }));
    context.onLoad({ filter: /.*/, namespace: moduleName }, async () => ({ contents: await renderModule(), loader: 'js' }));
  },
});

export const vitePage = () => ({
  name: moduleName,
  resolveId: (id) => (id === moduleName ? `\0${moduleName}` : undefined),
  load: (id) => (id === `\0${moduleName}` ? renderModule() : undefined),
});
