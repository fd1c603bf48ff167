import { homeOf } from '../text/finding-questions.ts';
import { groupBy } from '../text/group-by.ts';
import type { Finding, KnownFinding, Level, NotAssessed, Reporter, Result, ServiceResult, Verdict } from '../types.ts';
import { at, code, escapeProse } from './markdown-text.ts';
import { describeNews } from './news.ts';
import { countLevels, countSerious, findingsOfNone, findingsOutsideServices, levels, sortBySeverity } from './order.ts';
import { makeTell, type Tell } from './terms.ts';

/** GitHub drops a job summary above 1 MiB as a whole; comments are cut by whoever posts them. */
const sizeLimit = 900_000;
/** Room for findings; answers, evidence and gaps share the rest. */
const findingsLimit = 700_000;
/** Kept free for the closing lines. */
const reserve = 2000;
const relatedLimit = 10;
const solvedLimit = 50;

const levelMarks: Readonly<Record<Level, string>> = { error: '🔴', warning: '🟡', note: '🔵' };
const verdictMarks: Readonly<Record<Verdict, string>> = { ready: '🟢', 'at risk': '🟡', blocked: '🔴', unknown: '⚪' };

/** For a job summary or a pull request comment: the answers as a table, findings folded below, within GitHub's limit. */
export const markdown: Reporter = {
  id: 'markdown',
  render(result, { lang }) {
    const tell = makeTell(lang);
    const page = new Page(tell);
    page.add([
      `## ${tell('question')}`,
      '',
      ...describeVerdicts(result.services, tell),
      '',
      ...describeRest(result, tell),
      describeCounts(result, tell),
      '',
    ]);
    const shown = selectWorst(result.findings, tell);
    const byService = groupBy(
      result.findings.filter((finding) => shown.has(finding)),
      homeOf,
    );
    for (const service of result.services)
      addSection(page, tell, `### ${escapeProse(service.name)}`, byService.get(service.name) ?? [], service);
    const outside = findingsOutsideServices(result).filter((finding) => shown.has(finding));
    addSection(page, tell, `### ${tell('repository')}`, outside);
    addSolved(page, tell, result.comparison?.solved ?? []);
    addGaps(page, tell, result.notAssessed);
    return page.end(result.findings.length - shown.size);
  },
};

/** The findings that fit, worst first over all services, so that one service's notes do not push out the errors of the next. */
function selectWorst(findings: readonly Finding[], tell: Tell): ReadonlySet<Finding> {
  const shown = new Set<Finding>();
  let size = 0;
  for (const finding of sortBySeverity(findings)) {
    size += Buffer.byteLength(describeFinding(finding, tell).join('\n')) + 1;
    if (size > findingsLimit) break;
    shown.add(finding);
  }
  return shown;
}

/** Collects blocks up to the size limit and counts what no longer fits. */
class Page {
  #text = '';
  #size = 0;
  #left = 0;
  readonly #tell: Tell;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** All lines or none. */
  add(lines: readonly string[]): boolean {
    const block = `${lines.join('\n')}\n`;
    const size = Buffer.byteLength(block);
    if (this.#size + size > sizeLimit - reserve) {
      this.#left++;
      return false;
    }
    this.#text += block;
    this.#size += size;
    return true;
  }

  end(leftBefore: number): string {
    const left = this.#left + leftBefore;
    if (left === 0) return this.#text;
    return `${this.#text}\n_${this.#tell.count('left-out', left)}_\n`;
  }
}

function describeVerdicts(services: readonly ServiceResult[], tell: Tell): readonly string[] {
  if (services.length === 0) return [`${tell('no-service')}.`];
  const shown = services.slice(0, 200);
  const rows = shown.map(
    ({ name, answer, verdict, kind }) =>
      `| ${verdictMarks[verdict]} | ${escapeProse(name)} | ${tell(`kind.${kind}`)} | ${escapeProse(answer)} |`,
  );
  const rest = services.length - shown.length;
  return [
    `| | ${tell('column.service')} | ${tell('column.kind')} | ${tell('column.answer')} |`,
    '| --- | --- | --- | --- |',
    ...rows,
    ...(rest > 0 ? ['', tell.count('and-services', rest)] : []),
  ];
}

