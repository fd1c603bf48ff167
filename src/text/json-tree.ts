/** JSON in the shape of the YAML tree, for formats that are written in either. */
import type { NotAssessed, SourceFile } from '../types.ts';
import { type JsonNode, readJson } from './json-document.ts';
import type { YamlNode } from './yaml-document.ts';

export function jsonAsTree(file: SourceFile): YamlNode | NotAssessed {
  const document = readJson(file, true);
  return 'root' in document ? convert(document.root) : document;
}

function convert(node: JsonNode): YamlNode {
  const { place, value } = node;
  if (value !== undefined)
    return { kind: 'scalar', value, text: value === null ? '' : String(value), quoted: typeof value === 'string', place };
  if (!node.isObject) return { kind: 'list', items: node.items().map(convert), place };
  const entries = node.members().map(({ key, keyPlace, value: inner }) => [key, { key, keyPlace, value: convert(inner) }] as const);
  return { kind: 'map', entries: new Map(entries), place };
}
