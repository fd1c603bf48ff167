/**
 * Multitarget applications of SAP: `mta.yaml`, the deployment descriptor `mtad.yaml` made of it, and extensions (`*.mtaext`). Their
 * modules are apps of Cloud Foundry. https://help.sap.com/docs/btp/sap-business-technology-platform/multitarget-applications-in-cloud-foundry-environment
 */
import type { EnvEntry, FactValues } from '../../facts.ts';
import { noteSecrets } from '../../text/note-secrets.ts';
import { purposeOf } from '../../text/purpose.ts';
import { safeSetting } from '../../text/secret-shapes.ts';
import { entriesOf, entryAt, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlEntry, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import { buildContext, type Get, readApp, readServices } from './app.ts';
import { readNumber } from './settings.ts';

/** Modules that are content, not programs: pages for a repository of pages, destinations, workflows. */
const content = /^(?:html5|com\.sap\.(?:application\.content|html5\.application-content|portal\.content|businessobject)|custom|content)$/;
/** They deploy tables or content, and stop. */
const tasks = /^(?:hdb|com\.sap\.xs\.hdi(?:-dynamic)?|com\.sap\.portal\.site-content)$/;
const because = 'the deployment gives it';
/** `supported-platforms: []`: built for the modules beside it, and part of no archive (Cloud MTA Build Tool, "Configuring module builds"). */
const isOnlyBuilt = (module: YamlNode): boolean => {
  const platforms = nodeAt(module, 'build-parameters', 'supported-platforms');
  return platforms?.kind === 'list' && platforms.items.length === 0;
};

/** `${default-url}` and `~{url}` are filled in when it is deployed. */
const readProperty = ({ key, keyPlace, value }: YamlEntry): EnvEntry => {
  const text = textOf(value);
  const place = { ...keyPlace, endLine: value.place.endLine, endColumn: value.place.endColumn };
  const isOpen = text === undefined || /[$~]\{/.test(text);
  return { name: key, value: isOpen ? { known: false, because, place } : safeSetting(key, text, place), place };
};

/** Properties of what it requires; a group is one variable that holds all of them. */
const readRequired = (required: YamlNode): readonly EnvEntry[] => {
  const group = entryAt(required, 'group');
  const name = textOf(group?.value);
  if (group && name !== undefined) return [{ name, value: { known: false, because, place: group.value.place }, place: group.value.place }];
  return entriesOf(nodeAt(required, 'properties')).map(readProperty);
};

function readModule(module: YamlNode, root: YamlNode, file: string): readonly AnyFact[] {
  const nameNode = nodeAt(module, 'name');
  const name = textOf(nameNode);
  const type = textOf(nodeAt(module, 'type')) ?? '';
  if (!nameNode || name === undefined || content.test(type) || isOnlyBuilt(module)) return [];
  const get: Get = (key) => nodeAt(module, 'parameters', key) ?? nodeAt(root, 'parameters', key);
  const path = textOf(nodeAt(module, 'path'));
  const requires = itemsOf(nodeAt(module, 'requires'));
  const context = path === undefined ? undefined : buildContext(file, path);
  return [
    readApp({
      get,
      name,
      namePlace: nameNode.place,
      place: module.place,
      env: [
        ...entriesOf(nodeAt(module, 'properties')).map(readProperty),
        ...requires.flatMap(readRequired),
        ...readServices(nodeAt(module, 'requires')),
      ],
      purpose: purposeOf(file),
      isTask: tasks.test(type),
      ...(context === undefined ? {} : { context }),
    }),
  ];
}

/** What the descriptor gives to the services that it makes. */
function readResource(resource: YamlNode, file: string): readonly AnyFact[] {
  const config = nodeAt(resource, 'parameters', 'config');
  const entries = [...entriesOf(nodeAt(resource, 'properties')), ...entriesOf(config), ...entriesOf(nodeAt(config, 'credentials'))];
  return noteSecrets(entries.filter(({ value }) => value.kind === 'scalar').map(readProperty), purposeOf(file));
}

/** An extension changes modules of the descriptor for one landscape. */
function readExtension(module: YamlNode, file: string): readonly AnyFact[] {
  const name = textOf(nodeAt(module, 'name'));
  const purpose = purposeOf(file);
  if (name === undefined || purpose === 'development' || purpose === 'test') return [];
  const parameters = nodeAt(module, 'parameters');
  const replicas = readNumber(nodeAt(parameters, 'instances'));
  const renamed: Readonly<Record<string, string>> = { instances: 'replicas', memory: 'resources', 'health-check-type': 'readinessProbe' };
  const value: FactValues['workload-patch'] = {
    kind: 'app',
    name,
    sets: entriesOf(parameters).map(({ key }) => renamed[key] ?? key),
    ...(replicas ? { replicas } : {}),
  };
  const entries = entriesOf(nodeAt(module, 'properties')).map(readProperty);
  return [{ kind: 'workload-patch', place: module.place, confidence: 'certain', value }, ...noteSecrets(entries, purpose)];
}

const isExtension = (path: string): boolean => path.endsWith('.mtaext');

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap((root) => [
    ...itemsOf(nodeAt(root, 'modules')).flatMap((module) =>
      isExtension(file.path) ? readExtension(module, file.path) : readModule(module, root, file.path),
    ),
    ...itemsOf(nodeAt(root, 'resources')).flatMap((resource) => readResource(resource, file.path)),
  ]);
  return { facts, notAssessed };
}

export const multitargetAdapter: Adapter = {
  id: 'multitarget-application',
  needsText: (path) => /(?:^|\/)(?:[\w-]+[-_.])?mtad?(?:[-_.][\w-]+)*\.ya?ml$|\.mtaext$/i.test(path),
  classify: (path, head) =>
    head !== undefined &&
    /(?:^|\/)(?:[\w-]+[-_.])?mtad?(?:[-_.][\w-]+)*\.ya?ml$|\.mtaext$/i.test(path) &&
    /^_schema-version\s*:/m.test(head),
  extract,
};
