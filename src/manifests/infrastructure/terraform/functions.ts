/** Functions of Terraform on values that may be unknown. A function that is not listed gives an unknown value. */

import { parseTemplate } from '../../../text/hcl/parse.ts';
import { LineMap } from '../../../text/positions.ts';
import type { Place } from '../../../types.ts';
import { decodeJson, type Entry, isClosed, type Node, numberOf, scalar, textOf, unknown } from '../node.ts';
import { joinPath } from '../paths.ts';
import { type Evaluator, eitherOf, maxItems, memberOf, type Scope, sourceText } from './evaluate.ts';
import type { HclFile } from './module.ts';

export interface Call {
  readonly name: string;
  readonly args: readonly Node[];
  readonly place: Place;
  readonly scope: Scope;
  readonly evaluator: Evaluator;
}
type Apply = (call: Call) => Node | undefined;

const isList = (node: Node | undefined): node is Extract<Node, { is: 'list' }> => node?.is === 'list';
const openFlag = (nodes: readonly Node[]) => (nodes.every(isClosed) ? {} : ({ open: true } as const));

/** Elements of the lists that are known; what is not known leaves the list open. */
function joinLists(lists: readonly Node[], place: Place): Node {
  const items = lists.flatMap((list) => (list.is === 'list' ? list.items : []));
  const open = items.length > maxItems || lists.some((list) => !isList(list) || list.open);
  return { is: 'list', items: items.slice(0, maxItems), ...(open ? { open: true } : {}), place };
}

function mergeMaps({ args, place }: Call): Node {
  const entries = new Map<string, Entry>();
  let open = false;
  for (const arg of args) {
    if (arg.is === 'scalar' && arg.value === null) continue;
    if (arg.is !== 'map' || arg.open) open = true;
    if (arg.is === 'map') for (const entry of arg.entries.slice(0, maxItems)) entries.set(entry.key, entry);
    // What is not known may replace what came before it.
    else
      for (const [key, entry] of entries) entries.set(key, { ...entry, value: unknown('another map may replace it', entry.value.place) });
  }
  return { is: 'map', entries: [...entries.values()], ...(open ? { open: true } : {}), place };
}

function flatten(node: Node, depth = 0): Node[] {
  return node.is === 'list' && depth < 5 ? node.items.flatMap((item) => flatten(item, depth + 1)).slice(0, maxItems) : [node];
}

function lengthOf(node: Node | undefined): number | undefined {
  if (node?.is === 'list') return node.open ? undefined : node.items.length;
  if (node?.is === 'map') return node.open ? undefined : node.entries.length;
  return textOf(node)?.length;
}

const text =
  (apply: (text: string, ...more: readonly string[]) => string | undefined): Apply =>
  ({ args, place }) => {
    const texts = args.map((arg) => textOf(arg));
    if (texts.length === 0 || texts.some((one) => one === undefined)) return undefined;
    const result = apply(...(texts as [string, ...string[]]));
    return result === undefined ? undefined : scalar(result, place);
  };
const numbers =
  (apply: (...values: readonly number[]) => number): Apply =>
  ({ args, place }) => {
    const values = args.map((arg) => numberOf(arg));
    return values.length === 0 || values.some((value) => value === undefined) ? undefined : scalar(apply(...(values as number[])), place);
  };
/** Gives its first argument back as it is. */
const same: Apply = ({ args }) => args[0];

function asList({ args: [arg], place }: Call): Node | undefined {
  return arg?.is === 'list' ? { ...arg, place } : undefined;
}

function lookup({ args: [map, key, fallback], place }: Call): Node | undefined {
  const name = textOf(key);
  if (!map || name === undefined || map.is !== 'map') return undefined;
  const found = map.entries.find((entry) => entry.key === name);
  if (found) return found.value;
  return map.open ? undefined : (fallback ?? scalar(null, place));
}

function element({ args: [list, index] }: Call): Node | undefined {
  if (list?.is === 'reference') return list;
  if (!isList(list) || list.items.length === 0) return undefined;
  const at = numberOf(index);
  if (at === undefined) return list.open ? undefined : eitherOf(list.items, list.place);
  return list.open ? list.items[at] : list.items[at % list.items.length];
}

function coalesce({ args }: Call): Node | undefined {
  for (const arg of args) {
    const isEmpty = arg.is === 'scalar' && (arg.value === null || arg.value === '');
    if (arg.is === 'unknown' || arg.is === 'either') return undefined;
    if (!isEmpty) return arg;
  }
  return undefined;
}

