/** For which services a finding counts. */
import type { Concern, Finding, Level } from '../types.ts';

type Counting = Pick<Finding, 'level'> & { readonly service?: string; readonly concerns?: readonly Concern[] };

/** How bad it is for a service; `undefined`: it does not count for it. */
export const levelFor = ({ service, level, concerns }: Counting, name: string): Level | undefined =>
  service === name ? level : concerns?.find((one) => one.service === name)?.level;

/** What counts for a service, each at the level that it has there. */
export const findingsFor = <T extends Counting>(findings: readonly T[], name: string): readonly T[] =>
  findings.flatMap((finding) => {
    const level = levelFor(finding, name);
    if (level === undefined) return [];
    return level === finding.level ? finding : { ...finding, level };
  });

/** What counts for each of the services, by name: asked once for all of them. */
export function findingsByService<T extends Counting>(findings: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const byName = new Map<string, T[]>();
  for (const finding of findings) {
    for (const name of servicesOf(finding)) {
      const list = byName.get(name);
      if (list) list.push(finding);
      else byName.set(name, [finding]);
    }
  }
  return new Map([...byName].map(([name, list]) => [name, findingsFor(list, name)]));
}

/** All services that it counts for. */
export const servicesOf = ({ service, concerns = [] }: Counting): readonly string[] => [
  ...new Set([...(service === undefined ? [] : [service]), ...concerns.map((one) => one.service)]),
];

/** The one service under which it is shown; `undefined`: it is of several, or of the repository as a whole. */
export function homeOf(finding: Counting): string | undefined {
  const services = servicesOf(finding);
  return finding.service ?? (services.length === 1 ? services[0] : undefined);
}

/** It counts for none of the services: it belongs to the repository as a whole. */
export const isOfNone = (finding: Counting, names: ReadonlySet<string>): boolean => !servicesOf(finding).some((name) => names.has(name));
