/** What all bundles share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { esbuildPage } from './page-plugin.mjs';
import { esbuildRules } from './rules-plugin.mjs';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** @param define more constants of the program, as JavaScript text */
export const makeBundleOptions = (define = {}) => ({
  absWorkingDir: root,
  bundle: true,
  // jsonc-parser's `main` is UMD, whose inner requires a bundler cannot see.
  mainFields: ['module', 'main'],
  platform: 'node',
  format: 'esm',
  minifySyntax: true,
  external: ['ts-morph'],
  plugins: [esbuildRules(), esbuildPage()],
  define: { __VERSION__: JSON.stringify(version), ...define },
  banner: {
    // CommonJS packages inside the bundle ask for these.
    js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __toPath } from 'node:url'; const require = __createRequire(import.meta.url); const __filename = __toPath(import.meta.url);",
  },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

/** WebAssembly that the program reads from its folder `grammars`, by path from there (`files/host/read-grammar.ts`). */
export const readGrammars = () =>
  [
    'web-tree-sitter',
    'tree-sitter-java',
    '@tree-sitter-grammars/tree-sitter-kotlin',
    'tree-sitter-python',
    'tree-sitter-c-sharp',
    'tree-sitter-go',
  ].map((name) => {
    const file = name.slice(name.indexOf('/') + 1);
    const source = `node_modules/${name}/${file === 'tree-sitter-c-sharp' ? 'tree-sitter-c_sharp' : file}.wasm`;
    return { path: `grammars/${file}.wasm`, source, content: readFileSync(join(root, source)) };
  });
