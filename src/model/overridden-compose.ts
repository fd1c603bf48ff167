import type { Container, EnvEntry } from '../facts.ts';
import { groupBy } from '../text/group-by.ts';
import type { AnyFact, Fact, Place } from '../types.ts';
import { folderOf, lastSegment } from './path-tree.ts';

type Service = Fact<'workload'>;

const baseName = /^(?:docker-)?compose\.ya?ml$/;
const keyOf = ({ path, line }: Place): string => `${path}:${line}`;
const isPartial = ({ value }: Service): boolean => value.build === undefined && value.containers[0]?.image === undefined;

/** Variables of each service of a base file that the one overlay for production gives in its place. */
function overridesIn(services: readonly Service[]): readonly (readonly [base: Service, given: ReadonlyMap<string, EnvEntry>])[] {
  const overlays = services.filter((service) => service.value.purpose === 'production' && isPartial(service));
  return services.flatMap((base) => {
    if (!baseName.test(lastSegment(base.place.path)) || base.value.purpose !== 'unknown') return [];
    const [overlay, ...others] = overlays.filter(({ value }) => value.name === base.value.name);
    if (!overlay || others.length > 0) return [];
    return [[base, new Map(overlay.value.containers.flatMap(({ env }) => env.map((entry) => [entry.name, entry] as const)))] as const];
  });
}

/**
 * What a base of Compose gives to a variable is for developers where the overlay for production gives it another value: production
 * never sees `${DB_PASSWORD:-postgres}` of the one beside `${DB_PASSWORD:?}` of the other.
 */
export function takeOverriddenEntries(facts: readonly AnyFact[]): readonly AnyFact[] {
  const compose = facts.filter((fact): fact is Service => fact.kind === 'workload' && fact.value.platform === 'compose');
  const found = [...groupBy(compose, ({ place }) => folderOf(place.path)).values()].flatMap(overridesIn);
  if (found.length === 0) return facts;
  const overrides = new Map<AnyFact, ReadonlyMap<string, EnvEntry>>(found);
  const unused = new Set(
    found.flatMap(([base, given]) =>
      base.value.containers.flatMap(({ env }) => env.filter(({ name }) => given.has(name)).map(({ place }) => keyOf(place))),
    ),
  );
  return facts.map((fact) => {
    const given = overrides.get(fact);
    if (given && fact.kind === 'workload') {
      const settle = (container: Container): Container => ({ ...container, env: container.env.map((one) => given.get(one.name) ?? one) });
      return { ...fact, value: { ...fact.value, containers: fact.value.containers.map(settle) } };
    }
    const isUnused = fact.kind === 'secret' && fact.value.holder === 'manifest' && unused.has(keyOf(fact.place));
    return isUnused ? { ...fact, value: { ...fact.value, purpose: 'development' } } : fact;
  });
}
