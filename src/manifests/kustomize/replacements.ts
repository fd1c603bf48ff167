/** Values copied from one object into others: `replacements`, and the older `vars`. */
import { itemsOf, nodeAt, numberOf, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlMap, YamlNode, YamlScalar } from '../../text/yaml-document.ts';
import { isRemote, type Layer } from './layer.ts';
import { matchesTarget } from './match.ts';
import { kindOf, nameOf, namespaceOf, type Resource } from './resource.ts';
import { changeMaps, isBounded, makeText, replaceNode, withEntry } from './tree.ts';

type Part = { readonly key: string } | { readonly field: string; readonly value: string } | { readonly every: true };

const maxPath = 1000;

/** `spec.containers.[name=web].env.0.value`; dots inside a name are written `\.`. A longer one than any real leads nowhere. */
export function parseFieldPath(given: string): readonly Part[] {
  const text = given.length > maxPath ? '' : given;
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\\' && text[at + 1] === '.') part += text[++at];
    else if (char === '.' && depth === 0) {
      parts.push(part);
      part = '';
    } else {
      if (char === '[') depth++;
      if (char === ']') depth = Math.max(0, depth - 1);
      part += char;
    }
  }
  return [...parts, part].map((written): Part => {
    if (written === '*') return { every: true };
    const inner = written.startsWith('[') && written.endsWith(']') ? written.slice(1, -1) : undefined;
    const equals = inner?.indexOf('=') ?? -1;
    if (inner !== undefined && equals > 0) return { field: inner.slice(0, equals), value: inner.slice(equals + 1) };
    return { key: inner ?? written };
  });
}

const fits = (item: YamlNode, part: Part, index: number): boolean =>
  'every' in part ? true : 'field' in part ? textOf(nodeAt(item, part.field)) === part.value : part.key === String(index);

function readPath(node: YamlNode | undefined, [part, ...rest]: readonly Part[]): YamlNode | undefined {
  if (!node || part === undefined) return node;
  if (node.kind === 'map') return 'key' in part ? readPath(node.entries.get(part.key)?.value, rest) : undefined;
  if (node.kind === 'list')
    return readPath(
      node.items.find((item, index) => fits(item, part, index)),
      rest,
    );
  return undefined;
}

function changePath(node: YamlNode, [part, ...rest]: readonly Part[], change: (old: YamlNode) => YamlNode, create?: YamlNode): YamlNode {
  if (part === undefined) return change(node);
  if (node.kind === 'list')
    return { ...node, items: node.items.map((item, index) => (fits(item, part, index) ? changePath(item, rest, change, create) : item)) };
  if (node.kind !== 'map' || !('key' in part)) return node;
  const old = node.entries.get(part.key)?.value;
  if (old) return withEntry(node, part.key, changePath(old, rest, change, create));
  if (!create) return node;
  if (rest.length === 0) return withEntry(node, part.key, create);
  const made: YamlMap = { kind: 'map', entries: new Map(), place: create.place };
  return withEntry(node, part.key, changePath(made, rest, change, create));
}

interface Options {
  readonly delimiter?: string;
  readonly index: number;
  readonly create: boolean;
}
const readOptions = (node: YamlNode | undefined): Options => {
  const delimiter = textOf(nodeAt(node, 'options', 'delimiter'));
  return {
    ...(delimiter ? { delimiter } : {}),
    index: numberOf(nodeAt(node, 'options', 'index')) ?? 0,
    create: scalarOf(nodeAt(node, 'options', 'create'))?.value === true,
  };
};

/** One part of a delimited text is replaced; an index before or behind all parts adds one. */
function spliceText(old: string, value: string, { delimiter, index }: Options): string {
  if (delimiter === undefined) return value;
  const parts = old.split(delimiter);
  if (index < 0) parts.unshift(value);
  else if (index >= parts.length) parts.push(value);
  else parts[index] = value;
  return parts.join(delimiter);
}

const maxText = 10_000;

function copyValue(value: YamlNode, options: Options) {
  return (old: YamlNode): YamlNode => {
    if (value.kind !== 'scalar' || old.kind !== 'scalar' || options.delimiter === undefined) return replaceNode(old, value);
    const text = spliceText(old.text, value.text, options);
    return text.length > maxText ? old : replaceNode(old, makeText(text, value.place));
  };
}

