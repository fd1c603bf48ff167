/** What readers of all platforms write alike. */
import type { Container, EnvEntry, FactValues, Setting, Workload } from '../../facts.ts';
import { maskCommand, safeSetting } from '../../text/secret-shapes.ts';
import { numberOf, scalarOf, spanPlaces, textOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlNode } from '../../text/yaml-document.ts';
import type { AnyFact, Place } from '../../types.ts';

/** Drops members that are `undefined`. */
export const given = <T extends object>(value: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A path below a folder, from the repository's root; `undefined` for URLs, absolute paths and what lies outside. */
export function joinBelow(folder: string, path: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('~') || path.includes('$')) return undefined;
  const segments = folder.split('/').filter(Boolean);
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

export const known = <T>(value: T, place: Place): Setting<T> => ({ known: true, value, place });
export const unknown = (because: string, place: Place): Setting<never> => ({ known: false, because, place });

/** A text, unless a variable decides it. */
export function textSetting(node: YamlNode | undefined): Setting<string> | undefined {
  const text = textOf(node);
  if (node === undefined || text === undefined) return undefined;
  return /\$[{(A-Za-z]|\{\{/.test(text)
    ? { known: false, because: 'a variable decides it', place: node.place, written: text }
    : known(text, node.place);
}
export function numberSetting(node: YamlNode | undefined): Setting<number> | undefined {
  if (!scalarOf(node)) return undefined;
  const value = numberOf(node);
  return value === undefined ? unknown('it is no number', node!.place) : known(value, node!.place);
}

/** A command line that the platform hands to a shell. */
export function shellCommand(node: YamlNode | undefined): Setting<readonly string[]> | undefined {
  const text = textOf(node);
  return node && text?.trim() ? known([maskCommand(text.trim())], node.place) : undefined;
}

/** One variable as it is written. */
export const envEntry = (name: string, value: YamlNode | undefined, place: Place): EnvEntry => {
  const text = scalarOf(value) ? textOf(value)! : undefined;
  if (text === undefined) return { name, place };
  return { name, value: safeSetting(name, text, value!.place), place };
};
export const entryPlace = ({ keyPlace, value }: YamlEntry): Place =>
  value.place.line >= keyPlace.line ? spanPlaces(keyPlace, value.place) : keyPlace;

export const emptyContainer = (name: string, place: Place, namePlace: Place): Container => ({
  name,
  ports: [],
  env: [],
  envFrom: [],
  resources: {},
  mounts: [],
  security: {},
  place,
  namePlace,
});

export type WorkloadParts = Pick<Workload, 'kind' | 'name' | 'purpose' | 'containers' | 'namePlace'> & Partial<Workload>;
export const workload = (parts: WorkloadParts, place: Place): AnyFact => ({
  kind: 'workload',
  place,
  confidence: 'certain',
  value: {
    platform: 'other',
    longRunning: true,
    labels: {},
    initContainers: [],
    volumes: [],
    claimTemplates: [],
    dependsOn: [],
    annotations: {},
    profiles: [],
    ...parts,
  },
});

/** What scales one workload of the same platform. */
export function autoscaler(
  of: Pick<Workload, 'kind' | 'name' | 'purpose' | 'namePlace'>,
  value: Pick<FactValues['autoscaler'], 'kind' | 'otherMetrics'> & Partial<FactValues['autoscaler']>,
  place: Place,
): AnyFact {
  const { kind, name, purpose, namePlace } = of;
  return {
    kind: 'autoscaler',
    place,
    confidence: 'certain',
    value: {
      name,
      target: { kind, name, place: namePlace },
      resourceMetrics: [],
      platform: 'other',
      purpose,
      namePlace: place,
      ...value,
    },
  };
}

/** A disk that belongs to one copy. */
export function singleDisk(name: string, path: Setting<string>, place: Place) {
  return {
    volume: { name, type: 'claim', source: known(name, place), place },
    mount: { volume: name, path, readOnly: false, place },
    claim: {
      kind: 'volume-claim',
      place,
      confidence: 'certain',
      value: { name, accessModes: known(['ReadWriteOnce'], place), namePlace: place },
    },
  } as const satisfies { volume: Workload['volumes'][number]; mount: Container['mounts'][number]; claim: AnyFact };
}
