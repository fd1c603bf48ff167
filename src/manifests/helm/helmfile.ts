/**
 * Releases of a Helmfile that install charts of the repository (helmfile.readthedocs.io, "Configuration"): later values win over earlier
 * ones, and `set` over both. What a template fills in is not known: such a release is left out.
 */
import { booleanOf, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import { join, resolve } from './chart.ts';
import { layAll, mapAt, parametersOf } from './given-maps.ts';
import type { Installation } from './installations.ts';

export const isHelmfile = (path: string): boolean => /(?:^|\/)(?:helmfile(?:[-_.][\w-]+)?\.ya?ml|helmfile\.d\/[^/]+\.ya?ml)$/.test(path);

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const mostDepth = 20;

/** A template anywhere in what is given. */
function isTemplated(node: YamlNode | undefined, depth = 0): boolean {
  if (!node) return false;
  if (node.kind === 'scalar') return node.text.includes('{{');
  if (depth > mostDepth) return true;
  const below = node.kind === 'map' ? [...node.entries.values()].map(({ value }) => value) : itemsOf(node);
  return below.some((one) => isTemplated(one, depth + 1));
}

export function readHelmfile(root: YamlNode, path: string): readonly Installation[] {
  const folder = folderOf(path);
  return itemsOf(nodeAt(root, 'releases')).flatMap((release): Installation[] => {
    const name = textOf(nodeAt(release, 'name'));
    const chart = textOf(nodeAt(release, 'chart')) ?? '';
    const given = nodeAt(release, 'values');
    const set = nodeAt(release, 'set');
    const isOff = booleanOf(nodeAt(release, 'installed')) === false;
    const at = /^\.{1,2}\//.test(chart) ? resolve(folder, chart) : undefined;
    if (name === undefined || at === undefined || isOff || nodeAt(release, 'inherit') || isTemplated(given) || isTemplated(set)) return [];
    const layers = itemsOf(given);
    const files = layers.flatMap((item) => textOf(item) ?? []);
    // A file of a template or from elsewhere, and one over a map: an installation lays its maps over its files.
    const isPlain = files.every((file) => /\.ya?ml$/i.test(file) && !file.includes('://'));
    if (!isPlain || layers.slice(0, files.length).some((item) => textOf(item) === undefined)) return [];
    const valueFiles = files.flatMap((file) => resolve(folder, file) ?? []);
    const maps = layers.map((item) => mapAt(item));
    return [{ id: join(path, name), chart: at, valueFiles, values: layAll([...maps, parametersOf(set)]) }];
  });
}
