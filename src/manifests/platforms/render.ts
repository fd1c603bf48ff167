/**
 * render.yaml → a workload for each service (render.com/docs/blueprint-spec). `numInstances` and scaling that the file leaves out are
 * set in the dashboard; an app is asked by TCP whether it listens where it has no `healthCheckPath` (render.com/docs/health-checks).
 */
import type { Container, EnvEntry, Probe, Setting, Workload } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { judgeValue } from '../../text/secret-shapes.ts';
import { entriesOf, entryAt, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';
import {
  autoscaler,
  baseName,
  emptyContainer,
  envEntry,
  folderOf,
  given,
  joinBelow,
  known,
  numberSetting,
  shellCommand,
  singleDisk,
  textSetting,
  unknown,
  workload,
} from './facts.ts';

/** "The default is 30 seconds" (blueprint specification, `maxShutdownDelaySeconds`). */
const defaultGrace = 30;
const kinds: Readonly<Record<string, string>> = {
  web: 'Render web service',
  pserv: 'Render private service',
  worker: 'Render worker',
  cron: 'Render cron job',
};

type Groups = ReadonlyMap<string, readonly EnvEntry[]>;

/** One of `envVars`: a value, or where it comes from. */
function readVariable(node: YamlNode): EnvEntry | undefined {
  const key = textOf(nodeAt(node, 'key'));
  if (key === undefined) return undefined;
  const value = nodeAt(node, 'value');
  if (value) return envEntry(key, value, node.place);
  return { name: key, from: { kind: 'secret', optional: true }, place: node.place };
}

/** `fromGroup` brings the variables of a group; one that the file does not define is kept on the platform. */
const readVariables = (node: YamlNode | undefined, groups: Groups): readonly EnvEntry[] =>
  itemsOf(node).flatMap((item) => {
    const group = textOf(nodeAt(item, 'fromGroup'));
    return group === undefined ? (readVariable(item) ?? []) : (groups.get(group) ?? []);
  });

const readGroups = (root: YamlNode): Groups =>
  new Map(
    itemsOf(nodeAt(root, 'envVarGroups')).flatMap((group) => {
      const name = textOf(nodeAt(group, 'name'));
      return name === undefined ? [] : [[name, readVariables(nodeAt(group, 'envVars'), new Map())] as const];
    }),
  );

/** Compose names of runtimes: `runtime`, formerly `env`. */
const runtimeOf = (service: YamlNode): string => textOf(nodeAt(service, 'runtime')) ?? textOf(nodeAt(service, 'env')) ?? '';

function readBuild(service: YamlNode, folder: string, namePlace: Place): Pick<Workload, 'build'> & Pick<Container, 'image'> {
  const image = textSetting(nodeAt(service, 'image', 'url'));
  if (image) return { image };
  const base = joinBelow(folder, textOf(nodeAt(service, 'rootDir')) ?? '.') ?? folder;
  const isDocker = runtimeOf(service) === 'docker';
  const context = isDocker ? joinBelow(base, textOf(nodeAt(service, 'dockerContext')) ?? '.') : base;
  if (context === undefined) return {};
  const written = nodeAt(service, 'dockerfilePath');
  const dockerfile = isDocker ? joinBelow(base, textOf(written) ?? 'Dockerfile') : undefined;
  return {
    build: given<NonNullable<Workload['build']>>({
      context,
      dockerfile,
      native: isDocker ? undefined : true,
      args: {},
      place: written?.place ?? nodeAt(service, 'rootDir')?.place ?? namePlace,
    }),
  };
}

function readDisk(service: YamlNode) {
  const disk = nodeAt(service, 'disk');
  if (disk?.kind !== 'map') return undefined;
  const path = textSetting(nodeAt(disk, 'mountPath')) ?? unknown('it is not written', disk.place);
  return singleDisk(textOf(nodeAt(disk, 'name')) ?? 'disk', path, entryAt(service, 'disk')!.keyPlace);
}

/** A disk keeps a service at one instance (render.com/docs/disks); otherwise only what is written counts. */
function replicasOf(service: YamlNode, namePlace: Place): Setting<number> | undefined {
  if (nodeAt(service, 'scaling')) return undefined;
  return numberSetting(nodeAt(service, 'numInstances')) ?? unknown('the dashboard decides', namePlace);
}

function readScaling(service: YamlNode, of: Workload): readonly AnyFact[] {
  const scaling = nodeAt(service, 'scaling');
  if (scaling?.kind !== 'map') return [];
  const metrics = [
    ['cpu', nodeAt(scaling, 'targetCPUPercent')],
    ['memory', nodeAt(scaling, 'targetMemoryPercent')],
  ] as const;
  const parts = given<Parameters<typeof autoscaler>[1]>({
    kind: 'Render scaling',
    name: of.name,
    min: numberSetting(nodeAt(scaling, 'minInstances')) ?? unknown('it is not written', scaling.place),
    max: numberSetting(nodeAt(scaling, 'maxInstances')) ?? unknown('it is not written', scaling.place),
    resourceMetrics: [],
    otherMetrics: metrics.flatMap(([name, node]) => (node ? [name] : [])),
  });
  return [autoscaler(of, parts, entryAt(service, 'scaling')!.keyPlace)];
}

function readProbe(service: YamlNode): Probe | undefined {
  const path = textSetting(nodeAt(service, 'healthCheckPath'));
  return path && { type: 'http', path, place: path.place };
}

/** What one service runs: the start command of a native runtime, the command of an image. */
function readProcess(service: YamlNode): Pick<Container, 'command' | 'args' | 'shell'> {
  const start = shellCommand(nodeAt(service, 'startCommand'));
  if (start) return { command: start, shell: true };
  const docker = shellCommand(nodeAt(service, 'dockerCommand'));
  return docker ? { command: docker, shell: true } : {};
}

function readPort(env: readonly EnvEntry[], type: string): Container['ports'] {
  const port = type === 'web' ? env.find(({ name }) => name === 'PORT')?.value : undefined;
  if (!port?.known || !/^\d{1,5}$/.test(port.value)) return [];
  return [{ number: known(Number(port.value), port.place), place: port.place }];
}

function readService(service: YamlNode, file: string, groups: Groups): readonly AnyFact[] {
  const type = textOf(nodeAt(service, 'type')) ?? '';
  const nameNode = nodeAt(service, 'name');
  const name = textOf(nameNode);
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  const isStatic = runtimeOf(service) === 'static' || nodeAt(service, 'staticPublishPath') !== undefined;
  if (!nameNode || name === undefined || kind === undefined || isStatic || isElsewhere(service)) return [];
  const namePlace = nameNode.place;
  const env = readVariables(nodeAt(service, 'envVars'), groups);
  const disk = readDisk(service);
  const { build, image } = readBuild(service, folderOf(file), namePlace);
  const probe = readProbe(service);
  const container = given<Container>({
    ...emptyContainer(name, service.place, namePlace),
    ...readProcess(service),
    image,
    ports: readPort(env, type),
    env,
    readiness: probe,
    liveness: probe,
    mounts: disk ? [disk.mount] : [],
  });
  const shared = { name, purpose: purposeOf(file), namePlace, build };
  const of = workload(
    given<Parameters<typeof workload>[0]>({
      ...shared,
      kind,
      containers: [container],
      longRunning: type !== 'cron',
      replicas: type === 'cron' ? undefined : replicasOf(service, namePlace),
      volumes: disk ? [disk.volume] : [],
      gracePeriod: numberSetting(nodeAt(service, 'maxShutdownDelaySeconds')) ?? known(defaultGrace, namePlace),
    }),
    namePlace,
  );
  return [
    of,
    ...(disk ? [disk.claim] : []),
    ...readScaling(service, of.value as Workload),
    ...readRelease(service, { ...shared, image, env }),
  ];
}

/** Another repository holds its source. */
const isElsewhere = (service: YamlNode): boolean =>
  nodeAt(service, 'repo') !== undefined &&
  nodeAt(service, 'rootDir') === undefined &&
  nodeAt(service, 'startCommand') === undefined &&
  nodeAt(service, 'dockerfilePath') === undefined;

/** Runs once for each deploy, before it starts. */
function readRelease(
  service: YamlNode,
  of: Pick<Workload, 'name' | 'purpose' | 'build'> & Pick<Container, 'image' | 'env'>,
): readonly AnyFact[] {
  const command = shellCommand(nodeAt(service, 'preDeployCommand'));
  if (!command) return [];
  const name = `${of.name}-pre-deploy`;
  const { place } = command;
  const container = given<Container>({ ...emptyContainer(name, place, place), image: of.image, command, shell: true });
  const parts = { kind: 'Render pre-deploy command', name, purpose: of.purpose, containers: [container], namePlace: place };
  return [workload(given<Parameters<typeof workload>[0]>({ ...parts, build: of.build, longRunning: false }), place)];
}

/** Secrets of a group are told once, at the group. */
function groupSecrets(root: YamlNode, file: string): readonly AnyFact[] {
  return itemsOf(nodeAt(root, 'envVarGroups')).flatMap((group) =>
    itemsOf(nodeAt(group, 'envVars')).flatMap((item): readonly AnyFact[] => {
      const env = textOf(nodeAt(item, 'key'));
      const value = nodeAt(item, 'value');
      const judged = env === undefined ? undefined : judgeValue(env, textOf(value) ?? '');
      if (!value || judged?.shape !== 'secret') return [];
      const secret = {
        what: judged.what ?? 'secret',
        origin: 'literal' as const,
        env,
        holder: 'manifest' as const,
        purpose: purposeOf(file),
      };
      return [{ kind: 'secret', place: value.place, confidence: 'certain', value: given(secret) as typeof secret & { env: string } }];
    }),
  );
}

/** Services stand at the top, and in environments of projects. */
function scopesOf(root: YamlNode): readonly YamlNode[] {
  const projects = itemsOf(nodeAt(root, 'projects')).flatMap((project) => itemsOf(nodeAt(project, 'environments')));
  return [root, ...projects].filter((scope) => entriesOf(scope).length > 0);
}

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap(scopesOf).flatMap((scope) => {
    const groups = readGroups(scope);
    const services = itemsOf(nodeAt(scope, 'services')).slice(0, 200);
    return [...services.flatMap((service) => readService(service, file.path, groups)), ...groupSecrets(scope, file.path)];
  });
  return { facts, notAssessed };
}

const named = /^(?:[\w-]+[._-])?render(?:[._-][\w-]+)*\.ya?ml$/i;

export const renderAdapter: Adapter = {
  id: 'render',
  needsText: (path) => named.test(baseName(path)),
  classify: (path, head) =>
    head !== undefined &&
    named.test(baseName(path)) &&
    !/^apiVersion[ \t]*:/m.test(head) &&
    /^(?:services|projects|databases|envVarGroups)[ \t]*:/m.test(head),
  extract,
};
