import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess } from '../../src/assessment/index.ts';
import { combine } from '../../src/portfolio/combine.ts';
import { parseList, takeShard } from '../../src/portfolio/list-file.ts';
import type { Outcome } from '../../src/portfolio/types.ts';
import { portfolioFormats } from '../../src/reports/portfolio/index.ts';
import { analyse } from '../../src/session.ts';
import { makeFolder, shop } from '../temporary-repository.ts';

function outcome(name: string, team?: string): Outcome {
  const result = analyse({ root: makeFolder(shop), cache: false, git: false });
  return { member: { name, ...(team === undefined ? {} : { team }) }, result, assessment: assess(result) };
}

describe('a portfolio', () => {
  it('sums services, shared causes and the waves of teams', () => {
    const portfolio = combine([outcome('a', 'red'), outcome('b', 'blue'), { member: { name: 'c' }, failure: 'It broke.' }]);
    expect(portfolio.verdicts).toEqual({ blocked: 2, 'at risk': 0, unknown: 0, ready: 0 });
    expect(portfolio.repositories.map(({ name, failure }) => [name, failure])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', 'It broke.'],
    ]);
    const sessions = portfolio.causes.find(({ rule }) => rule === 'session-in-memory')!;
    expect(sessions).toMatchObject({ services: ['a/shop', 'b/shop'], repositories: 2, effort: 6 });
    expect(sessions.solutions[0]!.services).toBe(2);
    expect(portfolio.teams.map(({ team }) => team)).toEqual(['blue', 'red']);
    for (const { effort, waves } of portfolio.teams) {
      expect(waves.map(({ id }) => id)).toEqual(portfolio.waves.map(({ id }) => id));
      expect(waves.reduce((sum, wave) => sum + wave.effort, 0)).toBe(effort);
    }
    expect(portfolio.teams.reduce((sum, { effort }) => sum + effort, 0)).toBe(portfolio.effort);
  });

  it('names a store that two repositories share, and none that each has for itself', () => {
    const uses = (host: string) => {
      const made = outcome(host) as Extract<Outcome, { result: unknown }>;
      const place = { path: 'a.js', line: 1, column: 1, endLine: 1, endColumn: 2 };
      const use = (name: string) =>
        ({ kind: 'external', name, technology: 'postgresql', because: '', confidence: 'certain', place }) as const;
      const services = made.assessment.services.map((one) => ({
        ...one,
        service: { ...one.service, uses: [use('Orders.db.corp.net'), use('db.default.svc'), use(`${host}.own.net`)] },
      }));
      return { ...made, assessment: { ...made.assessment, services } };
    };
    expect(combine([uses('a'), uses('b')]).stores).toEqual([
      { name: 'Orders.db.corp.net', technology: 'postgresql', services: ['a/shop', 'b/shop'] },
    ]);
  });

  it.each(portfolioFormats.map((format) => [format.id, format] as const))('keeps hostile names text in %s', (id, format) => {
    const hostile = '</script><img src=x onerror=alert(1)>|`=cmd()';
    const portfolio = combine([outcome(hostile, hostile), { member: { name: hostile }, failure: hostile }]);
    const text = format.render(portfolio, { lang: 'en', version: '0' });
    expect(format.render(portfolio, { lang: 'en', version: '0' })).toBe(text);
    if (id === 'html' || id === 'markdown') expect(text).not.toContain('<img');
    if (id === 'json') expect(JSON.parse(text).repositories[0].name).toBe(hostile);
  });
});

describe('a list', () => {
  it('takes folders and descriptions', () => {
    expect(parseList('p.yml', 'repositories:\n  - ../shop/\n  - { url: "https://git.example.com/a/cart.git", team: red }\n')).toEqual([
      { name: 'shop', path: '../shop/' },
      { name: 'cart', url: 'https://git.example.com/a/cart.git', team: 'red' },
    ]);
  });
  it.each([
    ['repositories: []', 'p.yml:1: repositories: the list is empty'],
    ['repositories:\n  - a\n  - b/a\n', 'p.yml:3: "a" is there twice, see line 2: give one of them another name'],
    ['repositories:\n  - team: red\n', 'p.yml:2: name, path or url is missing'],
    ['repositories:\n  - pth: a\n', expect.stringContaining('unknown key "pth"; did you mean "path"?')],
  ])('refuses %j', (text, message) => {
    expect(() => parseList('p.yml', text)).toThrow(expect.objectContaining({ name: 'ListError', message }));
  });
  it('is cut into shards that hold every entry once and differ by one at most', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat()), fc.integer({ min: 1, max: 20 }), (entries, count) => {
        const shards = Array.from({ length: count }, (_, index) => takeShard(entries, index, count));
        expect(shards.flat().sort()).toEqual([...entries].sort());
        const sizes = shards.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
