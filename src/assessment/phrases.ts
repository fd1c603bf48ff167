import type { Level } from '../types.ts';

/** What an assessment says, as templates: `{name}` stands for data. A catalogue of another language has the same ids. */
export const phrases = {
  'gate.second-copy-safe': 'A second copy is safe',
  'gate.any-copy-serves': 'Any copy can serve any request',
  'gate.copy-replaceable': 'A copy can be killed and replaced at any time',
  'gate.platform-scales': 'The platform can scale and spread it',
  'gate.same-build-observable': 'The same build runs everywhere and can be observed',

  'unknown.not-asked': 'It is not asked: {what}.',
  'unknown.code-absent': 'Its code in this repository would tell.',
  'unknown.code-unread':
    'Its code would tell: JavaScript, TypeScript, Java, Kotlin, Python, C# and Go are read, from a start (image command, manifest, start script).',
  'unknown.language-unread': 'Its code would tell, but {language} is not read: only its manifests were judged.',
  'unknown.process': 'The command that its image or manifest starts would tell.',
  'unknown.platform':
    'A manifest of a platform that scales (Kubernetes, Cloud Foundry, ECS, Cloud Run) would tell; none that runs it was found.',
  'unknown.build': 'An image or a manifest that runs it would tell; none was found.',
  'unknown.nothing': 'Nothing speaks against it, and nothing that was read speaks for it.',
  'change.more': 'And {count} more.',
  'change.unread': '{count} of it could not be assessed and may hold more.',
  'change.links': 'Code and deployment were joined by convention: another join would bring other findings.',

  'kind.database': 'it is a store that others make',
  'kind.third-party': 'it is an image that others make',
  'kind.job': 'it is a job that ends by itself',

  'answer.blocked': 'No: {blockers}',
  'answer.not-asked': 'Not asked: {what}{risks}',
  'answer.no-manifest': 'Unknown: no manifest says how it runs{risks}',
  'answer.code-absent': 'Unknown: its code is not in this repository{risks}',
  'answer.code-unread': 'Unknown: its code could not be followed from its start{risks}',
  'answer.language-unread': 'Unknown: {language} code is not read, only its manifests were{risks}',
  'answer.at-risk': 'Not yet: {risks}',
  'answer.unsure': 'Unknown: nothing was found against it, but {why}',
  'answer.ready': 'Yes',
  'answer.ready-but': 'Yes, apart from {found} in the repository as a whole',
  'answer.errors-and-warnings': '{errors} and {warnings}',
  'answer.risks-found': '; {risks} found',
  'unsure.second-copy-safe': 'its code was not read',
  'unsure.any-copy-serves': 'its code was not read',
  'unsure.copy-replaceable': 'nothing shows how it stops and is replaced',
  'unsure.platform-scales': 'no manifest of a platform that scales runs it',
  'unsure.same-build-observable': 'nothing shows how it is built and observed',

  'factor.1': 'Codebase',
  'factor.2': 'Dependencies',
  'factor.3': 'Config',
  'factor.4': 'Backing services',
  'factor.5': 'Build, release, run',
  'factor.6': 'Processes',
  'factor.7': 'Port binding',
  'factor.8': 'Concurrency',
  'factor.9': 'Disposability',
  'factor.10': 'Dev/prod parity',
  'factor.11': 'Logs',
  'factor.12': 'Admin processes',
  'factor.13': 'API first',
  'factor.14': 'Telemetry',
  'factor.15': 'Security',
  'factor.because.against': '{against} against it',
  'factor.because.both': '{against} against it, {signs} for it',
  'factor.because.for': '{signs} for it, nothing against it',
  'factor.because.none': 'Nothing that was read tells',
  'factor.because.other': 'Not asked: {what}',
  'factor.overall': '{states} of {services}',
  'factor.overall.violated': 'violated by {count}',
  'factor.overall.partly': 'partly met by {count}',
  'factor.overall.met': 'met by {count}',
  'factor.overall.not assessed': 'not assessed in {count}',
  'factor.overall.nobody': 'No service is asked',
  'factor.overall.repository': '{text}; {against} in the repository as a whole',

  'wave.before-second-replica': 'Before a second copy',
  'wave.before-autoscaling': 'Before autoscaling',
  'wave.before-zero-downtime': 'Before deploys without downtime',
  'wave.hardening': 'Hardening',

  'count.blocker': '{count} blockers',
  'count.blocker.one': '1 blocker',
  'count.risk': '{count} risks',
  'count.risk.one': '1 risk',
  'count.error': '{count} errors',
  'count.error.one': '1 error',
  'count.warning': '{count} warnings',
  'count.warning.one': '1 warning',
  'count.note': '{count} notes',
  'count.note.one': '1 note',
  'count.sign': '{count} signs',
  'count.sign.one': '1 sign',
  'count.service': '{count} services',
  'count.service.one': '1 service',
  'count.finding': '{count} findings',
  'count.finding.one': '1 finding',
  'count.part': '{count} parts',
  'count.part.one': '1 part',

  'strategy.retain': 'Retain: it can stay as it is',
  'strategy.rehost': 'Rehost: only manifests change',
  'strategy.replatform': 'Replatform: small changes to code and settings',
  'strategy.refactor': 'Refactor: parts of the code change',
  'strategy.rearchitect': 'Rearchitect: its structure changes',
  'strategy.undecided': 'Undecided: not enough was read',
  'strategy.not applicable': 'Not applicable',
  'strategy.reason.ready': 'Nothing speaks against scaling it as it is.',
  'strategy.reason.unknown': 'Nothing was found against it, but too little could be read to say that it scales.',
  'strategy.reason.unread': 'What was found asks for small changes, but too little of it was read to say that this is all.',
  'strategy.reason.rehost': 'What stands against it is in manifests, images and settings; no program has to change.',
  'strategy.reason.replatform': 'Every change to its code is trivial (1 story point for each root cause).',
  'strategy.reason.refactor': 'State or work moves out of its process (3 story points and more for a root cause).',
  'strategy.reason.redesign': 'A blocker needs a redesign (5 story points or more).',
  'strategy.reason.rearchitect': 'A blocker needs another architecture (7 story points).',
  'strategy.other.database': 'Others make this store: take it as a managed service, or run it with an operator.',
  'strategy.other.third-party': 'Others make this image: it scales as its makers say.',
  'strategy.other.job': 'A job ends by itself: it is run, not scaled.',

  'target.name.kubernetes': 'Kubernetes',
  'target.name.cloud-foundry': 'Cloud Foundry',
  'target.name.ecs': 'ECS',
  'target.name.cloud-run': 'Cloud Run',
  'target.disk-goes': 'The disk of an application instance is gone when it restarts; what is kept needs a volume service or a blob store.',
  'target.disk-is-memory': 'The file system of an instance is its memory; what is kept needs a bucket, a mount or a database.',
  'target.no-host': 'There is no host whose disk or network a copy could use.',
  'target.no-host-fargate': 'Fargate has no host disk; what is kept needs EFS or S3.',
  'target.port-given': 'The platform chooses the port and says so in `PORT`.',
  'target.port-set': 'The port of the container can be set, so a fixed one is no problem.',
  'target.loopback': 'Requests come from outside of the container; the loopback address does not receive them.',
  'target.runs-unprivileged': 'Instances run without privileges whatever the image says.',
  'target.sandboxed': 'Instances run in a sandbox, so a root user weighs less.',
  'target.no-cpu': 'Between requests an instance may get no CPU or be stopped, so work in the background does not run.',
  'target.http-only': 'Only HTTP, gRPC and WebSocket requests reach a service.',
  'target.worker': 'A program that serves no requests needs a worker pool or a job there.',
  'target.no-manifest': 'No manifest for {platform} was found: one has to be written.',
  'target.no-image': 'No image and no manifest for {platform} was found: both have to be written.',
  'target.gives.kubernetes': 'Copies, spreading and autoscaling are declared in manifests.',
  'target.gives.cloud-foundry':
    'Copies are spread and replaced by the platform; autoscaling is a service that is bound to the application.',
  'target.gives.ecs': 'Tasks are spread and replaced by the platform; autoscaling is a policy of Application Auto Scaling.',
  'target.gives.cloud-run': 'Copies start and stop with the requests, down to none; no autoscaler is declared.',

  'map.built': 'is built into',
  'map.started': 'is started as',
  'map.deployed': 'is deployed as',
  'map.runs': 'runs',
  'map.uses': 'uses',
  'map.calls': 'calls',
  'map.same-service': 'both belong to one service',
  'platform.kubernetes': 'Kubernetes',
  'platform.compose': 'Compose',
  'platform.cloud-foundry': 'Cloud Foundry',
  'platform.ecs': 'ECS',
  'platform.cloud-run': 'Cloud Run',
  'platform.heroku': 'Heroku',
  'platform.other': 'other platform',

  'assumption.effort':
    'Effort is in story points as the Migration Toolkit for Applications counts them: 0 information, 1 trivial, 3 complex, 5 redesign, 7 another architecture. An item counts its root cause once and further places by their square root.',
  'assumption.order': 'Sums only order the work. A verdict comes from its gates: one blocker closes a gate, a risk leaves it in doubt.',
  'assumption.static': 'Files were read and nothing was run. What a cluster, a pipeline or a secret store adds at run time was not seen.',
  'assumption.targets':
    'Targets are judged by what they give when nothing else is configured; a manifest that does not exist yet counts 1 story point, with its image 3.',
  'assumption.unread': '{count} could not be assessed; they are listed, and nothing is concluded from them.',
  'assumption.suppressed': '{count} found and accepted by the owners; they count nowhere.',
  'assumption.hidden':
    '{count} known from a baseline or untouched by the change are not in this result; verdicts count them, gates and effort do not.',

  'effort.formula': '{base} × √{places} = {exact}, rounded to {effort}',
  'effort.formula.one': '{base} × √1 = {base}',
  'effort.formula.none': '0 (information)',
} as const;

export type PhraseId = keyof typeof phrases;
export type Data = Readonly<Record<string, string | number>>;
/** Says a phrase in the chosen language. */
export type Say = (id: PhraseId, data?: Data) => string;

/** Data is never a template: a `{name}` inside of it stays as it is. */
export const sayIn =
  (catalogue: Readonly<Record<PhraseId, string>>): Say =>
  (id, data = {}) =>
    catalogue[id].replace(/\{([a-z]+)\}/gi, (whole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : whole));
export const english: Say = sayIn(phrases);

type Noun = 'blocker' | 'risk' | 'error' | 'warning' | 'note' | 'sign' | 'service' | 'finding' | 'part';
export const countOf = (say: Say, count: number, noun: Noun): string =>
  count === 1 ? say(`count.${noun}.one`) : say(`count.${noun}`, { count });

/** `2 errors, 1 note` */
export function countLevels(say: Say, findings: readonly { readonly level: Level }[]): string {
  const parts = (['error', 'warning', 'note'] as const).map(
    (level) => [level, findings.filter((one) => one.level === level).length] as const,
  );
  return parts
    .filter(([, count]) => count > 0)
    .map(([level, count]) => countOf(say, count, level))
    .join(', ');
}
