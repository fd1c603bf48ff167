import type { Condition, StoreChoice, StoreKind } from '../facts.ts';
import type { Environment } from './environment.ts';

/** True, false, or not known from what the repository holds. */
export type Truth = boolean | undefined;

/** Variables by which programs tell environments apart; without a word in a manifest they run as `production`. */
const environmentNames = new Set([
  'NODE_ENV',
  'APP_ENV',
  'NODE_ENVIRONMENT',
  'ENVIRONMENT',
  'SPRING_PROFILES_ACTIVE',
  'ASPNETCORE_ENVIRONMENT',
]);
const localValues = new Set(['development', 'dev', 'develop', 'local', 'localhost', 'test', 'testing', 'ci', 'e2e']);
/** Given by the platform, the shell or the runtime itself. */
const givenByPlatform = /^(?:HOSTNAME|HOME|PATH|PWD|USER|KUBERNETES_.*|DYNO|VERCEL.*|RENDER.*|npm_.*|.*_SERVICE_(?:HOST|PORT).*)$/;

/** What a variable comes to in one environment. */
export type Variable =
  | { readonly is: 'value'; readonly value: string }
  | { readonly is: 'given' }
  | { readonly is: 'absent' }
  | { readonly is: 'unknown' };

export function lookUp(name: string, environment: Environment | undefined): Variable {
  const entry = environment?.given.find((one) => one.name === name);
  if (entry?.value?.known) return { is: 'value', value: entry.value.value };
  if (entry)
    return entry.from?.kind === 'shell' || entry.from?.optional || entry.value?.known === false ? { is: 'unknown' } : { is: 'given' };
  return environment?.complete && !givenByPlatform.test(name) ? { is: 'absent' } : { is: 'unknown' };
}

export function evaluateCondition(condition: Condition, environment: Environment | undefined): Truth {
  if (environmentNames.has(condition.env)) return evaluateEnvironmentName(condition, environment);
  const variable = lookUp(condition.env, environment);
  const compared = condition.value ?? '';
  if (variable.is === 'value') return compare(condition.test, variable.value, compared);
  if (variable.is === 'absent') return compare(condition.test, condition.otherwise?.value ?? '', compared);
  if (variable.is === 'given') return condition.test === 'set' ? true : condition.test === 'unset' ? false : undefined;
  // A mode that nothing here asks for is nobody's deployment.
  if (condition.test === 'set' && condition.otherwise?.value === '') return false;
  return condition.test === 'equals' && condition.otherwise?.value !== compared ? false : undefined;
}

function compare(test: Condition['test'], value: string, compared: string): boolean {
  if (test === 'set') return value !== '';
  if (test === 'unset') return value === '';
  return test === 'equals' ? value === compared : value !== compared;
}

/** What the variable comes to, else what the condition says holds without it. */
function readName({ env, otherwise }: Condition, environment: Environment | undefined): Variable & { readonly isDefault?: true } {
  const variable = lookUp(env, environment);
  const isLeftOut = variable.is === 'absent' || (variable.is === 'unknown' && !environment?.missing.length && !isGiven(env, environment));
  if (!otherwise || !isLeftOut) return variable;
  const other = otherwise.env === undefined ? variable : lookUp(otherwise.env, environment);
  if (other.is === 'value' || other.is === 'given' || (otherwise.env !== undefined && isGiven(otherwise.env, environment))) return other;
  return otherwise.value === undefined ? variable : { is: 'value', value: otherwise.value, isDefault: true };
}
const isGiven = (name: string, environment: Environment | undefined): boolean =>
  environment?.given.some((entry) => entry.name === name) === true;

const isProduction = (name: string): boolean => /^prod/.test(name);
/** Profiles of Spring that are named after where a deployment runs: Spring chooses `cloud` and `kubernetes` there by itself. */
const platforms = new Set(['cloud', 'docker', 'kubernetes', 'k8s', 'openshift', 'aws', 'azure', 'gcp', 'heroku']);
/** .NET compares names of environments without case. */
const written = (name: string, env: string): string => (env === 'ASPNETCORE_ENVIRONMENT' ? name.toLowerCase() : name);

/** Services are judged as they run in production, even where only a development manifest names the environment. */
function evaluateEnvironmentName(condition: Condition, environment: Environment | undefined): Truth {
  const { test, value = '' } = condition;
  const variable = readName(condition, environment);
  // Spring takes several profiles at once: `docker,prod`.
  const active = variable.is === 'value' ? variable.value.split(',').map((name) => written(name.trim(), condition.env)) : [];
  if (variable.is === 'value' && variable.isDefault) {
    // Where nothing is deployed, production may still be chosen by whoever deploys it.
    if (!environment && isProduction(value)) return undefined;
    return active.includes(value) === (test === 'equals');
  }
  if (active.length > 1) return active.includes(value) === (test === 'equals' || test === 'set');
  const named = active.length === 1 && !localValues.has(active[0]!) ? active[0]! : 'production';
  if (test === 'set' || test === 'unset') return variable.is === 'value' || variable.is === 'given' ? test === 'set' : undefined;
  const isKnown = variable.is === 'value' || isProduction(value) || localValues.has(value);
  // Nothing says that a database of the developer's machine is kept where such a profile names another.
  if (!isKnown && test === 'differs' && variable.is !== 'absent' && platforms.has(value)) return false;
  if (!isKnown) return undefined;
  const same = named === value || (isProduction(named) && isProduction(value));
  return test === 'equals' ? same : !same;
}

/** All of the conditions in one environment. */
export function evaluateAll(conditions: readonly Condition[] | undefined, environment: Environment | undefined): Truth {
  let known = true;
  for (const condition of conditions ?? []) {
    const truth = evaluateCondition(condition, environment);
    if (truth === false) return false;
    if (truth === undefined) known = false;
  }
  return known ? true : undefined;
}

/** False only when the conditions are false in every environment; without any, only what production implies is known. */
export function canHold(conditions: readonly Condition[] | undefined, environments: readonly Environment[]): boolean {
  if (!conditions || conditions.length === 0) return true;
  const places = environments.length > 0 ? environments : [undefined];
  return places.some((environment) => evaluateAll(conditions, environment) !== false);
}

const worstFirst: readonly StoreKind[] = ['memory', 'file', 'unknown', 'external', 'cookie'];

/** The stores that can be chosen where the service is deployed, worst kind first. */
export const possibleStores = (stores: readonly StoreChoice[], environments: readonly Environment[]): readonly StoreChoice[] =>
  stores
    .filter(({ when }) => canHold(when, environments))
    .map((store, index) => ({ store, index }))
    .sort((a, b) => worstFirst.indexOf(a.store.kind) - worstFirst.indexOf(b.store.kind) || a.index - b.index)
    .map(({ store }) => store);
