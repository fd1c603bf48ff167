/** Reads a result that `check --format json` or `report --format json` saved, so that it can be judged again without a scan. */
import { checkShape, list, type ObjectShape, type Shape, text } from '../text/shape.ts';
import type { Finding, Fix, Result, Rule } from '../types.ts';

/** The file is no saved result: says where. */
export class SavedResultError extends Error {
  override readonly name = 'SavedResultError';
}

const number: Shape = { type: 'number', description: '' };
const boolean: Shape = { type: 'boolean', description: '' };
const any = text('');
const open = (keys: Readonly<Record<string, Shape>>, optional: readonly string[] = []): ObjectShape => ({
  type: 'object',
  description: '',
  keys,
  required: Object.keys(keys).filter((key) => !optional.includes(key)),
  open: true,
});
const texts = list(any, '');
const numbers = list(number, '');
const place = open({ path: any, line: number, column: number, endLine: number, endColumn: number });
const data: Shape = { type: 'map', of: { type: 'scalar', description: '' }, description: '' };
const confidence = text('', ['certain', 'likely', 'guess']);
const level = text('', ['error', 'warning', 'note']);
const verdict = text('', ['ready', 'at risk', 'blocked', 'unknown']);
const gate = text('', ['second-copy-safe', 'any-copy-serves', 'copy-replaceable', 'platform-scales', 'same-build-observable']);
const platform = text('', ['kubernetes', 'compose', 'cloud-foundry', 'ecs', 'cloud-run', 'heroku', 'other']);

const finding = open(
  {
    rule: any,
    category: any,
    level,
    confidence,
    service: any,
    effort: number,
    messageId: any,
    data,
    text: any,
    consequence: any,
    next: any,
    place,
    related: list(open({ place, message: any }), ''),
    subject: any,
    fingerprint: any,
    fix: open({ title: any, safe: boolean }),
    concerns: list(open({ service: any, level }), ''),
    additions: list(open({ id: any, data }), ''),
  },
  ['service', 'fix', 'concerns', 'additions'],
);
const workload = open(
  { platform, kind: any, name: any, purpose: text('', ['production', 'development', 'test', 'unknown']), place, image: any },
  ['image'],
);
const service = open(
  {
    name: any,
    root: any,
    kind: text('', ['http', 'worker', 'database', 'third-party', 'job', 'unknown']),
    place,
    verdict,
    answer: any,
    blockers: number,
    gates: list(open({ id: gate, state: text('', ['open', 'at risk', 'closed', 'unknown']) }), ''),
    platforms: list(platform, ''),
    read: open({ code: boolean, process: boolean, workload: boolean }),
    copies: text('', ['many', 'one', 'unknown']),
    images: list(open({ name: any, place }), ''),
    workloads: list(workload, ''),
    uses: list(
      open({ kind: text('', ['store', 'service', 'external']), name: any, technology: any, because: any, confidence, place }, [
        'technology',
      ]),
      '',
    ),
    evidence: list(open({ id: any, gate, factors: numbers, data, text: any, place }), ''),
    links: list(open({ from: any, to: any, because: any, confidence, places: list(place, '') }), ''),
    notAssessed: texts,
  },
  ['root', 'gates'],
);
const shape = open(
  {
    version: any,
    counts: open({ files: number, read: number, parsed: number }),
    services: list(service, ''),
    findings: list(finding, ''),
    hidden: open({ baseline: number, untouched: number }),
    notAssessed: list(open({ reason: any, message: any, place, service: any, failed: boolean }, ['place', 'service']), ''),
    suppressed: list(open({ finding, reason: any, place }, ['place']), ''),
    rules: list(open({ id: any, category: any, summary: any, level, effort: number, factors: numbers }), ''),
  },
  ['hidden'],
);

type SavedFinding = Finding & { readonly fix?: Pick<Fix, 'title' | 'safe'> };
type SavedRule = Pick<Rule, 'id' | 'category' | 'summary' | 'level' | 'effort' | 'factors'>;
interface Saved extends Pick<Result, 'services' | 'counts' | 'hidden' | 'notAssessed' | 'comparison'> {
  readonly version: string;
  readonly findings: readonly SavedFinding[];
  readonly suppressed: readonly { readonly finding: SavedFinding; readonly reason: string }[];
  readonly rules: readonly SavedRule[];
}

/** Results before this one lack what an assessment needs. */
const oldest = { major: 1, minor: 2 };
function checkVersion(path: string, value: unknown): void {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version !== 'string') throw new SavedResultError(`${path}:1: no result that "--format json" wrote: it names no version`);
  const [major, minor] = version.split('.').map(Number);
  if (major === oldest.major && minor !== undefined && minor >= oldest.minor) return;
  throw new SavedResultError(
    `${path}:1: version ${version.slice(0, 20)} of a result is not known; ${oldest.major}.${oldest.minor} and later can be judged`,
  );
}

const maxProblems = 10;
function parse(path: string, source: string): Saved {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw new SavedResultError(
      `${path}:${lineOfError(source, error)}: this is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  checkVersion(path, value);
  const problems = checkShape(shape, value).slice(0, maxProblems);
  if (problems.length)
    throw new SavedResultError(
      problems.map(({ at, message }) => `${path}: ${[...(at.length ? [at.join('.')] : []), message].join(': ')}`).join('\n'),
    );
  return value as Saved;
}

/** Node names the offset. */
function lineOfError(source: string, error: unknown): number {
  const offset = /position (\d{1,12})/.exec(error instanceof Error ? error.message : '')?.[1];
  return source.slice(0, Number(offset ?? 0)).split('\n').length;
}

/** Rules of today with what was saved of them; one that is gone has no documentation. */
function restoreRule(saved: SavedRule, known: readonly Rule[]): Rule {
  const nothing = { what: '', why: '', how: '', bad: '', good: '', references: [] };
  const rule = known.find(({ id }) => id === saved.id) ?? { docs: nothing, messages: {} };
  return { ...rule, ...saved };
}

/** A result without files: what it says of them is all that is known. `rules`: those of today. */
export function readSavedResult(path: string, source: string, rules: readonly Rule[]): Result {
  const saved = parse(path, source);
  const fixes = new Map([...saved.findings, ...saved.suppressed.map((one) => one.finding)].map((one) => [one.fingerprint, one.fix]));
  return {
    root: '',
    services: saved.services,
    findings: saved.findings,
    suppressed: saved.suppressed,
    ...(saved.comparison ? { comparison: saved.comparison } : {}),
    ...(saved.hidden ? { hidden: saved.hidden } : {}),
    notAssessed: saved.notAssessed,
    counts: saved.counts,
    rules: saved.rules.map((rule) => restoreRule(rule, rules)),
    excerpt: () => undefined,
    text: () => undefined,
    fixes: ({ fingerprint }) => {
      const fix = fixes.get(fingerprint);
      return fix ? [{ ...fix, edits: [] }] : [];
    },
    fixFailures: () => [],
  };
}
