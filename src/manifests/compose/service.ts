/** One service of a Compose file → a workload. It says what this file says: overrides are other facts of the same name. */
import type { Container, Workload } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { judgeValue } from '../../text/secret-shapes.ts';
import { entriesOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlNode } from '../../text/yaml-document.ts';
import { readContainer } from './container.ts';
import { interpolate } from './interpolate.ts';
import { type readBound, readMounts } from './mounts.ts';
import {
  nameSetting,
  numberSetting,
  pairsOf,
  parsedSetting,
  present,
  repositoryPath,
  secondsSetting,
  textSetting,
  textsOf,
} from './settings.ts';
import { readPin, swarmKind } from './swarm.ts';

export interface ComposeContext {
  readonly path: string;
  readonly folder: string;
  /** What the name of the project says: `name: shop-local`. */
  readonly named: Workload['purpose'];
  /** Services that another one waits for until they have completed: they run once. */
  readonly completed: ReadonlySet<string>;
  /** The file is one of Swarm. */
  readonly isStack: boolean;
  /** The file changes what another one says. */
  readonly completes: boolean;
  readonly bound: ReturnType<typeof readBound>;
}

function readBuild(node: YamlNode | undefined, folder: string): Workload['build'] {
  const given = present(node);
  if (!given) return undefined;
  const written = scalarOf(given)?.text ?? textOf(nodeAt(given, 'context')) ?? '.';
  // `${PWD}` is where `docker compose -f infra/compose.yml up` is called: at the root.
  const fromRoot = /^\$(?:\{PWD\}|PWD)(?:\/|$)/.exec(written)?.[0];
  const context =
    fromRoot === undefined
      ? repositoryPath(folder, interpolate(written).text)
      : repositoryPath('', interpolate(written.slice(fromRoot.length)).text || '.');
  if (context === undefined) return undefined;
  const file = nameSetting(nodeAt(given, 'dockerfile'));
  const dockerfile = file?.known ? repositoryPath(context, file.value) : file?.written;
  const target = textSetting(nodeAt(given, 'target'));
  const args = pairsOf(nodeAt(given, 'args')).flatMap(({ key, value }) => {
    const filled = value === undefined ? undefined : interpolate(value);
    const text = filled && filled.unknown.length === 0 ? judgeValue(key, filled.text).text : undefined;
    return text === undefined ? [] : [[key, text] as const];
  });
  return {
    context,
    ...(dockerfile ? { dockerfile } : {}),
    ...(target?.known ? { target: target.value } : {}),
    args: Object.fromEntries(args),
    place: given.place,
  };
}

/** Swarm jobs, explicit `condition: none`, and what others wait for to complete, end by themselves. */
function isLongRunning(name: string, service: YamlNode, context: ComposeContext): boolean {
  const mode = textOf(nodeAt(service, 'deploy', 'mode'));
  const condition = textOf(nodeAt(service, 'deploy', 'restart_policy', 'condition'));
  return !context.completed.has(name) && !mode?.endsWith('-job') && condition !== 'none';
}

function readStrategy(service: YamlNode): Workload['strategy'] {
  const update = present(nodeAt(service, 'deploy', 'update_config'));
  if (!update) return undefined;
  const type = textSetting(nodeAt(update, 'order')) ?? { known: true as const, value: 'stop-first', place: update.place };
  const parallelism = numberSetting(nodeAt(update, 'parallelism'));
  return { type, ...(parallelism ? { maxUnavailable: parallelism } : {}), place: update.place };
}

const readDependsOn = (node: YamlNode | undefined): readonly string[] => {
  const given = present(node);
  return given?.kind === 'list' ? textsOf(given).map(({ text }) => text) : entriesOf(given).map(({ key }) => key);
};

