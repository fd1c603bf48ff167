/**
 * Services that a finding counts for although its rule names none: those whose program, image, manifest or folder holds its
 * place. What belongs to nobody in particular stays a finding of the repository as a whole.
 */
import type { RawFinding } from '../rules/run-rules.ts';
import type { Deployment, Level, Place, Repository, Service } from '../types.ts';

type Find = (place: Place) => readonly Service[] | undefined;

const isInside = (path: string, folder: string): boolean => folder === '' || path.startsWith(`${folder}/`);
const holds = (outer: Place, { path, line }: Place): boolean => outer.path === path && outer.line <= line && line <= outer.endLine;
const startsAt = (place: Place | undefined, { path, line }: Place): boolean => place?.path === path && place.line === line;

/** What others make has no gates of its own. */
const isOfOthers = ({ kind }: Service): boolean => kind === 'database' || kind === 'third-party';
const counts = ({ purpose }: Deployment): boolean => purpose === 'production' || purpose === 'unknown';

/** Code is of the services that run it, wherever it lies. */
const byProgram =
  (services: readonly Service[]): Find =>
  (place) => {
    const found = services.filter(({ code }) => code.all('secret').some((fact) => startsAt(fact.place, place)));
    return found.length ? found : undefined;
  };

/** A Dockerfile is of the services that it builds, a stage of those that are built from it. */
const byImage =
  (services: readonly Service[], repository: Repository): Find =>
  (place) => {
    const image = repository.facts.all('image').find((fact) => fact.place.path === place.path);
    if (!image) return undefined;
    const stage = image.value.stages.findLast((one) => one.place.line <= place.line);
    const built = services.filter(({ images }) => images.some(({ fact }) => fact.place.path === place.path));
    const staged = built.filter(({ images }) =>
      images.some(({ fact, lineage }) => fact.place.path === place.path && lineage.some(({ index }) => index === stage?.index)),
    );
    return staged.length ? staged : built;
  };

/** A variable is of all that it reaches, also by a ConfigMap or a file of variables. */
const byVariable =
  (services: readonly Service[]): Find =>
  (place) => {
    const isGiven = ({ environment }: Deployment): boolean =>
      environment.given.some((entry) => startsAt(entry.place, place) || startsAt(entry.value?.place, place));
    const found = services.filter(({ deployments }) => deployments.some((one) => counts(one) && isGiven(one)));
    return found.length ? found : undefined;
  };

/** A manifest is of the workload that it declares or that it is about; one of others, or for development, is of no service. */
const byManifest =
  (services: readonly Service[], repository: Repository): Find =>
  (place) => {
    const factsOf = ({ workload, autoscalers, budgets, exposures, routes, sticky }: Deployment): readonly { readonly place: Place }[] => [
      workload,
      ...autoscalers,
      ...budgets,
      ...exposures,
      ...routes,
      ...sticky,
    ];
    const found = services.filter(({ deployments }) =>
      deployments.some((one) => counts(one) && factsOf(one).some((fact) => holds(fact.place, place))),
    );
    if (found.length) return found;
    return repository.facts.all('workload').some((fact) => fact.place.path === place.path) ? [] : undefined;
  };

/** A file is of the services of the innermost folder; the root is everybody's, unless all services live there. */
const byFolder =
  (services: readonly Service[]): Find =>
  ({ path }) => {
    const around = services.filter(({ root }) => root !== undefined && isInside(path, root));
    const deepest = Math.max(...around.map(({ root }) => root!.length));
    const found = around.filter(({ root }) => root!.length === deepest);
    return deepest > 0 || services.every(({ root }) => root === '') ? found : [];
  };

const rank: Readonly<Record<Level, number>> = { error: 0, warning: 1, note: 2 };

/** Merged findings count for the services of all; for each with the worst of its own levels. */
export function joinConcerns<T extends Pick<RawFinding, 'service' | 'level' | 'concerns'>>(first: T, others: readonly T[]): T {
  const worst = new Map<string, Level>();
  for (const { service, level, concerns = [] } of [first, ...others])
    for (const one of service === undefined ? concerns : [{ service, level }, ...concerns]) {
      const known = worst.get(one.service);
      if (known === undefined || rank[one.level] < rank[known]) worst.set(one.service, one.level);
    }
  const names = [...worst.keys()].filter((name) => name !== first.service).sort();
  return names.length ? { ...first, concerns: names.map((service) => ({ service, level: worst.get(service)! })) } : first;
}

/** Names them on every finding whose rule names no service. */
export function nameConcerned(findings: readonly RawFinding[], repository: Repository): readonly RawFinding[] {
  const services = repository.services.filter((service) => !isOfOthers(service));
  const ways: readonly Find[] = [
    byProgram(services),
    byImage(services, repository),
    byVariable(services),
    byManifest(services, repository),
    byFolder(services),
  ];
  const find = (place: Place): readonly Service[] => {
    for (const way of ways) {
      const found = way(place);
      if (found) return found;
    }
    return [];
  };
  return findings.map((finding) => {
    if (finding.service !== undefined) return finding;
    const names = new Set([finding, ...finding.related].flatMap(({ place }) => find(place).map(({ name }) => name)));
    const { level } = finding;
    return names.size ? { ...finding, concerns: [...names].sort().map((service) => ({ service, level })) } : finding;
  });
}
