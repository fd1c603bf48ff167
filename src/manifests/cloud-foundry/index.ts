/** manifest.yml of Cloud Foundry → `workload` facts (docs.cloudfoundry.org, "App manifest attribute reference"). */
import type { Container, EnvEntry, Probe, Setting, Workload } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { safeSetting } from '../../text/secret-shapes.ts';
import { entriesOf, entryAt, itemsOf, numberOf, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
const units: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** A number, or one that a variables file gives: `((instances))`. */
function readNumber(node: YamlNode | undefined): Setting<number> | undefined {
  const value = numberOf(node);
  if (value !== undefined) return { known: true, value, place: node!.place };
  return scalarOf(node) ? { known: false, because: 'a variables file gives it', place: node!.place } : undefined;
}

/** `1G`, `512M`, `512MB`. */
function readBytes(node: YamlNode | undefined): Setting<number> | undefined {
  const text = textOf(node);
  if (text === undefined) return undefined;
  const match = /^(\d{1,9})\s*([KMGT])B?$/i.exec(text);
  return match
    ? { known: true, value: Number(match[1]) * units[match[2]!.toUpperCase()]!, place: node!.place }
    : { known: false, because: 'a variables file gives it', place: node!.place };
}

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

/** The health check of type `http` tells whether an instance works; `port` (the default) and `process` only that it runs. */
function readProbe(app: YamlNode, namePlace: Place): Probe | undefined {
  const type = textOf(entryAt(app, 'health-check-type')?.value);
  const endpoint = entryAt(app, 'health-check-http-endpoint')?.value;
  if (type !== 'http') return undefined;
  const path = textOf(endpoint) ?? '/';
  const place = endpoint?.place ?? namePlace;
  return { type: 'http', path: { known: true, value: path, place }, place };
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

function readApp(app: YamlNode, file: string, common: YamlNode): AnyFact[] {
  const get = (key: string): YamlNode | undefined => entryAt(app, key)?.value ?? entryAt(common, key)?.value;
  const nameNode = get('name');
  const name = textOf(nameNode);
  if (!nameNode || name === undefined) return [];
  const namePlace = nameNode.place;
  const probe = readProbe(app, namePlace);
  const memory = readBytes(get('memory'));
  const command = textOf(get('command'));
  const isWorker = textOf(get('health-check-type')) === 'process' || get('no-route') !== undefined;
  const container: Container = {
    name,
    ...(command === undefined ? {} : { command: { known: true, value: ['/bin/sh', '-c', command], place: get('command')!.place } }),
    ports: [],
    env: readEnv(get('env')),
    envFrom: [],
    ...(probe ? { liveness: probe, readiness: probe } : {}),
    resources: memory ? { memoryLimit: memory, memoryRequest: memory, place: memory.place } : {},
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
