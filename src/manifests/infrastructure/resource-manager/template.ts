/** ARM templates in JSON (learn.microsoft.com/azure/azure-resource-manager/templates/syntax), and files of `az containerapp --yaml`. */

import { parseExpression } from '../../../text/bicep/parse.ts';
import type { Expression } from '../../../text/bicep/syntax.ts';
import { jsonAsTree } from '../../../text/json-tree.ts';
import { purposeOf } from '../../../text/purpose.ts';
import { entriesOf, itemsOf, nodeAt, textOf as textOfYaml } from '../../../text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../../types.ts';
import { readResourceManager, wantedResourceTypes } from '../azure/resource-manager.ts';
import { literalSecret, secretFact } from '../literal-secrets.ts';
import { get, type Node, scalar, sketchOf, textOf, unknown } from '../node.ts';
import { makeStack, type Resource } from '../resource.ts';
import { Budget, evaluate, type Scope } from './evaluate.ts';

const maxDepth = 60;

const addressOf = (type: string, name: Node | undefined): string => `${type.toLowerCase()}/${sketchOf(name).toLowerCase()}`;

/** One template: its texts in brackets are expressions. */
class Template {
  readonly #root: YamlNode;
  readonly #budget = new Budget();
  readonly #open = new Set<string>();
  constructor(root: YamlNode) {
    this.#root = root;
  }

