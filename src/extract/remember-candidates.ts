/** Which adapters could own which path follows from the list of paths alone: an earlier run with the same list knows it. */
import type { Memory } from '../files/memory.ts';
import type { Adapter } from '../types.ts';

export type Candidates = Map<string, readonly Adapter[]>;

/** Places of adapters, and of the paths for which these are the candidates. */
type Saved = readonly (readonly [adapters: readonly number[], paths: readonly number[]])[];

const name = 'candidates';

/** Ask before anything is read through the memory: then the result rests on no file. */
export function rememberCandidates(memory: Memory, adapters: readonly Adapter[], find: (path: string) => readonly Adapter[]): Candidates {
  const paths = memory.files.under('');
  const saved = memory.recall(name) as Saved | undefined;
  if (saved) return unpack(saved, adapters, paths);
  const make = (): Candidates => new Map(paths.map((path) => [path, find(path)]));
  return memory.make(name, make, (made) => ({ modules: [], value: () => pack(made, adapters, paths) }));
}

const nobody: readonly Adapter[] = [];

function unpack(saved: Saved, adapters: readonly Adapter[], paths: readonly string[]): Candidates {
  const candidates: Candidates = new Map(paths.map((path) => [path, nobody]));
  for (const [owners, owned] of saved) {
    const list = owners.map((index) => adapters[index]!);
    for (const index of owned) candidates.set(paths[index]!, list);
  }
  return candidates;
}

function pack(candidates: Candidates, adapters: readonly Adapter[], paths: readonly string[]): Saved {
  const groups = new Map<string, { readonly owners: readonly number[]; readonly owned: number[] }>();
  for (const [index, path] of paths.entries()) {
    const owners = (candidates.get(path) ?? nobody).map((adapter) => adapters.indexOf(adapter));
    if (owners.length === 0) continue;
    const group = groups.get(owners.join(' ')) ?? { owners, owned: [] };
    group.owned.push(index);
    groups.set(owners.join(' '), group);
  }
  return [...groups.values()].map(({ owners, owned }) => [owners, owned]);
}