/** The first argument that can be worked out; one that is not known may fail or not. */
function tryFirst({ args, place }: Call): Node | undefined {
  const [first] = args;
  return first && first.is !== 'unknown' ? first : args.length > 1 ? unknown('it depends on what is given', place) : undefined;
}

function readFolder(path: string, scope: Scope): string | undefined {
  const { root, source } = scope.instance;
  // `path.module` is from the root already; a bare name is relative to the folder that Terraform runs in.
  const isFromRoot = source.folder !== '' && path.startsWith(`${source.folder}/`);
  return isFromRoot ? joinPath('', path) : joinPath(path.startsWith('/') || source.folder === '' ? '' : root, path.replace(/^\/+/, ''));
}
function loadFile({ args: [name], scope, evaluator }: Call): HclFile | undefined {
  const path = textOf(name);
  const found = path === undefined ? undefined : readFolder(path, scope);
  const content = found === undefined || !evaluator.resolver.files.has(found) ? undefined : evaluator.resolver.files.text(found);
  return content === undefined ? undefined : { path: found!, text: content, lines: new LineMap(found!, content) };
}
function readFile(call: Call): Node | undefined {
  const file = loadFile(call);
  if (!file) return undefined;
  const { text: content } = file;
  return {
    is: 'text',
    parts: [sourceText(file, { text: content, start: 0, end: content.length })],
    place: file.lines.place(0, content.length),
  };
}

/** A template with its variables; also for `data.template_file`. */
export function renderTemplate(template: HclFile, variables: Node | undefined, scope: Scope, evaluator: Evaluator): Node | undefined {
  const expression = parseTemplate(template.text);
  if (!expression) return undefined;
  const names = new Map<string, Node>();
  if (variables?.is === 'map') for (const { key, value } of variables.entries) names.set(key, value);
  return evaluator.evaluate(expression, { ...scope, file: template, names });
}
/** A text that was read from a file, as that file again. */
export function fileOfText(node: Node | undefined, evaluator: Evaluator): HclFile | undefined {
  if (node?.is !== 'text' || node.parts.length !== 1) return undefined;
  const { path } = node.parts[0] && 'at' in node.parts[0] ? node.parts[0].at(0, 1) : node.place;
  const content = evaluator.resolver.files.text(path);
  return content === undefined || content !== textOf(node) ? undefined : { path, text: content, lines: new LineMap(path, content) };
}
function templateFile(call: Call): Node | undefined {
  const file = loadFile(call);
  return file && renderTemplate(file, call.args[1], call.scope, call.evaluator);
}

function format({ args: [pattern, ...values], place }: Call): Node | undefined {
  const template = textOf(pattern);
  if (template === undefined) return undefined;
  const pieces = template.split(/%(?:[sdvq]|0\d{1,2}d)/);
  if (pieces.length - 1 !== values.length || template.includes('%%')) return undefined;
  const parts = pieces.flatMap((piece, index) => [
    ...(piece === '' ? [] : [{ text: piece, at: () => place }]),
    ...(index < values.length ? [{ node: values[index]! }] : []),
  ]);
  const node: Node = { is: 'text', parts, place };
  const whole = textOf(node);
  return whole === undefined ? node : scalar(whole, place);
}

function join({ args: [separator, ...lists], place }: Call): Node | undefined {
  const between = textOf(separator);
  const list = joinLists(lists, place);
  if (between === undefined || !isList(list) || list.open) return undefined;
  const parts = list.items.flatMap((item, index) => [
    ...(index > 0 && between !== '' ? [{ text: between, at: () => place }] : []),
    { node: item },
  ]);
  const node: Node = { is: 'text', parts, place };
  const whole = textOf(node);
  return whole === undefined ? node : scalar(whole, place);
}

function range({ args, place }: Call): Node | undefined {
  const values = args.map((arg) => numberOf(arg));
  if (values.some((value) => value === undefined)) return undefined;
  const [start, end, step] = values.length === 1 ? [0, values[0]!, 1] : [values[0]!, values[1]!, values[2] ?? 1];
  const items: Node[] = [];
  for (let at = start; step > 0 && at < end && items.length < maxItems; at += step) items.push(scalar(at, place));
  return { is: 'list', items, ...(items.length === maxItems ? { open: true } : {}), place };
}

