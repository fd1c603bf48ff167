/** ConfigMaps and Secrets that a kustomization generates from literals and files. Hash suffixes are left out: references follow them. */
import { entriesOf, itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlNode } from '../../text/yaml-document.ts';
import type { Place } from '../../types.ts';
import type { Layer } from './layer.ts';
import { kindOf, nameOf, type Resource } from './resource.ts';
import { makeEntry, makeMap, makeText, withEntry } from './tree.ts';

/** A ConfigMap or Secret some of whose keys come from a file that is not here. */
export const openGroup = 'generated.kustomize';

interface Data {
  readonly entries: readonly YamlEntry[];
  /** Every source was read. */
  readonly complete: boolean;
}

const readPair = (text: string, place: Place): YamlEntry[] => {
  const end = text.indexOf('=');
  if (end <= 0) return [];
  const value = text.slice(end + 1).replace(/^(['"])(.*)\1$/, '$2');
  return [makeEntry(text.slice(0, end).trim(), makeText(value, place), place)];
};

/** Lines `NAME=value` of an env file. */
function readEnvFile(path: string, layer: Layer): readonly YamlEntry[] | undefined {
  const text = layer.text(path);
  return text?.split(/\r?\n/).flatMap((line, index) => {
    if (/^\s*(?:#|$)/.test(line)) return [];
    return readPair(line, { path, line: index + 1, column: 1, endLine: index + 1, endColumn: line.length + 1 });
  });
}

function readData(generator: YamlNode, layer: Layer): Data {
  const literals = itemsOf(nodeAt(generator, 'literals')).flatMap((item) => readPair(textOf(item) ?? '', item.place));
  // What a file holds is data of the program: only its key counts.
  const files = itemsOf(nodeAt(generator, 'files')).flatMap((item) => {
    const text = textOf(item) ?? '';
    const key = text.includes('=') ? text.slice(0, text.indexOf('=')) : text.slice(text.lastIndexOf('/') + 1);
    return key ? [makeEntry(key, makeText('\n', item.place))] : [];
  });
  const names = [...itemsOf(nodeAt(generator, 'envs')), nodeAt(generator, 'env')].flatMap((node) => textOf(node) ?? []);
  const envs = names.map((name) => {
    const path = layer.resolve(name);
    return path === undefined ? undefined : readEnvFile(path, layer);
  });
  return {
    entries: [...literals, ...files, ...envs.flatMap((entries) => entries ?? [])],
    complete: envs.every((entries) => entries !== undefined),
  };
}

/** Options of all generators, and those of one, which win. */
function readOptions(kustomization: YamlNode | undefined, generator: YamlNode, key: string): YamlEntry[] {
  const pairs = [nodeAt(kustomization, 'generatorOptions', key), nodeAt(generator, 'options', key)].flatMap(entriesOf);
  return pairs.length > 0 ? [makeEntry(key, makeMap(pairs, pairs[0]!.keyPlace))] : [];
}

function generate(generator: YamlNode, kind: 'ConfigMap' | 'Secret', layer: Layer): Resource | undefined {
  const name = scalarOf(nodeAt(generator, 'name'));
  if (!name) return undefined;
  const { entries, complete } = readData(generator, layer);
  const place = generator.place;
  const namespace = scalarOf(nodeAt(generator, 'namespace'));
  const data = makeMap(entries, place);
  const metadata = makeMap(
    [
      makeEntry('name', name),
      ...(namespace ? [makeEntry('namespace', namespace)] : []),
      ...['labels', 'annotations'].flatMap((key) => readOptions(layer.root, generator, key)),
    ],
    place,
  );
  const root = makeMap(
    [
      makeEntry('apiVersion', makeText(complete ? 'v1' : `${openGroup}/v1`, name.place)),
      makeEntry('kind', makeText(kind, name.place)),
      makeEntry('metadata', metadata),
      makeEntry(kind === 'Secret' ? 'stringData' : 'data', data),
    ],
    place,
  );
  return { root, path: layer.path, formerNames: [], generated: true };
}

/** Adds what is generated; `behavior: merge` and `replace` change what a lower layer generated. */
export function applyGenerators(resources: readonly Resource[], kustomization: YamlNode, layer: Layer): readonly Resource[] {
  const result = [...resources];
  for (const [list, kind] of [
    ['configMapGenerator', 'ConfigMap'],
    ['secretGenerator', 'Secret'],
  ] as const) {
    for (const generator of itemsOf(nodeAt(kustomization, list))) {
      const made = generate(generator, kind, layer);
      if (!made) continue;
      const at = result.findIndex((other) => kindOf(other) === kind && [nameOf(other), ...other.formerNames].includes(nameOf(made)));
      const behavior = textOf(nodeAt(generator, 'behavior')) ?? 'create';
      if (at < 0) result.push(made);
      else if (behavior === 'replace') result[at] = replaceData(result[at]!, made, []);
      else if (behavior === 'merge') result[at] = replaceData(result[at]!, made, dataOf(result[at]!));
    }
  }
  return result;
}

const dataKey = (resource: Resource): string => (kindOf(resource) === 'Secret' ? 'stringData' : 'data');
const dataOf = (resource: Resource): readonly YamlEntry[] => entriesOf(nodeAt(resource.root, dataKey(resource)));

function replaceData(old: Resource, made: Resource, kept: readonly YamlEntry[]): Resource {
  const data = makeMap([...kept, ...dataOf(made)], made.root.place);
  const apiVersion = textOf(nodeAt(made.root, 'apiVersion'))?.startsWith(openGroup)
    ? made.root.entries.get('apiVersion')!.value
    : undefined;
  const root = withEntry(old.root, dataKey(old), data);
  return { ...old, root: apiVersion ? withEntry(root, 'apiVersion', apiVersion) : root };
}
