import stringWidth from 'string-width';
import { findingsFor, homeOf, levelFor } from '../text/finding-questions.ts';
import { groupBy } from '../text/group-by.ts';
import type { Finding, NotAssessed, Reporter, Result, ServiceResult } from '../types.ts';
import { describeNews } from './news.ts';
import { countLevels, countSerious, findingsOfNone, findingsOutsideServices, sortByVerdict, verdicts } from './order.ts';
import { FindingPrinter } from './pretty/finding.ts';
import { printLine } from './pretty/frame.ts';
import { keepTogether, Paint, verdictSign } from './pretty/paint.ts';
import { printFindings, printHeading, printService } from './pretty/service.ts';
import type { Tell } from './terms.ts';
import { makeVisible } from './visible-text.ts';

const gapLimit = 8;

/** For people at a terminal: each service's answer first, the evidence on both sides, and one line that sums it up. */
export const pretty: Reporter = {
  id: 'pretty',
  asksForFixes: true,
  render(result, options) {
    const paint = new Paint(options);
    const printer = new FindingPrinter(result, paint, options.verbose);
    const byService = groupBy(result.findings, homeOf);
    const services = sortByVerdict(result.services);
    const sections = services
      .filter((service) => isOfInterest(service, result.findings))
      .flatMap((service) =>
        printService(
          { service, findings: byService.get(service.name) ?? [], shared: findShared(result.findings, service) },
          printer,
          paint,
          options.verbose,
        ),
      );
    const lines = [
      ...sections,
      ...printRepository(result, printer, paint),
      ...printVerdicts(services, paint),
      ...printOfNone(result, paint),
      ...printGaps(result.notAssessed, paint, options.verbose),
      ...printSummary(result, paint),
    ];
    return `${lines.map(disarm).join('\n')}\n`;
  },
};

/** Images of others need no section of their own as long as nothing was found in them. */
function isOfInterest({ name, kind }: ServiceResult, findings: readonly Finding[]): boolean {
  return (kind !== 'database' && kind !== 'third-party') || findings.some((finding) => levelFor(finding, name) !== undefined);
}

/** What counts for the service and is shown elsewhere, at the level that it has here. */
const findShared = (findings: readonly Finding[], { name }: ServiceResult): readonly Finding[] =>
  findingsFor(
    findings.filter((finding) => homeOf(finding) !== name),
    name,
  );

function printRepository(result: Result, printer: FindingPrinter, paint: Paint): string[] {
  const findings = findingsOutsideServices(result);
  return findings.length === 0 ? [] : ['', printHeading(paint.tell('repository'), paint), ...printFindings(findings, printer)];
}

/** All answers again where the reader's eyes are when the run ends. */
function printVerdicts(services: readonly ServiceResult[], paint: Paint): string[] {
  if (services.length === 0) return ['', ` ${paint.color.bold(paint.tell('no-service'))}${paint.tell('no-service.more')}`];
  if (services.length === 1) return ['', paint.color.dim('─'.repeat(paint.width))];
  const names = services.map(({ name }) => paint.cut(makeVisible(name), paint.width >> 1));
  const column = Math.max(...names.map((name) => stringWidth(name)));
  const lines = services.flatMap(({ verdict, answer }, index) => {
    const name = names[index]! + ' '.repeat(column - stringWidth(names[index]!));
    return paint.wrap(` ${paint.verdict(verdict)(verdictSign[verdict])} ${name}  `, paint.verdict(verdict)(makeVisible(answer)));
  });
  return ['', printHeading(paint.tell('question'), paint), ...lines];
}

/** What no verdict counts, beside the verdicts. */
function printOfNone({ findings, allFindings, services }: Result, paint: Paint): string[] {
  const found = services.length > 0 && countSerious(findingsOfNone(allFindings ?? findings, services), paint.tell);
  return found ? paint.wrap(` ${paint.color.yellow('▲')} `, paint.tell('of-none', { found })) : [];
}

function printGaps(gaps: readonly NotAssessed[], paint: Paint, verbose: boolean): string[] {
  if (gaps.length === 0) return [];
  const sorted = [...gaps].sort((a, b) => Number(b.failed) - Number(a.failed));
  const shown = verbose ? sorted : sorted.slice(0, gapLimit);
  const lines = shown.flatMap(({ message, place, failed }) => {
    const sign = failed ? paint.color.yellow('▲') : paint.color.blue('?');
    const where = place ? `  ${paint.color.dim(printLine(place))}` : '';
    return paint.wrap(` ${sign} `, paint.prose(message) + where);
  });
  const rest = gaps.length - shown.length;
  const more = rest > 0 ? [`   ${paint.color.dim(paint.tell('more', { n: rest }))}`] : [];
  return ['', ` ${paint.color.bold(paint.tell('not-assessed'))}`, ...lines, ...more];
}

function printSummary(result: Result, paint: Paint): string[] {
  const { tell } = paint;
  const { error, warning, note } = countLevels(result.findings);
  const answers = verdicts.flatMap((verdict) => {
    const count = result.services.filter((service) => service.verdict === verdict).length;
    return count > 0 ? [paint.verdict(verdict)(tell('counted.verdict', { n: count, verdict: tell(`verdict.${verdict}`) }))] : [];
  });
  const parts = [
    `${tell.count('n.service', result.services.length)}${answers.length > 0 ? `: ${answers.join(', ')}` : ''}`,
    [
      paint.level('error')(tell.count('n.error', error)),
      paint.level('warning')(tell.count('n.warning', warning)),
      paint.level('note')(tell.count('n.note', note)),
    ].join(', '),
    ...describeNews(result, tell),
    ...(result.suppressed.length > 0 ? [tell('counted.suppressed', { n: result.suppressed.length })] : []),
    ...(result.notAssessed.length > 0 ? [tell('counted.not-assessed', { n: result.notAssessed.length })] : []),
    tell('counted.read', { n: result.counts.read, files: tell.count('n.file', result.counts.files) }),
  ];
  const rule = result.findings[0]?.rule;
  const hint = rule ? paint.wrap(' ', paint.color.dim(`${tell('explain', { rule })}${describeFixes(result, tell)}`)) : [];
  return ['', ...hint, ...paint.wrap(' ', parts.map(keepTogether).join(paint.color.dim(' · ')))];
}

/** Which option helps with how many findings. */
function describeFixes(result: Result, tell: Tell): string {
  const fixes = result.findings.map((finding) => result.fixes(finding)).filter(({ length }) => length > 0);
  const safe = fixes.filter((each) => each.some((fix) => fix.safe)).length;
  if (fixes.length === 0) return '';
  const more = fixes.length - safe;
  if (safe === 0) return ` ${tell('fixes.unsafe', { findings: tell.count('n.finding', more) })}`;
  return ` ${tell(more > 0 ? 'fixes.both' : 'fixes.safe', { findings: tell.count('n.finding', safe), n: more })}`;
}

/** A CI runner obeys a line that starts with `::` after spaces; wrapped text of the repository must not make one. */
const disarm = (line: string): string => line.replace(/^(\s*)::/, '$1∷');
