import type { EnvEntry, FactValues } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { entriesOf, entryAt, itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { AnyFact, Extraction, NotAssessed, SourceFile } from '../../types.ts';
import { dropAbsent } from './container.ts';
import { numberSetting } from './settings.ts';

export const isKustomization = (path: string): boolean => /(^|\/)kustomization(\.ya?ml)?$/i.test(path);

const patchLists = ['patches', 'patchesStrategicMerge', 'patchesJson6902'];
const expansions = [...patchLists, 'components', 'replacements', 'transformers', 'helmCharts', 'vars'];

/** Generators, replica counts and what patches touch. The overlay itself is not built. */
export function readKustomization(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap((root) => [
    ...readGenerators(root, 'configMapGenerator', file.path),
    ...readGenerators(root, 'secretGenerator', file.path),
    ...readReplicas(root),
    ...patchLists.flatMap((key) => itemsOf(nodeAt(root, key)).flatMap(readInlinePatch)),
  ]);
  return { facts, notAssessed: [...notAssessed, ...documents.flatMap(noteOverlay)] };
}

function noteOverlay(root: YamlNode): NotAssessed[] {
  const used = expansions.map((key) => entryAt(root, key)).find(Boolean);
  if (!used) return [];
  const message = `The Kustomize overlay is not built: its \`${used.key}\` count only as a sign that something is set elsewhere.`;
  return [{ reason: 'overlay', message, place: used.keyPlace, failed: false }];
}

/** Keys are known when all of them come from literals. */
function readGenerators(root: YamlNode, list: string, path: string): AnyFact[] {
  return itemsOf(nodeAt(root, list)).flatMap((generator) => {
    const name = scalarOf(nodeAt(generator, 'name'));
    if (!name) return [];
    const fromFiles = ['files', 'env', 'envs'].some((key) => nodeAt(generator, key));
    const literals = itemsOf(nodeAt(generator, 'literals')).flatMap((literal): EnvEntry[] => {
      const text = textOf(literal) ?? '';
      const end = text.indexOf('=');
      return end > 0 ? [{ name: text.slice(0, end), place: literal.place }] : [];
    });
    const value = dropAbsent<FactValues['config-source']>({
      kind: list === 'secretGenerator' ? 'secret' : 'config-map',
      name: name.text,
      namespace: textOf(nodeAt(root, 'namespace')),
      keys: fromFiles ? undefined : literals.map((entry) => entry.name),
      entries: [],
      purpose: purposeOf(path),
      namePlace: name.place,
    });
    return [{ kind: 'config-source', place: generator.place, confidence: 'certain', value } as const];
  });
}

/** `replicas: [{name, count}]`. */
const readReplicas = (root: YamlNode): AnyFact[] =>
  itemsOf(nodeAt(root, 'replicas')).flatMap((item) => {
    const name = textOf(nodeAt(item, 'name'));
    const count = numberSetting(nodeAt(item, 'count'));
    if (!name || !count) return [];
    const value = { kind: '', name, replicas: count, sets: ['replicas'] };
    return [{ kind: 'workload-patch', place: item.place, confidence: 'certain', value } as const];
  });

/** An inline patch, strategic (`spec: …`) or JSON 6902 (`- op: replace`). Only the names of what it sets are kept. */
function readInlinePatch(item: YamlNode): AnyFact[] {
  const text = textOf(nodeAt(item, 'patch')) ?? (item.kind === 'scalar' ? item.text : '');
  if (!text.includes('\n') && !text.startsWith('[')) return [];
  const patch = readYaml({ path: item.place.path, text }).documents[0];
  const name = textOf(nodeAt(item, 'target', 'name')) ?? textOf(nodeAt(patch, 'metadata', 'name'));
  const kind = textOf(nodeAt(item, 'target', 'kind')) ?? textOf(nodeAt(patch, 'kind')) ?? '';
  if (!patch) return [];
  const value = { kind, name: name ?? '', sets: [...keysSet(patch)].sort() };
  return [{ kind: 'workload-patch', place: item.place, confidence: 'certain', value }];
}

function keysSet(patch: YamlNode): Set<string> {
  const keys = new Set<string>();
  const visit = (node: YamlNode): void => {
    for (const { key, value } of entriesOf(node)) {
      keys.add(key);
      visit(value);
    }
    for (const child of itemsOf(node)) {
      const path = textOf(nodeAt(child, 'path'));
      for (const segment of path?.split('/') ?? []) if (/^[A-Za-z]/.test(segment)) keys.add(segment);
      visit(child);
    }
  };
  visit(patch);
  return keys;
}
