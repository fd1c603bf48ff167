import stringWidth from 'string-width';
import type { Platform } from '../../facts.ts';
import { groupBy } from '../../text/group-by.ts';
import type { Evidence, Finding, ServiceResult } from '../../types.ts';
import { levels } from '../order.ts';
import { makeVisible } from '../visible-text.ts';
import type { FindingPrinter } from './finding.ts';
import { printLine } from './frame.ts';
import { gateSign, keepTogether, type Paint, verdictSign } from './paint.ts';

const evidenceLimit = 8;
/** What nearly every service can show: it belongs in a report, not on a screen. */
const usual: ReadonlySet<string> = new Set([
  'keeps-nothing',
  'ties-no-client',
  'serves-nobody',
  'workload-declared',
  'many-copies',
  'port-bound',
  'port-given',
  'settings-from-environment',
  'image-built',
  'one-codebase',
]);
const notAsked: ReadonlySet<string> = new Set(['database', 'third-party', 'job']);
const platformNames: Readonly<Record<Exclude<Platform, 'other'>, string>> = {
  kubernetes: 'Kubernetes',
  compose: 'Compose',
  'cloud-foundry': 'Cloud Foundry',
  ecs: 'ECS',
  'cloud-run': 'Cloud Run',
  heroku: 'Heroku',
};

/** A service: the answer, what speaks against it, what speaks for it, what nobody looked at. */
export interface ServiceFindings {
  readonly service: ServiceResult;
  readonly findings: readonly Finding[];
  /** Those that count for it and are shown in another section. */
  readonly shared: readonly Finding[];
}

export function printService(
  { service, findings, shared }: ServiceFindings,
  printer: FindingPrinter,
  paint: Paint,
  verbose: boolean,
): string[] {
  return [
    '',
    ...printAnswer(service, paint),
    ...printFindings(findings, printer),
    ...printer.printShared(shared),
    ...printEvidence(service.evidence, paint, verbose),
    ...(verbose ? printLinks(service, paint) : []),
    ...printGaps(service.notAssessed, paint),
  ];
}

/** Findings of one section, worst first. */
export function printFindings(findings: readonly Finding[], printer: FindingPrinter): string[] {
  const byLevel = groupBy(findings, ({ level }) => level);
  return levels.flatMap((level) => (byLevel.has(level) ? printer.print(byLevel.get(level)!) : []));
}

/** A heading with a line to the right edge. */
export function printHeading(title: string, paint: Paint): string {
  const name = paint.cut(makeVisible(title), paint.width - 8);
  return `${paint.color.dim('──')} ${paint.color.bold(name)} ${paint.color.dim('─'.repeat(paint.width - stringWidth(name) - 4))}`;
}

function printAnswer(service: ServiceResult, paint: Paint): string[] {
  const { name, kind, root, platforms, verdict, answer } = service;
  const { tell } = paint;
  const where = platforms.map((id) => (id === 'other' ? tell('platform.other') : platformNames[id]));
  const facts = [tell(`kind.long.${kind}`), ...(root === undefined ? [] : [makeVisible(root || '.')]), ...where];
  const reply = paint.verdict(verdict).bold(`${verdictSign[verdict]} ${makeVisible(answer)}`);
  return [
    printHeading(name, paint),
    ...paint.wrap(` ${paint.color.bold(tell('question'))}  `, reply),
    ...paint.wrap(' ', paint.color.dim(facts.join(' · '))),
    ...printGates(service, paint),
  ];
}

/** In short: the report has their evidence. Nothing is asked of what others make. */
function printGates({ gates, kind }: ServiceResult, paint: Paint): string[] {
  if (!gates?.length || notAsked.has(kind)) return [];
  const shown = gates.map(({ id, state }) => paint.gate(state)(keepTogether(`${gateSign[state]} ${paint.tell(`gate.brief.${id}`)}`)));
  return paint.wrap(' ', shown.join('  '));
}

function printEvidence(evidence: readonly Evidence[], paint: Paint, verbose: boolean): string[] {
  const telling = verbose ? evidence : evidence.filter(({ id }) => !usual.has(id));
  if (telling.length === 0) return [];
  const shown = verbose ? evidence : telling.slice(0, evidenceLimit);
  const rest = telling.length - shown.length;
  return [
    '',
    `  ${paint.color.bold(paint.tell('right'))}`,
    ...shown.flatMap(({ text, place }) =>
      paint.wrap(`  ${paint.color.green('✔')} `, `${paint.prose(text)}  ${paint.color.dim(printLine(place))}`),
    ),
    ...(rest > 0 ? [`    ${paint.color.dim(paint.tell('more', { n: rest }))}`] : []),
  ];
}

function printLinks({ links }: ServiceResult, paint: Paint): string[] {
  if (links.length === 0) return [];
  const lines = links.flatMap(({ from, to, because, confidence }) =>
    paint.wrap(
      '  ↔ ',
      paint.prose(`${from} → ${to}: ${because}${confidence === 'certain' ? '' : ` (${paint.tell(`confidence.${confidence}`)})`}`),
    ),
  );
  return ['', `  ${paint.color.bold(paint.tell('joined'))}`, ...lines];
}

function printGaps(gaps: readonly string[], paint: Paint): string[] {
  if (gaps.length === 0) return [];
  const lines = gaps.flatMap((text) => paint.wrap(`  ${paint.color.blue('?')} `, paint.prose(text)));
  return ['', `  ${paint.color.bold(paint.tell('not-assessed'))}`, ...lines];
}
