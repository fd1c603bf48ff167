/** Ways into a YAML tree that answer `undefined` for whatever is not there or has another shape. */
import type { Place } from '../types.ts';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-document.ts';

/** The entry of a map with this key. */
export const entryAt = (node: YamlNode | undefined, key: string): YamlEntry | undefined =>
  node?.kind === 'map' ? node.entries.get(key) : undefined;

/** The node at the end of a path of keys. */
export function nodeAt(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  let current = node;
  for (const key of path) current = entryAt(current, key)?.value;
  return current;
}

/** All entries of a map, in order. */
export const entriesOf = (node: YamlNode | undefined): readonly YamlEntry[] => (node?.kind === 'map' ? [...node.entries.values()] : []);

/** All items of a list, in order. */
export const itemsOf = (node: YamlNode | undefined): readonly YamlNode[] => (node?.kind === 'list' ? node.items : []);

/** A scalar that is not null. */
export const scalarOf = (node: YamlNode | undefined): YamlScalar | undefined =>
  node?.kind === 'scalar' && node.value !== null ? node : undefined;

/** The text of a scalar as written: `1.10` stays `1.10`. */
export const textOf = (node: YamlNode | undefined): string | undefined => scalarOf(node)?.text;

/** A finite number, also when it is quoted. */
export function numberOf(node: YamlNode | undefined): number | undefined {
  const scalar = scalarOf(node);
  if (!scalar || typeof scalar.value === 'boolean' || scalar.text.trim() === '') return undefined;
  const value = typeof scalar.value === 'number' ? scalar.value : Number(scalar.text);
  return Number.isFinite(value) ? value : undefined;
}

/** A boolean; Kubernetes and Compose also read `yes` and `on` (YAML 1.1) when they are not quoted. */
export function booleanOf(node: YamlNode | undefined): boolean | undefined {
  const scalar = scalarOf(node);
  if (!scalar) return undefined;
  const text = scalar.text.toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  if (scalar.quoted) return undefined;
  if (text === 'yes' || text === 'on') return true;
  return text === 'no' || text === 'off' ? false : undefined;
}

/** Scalars of a map by key, as text. */
export function textMapOf(node: YamlNode | undefined): Record<string, string> {
  const result: Record<string, string> = Object.create(null);
  for (const { key, value } of entriesOf(node)) if (value.kind === 'scalar') result[key] = value.text;
  return { ...result };
}

/** From the first character of `from` to the last of `to`. */
export const spanPlaces = (from: Place, to: Place): Place => ({ ...from, endLine: to.endLine, endColumn: to.endColumn });
