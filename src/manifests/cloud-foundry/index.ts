/** manifest.yml of Cloud Foundry → `workload` facts (docs.cloudfoundry.org, "App manifest attribute reference"). */
import type { Container, EnvEntry, Probe, Setting, Workload } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { safeSetting } from '../../text/secret-shapes.ts';
import { entriesOf, entryAt, itemsOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';
import { readBytes, readNumber, readPath } from './settings.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

const readEnv = (node: YamlNode | undefined): readonly EnvEntry[] =>
  entriesOf(node).map(({ key, keyPlace, value }) => {
    const text = textOf(value) ?? '';
    const place = { ...keyPlace, endLine: value.place.endLine, endColumn: value.place.endColumn };
    return {
      name: key,
      value: /\(\([^)]+\)\)/.test(text) ? { known: false, because: 'a variables file gives it', place } : safeSetting(key, text, place),
      place,
    };
  });

type Get = (key: string) => YamlNode | undefined;

/** What is bound: the platform gives addresses and credentials in one variable. */
function readServices(node: YamlNode | undefined): readonly EnvEntry[] {
  const [first] = itemsOf(node);
  return first ? [{ name: 'VCAP_SERVICES', from: { kind: 'field' }, place: first.place }] : [];
}

/** The health check of type `http` tells whether an instance works; `port` (the default) and `process` only that it runs. */
function readProbe(get: Get, namePlace: Place): Probe | undefined {
  const endpoint = get('health-check-http-endpoint');
  const type = get('health-check-type');
  if (type && textOf(type)?.includes('((')) return { type: 'http', path: readPath(type), place: type.place };
  if (textOf(type) !== 'http') return undefined;
  const path: Setting<string> = endpoint ? readPath(endpoint) : { known: true, value: '/', place: namePlace };
  return { type: 'http', path, place: path.place };
}

/** Sidecars run beside the app in its container and take their share of its memory. */
function readMemory(get: Get): { readonly whole?: Setting<number>; readonly own?: Setting<number> } {
  const whole = readBytes(get('memory'));
  if (!whole) return {};
  const shares = itemsOf(get('sidecars')).flatMap((sidecar) => readBytes(entryAt(sidecar, 'memory')?.value) ?? []);
  const taken = shares.reduce((sum, share) => sum + (share.known ? share.value : 0), 0);
  return { whole, own: whole.known && taken < whole.value ? { ...whole, value: whole.value - taken } : whole };
}

/** Settings of the process of type `web`, then of the app, then those that all apps of the file share. */
function settingsOf(app: YamlNode, common: YamlNode): Get {
  const web = itemsOf(entryAt(app, 'processes')?.value).find((process) => textOf(entryAt(process, 'type')?.value) === 'web');
  return (key) => (web && entryAt(web, key)?.value) ?? entryAt(app, key)?.value ?? entryAt(common, key)?.value;
}

/** The module that built what is pushed: `target/x.jar` and `build/libs/x.jar` lie below it. */
function buildContext(file: string, path: string): string | undefined {
  const whole = `${folderOf(file)}/${path}`.split('/').reduce<string[]>((parts, part) => {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
    return parts;
  }, []);
  return whole.join('/').replace(/(?:^|\/)(?:target|build\/libs|build\/distributions)(?:\/.*)?$/, '');
}

/** Asked for by name: the platform gives one to every app that does not refuse. */
const hasRoute = (get: Get): boolean => ['routes', 'route', 'random-route', 'host', 'hosts'].some((key) => get(key) !== undefined);

function readApp(app: YamlNode, file: string, common: YamlNode): AnyFact[] {
  const get = settingsOf(app, common);
  const nameNode = get('name');
  const name = textOf(nameNode);
  if (!nameNode || name === undefined) return [];
  const namePlace = nameNode.place;
  const probe = readProbe(get, namePlace);
  const memory = readMemory(get);
  const command = textOf(get('command'));
  const isWorker = get('no-route') !== undefined || (textOf(get('health-check-type')) === 'process' && !hasRoute(get));
  const container: Container = {
    name,
    ...(command === undefined ? {} : { command: { known: true, value: ['/bin/sh', '-c', command], place: get('command')!.place } }),
    ports: [],
    env: [...readEnv(get('env')), ...readServices(get('services'))],
    envFrom: [],
    ...(probe ? { liveness: probe, readiness: probe } : {}),
    resources: memory.whole && memory.own ? { memoryLimit: memory.own, memoryRequest: memory.whole, place: memory.whole.place } : {},
    mounts: [],
    security: {},
    place: app.place,
    namePlace,
  };
  const path = textOf(get('path'));
  const context = path === undefined ? folderOf(file) : buildContext(file, path);
  const replicas = readNumber(get('instances'));
  const workload: Workload = {
    platform: 'cloud-foundry',
    kind: isWorker ? 'worker' : 'app',
    name,
    purpose: purposeOf(file),
    longRunning: true,
    labels: {},
    ...(replicas ? { replicas } : {}),
    containers: [container],
    initContainers: [],
    volumes: [],
    claimTemplates: [],
    ...(context === undefined ? {} : { build: { context, args: {}, place: get('path')?.place ?? namePlace } }),
    dependsOn: [],
    annotations: {},
    profiles: [],
    namePlace,
  };
  return [{ kind: 'workload', place: namePlace, confidence: 'certain', value: workload }];
}

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap((root) => itemsOf(entryAt(root, 'applications')?.value).flatMap((app) => readApp(app, file.path, root)));
  return { facts, notAssessed };
}

export const cloudFoundryAdapter: Adapter = {
  id: 'cloud-foundry',
  needsText: (path) => /(?:^|[-.])manifest(?:[-.][\w-]+)*\.ya?ml$/i.test(baseName(path)),
  classify: (path, head) =>
    head !== undefined &&
    /(?:^|[-.])manifest(?:[-.][\w-]+)*\.ya?ml$/i.test(baseName(path)) &&
    /^applications:/m.test(head) &&
    !/^apiVersion:/m.test(head),
  extract,
};
