import { isProvidedVariable } from '../../src/text/known-variables.ts';
import { findNearest } from '../../src/text/nearest.ts';
import { isProduction } from '../../src/text/workload-questions.ts';
import { defineRule, type Fact, type Place, type Related, type Report, type Repository, type Service } from '../../src/types.ts';

type EnvRead = Fact<'env-read'>;
/** From here on one finding lists the variables. */
const many = 6;
const longestList = 12;
/** A sample that documents less than that documents by accident. */
const fewEntries = 3;

interface Declarations {
  readonly names: ReadonlyMap<string, Place>;
  /** What deployments set, for similar names. */
  readonly deployed: ReadonlyMap<string, Place>;
  /** Every source of variables could be read; else only a sample tells. */
  readonly complete: boolean;
  /** Where a missing one would have to stand. */
  readonly where: Related;
}

const isAround = (folder: string, root: string): boolean => folder === '' || root === folder || root.startsWith(`${folder}/`);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const isNear = (path: string, service: Service): boolean => {
  const root = service.root ?? '';
  const folder = folderOf(path);
  return isAround(folder, root) || isAround(root, folder);
};

/** Helm charts and other templates may set any variable. */
const hasTemplates = (repository: Repository): boolean =>
  repository.notAssessed.some(({ reason }) => reason === 'template' || reason === 'custom-resource' || reason === 'overlay');

/** A sample above it, for programs that this repository deploys: one that it does not gets its variables from elsewhere. */
const isOfOthers = (sample: string, service: Service, { services }: Repository): boolean =>
  folderOf(sample) !== (service.root ?? '') &&
  services.some((other) => other !== service && other.codeRead && other.deployments.some((deployment) => isProduction(deployment)));

/** Everything that gives or documents variables for the service; `undefined` when a source is out of reach. */
function findDeclarations(service: Service, repository: Repository): Declarations | undefined {
  const production = service.deployments.filter((deployment) => isProduction(deployment) && deployment.workload.value.longRunning);
  const files = repository.facts.all('env-file').filter(({ place }) => isNear(place.path, service));
  const sample = files.find(({ value }) => value.sample && value.entries.length >= fewEntries);
  const complete = production.length > 0 && production.every(({ environment }) => environment.complete) && !hasTemplates(repository);
  if (!complete && !sample) return undefined;
  if (sample && production.length === 0 && isOfOthers(sample.place.path, service, repository)) return undefined;
  const deployed = new Map(
    // Tests have variables of their own.
    service.deployments
      .filter(({ workload }) => workload.value.purpose !== 'test')
      .flatMap(({ environment }) => environment.given.map(({ name, place }) => [name, place] as const)),
  );
  const names = new Map(deployed);
  for (const { value } of files) for (const { name, place } of [...(value.commented ?? []), ...value.entries]) names.set(name, place);
  for (const { stage, lineage } of service.images) {
    for (const { env, args } of [stage, ...lineage]) for (const { name, place } of [...env, ...args]) names.set(name, place);
  }
  for (const { value, place } of repository.facts.all('shell-script')) {
    if (isNear(place.path, service)) for (const name of value.exports) names.set(name, place);
  }
  // A workload whose image was not found here may run this program.
  for (const other of repository.services) {
    if (other.codeRead || other.root !== undefined) continue;
    for (const { environment } of other.deployments) for (const { name, place } of environment.given) names.set(name, place);
  }
  for (const { command, place } of Object.values(service.package?.value.scripts ?? {})) {
    for (const match of command.matchAll(/\b([A-Z][A-Z0-9_]{1,80})=/g)) names.set(match[1]!, place);
  }
  const where: Related = sample
    ? { place: sample.place, message: 'this sample documents the variables' }
    : { place: production[0]!.container.namePlace, message: 'this is where it would be set' };
  return { names, deployed, complete, where };
}

/** A sample that lacks more than that, and more than a quarter of what it names, is no documentation of them. */
const mostUndocumented = 12;

/** Needed whenever the code runs: no read has a default, a test around it, or copes without it. */
const isNeeded = (reads: readonly EnvRead[]): boolean =>
  reads.every(({ value, when }) => !value.hasDefault && !value.optional && !(when ?? []).some(({ env }) => env !== 'NODE_ENV'));

/** A variable that is set but not read, under a name so like the missing one that one of them is wrong. */
function findSimilar(name: string, unread: readonly string[], strict: boolean): string | undefined {
  const nearest = findNearest(name, unread);
  if (!nearest) return undefined;
  const [a, b] = [name.split('_'), nearest.split('_')];
  const shared = a.filter((word) => b.includes(word)).length;
  if (strict)
    return a.length > 1 && a.slice(1).join('_') === b.slice(1).join('_') && a[0]!.slice(0, 3) === b[0]!.slice(0, 3) ? nearest : undefined;
  return shared * 2 >= Math.max(a.length, b.length) && shared >= 1 && a.length > 1 ? nearest : undefined;
}

const related = (reads: readonly EnvRead[], where: Related): Related[] => [
  ...reads.slice(1, 6).map(({ place }) => ({ place, message: 'also read here' })),
  where,
];

/** `DATABASE_URL` is set and `ASYNC_DATABASE_URL` is read: one of the names is wrong. */
function isLongerName(name: string, unread: string): boolean {
  const [long, short] = name.length > unread.length ? [name, unread] : [unread, name];
  return short.includes('_') && (long.endsWith(`_${short}`) || long.startsWith(`${short}_`));
}

interface Missing {
  readonly name: string;
  readonly reads: readonly EnvRead[];
}

