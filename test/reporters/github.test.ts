import { describe, expect, it } from 'vitest';
import { github } from '../../src/reporters/github.ts';
import type { Result } from '../../src/types.ts';
import { at, makeFinding, makeHostileResult, makeManyFindings, makeResult, options } from './results.ts';

const render = (result: Result): string[] => github.render(result, options).trimEnd().split('\n');

describe('github', () => {
  it('annotates the range and names the other place', () => {
    expect(render(makeResult())).toEqual([
      '::error file=web/src/server.js,line=3,endLine=3,col=9,endColumn=48,title=session-in-memory (web)::' +
        'express-session keeps sessions in the memory of one process, and `replicas: 3` runs three copies.%0A' +
        'A request that reaches another replica finds no session: users are logged out at random.%0A' +
        'Next: Give it a store that all replicas share, such as Redis.%0Ak8s/web.yaml:2: three copies run',
      'cloudworthy: 1 error, 0 warnings, 0 notes',
    ]);
  });

  it('gives no columns for a range over several lines, which GitHub would refuse', () => {
    const place = { path: 'a.js', line: 1, column: 3, endLine: 4, endColumn: 2 };
    expect(render(makeResult({ findings: [makeFinding({ place })] }))[0]).toMatch(/^::error file=a\.js,line=1,title=/);
  });

  it('escapes properties and data as the runner undoes them', () => {
    const finding = makeFinding({ place: at('a:b,c%.js', 1), text: '100%\r\nsure', service: undefined });
    expect(render(makeResult({ findings: [finding] }))[0]).toMatch(
      /^::error file=a%3Ab%2Cc%25\.js,.*,title=session-in-memory::100%25\\r\\nsure%0A/,
    );
  });

  it('shows ten of each kind, the tenth telling how many are left', () => {
    const lines = render(makeResult({ findings: makeManyFindings(5000) }));
    for (const [kind, noun] of [
      ['error', 'errors'],
      ['warning', 'warnings'],
      ['notice', 'notes'],
    ] as const) {
      const ofKind = lines.filter((line) => line.startsWith(`::${kind} `));
      expect(ofKind).toHaveLength(10);
      expect(ofKind[9]).toMatch(new RegExp(`^::${kind} title=cloudworthy::1,65\\d more ${noun} in the summary$`));
    }
    expect(lines[0]).toMatch(/^::error /);
  });

  it('shows every rule before it repeats one', () => {
    const many = Array.from({ length: 20 }, () => makeFinding({ rule: 'env-undeclared' }));
    const lines = render(makeResult({ findings: [...many, makeFinding({ rule: 'port-mismatch' })] }));
    expect(lines.filter((line) => line.includes('title=port-mismatch'))).toHaveLength(1);
    expect(lines[1]).toContain('title=port-mismatch');
  });

  it('shows all ten when there are just ten', () => {
    const lines = render(makeResult({ findings: Array.from({ length: 10 }, () => makeFinding()) }));
    expect(lines.filter((line) => line.includes('title=session-in-memory'))).toHaveLength(10);
  });

  it('keeps a message within 4,096 characters', () => {
    const line = render(makeResult({ findings: [makeFinding({ text: 'x'.repeat(9000) })] }))[0]!;
    expect(line.length).toBeLessThan(4300);
  });

  it('starts every line itself', () => {
    const lines = render(makeHostileResult());
    expect(lines).toHaveLength(3);
    expect(lines.slice(0, 2).every((line) => /^::(error|notice) file=src\//.test(line))).toBe(true);
    expect(lines.join('\n')).not.toMatch(/\u001b|\u202e|##\[/);
  });

  it('says that nothing was found', () => {
    expect(render(makeResult({ findings: [] }))).toEqual(['cloudworthy: 0 errors, 0 warnings, 0 notes']);
  });
});
