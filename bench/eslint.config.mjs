/** The recommended rules of two plugins on every JavaScript and TypeScript file. */
import n from 'eslint-plugin-n';
import security from 'eslint-plugin-security';
import { parser as typescript } from 'typescript-eslint';
import { survivingPlugin } from './survive-throws.mjs';

const javascript = ['**/*.js', '**/*.cjs', '**/*.mjs', '**/*.jsx'];
const typed = ['**/*.ts', '**/*.cts', '**/*.mts', '**/*.tsx'];
const jsx = { ecmaFeatures: { jsx: true } };
const files = [...javascript, ...typed];

export default [
  { files, languageOptions: { parserOptions: jsx } },
  { files: typed, languageOptions: { parser: typescript } },
  { ...n.configs['flat/recommended'], plugins: { n: survivingPlugin(n) }, files },
  { ...security.configs.recommended, plugins: { security: survivingPlugin(security) }, files },
];
