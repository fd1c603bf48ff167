/** Code and settings that only development and tests run. */
import type { Condition } from '../../facts.ts';
import type { Expression, Guard } from './summary.ts';

const forDevelopment =
  /^(?:is_?)?(?:debug|dev|develop|development|local|localhost|test|tests|testing|pytest|ci)(?:_?(?:mode|env|environment|enabled|server))?$/i;
const forProduction = /^(?:is_?|in_?|on_?)?(?:prod|production|heroku|cloud|deployed)(?:_?(?:mode|env|environment))?$/i;
const otherEnvironments = /^(?:dev|develop|development|local|test|testing|tests|ci|debug)$/i;

/** Names and texts that a test asks for. */
function wordsOf(test: Expression, depth = 0): readonly string[] {
  if (depth > 4) return [];
  switch (test.is) {
    case 'name':
      return [test.name];
    case 'attribute':
      return [test.name];
    case 'item':
      return test.key.is === 'literal' ? [String(test.key.value)] : [];
    case 'literal':
      return [String(test.value)];
    case 'compare':
      return [...wordsOf(test.left, depth + 1), ...wordsOf(test.right, depth + 1)];
    default:
      return [];
  }
}

function isGuarded({ test, holds }: Guard): boolean {
  if (test.is === 'not') return isGuarded({ test: test.value, holds: !holds });
  if (test.is === 'and' && holds) return [test.left, test.right].some((part) => isGuarded({ test: part, holds }));
  const words = wordsOf(test);
  if (test.is === 'compare') {
    const isSame = /^(?:==|is|in)$/.test(test.operator);
    return isSame === holds && words.some((word) => otherEnvironments.test(word));
  }
  return holds ? words.some((word) => forDevelopment.test(word)) : words.some((word) => forProduction.test(word));
}

/** A test around it keeps it to development. */
export const isForDevelopment = (guards: readonly Guard[] | undefined): boolean => (guards ?? []).some(isGuarded);

const debugVariable = /(?:^|_)(?:debug|dev|development)(?:_?(?:mode|enabled))?$/i;
const truthy = /^(?:1|true|t|yes|y|on)$/i;
/** `APP_DEBUG` is true, and is not unless somebody says so. */
const asksForDebug = ({ env, test, value, otherwise }: Condition): boolean =>
  debugVariable.test(env) &&
  (test === 'set' || (test === 'equals' && truthy.test(value ?? ''))) &&
  (otherwise === undefined || (otherwise.value !== undefined && !truthy.test(otherwise.value)));

export const isDevelopmentOnly = (when: readonly Condition[] | undefined): boolean =>
  (when ?? []).some((one) => (one.test === 'equals' && otherEnvironments.test(one.value ?? '')) || asksForDebug(one));

/** Files of settings for other environments. */
const otherFile =
  /(?:^|[/_.-])(?:local|locals|dev|devel|development|test|testing|tests|ci|example|sample|template|mock|seed|seeds|fake|fixtures?|demo)(?:_?(?:settings|config))?\.py$|(?:^|\/)(?:settings|config|conf)_(?:local|dev|development|test|testing)\.py$|(?:^|\/)(?:tests?|fixtures|examples?|samples?|seeds?|demo|scripts)\//i;
/** `root` is the program's folder: what lies above it says nothing about its files. */
export const isDevelopmentFile = (path: string, root: string): boolean =>
  otherFile.test(root !== '' && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);
