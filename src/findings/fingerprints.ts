/**
 * The identity of a finding between versions: rule, service and what was found, never where. Only findings that are equal in
 * all of these are told apart by their surroundings: the code itself, then the block around it, then the name of the file and
 * of its folder; what is equal in all of them is counted in order.
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { RawFinding } from '../rules/run-rules.ts';
import { LineMap } from '../text/positions.ts';
import type { Finding, Place } from '../types.ts';
import { maskLine } from './excerpt.ts';

/** Decoded text of a file, and where its secrets stand: a hash of a short secret would tell it. */
export interface Surroundings {
  text(path: string): string | undefined;
  secrets(path: string): readonly Place[];
}

/** Formatters change spaces, quotes, semicolons and trailing commas; none of them tells two findings apart. */
const withoutFormat = (text: string): string => text.replace(/[\s'"`;,]+/g, '');
const longestText = 2000;
/** A block's head further up than this is not looked for. */
const maxLinesUp = 2000;

const indentOf = (line: string): number => line.length - line.trimStart().length;

interface Feature {
  read(place: Place): string;
  /** Belongs to the identity also where it is the same for all of the group, so that a further finding changes nothing. */
  readonly always: boolean;
}

class Describer {
  readonly #surroundings: Surroundings;
  readonly #lines = new Map<string, LineMap | undefined>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** What tells equal findings apart, the most telling first. A path counts only where it does so: else a new name of the file would matter. */
  readonly levels: readonly Feature[] = [
    { read: (place) => this.#code(place), always: true },
    { read: (place) => this.#block(place), always: true },
    { read: ({ path }) => posix.basename(path), always: false },
    { read: ({ path }) => posix.basename(posix.dirname(path)), always: false },
    { read: ({ path }) => path, always: false },
  ];

  #code(place: Place): string {
    const lines = this.#of(place.path);
    if (!lines) return '';
    const last = Math.min(place.endLine, place.line + 20, lines.lineCount);
    const parts: string[] = [];
    for (let number = place.line; number <= last; number++) parts.push(this.#line(lines, number));
    return withoutFormat(parts.join('\n')).slice(0, longestText);
  }

  /** The nearest line above that is indented less: the head of a function, a mapping or a stage in any language. */
  #block(place: Place): string {
    const lines = this.#of(place.path);
    if (!lines) return '';
    const indent = indentOf(lines.line(place.line));
    for (let number = place.line - 1; number > Math.max(0, place.line - maxLinesUp); number--) {
      const line = lines.line(number);
      if (line.trim() !== '' && indentOf(line) < indent) return withoutFormat(this.#line(lines, number)).slice(0, longestText);
    }
    return '';
  }

  #line(lines: LineMap, number: number): string {
    return maskLine(lines.line(number).slice(0, longestText), number, this.#surroundings.secrets(lines.path));
  }

  #of(path: string): LineMap | undefined {
    if (!this.#lines.has(path)) {
      const text = this.#surroundings.text(path);
      this.#lines.set(path, text === undefined ? undefined : new LineMap(path, text));
    }
    return this.#lines.get(path);
  }
}

const hash = (parts: readonly string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);

function groupBy<T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups.values()];
}

type Add = (finding: RawFinding, identity: readonly string[]) => void;

/** Adds one level after another until the findings of a group differ. */
function tellApart(group: readonly RawFinding[], identity: readonly string[], levels: readonly Feature[], add: Add): void {
  const [level, ...further] = levels;
  if (group.length === 1) return add(group[0]!, identity);
  if (!level) return group.forEach((finding, index) => void add(finding, [...identity, String(index)]));
  const described = group.map((finding) => ({ finding, text: level.read(finding.place) }));
  const groups = groupBy(described, ({ text }) => text);
  for (const same of groups) {
    const findings = same.map(({ finding }) => finding);
    tellApart(findings, level.always || groups.length > 1 ? [...identity, same[0]!.text] : identity, further, add);
  }
}

/** In the order given, which only decides between findings that nothing tells apart. */
export function addFingerprints(sorted: readonly RawFinding[], surroundings: Surroundings): readonly Finding[] {
  const prints = new Map<RawFinding, string>();
  const { levels } = new Describer(surroundings);
  const base = ({ rule, service, subject }: RawFinding): readonly string[] => [rule, service ?? '', subject];
  for (const group of groupBy(sorted, (finding) => base(finding).join('\0')))
    tellApart(group, base(group[0]!), levels, (finding, identity) => void prints.set(finding, hash(identity)));
  return sorted.map((finding) => ({ ...finding, fingerprint: prints.get(finding)! }));
}
