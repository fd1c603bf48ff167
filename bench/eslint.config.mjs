/** The recommended rules of two plugins on every JavaScript and TypeScript file. */
import n from 'eslint-plugin-n';
import security from 'eslint-plugin-security';
import { parser as typescript } from 'typescript-eslint';

const javascript = ['**/*.js', '**/*.cjs', '**/*.mjs', '**/*.jsx'];
const typed = ['**/*.ts', '**/*.cts', '**/*.mts', '**/*.tsx'];
const jsx = { ecmaFeatures: { jsx: true } };

export default [
  { files: [...javascript, ...typed], languageOptions: { parserOptions: jsx } },
  { files: typed, languageOptions: { parser: typescript } },
  { ...n.configs['flat/recommended'], files: [...javascript, ...typed] },
  { ...security.configs.recommended, files: [...javascript, ...typed] },
];
