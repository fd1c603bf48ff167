import type { EnvEntry, Purpose } from '../facts.ts';
import type { Fact } from '../types.ts';
import { holdsSecret, secretKindOf } from './secret-shapes.ts';

/** Entries that hold a plain secret, without it: it was masked when the entry was read. */
export const noteSecrets = (entries: readonly EnvEntry[], purpose: Purpose): Fact<'secret'>[] =>
  entries.flatMap(({ name, value }): Fact<'secret'>[] => {
    if (!value || !holdsSecret(value)) return [];
    const what = secretKindOf(name) ?? (value.known ? 'connection string' : 'secret');
    return [
      {
        kind: 'secret',
        place: value.place,
        confidence: 'certain',
        value: { what, origin: 'literal', env: name, holder: 'manifest', purpose },
      },
    ];
  });