/** Labels of the service and of its deployment, such as Traefik's; secrets in them are masked. */
function readLabels(service: YamlNode): Readonly<Record<string, string>> {
  const pairs = [...pairsOf(nodeAt(service, 'labels')), ...pairsOf(nodeAt(service, 'deploy', 'labels'))];
  return Object.fromEntries(pairs.map(({ key, value = '' }) => [key, judgeValue(key, interpolate(value).text).text ?? '***']));
}

function readExtends(node: YamlNode | undefined, folder: string): Workload['extends'] {
  const service = textOf(node) ?? textOf(nodeAt(node, 'service'));
  const written = textOf(nodeAt(node, 'file'));
  if (service === undefined) return undefined;
  const file = written === undefined ? undefined : (repositoryPath(folder, written) ?? written);
  return { service, ...(file === undefined ? {} : { file }) };
}

/** Profiles, Dockerfiles and stages named for development or tests narrow what the file is for. */
function servicePurpose(context: ComposeContext, profiles: readonly string[], build: Workload['build']): Workload['purpose'] {
  const file = purposeOf(context.path);
  const own = file === 'unknown' ? context.named : file;
  if (own === 'test' || own === 'development') return own;
  const built = own === 'unknown' ? [build?.dockerfile?.split('/').at(-1), build?.target].map((named) => purposeOf(named ?? '')) : [];
  const aside = built.find((purpose) => purpose === 'test' || purpose === 'development');
  if (aside) return aside;
  const named = profiles.map((profile) => purposeOf(profile));
  const [first] = named;
  return first !== undefined && first !== 'production' && named.every((purpose) => purpose === first) ? first : own;
}

/** Built from another repository or from above this one: it runs, and its image is not known. */
function withBuildElsewhere(container: Container, build: Workload['build'], written: YamlNode | undefined): Container {
  const given = present(written);
  if (build || !given || container.image) return container;
  return { ...container, image: { known: false, because: 'it is built outside of this repository', place: given.place } };
}

export function readService(entry: YamlEntry, context: ComposeContext): Workload {
  const { key: name, value: service, keyPlace } = entry;
  const { volumes, mounts } = readMounts(service, context.bound);
  const profiles = textsOf(nodeAt(service, 'profiles')).map(({ text }) => text);
  const build = readBuild(nodeAt(service, 'build'), context.folder);
  const container = withBuildElsewhere(readContainer(entry, context.folder, mounts), build, nodeAt(service, 'build'));
  const replicas = numberSetting(nodeAt(service, 'deploy', 'replicas')) ?? numberSetting(nodeAt(service, 'scale'));
  const strategy = readStrategy(service);
  const gracePeriod = secondsSetting(nodeAt(service, 'stop_grace_period'));
  const network = textSetting(nodeAt(service, 'network_mode'));
  const hostNetwork = parsedSetting(network, (text) => text === 'host');
  const restart = textSetting(nodeAt(service, 'restart'));
  const pinnedTo = readPin(service);
  const extended = readExtends(nodeAt(service, 'extends'), context.folder);
  return {
    platform: 'compose',
    kind: context.isStack ? swarmKind(service) : 'service',
    name,
    purpose: servicePurpose(context, profiles, build),
    longRunning: isLongRunning(name, service, context),
    labels: {},
    ...(replicas ? { replicas } : {}),
    containers: [container],
    initContainers: [],
    volumes,
    claimTemplates: [],
    ...(strategy ? { strategy } : {}),
    ...(gracePeriod ? { gracePeriod } : {}),
    ...(hostNetwork ? { hostNetwork } : {}),
    ...(pinnedTo ? { pinnedTo } : {}),
    ...(build ? { build } : {}),
    ...(extended ? { extends: extended } : {}),
    ...(context.completes ? { completes: true } : {}),
    dependsOn: readDependsOn(nodeAt(service, 'depends_on')),
    annotations: readLabels(service),
    profiles,
    ...(restart?.known ? { restart: restart.value } : {}),
    namePlace: keyPlace,
  };
}
