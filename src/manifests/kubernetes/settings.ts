/** Settings from YAML nodes: a value that a placeholder or another tool decides is known to be unknown. */
import type { Setting } from '../../facts.ts';
import { parseBytes, parseCores } from '../../text/quantity.ts';
import { booleanOf, itemsOf, numberOf, scalarOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';

/** `${VAR}`, `{{ value }}`, `<your-value>`: filled in before the manifest is applied. */
const isPlaceholder = (text: string): boolean => text.includes('${') || text.includes('{{') || /^<[^<>]{1,60}>$/.test(text);

/** Reads a scalar with `parse`; what it cannot read is known to be there and unknown. */
function settingBy<T>(node: YamlNode | undefined, parse: (node: YamlNode) => T | undefined): Setting<T> | undefined {
  if (!node || (node.kind === 'scalar' && node.value === null)) return undefined;
  const value = parse(node);
  if (value !== undefined) return { known: true, value, place: node.place };
  const text = scalarOf(node)?.text ?? '';
  return { known: false, because: isPlaceholder(text) ? 'it is filled in by a template' : 'it has an unexpected form', place: node.place };
}

export const textSetting = (node: YamlNode | undefined): Setting<string> | undefined =>
  settingBy(node, (given) => {
    const scalar = scalarOf(given);
    return scalar && !isPlaceholder(scalar.text) ? scalar.text : undefined;
  });
export const numberSetting = (node: YamlNode | undefined): Setting<number> | undefined => settingBy(node, numberOf);
export const booleanSetting = (node: YamlNode | undefined): Setting<boolean> | undefined => settingBy(node, booleanOf);
export const coresSetting = (node: YamlNode | undefined): Setting<number> | undefined =>
  settingBy(node, (given) => parseCores(scalarOf(given)?.text ?? ''));
export const bytesSetting = (node: YamlNode | undefined): Setting<number> | undefined =>
  settingBy(node, (given) => parseBytes(scalarOf(given)?.text ?? ''));

/** IntOrString of the Kubernetes API: `8080`, `http`, `25%`. */
export const numberOrTextSetting = (node: YamlNode | undefined): Setting<number | string> | undefined =>
  settingBy<number | string>(node, (given) => {
    const scalar = scalarOf(given);
    if (!scalar || isPlaceholder(scalar.text)) return undefined;
    return typeof scalar.value === 'number' ? scalar.value : (numberOf(given) ?? scalar.text);
  });

/** A list of strings; unknown when one of them is. */
export const textListSetting = (node: YamlNode | undefined): Setting<readonly string[]> | undefined =>
  settingBy<readonly string[]>(node, (given) => {
    if (given.kind !== 'list') return undefined;
    const items = itemsOf(given).map((item) => scalarOf(item)?.text);
    return items.every((item) => item !== undefined && !isPlaceholder(item)) ? (items as string[]) : undefined;
  });
