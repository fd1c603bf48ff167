import type { Container, EnvEntry, EnvSource, Port, Probe, Setting } from '../../facts.ts';
import { findAcmeStorage } from '../../text/acme-storage.ts';
import { maskCommand, safeSetting } from '../../text/secret-shapes.ts';
import { booleanOf, entryAt, itemsOf, nodeAt, numberOf, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlNode } from '../../text/yaml-document.ts';
import type { Place } from '../../types.ts';
import {
  booleanSetting,
  bytesSetting,
  coresSetting,
  numberOrTextSetting,
  numberSetting,
  textListSetting,
  textSetting,
} from './settings.ts';

/** Reads one entry of `containers` or `initContainers`, with what the pod sets for all of them. */
export function readContainer(node: YamlNode, podSpec: YamlNode | undefined): Container {
  const probe = (key: string) => readProbe(entryAt(node, key));
  const name = nodeAt(node, 'name');
  return dropAbsent({
    name: textOf(name) ?? '',
    image: textSetting(nodeAt(node, 'image')),
    command: maskWords(textListSetting(nodeAt(node, 'command'))),
    args: maskWords(textListSetting(nodeAt(node, 'args'))),
    workingDir: textSetting(nodeAt(node, 'workingDir')),
    certificates: findAcmeStorage(nodeAt(node, 'args'), nodeAt(node, 'command')),
    ports: itemsOf(nodeAt(node, 'ports')).flatMap(readPort),
    env: readEnvironment(nodeAt(node, 'env')),
    envFrom: itemsOf(nodeAt(node, 'envFrom')).flatMap(readEnvironmentSource),
    readiness: probe('readinessProbe'),
    liveness: probe('livenessProbe'),
    startup: probe('startupProbe'),
    resources: readResources(node),
    leftOut: readLeftOut(node),
    mounts: itemsOf(nodeAt(node, 'volumeMounts')).flatMap(readMount),
    security: readSecurity(entryAt(node, 'securityContext'), entryAt(podSpec, 'securityContext')),
    preStop: readPreStop(entryAt(nodeAt(node, 'lifecycle'), 'preStop')),
    init: booleanOf(nodeAt(podSpec, 'shareProcessNamespace')) === true ? true : undefined,
    place: node.place,
    namePlace: scalarOf(name)?.place ?? node.place,
  });
}

/** Optional fields are left out rather than undefined, so that facts stay plain JSON. */
export function dropAbsent<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

/** Secrets given as arguments are masked, also when option and value are separate words. */
function maskWords(setting: Setting<readonly string[]> | undefined): Setting<readonly string[]> | undefined {
  if (!setting?.known) return setting;
  const value = setting.value.map((word, index) => {
    const option = setting.value[index - 1] ?? '';
    const pair = /^--?[a-z-]+$/i.test(option) ? maskCommand(`${option} ${word}`) : '';
    return pair.startsWith(`${option} `) && !/\s/.test(word) ? pair.slice(option.length + 1) : maskCommand(word);
  });
  return { ...setting, value };
}

function readPort(node: YamlNode): Port[] {
  const number = numberSetting(nodeAt(node, 'containerPort'));
  if (!number) return [];
  return [
    dropAbsent<Port>({
      number,
      name: textOf(nodeAt(node, 'name')),
      protocol: textOf(nodeAt(node, 'protocol')),
      hostPort: numberSetting(nodeAt(node, 'hostPort')),
      place: number.place,
    }),
  ];
}

/** `$(NAME)` refers to entries above; `$$(NAME)` is literal. https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/ */
function readEnvironment(node: YamlNode | undefined): EnvEntry[] {
  const known = new Map<string, string>();
  return itemsOf(node).flatMap((item) => {
    const name = scalarOf(nodeAt(item, 'name'));
    if (!name) return [];
    const from = readValueSource(nodeAt(item, 'valueFrom'));
    const value = from ? undefined : expand(textSetting(nodeAt(item, 'value')), known);
    if (value?.known) known.set(name.text, value.value);
    const safe = value?.known ? safeSetting(name.text, value.value, value.place) : value;
    const empty: Setting<string> | undefined = from ? undefined : { known: true, value: '', place: name.place };
    return [dropAbsent<EnvEntry>({ name: name.text, value: safe ?? empty, from, place: name.place })];
  });
}

function expand(setting: Setting<string> | undefined, known: ReadonlyMap<string, string>): Setting<string> | undefined {
  if (!setting?.known || !setting.value.includes('$(')) return setting;
  let unresolved: string | undefined;
  const value = setting.value.replace(/\$(\$?)\(([A-Za-z0-9_.-]{1,200})\)/g, (whole, escaped: string, name: string) => {
    if (escaped) return whole.slice(1);
    if (!known.has(name)) unresolved = name;
    return known.get(name) ?? whole;
  });
  if (value.length > 10_000) return { known: false, because: 'it is too long', place: setting.place };
  return unresolved === undefined
    ? { ...setting, value }
    : { known: false, because: `it refers to ${unresolved}, which is set elsewhere`, place: setting.place };
}

