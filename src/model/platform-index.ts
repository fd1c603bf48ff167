import type { Platform, Workload } from '../facts.ts';
import { sharesSet } from '../text/sets.ts';
import type { AnyFact, Deployment, Fact } from '../types.ts';
import { folderOf, isWithin } from './path-tree.ts';

type WorkloadFact = Fact<'workload'>;
type Surroundings = Pick<Deployment, 'autoscalers' | 'budgets' | 'exposures' | 'routes' | 'sticky'>;

/** What the platform puts around workloads: autoscalers, budgets, addresses, routes. */
export interface PlatformIndex {
  around(workload: WorkloadFact): Surroundings;
  claim(workload: WorkloadFact, name: string): Fact<'volume-claim'> | undefined;
}

export function indexPlatform(facts: readonly AnyFact[], workloads: readonly WorkloadFact[]): PlatformIndex {
  const byName = groupWorkloads(workloads, ({ name }) => [name]);
  const byLabel = groupWorkloads(workloads, ({ labels }) => Object.entries(labels).map(pairKey));
  const autoscalers = new Multimap<WorkloadFact, Fact<'autoscaler'>>();
  const budgets = new Multimap<WorkloadFact, Fact<'disruption-budget'>>();
  const exposures = new Multimap<WorkloadFact, Fact<'exposure'>>();
  const routes = new Multimap<string, Fact<'traffic-route'>>();
  const sticky = new Multimap<string, Fact<'sticky-routing'>>();
  const claims = new Multimap<string, Fact<'volume-claim'>>();
  const targets = (names: readonly Target[], platform: Platform | undefined) =>
    names.flatMap(({ kind, name }) => (byName.get(name) ?? []).filter(({ value }) => matchesKind(value, kind, platform)));
  const bySelector = (selector: Readonly<Record<string, string>> | undefined) => {
    const pairs = Object.entries(selector ?? {});
    return pairs.length === 0
      ? []
      : (byLabel.get(pairKey(pairs[0]!)) ?? []).filter(({ value }) => pairs.every(([key, text]) => value.labels[key] === text));
  };
  for (const fact of facts) {
    if (fact.kind === 'autoscaler') {
      const { target } = fact.value;
      const named = targets(target ? [target, ...runBy(facts, target)] : [], fact.value.platform);
      for (const workload of nearest(fact, named)) autoscalers.add(workload, fact);
    } else if (fact.kind === 'disruption-budget')
      for (const workload of nearest(fact, bySelector(fact.value.selector))) budgets.add(workload, fact);
    else if (fact.kind === 'exposure') for (const workload of nearest(fact, bySelector(fact.value.selector))) exposures.add(workload, fact);
    else if (fact.kind === 'traffic-route') for (const { service } of fact.value.backends) routes.add(service, fact);
    else if (fact.kind === 'sticky-routing') for (const name of fact.value.to.length > 0 ? fact.value.to : ['']) sticky.add(name, fact);
    else if (fact.kind === 'volume-claim') claims.add(fact.value.name, fact);
  }
  return {
    around(workload) {
      const exposed = exposures.of(workload);
      const names = [
        ...new Set([
          ...exposed.map(({ value }) => value.name),
          ...(workload.value.platform === 'compose' ? composeNames(workload.value) : []),
        ]),
      ];
      return {
        autoscalers: autoscalers.of(workload),
        budgets: budgets.of(workload),
        exposures: exposed,
        routes: nearestOf(
          workload,
          unique(names.flatMap((name) => routes.of(name))).filter((route) => belongTogether(route, workload)),
        ),
        sticky: [
          ...nearestOf(
            workload,
            unique(names.flatMap((name) => sticky.of(name))).filter((route) => belongTogether(route, workload) && pins(route, workload)),
          ),
          ...(names.length > 0
            ? sticky.of('').filter((route) => sharesSet(route, workload) && isNear(route.place.path, workload.place.path))
            : []),
        ],
      };
    },
    claim: (workload, name) => nearestClaim(workload, claims.of(name)),
  };
}

const pairKey = ([key, value]: readonly [string, string]): string => `${key}\0${value}`;
const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];