  read(node: YamlNode, depth = 0): Node {
    const { place } = node;
    if (depth > maxDepth || !this.#budget.spend()) return unknown('working it out takes too long', place);
    if (node.kind === 'list') return { is: 'list', items: node.items.map((item) => this.read(item, depth + 1)), place };
    if (node.kind === 'scalar') return this.#readText(node.value, place);
    const entries = [...node.entries.values()].map(({ key, keyPlace, value }) => ({ key, keyPlace, value: this.read(value, depth + 1) }));
    return { is: 'map', entries, ...(node.entries.has('copy') ? { open: true as const } : {}), place };
  }
  #readText(value: string | number | boolean | null, place: Place): Node {
    if (typeof value !== 'string' || !value.startsWith('[') || !value.endsWith(']') || value.startsWith('[['))
      return scalar(typeof value === 'string' ? value.replace(/^\[\[/, '[') : value, place);
    const expression: Expression | undefined = value.length < 5000 ? parseExpression(value.slice(1, -1)) : undefined;
    return expression ? evaluate(expression, this.#scopeAt(place), this.#budget) : unknown('it is known only when it is deployed', place);
  }

  /** All of an expression stands at its text. */
  #scopeAt(at: Place): Scope {
    return {
      place: () => at,
      lookUp: (_, place) => unknown('it is known only when it is deployed', place),
      call: (name, args, place) => this.#call(name.toLowerCase(), args, place),
    };
  }
  #call(name: string, args: readonly Node[], place: Place): Node | undefined {
    if (name === 'resourceid') return this.#resource(args, place);
    const key = textOf(args[0]);
    if (key === undefined) return undefined;
    const section = name === 'parameters' ? nodeAt(this.#root, 'parameters', key, 'defaultValue') : undefined;
    const found = section ?? (name === 'variables' ? nodeAt(this.#root, 'variables', key) : undefined);
    if (!found || this.#open.has(`${name} ${key}`)) return undefined;
    this.#open.add(`${name} ${key}`);
    const node = this.read(found);
    this.#open.delete(`${name} ${key}`);
    return node;
  }
  /** `resourceId(type, name)`, perhaps after a group. */
  #resource(args: readonly Node[], place: Place): Node | undefined {
    const at = args.findIndex((arg) => textOf(arg)?.includes('/'));
    const type = textOf(args[at]);
    return type === undefined ? undefined : { is: 'reference', to: addressOf(type, args[at + 1]), path: [], place };
  }
}

/** Resources may stand in a list or, by symbolic names, in a map; children stand in their parents. */
function listOf(holder: YamlNode): readonly YamlNode[] {
  const resources = nodeAt(holder, 'resources');
  return resources?.kind === 'map' ? entriesOf(resources).map(({ value }) => value) : itemsOf(resources);
}

function readResource(node: YamlNode, template: Template, path: string): Resource[] {
  const typeNode = nodeAt(node, 'type');
  const type = textOfYaml(typeNode)?.toLowerCase() ?? '';
  if (!typeNode || !wantedResourceTypes.has(type)) return [];
  const body = template.read(node);
  const name = get(body, 'name');
  const isOne = nodeAt(node, 'condition') === undefined && nodeAt(node, 'copy') === undefined;
  return [
    {
      type,
      label: textOf(name) ?? sketchOf(name),
      address: addressOf(type, name),
      body,
      place: nodeAt(node, 'name')?.place ?? typeNode.place,
      ...(isOne ? { count: 1 } : {}),
      isOff: false,
      isLibrary: false,
      purpose: purposeOf(path),
    },
  ];
}

/** What Bicep made is judged where it was written. */
const isCompiled = (root: YamlNode): boolean => nodeAt(root, 'metadata', '_generator') !== undefined;

function findSecrets(root: YamlNode): readonly AnyFact[] {
  return entriesOf(nodeAt(root, 'parameters')).flatMap(({ key, value }) => {
    const initial = nodeAt(value, 'defaultValue');
    const text = textOfYaml(initial);
    const isSecure = /^secure/i.test(textOfYaml(nodeAt(value, 'type')) ?? '');
    const secret = text === undefined || text.startsWith('[') ? undefined : literalSecret(isSecure ? `${key}_password` : key, text);
    return secret ? [secretFact({ ...secret, env: key }, initial!.place)] : [];
  });
}

function extractTemplate(file: SourceFile): Extraction {
  const root = jsonAsTree(file);
  if ('reason' in root) return { facts: [], notAssessed: [root] };
  if (isCompiled(root)) return { facts: [], notAssessed: [] };
  const template = new Template(root);
  const resources = listOf(root).flatMap((node) => [node, ...listOf(node)].flatMap((each) => readResource(each, template, file.path)));
  return { facts: [...findSecrets(root), ...readResourceManager(makeStack(resources))], notAssessed: [] };
}

/** JSON files are many: only those whose name or folder says so. */
const isCandidate = (path: string): boolean =>
  /\.jsonc?$/i.test(path) &&
  (/(?:^|\/)(?:azuredeploy|maintemplate|template|main)[\w.-]*\.jsonc?$/i.test(path) ||
    /(?:^|[/._-])(?:arm|azure|infra|infrastructure|deploy|deployment|iac)s?(?:[-_]?templates?)?[/._-]/i.test(path));

export const resourceTemplateAdapter: Adapter = {
  id: 'arm-template',
  needsText: isCandidate,
  classify: (path, head) =>
    head !== undefined &&
    isCandidate(path) &&
    /schema\.management\.azure\.com\/schemas\/[\w-]{1,40}\/\w{0,30}deploymentTemplate\.json/i.test(head),
  extract: extractTemplate,
};

/** A container app as `az containerapp create --yaml` takes it. */
function readAppFile(root: YamlNode, file: string): readonly AnyFact[] {
  const nameNode = nodeAt(root, 'name');
  const start = root.kind === 'map' ? [...root.entries.values()][0]?.keyPlace : undefined;
  const body = new Template(root).read(root);
  const label = file
    .split('/')
    .at(-1)!
    .replace(/\.ya?ml$/i, '');
  const place = nameNode?.place ?? start ?? root.place;
  const type = 'microsoft.app/containerapps';
  const address = addressOf(type, get(body, 'name'));
  const app: Resource = { type, label, address, body, place, count: 1, isOff: false, isLibrary: false, purpose: purposeOf(file) };
  return readResourceManager(makeStack([app]));
}

export const containerAppFileAdapter: Adapter = {
  id: 'container-app',
  needsText: (path) => /\.ya?ml$/i.test(path),
  classify: (path, head) =>
    head !== undefined &&
    /\.ya?ml$/i.test(path) &&
    /^properties[ \t]*:/m.test(head) &&
    /^[ \t]{1,8}template[ \t]*:/m.test(head) &&
    /^[ \t]{1,16}(?:- )?containers[ \t]*:/m.test(head) &&
    !/^(?:apiVersion|kind|Resources)[ \t]*:[ \t]*(?!containerapp)/im.test(head),
  extract(file) {
    const { documents, notAssessed } = readYaml(file);
    return { facts: documents.slice(0, 1).flatMap((root) => readAppFile(root, file.path)), notAssessed };
  },
};
