/** Kustomize: every overlay is an environment of its own, built from its bases; bases that an overlay uses are not judged alone. */
import { createHash } from 'node:crypto';
import { purposeOf } from '../../text/purpose.ts';
import type { Expander, ExpanderFiles, Expansion, NotAssessed, VirtualDocument } from '../../types.ts';
import { build } from './build.ts';
import { emit } from './emit.ts';
import { type Family, findFamilies } from './families.ts';
import { folderOf, isKustomization } from './layer.ts';
import type { Resource } from './resource.ts';

const families = new WeakMap<ExpanderFiles, ReadonlyMap<string, Family>>();
function familiesOf(files: ExpanderFiles): ReadonlyMap<string, Family> {
  const known = families.get(files) ?? findFamilies(files.under('').filter(isKustomization), files);
  families.set(files, known);
  return known;
}

export const kustomizeExpander: Expander = {
  id: 'kustomize',
  roots: (paths) => paths.filter(isKustomization),
  /** The first kustomization of a family stands for all overlays that share bases. */
  expand(root, files) {
    const family = familiesOf(files.whole ?? files).get(root);
    if (!family) return { documents: [], consumed: [root], notAssessed: [] };
    const isAlone = family.tops.length === 1;
    const expansions = family.tops.map((top) => expandTop(top, isAlone, files));
    return {
      documents: expansions.flatMap(({ documents }) => documents),
      consumed: [...new Set([...family.members, ...expansions.flatMap(({ consumed }) => consumed)])].sort(),
      notAssessed: expansions.flatMap(({ notAssessed }) => notAssessed),
    };
  },
  /** Which overlays share bases is read from all kustomizations. */
  restsOn(root, files) {
    const family = familiesOf(files).get(root);
    return family && createHash('sha1').update(JSON.stringify(family)).digest('base64');
  },
};

function expandTop(top: string, isAlone: boolean, files: ExpanderFiles): Expansion {
  const folder = folderOf(top);
  const set = isAlone ? undefined : folder || '.';
  const purpose = purposeOf(top);
  const { resources, used, notes } = build(top, files);
  const notAssessed: NotAssessed[] = [...notes];
  const documents = resources.flatMap((resource): VirtualDocument[] => {
    const emitted = emit(resource.root, set);
    if (emitted) return [{ path: pathIn(folder, resource), ...emitted, ...(set === undefined ? {} : { set }), purpose }];
    notAssessed.push({
      reason: 'too-large',
      message: 'An object of this overlay grows without bound.',
      place: resource.root.place,
      failed: true,
    });
    return [];
  });
  return { documents, consumed: [...used], notAssessed };
}

/** What an overlay is for is told by its own folder, not by that of its base. */
function pathIn(folder: string, { path }: Resource): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:ya?ml|json)$/i, '');
  const own = /^kustomization$/i.test(name) ? 'generated' : name;
  return `${folder === '' ? '' : `${folder}/`}${own}.yaml`;
}
