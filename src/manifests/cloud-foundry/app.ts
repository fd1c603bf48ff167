/** An app of Cloud Foundry, from whichever file describes it → `workload` facts, one for each of its processes. */
import type { Container, EnvEntry, Probe, Purpose, Setting, Workload } from '../../facts.ts';
import { entryAt, itemsOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Fact, Place } from '../../types.ts';
import { readBytes, readNumber, readPath, readText } from './settings.ts';

/** The value of an attribute, from wherever it is set for this app. */
export type Get = (key: string) => YamlNode | undefined;

export interface App {
  readonly get: Get;
  readonly name: string;
  readonly namePlace: Place;
  readonly place: Place;
  readonly env: readonly EnvEntry[];
  /** Folder of the sources of what is pushed. */
  readonly context?: string;
  readonly purpose: Purpose;
  /** It ends by itself. */
  readonly isTask?: boolean;
}

export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** The module that built what is pushed: `target/x.jar` and `build/libs/x.jar` lie below it. */
export function buildContext(file: string, path: string): string | undefined {
  const whole = `${folderOf(file)}/${path}`.split('/').reduce<string[]>((parts, part) => {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
    return parts;
  }, []);
  return whole.join('/').replace(/(?:^|\/)(?:target|build\/libs|build\/distributions)(?:\/.*)?$/, '');
}

/** What is bound: the platform gives addresses and credentials in one variable. */
export function readServices(node: YamlNode | undefined): readonly EnvEntry[] {
  const [first] = itemsOf(node);
  return first ? [{ name: 'VCAP_SERVICES', from: { kind: 'field' }, place: first.place }] : [];
}

/** A check of type `http` tells whether an instance works; `port` (the default) and `process` only that it runs. */
function readProbe(get: Get, namePlace: Place, prefix = ''): Probe | undefined {
  const endpoint = get(`${prefix}health-check-http-endpoint`);
  const type = get(`${prefix}health-check-type`);
  if (type && /\(\(|\$\{/.test(textOf(type) ?? '')) return { type: 'http', path: readPath(type), place: type.place };
  if (textOf(type) !== 'http') return undefined;
  const path: Setting<string> = endpoint ? readPath(endpoint) : { known: true, value: '/', place: namePlace };
  return { type: 'http', path, place: path.place };
}

/** The health check restarts an instance; one of its own may decide which instances get requests, else the same does. */
function readProbes(get: Get, namePlace: Place): Pick<Container, 'liveness' | 'readiness'> {
  const liveness = readProbe(get, namePlace);
  const readiness = readProbe(get, namePlace, 'readiness-') ?? liveness;
  return { ...(liveness ? { liveness } : {}), ...(readiness ? { readiness } : {}) };
}

/** Sidecars run beside the app in its container and take their share of its memory. */
function readMemory(get: Get): { readonly whole?: Setting<number>; readonly own?: Setting<number> } {
  const whole = readBytes(get('memory'));
  if (!whole) return {};
  const shares = itemsOf(get('sidecars')).flatMap((sidecar) => readBytes(entryAt(sidecar, 'memory')?.value) ?? []);
  const taken = shares.reduce((sum, share) => sum + (share.known ? share.value : 0), 0);
  return { whole, own: whole.known && taken < whole.value ? { ...whole, value: whole.value - taken } : whole };
}

/** Asked for by name: the platform gives one to every app that does not refuse. */
const hasRoute = (get: Get): boolean => ['routes', 'route', 'random-route', 'host', 'hosts'].some((key) => get(key) !== undefined);
const isOff = (node: YamlNode | undefined): boolean => node === undefined || textOf(node) === 'false';

function readContainer({ get, name, namePlace, place, env }: App): Container {
  const memory = readMemory(get);
  const command = textOf(get('command'));
  const image = readText(entryAt(get('docker'), 'image')?.value);
  return {
    name,
    ...(image ? { image } : {}),
    ...(command === undefined ? {} : { command: { known: true, value: ['/bin/sh', '-c', command], place: get('command')!.place } }),
    ports: [],
    env,
    envFrom: [],
    ...readProbes(get, namePlace),
    resources: memory.whole && memory.own ? { memoryLimit: memory.own, memoryRequest: memory.whole, place: memory.whole.place } : {},
    mounts: [],
    security: {},
    place,
    namePlace,
  };
}

export function readApp(app: App): Fact<'workload'> {
  const { get, name, namePlace, context, purpose } = app;
  const isWorker = !isOff(get('no-route')) || (textOf(get('health-check-type')) === 'process' && !hasRoute(get));
  const replicas = readNumber(get('instances'));
  const value: Workload = {
    platform: 'cloud-foundry',
    kind: app.isTask ? 'task' : isWorker ? 'worker' : 'app',
    name,
    purpose,
    longRunning: !app.isTask,
    labels: {},
    ...(replicas ? { replicas } : {}),
    containers: [readContainer(app)],
    initContainers: [],
    volumes: [],
    claimTemplates: [],
    ...(context === undefined ? {} : { build: { context, args: {}, place: get('path')?.place ?? namePlace } }),
    dependsOn: [],
    annotations: {},
    profiles: [],
    namePlace,
  };
  return { kind: 'workload', place: namePlace, confidence: 'certain', value };
}
