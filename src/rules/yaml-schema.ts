/** The form of a YAML rule: one description from which the validator and the JSON Schema both follow. */
export type Shape =
  | { readonly type: 'text' | 'number' | 'boolean' | 'scalar'; readonly description: string; readonly oneOf?: readonly (string | number)[] }
  | { readonly type: 'list'; readonly of: Shape; readonly description: string; readonly atLeast?: number }
  | { readonly type: 'map'; readonly of: Shape; readonly description: string }
  | { readonly type: 'either'; readonly of: readonly Shape[]; readonly description: string }
  | {
      readonly type: 'object';
      readonly keys: Readonly<Record<string, Shape>>;
      readonly required: readonly string[];
      readonly description: string;
    };

const text = (description: string, oneOf?: readonly string[]): Shape => ({ type: 'text', description, oneOf });
const scalar: Shape = { type: 'scalar', description: 'A value to compare with.' };

const test: Shape = {
  type: 'either',
  description: 'A value, a list of allowed values, or tests that must all hold.',
  of: [
    scalar,
    { type: 'list', of: scalar, atLeast: 1, description: 'One of these.' },
    {
      type: 'object',
      description: 'Tests that must all hold.',
      required: [],
      keys: {
        not: {
          type: 'either',
          of: [scalar, { type: 'list', of: scalar, atLeast: 1, description: 'None of these.' }],
          description: 'Known, and none of these.',
        },
        startsWith: text('Known, and begins with this.'),
        endsWith: text('Known, and ends with this.'),
        contains: text('Known, and holds this text, or this item of a list.'),
        above: { type: 'number', description: 'Known, and greater.' },
        below: { type: 'number', description: 'Known, and less.' },
        exists: { type: 'boolean', description: 'Set at all, known or not.' },
      },
    },
  ],
};

const fact: Shape = {
  type: 'object',
  description: 'A kind of fact, and what must hold for its value.',
  required: ['fact'],
  keys: {
    fact: text('Kind, as in src/facts.ts.'),
    where: { type: 'map', of: test, description: 'Tests by property of the value; dots lead into objects.' },
  },
};
const message: Shape = {
  type: 'object',
  description: 'A message in plain words; {name} stands for data.',
  required: ['text', 'consequence', 'next'],
  keys: { text: text('The fact.'), consequence: text('What follows from it.'), next: text('What to do.') },
};

export const yamlRuleShape: Extract<Shape, { type: 'object' }> = {
  type: 'object',
  description: 'A rule without code: it fires where all facts of `when` are found and none of `missing` is.',
  required: ['summary', 'factors', 'level', 'effort', 'docs', 'when', 'message'],
  keys: {
    $schema: text('Address of this schema, for editors.'),
    summary: text('Half a sentence.'),
    factors: {
      type: 'list',
      of: { type: 'number', description: 'Twelve-factor number, 1 to 15.' },
      description: 'Factors that it belongs to.',
    },
    level: text('How bad it is.', ['error', 'warning', 'note']),
    effort: { type: 'number', oneOf: [0, 1, 3, 5, 7], description: 'MTA story points.' },
    securitySeverity: text('CVSS-like score; security rules only.'),
    docs: {
      type: 'object',
      description: 'Documentation in Markdown.',
      required: ['what', 'why', 'how', 'bad', 'good', 'references'],
      keys: {
        what: text('What it finds.'),
        why: text('Why it matters.'),
        how: text('How to mend it.'),
        bad: text('Code that fires.'),
        good: text('Code that does not.'),
        references: { type: 'list', of: text('Address.'), description: 'Where to read more.' },
      },
    },
    of: text('Where facts are looked for: the code of one service (default) or the repository.', ['service', 'repository']),
    when: { type: 'list', of: fact, atLeast: 1, description: 'All must be found; the finding stands on the first.' },
    missing: { type: 'list', of: fact, description: 'None may be found; judged only where the place was read.' },
    data: { type: 'map', of: text('Property of the first fact.'), description: 'Values for the message, by name.' },
    message,
  },
};

/** JSON Schema (draft 2020-12) of a shape. */
export function toJsonSchema(shape: Shape): Record<string, unknown> {
  const { description } = shape;
  switch (shape.type) {
    case 'list':
      return { description, type: 'array', items: toJsonSchema(shape.of), ...(shape.atLeast ? { minItems: shape.atLeast } : {}) };
    case 'map':
      return { description, type: 'object', additionalProperties: toJsonSchema(shape.of) };
    case 'either':
      return { description, anyOf: shape.of.map(toJsonSchema) };
    case 'object': {
      const properties = Object.fromEntries(Object.entries(shape.keys).map(([key, of]) => [key, toJsonSchema(of)]));
      return { description, type: 'object', properties, required: shape.required, additionalProperties: false };
    }
    default: {
      const types = { text: 'string', number: 'number', boolean: 'boolean', scalar: ['string', 'number', 'boolean'] };
      return { description, type: types[shape.type], ...(shape.oneOf ? { enum: shape.oneOf } : {}) };
    }
  }
}

const scalarTypes: Readonly<Record<string, readonly string[]>> = {
  text: ['string'],
  number: ['number'],
  boolean: ['boolean'],
  scalar: ['string', 'number', 'boolean'],
};

/** Problems of a value, each led by where it is (`docs.bad: …`). Empty: it has the shape. */
export function checkShape(shape: Shape, value: unknown, at = ''): readonly string[] {
  const where = at || 'the rule';
  switch (shape.type) {
    case 'list':
      if (!Array.isArray(value)) return [`${where}: a list is expected`];
      if (value.length < (shape.atLeast ?? 0)) return [`${where}: it is empty`];
      return value.flatMap((item, index) => checkShape(shape.of, item, `${at}[${index}]`));
    case 'map':
      if (!isObject(value)) return [`${where}: an object is expected`];
      return Object.entries(value).flatMap(([key, item]) => checkShape(shape.of, item, join(at, key)));
    case 'either': {
      const results = shape.of.map((option) => checkShape(option, value, at));
      return results.some((result) => !result.length) ? [] : results[isObject(value) ? results.length - 1 : 0]!;
    }
    case 'object':
      return checkObject(shape, value, at);
    default:
      if (!scalarTypes[shape.type]!.includes(typeof value)) return [`${where}: a ${shape.type} is expected`];
      return shape.oneOf && !shape.oneOf.includes(value as string) ? [`${where}: one of ${shape.oneOf.join(', ')} is expected`] : [];
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const join = (at: string, key: string): string => (at ? `${at}.${key}` : key);

function checkObject(shape: Extract<Shape, { type: 'object' }>, value: unknown, at: string): readonly string[] {
  if (!isObject(value)) return [`${at || 'the rule'}: an object is expected`];
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(shape.keys, key));
  const missing = shape.required.filter((key) => !Object.hasOwn(value, key));
  return [
    ...unknown.map((key) => `${join(at, key)}: unknown key`),
    ...missing.map((key) => `${join(at, key)}: it is missing`),
    ...Object.entries(value).flatMap(([key, item]) => (shape.keys[key] ? checkShape(shape.keys[key], item, join(at, key)) : [])),
  ];
}