const keysOf: Apply = ({ args: [map], place }) =>
  map?.is === 'map'
    ? { is: 'list', items: map.entries.map(({ key, keyPlace }) => scalar(key, keyPlace)), ...openFlag([map]), place }
    : undefined;
const valuesOf: Apply = ({ args: [map], place }) =>
  map?.is === 'map' ? { is: 'list', items: map.entries.map(({ value }) => value), ...openFlag([map]), place } : undefined;

const contains: Apply = ({ args: [list, value], place }) => {
  const wanted = textOf(value);
  if (!isList(list) || list.open || wanted === undefined) return undefined;
  const texts = list.items.map((item) => textOf(item));
  if (texts.includes(wanted)) return scalar(true, place);
  return texts.includes(undefined) ? undefined : scalar(false, place);
};

const split: Apply = ({ args: [separator, whole], place }) => {
  const [between, content] = [textOf(separator), textOf(whole)];
  if (between === undefined || content === undefined) return undefined;
  return {
    is: 'list',
    items: content
      .split(between)
      .slice(0, maxItems)
      .map((piece) => scalar(piece, place)),
    place,
  };
};

const compact: Apply = ({ args: [list], place }) =>
  isList(list)
    ? { ...list, items: list.items.filter((item) => item.is !== 'scalar' || (item.value !== null && item.value !== '')), place }
    : undefined;

const one: Apply = ({ args: [list], place }) => {
  if (list?.is === 'reference') return list;
  if (!isList(list) || list.open || list.items.length > 1) return undefined;
  return list.items[0] ?? scalar(null, place);
};

const zipMap: Apply = ({ args: [keys, values], place }) => {
  if (!isList(keys) || !isList(values) || keys.open || values.open) return undefined;
  const names = keys.items.map((key) => textOf(key));
  if (names.includes(undefined)) return undefined;
  return {
    is: 'map',
    entries: names.map((key, index) => ({ key: key!, keyPlace: keys.place, value: memberOf(values, String(index)) })),
    place,
  };
};

const functions: Readonly<Record<string, Apply>> = {
  abs: numbers((value = 0) => Math.abs(value)),
  base64encode: same,
  base64gzip: same,
  ceil: numbers((value = 0) => Math.ceil(value)),
  coalesce,
  compact,
  concat: ({ args, place }) => joinLists(args, place),
  contains,
  distinct: asList,
  element,
  file: readFile,
  flatten: ({ args: [list], place }) => (isList(list) ? { is: 'list', items: flatten(list), ...openFlag([list]), place } : undefined),
  floor: numbers((value = 0) => Math.floor(value)),
  format,
  join,
  jsondecode: ({ args: [arg] }) => decodeJson(arg),
  jsonencode: ({ args: [arg], place }) => arg && { is: 'encoded', value: arg, place },
  keys: keysOf,
  length: ({ args: [arg], place }) => {
    const length = lengthOf(arg);
    return length === undefined ? undefined : scalar(length, arg!.place.decidedBy ? { ...place, decidedBy: arg!.place.decidedBy } : place);
  },
  lookup,
  lower: text((value) => value.toLowerCase()),
  max: numbers((...values) => Math.max(...values)),
  merge: mergeMaps,
  min: numbers((...values) => Math.min(...values)),
  nonsensitive: same,
  one,
  range,
  replace: text((value, from = '', to = '') => (from.startsWith('/') || from === '' ? undefined : value.split(from).join(to))),
  sensitive: same,
  split,
  substr: text((value, offset = '0', length = '-1') => {
    const start = Number(offset);
    return Number(length) < 0 ? value.slice(start) : value.slice(start, start + Number(length));
  }),
  templatefile: templateFile,
  tolist: asList,
  tomap: same,
  tonumber: same,
  toset: asList,
  tostring: same,
  tobool: same,
  trimspace: text((value) => value.trim()),
  trimprefix: text((value, prefix = '') => (value.startsWith(prefix) ? value.slice(prefix.length) : value)),
  trimsuffix: text((value, suffix = '') => (suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value)),
  try: tryFirst,
  upper: text((value) => value.toUpperCase()),
  values: valuesOf,
  zipmap: zipMap,
};

export function callFunction(call: Call): Node {
  const apply = Object.hasOwn(functions, call.name) ? functions[call.name] : undefined;
  return apply?.(call) ?? unknown(`\`${call.name.slice(0, 40)}\` of values that are not known`, call.place);
}
