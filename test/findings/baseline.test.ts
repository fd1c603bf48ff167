import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/load-config.ts';
import { applyBaseline, parseBaseline, printBaseline, pruneBaseline } from '../../src/findings/baseline.ts';
import { toKnown } from '../../src/findings/match-known.ts';
import type { Finding, KnownFinding } from '../../src/types.ts';
import { makePrinted, placeAt } from './make-finding.ts';

const level = fc.constantFrom('error', 'warning', 'note');
const word = fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'é\n"\\'), fc.string({ unit: 'binary', maxLength: 8 }));
const finding: fc.Arbitrary<Finding> = fc
  .record({
    rule: fc.constantFrom('local-cache', 'log-to-file'),
    level,
    service: fc.option(word, { nil: undefined }),
    path: word,
    subject: word,
    text: fc.constantFrom('Something is kept.', 'Zwei `x`.'),
    fingerprint: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 }),
  })
  .map(({ path, ...over }) => makePrinted({ ...over, place: placeAt(path, 1) }));
const findings = fc.uniqueArray(finding, { maxLength: 12, selector: ({ fingerprint }) => fingerprint });

const ran = new Set(['local-cache', 'log-to-file']);
const apply = (now: readonly Finding[], text: string, complete = true) =>
  applyBaseline({ findings: now, baseline: parseBaseline('known.json', text), ran, complete });
const mistake = (text: string): string => {
  try {
    parseBaseline('known.json', text);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  return 'none';
};

describe('a baseline', () => {
  it('is read as it was written, in an order of its own', () => {
    fc.assert(
      fc.property(findings, (all) => {
        const text = printBaseline(all);
        const read = parseBaseline('known.json', text);
        const sorted = (entries: readonly KnownFinding[]) => entries.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
        expect(sorted(read.findings)).toEqual(sorted(all.map(toKnown)));
        expect(printBaseline([...all].reverse())).toBe(text);
      }),
    );
  });
  it('knows exactly what it was made of', () => {
    fc.assert(
      fc.property(findings, (all) => {
        const { known, gone, notAssessed } = apply(all, printBaseline(all));
        expect([known.size, gone, notAssessed]).toEqual([all.length, [], []]);
      }),
    );
  });
  it('never knows more than it holds, and calls the rest gone', () => {
    fc.assert(
      fc.property(findings, findings, (before, now) => {
        const { known, worse, gone } = apply(now, printBaseline(before));
        expect(known.size + worse.size + gone.length).toBe(before.length);
        expect(new Set([...known.values(), ...worse.values(), ...gone]).size).toBe(before.length);
      }),
    );
  });

  const one = makePrinted({ fingerprint: 'a'.repeat(32), place: placeAt('src/a.js', 4) });
  it('holds no lines, so that its diffs show findings only', () => {
    expect(printBaseline([one])).toBe(`{
  "version": 1,
  "findings": [
    {
      "rule": "local-cache",
      "level": "warning",
      "service": "web",
      "path": "src/a.js",
      "subject": "s",
      "message": "t",
      "fingerprint": "${'a'.repeat(32)}"
    }
  ]
}
`);
  });
  it('hides what looks like a secret', () => {
    expect(printBaseline([makePrinted({ text: 'It is AKIAIOSFODNN7EXAMPLZ here.' })])).not.toContain('AKIAIOSFODNN7EXAMPLZ');
  });
  it.each([
    ['moved to another file', { place: placeAt('lib/b.js', 9), fingerprint: 'b'.repeat(32) }],
    ['in a service with another name', { service: 'shop', fingerprint: 'b'.repeat(32), place: placeAt('src/a.js', 1) }],
    ['with other words and less grave', { text: 'other', level: 'note' as const }],
  ])('knows a finding again %s', (_, over) => {
    expect(apply([{ ...one, ...over }], printBaseline([one])).known.size).toBe(1);
  });
  it.each([
    ['of another subject', { subject: 'x', fingerprint: 'b'.repeat(32) }],
    ['of another rule', { rule: 'log-to-file', fingerprint: 'b'.repeat(32) }],
    ['that became worse', { level: 'error' as const }],
  ])('does not know a finding %s', (_, over) => {
    expect(apply([{ ...one, ...over }], printBaseline([one])).known.size).toBe(0);
  });
  it('does not stand for a second finding of the same kind', () => {
    const second = { ...one, fingerprint: 'c'.repeat(32) };
    expect([...apply([second, one], printBaseline([one])).known.keys()]).toEqual([one]);
  });

  it('names entries that match nothing, with the line of the first', () => {
    const text = printBaseline([one, makePrinted({ rule: 'log-to-file', fingerprint: 'd'.repeat(32), place: placeAt('z.js', 1) })]);
    const [note] = apply([one], text).notAssessed;
    expect(note).toMatchObject({ reason: 'unused-baseline', place: { path: 'known.json', line: 13 }, failed: false });
    expect(note!.message).toMatch(/^1 entry of the baseline matches nothing any more/);
    expect(apply([one], text, false).notAssessed).toEqual([]);
    const baseline = parseBaseline('known.json', text);
    expect(applyBaseline({ findings: [one], baseline, ran: new Set(['local-cache']), complete: true }).notAssessed).toEqual([]);
  });
  it('is pruned of what is solved and gains nothing', () => {
    const solved = makePrinted({ rule: 'log-to-file', fingerprint: 'd'.repeat(32) });
    const fresh = makePrinted({ subject: 'fresh', fingerprint: 'e'.repeat(32) });
    const worse = { ...one, level: 'error' as const };
    const baseline = parseBaseline('known.json', printBaseline([one, solved]));
    expect(pruneBaseline(baseline, [one, fresh])).toEqual({ text: printBaseline([one]), removed: 1 });
    expect(pruneBaseline(baseline, [worse, fresh])).toEqual({ text: printBaseline([one]), removed: 1 });
  });

  it.each([
    ['{\n  "version": 1,\n  "findings": [', /^known\.json:3: /],
    ['{\n  "version": 2,\n  "findings": []\n}', 'known.json:2: version 2 of this file is not known; this program writes version 1'],
    ['{\n  "version": 1,\n  "findings": [\n    { "rule": 4 }\n  ]\n}', /^known\.json:4: findings: 0: /],
    ['{ "findings": [], "version": 1, "extra": 1 }', 'known.json:1: extra: unknown key "extra"'],
    ['[]', 'known.json:1: a mapping is expected'],
    ['', /^known\.json:1: /],
  ])('that is broken is refused with file and line: %j', (text, message) => {
    expect(mistake(text)).toMatch(message);
  });
});
