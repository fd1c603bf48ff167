import { expect, it } from 'vitest';
import { rememberCandidates } from '../../src/extract/remember-candidates.ts';
import type { Memory, Saved } from '../../src/files/memory.ts';
import type { Adapter } from '../../src/types.ts';

const adapter = (id: string): Adapter => ({ id, classify: () => true, extract: () => ({ facts: [], notAssessed: [] }) });
const adapters = [adapter('a'), adapter('b'), adapter('c')];
const owners: Readonly<Record<string, readonly Adapter[]>> = { x: [adapters[2]!, adapters[0]!], y: [], z: [adapters[1]!] };

it('what an earlier run found for each path is found again without asking', () => {
  const kept = new Map<string, () => unknown>();
  const memory = {
    files: { under: () => ['x', 'y', 'z'] },
    recall: (name: string) => (kept.has(name) ? JSON.parse(JSON.stringify(kept.get(name)!())) : undefined),
    make: <T>(name: string, make: () => T, save: (made: T) => Saved) => {
      const made = make();
      kept.set(name, save(made).value);
      return made;
    },
  } as unknown as Memory;
  const first = rememberCandidates(memory, adapters, (path) => owners[path]!);
  const second = rememberCandidates(memory, adapters, () => {
    throw new Error('asked again');
  });
  expect(second).toEqual(first);
  expect(second.get('x')).toEqual([adapters[2], adapters[0]]);
  expect(second.get('y')).toEqual([]);
});
