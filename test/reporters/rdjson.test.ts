import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { rdjson } from '../../src/reporters/rdjson.ts';
import type { Result } from '../../src/types.ts';
import { at, makeFinding, makeHostileResult, makeManyFindings, makeResult, options } from './results.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'schemas/rdjson.schema.json'), 'utf8'));
const validate = new Ajv().compile(schema);
const render = (result: Result) => JSON.parse(rdjson.render(result, options));

describe('rdjson', () => {
  it.each([
    ['usual', makeResult()],
    ['empty', makeResult({ findings: [] })],
    ['hostile', makeHostileResult()],
    ['many', makeResult({ findings: makeManyFindings(500) })],
  ])('has the form of the Reviewdog Diagnostic Format: %s', (_, result) => {
    validate(render(result));
    expect(validate.errors).toBeNull();
  });

  it('refuses another form', () => {
    expect(validate({ source: { name: 'x' }, diagnostics: [{ message: 'm', location: { file: 'a' } }] })).toBe(false);
  });

  it('places the finding and what belongs to it', () => {
    expect(render(makeResult()).diagnostics[0]).toMatchObject({
      severity: 'ERROR',
      code: { value: 'session-in-memory' },
      location: { path: 'web/src/server.js', range: { start: { line: 3, column: 9 }, end: { line: 3, column: 48 } } },
      related_locations: [{ message: 'three copies run', location: { path: 'k8s/web.yaml' } }],
    });
  });

  it('counts columns in bytes of UTF-8', () => {
    const finding = makeFinding({ place: at('a.js', 2, 4, 5), related: [] });
    const [diagnostic] = render(makeResult({ findings: [finding] }, { 'a.js': 'x\r\na𐐀b\n' })).diagnostics;
    expect(diagnostic.location.range).toEqual({ start: { line: 2, column: 6 }, end: { line: 2, column: 7 } });
  });
});
