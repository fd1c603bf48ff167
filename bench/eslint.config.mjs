/** The recommended rules of two plugins on every JavaScript and TypeScript file. */
import n from 'eslint-plugin-n';
import security from 'eslint-plugin-security';
import { parser as typescript } from 'typescript-eslint';

const javascript = ['**/*.js', '**/*.cjs', '**/*.mjs', '**/*.jsx'];
const typed = ['**/*.ts', '**/*.cts', '**/*.mts', '**/*.tsx'];
const jsx = { ecmaFeatures: { jsx: true } };

/** A rule that throws (on a tsconfig that extends a missing file, say) would end the whole run: it counts as a message of its file. */
function tolerant(rule) {
  const attempt = (context, work) => {
    try {
      return work();
    } catch (error) {
      context.report({ loc: { line: 1, column: 0 }, message: `The rule failed: ${error.message}` });
      return undefined;
    }
  };
  const create = (context) => {
    const visitors = attempt(context, () => rule.create(context)) ?? {};
    const guarded = ([selector, visit]) => [selector, (...nodes) => attempt(context, () => visit(...nodes))];
    return Object.fromEntries(Object.entries(visitors).map(guarded));
  };
  return { ...rule, create };
}

const rules = Object.fromEntries(Object.entries(n.rules).map(([name, rule]) => [name, tolerant(rule)]));
const recommended = n.configs['flat/recommended'];

export default [
  { files: [...javascript, ...typed], languageOptions: { parserOptions: jsx } },
  { files: typed, languageOptions: { parser: typescript } },
  { ...recommended, plugins: { n: { ...n, rules } }, files: [...javascript, ...typed] },
  { ...security.configs.recommended, files: [...javascript, ...typed] },
];
