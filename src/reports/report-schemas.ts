/** The forms of `report --format json` and `portfolio --format json`, as JSON Schemas. */
type Schema = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const texts = { type: 'array', items: text };
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const list = (items: Schema): Schema => ({ type: 'array', items });
const oneOf = (...values: readonly string[]): Schema => ({ enum: values });
const about = (description: string, schema: Schema): Schema => ({ description, ...schema });
/** Every member is there, unless its name ends in a question mark. */
const object = (members: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(members).filter((name) => !name.endsWith('?')),
  properties: Object.fromEntries(Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
});

const verdict = oneOf('ready', 'at risk', 'blocked', 'unknown');
const gateId = oneOf('second-copy-safe', 'any-copy-serves', 'copy-replaceable', 'platform-scales', 'same-build-observable');
const waveId = oneOf('before-second-replica', 'before-autoscaling', 'before-zero-downtime', 'hardening');
const strategyId = oneOf('retain', 'rehost', 'replatform', 'refactor', 'rearchitect', 'undecided', 'not applicable');
const points = about('Story points.', count);
const fingerprints = about('Fingerprints of findings, worst first.', texts);

const evidence = object({
  id: text,
  'gate?': gateId,
  factors: ref('factors'),
  data: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
  text,
  place: ref('place'),
});
const factor = object({
  number: about('1–12 of 12factor.net; 13 API first, 14 telemetry, 15 security.', { type: 'integer', minimum: 1, maximum: 15 }),
  title: text,
  state: oneOf('met', 'partly', 'violated', 'not assessed'),
  for: list(ref('evidence')),
  against: fingerprints,
  because: text,
});
const gate = object({
  id: ref('gateId'),
  title: text,
  state: oneOf('open', 'at risk', 'closed', 'unknown'),
  for: list(ref('evidence')),
  against: fingerprints,
  confidence: oneOf('high', 'medium', 'low'),
  wouldChange: about('What would change the answer, one sentence each.', texts),
});
const target = object({
  target: oneOf('kubernetes', 'cloud-foundry', 'ecs', 'cloud-run'),
  verdict: ref('verdict'),
  blockers: count,
  risks: count,
  effort: points,
  reasons: texts,
});
const item = object({
  id: about('Stable between runs.', text),
  rule: text,
  title: text,
  next: text,
  wave: ref('waveId'),
  services: texts,
  findings: fingerprints,
  occurrences: about('Different places.', count),
  effort: points,
  formula: about('How the effort was made.', text),
  level: ref('level'),
  gate: ref('gateId'),
  factors: ref('factors'),
  files: texts,
  dependsOn: about('Ids of items to do first.', texts),
  'fix?': about('A fix exists that `--fix` (safe) or `--fix-unsafe` applies.', oneOf('safe', 'unsafe')),
});
const wave = object({
  id: ref('waveId'),
  title: text,
  items: about('Ids, in the order in which they are to be done.', texts),
  effort: points,
  opens: about('Gates that turn green when it is done.', list(object({ service: text, gate: ref('gateId') }))),
  verdicts: list(object({ service: text, before: ref('verdict'), after: ref('verdict') })),
});
const map = object({
  nodes: list(
    object({
      id: text,
      kind: oneOf('code', 'image', 'workload', 'service', 'store', 'external'),
      label: text,
      'service?': text,
      'verdict?': ref('verdict'),
      'place?': ref('place'),
    }),
  ),
  edges: list(object({ from: text, to: text, label: text, because: text, confidence: ref('confidence') })),
});
const orAbsent = oneOf('ready', 'at risk', 'blocked', 'unknown', 'absent');
const trend = object({
  solved: list(object({ fingerprint: text, rule: text, message: text, 'service?': text })),
  new: fingerprints,
  unchanged: fingerprints,
  verdicts: list(object({ service: text, before: orAbsent, after: orAbsent })),
  effort: object({ before: count, after: count }),
});
const serviceAssessment = object({
  service: about('Name of one of `services`.', text),
  verdict: ref('verdict'),
  gates: list(ref('gate')),
  factors: list(ref('factor')),
  strategy: object({ id: ref('strategyId'), title: text, reasons: texts }),
  targets: about('Empty: the service is not asked whether it scales.', list(ref('target'))),
  effort: about('Story points of the items that concern it; a shared item counts whole for each of its services.', count),
});
const assessment = object({
  services: list(ref('serviceAssessment')),
  factors: about('Over all services.', list(ref('factor'))),
  items: list(ref('item')),
  waves: list(ref('wave')),
  outside: about('Fingerprints of findings that count for no service.', texts),
  map: ref('map'),
  effort: points,
  assumptions: texts,
  'trend?': ref('trend'),
});

interface ResultSchema {
  readonly description: string;
  readonly required: readonly string[];
  readonly properties: Schema;
  readonly $defs: Schema;
}

/** A report is a result (`result.schema.json`) with its assessment beside it. */
export const makeReportSchema = (result: ResultSchema): Schema => ({
  ...result,
  title: 'cloudworthy report',
  description: `Output of \`cloudworthy report --format json\`: the result, as of \`check\`, and its assessment. ${result.description.split('. ').slice(1).join('. ')}`,
  required: [...result.required, 'assessment'],
  properties: { ...result.properties, assessment: ref('assessment') },
  $defs: {
    ...result.$defs,
    verdict,
    gateId,
    waveId,
    strategyId,
    evidence,
    factor,
    gate,
    target,
    item,
    wave,
    map,
    trend,
    serviceAssessment,
    assessment,
  },
});

const qualified = about('`repository/service`; the repository alone for what counts for no service.', texts);
const portfolioService = object({
  repository: text,
  'team?': text,
  name: text,
  kind: text,
  verdict: ref('verdict'),
  answer: text,
  blockers: count,
  risks: count,
  effort: points,
  strategy: strategyId,
});
const cause = object({
  rule: text,
  summary: text,
  services: qualified,
  repositories: count,
  errors: count,
  effort: points,
  solutions: about('Next steps, each with the services that it solves, the most first.', list(object({ next: text, services: count }))),
  advice: about('What the rule advises.', text),
});
const team = object({
  'team?': about('Absent: repositories without a team.', text),
  services: count,
  ready: count,
  effort: points,
  waves: list(object({ id: waveId, effort: points, items: count })),
});

export const makePortfolioSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'cloudworthy portfolio',
  description: 'Output of `cloudworthy portfolio --format json`.',
  ...object({
    version: about('Version of this form: the minor grows with new members, the major when one changes or goes.', { const: '1.1' }),
    tool: object({ name: { const: 'cloudworthy' }, version: text }),
    repositories: list(
      object({ name: text, 'team?': text, services: count, effort: points, 'failure?': about('Why it was not read.', text) }),
    ),
    services: about('The worst verdict first, then by effort.', list(portfolioService)),
    verdicts: object({ ready: count, 'at risk': count, blocked: count, unknown: count }),
    notAsked: about('Stores, jobs and images that others make.', count),
    causes: about('What many share: one entry for each rule.', list(cause)),
    waves: list(object({ id: waveId, title: text })),
    teams: list(team),
    stores: about(
      'Stores outside of the repositories that several of them name.',
      list(object({ name: text, 'technology?': text, services: qualified })),
    ),
    effort: points,
  }),
  $defs: { verdict },
});
