/** What readers of all clouds write alike. */
import type { Container, EnvEntry, FactValues, Setting, Workload } from '../../facts.ts';
import { safeSetting } from '../../text/secret-shapes.ts';
import type { AnyFact, Place } from '../../types.ts';
import { booleanOf, type Entry, get, itemsOf, type Node, numberSetting, textOf } from './node.ts';
import type { Resource } from './resource.ts';

/** Drops members that are `undefined`. */
export const given = <T extends object>(value: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

/** The size that a module's caller may set says nothing about how it runs. */
export function sizeOf(resource: Resource, node: Node | undefined): Setting<number> | undefined {
  const setting = numberSetting(node);
  if (!setting?.known || !isParameter(resource, node)) return setting;
  return { known: false, because: 'callers of the module may set it', place: setting.place };
}
/** Decided by the default of a module that nobody here calls. */
export const isParameter = (resource: Resource, node: Node | undefined): boolean =>
  resource.isLibrary && (node?.place.decidedBy?.length ?? 0) > 0;

export const stickyRouting = ({ purpose }: Resource, place: Place, how: string, to: readonly string[]): AnyFact => ({
  kind: 'sticky-routing',
  place,
  confidence: 'certain',
  value: { how, to, purpose },
});
/** Groups that a switch leaves out are not told. */
export const scalingGroup = (resource: Resource, value: Omit<FactValues['scaling-group'], 'purpose' | 'namePlace'>): readonly AnyFact[] =>
  !resource.isOff
    ? [
        {
          kind: 'scaling-group',
          place: resource.place,
          confidence: 'certain',
          value: { ...value, purpose: resource.purpose, namePlace: resource.place },
        },
      ]
    : [];
export const autoscaler = (resource: Resource, value: Omit<FactValues['autoscaler'], 'purpose' | 'namePlace'>): AnyFact => ({
  kind: 'autoscaler',
  place: resource.place,
  confidence: 'certain',
  value: { ...value, purpose: resource.purpose, namePlace: resource.place },
});

/** One variable of a container. */
export const envEntry = (name: string, value: Node | undefined, place: Place): EnvEntry => {
  const text = textOf(value);
  if (value === undefined) return { name, place };
  return {
    name,
    value:
      text === undefined
        ? { known: false, because: 'it is known only when it is applied', place: value.place }
        : safeSetting(name, text, value.place),
    place,
  };
};
/** `[{name, value}]`, in any case; entries whose name is not known are left out. */
export const namedValues = (list: Node | undefined): readonly EnvEntry[] =>
  itemsOf(list).flatMap((item) => {
    const name = textOf(get(item, 'name'));
    return name === undefined ? [] : [envEntry(name, get(item, 'value'), item.place)];
  });
export const mapValues = (entries: readonly Entry[]): readonly EnvEntry[] =>
  entries.map(({ key, keyPlace, value }) => envEntry(key, value, keyPlace));

/** A command as a list of words; one unknown word leaves it open. */
export function wordsOf(node: Node | undefined): Setting<readonly string[]> | undefined {
  if (node === undefined || (node.is === 'list' && node.items.length === 0)) return undefined;
  const words = node.is === 'list' && !node.open ? node.items.map((item) => textOf(item)) : [undefined];
  return words.includes(undefined)
    ? { known: false, because: 'it is known only when it is applied', place: node.place }
    : { known: true, value: words as readonly string[], place: node.place };
}
export const flag = (node: Node | undefined): boolean => booleanOf(node) === true;

export const emptyContainer = (name: string, place: Place): Container => ({
  name,
  ports: [],
  env: [],
  envFrom: [],
  resources: {},
  mounts: [],
  security: {},
  place,
  namePlace: place,
});
export const workload = (
  resource: Resource,
  value: Pick<Workload, 'platform' | 'kind' | 'name' | 'containers'> & Partial<Workload>,
): AnyFact => ({
  kind: 'workload',
  place: resource.place,
  confidence: 'certain',
  value: {
    purpose: resource.purpose,
    longRunning: true,
    labels: {},
    initContainers: [],
    volumes: [],
    claimTemplates: [],
    dependsOn: [],
    annotations: {},
    profiles: [],
    namePlace: resource.place,
    ...value,
  },
});