function reportEach(
  { name, reads }: Missing,
  declarations: Declarations,
  unread: readonly string[],
  report: (finding: Report) => void,
): void {
  const similar = findSimilar(name, unread, false);
  const place = similar === undefined ? undefined : declarations.deployed.get(similar);
  report({
    message: place ? 'similar' : 'one',
    data: { name, similar: similar ?? '' },
    place: reads[0]!.place,
    related: place
      ? [{ place, message: `\`${similar}\` is set here` }, ...related(reads, declarations.where)]
      : related(reads, declarations.where),
    confidence: place ? 'certain' : 'likely',
    subject: name,
  });
}

/** Read under a longer or shorter name than the deployment sets; a file of the repository gives it for development only. */
function reportOtherNames(
  reads: ReadonlyMap<string, readonly EnvRead[]>,
  declarations: Declarations,
  unread: readonly string[],
  report: (finding: Report) => void,
): void {
  for (const similar of unread) {
    const names = [...reads.keys()].filter(
      (name) =>
        declarations.names.has(name) && !declarations.deployed.has(name) && isLongerName(name, similar) && isNeeded(reads.get(name)!),
    );
    const [first, ...others] = names;
    if (first === undefined) continue;
    const place = declarations.deployed.get(similar)!;
    report({
      message: 'similar',
      data: { name: first, similar },
      place: reads.get(first)![0]!.place,
      related: [
        { place, message: `\`${similar}\` is set here` },
        ...others.map((name) => ({ place: reads.get(name)![0]!.place, message: 'also read here' })),
      ],
      subject: first,
    });
  }
}

export default defineRule({
  summary: 'code needs a variable that nothing sets or documents',
  factors: [3],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'Code reads an environment variable without a default and without coping when it is missing, and neither a manifest, an image, a start script nor a sample `.env` file of the service names it. Judged only where all sources of variables could be read, or a sample documents them. Variables that platforms provide are left out.',
    why: 'A deployment by the book starts without it: the program fails, or a feature is silently off.',
    how: 'Set it in the manifests, document it in `.env.example`, or give the code a default.',
    bad: 'const client = new Client(process.env.SEARCH_URL); // no manifest sets SEARCH_URL',
    good: 'env: [{ name: SEARCH_URL, value: "http://search:9200" }]',
    references: ['https://12factor.net/config'],
  },
  messages: {
    one: {
      text: 'Code needs `{name}`, which no manifest sets and no sample documents.',
      consequence: 'A deployment by the book runs without it: it fails, or a feature is silently off.',
      next: 'Set `{name}` where the service is deployed and document it, or give the code a default.',
    },
    similar: {
      text: 'Code reads `{name}`, but the deployment sets `{similar}`, which no code reads.',
      consequence: 'The value never arrives: the program runs as if it was not set.',
      next: 'Use one name in both places.',
    },
    several: {
      text: 'Code needs {count} variables that no manifest sets and no sample documents: {names}.',
      consequence: 'A deployment by the book runs without them: it fails, or features are silently off.',
      next: 'Set them where the service is deployed and document them, or give the code defaults.',
    },
  },
  checkService(service, report, repository) {
    if (!service.codeRead) return;
    const declarations = findDeclarations(service, repository);
    if (!declarations) return;
    const reads = new Map<string, EnvRead[]>();
    // Helpers in a folder called `tools` may tell what the program copes without.
    const excused = new Set<string>();
    for (const fact of service.code.all('env-read')) {
      if (repository.roleOf(fact.place.path) !== 'production') {
        if (!isNeeded([fact])) excused.add(fact.value.name);
        continue;
      }
      const known = reads.get(fact.value.name);
      if (known) known.push(fact);
      else reads.set(fact.value.name, [fact]);
    }
    const missing: Missing[] = [...reads]
      .filter(([name]) => /^[A-Z][A-Z0-9_]+$/.test(name) && !declarations.names.has(name) && !isProvidedVariable(name))
      .map(([name, list]) => ({ name, reads: list }));
    const unread = reads.has('*') ? [] : [...declarations.deployed.keys()].filter((name) => !reads.has(name));
    if (declarations.complete) reportOtherNames(reads, declarations, unread, report);
    // Shared libraries read what some of their users set: the service's own code decides.
    const isOwn = ({ place }: EnvRead): boolean => isAround(service.root ?? '', folderOf(place.path));
    const needed = missing.filter((item) => !excused.has(item.name) && isNeeded(item.reads) && item.reads.some(isOwn));
    const mistaken = missing.filter((item) => !needed.includes(item) && findSimilar(item.name, unread, true));
    const plain = needed.filter(({ name }) => !findSimilar(name, unread, false));
    for (const item of [...needed.filter((each) => !plain.includes(each)), ...mistaken]) reportEach(item, declarations, unread, report);
    if (!declarations.complete && plain.length > Math.max(mostUndocumented, declarations.names.size / 4)) return;
    if (plain.length < many) for (const item of plain) reportEach(item, declarations, [], report);
    else {
      const names = plain.map(({ name }) => `\`${name}\``);
      report({
        message: 'several',
        data: {
          count: plain.length,
          names: names.slice(0, longestList).join(', ') + (names.length > longestList ? ` and ${names.length - longestList} more` : ''),
        },
        place: plain[0]!.reads[0]!.place,
        related: [
          ...plain.slice(1, 20).map(({ name, reads: list }) => ({ place: list[0]!.place, message: `\`${name}\`` })),
          declarations.where,
        ],
        confidence: 'likely',
        subject: 'several',
      });
    }
  },
});