function readValueSource(node: YamlNode | undefined): EnvEntry['from'] {
  for (const [field, kind] of [
    ['configMapKeyRef', 'config-map'],
    ['secretKeyRef', 'secret'],
  ] as const) {
    const reference = nodeAt(node, field);
    if (!reference) continue;
    return dropAbsent<NonNullable<EnvEntry['from']>>({
      kind,
      name: textOf(nodeAt(reference, 'name')),
      key: textOf(nodeAt(reference, 'key')),
      optional: booleanOf(nodeAt(reference, 'optional')),
    });
  }
  return node?.kind === 'map' ? { kind: 'field' } : undefined;
}

function readEnvironmentSource(node: YamlNode): EnvSource[] {
  for (const [field, kind] of [
    ['configMapRef', 'config-map'],
    ['secretRef', 'secret'],
  ] as const) {
    const reference = nodeAt(node, field);
    const name = scalarOf(nodeAt(reference, 'name'));
    if (!name) continue;
    return [
      dropAbsent<EnvSource>({
        kind,
        name: name.text,
        prefix: textOf(nodeAt(node, 'prefix')),
        optional: booleanOf(nodeAt(reference, 'optional')),
        place: name.place,
      }),
    ];
  }
  return [];
}

function readProbe(entry: YamlEntry | undefined): Probe | undefined {
  const node = entry?.value;
  if (!entry || node?.kind !== 'map') return undefined;
  const place = entry.keyPlace;
  const http = nodeAt(node, 'httpGet');
  if (http)
    return dropAbsent<Probe>({
      type: 'http',
      path: textSetting(nodeAt(http, 'path')),
      port: numberOrTextSetting(nodeAt(http, 'port')),
      command: undefined,
      place,
    });
  const socket = nodeAt(node, 'tcpSocket') ?? nodeAt(node, 'grpc');
  if (socket)
    return dropAbsent<Probe>({
      type: nodeAt(node, 'grpc') ? 'grpc' : 'tcp',
      path: undefined,
      port: numberOrTextSetting(nodeAt(socket, 'port')),
      command: undefined,
      place,
    });
  const command = textListSetting(nodeAt(node, 'exec', 'command'));
  return dropAbsent<Probe>({ type: 'exec', path: undefined, port: undefined, command: command?.known ? command.value : undefined, place });
}

function readResources(container: YamlNode): Container['resources'] {
  const entry = entryAt(container, 'resources');
  const gap = container.kind === 'map' && !entry ? container.leftOut?.get('resources') : undefined;
  const openPlace = entry ? openPlaceOf(entry) : gap?.isEmpty ? gap.place : undefined;
  if (openPlace) {
    const open = { known: false, because: 'the chart leaves it to whoever installs it', place: openPlace } as const;
    return { cpuRequest: open, memoryRequest: open, cpuLimit: open, memoryLimit: open, isLeftOpen: true, place: openPlace };
  }
  const of = (list: string, name: string) => nodeAt(entry?.value, list, name);
  return dropAbsent<Container['resources']>({
    cpuRequest: coresSetting(of('requests', 'cpu')),
    memoryRequest: bytesSetting(of('requests', 'memory')),
    cpuLimit: coresSetting(of('limits', 'cpu')),
    memoryLimit: bytesSetting(of('limits', 'memory')),
    place: entry?.keyPlace ?? gap?.place,
  });
}

/** `resources: {}` in the values of a chart: a conscious choice is asked for, and every installation makes its own. */
const openPlaceOf = ({ keyPlace, value }: YamlEntry): Place | undefined =>
  value.kind === 'map' && value.entries.size === 0
    ? [keyPlace, value.place].find(({ decidedBy }) => decidedBy?.some(({ edit }) => edit))
    : undefined;

/** Keys of a map that values of a chart leave out. */
export function readLeftOut(node: YamlNode | undefined): Container['leftOut'] {
  if (node?.kind !== 'map' || !node.leftOut) return undefined;
  return Object.fromEntries([...node.leftOut].map(([key, { place }]) => [key, place]));
}

function readMount(node: YamlNode): Container['mounts'][number][] {
  const volume = textOf(nodeAt(node, 'name'));
  const path = textSetting(nodeAt(node, 'mountPath'));
  return volume && path ? [{ volume, path, readOnly: booleanOf(nodeAt(node, 'readOnly')) === true, place: path.place }] : [];
}

/** Fields of the container win over those of the pod. */
function readSecurity(own: YamlEntry | undefined, pod: YamlEntry | undefined): Container['security'] {
  const of = (key: string) => nodeAt(own?.value, key) ?? nodeAt(pod?.value, key);
  return dropAbsent<Container['security']>({
    runAsNonRoot: booleanSetting(of('runAsNonRoot')),
    runAsUser: numberOrTextSetting(of('runAsUser')),
    readOnlyRootFilesystem: booleanSetting(nodeAt(own?.value, 'readOnlyRootFilesystem')),
    privileged: booleanSetting(nodeAt(own?.value, 'privileged')),
    place: (own ?? pod)?.keyPlace,
  });
}

function readPreStop(entry: YamlEntry | undefined): Container['preStop'] {
  if (!entry) return undefined;
  const command = textListSetting(nodeAt(entry.value, 'exec', 'command'));
  const words = command?.known ? command.value : undefined;
  const slept = /(?:^|[\s;&])sleep\s+(\d{1,6})/.exec(words?.join(' ') ?? '');
  return dropAbsent<NonNullable<Container['preStop']>>({
    seconds: numberOf(nodeAt(entry.value, 'sleep', 'seconds')) ?? (slept ? Number(slept[1]) : undefined),
    command: words,
    place: entry.keyPlace,
  });
}
