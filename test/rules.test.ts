import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { indexFacts } from '../src/model/fact-index.ts';
import { compileYamlRule } from '../src/rules/compile-yaml.ts';
import { loadRules } from '../src/rules/load-rules.ts';
import { renderMessage } from '../src/rules/render-message.ts';
import { runRules } from '../src/rules/run-rules.ts';
import { makeRuleSchema } from '../src/rules/yaml-schema.ts';
import { atOnce } from '../src/steps.ts';
import type { AnyFact, Repository, Rule, RuleDefinition, Service } from '../src/types.ts';

const rules = loadRules();

describe('every rule', () => {
  it('has a unique id', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });
  it.each(rules.map((rule) => [rule.id, rule] as const))('%s is documented in plain words', (_, rule) => {
    expect(rule.checkService ?? rule.checkRepository).toBeTypeOf('function');
    for (const text of [rule.summary, rule.docs.what, rule.docs.why, rule.docs.how, rule.docs.bad, rule.docs.good])
      expect(text.trim()).not.toBe('');
    expect(rule.docs.references.every((address) => address.startsWith('https://'))).toBe(true);
    expect(rule.factors.every((factor) => Number.isInteger(factor) && factor >= 1 && factor <= 15)).toBe(true);
    expect(Object.keys(rule.messages)).not.toEqual([]);
    for (const { text, consequence, next } of Object.values(rule.messages)) {
      for (const part of [text, consequence, next]) {
        expect(part.trim()).not.toBe('');
        expect(part.length).toBeLessThanOrEqual(220);
      }
    }
  });
});

const definition: RuleDefinition = {
  summary: 's',
  factors: [6],
  level: 'warning',
  effort: 1,
  docs: { what: 'w', why: 'w', how: 'h', bad: 'b', good: 'g', references: [] },
  messages: { found: { text: '{library} is here.', consequence: 'c', next: 'n' } },
};
const place = { path: 'a.js', line: 1, column: 1, endLine: 1, endColumn: 2 };
const serviceWith = (facts: readonly AnyFact[], codeRead = true) =>
  ({ name: 'web', code: indexFacts(facts), codeRead }) as unknown as Service;
const repositoryWith = (...services: Service[]) => ({ services, facts: indexFacts([]) }) as unknown as Repository;
const run = (rule: RuleDefinition, ...services: Service[]) =>
  atOnce(runRules([{ ...rule, id: 'x', category: 'state' } as Rule], repositoryWith(...services)));

describe('messages', () => {
  const rule = { ...definition, id: 'x', category: 'state' } as Rule;
  it('are filled once: data is no template', () => {
    expect(renderMessage(rule, 'found', { library: '{next} $& {library}' }).text).toBe('{next} $& {library} is here.');
  });
  it('say which data is missing', () => {
    expect(renderMessage(rule, 'found', {}).missing).toEqual(['library']);
    expect(() => renderMessage(rule, 'other', {})).toThrow('no message "other"');
  });
});

describe('a run', () => {
  it('fills what a report leaves out', () => {
    const rule: RuleDefinition = {
      ...definition,
      checkService: (_, report) => report({ message: 'found', data: { library: 'express' }, place, subject: 'express' }),
    };
    expect(run(rule, serviceWith([])).findings).toEqual([
      expect.objectContaining({
        rule: 'x',
        level: 'warning',
        confidence: 'certain',
        service: 'web',
        text: 'express is here.',
        effort: 1,
        related: [],
      }),
    ]);
  });
  it('names a rule that crashes, and runs on', () => {
    const rule: RuleDefinition = {
      ...definition,
      checkService: (service, report) => {
        if (service.name === 'web') throw new Error('boom');
        report({ message: 'found', data: { library: 'koa' }, place, subject: 'koa' });
      },
    };
    const { findings, notAssessed } = run(rule, serviceWith([]), { ...serviceWith([]), name: 'api' });
    expect(findings.map(({ service }) => service)).toEqual(['api']);
    expect(notAssessed).toEqual([{ reason: 'internal-error', message: 'Rule x failed: boom', service: 'web', failed: true }]);
  });
  it('names a report that lacks data', () => {
    const rule: RuleDefinition = { ...definition, checkService: (_, report) => report({ message: 'found', place, subject: '' }) };
    expect(run(rule, serviceWith([])).notAssessed[0]!.message).toContain('{library}');
  });
});

