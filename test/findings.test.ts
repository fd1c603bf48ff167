import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judged } from '../src/findings/evidence.ts';
import { makeExcerpt } from '../src/findings/excerpt.ts';
import { compareFindings, mergeRootCauses } from '../src/findings/order-findings.ts';
import { judgeServices } from '../src/findings/verdict.ts';
import { indexFacts } from '../src/model/fact-index.ts';
import type { RawFinding } from '../src/rules/run-rules.ts';
import type { Deployment, Level, Service } from '../src/types.ts';

const place = (path: string, line: number, column = 1) => ({ path, line, column, endLine: line, endColumn: column + 1 });
const finding = (over: Partial<RawFinding> = {}): RawFinding => ({
  rule: 'local-cache',
  category: 'state',
  level: 'warning',
  confidence: 'certain',
  service: 'web',
  messageId: 'm',
  data: {},
  text: 't',
  consequence: 'c',
  next: 'n',
  place: place('a.js', 1),
  related: [],
  subject: 's',
  effort: 1,
  ...over,
});

describe('order', () => {
  it('puts the worst first, then goes by path, line and rule', () => {
    const sorted = [
      finding({ level: 'error', place: place('a.js', 2) }),
      finding({ level: 'error', place: place('a.js', 10) }),
      finding({ level: 'error', place: place('b.js', 1) }),
      finding({ level: 'warning', place: place('a.js', 1), rule: 'a' }),
      finding({ level: 'warning', place: place('a.js', 1), rule: 'b' }),
      finding({ level: 'note' }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), (shuffled) => {
        expect([...shuffled].sort(compareFindings)).toEqual(sorted);
      }),
    );
  });
});

describe('root causes', () => {
  it('are one finding for each place, also when services share the code', () => {
    const related = { place: place('k8s.yaml', 3), message: 'three copies' };
    const merged = mergeRootCauses([
      finding({ level: 'error', related: [related] }),
      finding({ service: 'api', related: [related] }),
      finding({ place: place('a.js', 9) }),
    ]);
    expect(merged.map(({ service, level, related: places }) => [service, level, places.length])).toEqual([
      ['web', 'error', 1],
      ['web', 'warning', 0],
    ]);
  });
  it('do not name their own place again', () => {
    expect(mergeRootCauses([finding({ related: [{ place: place('a.js', 1), message: 'here' }] })])[0]!.related).toEqual([]);
  });
});

const service = (over: Partial<Service> = {}): Service => ({
  name: 'web',
  root: '',
  kind: 'http',
  place: place('a.js', 1),
  code: indexFacts([]),
  codeRead: true,
  entries: [],
  images: [],
  deployments: [
    {
      platform: 'kubernetes',
      purpose: 'production',
      autoscalers: [],
      budgets: [],
      container: { env: [], resources: {}, security: {} },
      workload: {
        value: {
          platform: 'kubernetes',
          kind: 'Deployment',
          name: 'web',
          longRunning: true,
          dependsOn: [],
          namePlace: place('web.yaml', 1),
        },
      },
      process: { steps: [], known: true },
      environment: { given: [], complete: true, missing: [] },
    } as unknown as Deployment,
  ],
  copies: { count: 'unknown', evidence: [] },
  links: [],
  possibleStores: (stores) => stores,
  literals: () => ({ values: [], complete: true }),
  reachedFrom: () => indexFacts([]),
  ...over,
});

const repository = { services: [], facts: indexFacts([]), notAssessed: [], exists: () => false, roleOf: () => 'production' as const };
const judgeAlone = (one: Service, findings: readonly Judged[] = []) =>
  judgeServices({ services: [one], repository, findings, notAssessed: [] })[0]!;

const judged = (level: Level, over: Partial<Judged> = {}): Judged => ({
  rule: 'r',
  category: 'state',
  level,
  confidence: 'certain',
  service: 'web',
  ...over,
});

/** It answers health requests and reads its settings from the environment. */
const healthyCode = indexFacts([
  {
    kind: 'health-helper',
    place: place('a.js', 4),
    confidence: 'certain',
    value: { library: '@godaddy/terminus', paths: ['/health'] },
  },
  { kind: 'env-read', place: place('a.js', 5), confidence: 'certain', value: { name: 'PORT', hasDefault: true, optional: false } },
]);

