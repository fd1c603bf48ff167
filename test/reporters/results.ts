/** Hand-made results for reporter tests. */
import type { Evidence, Finding, Place, ReporterOptions, Result, Rule, ServiceResult } from '../../src/types.ts';

export const options: ReporterOptions = { color: false, width: 80, links: false, version: '1.2.3', verbose: false };

export const at = (path: string, line: number, column = 1, endColumn = column + 4): Place => ({
  path,
  line,
  column,
  endLine: line,
  endColumn,
});

export const makeRule = (id: string, change: Partial<Rule> = {}): Rule => ({
  id,
  category: 'state',
  summary: `${id.replaceAll('-', ' ')} was found`,
  factors: [6],
  level: 'error',
  effort: 3,
  docs: {
    what: 'What it is.',
    why: 'Why it matters.',
    how: 'How to change it.',
    bad: 'bad();',
    good: 'good();',
    references: [`https://example.com/rules/${id}`],
  },
  messages: {},
  ...change,
});

export const makeFinding = (change: Partial<Finding> = {}): Finding => ({
  rule: 'session-in-memory',
  category: 'state',
  level: 'error',
  confidence: 'certain',
  service: 'web',
  messageId: 'scaled',
  data: { library: 'express-session' },
  text: 'express-session keeps sessions in the memory of one process, and `replicas: 3` runs three copies.',
  consequence: 'A request that reaches another replica finds no session: users are logged out at random.',
  next: 'Give it a store that all replicas share, such as Redis.',
  place: at('web/src/server.js', 3, 9, 48),
  related: [{ place: at('k8s/web.yaml', 2, 3, 14), message: 'three copies run' }],
  subject: 'express-session:memory',
  fingerprint: '0123456789abcdef0123456789abcdef',
  effort: 3,
  ...change,
});

export const makeEvidence = (text: string, place: Place, change: Partial<Evidence> = {}): Evidence => ({
  id: 'dependencies-locked',
  gate: 'same-build-observable',
  factors: [2],
  data: {},
  text,
  place,
  ...change,
});

export const makeService = (change: Partial<ServiceResult> = {}): ServiceResult => ({
  name: 'web',
  root: 'web',
  kind: 'http',
  place: at('web/src/server.js', 5),
  verdict: 'blocked',
  answer: 'No: 1 blocker',
  blockers: 1,
  platforms: ['kubernetes'],
  read: { code: true, process: true, workload: true },
  copies: 'many',
  images: [{ name: 'web/Dockerfile', place: at('web/Dockerfile', 1) }],
  workloads: [
    {
      platform: 'kubernetes',
      kind: 'Deployment',
      name: 'web',
      purpose: 'production',
      place: at('k8s/web.yaml', 1),
      image: 'web/Dockerfile',
    },
  ],
  uses: [
    {
      kind: 'store',
      name: 'cache',
      technology: 'redis',
      because: '`REDIS_URL` names it',
      confidence: 'certain',
      place: at('k8s/web.yaml', 4),
    },
  ],
  evidence: [makeEvidence('A lock file pins what is installed', at('web/package-lock.json', 1))],
  links: [
    {
      from: 'web',
      to: 'k8s/web.yaml',
      because: 'the image `shop/web` is built here',
      confidence: 'likely',
      places: [at('k8s/web.yaml', 4)],
    },
  ],
  notAssessed: [],
  ...change,
});

/** Files of the made-up repository. */
export const files: Readonly<Record<string, string>> = {
  'web/src/server.js': [
    "const express = require('express');",
    'const app = express();',
    'app.use(session({ secret: process.env.SECRET }));',
    'const password = "hunter2-hunter2";',
    'app.listen(3000);',
    '',
  ].join('\n'),
  'k8s/web.yaml': ['spec:', '  replicas: 3', '  template:', '    image: shop/web:1.0.0', ''].join('\n'),
};

/** A result over `texts`, in which `hunter2-hunter2` counts as a secret. */
export function makeResult(change: Partial<Result> = {}, texts: Readonly<Record<string, string>> = files): Result {
  const findings = change.findings ?? [makeFinding()];
  return {
    root: '/repository',
    services: [makeService()],
    findings,
    suppressed: [],
    notAssessed: [],
    counts: { files: 10, read: 6, parsed: 2 },
    rules: [...new Set(findings.map(({ rule }) => rule))].map((id) => makeRule(id)),
    text: (path) => texts[path],
    fixes: () => [],
    fixFailures: () => [],
    excerpt: ({ path, line, endLine }, context) =>
      texts[path]
        ?.replaceAll('hunter2-hunter2', '***')
        .split('\n')
        .map((text, index) => ({ line: index + 1, text }))
        .filter((entry) => entry.line >= line - context && entry.line <= endLine + context),
    ...change,
  };
}

/** Text that tries to break out of every format. */
export const hostile =
  '</script><img src=x onerror=alert(1)>\n::error::owned\r\u001b[31mred\u001b[0m|`code`|\u202egnp.exe##[add-mask]x ]](1) %0A @here';

/** A result in which every name and text that a repository decides is hostile. */
export function makeHostileResult(): Result {
  const place = at(`src/${hostile}.js`, 1, 1, 3);
  const link = { from: hostile, to: hostile, because: hostile, confidence: 'guess' as const, places: [place] };
  const finding = makeFinding({
    service: hostile,
    text: `It is \`${hostile}\` here.`,
    consequence: hostile,
    next: hostile,
    data: { name: hostile },
    subject: hostile,
    place,
    related: [{ place: at(`${hostile}/k8s.yaml`, 1), message: hostile }],
  });
  const service = makeService({
    name: hostile,
    root: hostile,
    place,
    answer: 'No: 1 blocker',
    evidence: [makeEvidence(hostile, place, { data: { name: hostile } })],
    images: [{ name: hostile, place }],
    workloads: [{ platform: 'kubernetes', kind: hostile, name: hostile, purpose: 'production', place, image: hostile }],
    uses: [{ kind: 'external', name: hostile, technology: hostile, because: hostile, confidence: 'guess', place }],
    links: [link],
    notAssessed: [hostile],
  });
  return makeResult(
    {
      services: [service],
      findings: [finding, { ...finding, service: undefined, level: 'note' }],
      suppressed: [{ finding, reason: hostile, place }],
      notAssessed: [{ reason: 'syntax-error', message: hostile, place, service: hostile, failed: true }],
    },
    { [place.path]: `${hostile}\n${hostile}`, [`${hostile}/k8s.yaml`]: hostile },
  );
}

/** Many findings over several rules, levels and services. */
export function makeManyFindings(count: number): readonly Finding[] {
  const perLevel = ['note', 'warning', 'error'] as const;
  return Array.from({ length: count }, (_, index) =>
    makeFinding({
      rule: `rule-${index % 17}`,
      level: perLevel[index % 3]!,
      service: index % 5 === 0 ? undefined : 'web',
      place: at('web/src/server.js', (index % 5) + 1),
      subject: `subject ${index}`,
      fingerprint: index.toString(16).padStart(32, '0'),
    }),
  );
}
