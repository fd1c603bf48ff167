import type { Container } from '../facts.ts';
import type { AnyFact, Fact } from '../types.ts';
import { folderOf } from './path-tree.ts';

/** Folders and files whose name says that they change something that lies elsewhere. */
const changesOther = /patch|overlay|override|kustom|merge|strategic/i;
const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/**
 * A partial workload that nothing in the repository completes is all that there is of it: a manifest that lacks what the API
 * requires, rather than a patch. Where Kustomize works, or its name says that it changes another, it stays a patch.
 */
export function adoptLonePatches(facts: readonly AnyFact[], has: (path: string) => boolean): readonly AnyFact[] {
  const patches = facts.filter((fact) => fact.kind === 'workload-patch');
  if (patches.length === 0) return facts;
  const whole = new Set(facts.filter((fact) => fact.kind === 'workload').map(({ value }) => `${value.kind}/${value.name}`));
  const isLone = ({ value, place }: Fact<'workload-patch'>): boolean =>
    value.workload !== undefined &&
    !whole.has(`${value.kind}/${value.name}`) &&
    !changesOther.test(place.path) &&
    !foldersAbove(place.path).some((folder) => kustomizations.some((name) => has(folder ? `${folder}/${name}` : name)));
  return facts.map((fact): AnyFact => {
    if (fact.kind !== 'workload-patch' || !isLone(fact)) return fact;
    return { ...fact, kind: 'workload', value: fact.value.workload! };
  });
}

function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) folders.push(folder);
  return [...folders, ''];
}

/** Stands for the containers of a workload that shows none: nothing can be said of them, and what the workload itself says counts. */
export const unseenContainer = ({ value, place }: Fact<'workload'>): Container => ({
  name: value.name,
  ports: [],
  env: [],
  envFrom: [],
  resources: {},
  mounts: [],
  security: {},
  place,
  namePlace: value.namePlace,
});
