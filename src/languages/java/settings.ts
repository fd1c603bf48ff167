/** The settings of a program over all of its files: what holds without a profile, and what a profile changes. */
import type { Condition, Value } from '../../facts.ts';
import { readPlaceholders, variableOfKey } from '../../text/placeholders.ts';
import type { AnyFact, Fact, Place } from '../../types.ts';
import { type ActiveProfiles, readActiveProfiles } from './active-profiles.ts';

export interface Setting {
  readonly key: string;
  readonly text: string;
  readonly place: Place;
  readonly profile?: string;
  /** The profiles under which it holds, and those that replace it. */
  readonly when: readonly Condition[];
}

export interface Settings {
  readonly all: readonly Setting[];
  /** Every definition of a key. */
  of(key: string): readonly Setting[];
  matching(pattern: RegExp): readonly Setting[];
  /** The value under the profiles that hold by default, else without one, else under any. */
  text(key: string): string | undefined;
  /** Profiles that hold when nothing outside of the program chooses. */
  readonly active: readonly string[];
  /** Holds only where this profile is not chosen. */
  unless(profile: string): readonly Condition[];
  /** Holds only where a profile of this text is chosen: `dev`, `!prod`. */
  under(profile: string): readonly Condition[];
  /** Any definition of a key comes to this. */
  is(key: string, text: RegExp): boolean;
  /** A setting as a value: a variable may replace it, and so may those that its placeholders name. */
  value(setting: Setting): Value;
  /** The value alone: its placeholders, not the variable that may replace it as a whole. */
  written(setting: Setting): Value;
}

const profileVariable = 'SPRING_PROFILES_ACTIVE';
const simple = /^!?[\w-]+$/;

const conditionOn = (test: 'equals' | 'differs', value: string, { otherwise }: ActiveProfiles): readonly Condition[] => [
  { env: profileVariable, test, value, ...(otherwise ? { otherwise } : {}) },
];

/** `local, default`: any of them. */
const namesIn = (profile: string): readonly string[] => profile.split(',').map((name) => name.trim());
/** What `default` holds is left out as soon as another profile is chosen (Spring Boot, "Profiles"). */
const isForNone = (profile: string | undefined): boolean => profile === undefined || namesIn(profile).includes('default');

/** Of several profiles the first stands for all. */
function conditionOf(given: string, active: ActiveProfiles): readonly Condition[] {
  const [profile = ''] = namesIn(given);
  if (!simple.test(profile)) return [];
  return profile.startsWith('!') ? conditionOn('differs', profile.slice(1), active) : conditionOn('equals', profile, active);
}

/** What the build says: names that it fills in, and its own profiles. */
export interface BuildWords {
  filled(name: string): string | undefined;
  readonly profiles: readonly string[];
}
const noBuild: BuildWords = { filled: () => undefined, profiles: [] };

/** Only files that Spring (or MicroProfile, Quarkus) reads by itself have keys that the environment replaces. */
export function readSettings(facts: readonly AnyFact[], build: BuildWords = noBuild): Settings {
  const files = facts.filter((fact): fact is Fact<'settings'> => fact.kind === 'settings');
  const listed = files.flatMap(({ value: { profile, entries } }) =>
    entries.map((entry) => ({ ...entry, ...(profile === undefined ? {} : { profile }) })),
  );
  const active = readActiveProfiles(listed, build.filled, build.profiles);
  const profiles = new Map<string, Set<string>>();
  for (const { key, profile } of listed) {
    if (profile !== undefined && profile !== 'default' && simple.test(profile) && !profile.startsWith('!'))
      profiles.set(key, (profiles.get(key) ?? new Set()).add(profile));
  }
  const replaced = (key: string): readonly Condition[] =>
    [...(profiles.get(key) ?? [])].flatMap((value) => conditionOn('differs', value, active));
  const all = listed.map(
    (entry): Setting => ({ ...entry, when: isForNone(entry.profile) ? replaced(entry.key) : conditionOf(entry.profile!, active) }),
  );
  const byKey = new Map<string, Setting[]>();
  for (const setting of all) byKey.set(setting.key, [...(byKey.get(setting.key) ?? []), setting]);
  const of = (key: string): readonly Setting[] => byKey.get(key) ?? [];
  const main = (key: string): Setting | undefined =>
    of(key).findLast(({ profile }) => profile !== undefined && active.names.includes(profile)) ??
    of(key).find(({ profile }) => profile === undefined) ??
    of(key)[0];
  const lookUp = (key: string, depth: number): Value | undefined => {
    const own = depth > 6 ? undefined : main(key);
    return own && { is: 'env', name: variableOfKey(key), fallback: readPlaceholders(own.text, own.place, lookUp, depth), place: own.place };
  };
  const written = ({ text, place }: Setting): Value => readPlaceholders(text, place, lookUp);
  return {
    all,
    of,
    matching: (pattern) => all.filter(({ key }) => pattern.test(key)),
    text: (key) => main(key)?.text,
    active: active.names,
    unless: (profile) => (/^[\w-]+$/.test(profile) ? conditionOn('differs', profile, active) : []),
    under: (profile) => conditionOf(profile, active),
    is: (key, text) => of(key).some((setting) => text.test(setting.text)),
    written,
    value: (setting) => ({ is: 'env', name: variableOfKey(setting.key), fallback: written(setting), place: setting.place }),
  };
}
