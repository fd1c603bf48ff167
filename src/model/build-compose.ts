import type { Workload } from '../facts.ts';
import { groupBy } from '../text/group-by.ts';
import type { AnyFact, Fact } from '../types.ts';
import { lastSegment } from './path-tree.ts';

type Service = Fact<'workload'>;

/** Nothing but an image and what it is built of. */
function onlyBuilds({ build, containers, volumes, dependsOn, restart, purpose }: Workload): boolean {
  const [container] = containers;
  if (purpose !== 'unknown' || !build || !container || dependsOn.length > 0 || volumes.length > 0 || restart !== undefined) return false;
  const { image, env, ports, mounts, command, args } = container;
  return image !== undefined && env.length + ports.length + mounts.length === 0 && command === undefined && args === undefined;
}

/** `docker-compose.build.yml` names images and what they are built of: what it builds is told, and nobody starts it. */
export function setBuildComposeAside(facts: readonly AnyFact[]): readonly AnyFact[] {
  const services = facts.filter(
    (fact): fact is Service => fact.kind === 'workload' && fact.value.platform === 'compose' && /build/i.test(lastSegment(fact.place.path)),
  );
  const files = [...groupBy(services, ({ place }) => place.path).values()].filter((own) => own.every(({ value }) => onlyBuilds(value)));
  const aside = new Set<AnyFact>(files.flat());
  if (aside.size === 0) return facts;
  return facts.map((fact) =>
    aside.has(fact) && fact.kind === 'workload' ? { ...fact, value: { ...fact.value, purpose: 'development' } } : fact,
  );
}
