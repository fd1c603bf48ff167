/** Turns a YAML rule into the same thing that a TypeScript rule is. */
import type { FactKind } from '../facts.ts';
import { checkShape } from '../text/shape.ts';
import type { Fact, FactIndex, Message, Report, RuleDefinition } from '../types.ts';
import { yamlRuleShape } from './yaml-schema.ts';

type Scalar = string | number | boolean;
interface Tests {
  readonly not?: Scalar | readonly Scalar[];
  readonly startsWith?: string;
  readonly endsWith?: string;
  readonly contains?: string;
  readonly above?: number;
  readonly below?: number;
  readonly exists?: boolean;
}
interface FactPattern {
  readonly fact: FactKind;
  readonly where?: Readonly<Record<string, Scalar | readonly Scalar[] | Tests>>;
}
interface YamlRule extends Omit<RuleDefinition, 'messages'> {
  readonly of?: 'service' | 'repository';
  readonly when: readonly FactPattern[];
  readonly missing?: readonly FactPattern[];
  readonly data?: Readonly<Record<string, string>>;
  readonly message: Message;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A setting that is known, or a value that was read, counts as its content; what is not known satisfies no test. */
function unwrap(value: unknown): { set: boolean; known: boolean; value?: unknown } {
  if (value === undefined || value === null) return { set: false, known: false };
  if (isRecord(value) && typeof value['known'] === 'boolean') return { set: true, known: value['known'], value: value['value'] };
  if (isRecord(value) && typeof value['is'] === 'string') return { set: true, known: value['is'] === 'literal', value: value['value'] };
  return { set: true, known: true, value };
}

function lookUp(value: unknown, path: string): ReturnType<typeof unwrap> {
  let current: ReturnType<typeof unwrap> = { set: true, known: true, value };
  for (const name of path.split('.')) {
    if (!current.known || !isRecord(current.value) || !Object.hasOwn(current.value, name)) return { set: false, known: false };
    current = unwrap(current.value[name]);
  }
  return current;
}

const asList = (value: Scalar | readonly Scalar[]): readonly Scalar[] => (Array.isArray(value) ? value : [value as Scalar]);

const testers: { readonly [K in Exclude<keyof Tests, 'exists'>]-?: (value: unknown, expected: NonNullable<Tests[K]>) => boolean } = {
  not: (value, expected) => !asList(expected).includes(value as Scalar),
  startsWith: (value, expected) => typeof value === 'string' && value.startsWith(expected),
  endsWith: (value, expected) => typeof value === 'string' && value.endsWith(expected),
  contains: (value, expected) => (typeof value === 'string' || Array.isArray(value)) && value.includes(expected),
  above: (value, expected) => typeof value === 'number' && value > expected,
  below: (value, expected) => typeof value === 'number' && value < expected,
};

function holds(found: ReturnType<typeof unwrap>, test: Scalar | readonly Scalar[] | Tests): boolean {
  if (!isRecord(test) || Array.isArray(test))
    return found.known && asList(test as Scalar | readonly Scalar[]).includes(found.value as Scalar);
  const { exists, ...rest } = test as Tests;
  if (exists !== undefined && exists !== found.set) return false;
  return Object.entries(rest).every(
    ([name, expected]) =>
      found.known && (testers[name as keyof typeof testers] as (a: unknown, b: unknown) => boolean)(found.value, expected),
  );
}

const matching = (index: FactIndex, { fact, where = {} }: FactPattern): readonly Fact[] =>
  index.all(fact).filter(({ value }) => Object.entries(where).every(([path, test]) => holds(lookUp(value, path), test)));

/** One report for each fact that the first pattern finds. */
function reportAll(rule: YamlRule, index: FactIndex, report: (finding: Report) => void): void {
  const [primary, ...others] = rule.when;
  const related = others.map((pattern) => matching(index, pattern)[0]);
  if (related.includes(undefined)) return;
  if (rule.missing?.some((pattern) => matching(index, pattern).length)) return;
  for (const fact of matching(index, primary!)) {
    const data = Object.fromEntries(
      Object.entries(rule.data ?? {}).map(([name, path]) => {
        const { known, value } = lookUp(fact.value, path);
        return [name, known && value !== undefined ? String(value) : 'unknown'];
      }),
    );
    report({
      message: 'found',
      data,
      place: fact.place,
      related: related.map((other) => ({ place: other!.place, message: `together with this ${other!.kind}` })),
      confidence: fact.confidence,
      subject: [fact.kind, ...Object.values(data)].join(':'),
    });
  }
}

/** Throws with every problem when the rule does not have the form that `schemas/rule.schema.json` describes. */
export function compileYamlRule(source: unknown, file: string): RuleDefinition {
  const problems = checkShape(yamlRuleShape, source);
  if (problems.length)
    throw new Error(`${file}: ${problems.map(({ at, message }) => `${at.join('.') || 'the rule'}: ${message}`).join('; ')}`);
  const { of, when, missing, data, message, ...definition } = source as YamlRule;
  const rule = source as YamlRule;
  const messages = { found: message };
  if (of === 'repository')
    return { ...definition, messages, checkRepository: (repository, report) => reportAll(rule, repository.facts, report) };
  return {
    ...definition,
    messages,
    checkService(service, report) {
      if (missing?.length && !service.codeRead) return;
      reportAll(rule, service.code, report);
    },
  };
}
