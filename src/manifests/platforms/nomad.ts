/**
 * Jobs of Nomad → a workload for each group (developer.hashicorp.com/nomad/docs/job-specification). A group runs one allocation unless
 * `count` says otherwise; an allocation without checks is healthy as soon as its tasks run (`update`, `health_check`).
 */
import type { Container, Port, Probe, Setting, Volume, Workload } from '../../facts.ts';
import { hclAsTree } from '../../text/hcl-tree.ts';
import { purposeOf } from '../../text/purpose.ts';
import { maskCommand } from '../../text/secret-shapes.ts';
import { booleanOf, entriesOf, itemsOf, nodeAt, numberOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import {
  autoscaler,
  baseName,
  emptyContainer,
  entryPlace,
  envEntry,
  given,
  known,
  numberSetting,
  textSetting,
  unknown,
  workload,
} from './facts.ts';

const kind = 'Nomad group';
/** "kill_timeout (string: "5s")" (`task`). */
const defaultGrace = 5;

const labelOf = (block: YamlNode): string => textOf(itemsOf(nodeAt(block, '#'))[0]) ?? '';
const blocksOf = (node: YamlNode | undefined, ...path: readonly string[]): readonly YamlNode[] =>
  path.reduce<readonly YamlNode[]>((nodes, key) => nodes.flatMap((one) => itemsOf(nodeAt(one, key))), node ? [node] : []);

/** Ports of a group by label: inside of the container it is `to`, else the one of the machine. */
function portsOf(group: YamlNode): ReadonlyMap<string, Setting<number>> {
  const ports = [...blocksOf(group, 'network', 'port'), ...blocksOf(group, 'task', 'resources', 'network', 'port')];
  return new Map(
    ports.map((port) => {
      const number = numberSetting(nodeAt(port, 'to')) ?? numberSetting(nodeAt(port, 'static'));
      return [labelOf(port), number ?? unknown('Nomad chooses it', port.place)] as const;
    }),
  );
}

function readCheck(service: YamlNode, ports: ReadonlyMap<string, Setting<number>>): Probe | undefined {
  const [check] = blocksOf(service, 'check');
  if (!check) return undefined;
  const label = textOf(nodeAt(check, 'port')) ?? textOf(nodeAt(service, 'port')) ?? '';
  const port = ports.get(label) ?? unknown('it is not written', check.place);
  const type = textOf(nodeAt(check, 'type'));
  if (type === 'http') return { type, path: textSetting(nodeAt(check, 'path')) ?? known('/', check.place), port, place: check.place };
  return { type: type === 'script' ? 'exec' : type === 'grpc' ? 'grpc' : 'tcp', port, place: check.place };
}

/** `port = 8080` of a service: the one that the task opens inside of its own network (`service`, "port" and "address_mode"). */
function ownPort(service: YamlNode): readonly Port[] {
  const node = nodeAt(service, 'port');
  const [, digits] = /^(\d{1,5})$/.exec(textOf(node) ?? '') ?? [];
  return node && digits !== undefined ? [{ number: known(Number(digits), node.place), place: node.place }] : [];
}

/** Words of `command` and `args` of the driver, where all of them are written out. */
function wordsOf(config: YamlNode | undefined, key: string): Setting<readonly string[]> | undefined {
  const node = nodeAt(config, key);
  if (!node) return undefined;
  const words = node.kind === 'list' ? node.items.map(textOf) : [textOf(node)];
  if (words.some((word) => word === undefined || /\$\{/.test(word))) return unknown('a variable decides it', node.place);
  return known(
    words.map((word) => maskCommand(word!)),
    node.place,
  );
}

function readTask(task: YamlNode, group: YamlNode, ports: ReadonlyMap<string, Setting<number>>): Container {
  const [config] = blocksOf(task, 'config');
  const services = [...blocksOf(task, 'service'), ...blocksOf(group, 'service')];
  const [resources] = blocksOf(task, 'resources');
  const memoryNode = nodeAt(resources, 'memory');
  const megabytes = numberOf(memoryNode);
  const memory = megabytes === undefined || !memoryNode ? undefined : known(megabytes * 1024 ** 2, memoryNode.place);
  const wanted = itemsOf(nodeAt(config, 'ports')).flatMap((item) => textOf(item) ?? []);
  const reached = services.flatMap((service) => textOf(nodeAt(service, 'port')) ?? []);
  const labels = new Set([...wanted, ...reached]);
  const checks = services.flatMap((service) => readCheck(service, ports) ?? []);
  return given<Container>({
    ...emptyContainer(labelOf(task), task.place, task.place),
    image: textSetting(nodeAt(config, 'image')),
    command: nodeAt(config, 'entrypoint') ? wordsOf(config, 'entrypoint') : undefined,
    args: argsOf(config),
    ports: [
      ...[...ports].filter(([label]) => labels.has(label)).map(([name, number]): Port => ({ name, number, place: number.place })),
      ...services.flatMap(ownPort),
    ],
    env: blocksOf(task, 'env')
      .flatMap(entriesOf)
      .map((entry) => envEntry(entry.key, entry.value, entryPlace(entry))),
    readiness: checks[0],
    resources: given<Container['resources']>({ memoryRequest: memory, memoryLimit: memory, place: resources?.place }),
    mounts: [
      ...blocksOf(task, 'volume_mount').map((mount) => ({
        volume: textOf(nodeAt(mount, 'volume')) ?? '',
        path: textSetting(nodeAt(mount, 'destination')) ?? unknown('it is not written', mount.place),
        readOnly: booleanOf(nodeAt(mount, 'read_only')) === true,
        place: mount.place,
      })),
      ...hostFolders(config).map(({ mount }) => mount),
    ],
  });
}

/**
 * Data that lies with one machine or one volume, so that a second allocation would not find it: a volume of the host, and one of CSI
 * that a single node may write. `per_alloc` gives each allocation its own (`volume` block).
 */
function readVolume(volume: YamlNode): Volume {
  const mode = textOf(nodeAt(volume, 'access_mode')) ?? '';
  const shared = /^multi-node|reader/.test(mode) || booleanOf(nodeAt(volume, 'read_only')) === true;
  const single = !shared && booleanOf(nodeAt(volume, 'per_alloc')) !== true;
  const name = labelOf(volume);
  return { name, type: single ? 'claim' : 'named', source: known(name, volume.place), place: volume.place };
}

interface HostFolder {
  readonly volume: Volume;
  readonly mount: Container['mounts'][number];
}
/** What lies there is the machine's own, or nobody's. */
const noData = /^\/(?:tmp|dev|run|var\/run|sys|proc)(?:\/|$)/;

/** `volumes = ["/srv/data:/data"]` of the Docker driver: folders of the machine, where the source is no folder of the allocation. */
function hostFolders(config: YamlNode | undefined): readonly HostFolder[] {
  return itemsOf(nodeAt(config, 'volumes')).flatMap((item) => {
    const [, source, target, options] =
      /^((?:\/|\$\{(?:var|local|meta)\.)[^:]{0,300}):([^:]{1,300})(?::([\w,]{1,40}))?$/.exec(textOf(item) ?? '') ?? [];
    if (source === undefined || target === undefined || options?.split(',').includes('ro')) return [];
    // A file is configuration.
    if (noData.test(source) || /\.\w{1,8}$/.test(source)) return [];
    const from = source.includes('${') ? unknown('a variable decides it', item.place) : known(source, item.place);
    return [
      {
        volume: { name: source, type: 'host-path' as const, source: from, place: item.place },
        mount: { volume: source, path: known(target, item.place), readOnly: false, place: item.place },
      },
    ];
  });
}

/** `command` of the Docker driver stands for CMD, and `args` follow it. */
function argsOf(config: YamlNode | undefined): Container['args'] {
  const command = wordsOf(config, 'command');
  const args = wordsOf(config, 'args');
  if (!command || !args) return command ?? args;
  return command.known && args.known
    ? known([...command.value, ...args.value], command.place)
    : unknown('a variable decides it', command.place);
}

/** `"30s"`, `"2m"`. */
function secondsOf(node: YamlNode | undefined): Setting<number> | undefined {
  if (!node) return undefined;
  const [whole, minutes, seconds] = /^(?:(\d{1,4})m)?(?:(\d{1,5})s)?$/.exec(textOf(node) ?? '') ?? [];
  return whole ? known(Number(minutes ?? 0) * 60 + Number(seconds ?? 0), node.place) : unknown('it has an unexpected form', node.place);
}

/** The main task: those that only prepare or accompany it have a `lifecycle`. */
const isMain = (task: YamlNode): boolean => blocksOf(task, 'lifecycle').length === 0;

function readGroup(job: YamlNode, group: YamlNode, alone: boolean, file: string): readonly AnyFact[] {
  const ports = portsOf(group);
  const tasks = blocksOf(group, 'task').slice(0, 50);
  const [main] = tasks.filter(isMain);
  // A template to copy holds words to replace.
  if (!main || /^__\w+__$/.test(labelOf(job))) return [];
  const name = alone ? labelOf(job) : `${labelOf(job)}-${labelOf(group)}`;
  const type = textOf(nodeAt(job, 'type')) ?? 'service';
  const [scaling] = blocksOf(group, 'scaling');
  const isScaled = scaling !== undefined && booleanOf(nodeAt(scaling, 'enabled')) !== false && nodeAt(scaling, 'max') !== undefined;
  const count = numberSetting(nodeAt(group, 'count')) ?? known(1, group.place);
  const ordered = [main, ...tasks.filter((task) => task !== main && isMain(task))];
  const of = workload(
    given<Parameters<typeof workload>[0]>({
      kind: type === 'service' ? kind : `Nomad ${type} job`,
      name,
      purpose: purposeOf(file),
      namePlace: group.place,
      containers: ordered.map((task) => readTask(task, group, ports)),
      longRunning: type === 'service' || type === 'system',
      replicas: type === 'service' && !isScaled ? count : undefined,
      volumes: [
        ...blocksOf(group, 'volume').map(readVolume),
        ...ordered.flatMap((task) => hostFolders(blocksOf(task, 'config')[0]).map(({ volume }) => volume)),
      ],
      gracePeriod: secondsOf(nodeAt(main, 'kill_timeout')) ?? known(defaultGrace, main.place),
      stopSignal: textSetting(nodeAt(main, 'kill_signal')),
    }),
    group.place,
  );
  if (!isScaled) return [of];
  const parts = {
    kind: 'Nomad scaling',
    name,
    min: numberSetting(nodeAt(scaling, 'min')) ?? count,
    max: numberSetting(nodeAt(scaling, 'max'))!,
    otherMetrics: ['policy'],
  };
  return [of, autoscaler(of.value as Workload, parts, scaling.place)];
}

function extract(file: SourceFile): Extraction {
  const { root, notAssessed } = hclAsTree(file);
  const facts = blocksOf(root, 'job').flatMap((job) => {
    const groups = blocksOf(job, 'group').slice(0, 100);
    return groups.flatMap((group) => readGroup(job, group, groups.length === 1, file.path));
  });
  return { facts, notAssessed };
}

/** Files whose name leaves open what they hold: their text says it. `nomad.job` is what many call the file of a job. */
const mayHoldJob = /\.(?:hcl|job)$/;

export const nomadAdapter: Adapter = {
  id: 'nomad',
  needsText: (path) => mayHoldJob.test(path) && !/\.nomad\.hcl$/.test(path),
  classify: (path, head) =>
    /\.nomad(?:\.hcl)?$/.test(baseName(path)) ||
    (head !== undefined && mayHoldJob.test(path) && /^job[ \t]+"[^"\n]{1,200}"[ \t]*\{/m.test(head)),
  extract,
};
