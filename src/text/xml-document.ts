/**
 * XML as a small tree in which every element and attribute knows its place. Comments don't count, entities of a DTD are not
 * expanded (no "billion laughs"), and depth and size are bounded.
 */
import { SaxesParser } from 'saxes';
import type { NotAssessed, Place, SourceFile } from '../types.ts';
import { LineMap } from './positions.ts';

export interface XmlAttribute {
  readonly value: string;
  readonly place: Place;
}
export interface XmlElement {
  /** Local name, without prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, trimmed. */
  readonly text: string;
  /** The start tag. */
  readonly place: Place;
}
export type XmlFile = { readonly root: XmlElement } | { readonly failed: NotAssessed };

const maxDepth = 200;
const maxElements = 100_000;

interface Draft {
  readonly name: string;
  readonly attributes: Map<string, XmlAttribute>;
  readonly children: Draft[];
  text: string;
  place: Place;
  readonly start: number;
}

class UnreadableXml extends Error {}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Reads a whole file; what is no well-formed XML is named. */
export function readXml(file: SourceFile): XmlFile {
  const lines = new LineMap(file.path, file.text);
  const fail = (message: string, offset: number): XmlFile => ({
    failed: {
      reason: 'syntax-error',
      message: `The XML cannot be read: ${message}.`,
      place: lines.place(offset, offset + 1),
      failed: true,
    },
  });
  const parser = new SaxesParser({ xmlns: false, position: true });
  try {
    const root = parse(parser, file.text, lines);
    return root ? { root } : fail('it holds no element', 0);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fail(
      error.message
        .split('\n')[0]!
        .replace(/^\d+:\d+: /, '')
        .replace(/\.$/, '')
        .slice(0, 200),
      Math.max(0, parser.position - 1),
    );
  }
}

function parse(parser: SaxesParser<{ xmlns: false; position: true }>, text: string, lines: LineMap): XmlElement | undefined {
  const open: Draft[] = [];
  let root: Draft | undefined;
  let pending: Draft | undefined;
  let count = 0;
  parser.on('error', (error) => {
    throw new UnreadableXml(error.message);
  });
  // Named entities of a DTD that was not read (`&nbsp;`) are no reason to give up.
  for (const name of ['nbsp', 'copy', 'middot', 'raquo', 'laquo', 'rarr', 'larr', 'mdash', 'ndash']) parser.ENTITIES[name] = ' ';
  parser.on('opentagstart', ({ name }) => {
    count++;
    if (open.length >= maxDepth || count > maxElements) throw new UnreadableXml('it is nested too deeply or too large');
    const start = Math.max(0, text.lastIndexOf('<', parser.position - 1));
    pending = { name: localName(name), attributes: new Map(), children: [], text: '', place: lines.place(start, start + 1), start };
  });
  parser.on('attribute', ({ name, value }) => {
    if (!pending) return;
    const end = parser.position;
    const start = Math.max(pending.start, text.lastIndexOf(name, end - value.length));
    pending.attributes.set(localName(name), { value, place: lines.place(start, end) });
  });
  parser.on('opentag', () => {
    const element = pending!;
    element.place = lines.place(element.start, parser.position);
    (open.at(-1)?.children ?? []).push(element);
    root ??= element;
    open.push(element);
    pending = undefined;
  });
  const addText = (part: string): void => {
    const element = open.at(-1);
    if (element) element.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element) element.text = element.text.trim();
  });
  parser.write(text).close();
  return root;
}

/** The first child with this name, following a path of names. */
export function childAt(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let current = element;
  for (const name of path) current = current?.children.find((child) => child.name === name);
  return current;
}

/** Children with this name. */
export const childrenOf = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** Text of the first child with this name; `undefined` when empty. */
export const childText = (element: XmlElement | undefined, name: string): string | undefined => childAt(element, name)?.text || undefined;

/** The element and all below it, in document order. */
export function allElements(element: XmlElement): readonly XmlElement[] {
  const found: XmlElement[] = [];
  const stack: XmlElement[] = [element];
  for (let next = stack.pop(); next; next = stack.pop()) {
    found.push(next);
    for (let at = next.children.length - 1; at >= 0; at--) stack.push(next.children[at]!);
  }
  return found;
}
