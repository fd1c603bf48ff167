/** The form of a YAML rule. */
import { type ObjectShape, type Shape, text, toJsonSchema } from '../text/shape.ts';

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

export const yamlRuleShape: ObjectShape = {
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

/** What is written to `schemas/rule.schema.json`. */
export const makeRuleSchema = (): Record<string, unknown> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'cloudworthy rule',
  ...toJsonSchema(yamlRuleShape),
});
