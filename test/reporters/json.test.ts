import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { json } from '../../src/reporters/json.ts';
import type { Result } from '../../src/types.ts';
import { hostile, makeFinding, makeHostileResult, makeManyFindings, makeResult, makeService, options } from './results.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/result.schema.json'), 'utf8'));
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
const parse = (result: Result) => JSON.parse(json.render(result, options));

const results: Readonly<Record<string, Result>> = {
  usual: makeResult(),
  empty: makeResult({ services: [], findings: [] }),
  'manifests only': makeResult({ services: [makeService({ root: undefined })], findings: [makeFinding({ service: undefined })] }),
  hostile: makeHostileResult(),
  large: makeResult({ findings: makeManyFindings(5000) }),
};

describe('json', () => {
  it.each(Object.entries(results))('keeps to its schema: %s', (_, result) => {
    validate(parse(result));
    expect(validate.errors).toBeNull();
  });

  it('has a schema that refuses what it does not describe', () => {
    expect(validate({ ...parse(makeResult()), surprise: true })).toBe(false);
    expect(validate({ ...parse(makeResult()), version: '2.0' })).toBe(false);
  });

  it('counts, and puts the worst first', () => {
    const { counts, findings } = parse(makeResult({ findings: [makeFinding({ level: 'note' }), makeFinding()] }));
    expect(counts).toMatchObject({ services: 1, findings: 2, errors: 1, warnings: 0, notes: 1, suppressed: 0, files: 10, parsed: 2 });
    expect(findings.map(({ level }: { level: string }) => level)).toEqual(['error', 'note']);
    expect(findings[0]).toMatchObject({ factors: [6], fingerprint: '0123456789abcdef0123456789abcdef' });
  });

  it('names no path of the machine', () => {
    expect(json.render(makeResult({ root: '/home/someone/project' }), options)).not.toContain('someone');
  });

  it('keeps hostile text exactly, without a raw control character or runner command', () => {
    const text = json.render(makeHostileResult(), options);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|##\[/);
    expect(parse(makeHostileResult()).services[0].name).toBe(hostile);
  });
});
