import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { gitlab } from '../../src/reporters/gitlab.ts';
import type { Result } from '../../src/types.ts';
import { makeFinding, makeHostileResult, makeManyFindings, makeResult, options } from './results.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'schemas/gitlab.schema.json'), 'utf8'));
const validate = new Ajv().compile(schema);
const render = (result: Result) => JSON.parse(gitlab.render(result, options));

describe('gitlab', () => {
  it.each([
    ['usual', makeResult()],
    ['empty', makeResult({ findings: [] })],
    ['hostile', makeHostileResult()],
    ['many', makeResult({ findings: makeManyFindings(2000) })],
  ])('has the form that GitLab asks for: %s', (_, result) => {
    validate(render(result));
    expect(validate.errors).toBeNull();
  });

  it('refuses what GitLab would refuse', () => {
    const [entry] = render(makeResult());
    expect(validate([{ ...entry, severity: 'error' }])).toBe(false);
    expect(validate([{ ...entry, fingerprint: undefined }])).toBe(false);
  });

  it('names service, both places and the severity', () => {
    const levels = ['error', 'warning', 'note'] as const;
    const entries = render(makeResult({ findings: levels.map((level) => makeFinding({ level })) }));
    expect(entries.map(({ severity }: { severity: string }) => severity)).toEqual(['critical', 'major', 'info']);
    expect(entries[0]).toEqual({
      description:
        'web: express-session keeps sessions in the memory of one process, and `replicas: 3` runs three copies. (k8s/web.yaml:2)',
      check_name: 'session-in-memory',
      fingerprint: '0123456789abcdef0123456789abcdef',
      severity: 'critical',
      location: { path: 'web/src/server.js', lines: { begin: 3, end: 3 } },
    });
  });

  it('gives each finding its own fingerprint', () => {
    const prints = render(makeResult({ findings: makeManyFindings(2000) })).map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(new Set(prints).size).toBe(2000);
  });

  it('hides nothing behind characters that cannot be seen', () => {
    expect(gitlab.render(makeHostileResult(), options)).not.toMatch(/\u001b|\u202e|##\[/);
  });
});
