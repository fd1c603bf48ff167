/** manifest.yml of Cloud Foundry → `workload` facts (docs.cloudfoundry.org, "App manifest attribute reference"). */
import type { EnvEntry } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { safeSetting } from '../../text/secret-shapes.ts';
import { entriesOf, entryAt, itemsOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import { type App, buildContext, folderOf, type Get, readApp, readServices } from './app.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

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

const typeOf = (process: YamlNode): string | undefined => textOf(entryAt(process, 'type')?.value);

/** Settings of one process, then of the app, then those that all apps of the file share. */
const settingsOf =
  (process: YamlNode | undefined, app: YamlNode, common: YamlNode): Get =>
  (key) =>
    entryAt(process, key)?.value ?? entryAt(app, key)?.value ?? entryAt(common, key)?.value;

/** What another process shares with the app: not what is said of the process of type `web`. */
const shared = new Set(['buildpack', 'buildpacks', 'docker', 'env', 'path', 'services', 'stack']);

/** Processes beside `web` run the same sources by a command of their own, and get no requests. */
function readOthers(app: App, node: YamlNode): readonly AnyFact[] {
  return itemsOf(entryAt(node, 'processes')?.value).flatMap((process) => {
    const type = entryAt(process, 'type')?.value;
    const name = textOf(type);
    if (!type || name === undefined || name === 'web' || textOf(entryAt(process, 'instances')?.value) === '0') return [];
    const get: Get = (key) => entryAt(process, key)?.value ?? (key === 'no-route' ? type : shared.has(key) ? app.get(key) : undefined);
    return [readApp({ ...app, get, name: `${app.name}-${name}`, namePlace: type.place, place: process.place })];
  });
}

function readEntry(node: YamlNode, file: string, common: YamlNode): readonly AnyFact[] {
  const web = itemsOf(entryAt(node, 'processes')?.value).find((process) => typeOf(process) === 'web');
  const get = settingsOf(web, node, common);
  const nameNode = get('name');
  const name = textOf(nameNode);
  if (!nameNode || name === undefined) return [];
  const path = textOf(get('path'));
  const isPacked = entryAt(get('docker'), 'image') !== undefined;
  const context = path === undefined ? (isPacked ? undefined : folderOf(file)) : buildContext(file, path);
  const app: App = {
    get,
    name,
    namePlace: nameNode.place,
    place: node.place,
    env: [...readEnv(get('env')), ...readServices(get('services'))],
    purpose: purposeOf(file),
    ...(context === undefined ? {} : { context }),
  };
  return [readApp(app), ...readOthers(app, node)];
}

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap((root) =>
    itemsOf(entryAt(root, 'applications')?.value).flatMap((app) => readEntry(app, file.path, root)),
  );
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
