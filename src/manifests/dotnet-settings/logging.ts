/** NLog and log4net, in files of their own or as a section of `web.config` → `log-sink` facts: where the targets that rules use write to. */
import { purposeOf } from '../../text/purpose.ts';
import type { XmlElement } from '../../text/xml-document.ts';
import type { Fact, Place } from '../../types.ts';

type Sink = Fact<'log-sink'>['value']['sink'];

interface Target {
  readonly library: string;
  /** Its own name, and those of the wrappers around it. */
  readonly names: readonly string[];
  readonly sink: Sink;
  readonly path?: string;
  readonly place: Place;
}
interface Reading {
  readonly targets: Target[];
  readonly used: Set<string>;
}

export const loggingName = /(?:^|\/)(?:nlog|log4net)(?:\.[\w-]{1,40}){0,2}\.(?:config|xml)$/i;

function sinkOf(type: string): Sink {
  if (/file/i.test(type)) return 'file';
  if (/console|trace|debug/i.test(type)) return 'console';
  return /network|syslog|udp|tcp|mail|webservice|elastic|loki|gelf|insights|blob|database|adonet/i.test(type) ? 'network' : 'unknown';
}

const attributeOf = (element: XmlElement, name: string): string | undefined =>
  [...element.attributes].find(([key]) => key.toLowerCase() === name)?.[1].value;

/** `<file value="logs\shop.log"/>`, `<param name="File" value="…"/>`. */
function appenderPath({ children }: XmlElement): string | undefined {
  const file = children.find(
    (child) => /^file$/i.test(child.name) || (child.name === 'param' && /^file$/i.test(attributeOf(child, 'name') ?? '')),
  );
  return file && attributeOf(file, 'value');
}

function readTarget(element: XmlElement, names: readonly string[], reading: Reading): void {
  const type = attributeOf(element, 'xsi:type') ?? attributeOf(element, 'type') ?? '';
  const own = [...names, attributeOf(element, 'name') ?? ''];
  const path = attributeOf(element, 'filename');
  reading.targets.push({ library: 'NLog', names: own, sink: sinkOf(type), ...(path ? { path } : {}), place: element.place });
  for (const child of element.children) if (/^target$/i.test(child.name)) readTarget(child, own, reading);
}

function walk(element: XmlElement, reading: Reading, depth: number): void {
  if (depth > 40) return;
  const name = element.name.toLowerCase();
  if (name === 'target') return readTarget(element, [], reading);
  if (name === 'appender') {
    const path = appenderPath(element);
    const sink = sinkOf(attributeOf(element, 'type') ?? '');
    const names = [attributeOf(element, 'name') ?? ''];
    reading.targets.push({ library: 'log4net', names, sink, ...(path ? { path } : {}), place: element.place });
  } else if (name === 'appender-ref') reading.used.add(attributeOf(element, 'ref') ?? '');
  else if (name === 'logger' && !/^false$/i.test(attributeOf(element, 'enabled') ?? ''))
    for (const target of (attributeOf(element, 'writeto') ?? '').split(',')) reading.used.add(target.trim());
  for (const child of element.children) walk(child, reading, depth + 1);
}

/** Whoever deploys it gives the path: `${environment:LOG_DIR}`. */
const isAskedFor = (path: string): boolean => /^\s{0,20}(?:\$\{(?:environment|env|configsetting)|%)/i.test(path);

function toFact({ library, sink, path, place }: Target): Fact<'log-sink'> {
  const literal = path?.replace(/^\$\{(?:basedir|currentdir)[^}]{0,80}\}[\\/]?/i, './');
  const target = literal && !literal.startsWith('$') ? { target: { is: 'literal' as const, value: literal, place } } : {};
  return { kind: 'log-sink', place, confidence: 'certain', value: { library, sink, ...target } };
}

/** What loggers write to; nothing for files that only developers use. */
export function logSinks(root: XmlElement, path: string): readonly Fact<'log-sink'>[] {
  if (['development', 'test'].includes(purposeOf(path))) return [];
  const reading: Reading = { targets: [], used: new Set() };
  walk(root, reading, 0);
  return reading.targets
    .filter(({ sink, names, path: file }) => sink !== 'unknown' && names.some((name) => reading.used.has(name)) && !isAskedFor(file ?? ''))
    .map(toFact);
}
