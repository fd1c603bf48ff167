/**
 * Parameters of an OpenShift Template: `${NAME}` within a text, `${{NAME}}` for a number or a truth value (docs.openshift.com, "Using
 * templates"). Those without a value, and generated ones, stay as they are written.
 */
import { entriesOf, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlNode, YamlScalar } from '../../text/yaml-document.ts';
import type { Place } from '../../types.ts';

type Parameters = ReadonlyMap<string, { readonly text: string; readonly place: Place }>;

export const readParameters = (template: YamlNode): Parameters =>
  new Map(
    itemsOf(nodeAt(template, 'parameters')).flatMap((parameter) => {
      const name = textOf(nodeAt(parameter, 'name'));
      const value = nodeAt(parameter, 'value');
      const text = textOf(value);
      return name === undefined || text === undefined || !value ? [] : [[name, { text, place: value.place }] as const];
    }),
  );

/** A tree with the values put in; each such text says which parameter decided it. */
export function fillParameters(node: YamlNode, parameters: Parameters): YamlNode {
  if (parameters.size === 0) return node;
  if (node.kind === 'scalar') return fillScalar(node, parameters);
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => fillParameters(item, parameters)) };
  const entries = entriesOf(node).map((entry): [string, YamlEntry] => [
    entry.key,
    { ...entry, value: entry.key === 'name' ? fillName(entry.value, parameters) : fillParameters(entry.value, parameters) },
  ]);
  return { ...node, entries: new Map(entries) };
}

/** What a thing is called decides nothing: findings about it stand where it is written. */
function fillName(node: YamlNode, parameters: Parameters): YamlNode {
  const filled = fillParameters(node, parameters);
  return node.kind === 'scalar' ? { ...filled, place: node.place } : filled;
}

const reference = /\$\{(?:\{([A-Za-z_]\w{0,100})\}|([A-Za-z_]\w{0,100}))\}/g;
const longest = 4000;

function fillScalar(node: YamlScalar, parameters: Parameters): YamlScalar {
  if (!node.text.includes('${') || node.text.length > longest) return node;
  let decidedBy: Place | undefined;
  let key = '';
  const text = node.text.replace(reference, (whole, plain: string | undefined, quoted: string | undefined) => {
    const known = parameters.get(plain ?? quoted ?? '');
    if (!known) return whole;
    decidedBy ??= known.place;
    key ||= plain ?? quoted ?? '';
    return known.text;
  });
  if (!decidedBy) return node;
  const isPlain = /^\$\{\{\w+\}\}$/.test(node.text);
  const place = { ...node.place, decidedBy: [{ ...decidedBy, key, edit: true as const }] };
  return { ...node, text: text.slice(0, longest), value: isPlain ? plainValue(text) : text.slice(0, longest), quoted: !isPlain, place };
}

const plainValue = (text: string): string | number | boolean =>
  /^(?:true|false)$/.test(text) ? text === 'true' : text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
