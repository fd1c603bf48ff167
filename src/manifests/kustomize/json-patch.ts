/** JSON Patch (RFC 6902) on YAML trees. */
import { itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import { isBounded, replaceNode, withEntry, withoutEntry } from './tree.ts';

/** Why an operation cannot be carried out. */
export class PatchProblem extends Error {}

const parsePointer = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

function childOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  if (node?.kind === 'map') return node.entries.get(key)?.value;
  if (node?.kind !== 'list') return undefined;
  return node.items[indexOf(key, node.items.length) ?? -1];
}
const indexOf = (key: string, length: number): number | undefined => {
  if (key === '-') return length;
  return /^\d{1,6}$/.test(key) ? Number(key) : undefined;
};
const readAt = (node: YamlNode, path: readonly string[]): YamlNode | undefined =>
  path.reduce<YamlNode | undefined>((current, key) => childOf(current, key), node);

type Edit = (parent: YamlNode, key: string) => YamlNode;

function editAt(node: YamlNode, path: readonly string[], edit: Edit): YamlNode {
  const [key, ...rest] = path;
  if (key === undefined) throw new PatchProblem('it changes the whole object');
  if (rest.length === 0) return edit(node, key);
  const child = childOf(node, key);
  if (!child) throw new PatchProblem(`there is no \`${key}\` on its path`);
  const changed = editAt(child, rest, edit);
  if (node.kind === 'map') return withEntry(node, key, changed);
  if (node.kind !== 'list') return node;
  return { ...node, items: node.items.map((item, index) => (index === indexOf(key, node.items.length) ? changed : item)) };
}

const add =
  (value: YamlNode): Edit =>
  (parent, key) => {
    if (parent.kind === 'map') return withEntry(parent, key, replaceNode(parent.entries.get(key)?.value, value));
    const at = parent.kind === 'list' ? indexOf(key, parent.items.length) : undefined;
    if (parent.kind !== 'list' || at === undefined || at > parent.items.length)
      throw new PatchProblem(`\`${key}\` is no position of a list`);
    return { ...parent, items: [...parent.items.slice(0, at), value, ...parent.items.slice(at)] };
  };
const replace =
  (value: YamlNode): Edit =>
  (parent, key) => {
    const old = childOf(parent, key);
    // Kustomize adds what a map lacks.
    if (parent.kind === 'map') return withEntry(parent, key, replaceNode(old, value));
    if (!old) throw new PatchProblem(`there is no \`${key}\` to replace`);
    const changed = replaceNode(old, value);
    return parent.kind === 'list' ? { ...parent, items: parent.items.map((item) => (item === old ? changed : item)) } : parent;
  };
const remove: Edit = (parent, key) => {
  const old = childOf(parent, key);
  if (!old) throw new PatchProblem(`there is no \`${key}\` to remove`);
  if (parent.kind === 'map') return withoutEntry(parent, key);
  return parent.kind === 'list' ? { ...parent, items: parent.items.filter((item) => item !== old) } : parent;
};

function applyOperation(root: YamlNode, operation: YamlNode): YamlNode {
  const pathNode = nodeAt(operation, 'path');
  const path = parsePointer(textOf(pathNode) ?? '');
  const value = nodeAt(operation, 'value');
  const source = () => {
    const from = parsePointer(textOf(nodeAt(operation, 'from')) ?? '');
    const found = readAt(root, from);
    if (!found || from.length === 0) throw new PatchProblem('its source is not there');
    return { from, found };
  };
  switch (textOf(nodeAt(operation, 'op'))) {
    case 'add':
      if (!value) throw new PatchProblem('it gives no value');
      return editAt(root, path, add(value));
    case 'replace':
      if (!value) throw new PatchProblem('it gives no value');
      return editAt(root, path, replace(value));
    case 'remove':
      return editAt(root, path, remove);
    case 'move': {
      const { from, found } = source();
      return editAt(editAt(root, from, remove), path, add(found));
    }
    case 'copy':
      return editAt(root, path, add(source().found));
    case 'test':
      return root;
    default:
      throw new PatchProblem('it has no known operation');
  }
}

const maxOperations = 1000;
/** @throws PatchProblem when an operation finds nothing to change */
export function applyJsonPatch(root: YamlNode, patch: YamlNode): YamlNode {
  const operations = itemsOf(patch);
  if (operations.length > maxOperations) throw new PatchProblem(`it has more than ${maxOperations} operations`);
  return operations.reduce((current, operation) => {
    const changed = applyOperation(current, operation);
    if (!isBounded(changed)) throw new PatchProblem('the object grows without bound');
    return changed;
  }, root);
}