const { messages, ...documented } = definition;
const yamlRule = (over: object) => ({
  ...documented,
  message: messages['found'],
  when: [{ fact: 'session' }],
  data: { library: 'library' },
  ...over,
});
const fact = (kind: string, value: object): AnyFact => ({ kind, place, confidence: 'certain', value }) as unknown as AnyFact;

describe('a YAML rule', () => {
  const fires = (rule: object, facts: readonly AnyFact[], codeRead = true) =>
    run(compileYamlRule(yamlRule(rule), 'x.yaml'), serviceWith(facts, codeRead)).findings.length;
  const koa = fact('session', {
    library: 'koa-session',
    stores: [],
    port: { known: true, value: 80 },
    host: { known: false, because: '' },
  });

  it.each([
    [{}, 1],
    [{ library: 'koa-session' }, 1],
    [{ library: ['a', 'koa-session'] }, 1],
    [{ library: 'other' }, 0],
    [{ library: { not: 'other' } }, 1],
    [{ library: { not: ['koa-session'] } }, 0],
    [{ library: { startsWith: 'koa', endsWith: 'session', contains: '-' } }, 1],
    [{ port: 80 }, 1],
    [{ port: { above: 79, below: 81 } }, 1],
    [{ port: { above: 80 } }, 0],
    [{ host: { not: 'x' } }, 0],
    [{ host: { exists: true } }, 1],
    [{ nothing: { exists: false } }, 1],
    [{ 'nothing.below': 'x' }, 0],
    [{ constructor: { exists: true } }, 0],
  ])('where %j fires %i times', (where, times) => {
    expect(fires({ when: [{ fact: 'session', where }] }, [koa])).toBe(times);
  });
  it('needs all facts of when, and none of missing where the place was read', () => {
    const both = { when: [{ fact: 'session' }, { fact: 'http-server' }] };
    expect([fires(both, [koa]), fires(both, [koa, fact('http-server', { library: 'koa' })])]).toEqual([0, 1]);
    const lacks = { missing: [{ fact: 'metrics' }] };
    expect([fires(lacks, [koa]), fires(lacks, [koa, fact('metrics', { library: 'prom-client' })]), fires(lacks, [koa], false)]).toEqual([
      1, 0, 0,
    ]);
  });

  const validate = new Ajv2020({ strict: false }).compile(makeRuleSchema());
  it.each([
    ['unknown key', yamlRule({ wen: [] }), 'wen: unknown key "wen"; did you mean "when"?'],
    [
      'unknown key in where',
      yamlRule({ when: [{ fact: 'session', where: { library: { matches: 'x' } } }] }),
      'when.0.where.library.matches: unknown key',
    ],
    ['missing key', yamlRule({ message: { text: 't', next: 'n' } }), 'message: "consequence" is missing'],
    ['empty when', yamlRule({ when: [] }), 'when: the list is empty'],
    ['wrong level', yamlRule({ level: 'fatal' }), 'level: one of error, warning, note is expected'],
    ['no mapping', ['x'], 'the rule: a mapping is expected'],
  ])('with a mistake cannot be loaded: %s', (_, source, message) => {
    expect(() => compileYamlRule(source, 'rules/state/x.yaml')).toThrow(`rules/state/x.yaml: ${message}`);
    expect(validate(source)).toBe(false);
  });
  it('has a shipped schema that is up to date', () => {
    expect(JSON.parse(readFileSync(join(import.meta.dirname, '../schemas/rule.schema.json'), 'utf8'))).toEqual(makeRuleSchema());
    expect(validate(yamlRule({}))).toBe(true);
  });
});
