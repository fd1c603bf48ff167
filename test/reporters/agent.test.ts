import { describe, expect, it } from 'vitest';
import { agent } from '../../src/reporters/agent.ts';
import type { Result } from '../../src/types.ts';
import { at, makeFinding, makeHostileResult, makeManyFindings, makeResult, options } from './results.ts';

const render = (result: Result): string[] => agent.render(result, options).trimEnd().split('\n');

describe('agent', () => {
  it('is a head and a line a finding, worst first', () => {
    expect(render(makeResult({ findings: [makeFinding({ level: 'note', related: [] }), makeFinding()] }))).toEqual([
      '# 1 error, 0 warnings, 1 note, 0 not assessed; web=blocked',
      'E session-in-memory web/src/server.js:3 <- k8s/web.yaml:2 | express-session keeps sessions in the memory of one process, and ' +
        '`replicas: 3` runs three copies. | Give it a store that all replicas share, such as Redis.',
      expect.stringMatching(/^N session-in-memory web\/src\/server\.js:3 \| express-session/),
    ]);
  });

  it('spends few tokens on many related places', () => {
    const related = Array.from({ length: 9 }, (_, index) => ({ place: at('k8s/web.yaml', index + 1), message: 'a copy' }));
    expect(render(makeResult({ findings: [makeFinding({ related })] }))[1]).toContain(
      ' <- k8s/web.yaml:1 k8s/web.yaml:2 k8s/web.yaml:3 +6 | ',
    );
  });

  it('keeps to a line each', () => {
    expect(render(makeResult({ findings: makeManyFindings(300) }))).toHaveLength(301);
    const lines = render(makeHostileResult());
    expect(lines).toHaveLength(3);
    expect(lines.every((line) => /^[#EWN] /.test(line))).toBe(true);
    expect(lines.join('\n')).not.toMatch(/\u001b|\u202e|##\[/);
  });
});