/** Autoscalers of Kubernetes name a kind; without one it is a Deployment (KEDA). */
const matchesKind = (workload: Workload, kind: string | undefined, platform: Platform = 'kubernetes'): boolean =>
  workload.platform === platform && (kind === undefined || kind.toLowerCase() === workload.kind.toLowerCase());

interface Target {
  readonly kind?: string;
  readonly name: string;
}

/** Workloads that the target of an autoscaler runs in the place of their own controller. */
const runBy = (facts: readonly AnyFact[], target: Target): readonly Target[] =>
  facts.flatMap((fact) =>
    fact.kind === 'workload-patch' && fact.value.by?.name === target.name && fact.value.by.kind === target.kind
      ? { kind: fact.value.kind, name: fact.value.name }
      : [],
  );

interface Named {
  readonly place: { readonly path: string };
  readonly set?: string;
  readonly value: { readonly namespace?: string };
}

/** No namespace in a manifest: the one that it is applied to, whichever that is. Different sets are never applied together. */
const belongTogether = (a: Named, b: Named): boolean =>
  sharesSet(a, b) && (a.value.namespace === undefined || b.value.namespace === undefined || a.value.namespace === b.value.namespace);

/** Other services reach it by its name and by that of its container. */
const composeNames = ({ name, containers }: Workload): readonly string[] => [name, ...containers.map((container) => container.name)];

/** A proxy that knows one name pins only where several copies answer to it, each by an address of its own. */
const pins = ({ value }: Fact<'sticky-routing'>, { value: { replicas } }: WorkloadFact): boolean =>
  !value.oneName || (replicas?.known === true && replicas.value > 1);

/** Of workloads that match, those in the same folder when there are some: other folders hold other environments or examples. */
function nearest(fact: Named, workloads: readonly WorkloadFact[]): readonly WorkloadFact[] {
  const matching = workloads.filter((workload) => belongTogether(fact, workload));
  return nearestOf(fact, matching);
}

/** Those that are applied together with it, and of them those in the same file, else in the same folder, else in a folder above or below, else all. */
function nearestOf<T extends Named>(to: Named, matching: readonly T[]): readonly T[] {
  const together = to.set === undefined ? [] : matching.filter(({ set }) => set !== undefined);
  const candidates = together.length > 0 ? together : matching;
  if (candidates.length < 2) return candidates;
  const { path } = to.place;
  const levels: readonly ((other: string) => boolean)[] = [
    (other) => other === path,
    (other) => folderOf(other) === folderOf(path),
    (other) => isNear(other, path),
  ];
  for (const isClose of levels) {
    const close = candidates.filter(({ place }) => isClose(place.path));
    if (close.length > 0) return close;
  }
  return candidates;
}

/** One folder holds the other. */
const isNear = (a: string, b: string): boolean => isWithin(folderOf(a), folderOf(b)) || isWithin(folderOf(b), folderOf(a));

function nearestClaim(workload: WorkloadFact, claims: readonly Fact<'volume-claim'>[]): Fact<'volume-claim'> | undefined {
  const matching = claims.filter((claim) => belongTogether(claim, workload));
  return matching.find(({ place }) => folderOf(place.path) === folderOf(workload.place.path)) ?? matching[0];
}

class Multimap<K, V> {
  readonly #lists = new Map<K, V[]>();
  add(key: K, value: V): void {
    const list = this.#lists.get(key);
    if (!list) this.#lists.set(key, [value]);
    else if (!list.includes(value)) list.push(value);
  }
  of(key: K): readonly V[] {
    return this.#lists.get(key) ?? [];
  }
}

function groupWorkloads(
  workloads: readonly WorkloadFact[],
  keysOf: (workload: Workload) => readonly string[],
): Map<string, WorkloadFact[]> {
  const groups = new Map<string, WorkloadFact[]>();
  for (const workload of workloads) {
    for (const key of keysOf(workload.value)) {
      const list = groups.get(key);
      if (list) list.push(workload);
      else groups.set(key, [workload]);
    }
  }
  return groups;
}
