import { describe, expect, it } from 'vitest';
import { markdown } from '../../src/reporters/markdown.ts';
import type { Result } from '../../src/types.ts';
import { at, makeFinding, makeHostileResult, makeManyFindings, makeResult, makeService, options } from './results.ts';

const render = (result: Result) => markdown.render(result, options);

describe('markdown', () => {
  it('answers first, then shows each finding with its places', () => {
    const text = render(makeResult());
    expect(text.indexOf('| 🔴 | web | http | No: 1 blocker |')).toBeGreaterThan(0);
    expect(text).toContain('<code>web/src/server.js:3</code>');
    expect(text).toContain('- <code>k8s/web.yaml:2</code> three copies run');
    expect(text).toContain('and <code>replicas: 3</code> runs three copies');
    expect(text).toContain('**Already right**');
  });

  it('says so when there is no service', () => {
    expect(render(makeResult({ services: [], findings: [] }))).toContain('No service was found.');
  });

  it('shows findings without a service', () => {
    expect(render(makeResult({ findings: [makeFinding({ service: undefined })] }))).toContain('### Whole repository');
  });

  it('lets no text of the repository become markup, a mention, a link or a new line', () => {
    const text = render(makeHostileResult());
    expect(text).not.toMatch(/<script|<\/script|<img|##\[|\u001b|\u202e|\]\(|@here/);
    expect(text).not.toMatch(/^\s*::/m);
    const row = text.split('\n').find((line) => line.startsWith('| 🔴'))!;
    expect(row.match(/\|/g)).toHaveLength(5);
  });

  it('closes every tag that it opens', () => {
    const text = render(makeHostileResult());
    for (const tag of ['details', 'summary', 'code', 'b'])
      expect(text.match(new RegExp(`<${tag}>`, 'g'))?.length).toBe(text.match(new RegExp(`</${tag}>`, 'g'))?.length);
  });

  it('parts mentions, issue numbers and addresses', () => {
    const text = render(makeResult({ findings: [makeFinding({ text: 'ask @team in #12 at https://evil.example or www.evil.example' })] }));
    expect(text).not.toMatch(/&#64;team|&#35;12|&#58;\/\/|www\.evil/);
  });

  it('stays under 900 KB and says how much it left out', () => {
    const text = render(makeResult({ findings: makeManyFindings(5000) }));
    expect(Buffer.byteLength(text)).toBeLessThan(900_000);
    expect(Buffer.byteLength(text)).toBeGreaterThan(690_000);
    expect(text).toMatch(/_[\d,]+ more entries left out to keep this page small\._\n$/);
  });

  it('keeps the worst when it must leave out', () => {
    const long = 'x'.repeat(1900);
    const notes = Array.from({ length: 1000 }, () => makeFinding({ level: 'note', text: long }));
    const worst = makeFinding({ service: 'orders', text: 'The worst.', place: at('a.js', 1) });
    const services = [makeService(), makeService({ name: 'orders' })];
    const text = render(makeResult({ services, findings: [...notes, worst] }));
    expect(text).toContain('The worst.');
  });

  it('cuts one giant text', () => {
    expect(render(makeResult({ services: [makeService({ answer: 'a'.repeat(2_000_000) })] })).length).toBeLessThan(50_000);
  });
});
