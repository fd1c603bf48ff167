/** The JSON forms of reports and portfolios keep to the schemas that the package ships. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { assess } from '../../src/assessment/index.ts';
import { localeOf, localise, sayOf } from '../../src/locales/index.ts';
import { combine } from '../../src/portfolio/combine.ts';
import { json as jsonReporter } from '../../src/reporters/json.ts';
import { json } from '../../src/reports/json.ts';
import { json as portfolioJson } from '../../src/reports/portfolio/json.ts';
import { makePortfolioSchema, makeReportSchema } from '../../src/reports/report-schemas.ts';
import { analyse } from '../../src/session.ts';
import type { Result } from '../../src/types.ts';
import { makeHostileResult, makeManyFindings, makeResult, makeService } from '../reporters/results.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string) => JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8'));
const shipped = { report: read('report.schema.json'), portfolio: read('portfolio.schema.json') };
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
const [validateReport, validatePortfolio] = [ajv.compile(shipped.report), ajv.compile(shipped.portfolio)];
const options = { lang: 'en', version: '1.2.3' } as const;

const apps = readdirSync(join(root, 'fixtures/apps'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const analyseApp = (app: string): Result => analyse({ root: join(root, 'fixtures/apps', app), cache: false, git: false });
const results = new Map<string, Result>([
  ...apps.map((app) => [app, analyseApp(app)] as const),
  ['empty', makeResult({ services: [], findings: [] })],
  ['hostile', makeHostileResult()],
  ['large', makeResult({ services: [makeService()], findings: makeManyFindings(200) })],
]);

describe('the schemas', () => {
  it('are what build/schemas.mjs writes', () => {
    expect(shipped.report).toEqual(makeReportSchema(read('result.schema.json')));
    expect(shipped.portfolio).toEqual(makePortfolioSchema());
  });

  it.each([...results])('fit the report of %s, in both languages and with a trend', (_, result) => {
    const korean = localise(result, localeOf('ko'));
    const texts = [
      json.render(assess(result), result, options),
      json.render(assess(korean, { say: sayOf('ko') }), korean, { ...options, lang: 'ko' }),
      json.render(assess(result, { earlier: makeHostileResult() }), result, options),
    ];
    for (const text of texts) {
      validateReport(JSON.parse(text));
      expect(validateReport.errors).toBeNull();
    }
  });

  it('fit a portfolio of all of them', () => {
    const members = [...results].map(([name, result], index) => ({
      member: { name, ...(index % 2 ? { team: 'red' } : {}) },
      result,
      assessment: assess(result),
    }));
    const text = portfolioJson.render(combine([...members, { member: { name: 'gone' }, failure: 'It is gone.' }]), options);
    validatePortfolio(JSON.parse(text));
    expect(validatePortfolio.errors).toBeNull();
  });

  it('refuse what they do not describe', () => {
    const result = results.get('shop')!;
    const report = JSON.parse(json.render(assess(result), result, options));
    expect(validateReport({ ...report, assessment: { ...report.assessment, surprise: 1 } })).toBe(false);
    expect(
      validateReport(JSON.parse(jsonReporter.render(result, { ...options, color: false, width: 80, links: false, verbose: false }))),
    ).toBe(false);
    expect(validatePortfolio({ version: '1.0' })).toBe(false);
  });
});
