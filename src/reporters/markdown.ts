import type { Finding, KnownFinding, Level, NotAssessed, Reporter, Result, ServiceResult, Verdict } from '../types.ts';
import { at, code, escapeProse } from './markdown-text.ts';
import { describeNews } from './news.ts';
import { countLevels, findingsOutsideServices, groupBy, levels, sortBySeverity } from './order.ts';
import { countOf } from './visible-text.ts';

/** GitHub drops a job summary above 1 MiB as a whole; comments are cut by whoever posts them. */
const sizeLimit = 900_000;
/** Room for findings; answers, evidence and gaps share the rest. */
const findingsLimit = 700_000;
/** Kept free for the closing lines. */
const reserve = 2000;
const relatedLimit = 10;
const solvedLimit = 50;

const levelMarks: Readonly<Record<Level, string>> = { error: '🔴 error', warning: '🟡 warning', note: '🔵 note' };
const verdictMarks: Readonly<Record<Verdict, string>> = { ready: '🟢', 'at risk': '🟡', blocked: '🔴', unknown: '⚪' };

/** For a job summary or a pull request comment: the answers as a table, findings folded below, within GitHub's limit. */
export const markdown: Reporter = {
  id: 'markdown',
  render(result) {
    const page = new Page();
    page.add(['## Can it autoscale?', '', ...describeVerdicts(result.services), '', describeCounts(result), '']);
    const shown = selectWorst(result.findings);
    const byService = groupBy(
      result.findings.filter((finding) => shown.has(finding)),
      ({ service }) => service,
    );
    for (const service of result.services) addSection(page, `### ${escapeProse(service.name)}`, byService.get(service.name) ?? [], service);
    const outside = findingsOutsideServices(result).filter((finding) => shown.has(finding));
    addSection(page, '### Whole repository', outside);
    addSolved(page, result.comparison?.solved ?? []);
    addGaps(page, result.notAssessed);
    return page.end(result.findings.length - shown.size);
  },
};

/** The findings that fit, worst first over all services, so that one service's notes do not push out the errors of the next. */
function selectWorst(findings: readonly Finding[]): ReadonlySet<Finding> {
  const shown = new Set<Finding>();
  let size = 0;
  for (const finding of sortBySeverity(findings)) {
    size += Buffer.byteLength(describeFinding(finding).join('\n')) + 1;
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
    return `${this.#text}\n_${countOf(left, 'more entry', 'more entries')} left out to keep this page small._\n`;
  }
}

function describeVerdicts(services: readonly ServiceResult[]): readonly string[] {
  if (services.length === 0) return ['No service was found.'];
  const shown = services.slice(0, 200);
  const rows = shown.map(
    ({ name, answer, verdict, kind }) => `| ${verdictMarks[verdict]} | ${escapeProse(name)} | ${kind} | ${escapeProse(answer)} |`,
  );
  const rest = services.length - shown.length;
  return [
    '| | Service | Kind | Answer |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(rest > 0 ? ['', `and ${countOf(rest, 'more service')}`] : []),
  ];
}

function describeCounts(result: Result): string {
  const { findings, suppressed, notAssessed } = result;
  const { error, warning, note } = countLevels(findings);
  const parts = [countOf(error, 'error'), countOf(warning, 'warning'), countOf(note, 'note'), ...describeNews(result)];
  if (suppressed.length > 0) parts.push(`${suppressed.length} suppressed`);
  if (notAssessed.length > 0) parts.push(`${notAssessed.length} not assessed`);
  return parts.join(' · ');
}

function addSection(page: Page, title: string, findings: readonly Finding[], service?: ServiceResult): void {
  const evidence = service?.evidence ?? [];
  const gaps = service?.notAssessed ?? [];
  if (findings.length + evidence.length + gaps.length === 0 || !page.add([title, ''])) return;
  const byLevel = groupBy(findings, ({ level }) => level);
  for (const level of levels) for (const finding of byLevel.get(level) ?? []) page.add(describeFinding(finding));
  if (evidence.length > 0)
    page.add([
      '',
      '**Already right**',
      '',
      ...evidence.slice(0, 50).map(({ text, place }) => `- ✔ ${escapeProse(text)} ${code(at(place))}`),
      '',
    ]);
  if (gaps.length > 0) page.add(['', '**Not assessed**', '', ...gaps.slice(0, 50).map((text) => `- ${escapeProse(text)}`), '']);
}

function describeFinding({ level, rule, text, consequence, next, place, related, status }: Finding): readonly string[] {
  const places = related.slice(0, relatedLimit).map((entry) => `- ${code(at(entry.place))} ${escapeProse(entry.message)}`);
  const rest = related.length - relatedLimit;
  return [
    `<details><summary>${levelMarks[level]} <b>${escapeProse(text)}</b> ${code(at(place))}</summary>`,
    '',
    `- ${code(at(place))} ${code(rule)}${status === 'new' ? ' · **new**' : ''}`,
    ...places,
    ...(rest > 0 ? [`- and ${countOf(rest, 'more place')}`] : []),
    '',
    escapeProse(consequence),
    '',
    `**Next:** ${escapeProse(next)}`,
    '',
    '</details>',
    '',
  ];
}

function addSolved(page: Page, solved: readonly KnownFinding[]): void {
  if (solved.length === 0 || !page.add(['### Solved', ''])) return;
  const shown = solved.slice(0, solvedLimit);
  page.add([...shown.map(({ message, path, rule }) => `- ✔ ${escapeProse(message)} ${code(path)} ${code(rule)}`)]);
  if (shown.length < solved.length) page.add([`- and ${countOf(solved.length - shown.length, 'more finding')}`]);
  page.add(['']);
}

function addGaps(page: Page, gaps: readonly NotAssessed[]): void {
  if (gaps.length === 0 || !page.add(['### Not assessed', ''])) return;
  for (const { message, place, reason } of gaps) page.add([`- ${escapeProse(message)} (${reason})${place ? ` ${code(at(place))}` : ''}`]);
}
