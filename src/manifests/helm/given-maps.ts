/** Maps of values that an installation gives, as the renderer takes them. */
import { itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import { layValues } from './merge-values.ts';
import { type Cell, GoMap } from './values.ts';
import { cellOfYaml } from './yaml.ts';

export function mapAt(node: YamlNode | undefined): GoMap | undefined {
  const value = node && cellOfYaml(node).value;
  return value instanceof GoMap ? value : undefined;
}

/** `name: image.tag` as `--set`; what addresses lists or escapes dots is left out. */
export function parametersOf(list: YamlNode | undefined): GoMap | undefined {
  const values = new GoMap();
  for (const parameter of itemsOf(list).slice(0, 200)) {
    const name = textOf(nodeAt(parameter, 'name')) ?? '';
    const value = nodeAt(parameter, 'value');
    if (!value || !/^[\w-]+(?:\.[\w-]+){0,20}$/.test(name)) continue;
    const isText = textOf(nodeAt(parameter, 'forceString')) === 'true';
    const given = typedOf(cellOfYaml(value, name), isText);
    setAt(values, name.split('.'), given);
  }
  return values.entries.size ? values : undefined;
}

/** Parameters are texts; `--set` reads numbers and booleans in them. */
function typedOf(cell: Cell, isText: boolean): Cell {
  const text = String(cell.value);
  if (isText) return { ...cell, value: text };
  if (text === 'true' || text === 'false') return { ...cell, value: text === 'true' };
  return /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? { ...cell, value: BigInt(text) } : cell;
}

function setAt(map: GoMap, [key, ...rest]: readonly string[], value: Cell): void {
  if (rest.length === 0) map.entries.set(key!, value);
  else {
    const inner = map.get(key!)?.value;
    const below = inner instanceof GoMap ? inner : new GoMap();
    map.entries.set(key!, { value: below, ...(value.from ? { from: value.from } : {}) });
    setAt(below, rest, value);
  }
}

export const layAll = (layers: readonly (GoMap | undefined)[]): GoMap =>
  layers.reduce<GoMap>((under, over) => (over ? layValues(under, over) : under), new GoMap());
