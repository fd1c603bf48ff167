/** What Django's `CACHES` says of its stores. */
import type { StoreChoice, StoreKind, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { alternativesOf, type ProgramView, type SettingView, textOf } from '../recogniser.ts';

const backends: readonly (readonly [RegExp, StoreKind])[] = [
  [/LocMemCache$/, 'memory'],
  [/FileBasedCache$/, 'file'],
  [/DummyCache$/, 'external'],
  [/Redis|Memcache|PyLibMC|DatabaseCache|DynamoDB|Valkey/i, 'external'],
];
const kindOf = (text: string | undefined): StoreKind =>
  (text === undefined ? undefined : backends.find(([pattern]) => pattern.test(text))?.[1]) ?? 'unknown';

/** Django keeps a cache of its own memory where nothing is set. */
export function djangoCacheStores(program: ProgramView, alias: string, place: Place): readonly StoreChoice[] {
  const settings = program.settings('CACHES');
  const undecided = program.undecidedSettings('CACHES');
  if (settings.length === 0 && undecided.length === 0) return [{ kind: 'memory', place }];
  const certain = settings.flatMap((setting) => storesOf(setting, alias));
  const open = undecided.flatMap((setting) => storesOf(setting, alias));
  // Which branch is taken is unknown, but not what all of them say.
  const [first] = open;
  const isOne = first !== undefined && [...certain, ...open].every(({ kind }) => kind === first.kind);
  return open.length === 0 || isOne ? [...certain, ...open] : [{ kind: 'unknown', place: first!.place }];
}

const storesOf = (setting: SettingView, alias: string): readonly StoreChoice[] =>
  alternativesOf(setting.value, setting.when ?? []).flatMap(({ value, when }): readonly StoreChoice[] => {
    const backend = value.is === 'object' ? backendOf(value.properties[alias]) : undefined;
    return alternativesOf(backend, when).length > 0
      ? alternativesOf(backend, when).map((one) => ({
          kind: kindOf(textOf(one.value)),
          ...(one.when.length > 0 ? { when: one.when } : {}),
          place: one.value.place,
        }))
      : [{ kind: 'unknown', place: setting.place }];
  });

const backendOf = (value: Value | undefined): Value | undefined => (value?.is === 'object' ? value.properties['BACKEND'] : undefined);
