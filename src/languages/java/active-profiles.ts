/** Which profiles of Spring hold when nothing outside of the program chooses others: `spring.profiles.active`, groups, Maven's `@name@`. */
import type { Condition } from '../../facts.ts';
import { placeholdersOf, variableOfKey } from '../../text/placeholders.ts';
import { purposeOf } from '../../text/purpose.ts';

interface Listed {
  readonly key: string;
  readonly text: string;
  readonly profile?: string;
}
export interface ActiveProfiles {
  readonly names: readonly string[];
  /** What a condition on the profile says of a deployment that sets none. */
  readonly otherwise?: NonNullable<Condition['otherwise']>;
}

const none: ActiveProfiles = { names: [] };
const simple = /^[\w-]+(?:\s*,\s*[\w-]+)*$/;
const split = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** A list of YAML comes as `key[0]`, `key[1]`. */
function listOf(settings: readonly Listed[], key: string): string | undefined {
  const own = settings.filter((one) => one.profile === undefined && (one.key === key || one.key.startsWith(`${key}[`)));
  return own.length === 0 ? undefined : own.map(({ text }) => text).join(',');
}

/** `@profile@` (`<profile>` after the YAML reader) is what the build fills in. */
const fillIn = (text: string, filled: (name: string) => string | undefined): string =>
  text.replace(/[@<]([A-Za-z][\w.-]{0,100})[@>]/g, (whole, name: string) => filled(name) ?? whole);

/** `${PROFILE:dev}`: a variable with a default. */
function readChoice(text: string): { readonly env?: string; readonly value?: string } {
  const [placeholder] = placeholdersOf(text);
  if (!placeholder) return { value: text };
  if (!/^\$\{[^{}]*\}$/.test(text)) return {};
  return { env: variableOfKey(placeholder.key), ...(placeholder.fallback ? { value: placeholder.fallback } : {}) };
}

/** Groups and includes bring further profiles. */
function withOthers(names: readonly string[], settings: readonly Listed[]): readonly string[] {
  const included = ['spring.profiles.include', ...names.map((name) => `spring.profiles.group.${name}`)]
    .flatMap((key) => listOf(settings, key) ?? [])
    .filter((text) => simple.test(text))
    .flatMap(split);
  return [...new Set([...names, ...included])];
}

const isLocal = (name: string): boolean => ['development', 'test'].includes(purposeOf(`application-${name}.yml`));
const isForProduction = (name: string): boolean => /^(?:prd|prod|product|production|live|staging|stage|real)(?:[-_]|$)/i.test(name);

/**
 * A default for the developer's machine says nothing of production when the program also knows profiles for that,
 * by its settings or by its build.
 */
export function readActiveProfiles(
  settings: readonly Listed[],
  filled: (name: string) => string | undefined,
  builds: readonly string[],
): ActiveProfiles {
  const text = listOf(settings, 'spring.profiles.active') ?? listOf(settings, 'spring.profiles.default');
  if (text === undefined) return none;
  const { env, value } = readChoice(fillIn(text, filled).trim());
  if (value === undefined || !simple.test(value)) return env === undefined ? none : { names: [], otherwise: { env } };
  const names = withOthers(split(value), settings);
  const known = [...settings.flatMap(({ profile }) => profile ?? []), ...builds];
  const isForDevelopers = names.some(isLocal) && known.some((name) => isForProduction(name));
  if (isForDevelopers) return env === undefined ? none : { names: [], otherwise: { env } };
  return { names, otherwise: { ...(env === undefined ? {} : { env }), value: names.join(',') } };
}
