/** Findings whose rule names no service count for those that they belong to; what is left keeps a yes from standing alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assess } from '../../src/assessment/index.ts';
import { joinConcerns, nameConcerned } from '../../src/findings/concerns.ts';
import { indexFacts } from '../../src/model/fact-index.ts';
import { markdown as summary } from '../../src/reporters/markdown.ts';
import { pretty } from '../../src/reporters/pretty.ts';
import { html } from '../../src/reports/html/index.ts';
import { markdown } from '../../src/reports/markdown.ts';
import { analyse } from '../../src/session.ts';
import type { AnyFact, Finding, Repository, Result } from '../../src/types.ts';
import { makeFinding, options } from '../reporters/results.ts';

const root = join(import.meta.dirname, '../../fixtures/apps/shop-ready');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** The ready shop, in which every gate is open, with some files changed. */
const shopWith = (files: Readonly<Record<string, string>>): Result =>
  analyse({ root, cache: false, git: false, config: false, overlay: new Map(Object.entries(files)) });

const answersOf = ({ services }: Result) =>
  Object.fromEntries(services.filter(({ kind }) => kind === 'http').map(({ name, verdict, answer }) => [name, `${verdict}: ${answer}`]));
const concernsOf = ({ findings }: Result) =>
  findings.map(({ rule, service, concerns }) => [rule, service, concerns?.map((one) => `${one.service} ${one.level}`)]);
const report = { lang: 'en', version: '1.2.3' } as const;

const password = 'DB_PASSWORD: kX8-vq2-Zp71mw';
const configMap = (name: string, line: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${line}\n`;

describe('a finding whose rule names no service', () => {
  it('in an image counts for what the image runs', () => {
    const result = shopWith({ 'web/Dockerfile': read('web/Dockerfile').replace('USER node\n', '') });
    expect(concernsOf(result)).toEqual([['image-runs-as-root', undefined, ['web warning']]]);
    expect(answersOf(result)).toEqual({ orders: 'ready: Yes', web: 'at risk: Not yet: 1 risk' });
  });

  it('in variables counts for every service that they reach', () => {
    const shared = configMap('database', password);
    const reference = '            - configMapRef:\n                name: database\n';
    const use = (path: string): string => {
      const text = read(path);
      const head = '          envFrom:\n';
      return text.includes(head)
        ? text.replace(head, head + reference)
        : text.replace('          env:\n', `${head}${reference}          env:\n`);
    };
    const result = shopWith({
      'k8s/database.yaml': shared,
      'k8s/web.yaml': use('k8s/web.yaml'),
      'k8s/orders.yaml': use('k8s/orders.yaml'),
    });
    expect(concernsOf(result)).toEqual([['hardcoded-credential', undefined, ['orders error', 'web error']]]);
    expect(answersOf(result)).toEqual({ orders: 'blocked: No: 1 blocker', web: 'blocked: No: 1 blocker' });
    const gates = assess(result).services.map(({ service, gates: all }) => [service.name, all.at(-1)?.state]);
    expect(gates).toContainEqual(['orders', 'closed']);
    expect(gates).toContainEqual(['web', 'closed']);
    expect(assess(result).outside).toEqual([]);
    expect(assess(result).items.map(({ services }) => services)).toEqual([['orders', 'web']]);
  });

  it('in the folder of a service counts for it', () => {
    const result = shopWith({ 'orders/extra.yaml': configMap('nobody', password) });
    expect(concernsOf(result)).toEqual([['hardcoded-credential', undefined, ['order-reminders error', 'orders error']]]);
    expect(answersOf(result)['web']).toBe('ready: Yes');
  });
});

describe('a finding in a stage of an image', () => {
  const place = (line: number) => ({ path: 'Dockerfile', line, column: 1, endLine: line, endColumn: 9 });
  const fact = { kind: 'image', place: place(1), value: { stages: [0, 5, 9].map((line, index) => ({ index, place: place(line + 1) })) } };
  const builtFrom = (name: string, ...lineage: readonly number[]) => ({
    name,
    kind: 'http',
    root: undefined,
    code: indexFacts([]),
    deployments: [],
    images: [{ fact, lineage: lineage.map((index) => ({ index })) }],
  });
  const services = [builtFrom('web', 1, 0), builtFrom('api', 2, 0)];
  const repository = { services, facts: indexFacts([fact as unknown as AnyFact]) } as unknown as Repository;
  it.each([
    [2, ['api', 'web']],
    [6, ['web']],
    [12, ['api']],
  ])('at line %i counts for what is built from it', (line, expected) => {
    const [finding] = nameConcerned([makeFinding({ service: undefined, place: place(line), related: [] })], repository);
    expect(finding?.concerns?.map(({ service }) => service)).toEqual(expected);
  });
});

describe('a finding of the whole repository', () => {
  const result = shopWith({ 'k8s/leftover.yaml': configMap('leftover', password) });
  const assessment = assess(result);

  it('counts for no service, and no yes stands without it', () => {
    expect(concernsOf(result)).toEqual([['hardcoded-credential', undefined, undefined]]);
    const answer = 'ready: Yes, apart from 1 error in the repository as a whole';
    expect(answersOf(result)).toEqual({ orders: answer, web: answer });
    expect(assessment.services.map(({ service }) => service.answer)).toEqual(result.services.map(({ answer: said }) => said));
    expect(assessment.outside).toEqual(result.findings.map(({ fingerprint }) => fingerprint));
  });

  it('is shown beside the verdicts in every form', () => {
    const line = '1 error in the repository as a whole, counted for no single service.';
    expect(pretty.render(result, { ...options, width: 120 })).toContain(line);
    expect(summary.render(result, options)).toContain(line);
    expect(markdown.render(assessment, result, report)).toContain('**1 error** in the repository as a whole');
    const page = html.render(assessment, result, report);
    expect(page.slice(page.indexOf('<table class="services"'), page.indexOf('id="plan"'))).toContain('Of the repository as a whole');
  });

  it('is shown nowhere when there is none', () => {
    const clean = shopWith({});
    expect(pretty.render(clean, options)).not.toContain('as a whole');
    expect(html.render(assess(clean), clean, report)).not.toContain('Of the repository as a whole');
  });
});

describe('findings that are merged', () => {
  it('count for the services of all, each with its own level', () => {
    const one = makeFinding({ service: 'web', level: 'error' });
    const joined = joinConcerns(one, [
      makeFinding({ service: 'api', level: 'warning' }),
      makeFinding({ service: 'api', level: 'note' }),
      makeFinding({ service: 'web', level: 'warning' }),
    ]);
    expect(joined.concerns).toEqual([{ service: 'api', level: 'warning' }]);
    expect(joinConcerns<Finding>(one, [])).toBe(one);
  });
});
