/** logback, log4j, log4j2 and java.util.logging → `log-sink` facts: where the appenders that loggers use write to; `host-path` where that is a drive of Windows. */
import { readProperties } from '../../text/properties-document.ts';
import { purposeOf } from '../../text/purpose.ts';
import type { XmlElement } from '../../text/xml-document.ts';
import { childText, readXml } from '../../text/xml-document.ts';
import type { Adapter, AnyFact, Extraction, Fact, Place, SourceFile } from '../../types.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
type Sink = Fact<'log-sink'>['value']['sink'];

interface Appender {
  readonly name: string;
  readonly sink: Sink;
  readonly target?: string;
  readonly place: Place;
}

/** What the class of an appender, or the element of log4j2, says about its sink. */
function sinkOf(type: string): Sink {
  if (/file/i.test(type)) return 'file';
  if (/console/i.test(type)) return 'console';
  return /socket|tcp|udp|syslog|gelf|kafka|logstash|loki|fluent|smtp|http/i.test(type) ? 'network' : 'unknown';
}

/** Parts that only run on a developer's machine. */
const isLocalProfile = (element: XmlElement): boolean => {
  const name = element.attributes.get('name')?.value ?? '';
  return element.name === 'springProfile' && !name.includes('!') && ['development', 'test'].includes(purposeOf(`${name}.xml`));
};

/** The appender `FILE` that Spring Boot brings. */
const bootAppender = /^org\/springframework\/boot\/logging\/logback\/(?:structured-)?file-appender\.xml$/;

interface Reading {
  readonly appenders: Appender[];
  readonly used: Set<string>;
  /** What an appender hands on to others, as an asynchronous one does. */
  readonly handedOn: Map<string, string[]>;
}

function walk(element: XmlElement, reading: Reading, depth: number, within?: string): void {
  if (depth > 60 || isLocalProfile(element)) return;
  const type = element.attributes.get('class')?.value ?? element.attributes.get('type')?.value ?? element.name;
  const name = element.attributes.get('name')?.value;
  if (/^appender$/i.test(element.name) && name) reading.appenders.push(toAppender(element, name, type));
  else if (
    name &&
    /^(?:Console|File|RollingFile|RandomAccessFile|RollingRandomAccessFile|MemoryMappedFile|Socket|Syslog|Gelf|Kafka|Http)$/.test(
      element.name,
    )
  )
    reading.appenders.push(toAppender(element, name, element.name));
  else if (element.name === 'include' && bootAppender.test(element.attributes.get('resource')?.value ?? ''))
    reading.appenders.push({ name: 'FILE', sink: 'file', place: element.place });
  else if (/^appender-?ref$/i.test(element.name)) {
    const ref = element.attributes.get('ref')?.value ?? '';
    if (within === undefined) reading.used.add(ref);
    else reading.handedOn.set(within, [...(reading.handedOn.get(within) ?? []), ref]);
  }
  const isAppenders = /^appenders$/i.test(element.name);
  for (const child of element.children) {
    const isAppender = isAppenders || /^appender$/i.test(child.name);
    walk(child, reading, depth + 1, (isAppender ? child.attributes.get('name')?.value : undefined) ?? within);
  }
}

/** What loggers name, and what those appenders hand on to. */
function reached({ used, handedOn }: Reading): ReadonlySet<string> {
  const all = new Set(used);
  for (const name of all) for (const next of handedOn.get(name) ?? []) all.add(next);
  return all;
}

function toAppender(element: XmlElement, name: string, type: string): Appender {
  const param = element.children.find((child) => child.name === 'param' && /^file$/i.test(child.attributes.get('name')?.value ?? ''));
  const target =
    childText(element, 'file') ??
    childText(element, 'File') ??
    element.attributes.get('fileName')?.value ??
    param?.attributes.get('value')?.value;
  return { name, sink: sinkOf(type), ...(target === undefined ? {} : { target }), place: element.place };
}

const toFacts = (library: string, { sink, target, place }: Appender): readonly AnyFact[] => [
  {
    kind: 'log-sink',
    place,
    confidence: 'certain',
    value: { library, sink, ...(target && !target.includes('${') ? { target: { is: 'literal' as const, value: target, place } } : {}) },
  },
  // `D:/logs/shop.log`
  ...(target && sink === 'file' && /^[A-Za-z]:[\\/]/.test(target)
    ? [{ kind: 'host-path' as const, place, confidence: 'certain' as const, value: { path: target.slice(0, 120), os: 'windows' as const } }]
    : []),
];

