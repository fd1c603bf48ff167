/** Assessments of the sample systems and of made-up results: what they say, and that nothing moves them that should not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess, readSavedResult } from '../../src/assessment/index.ts';
import { categories, gateIds, gateOf, prerequisites, waveOf } from '../../src/assessment/rule-table.ts';
import type { Assessment } from '../../src/assessment/types.ts';
import { waveIds } from '../../src/assessment/types.ts';
import { json as jsonReporter } from '../../src/reporters/json.ts';
import { csv } from '../../src/reports/csv.ts';
import { json } from '../../src/reports/json.ts';
import { markdown } from '../../src/reports/markdown.ts';
import { analyse, listRules } from '../../src/session.ts';
import type { Result } from '../../src/types.ts';
import { hostile, makeFinding, makeHostileResult, makeResult, makeService } from '../reporters/results.ts';

const apps = join(import.meta.dirname, '../../fixtures/apps');
const analyseApp = (app: string, overlay?: ReadonlyMap<string, string>): Result =>
  analyse({ root: join(apps, app), cache: false, git: false, overlay });
const shop = analyseApp('shop');
const ready = analyseApp('shop-ready');
const options = { lang: 'en', version: '0.0.0' } as const;
const reporterOptions = { color: false, width: 80, links: false, version: '0.0.0', verbose: false };
const save = (result: Result): Result => readSavedResult('saved.json', jsonReporter.render(result, reporterOptions), listRules());

const gatesOf = (assessment: Assessment, name: string): readonly string[] | undefined =>
  assessment.services.find(({ service }) => service.name === name)?.gates.map(({ state }) => state);

describe('rules', () => {
  it.each(listRules().map(({ id, category }) => [id, category]))('%s has its gate and wave', (id, category) => {
    expect(categories).toContain(category);
    expect(gateIds).toContain(gateOf(id, category));
    for (const level of ['error', 'warning', 'note'] as const) expect(waveIds).toContain(waveOf(id, category, level));
  });
  it('are named right where one waits for another, and never wait for each other', () => {
    const known = new Set(listRules().map(({ id }) => id));
    for (const [rule, before] of Object.entries(prerequisites))
      for (const id of [rule, ...before]) expect(known.has(id) || id === 'fixed-size-group').toBe(true);
    const visit = (rule: string, path: readonly string[]): void => {
      expect(path).not.toContain(rule);
      for (const next of prerequisites[rule] ?? []) visit(next, [...path, rule]);
    };
    for (const rule of Object.keys(prerequisites)) visit(rule, []);
  });
});

describe('the shop', () => {
  const assessment = assess(shop);
  it('is blocked at the gates that its findings close', () => {
    expect(gatesOf(assessment, 'orders')).toEqual(['closed', 'open', 'at risk', 'closed', 'open']);
    expect(gatesOf(assessment, 'web')).toEqual(['open', 'closed', 'closed', 'open', 'closed']);
  });
  it('becomes ready by the waves, blockers first', () => {
    expect(assessment.waves.map(({ id }) => id)).toEqual(waveIds);
    const last = new Map(assessment.waves.flatMap(({ verdicts }) => verdicts.map(({ service, after }) => [service, after])));
    expect([last.get('orders'), last.get('web')]).toEqual(['ready', 'ready']);
    expect(assessment.waves.reduce((sum, { effort }) => sum + effort, 0)).toBe(assessment.effort);
  });
  it('has resources requested before the autoscaler that measures them is mended', () => {
    const broken = assessment.items.find(({ rule }) => rule === 'autoscaler-broken');
    expect(broken?.dependsOn).toEqual(['resources-missing/orders']);
    const order = assessment.waves.flatMap(({ items }) => items);
    for (const { id, dependsOn } of assessment.items)
      for (const before of dependsOn) expect(order.indexOf(before)).toBeLessThan(order.indexOf(id));
  });
  it('uses what its manifests name', () => {
    const labels = assessment.map.edges.map(({ from, to, label }) => `${from} ${label} ${to}`);
    expect(labels).toContain('service:web calls service:orders');
    expect(labels).toContain('service:orders uses service:postgres');
  });
  it('runs into the memory of Cloud Run with its files', () => {
    const fit = assessment.services.find(({ service }) => service.name === 'web')?.targets.find(({ target }) => target === 'cloud-run');
    expect(fit?.verdict).toBe('blocked');
    expect(fit?.reasons.join(' ')).toContain('file system of an instance is its memory');
  });
});

describe('the ready shop', () => {
  it('has every gate open, with evidence, and nothing to do', () => {
    const assessment = assess(ready);
    expect(gatesOf(assessment, 'orders')).toEqual(gateIds.map(() => 'open'));
    expect(gatesOf(assessment, 'web')).toEqual(gateIds.map(() => 'open'));
    expect([assessment.effort, assessment.items]).toEqual([0, []]);
    for (const { gates, targets } of assessment.services)
      if (targets.length) for (const gate of gates) expect(gate.for.length).toBeGreaterThan(0);
  });
});

describe('verdicts', () => {
  it.each(readdirSync(apps).filter((name) => !name.includes('.')))('of %s are those of the pipeline', (app) => {
    const result = analyseApp(app);
    expect(assess(result).services.map(({ service, verdict }) => [service.name, verdict])).toEqual(
      result.services.map(({ name, verdict }) => [name, verdict]),
    );
  });
  it('stay as saved when the result leaves blockers out', () => {
    const { services, assumptions } = assess(makeResult({ findings: [], hidden: { baseline: 1, untouched: 0 } }));
    expect(services[0]?.verdict).toBe('blocked');
    expect(assumptions.at(-1)).toContain('1 finding');
  });
});

describe('an assessment', () => {
  it.each([shop, ready, makeHostileResult()])('of a saved result is that of the live one (%#)', (result) => {
    expect(JSON.parse(JSON.stringify(assess(save(result))))).toEqual(JSON.parse(JSON.stringify(assess(result))));
  });
  it('gives the same bytes again', () => {
    const again = analyseApp('shop');
    for (const { render } of [markdown, csv, json]) expect(render(assess(again), again, options)).toBe(render(assess(shop), shop, options));
  });
  it('does not move when lines shift or unrelated files come', () => {
    const summary = (result: Result) => {
      const { effort, services, items } = assess(result);
      return [
        effort,
        services.map(({ service, verdict, gates }) => [service.name, verdict, gates.map(({ state }) => state)]),
        items.map(({ id, effort: points }) => [id, points]),
      ];
    };
    const shifted = ['web/src/app.js', 'web/src/server.js', 'orders/src/reminders.ts', 'k8s/web.yaml', 'k8s/orders.yaml'];
    const change = fc.record({
      paths: fc.uniqueArray(fc.constantFrom(...shifted), { minLength: 1 }),
      lines: fc.integer({ min: 1, max: 40 }),
      unrelated: fc.stringMatching(/^[a-z]{1,8}$/),
    });
    fc.assert(
      fc.property(change, ({ paths, lines, unrelated }) => {
        const shift = (path: string): string =>
          (path.endsWith('.yaml') ? '#\n' : '//\n').repeat(lines) + readFileSync(join(apps, 'shop', path), 'utf8');
        const overlay = new Map([
          ...paths.map((path) => [path, shift(path)] as const),
          [`notes/${unrelated}.md`, '# Notes'],
          [`assets/${unrelated}.json`, '{}'],
          [`web/test/${unrelated}.test.js`, "require('node:fs').writeFileSync('out.txt', '');\n"],
        ]);
        expect(summary(analyseApp('shop', overlay))).toEqual(summary(shop));
      }),
      { numRuns: 6 },
    );
  });
});

describe('effort', () => {
  const at = (line: number) => ({ path: 'a.js', line, column: 1, endLine: line, endColumn: 2 });
  const findings = (count: number, effort: number) =>
    Array.from({ length: count }, (_, index) =>
      makeFinding({ effort, place: at(index + 1), subject: `${index}`, fingerprint: `${index}` }),
    );
  it('counts a root cause once and grows with the root of its places', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 3, 5, 7), fc.integer({ min: 1, max: 60 }), (base, count) => {
        const [item, ...others] = assess(makeResult({ findings: findings(count, base) })).items;
        expect(others).toEqual([]);
        expect(item?.effort).toBe(Math.round(base * Math.sqrt(count)));
        expect(item?.formula).toContain(`${base} × √${count}`);
      }),
    );
  });
  it('counts code that services share once', () => {
    const shared = ['web', 'api'].map((service, index) => makeFinding({ service, effort: 5, fingerprint: `${index}` }));
    const { items } = assess(makeResult({ services: [makeService(), makeService({ name: 'api' })], findings: shared }));
    expect(items.map(({ services, effort }) => [services, effort])).toEqual([[['api', 'web'], 5]]);
  });
});

describe('since an earlier result', () => {
  it('says what is solved, new, and which answers changed', () => {
    const { trend } = assess(ready, { earlier: save(shop) });
    expect(trend?.solved).toHaveLength(shop.findings.length);
    expect(trend?.new).toEqual([]);
    expect(trend?.verdicts).toContainEqual({ service: 'web', before: 'blocked', after: 'ready' });
    expect(trend?.effort.before).toBe(assess(shop).effort);
    expect(assess(shop, { earlier: shop }).trend).toMatchObject({ solved: [], new: [], verdicts: [] });
  });
});

describe('a saved result', () => {
  it.each([
    ['{', /^x\.json:1: this is no JSON/],
    ['[]', /names no version/],
    ['{"version":"1.1"}', /version 1\.1 of a result is not known/],
    ['{"version":"2.0"}', /version 2\.0/],
    ['{"version":"1.2"}', /"services" is missing/],
    ['{"version":"1.2","services":[7]}', /x\.json: services\.0: a mapping is expected/],
  ])('that is %s is refused with its place', (text, message) => {
    expect(() => readSavedResult('x.json', text, [])).toThrow(message);
  });
  it('of a later minor version is read', () => {
    const text = JSON.stringify({ ...JSON.parse(jsonReporter.render(shop, reporterOptions)), version: '1.9', extra: true });
    expect(readSavedResult('x.json', text, listRules()).services).toHaveLength(shop.services.length);
  });
});

describe('hostile names', () => {
  const result = makeHostileResult();
  const assessment = assess(result, { earlier: makeResult() });
  it('stay text in Markdown', () => {
    const text = markdown.render(assessment, result, options);
    expect(text).not.toMatch(/<script|<\/script|<img|##\[|\u001b|\u202e|\]\(|@here/);
    expect(text).not.toMatch(/^\s*::/m);
    expect(text.match(/<code>/g)?.length).toBe(text.match(/<\/code>/g)?.length);
  });
  it('are no formulas in CSV', () => {
    const formula = makeResult({
      findings: [
        makeFinding({ text: '=HYPERLINK("x")', next: '@SUM(1)', service: '+1' }),
        makeFinding({ text: hostile, fingerprint: 'b' }),
      ],
    });
    const text = csv.render(assess(formula), formula, options);
    expect(text).not.toMatch(/(?:^|,)"?[=@+]/m);
    expect(text).not.toMatch(/\u001b|\u202e/);
  });
});