describe('verdict', () => {
  const judge = (levels: readonly Level[], over: Partial<Service> = {}) => {
    const { verdict, answer } = judgeAlone(
      service(over),
      levels.map((level) => judged(level)),
    );
    return [verdict, answer];
  };
  it.each([
    [['error', 'error', 'warning'], {}, 'blocked', 'No: 2 blockers'],
    [['error'], { deployments: [] }, 'blocked', 'No: 1 blocker'],
    [['warning', 'note'], {}, 'at risk', 'Not yet: 1 risk'],
    [['note'], { code: healthyCode }, 'ready', 'Yes'],
    [[], {}, 'unknown', 'Unknown: nothing was found against it, but nothing shows how it stops and is replaced'],
    [[], { deployments: [] }, 'unknown', 'Unknown: no manifest says how it runs'],
    [['warning'], { deployments: [] }, 'unknown', 'Unknown: no manifest says how it runs; 1 risk found'],
    [[], { codeRead: false }, 'unknown', 'Unknown: its code could not be followed from its start'],
    [
      ['warning'],
      { codeRead: false, unreadLanguage: 'Ruby' },
      'unknown',
      'Unknown: Ruby code is not read, only its manifests were; 1 risk found',
    ],
    [[], { codeRead: false, root: undefined }, 'unknown', 'Unknown: its code is not in this repository'],
    [[], { kind: 'third-party' }, 'unknown', 'Not asked: it is an image that others make'],
  ] as const)('of %j with %j is %s', (levels, over, verdict, answer) => {
    expect(judge(levels, over as Partial<Service>)).toEqual([verdict, answer]);
  });
  it('counts only findings of the service', () => {
    expect(judgeAlone(service({ code: healthyCode }), [judged('error', { service: 'api' })]).verdict).toBe('ready');
  });
  it('names what speaks for it, unless a rule denies it', () => {
    const store = { kind: 'external', technology: 'redis', place: place('a.js', 3) } as const;
    const code = indexFacts([
      { kind: 'session', place: place('a.js', 3), confidence: 'certain', value: { library: 'express-session', stores: [store] } },
    ]);
    expect(judgeAlone(service({ code })).evidence).toContainEqual({
      id: 'sessions-shared',
      gate: 'any-copy-serves',
      factors: [6],
      data: { store: 'redis' },
      text: 'Sessions are kept in redis',
      place: place('a.js', 3),
    });
    const denied = judgeAlone(service({ code }), [judged('error', { rule: 'session-in-memory' })]);
    expect(denied.evidence.map(({ id }) => id)).not.toContain('sessions-shared');
  });
});

describe('excerpts', () => {
  const lines = (text: string, at: { line: number; column: number; endColumn: number }[] = [], line = 1) =>
    makeExcerpt(
      'a',
      text,
      place('a', line),
      1,
      at.map((one) => ({ path: 'a', endLine: one.line, ...one })),
    )?.map((one) => one.text);

  it('show the lines around a place', () => {
    expect(makeExcerpt('a', 'one\ntwo\nthree\nfour', place('a', 2), 1, [])).toEqual([
      { line: 1, text: 'one' },
      { line: 2, text: 'two' },
      { line: 3, text: 'three' },
    ]);
    expect(makeExcerpt('a', 'one', place('a', 5), 1, [])).toBeUndefined();
  });
  it.each([
    ["const password = 'hunter2hunter2';", 'hunter2'],
    ['apiKey: "k-123456789"', 'k-123456789'],
    ['url: postgres://user:s3cretpass@db:5432/x', 's3cretpass'],
    ['aws = AKIAIOSFODNN7EXAMPLZ', 'AKIAIOSFODNN7EXAMPLZ'],
    ['token ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'ghp_abcdefghij'],
  ])('mask what looks like a secret: %s', (text, secret) => {
    expect(lines(text)!.join()).not.toContain(secret);
  });
  it('mask the places of secret facts, whatever they look like', () => {
    expect(lines("sign('correct horse')", [{ line: 1, column: 6, endColumn: 21 }])).toEqual(["sign('***')"]);
    expect(lines('KEY=correct', [{ line: 1, column: 1, endColumn: 12 }])).toEqual(['KEY=***']);
  });
  it('cut giant lines', () => {
    expect(lines('x'.repeat(100_000))![0]!.length).toBeLessThanOrEqual(2000);
  });
});