function extractXml(file: SourceFile, library: string): Extraction {
  const read = readXml(file);
  if ('failed' in read) return { facts: [], notAssessed: [read.failed] };
  const reading: Reading = { appenders: [], used: new Set(), handedOn: new Map() };
  walk(read.root, reading, 0);
  const names = reached(reading);
  const used = reading.appenders.filter(({ name, sink }) => names.has(name) && sink !== 'unknown');
  return { facts: used.flatMap((appender) => toFacts(library, appender)), notAssessed: [] };
}

/** `log4j.appender.F=…RollingFileAppender`, `log4j.rootLogger=INFO, F`; `appender.f.type = RollingFile`. */
function extractProperties(file: SourceFile, library: string): Extraction {
  const properties = readProperties(file);
  const findValue = (key: string) => properties.find((property) => property.key.toLowerCase() === key.toLowerCase())?.value;
  const used = properties
    .filter(({ key }) => /^(?:log4j\.)?(?:rootLogger|rootCategory|logger|category)\b/i.test(key))
    .map(({ value }) => value);
  const facts = properties.flatMap(({ key, value, place }): readonly AnyFact[] => {
    const name = /^log4j\.appender\.([\w-]+)$/.exec(key)?.[1] ?? /^appender\.([\w-]+)\.type$/.exec(key)?.[1];
    const sink = sinkOf(value);
    if (name === undefined || sink === 'unknown') return [];
    const isUsed = used.some((text) => text.split(/[\s,]+/).includes(name) || text === findValue(`appender.${name}.name`));
    const target = findValue(`log4j.appender.${name}.File`) ?? findValue(`appender.${name}.fileName`);
    return isUsed ? toFacts(library, { name, sink, ...(target === undefined ? {} : { target }), place }) : [];
  });
  return { facts, notAssessed: [] };
}

/** `handlers` of the JDK's own logging, and of Tomcat's: `1catalina.org.apache.juli.FileHandler`. */
function extractHandlers(file: SourceFile): Extraction {
  const lists = readProperties(file).filter(({ key }) => key === 'handlers' || key === '.handlers');
  const facts = lists
    .slice(0, 1)
    .flatMap(({ value, place }): AnyFact[] =>
      (['file', 'console'] as const).flatMap((sink): AnyFact[] =>
        lists.some((list) => sinksOf(list.value).includes(sink)) && value
          ? [{ kind: 'log-sink', place, confidence: 'certain', value: { library: 'java.util.logging', sink } }]
          : [],
      ),
    );
  return { facts, notAssessed: [] };
}
const sinksOf = (handlers: string): readonly Sink[] => handlers.split(',').map((one) => sinkOf(one.trim()));

const pattern = /^(logback|log4j2?)(?:[-_.]([\w-]{1,40}))?\.(xml|properties)$/;
const usual = /^(?:spring|prod|production)$/;
/** Other names are chosen by web.xml, a setting or an option: those of the class path that are not for developers, tests or examples. */
const isChosen = (path: string, suffix: string): boolean =>
  /(?:^|\/)(?:src\/main\/resources|WEB-INF)\//.test(path) &&
  !/test|dev|local|debug|sample|example|template|include|base|common|default|console|defaults/i.test(suffix) &&
  purposeOf(`${suffix}.xml`) !== 'development';

/** Tests, development and what a compiler copies. Projects of Ant keep it in `src` itself. */
const elsewhere =
  /(?:^|\/)(?:src\/(?!main\/|resources\/|conf(?:ig)?\/|java\/)[^/]+\/|(?:WEB-INF|build|target|bin|out)\/classes\/|target\/[\w.-]+\/(?:WEB|META)-INF\/)/;

export const javaLoggingAdapter: Adapter = {
  id: 'java-logging',
  classify(path) {
    if (baseName(path) === 'logging.properties') return !elsewhere.test(path);
    const match = pattern.exec(baseName(path));
    return match !== null && !elsewhere.test(path) && (match[2] === undefined || usual.test(match[2]) || isChosen(path, match[2]));
  },
  extract(file) {
    if (baseName(file.path) === 'logging.properties') return extractHandlers(file);
    const [, library, , format] = pattern.exec(baseName(file.path))!;
    return format === 'xml' ? extractXml(file, library!) : extractProperties(file, library!);
  },
};
