/** An ApplicationSet as the Applications that it makes, as far as files of the repository tell: lists and folders. */
import { entriesOf, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { ExpanderFiles } from '../../types.ts';
import { matchesGlob } from './glob.ts';

type Parameters = ReadonlyMap<string, string>;
const mostApplications = 100;
/** Patterns are matched against every folder: only those that people write. */
const isPlainPattern = (pattern: string): boolean => /^[\w./*-]{1,200}$/.test(pattern) && pattern.split('*').length <= 6;

export function applicationsOf(root: YamlNode, files: Pick<ExpanderFiles, 'under'>): readonly YamlNode[] {
  if (textOf(nodeAt(root, 'kind')) === 'Application') return [root];
  const template = nodeAt(root, 'spec', 'template');
  if (!template) return [];
  const generators = itemsOf(nodeAt(root, 'spec', 'generators'));
  const all = generators.flatMap((generator) => [...listed(generator), ...foldersOf(generator, files)]);
  return all.slice(0, mostApplications).map((parameters) => fill(template, parameters));
}

const listed = (generator: YamlNode): readonly Parameters[] =>
  itemsOf(nodeAt(generator, 'list', 'elements')).map(
    (element) => new Map(entriesOf(element).flatMap(({ key, value }) => [[key, textOf(value) ?? ''] as const])),
  );

function foldersOf(generator: YamlNode, files: Pick<ExpanderFiles, 'under'>): readonly Parameters[] {
  const wanted = itemsOf(nodeAt(generator, 'git', 'directories'));
  const patterns = (excludes: boolean) =>
    wanted
      .filter((one) => (textOf(nodeAt(one, 'exclude')) === 'true') === excludes)
      .map((one) => textOf(nodeAt(one, 'path')) ?? '')
      .filter(isPlainPattern);
  const [included, excluded] = [patterns(false), patterns(true)];
  if (included.length === 0) return [];
  const folders = new Set<string>();
  for (const path of files.under('')) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return [...folders]
    .filter((folder) => included.some((one) => matchesGlob(one, folder)) && !excluded.some((one) => matchesGlob(one, folder)))
    .sort()
    .map((folder) => {
      const name = folder.slice(folder.lastIndexOf('/') + 1);
      return new Map([
        ['path', folder],
        ['path.path', folder],
        ['path.basename', name],
        ['path.basenameNormalized', name],
      ]);
    });
}

/** The template with `{{ name }}` and `{{ .name }}` filled in; others stay, and what holds them is not followed. */
function fill(node: YamlNode, parameters: Parameters): YamlNode {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => fill(item, parameters)) };
  if (node.kind === 'map') {
    const entries = [...node.entries].map(([key, entry]) => [key, { ...entry, value: fill(entry.value, parameters) }] as const);
    return { ...node, entries: new Map(entries) };
  }
  if (!node.text.includes('{{')) return node;
  const text = node.text.replace(/\{\{-?\s*\.?([\w.-]{1,100})\s*-?\}\}/g, (whole, name: string) => parameters.get(name) ?? whole);
  return { ...node, text, value: text };
}