function sourceValue(resources: readonly Resource[], source: YamlNode | undefined): YamlNode | undefined {
  const resource = resources.find((candidate) => matchesTarget(candidate, source));
  const value = readPath(resource?.root, parseFieldPath(textOf(nodeAt(source, 'fieldPath')) ?? 'metadata.name'));
  const { delimiter, index } = readOptions(source);
  if (value?.kind !== 'scalar' || delimiter === undefined) return value;
  const part = value.text.split(delimiter)[index];
  return part === undefined ? undefined : makeText(part, value.place);
}

function applyReplacement(resources: readonly Resource[], replacement: YamlNode, layer: Layer): readonly Resource[] {
  const value = sourceValue(resources, nodeAt(replacement, 'source'));
  if (!value) {
    layer.note('overlay', 'The source of a replacement is not there: what it would set is not known.', replacement.place);
    return resources;
  }
  let result = resources;
  for (const target of itemsOf(nodeAt(replacement, 'targets'))) {
    const options = readOptions(target);
    const paths = itemsOf(nodeAt(target, 'fieldPaths')).flatMap((path) => textOf(path) ?? []);
    const rejected = itemsOf(nodeAt(target, 'reject'));
    result = result.map((resource) => {
      const chosen = matchesTarget(resource, nodeAt(target, 'select')) && !rejected.some((reject) => matchesTarget(resource, reject));
      if (!chosen) return resource;
      const root = (paths.length > 0 ? paths : ['metadata.name']).reduce<YamlNode>(
        (node, path) => changePath(node, parseFieldPath(path), copyValue(value, options), options.create ? value : undefined),
        resource.root,
      );
      return root.kind === 'map' && isBounded(root) ? { ...resource, root } : resource;
    });
  }
  return result;
}

export function applyReplacements(resources: readonly Resource[], layer: Layer): readonly Resource[] {
  let result = resources;
  for (const item of itemsOf(nodeAt(layer.root, 'replacements'))) {
    const given = textOf(nodeAt(item, 'path'));
    const path = given === undefined || isRemote(given) ? undefined : layer.resolve(given);
    const documents = path === undefined ? [item] : layer.yaml(path);
    const all = documents.flatMap((document) => (document.kind === 'list' ? document.items : [document]));
    for (const replacement of all) result = applyReplacement(result, replacement, layer);
  }
  return result;
}

interface Variable {
  readonly name: string;
  readonly value: YamlScalar;
}

function readVariable(node: YamlNode, resources: readonly Resource[]): Variable[] {
  const name = textOf(nodeAt(node, 'name'));
  const reference = nodeAt(node, 'objref') ?? nodeAt(node, 'objRef');
  const field = nodeAt(node, 'fieldref') ?? nodeAt(node, 'fieldRef');
  const wanted = (key: string) => textOf(nodeAt(reference, key));
  const resource = resources.find(
    (candidate) =>
      kindOf(candidate) === wanted('kind') &&
      [nameOf(candidate), ...candidate.formerNames].includes(wanted('name') ?? '') &&
      (wanted('namespace') === undefined || wanted('namespace') === namespaceOf(candidate)),
  );
  const value = readPath(
    resource?.root,
    parseFieldPath(textOf(nodeAt(field, 'fieldpath') ?? nodeAt(field, 'fieldPath')) ?? 'metadata.name'),
  );
  return name !== undefined && value?.kind === 'scalar' ? [{ name, value }] : [];
}

/** `$(NAME)` in the texts of all objects, once everything else is done. */
export function applyVariables(resources: readonly Resource[], declared: readonly YamlNode[]): readonly Resource[] {
  const variables = declared.slice(0, 200).flatMap((node) => readVariable(node, resources));
  if (variables.length === 0) return resources;
  const fill = (node: YamlNode): YamlNode => {
    if (node.kind === 'list') return { ...node, items: node.items.map(fill) };
    if (node.kind !== 'scalar' || !node.text.includes('$(')) return node;
    const used = variables.filter(({ name }) => node.text.includes(`$(${name})`));
    const text = used.reduce((current, { name, value }) => current.replaceAll(`$(${name})`, () => value.text), node.text.slice(0, maxText));
    return used.length > 0 && text.length <= maxText ? makeText(text, node.place) : node;
  };
  return resources.map((resource) => {
    const root = changeMaps(resource.root, (map) => {
      let result = map;
      for (const { key, value } of map.entries.values()) {
        const filled = value.kind === 'map' ? value : fill(value);
        if (filled !== value) result = withEntry(result, key, filled);
      }
      return result;
    });
    return root.kind === 'map' ? { ...resource, root } : resource;
  });
}