/** What no verdict counts, beside the verdicts. */
function describeRest({ allFindings, findings, services }: Result, tell: Tell): readonly string[] {
  const found = services.length > 0 && countSerious(findingsOfNone(allFindings ?? findings, services), tell);
  return found ? [tell('of-none', { found }), ''] : [];
}

function describeCounts(result: Result, tell: Tell): string {
  const { findings, suppressed, notAssessed } = result;
  const { error, warning, note } = countLevels(findings);
  const parts = [tell.count('n.error', error), tell.count('n.warning', warning), tell.count('n.note', note), ...describeNews(result, tell)];
  if (suppressed.length > 0) parts.push(tell('counted.suppressed', { n: suppressed.length }));
  if (notAssessed.length > 0) parts.push(tell('counted.not-assessed', { n: notAssessed.length }));
  return parts.join(' · ');
}

function addSection(page: Page, tell: Tell, title: string, findings: readonly Finding[], service?: ServiceResult): void {
  const evidence = service?.evidence ?? [];
  const gaps = service?.notAssessed ?? [];
  if (findings.length + evidence.length + gaps.length === 0 || !page.add([title, ''])) return;
  const byLevel = groupBy(findings, ({ level }) => level);
  for (const level of levels) for (const finding of byLevel.get(level) ?? []) page.add(describeFinding(finding, tell));
  if (evidence.length > 0)
    page.add([
      '',
      `**${tell('right')}**`,
      '',
      ...evidence.slice(0, 50).map(({ text, place }) => `- ✔ ${escapeProse(text)} ${code(at(place))}`),
      '',
    ]);
  if (gaps.length > 0) page.add(['', `**${tell('not-assessed')}**`, '', ...gaps.slice(0, 50).map((text) => `- ${escapeProse(text)}`), '']);
}

function describeFinding({ level, rule, text, consequence, next, place, related, status }: Finding, tell: Tell): readonly string[] {
  const places = related.slice(0, relatedLimit).map((entry) => `- ${code(at(entry.place))} ${escapeProse(entry.message)}`);
  const rest = related.length - relatedLimit;
  return [
    `<details><summary>${levelMarks[level]} ${tell(`level.${level}`)} <b>${escapeProse(text)}</b> ${code(at(place))}</summary>`,
    '',
    `- ${code(at(place))} ${code(rule)}${status === 'new' ? ` · **${tell('new')}**` : ''}`,
    ...places,
    ...(rest > 0 ? [`- ${tell.count('and-places', rest)}`] : []),
    '',
    escapeProse(consequence),
    '',
    `**${tell('next')}** ${escapeProse(next)}`,
    '',
    '</details>',
    '',
  ];
}

function addSolved(page: Page, tell: Tell, solved: readonly KnownFinding[]): void {
  if (solved.length === 0 || !page.add([`### ${tell('solved')}`, ''])) return;
  const shown = solved.slice(0, solvedLimit);
  page.add([...shown.map(({ message, path, rule }) => `- ✔ ${escapeProse(message)} ${code(path)} ${code(rule)}`)]);
  if (shown.length < solved.length) page.add([`- ${tell.count('and-findings', solved.length - shown.length)}`]);
  page.add(['']);
}

function addGaps(page: Page, tell: Tell, gaps: readonly NotAssessed[]): void {
  if (gaps.length === 0 || !page.add([`### ${tell('not-assessed')}`, ''])) return;
  for (const { message, place, reason } of gaps) page.add([`- ${escapeProse(message)} (${reason})${place ? ` ${code(at(place))}` : ''}`]);
}
