/**
 * fly.toml → a workload for each process group (fly.io/docs/reference/configuration). How many machines there are is set by
 * `fly scale count` and kept out of the file; `min_machines_running` is the least that stay started.
 */
import type { Container, Port, Probe, Setting, Workload } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { maskCommand } from '../../text/secret-shapes.ts';
import { splitWords } from '../../text/shell-words.ts';
import { readToml } from '../../text/toml-document.ts';
import { booleanOf, entriesOf, nodeAt, numberOf, textOf } from '../../text/yaml-access.ts';
import type { YamlMap, YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';
import {
  autoscaler,
  baseName,
  emptyContainer,
  entryPlace,
  envEntry,
  folderOf,
  given,
  joinBelow,
  known,
  numberSetting,
  singleDisk,
  textSetting,
  unknown,
  workload,
} from './facts.ts';

const kind = 'Fly app';
/** "The default setting is 5 seconds" (configuration reference, `kill_timeout`). */
const defaultGrace = 5;
/** "The default is 8080" (configuration reference, `internal_port`). */
const defaultPort = 8080;

interface App {
  readonly root: YamlMap;
  readonly path: string;
  readonly name: string;
  readonly namePlace: Place;
}
/** One way in, `[http_service]` or one of `[[services]]`. */
interface FlyService {
  readonly node: YamlNode;
  readonly port: Setting<number>;
  readonly processes: readonly string[];
}

const asList = (node: YamlNode | undefined): readonly YamlNode[] => (node?.kind === 'list' ? node.items : node ? [node] : []);
const textsOf = (node: YamlNode | undefined): readonly string[] => asList(node).flatMap((item) => textOf(item) ?? []);

/** A part that names no process groups belongs to all of them. */
const concerns = (groups: readonly string[], group: string): boolean => groups.length === 0 || groups.includes(group);

function servicesOf(root: YamlMap): readonly FlyService[] {
  const nodes = [...asList(nodeAt(root, 'http_service')), ...asList(nodeAt(root, 'services'))].filter(({ kind: of }) => of === 'map');
  return nodes.map((node) => ({
    node,
    port: numberSetting(nodeAt(node, 'internal_port')) ?? known(defaultPort, node.place),
    processes: textsOf(nodeAt(node, 'processes')),
  }));
}

function httpProbe(node: YamlNode, port: Setting<number>): Probe {
  return { type: 'http', path: textSetting(nodeAt(node, 'path')) ?? known('/', node.place), port, place: node.place };
}

/** Checks of a service: the proxy sends requests only to machines that pass them. */
function readinessOf({ node, port }: FlyService): readonly Probe[] {
  const tcp = asList(nodeAt(node, 'tcp_checks')).map((check): Probe => ({ type: 'tcp', port, place: check.place }));
  const http = [...asList(nodeAt(node, 'checks')), ...asList(nodeAt(node, 'http_checks'))].map((check) => httpProbe(check, port));
  return [...http, ...tcp];
}

/** `[checks.name]` watch a machine: they neither route requests nor restart it (fly.io/docs/reference/health-checks). */
function watchOf(root: YamlMap, group: string): Probe | undefined {
  for (const { value } of entriesOf(nodeAt(root, 'checks'))) {
    if (!concerns(textsOf(nodeAt(value, 'processes')), group)) continue;
    const port = numberSetting(nodeAt(value, 'port')) ?? unknown('the check names no port', value.place);
    return textOf(nodeAt(value, 'type')) === 'http' ? httpProbe(value, port) : { type: 'tcp', port, place: value.place };
  }
  return undefined;
}

/** `"512mb"`, `"2gb"`, or a number of megabytes. */
function memorySetting(node: YamlNode | undefined): Setting<number> | undefined {
  const text = textOf(node);
  if (!node || text === undefined) return undefined;
  const [, amount, unit = 'mb'] = /^(\d{1,7})\s*(mb|gb|mib|gib)?$/i.exec(text) ?? [];
  if (amount === undefined) return unknown('it has an unexpected form', node.place);
  return known(Number(amount) * (unit.toLowerCase().startsWith('g') ? 1024 ** 3 : 1024 ** 2), node.place);
}

function resourcesOf(root: YamlMap, group: string): Container['resources'] {
  const machine = asList(nodeAt(root, 'vm')).find((vm) => concerns(textsOf(nodeAt(vm, 'processes')), group));
  const memory = memorySetting(nodeAt(machine, 'memory') ?? nodeAt(machine, 'memory_mb'));
  const cpu = numberSetting(nodeAt(machine, 'cpus'));
  return given<Container['resources']>({
    cpuRequest: cpu,
    cpuLimit: cpu,
    memoryRequest: memory,
    memoryLimit: memory,
    place: machine?.place,
  });
}

/** The Docker context is where `fly deploy` is started: by convention the folder of the file. */
function buildOf({ root, path, namePlace }: App): Pick<Workload, 'build'> & Pick<Container, 'image'> {
  const build = nodeAt(root, 'build');
  const image = textSetting(nodeAt(build, 'image'));
  if (image) return { image };
  const context = folderOf(path);
  const dockerfile = textOf(nodeAt(build, 'dockerfile'));
  const target = textOf(nodeAt(build, 'build-target')) ?? textOf(nodeAt(build, 'build_target'));
  return {
    build: given<NonNullable<Workload['build']>>({
      context,
      dockerfile: dockerfile === undefined ? undefined : joinBelow(context, dockerfile),
      target,
      conventional: true,
      args: {},
      place: nodeAt(build, 'dockerfile')?.place ?? build?.place ?? namePlace,
    }),
  };
}

/** Milliseconds are not written; `"30s"`, `"5m0s"` or a number of seconds. */
function graceOf(root: YamlMap, namePlace: Place): Setting<number> {
  const node = nodeAt(root, 'kill_timeout');
  const text = textOf(node);
  if (!node || text === undefined) return known(defaultGrace, namePlace);
  const plain = numberOf(node);
  if (plain !== undefined) return known(plain, node.place);
  const [whole, minutes, seconds] = /^(?:(\d{1,4})m)?(?:(\d{1,5})s)?$/.exec(text) ?? [];
  return whole ? known(Number(minutes ?? 0) * 60 + Number(seconds ?? 0), node.place) : unknown('it has an unexpected form', node.place);
}

function strategyOf(root: YamlMap): Workload['strategy'] {
  const deploy = nodeAt(root, 'deploy');
  const type = textSetting(nodeAt(deploy, 'strategy'));
  const maxUnavailable = numberSetting(nodeAt(deploy, 'max_unavailable'));
  return deploy && type ? given<NonNullable<Workload['strategy']>>({ type, maxUnavailable, place: deploy.place }) : undefined;
}

function mountsOf(root: YamlMap, group: string) {
  const nodes = asList(nodeAt(root, 'mounts')).filter(
    (mount) => mount.kind === 'map' && concerns(textsOf(nodeAt(mount, 'processes')), group),
  );
  return nodes.map((mount, index) => {
    const destination = textSetting(nodeAt(mount, 'destination')) ?? unknown('it is not written', mount.place);
    return singleDisk(textOf(nodeAt(mount, 'source')) ?? `volume ${index + 1}`, destination, mount.place);
  });
}

/** What starts and stops machines with the requests; off: what `fly scale count` made keeps running. */
function scalingOf(app: App, services: readonly FlyService[], of: Workload): AnyFact | undefined {
  const elastic = services.find(({ node }) => {
    const stop = nodeAt(node, 'auto_stop_machines');
    const starts = booleanOf(nodeAt(node, 'auto_start_machines')) !== false;
    return starts && stop !== undefined && booleanOf(stop) !== false && textOf(stop) !== 'off';
  });
  if (!elastic) return undefined;
  const place = nodeAt(elastic.node, 'auto_stop_machines')!.place;
  const min = numberSetting(nodeAt(elastic.node, 'min_machines_running')) ?? known(0, place);
  return autoscaler(
    of,
    { kind: 'Fly autostart', name: app.name, min, max: unknown('`fly scale count` decides', place), otherMetrics: ['requests'] },
    place,
  );
}

function readGroup(app: App, group: string, command: YamlNode | undefined, alone: boolean): readonly AnyFact[] {
  const { root, name: appName } = app;
  const services = servicesOf(root).filter(({ processes }) => concerns(processes, group));
  const disks = mountsOf(root, group);
  const { build, image } = buildOf(app);
  const readiness = services.flatMap(readinessOf)[0];
  const name = alone ? appName : `${appName}-${group}`;
  const namePlace = alone ? app.namePlace : (command?.place ?? app.namePlace);
  const words = textOf(command);
  const container = given<Container>({
    ...emptyContainer(name, root.place, namePlace),
    image,
    args: command && words?.trim() ? known(splitWords(maskCommand(words)), command.place) : undefined,
    ports: services.map(({ port }): Port => ({ number: port, place: port.place })),
    env: entriesOf(nodeAt(root, 'env')).map((entry) => envEntry(entry.key, entry.value, entryPlace(entry))),
    readiness,
    healthcheck: watchOf(root, group),
    resources: resourcesOf(root, group),
    mounts: disks.map(({ mount }) => mount),
  });
  const of = workload(
    given<Parameters<typeof workload>[0]>({
      kind,
      name,
      purpose: purposeOf(app.path),
      containers: [container],
      namePlace,
      build,
      replicas: unknown('`fly scale count` decides', namePlace),
      volumes: disks.map(({ volume }) => volume),
      strategy: strategyOf(root),
      gracePeriod: graceOf(root, app.namePlace),
      stopSignal: textSetting(nodeAt(root, 'kill_signal')) ?? known('SIGINT', app.namePlace),
    }),
    namePlace,
  );
  const scaler = disks.length > 0 && !hasSeveral(services) ? undefined : scalingOf(app, services, of.value as Workload);
  return [of, ...disks.map(({ claim }) => claim), ...(scaler ? [scaler] : [])];
}

/** A volume belongs to one machine: an app with one is moved to a second machine only on purpose. */
const hasSeveral = (services: readonly FlyService[]): boolean =>
  services.some(({ node }) => (numberOf(nodeAt(node, 'min_machines_running')) ?? 0) > 1);

/** Runs once before each release, in a machine of its own. */
function readRelease(app: App): readonly AnyFact[] {
  const node = nodeAt(app.root, 'deploy', 'release_command');
  const words = textOf(node);
  if (!node || !words?.trim()) return [];
  const { build, image } = buildOf(app);
  const name = `${app.name}-release`;
  const container = given<Container>({
    ...emptyContainer(name, node.place, node.place),
    image,
    args: known(splitWords(maskCommand(words)), node.place),
  });
  const parts = { kind: 'Fly release command', name, purpose: purposeOf(app.path), containers: [container], namePlace: node.place };
  return [workload(given<Parameters<typeof workload>[0]>({ ...parts, build, longRunning: false }), node.place)];
}

/** Ways in and builds only: other tools have a file of this name, too. */
const isFly = (root: YamlMap): boolean =>
  ['app', 'http_service', 'services', 'processes', 'primary_region'].some((key) => root.entries.has(key));

function extract(file: SourceFile): Extraction {
  const { root, notAssessed } = readToml(file);
  if (!root || !isFly(root)) return { facts: [], notAssessed };
  const nameNode = nodeAt(root, 'app');
  const name = textOf(nameNode)?.trim() || folderOf(file.path).split('/').at(-1) || 'app';
  const app: App = { root, path: file.path, name, namePlace: nameNode?.place ?? root.place };
  const groups = entriesOf(nodeAt(root, 'processes')).slice(0, 50);
  const facts =
    groups.length === 0
      ? readGroup(app, 'app', undefined, true)
      : groups.flatMap(({ key, value }) => readGroup(app, key, value, groups.length === 1));
  return { facts: [...facts, ...readRelease(app)], notAssessed };
}

const named = /^(?:fly(?:[._-][\w.-]+)?|[\w-]+[._-]fly)\.toml$/i;

export const flyAdapter: Adapter = {
  id: 'fly',
  needsText: (path) => named.test(baseName(path)) && baseName(path) !== 'fly.toml',
  classify: (path, head) =>
    baseName(path) === 'fly.toml' ||
    (head !== undefined && named.test(baseName(path)) && /^\s*(?:app\s*=|\[http_service\]|\[\[services\]\])/m.test(head)),
  extract,
};
