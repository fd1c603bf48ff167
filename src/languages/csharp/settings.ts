/** The configuration of a .NET program: its appsettings files, over which variables of the environment win. */
import type { Value } from '../../facts.ts';
import type { AnyFact, Fact, Place } from '../../types.ts';

export interface Setting {
  /** `Section:Key`, as written. */
  readonly key: string;
  readonly text: string;
  readonly place: Place;
  /** The environment that its file is for. */
  readonly profile?: string;
}

export interface Settings {
  readonly all: readonly Setting[];
  /** What holds in production: the file of that environment, else the one of all. */
  of(key: string): Setting | undefined;
  /** A key as a value: the variable that replaces it, else what the files say. */
  value(key: string, place: Place, fallback?: Value): Value;
}

/** `Section:Key` is given by the variable `Section__Key`. */
export const variableOf = (key: string): string => key.replaceAll(':', '__');

export function readSettings(facts: readonly AnyFact[]): Settings {
  const files = facts.filter((fact): fact is Fact<'settings'> => fact.kind === 'settings' && fact.value.name === 'appsettings');
  const all = files.flatMap(({ value: { profile, entries } }) =>
    entries.map((entry): Setting => ({ ...entry, ...(profile === undefined ? {} : { profile }) })),
  );
  const byKey = new Map<string, Setting[]>();
  for (const setting of all) {
    const key = setting.key.toLowerCase();
    byKey.set(key, [...(byKey.get(key) ?? []), setting]);
  }
  const of = (key: string): Setting | undefined => {
    const found = byKey.get(key.toLowerCase()) ?? [];
    return found.find(({ profile }) => profile?.toLowerCase() === 'production') ?? found.find(({ profile }) => profile === undefined);
  };
  return {
    all,
    of,
    value(key, place, fallback) {
      const own = of(key);
      const given: Value | undefined = own && own.text !== '' ? { is: 'literal', value: own.text, place: own.place } : fallback;
      return { is: 'env', name: variableOf(key), ...(given ? { fallback: given } : {}), place };
    },
  };
}
