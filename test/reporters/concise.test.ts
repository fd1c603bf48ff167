import { describe, expect, it } from 'vitest';
import { concise } from '../../src/reporters/concise.ts';
import { reporters } from '../../src/reporters/index.ts';
import type { Result } from '../../src/types.ts';
import { at, makeFinding, makeHostileResult, makeManyFindings, makeResult, options } from './results.ts';

const render = (result: Result) => concise.render(result, options);

describe('concise', () => {
  it('prints one finding a line, worst first, with the other file', () => {
    const note = makeFinding({ level: 'note', rule: 'spread-missing', text: 'Replicas may share a node.', related: [] });
    expect(render(makeResult({ findings: [note, makeFinding()] }))).toBe(
      'web/src/server.js:3:9: error session-in-memory express-session keeps sessions in the memory of one process, and `replicas: 3` runs three copies. (k8s/web.yaml:2)\n' +
        'web/src/server.js:3:9: note spread-missing Replicas may share a node.\n',
    );
  });

  it('prints nothing for nothing', () => {
    expect(render(makeResult({ findings: [] }))).toBe('');
  });

  it('keeps to one line a finding whatever the names hold', () => {
    const text = render(makeHostileResult());
    expect(text.split('\n')).toHaveLength(3);
    expect(text).not.toMatch(/\u001b|\u202e|##\[/);
  });

  it('never starts a line with what a CI runner obeys', () => {
    expect(render(makeResult({ findings: [makeFinding({ place: at('::error::owned', 1) })] }))).toMatch(/^\.\/::error::owned:1:1: /);
  });
});

describe('every reporter', () => {
  const results = { usual: makeResult(), hostile: makeHostileResult(), many: makeResult({ findings: makeManyFindings(5000) }) };

  it.each(reporters.map((reporter) => [reporter.id, reporter] as const))('%s prints the same twice, without delay', (_, reporter) => {
    for (const result of Object.values(results)) {
      const start = performance.now();
      const text = reporter.render(result, options);
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(reporter.render(result, options)).toBe(text);
    }
  });

  it.each(reporters.map((reporter) => [reporter.id, reporter] as const))('%s shows no masked secret', (_, reporter) => {
    const result = makeResult({ findings: [makeFinding({ place: at('web/src/server.js', 4, 1, 20) })] });
    expect(reporter.render(result, { ...options, verbose: true })).not.toContain('hunter2');
  });
});
