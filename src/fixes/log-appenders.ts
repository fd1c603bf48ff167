/** What log4js, bunyan and pino write into files, on standard output. */
import type { ArrayExpression, Node, ObjectExpression, ObjectProperty } from '@babel/types';
import { replaceRange } from '../text/text-edits.ts';
import type { Edit, Place } from '../types.ts';
import { callAt, nodesAround, propertyOf, quote, replaceNode, type Script, textOf, walk } from './script-edit.ts';

type Edits = readonly (Edit | undefined)[];

/** Items of a list or object taken out, each with the comma and the space that part it from its neighbour. */
export function removeItems(script: Script, items: readonly Node[], gone: readonly Node[]): readonly Edit[] {
  return gone.map((item) => {
    const index = items.indexOf(item);
    const next = items[index + 1];
    const before = items[index - 1];
    if (next) return replaceRange(script.lines, item.start!, next.start!, '');
    return replaceRange(script.lines, before ? before.end! : item.start!, item.end!, '');
  });
}

interface Sink {
  readonly script: Script;
  readonly object: ObjectExpression;
  /** What holds the object, innermost last. */
  readonly around: readonly Node[];
  /** The same lines are printed to the console as well. */
  readonly isBeside: boolean;
}
const isObject = (node: Node | undefined): node is ObjectExpression => node?.type === 'ObjectExpression';
const textValue = (node: Node | undefined): string | undefined => (node?.type === 'StringLiteral' ? node.value : undefined);
const keyOf = ({ key }: ObjectProperty): string | undefined => (key.type === 'Identifier' ? key.name : textValue(key));
const keep = ({ script, object }: Sink, ...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => {
    const value = propertyOf(object, name);
    return value ? [`${name}: ${textOf(script, value)}`] : [];
  });

/** An item of a list goes where the console is there already; else it becomes the console. */
function inList(sink: Sink, console: string): Edits {
  const list = sink.around.at(-1);
  if (!sink.isBeside || list?.type !== 'ArrayExpression') return [replaceNode(sink.script, sink.object, console)];
  const items = list.elements.filter((item) => item !== null);
  return items.length > 1 ? removeItems(sink.script, items, [sink.object]) : [undefined];
}

/** Lists of names in the categories of log4js: the console takes the place of the file. */
function renameInCategories(script: Script, lists: readonly ArrayExpression[], name: string, console: string): Edits {
  return lists.flatMap((list): Edits => {
    const items = list.elements.filter((item) => item !== null);
    const own = items.find((item) => textValue(item) === name);
    if (!own) return [];
    return items.some((item) => textValue(item) === console)
      ? removeItems(script, items, [own])
      : [replaceNode(script, own, quote(script, console))];
  });
}

function editLog4js(sink: Sink): Edits {
  const { script, object, around, isBeside } = sink;
  const text = `{ ${[`type: ${quote(script, 'stdout')}`, ...keep(sink, 'layout')].join(', ')} }`;
  const [appenders, own] = around.slice(-2);
  if (!isBeside || own?.type !== 'ObjectProperty' || !isObject(appenders)) return inList(sink, text);
  const others = appenders.properties.filter((item): item is ObjectProperty => item.type === 'ObjectProperty' && item !== own);
  const console = others.find((item) => /^(?:stdout|stderr|console)$/.test(textValue(propertyOf(item.value, 'type')) ?? ''));
  const [name, consoleName] = [keyOf(own), console && keyOf(console)];
  if (name === undefined || consoleName === undefined) return [undefined];
  const lists = [...walk(script.file)].flatMap((node) =>
    node.type === 'ObjectProperty' && keyOf(node) === 'appenders' && node.value.type === 'ArrayExpression' ? [node.value] : [],
  );
  // What other appenders (filters) refer to by its name is needed.
  const uses = [...walk(script.file)].filter((node) => textValue(node) === name && node !== own.key).length;
  const inLists = lists.flatMap(({ elements }) => elements).filter((item) => textValue(item ?? undefined) === name).length;
  if (uses !== inLists || object.start === undefined) return [undefined];
  return [...removeItems(script, appenders.properties, [own]), ...renameInCategories(script, lists, name, consoleName)];
}

function editBunyan(sink: Sink): Edits {
  const path = sink.object.properties.find((item) => item.type === 'ObjectProperty' && keyOf(item) === 'path');
  if (sink.around.at(-1)?.type === 'ArrayExpression')
    return inList(sink, `{ ${[...keep(sink, 'level'), 'stream: process.stdout'].join(', ')} }`);
  return [path && replaceNode(sink.script, path, 'stream: process.stdout')];
}

/** File descriptor 1. */
function editPino(sink: Sink): Edits {
  const { script, object } = sink;
  const target = textValue(propertyOf(object, 'target'));
  if (target === 'pino-pretty') return [undefined];
  if (target === 'pino-roll' || sink.isBeside) {
    const kept = [`target: ${quote(script, 'pino/file')}`, ...keep(sink, 'level'), 'options: { destination: 1 }'];
    return inList(sink, `{ ${kept.join(', ')} }`);
  }
  const destination = propertyOf(propertyOf(object, 'options'), 'destination');
  return [destination && replaceNode(script, destination, '1')];
}

/** `pino.destination('app.log')` → `pino.destination(1)`. */
function editDestination(script: Script, place: Place): Edits {
  const call = callAt(script, place);
  const [first, second] = call?.arguments ?? [];
  if (!call || !first) return [undefined];
  if (/\bdestination$/.test(textOf(script, call.callee))) {
    const named = isObject(first) ? propertyOf(first, 'dest') : first;
    return [named && replaceNode(script, named, '1')];
  }
  return [second?.type === 'StringLiteral' ? replaceRange(script.lines, first.end!, second.end!, '') : undefined];
}

/** `logger: { file: … }` of fastify. */
function editFastify(script: Script, around: readonly Node[]): Edits {
  const file = around.findLast((node) => node.type === 'ObjectProperty' && keyOf(node) === 'file');
  const object = around.findLast(isObject);
  if (!file || !object) return [undefined];
  return object.properties.length === 1 ? [replaceNode(script, object, 'true')] : removeItems(script, object.properties, [file]);
}

const editors: Readonly<Record<string, (sink: Sink) => Edits>> = { log4js: editLog4js, bunyan: editBunyan, pino: editPino };

export function editAppender(script: Script, place: Place, library: string, isBeside: boolean): Edits {
  const editor = editors[library];
  const start = script.lines.offset(place.line, place.column);
  const nodes = nodesAround(script, place);
  const at = nodes.findIndex((node) => isObject(node) && node.start === start);
  const object = nodes[at];
  if (editor && isObject(object)) return editor({ script, object, around: nodes.slice(0, at), isBeside });
  if (library !== 'pino') return [undefined];
  const isInLogger = nodes.some((node) => node.type === 'ObjectProperty' && keyOf(node) === 'logger');
  return isInLogger ? editFastify(script, nodes) : editDestination(script, place);
}
