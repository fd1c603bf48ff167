/**
 * Services that a finding counts for although its rule names none: those whose program, image, manifest or folder holds its
 * place. What belongs to nobody in particular stays a finding of the repository as a whole.
 */
import type { RawFinding } from '../rules/run-rules.ts';
import type { Deployment, Level, Place, Repository, Service } from '../types.ts';

type Find = (place: Place) => readonly Service[] | undefined;

const holds = (outer: Place, { path, line }: Place): boolean => outer.path === path && outer.line <= line && line <= outer.endLine;
const lineOf = ({ path, line }: Place): string => `${path}\0${line}`;

/** What others make has no gates of its own. */
const isOfOthers = ({ kind }: Service): boolean => kind === 'database' || kind === 'third-party';
const counts = ({ purpose }: Deployment): boolean => purpose === 'production' || purpose === 'unknown';

type Index = ReadonlyMap<string, readonly Service[]>;

/** Services by what they have, in their order: a repository may have a thousand, and thousands of findings. */
function indexBy(services: readonly Service[], keysOf: (service: Service) => readonly string[]): Index {
  const index = new Map<string, Service[]>();
  for (const service of services)
    for (const key of new Set(keysOf(service))) {
      const known = index.get(key);
      if (known) known.push(service);
      else index.set(key, [service]);
    }
  return index;
}

/** Code is of the services that run it, wherever it lies. */
function byProgram(services: readonly Service[]): Find {
  const index = indexBy(services, ({ code }) => code.all('secret').map(({ place }) => lineOf(place)));
  return (place) => index.get(lineOf(place));
}

/** A Dockerfile is of the services that it builds, a stage of those that are built from it. */
function byImage(services: readonly Service[], repository: Repository): Find {
  const index = indexBy(services, ({ images }) => images.map(({ fact }) => fact.place.path));
  const dockerfiles = new Map(
    repository.facts
      .all('image')
      .toReversed()
      .map((fact) => [fact.place.path, fact]),
  );
  return (place) => {
    const image = dockerfiles.get(place.path);
    if (!image) return undefined;
    const stage = image.value.stages.findLast((one) => one.place.line <= place.line);
    const built = index.get(place.path) ?? [];
    const staged = built.filter(({ images }) =>
      images.some(({ fact, lineage }) => fact.place.path === place.path && lineage.some(({ index }) => index === stage?.index)),
    );
    return staged.length ? staged : built;
  };
}

/** A variable is of all that it reaches, also by a ConfigMap or a file of variables. */
function byVariable(services: readonly Service[]): Find {
  const index = indexBy(services, ({ deployments }) =>
    deployments
      .filter(counts)
      .flatMap(({ environment }) => environment.given)
      .flatMap(({ place, value }) => [lineOf(place), ...(value?.place ? [lineOf(value.place)] : [])]),
  );
  return (place) => index.get(lineOf(place));
}

const manifestsOf = ({ workload, autoscalers, budgets, exposures, routes, sticky }: Deployment): readonly { readonly place: Place }[] => [
  workload,
  ...autoscalers,
  ...budgets,
  ...exposures,
  ...routes,
  ...sticky,
];
const countedManifests = ({ deployments }: Service): readonly Place[] =>
  deployments
    .filter(counts)
    .flatMap(manifestsOf)
    .map(({ place }) => place);

/** A manifest is of the workload that it declares or that it is about; one of others, or for development, is of no service. */
function byManifest(services: readonly Service[], repository: Repository): Find {
  const index = indexBy(services, (service) => countedManifests(service).map(({ path }) => path));
  const workloads = new Set(repository.facts.all('workload').map((fact) => fact.place.path));
  return (place) => {
    const found = (index.get(place.path) ?? []).filter((service) => countedManifests(service).some((outer) => holds(outer, place)));
    if (found.length) return found;
    return workloads.has(place.path) ? [] : undefined;
  };
}

/** A file is of the services of the innermost folder; the root is everybody's, unless all services live there. */
function byFolder(services: readonly Service[]): Find {
  const index = indexBy(services, ({ root }) => (root === undefined ? [] : [root]));
  const isAllRoot = services.every(({ root }) => root === '');
  return ({ path }) => {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const found = index.get(path.slice(0, slash));
      if (found) return found;
    }
    return isAllRoot ? services : [];
  };
}

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
