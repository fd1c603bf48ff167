import { describe, expect, it } from 'vitest';
import type { Config } from '../src/config/load-config.ts';
import { applySuppressions } from '../src/findings/suppress.ts';
import type { RawFinding } from '../src/rules/run-rules.ts';
import { readSuppressions } from '../src/text/suppressions.ts';

const read = (path: string, text: string) =>
  readSuppressions({ path, text }).map(({ rules, reason, until, from, to, problem }) => ({
    rules,
    reason,
    until,
    lines: [from, to],
    problem,
  }));

describe('suppressions in a file', () => {
  it.each([
    ['a.js', 'use(x); // cloudworthy-ignore local-cache: small', [1, 1]],
    ['a.js', '// cloudworthy-ignore local-cache: small\nuse(x);', [1, 2]],
    ['a.js', '/* cloudworthy-ignore local-cache: small */\n\n// other\nuse(x);', [1, 4]],
    ['a.js', '/**\n * cloudworthy-ignore local-cache: small\n */\nuse(x);', [2, 4]],
    ['Dockerfile', 'FROM a\n# cloudworthy-ignore local-cache: small\nUSER root', [2, 3]],
    ['a.yaml', 'a: 1 # cloudworthy-ignore local-cache: small\n', [1, 1]],
    ['a.html', '<!-- cloudworthy-ignore local-cache: small -->\n<a>', [1, 2]],
    ['a.js', '// cloudworthy-ignore-file local-cache: small\na\nb', [1, 3]],
  ])('of %s are read: %j', (path, text, lines) => {
    expect(read(path, text)).toEqual([{ rules: ['local-cache'], reason: 'small', until: undefined, lines, problem: undefined }]);
  });

  it('may name several rules and a last day', () => {
    expect(read('a.js', '// cloudworthy-ignore local-cache, log-to-file until=2027-03-31: see issue 4: later')[0]).toMatchObject({
      rules: ['local-cache', 'log-to-file'],
      until: '2027-03-31',
      reason: 'see issue 4: later',
    });
  });

  it.each([
    ['// cloudworthy-ignore local-cache', 'it gives no reason'],
    ['// cloudworthy-ignore local-cache:   ', 'it gives no reason'],
    ['// cloudworthy-ignore : because', 'it names no rule'],
    ['// cloudworthy-ignore local-cache until=soon: x', '"soon" is not a day (YYYY-MM-DD)'],
    ['// cloudworthy-ignore local-cache until=2027-13-40: x', '"2027-13-40" is not a day (YYYY-MM-DD)'],
  ])('are not honoured when they are wrong: %s', (text, problem) => {
    expect(read('a.js', text)[0]!.problem).toBe(problem);
  });

  it('stand in comments only', () => {
    expect(read('a.js', 'const a = "cloudworthy-ignore local-cache: x";')).toEqual([]);
  });

  it('in an annotation cover their Kubernetes document', () => {
    const text = `kind: Service
---
kind: Deployment
metadata:
  annotations:
    cloudworthy.dev/ignore: "local-cache: small; log-to-file until=2027-01-01: later"
spec:
  replicas: 1
---
kind: Service
`;
    const found = read('a.yaml', text);
    expect(found.map(({ rules }) => rules[0])).toEqual(['local-cache', 'log-to-file']);
    expect(found[0]!.lines[0]).toBeGreaterThanOrEqual(2);
    expect(found[0]!.lines[0]).toBeLessThanOrEqual(3);
    expect(found[0]!.lines[1]).toBeGreaterThanOrEqual(8);
    expect(found[0]!.lines[1]).toBeLessThan(10);
    expect(found[1]!.until).toBe('2027-01-01');
  });
});

const finding = (rule: string, path: string, line: number): RawFinding => ({
  rule,
  category: 'state',
  level: 'error',
  confidence: 'certain',
  messageId: 'm',
  data: {},
  text: '',
  consequence: '',
  next: '',
  place: { path, line, column: 1, endLine: line, endColumn: 2 },
  related: [],
  subject: 's',
  effort: 1,
});

describe('applying them', () => {
  const place = { path: 'cloudworthy.yml', line: 2, column: 1, endLine: 2, endColumn: 1 };
  const config = (ignore: Config['ignore']): Config => ({ base: '', rules: {}, ignore, exclude: [] });
  const apply = (
    text: string,
    settings: Config = config([]),
    findings = [finding('local-cache', 'a.js', 2), finding('log-to-file', 'a.js', 2)],
  ) => {
    const known = new Set(['local-cache', 'log-to-file']);
    const inFiles = new Map([['a.js', readSuppressions({ path: 'a.js', text })]]);
    const result = applySuppressions({ findings, inFiles, config: settings, nested: [], ran: known, known, today: '2026-11-22' });
    return {
      kept: result.kept.map(({ rule }) => rule),
      reasons: result.suppressed.map(({ reason }) => reason),
      notes: result.notAssessed.map(({ reason }) => reason),
    };
  };

  it('takes out what they name, and keeps the rest', () => {
    expect(apply('// cloudworthy-ignore local-cache: small\nuse();')).toEqual({ kept: ['log-to-file'], reasons: ['small'], notes: [] });
    expect(apply('// cloudworthy-ignore-file *: generated\nx')).toEqual({ kept: [], reasons: ['generated', 'generated'], notes: [] });
  });
  it('names those that are unused, expired, wrong or of an unknown rule', () => {
    expect(apply('use(); // cloudworthy-ignore local-cache: elsewhere\n\n').notes).toEqual(['unused-suppression']);
    expect(apply('// cloudworthy-ignore local-cache until=2026-11-21: was\nuse();')).toEqual({
      kept: ['local-cache', 'log-to-file'],
      reasons: [],
      notes: ['expired-suppression'],
    });
    expect(apply('// cloudworthy-ignore local-cache until=2026-11-22: today\nuse();').reasons).toEqual(['today']);
    expect(apply('// cloudworthy-ignore local-cache\nuse();').notes).toEqual(['invalid-suppression']);
    expect(apply('// cloudworthy-ignore local-cash: typo\nuse();').notes).toEqual(['invalid-suppression']);
  });
  it('works by path from the configuration', () => {
    const entry = { rules: ['local-cache'], patterns: ['legacy/**', '*.js'], reason: 'old', base: '', place };
    expect(apply('', config([entry]))).toEqual({ kept: ['log-to-file'], reasons: ['old'], notes: [] });
    expect(apply('', config([{ ...entry, patterns: ['other/'] }])).notes).toEqual(['unused-suppression']);
    expect(apply('', config([{ ...entry, base: 'services' }])).kept).toEqual(['local-cache', 'log-to-file']);
  });
});
