/** Code and settings that only development and tests run. */
import type { Condition } from '../../facts.ts';
import type { Expression, Guard } from './summary.ts';

const forDevelopment =
  /^(?:is_?)?(?:dev|develop|development|local|localhost|test|tests|testing|ci)(?:_?(?:mode|env|environment|enabled))?$/i;
const forProduction = /^(?:is_?|in_?|on_?)?(?:prod|production|cloud)(?:_?(?:mode|env|environment))?$/i;
const otherEnvironments = /^(?:dev|develop|development|local|test|testing|tests|ci)$/i;

/** Names and texts that a test asks for. */
function wordsOf(test: Expression, depth = 0): readonly string[] {
  if (depth > 4) return [];
  if (test.is === 'name' || test.is === 'selector') return [test.name];
  if (test.is === 'call') return wordsOf(test.callee, depth + 1);
  if (test.is === 'literal') return [String(test.value)];
  return test.is === 'binary' ? [...wordsOf(test.left, depth + 1), ...wordsOf(test.right, depth + 1)] : [];
}

function isGuarded({ test, holds }: Guard): boolean {
  if (test.is === 'not') return isGuarded({ test: test.value, holds: !holds });
  if (test.is === 'binary') {
    if (test.operator === '&&' && holds) return [test.left, test.right].some((part) => isGuarded({ test: part, holds }));
    if (test.operator !== '==' && test.operator !== '!=') return false;
    return (test.operator === '==') === holds && wordsOf(test).some((word) => otherEnvironments.test(word));
  }
  const words = wordsOf(test);
  return holds ? words.some((word) => forDevelopment.test(word)) : words.some((word) => forProduction.test(word));
}

/** The branch that production takes of a test on development: `if isTest() { … } else { … }`. */
export const isForOthers = ({ test, holds }: Guard): boolean => isGuarded({ test, holds: !holds });

/** A test around it keeps it to development. */
export const isForDevelopment = (guards: readonly Guard[] | undefined): boolean => (guards ?? []).some(isGuarded);

export const isDevelopmentOnly = (when: readonly Condition[] | undefined): boolean =>
  (when ?? []).some(({ test, value }) => test === 'equals' && otherEnvironments.test(value ?? ''));

const otherFile =
  /(?:^|\/)(?:tests?|testutils?|testhelpers?|fixtures|examples?|samples?|seeds?|mocks?|demo|scripts|hack|internal\/test\w*)\/|(?:^|[/_])(?:test|mock|example|seed|fake)(?:_?\w*)?\.go$/i;
/** `root` is the program's folder: what lies above it says nothing about its files. */
export const isDevelopmentFile = (path: string, root: string): boolean =>
  otherFile.test(root !== '' && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);
