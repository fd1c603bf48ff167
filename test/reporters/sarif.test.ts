import { gzipSync } from 'node:zlib';
import type { Location, Log, Run, Result as SarifResult } from 'sarif';
import { describe, expect, it } from 'vitest';
import { hashLines } from '../../src/reporters/sarif/line-hash.ts';
import { sarif } from '../../src/reporters/sarif.ts';
import type { Result } from '../../src/types.ts';
import { at, files, hostile, makeFinding, makeHostileResult, makeManyFindings, makeResult, makeRule, options } from './results.ts';

const render = (result: Result): Run => (JSON.parse(sarif.render(result, options)) as Log).runs[0]!;
const first = (result: Result): SarifResult => render(result).results![0]!;
const uriOf = (location: Location): string => location.physicalLocation!.artifactLocation!.uri!;

describe('sarif', () => {
  it('describes each rule as GitHub reads it', () => {
    const rules = [makeRule('session-in-memory'), makeRule('hardcoded-credential', { securitySeverity: '7.5', level: 'note' })];
    const { driver } = render(makeResult({ rules })).tool;
    expect(driver).toMatchObject({ name: 'cloudworthy', semanticVersion: '1.2.3' });
    expect(driver.rules!.map(({ id }) => id)).toEqual(['session-in-memory', 'hardcoded-credential']);
    expect(driver.rules![0]).toMatchObject({
      name: 'SessionInMemory',
      shortDescription: { text: 'Session in memory was found.' },
      helpUri: 'https://example.com/rules/session-in-memory',
      defaultConfiguration: { level: 'error' },
    });
    expect(driver.rules![0]!.help!.markdown).toContain('https://example.com/rules/session-in-memory');
    expect(driver.rules![0]!.properties).toEqual({
      tags: ['cloud-native', 'state', 'factor-6'],
      precision: 'high',
      'problem.severity': 'error',
    });
    expect(driver.rules![1]!.properties).toMatchObject({ 'security-severity': '7.5', 'problem.severity': 'recommendation' });
    expect(driver.rules![1]!.properties!.tags).toContain('security');
  });

  it('keeps descriptions within 1024 characters', () => {
    const rule = makeRule('a', { docs: { ...makeRule('a').docs, what: 'x'.repeat(2000) } });
    expect(render(makeResult({ rules: [rule] })).tool.driver.rules![0]!.fullDescription!.text).toHaveLength(1024);
  });

  it('joins the places of a finding: links, related places and a path from manifest to source', () => {
    const result = first(makeResult());
    expect(result.message.text).toBe(
      'express-session keeps sessions in the memory of one process, and `replicas: 3` runs three copies. ' +
        'A request that reaches another replica finds no session: users are logged out at random. ' +
        'Give it a store that all replicas share, such as Redis. See [web.yaml:2](1) three copies run.',
    );
    expect(result.relatedLocations!.map(({ id }) => id)).toEqual([1]);
    const steps = result.codeFlows![0]!.threadFlows[0]!.locations;
    expect(steps.map(({ location }) => uriOf(location!))).toEqual(['k8s/web.yaml', 'web/src/server.js']);
  });

  it('draws no path when all places are in one file', () => {
    const related = [{ place: at('web/src/server.js', 5), message: 'listens here' }];
    expect(first(makeResult({ findings: [makeFinding({ related })] })).codeFlows).toBeUndefined();
  });

  it('links only to places that exist, and every rule index is right', () => {
    const run = render(makeResult({ findings: makeManyFindings(50) }));
    for (const result of run.results!) {
      const linked = [...result.message.text!.matchAll(/\[[^\]]+\]\((\d+)\)/g)].map((match) => Number(match[1]));
      expect(linked).toEqual(result.relatedLocations!.map(({ id }) => id));
      expect(run.tool.driver.rules![result.ruleIndex!]!.id).toBe(result.ruleId);
      for (const location of [...result.locations!, ...result.relatedLocations!]) expect(files).toHaveProperty([uriOf(location)]);
    }
  });

  it('gives the line hash that GitHub would compute, and its own fingerprint', () => {
    expect(first(makeResult({ findings: [makeFinding({ place: at('k8s/web.yaml', 4, 5, 10) })] })).partialFingerprints).toEqual({
      primaryLocationLineHash: hashLines(files['k8s/web.yaml']!)[3]!.hash,
      'cloudworthy/v1': '0123456789abcdef0123456789abcdef',
    });
  });

  it('gives no line hash where the hashed lines hold a secret or the file was not read', () => {
    for (const place of [at('web/src/server.js', 4), at('web/src/server.js', 3), at('unread.js', 1)])
      expect(first(makeResult({ findings: [makeFinding({ place })] })).partialFingerprints).not.toHaveProperty('primaryLocationLineHash');
  });

  it('keeps a region on one line', () => {
    const place = { path: 'k8s/web.yaml', line: 1, column: 3, endLine: 4, endColumn: 2 };
    expect(first(makeResult({ findings: [makeFinding({ place })] })).locations![0]!.physicalLocation!.region).toEqual({
      startLine: 1,
      startColumn: 3,
      endLine: 1,
    });
  });

  it('encodes paths and disarms links in hostile text', () => {
    const result = first(makeHostileResult());
    expect(decodeURIComponent(uriOf(result.locations![0]!))).toBe(`src/${hostile}.js`);
    expect(uriOf(result.locations![0]!)).toMatch(/^[\w\-.~!*'()%/]+$/);
    expect(result.message.text).not.toMatch(/[^\\]\]\(1\) %0A/);
    expect(sarif.render(makeHostileResult(), options)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|##\[/);
  });

  it('survives a path that is not well-formed UTF-16', () => {
    expect(uriOf(first(makeResult({ findings: [makeFinding({ place: at('a\ud800b:c.js', 1) })] })).locations![0]!)).toBe(
      'a%EF%BF%BDb%3Ac.js',
    );
  });

  it('always has results, counts columns in UTF-16 and reports what was not assessed', () => {
    const notAssessed = [{ reason: 'syntax-error', message: 'It does not parse.', place: at('a.yaml', 2), failed: true }];
    const run = render(makeResult({ findings: [], notAssessed }));
    expect(run).toMatchObject({ results: [], columnKind: 'utf16CodeUnits' });
    expect(run.invocations![0]!.toolExecutionNotifications).toMatchObject([
      { level: 'warning', message: { text: 'Not assessed (syntax-error): It does not parse.' } },
    ]);
    expect(run.automationDetails).toBeUndefined();
  });

  it('leaves suppressed findings out', () => {
    const run = render(makeResult({ findings: [], suppressed: [{ finding: makeFinding(), reason: 'known' }] }));
    expect(run.results).toEqual([]);
  });

  it('keeps the worst 25,000 results and says how many it left out', () => {
    const run = render(makeResult({ findings: makeManyFindings(25_003) }));
    expect(run.results).toHaveLength(25_000);
    expect(run.results![0]!.level).toBe('error');
    expect(run.results!.at(-1)!.level).toBe('note');
    expect(run.invocations![0]!.toolExecutionNotifications![0]!.message.text).toMatch(/^3 findings left out/);
  });

  it('keeps 1,000 locations of a result', () => {
    const related = Array.from({ length: 1500 }, (_, index) => ({ place: at('k8s/web.yaml', 2, index + 1), message: `place ${index}` }));
    const { locations, relatedLocations } = first(makeResult({ findings: [makeFinding({ related })] }));
    expect(locations!.length + relatedLocations!.length).toBe(1000);
  });

  it('stays below 10 MB gzipped', () => {
    let seed = 1;
    const next = () => {
      seed = (seed * 48271) % 2147483647;
      return seed.toString(36);
    };
    const noise = () => Array.from({ length: 200 }, next).join(' ');
    const findings = makeManyFindings(12_000).map((finding) => ({ ...finding, consequence: noise() }));
    const text = sarif.render(makeResult({ findings }), options);
    const left = (JSON.parse(text) as Log).runs[0]!.results!.length;
    expect(gzipSync(text).length).toBeLessThanOrEqual(10_000_000);
    expect(left).toBeGreaterThan(5000);
    expect(left).toBeLessThan(12_000);
  });
});
