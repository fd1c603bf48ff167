import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csv } from '../../src/reporters/csv.ts';
import type { Result } from '../../src/types.ts';
import { at, makeFinding, makeHostileResult, makeManyFindings, makeResult, options } from './results.ts';

const render = (result: Result): string => csv.render(result, options);
const read = (text: string): Record<string, string>[] => parse(text, { columns: true, record_delimiter: '\r\n' });

describe('csv', () => {
  it('is read back by a parser of RFC 4180', () => {
    const finding = makeFinding({ text: 'It says "a, b".', place: at('a,b".js', 3) });
    expect(read(render(makeResult({ findings: [finding] })))).toEqual([
      expect.objectContaining({
        level: 'error',
        rule: 'session-in-memory',
        service: 'web',
        path: 'a,b".js',
        line: '3',
        related: 'k8s/web.yaml:2',
      }),
    ]);
    expect(read(render(makeResult({ findings: [finding] })))[0]!['finding']).toBe('It says "a, b".');
  });

  it('keeps a header when nothing was found, and every row as long as it', () => {
    expect(render(makeResult({ findings: [] }))).toMatch(/^level,rule,.*,fingerprint\r\n$/);
    expect(read(render(makeResult({ findings: makeManyFindings(500) })))).toHaveLength(500);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1+1', '\t=1', '＝1', '|calc', "'=1"])('starts no formula: %s', (text) => {
    const [row] = read(render(makeResult({ findings: [makeFinding({ text, service: text, place: at(text, 1) })] })));
    for (const cell of [row!['finding'], row!['service'], row!['path']]) expect(cell).toMatch(/^(?:'|\\t=)/);
  });

  it('leaves a hyphen within a name alone', () => {
    expect(render(makeResult())).toContain('error,session-in-memory,state,web,');
  });

  it('is one line a finding whatever the repository holds', () => {
    const text = render(makeHostileResult());
    expect(text.split('\r\n')).toHaveLength(4);
    expect(text).not.toMatch(/\u001b|\u202e|##\[/);
  });
});
