/** Questions about Compose workloads: the same format serves for development and for production, and only its content tells. */
import type { Volume, Workload } from '../facts.ts';
import type { Deployment, Fact, Repository, Service } from '../types.ts';
import { isProduction } from './workload-questions.ts';

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A path of a Compose file from the repository's root; `undefined` when it lies outside or a variable decides. */
export function resolveFrom(composePath: string, source: string): string | undefined {
  if (/^[/~]|\$|^[A-Za-z]:/.test(source)) return undefined;
  const segments = folderOf(composePath).split('/').filter(Boolean);
  for (const segment of source.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

const codeFolder =
  /(^|\/)(src|source|app|apps|lib|libs|packages|server|client|api|web|backend|frontend|public|pages|components|views|routes|node_modules)$/i;
const workingFolder = /^(\.|\.\/|\.\.|\.\.\/|\$PWD|\$\{PWD\}|\$\(pwd\))$/;

/** The bind mount brings code of the repository into the container: edit and reload, which is development. */
export function mountsSource({ place, value }: Fact<'workload'>, { type, source }: Volume): boolean {
  if (type !== 'bind' || !source) return false;
  if (!source.known) return false;
  if (workingFolder.test(source.value) || codeFolder.test(source.value.replace(/\/+$/, ''))) return true;
  return value.build !== undefined && resolveFrom(place.path, source.value) === value.build.context;
}

/** A cluster beside it makes Compose the way to develop. A Procfile (Heroku) is one more way to run the program, and says less. */
const clusters: ReadonlySet<Workload['platform']> = new Set(['kubernetes', 'ecs', 'cloud-run', 'cloud-foundry']);
const deploysElsewhere = (repository: Repository): boolean =>
  repository.notAssessed.some(({ reason }) => reason === 'template') ||
  repository.facts.all('workload').some(({ value }) => clusters.has(value.platform) && isProduction(value));

/** Files that a workload comes from: overlays keep the places of the base. */
const filesOf = ({ place, value }: Fact<'workload'>): ReadonlySet<string> =>
  new Set([place.path, value.namePlace.path, ...value.containers.map(({ namePlace }) => namePlace.path)]);

/** True when nothing else deploys the repository, and the file is not only what developers start. */
export const isComposeForProduction = (workload: Fact<'workload'>, repository: Repository): boolean =>
  isProduction(workload.value) && !deploysElsewhere(repository) && !isComposeForDevelopers(workload, repository);

/** A service of its files runs from mounted source, or all of them are stores and tools beside the program. */
export function isComposeForDevelopers(workload: Fact<'workload'>, repository: Repository): boolean {
  const files = filesOf(workload);
  const together = [workload, ...repository.facts.all('workload').filter(({ place }) => files.has(place.path))];
  const edited = together.some((fact) => fact.value.volumes.some((volume) => mountsSource(fact, volume)));
  const isNamed = workload.value.purpose === 'production';
  return edited || !(isNamed || together.some(isOfSwarm) || holdsOwnProgram(files, repository));
}
/** Nobody starts a cluster to have a store beside the program. */
const isOfSwarm = ({ value }: Fact<'workload'>): boolean => /\bSwarm service$/.test(value.kind);

/**
 * A file with stores and tools only is what developers start beside their program. What the repository neither builds nor has the
 * source of is a tool as well, where it has programs of its own; a repository without any deploys those of others.
 */
function holdsOwnProgram(files: ReadonlySet<string>, { services }: Repository): boolean {
  const others = services.filter(({ kind }) => kind !== 'database' && kind !== 'third-party');
  const inFiles = others.flatMap((service) =>
    service.deployments.filter(({ workload }) => files.has(workload.place.path)).map((deployment) => ({ service, deployment })),
  );
  return inFiles.some(({ service, deployment }) => isOwn(service, deployment)) || (inFiles.length > 0 && !others.some(hasSource));
}
const hasSource = ({ root, images }: Service): boolean => root !== undefined || images.length > 0;
/** An image whose name a variable holds may be anything. */
const isOwn = (service: Service, { workload, image, container }: Deployment): boolean =>
  hasSource(service) ||
  workload.value.build !== undefined ||
  image !== undefined ||
  (container.image !== undefined && !container.image.known);

/** Ports of the service in this file or in another of the same folder that is laid over it. */
export function publishesPort({ place, value }: Fact<'workload'>, repository: Repository): boolean {
  const related = repository.facts
    .all('workload')
    .filter(
      (fact) => fact.value.platform === 'compose' && fact.value.name === value.name && folderOf(fact.place.path) === folderOf(place.path),
    );
  return [value, ...related.map((fact) => fact.value)].some(({ containers }) => containers.some(({ ports }) => ports.length > 0));
}

export const hasProfile = ({ profiles }: Workload): boolean => profiles.length > 0;
