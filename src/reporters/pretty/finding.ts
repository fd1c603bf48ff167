import stringWidth from 'string-width';
import { homeOf, servicesOf } from '../../text/finding-questions.ts';
import { groupBy } from '../../text/group-by.ts';
import type { Finding, Related, Result, Rule } from '../../types.ts';
import type { TermId } from '../terms.ts';
import { makeVisible } from '../visible-text.ts';
import { drawFrame, type Marked, printLine, printPlace } from './frame.ts';
import { levelSign, type Paint } from './paint.ts';

/** How much is shown unless `--verbose` asks for all. */
const inFull = 2;
const others = 6;
const relatedInFull = { brief: 3, verbose: 20 };

/** Prints findings of one level; remembers which rules' addresses have been shown. */
export class FindingPrinter {
  readonly #result: Result;
  readonly #paint: Paint;
  readonly #verbose: boolean;
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #documented = new Set<string>();

  constructor(result: Result, paint: Paint, verbose: boolean) {
    this.#result = result;
    this.#paint = paint;
    this.#verbose = verbose;
    this.#rules = new Map(result.rules.map((rule) => [rule.id, rule]));
  }

  /** Findings of one level, by rule: the first ones in full, the others a line each. Notes are a line each from the start. */
  print(findings: readonly Finding[]): string[] {
    const groups = [...groupBy(findings, ({ rule }) => rule).values()];
    if (this.#verbose) return findings.flatMap((finding) => this.#printFull(finding));
    if (findings[0]?.level === 'note') return ['', ...groups.flatMap((group) => this.#printNotes(group))];
    return groups.flatMap((group) => {
      const full = group.length <= inFull ? group : group.slice(0, 1);
      return [...full.flatMap((finding) => this.#printFull(finding)), ...this.#printOthers(group.slice(full.length))];
    });
  }

  /** A line each: they are told elsewhere. */
  printShared(findings: readonly Finding[]): string[] {
    if (!findings.length) return [];
    const { color, tell } = this.#paint;
    const lines = findings
      .slice(0, this.#verbose ? findings.length : others)
      .map((finding) => this.#printLine(`  ${this.#paint.level(finding.level)(levelSign[finding.level])} `, finding));
    return ['', `  ${color.bold(tell('shared'))}`, ...lines, ...this.#printRest('    ', this.#verbose ? 0 : findings.length - others)];
  }

  #printFull(finding: Finding): string[] {
    const { color, tell } = this.#paint;
    const label = (id: TermId): string => tell(id) + ' '.repeat(Math.max(1, 6 - stringWidth(tell(id))));
    const tone = this.#paint.level(finding.level);
    const url = this.#rules.get(finding.rule)?.docs.references[0];
    const head = `  ${tone(`${levelSign[finding.level]} ${color.bold(this.#paint.tell(`level.${finding.level}`))}`)} ${color.dim('·')} ${this.#paint.link(tone(finding.rule), url)}`;
    const docs = this.#documented.has(finding.rule) ? undefined : this.#paint.plainUrl(url);
    this.#documented.add(finding.rule);
    return [
      '',
      `${head}${finding.status === 'new' ? ` ${color.bold(`· ${tell('new')}`)}` : ''}${finding.confidence === 'guess' ? ` ${color.dim(`· ${tell('inferred')}`)}` : ''}`,
      ...this.#paint.wrap('    ', this.#paint.prose(finding.text, color.bold)),
      ...drawFrame(this.#result, this.#markPlaces(finding), this.#paint),
      ...this.#printMore(finding.related),
      ...this.#printConcerns(finding),
      ...this.#paint.wrap(`    ${color.dim(label('short.why'))}`, this.#paint.prose(finding.consequence)),
      ...this.#paint.wrap(`    ${color.green(label('short.next'))}`, this.#paint.prose(finding.next)),
      ...this.#printFix(finding),
      ...(docs ? [`    ${color.dim(label('short.docs'))}${color.dim(docs)}`] : []),
    ];
  }

  /** The services that it counts for, where its section does not tell. */
  #printConcerns(finding: Finding): string[] {
    const names = servicesOf(finding).filter((name) => name !== homeOf(finding));
    if (!names.length) return [];
    const shown = names
      .slice(0, others)
      .map((name) => `\`${name}\``)
      .join(', ');
    const rest = names.length - others;
    const told = rest > 0 ? `${shown}, ${this.#paint.tell('and-more', { n: rest })}` : shown;
    return this.#paint.wrap('    ', this.#paint.color.dim(this.#paint.tell('counts-for')) + this.#paint.prose(told));
  }

  /** What an option would do; unsafe ones need a look. */
  #printFix(finding: Finding): string[] {
    const fixes = this.#result.fixes(finding);
    const fix = fixes.find(({ safe }) => safe) ?? fixes[0];
    if (!fix) return [];
    const option = this.#paint.color.dim(fix.safe ? ' (--fix)' : ' (--fix-unsafe)');
    return this.#paint.wrap(
      `    ${this.#paint.color.green(this.#paint.tell('short.fix').padEnd(this.#paint.tell.lang === 'en' ? 6 : 4))}`,
      this.#paint.prose(fix.title) + option,
    );
  }

  #markPlaces({ place, related, level }: Finding): readonly Marked[] {
    const shown = related.slice(0, this.#relatedLimit);
    const label = (entry: Related): Marked => ({ place: entry.place, label: entry.message, color: this.#paint.color.blue, context: 0 });
    return [{ place, color: this.#paint.level(level), context: this.#verbose ? 3 : 1 }, ...shown.map(label)];
  }

  #printMore(related: readonly Related[]): string[] {
    const rest = related.length - this.#relatedLimit;
    return rest > 0 ? [`    ${this.#paint.color.dim(this.#paint.tell.count('and-places', rest))}`] : [];
  }

  get #relatedLimit(): number {
    return this.#verbose ? relatedInFull.verbose : relatedInFull.brief;
  }

  #printOthers(findings: readonly Finding[]): string[] {
    if (findings.length === 0) return [];
    const { dim } = this.#paint.color;
    const lines = findings.slice(0, others).map((finding) => this.#printLine('          ', finding));
    const first = `    ${dim(this.#paint.tell('short.also'))}  ${lines[0]!.slice(10)}`;
    return [first, ...lines.slice(1), ...this.#printRest('          ', findings.length - others)];
  }

  #printNotes(findings: readonly Finding[]): string[] {
    const [{ rule }] = findings as [Finding];
    const tone = this.#paint.level('note');
    const head = `  ${tone(`${levelSign.note} ${this.#paint.color.bold(this.#paint.tell('level.note'))}`)} ${this.#paint.color.dim('·')} `;
    const name = this.#paint.link(tone(rule), this.#rules.get(rule)?.docs.references[0]);
    if (findings.length === 1) return [head + name, ...this.#printSingle(findings[0]!)];
    const lines = findings.slice(0, others).map((finding) => this.#printLine('    ', finding));
    return [head + name, ...lines, ...this.#printRest('    ', findings.length - others)];
  }

  /** Text first: it needs the room more than the place. */
  #printSingle({ place, text }: Finding): string[] {
    return this.#paint.wrap('    ', `${this.#paint.prose(text)}  ${this.#paint.color.dim(printLine(place))}`);
  }

  /** Place and text on one line, cut where the terminal ends. */
  #printLine(indent: string, { place, text }: Finding): string {
    const where = this.#paint.cut(printPlace(place), Math.max(20, Math.floor(this.#paint.width / 2)));
    const room = this.#paint.width - stringWidth(indent) - stringWidth(where) - 3;
    const what = room > 15 ? `  ${this.#paint.color.dim(this.#paint.cut(makeVisible(text), room))}` : '';
    return `${indent}${where}${what}`;
  }

  #printRest(indent: string, rest: number): string[] {
    return rest > 0 ? [`${indent}${this.#paint.color.dim(this.#paint.tell('more', { n: rest }))}`] : [];
  }
}
