/** The SARIF output judged by others: the OASIS schema and Microsoft's validator with GitHub's rules. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log } from 'sarif';
import { afterAll, describe, expect, it } from 'vitest';
import { sarif } from '../../src/reporters/sarif.ts';
import type { Result } from '../../src/types.ts';
import { at, files, makeFinding, makeHostileResult, makeManyFindings, makeResult, makeRule, options } from './results.ts';

const multitool = join(import.meta.dirname, '../../node_modules/@microsoft/sarif-multitool-linux');
const runs = spawnSync(join(multitool, 'Sarif.Multitool'), ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'cloudworthy-sarif-'));
afterAll(() => rmSync(folder, { recursive: true }));

const many = makeManyFindings(300);
const results: Readonly<Record<string, Result>> = {
  usual: makeResult({ rules: [makeRule('session-in-memory'), makeRule('hardcoded-credential', { securitySeverity: '7.5' })] }),
  empty: makeResult({ findings: [], rules: [makeRule('session-in-memory')] }),
  hostile: makeHostileResult(),
  many: makeResult({ findings: many }),
  'not assessed': makeResult({
    findings: [makeFinding({ related: [] })],
    notAssessed: [{ reason: 'too-large', message: 'The file is larger than 1 MB.', place: at('k8s/web.yaml', 1), failed: false }],
  }),
};

describe('the SARIF 2.1.0 schema', () => {
  const schema = JSON.parse(readFileSync(join(multitool, 'sarif-2.1.0.json'), 'utf8'));
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

  it.each(Object.entries(results))('accepts %s', (_, result) => {
    validate(JSON.parse(sarif.render(result, options)));
    expect(validate.errors).toBeNull();
  });

  it('refuses what is wrong', () => {
    expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false);
  });
});

/** Runs the validator; its exit code is 0 even with errors, so its own SARIF output is read. */
function validateWithMultitool(name: string, text: string): readonly string[] {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const input = join(folder, `${name}.sarif`);
  const output = join(folder, `${name}.out.sarif`);
  writeFileSync(input, text);
  const words = ['validate', input, '--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning', '--output', output, '--log', 'ForceOverwrite'];
  const run = spawnSync(join(multitool, 'Sarif.Multitool'), words, { encoding: 'utf8', cwd: folder });
  expect(run.stdout + run.stderr).not.toMatch(/exception|unrecognized|not valid/i);
  const log = JSON.parse(readFileSync(output, 'utf8').replace(/^\ufeff/, '')) as Log;
  return log.runs[0]!.results!.map(({ ruleId, level, message, locations }) => {
    const where = locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName ?? '';
    return `${level ?? 'warning'} ${ruleId} ${where} ${message.text ?? (message.arguments ?? []).join(' | ')}`;
  });
}

describe.skipIf(!runs)('the SARIF multitool, which runs on Linux x64 only', { timeout: 120_000 }, () => {
  it.each(Object.entries(results))('has no complaint about %s', (name, result) => {
    expect(validateWithMultitool(name.replaceAll(' ', '-'), sarif.render(result, options))).toEqual([]);
  });

  it('complains about what GitHub would refuse', () => {
    const log = JSON.parse(sarif.render(results['usual']!, options)) as Log;
    delete log.runs[0]!.results![0]!.locations;
    expect(validateWithMultitool('broken', JSON.stringify(log))).not.toEqual([]);
  });
});
