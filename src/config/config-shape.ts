/** Every key of a configuration file. `schemas/config.schema.json` is made from this by `node build/schemas.mjs`, kept in step by a test. */
import { list, type ObjectShape, type Shape, text, toJsonSchema } from '../text/shape.ts';

const oneOrMore = (what: string): Shape => ({ type: 'either', description: what, of: [text(what), list(text(what), what, 1)] });

const ruleSetting = text('`off` leaves the rule out, `on` keeps it as it is, a level replaces its own level.', [
  'off',
  'on',
  'error',
  'warning',
  'note',
]);
const ignoreEntry: Shape = {
  type: 'object',
  description: 'Findings that are known and accepted.',
  required: ['rules', 'paths', 'reason'],
  keys: {
    rules: oneOrMore('Ids of the rules, or `*` for all.'),
    paths: oneOrMore('Patterns as in .gitignore, relative to the folder of this file.'),
    reason: text('Why; shown with what it suppresses.'),
    until: text('Last day on which it holds, as YYYY-MM-DD.'),
  },
};

/** Keys that hold for the whole run, so that only the file at the root may set them. */
export const rootOnlyKeys = ['failOn', 'minSeverity', 'minConfidence', 'formats', 'targets', 'baseline', 'maxWarnings', 'helm'] as const;

export const configShape: ObjectShape = {
  type: 'object',
  description: 'Settings of cloudworthy. Data only: nothing in it is executed.',
  required: [],
  keys: {
    $schema: text('Address of this schema, for editors.'),
    extends: oneOrMore('Configuration files that this one builds on: relative paths inside the repository.'),
    rules: { type: 'map', of: ruleSetting, description: 'Settings by rule id.' },
    ignore: list(ignoreEntry, 'Findings that are known and accepted, by path.'),
    exclude: list(text('A pattern as in .gitignore.'), 'Paths that are not read at all.'),
    failOn: text('Findings of this level or worse make the exit code 1.', ['error', 'warning', 'note', 'never']),
    maxWarnings: { type: 'number', description: 'More warnings than this make the exit code 1.' },
    baseline: text('File of known findings that are not shown, made by `cloudworthy baseline create`: a path inside the repository.'),
    minSeverity: text('Findings below this level are not shown.', ['error', 'warning', 'note']),
    minConfidence: text('Findings less sure than this are not shown.', ['certain', 'likely', 'guess']),
    formats: list(text('A format, or `FORMAT=FILE`.'), 'Outputs when the command line names none.', 1),
    targets: list(
      text('A platform.', ['kubernetes', 'compose', 'cloud-foundry', 'ecs', 'cloud-run', 'heroku', 'other']),
      'Platforms whose manifests are judged; the others are left out.',
      1,
    ),
    helm: {
      type: 'object',
      description: 'How charts are installed.',
      required: [],
      keys: {
        sets: {
          type: 'map',
          of: list(text('A values file, relative to the chart.'), 'Values files in the order of `helm install -f`; the last one wins.', 1),
          description:
            'Values that belong together, by the name of what is installed with them, such as `prod`; in place of what names of files tell.',
        },
      },
    },
  },
};

/** What is written to `schemas/config.schema.json`. */
export const makeConfigSchema = (): Record<string, unknown> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'cloudworthy configuration',
  ...toJsonSchema(configShape),
});
