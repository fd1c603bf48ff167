import type { ImageStage } from '../../src/facts.ts';
import { groupBy } from '../../src/text/group-by.ts';
import { findDockerIgnore } from '../../src/text/ignore-patterns.ts';
import { type RunImage, runImages } from '../../src/text/image-questions.ts';
import { holdsSecret, mask, secretKindOf } from '../../src/text/secret-shapes.ts';
import type { Fact, Place, Report, Repository } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

interface Baked {
  readonly name: string;
  readonly place: Place;
  readonly keyword: 'ENV' | 'ARG' | 'RUN';
}

/** Commands that make an account with a password that stands beside them: `add-user.sh admin s3cret`, `echo user:s3cret | chpasswd`. */
const accounts: readonly (readonly [string, RegExp])[] = [
  ['add-user.sh', /\badd-user\.sh\s+(?:-\w\s+)?(?!-)["']?[\w.@-]{1,60}["']?\s+(?!-)["']?([^\s"'$-][^\s"'$]{0,80})/],
  ['add-user.sh', /\badd-user\.sh\s[^|;&]{0,200}?(?:-p|--password)[ =]["']?([^\s"'$-][^\s"'$]{0,80})/],
  ['chpasswd', /\becho\s+(?:-\w+\s+)?["']?[\w.-]{1,60}:([^\s"'$:|]{1,80})["']?\s*\|\s*(?:sudo\s+)?chpasswd\b/],
  ['asadmin', /\bAS_ADMIN_PASSWORD=["']?([^\s"'$]{1,80})/],
];
/** The account of the console of Azure App Service is the same for everybody, and reached from its network alone. */
const isPublic = (password: string): boolean => password === 'Docker!' || /^[<{%]/.test(password);

const accountsIn = ({ runs }: ImageStage): readonly Baked[] =>
  runs.flatMap(({ command, place }) =>
    accounts.flatMap(([name, pattern]): readonly Baked[] => {
      const password = pattern.exec(command)?.[1];
      return password === undefined || isPublic(password) ? [] : [{ name, place, keyword: 'RUN' }];
    }),
  );

/** ENV and ARG of a stage that hold a secret, each name once, and accounts that it makes. */
function bakedIn(stage: ImageStage): readonly Baked[] {
  const { env, args } = stage;
  const variables = env.filter(({ value }) => holdsSecret(value)).map(({ name, place }) => ({ name, place, keyword: 'ENV' as const }));
  const names = new Set(variables.map(({ name }) => name));
  const given = args.filter((arg) => arg.default?.includes(mask) && !names.has(arg.name));
  return [...variables, ...given.map(({ name, place }) => ({ name, place, keyword: 'ARG' as const })), ...accountsIn(stage)];
}

/** `ARG API_TOKEN` and `ENV API_TOKEN=$API_TOKEN`: what the build is given stays in the image. */
const givenByBuild = ({ env }: ImageStage): readonly Omit<Baked, 'keyword'>[] =>
  env.filter(({ name, argument }) => argument !== undefined && secretKindOf(name) !== undefined && secretKindOf(argument) !== undefined);

const join = (folder: string, path: string): string =>
  [...folder.split('/'), ...path.split('/')].filter((part) => part !== '' && part !== '.').join('/');

/** Patterns of the .dockerignore that a build of this Dockerfile reads. */
function ignorePatterns({ fact, context }: RunImage, repository: Repository): readonly string[] {
  const lists = repository.facts.all('ignore-list').filter(({ value }) => value.kind === 'docker');
  const own = lists.find(({ place }) => place.path === `${fact.place.path}.dockerignore`);
  return (own ?? lists.find(({ place }) => place.path === join(context, '.dockerignore')))?.value.patterns ?? [];
}

const realEnvFiles = (repository: Repository): readonly Fact<'env-file'>[] =>
  repository.facts
    .all('env-file')
    .filter(
      ({ place, value }) =>
        !value.sample &&
        value.purpose !== 'test' &&
        value.purpose !== 'development' &&
        (repository.tracked?.has(place.path) ?? true) &&
        value.entries.some((entry) => holdsSecret(entry.value)),
    );

/** The COPY of the run stage that takes an env file with secrets along. */
function copiedEnvFiles(image: RunImage, repository: Repository): readonly { file: Fact<'env-file'>; place: Place }[] {
  const patterns = ignorePatterns(image, repository);
  const inContext = image.context === '' ? '' : `${image.context}/`;
  // Where the context is only a guess, what lies beside the Dockerfile is in it all the same.
  const own = image.contextGuessed ? image.fact.place.path.replace(/[^/]*$/, '') : inContext;
  return realEnvFiles(repository).flatMap((file) => {
    const path = file.place.path;
    if (!path.startsWith(own) || findDockerIgnore(patterns, path.slice(inContext.length)) !== undefined) return [];
    const copy = image.lineage
      .flatMap(({ copies }) => copies)
      .find(({ from, sources }) => from === undefined && sources.some((source) => takes(join(image.context, source), path)));
    return copy ? [{ file, place: copy.place }] : [];
  });
}

/** A copied path that is the file or a folder around it; wildcards are not followed. */
const takes = (source: string, path: string): boolean =>
  source === path || (isDotenv(path) && (source === '' || path.startsWith(`${source}/`)));
/** Files that programs load by their name; others (`db.env`) are settings of Compose services. */
const isDotenv = (path: string): boolean => /(?:^|\/)\.env(?:\.\w+)?$/.test(path);

/** `COPY .env .env` of a file that no commit holds: the settings of whoever builds go into the image. */
function unseenEnvFile(image: RunImage, repository: Repository): { file: string; place: Place } | undefined {
  const patterns = ignorePatterns(image, repository);
  const known = new Set(repository.facts.all('env-file').map(({ place }) => place.path));
  const named = (sources: readonly string[]): string | undefined =>
    sources.find((source) => /(?:^|\/)\.env(?:\.prod(?:uction)?)?$/.test(source));
  const isTaken = (source: string): boolean => {
    const path = join(image.context, source);
    const inContext = image.context === '' ? path : path.slice(image.context.length + 1);
    return !known.has(path) && findDockerIgnore(patterns, inContext) === undefined;
  };
  const fromContext = (stages: readonly ImageStage[]): string | undefined =>
    stages
      .flatMap(({ copies }) => copies)
      .flatMap(({ from, sources }) => (from === undefined ? (named(sources) ?? []) : []))
      .find(isTaken);
  for (const { from, sources, place } of image.lineage.flatMap(({ copies }) => copies)) {
    const source = named(sources);
    if (source === undefined) continue;
    const file = from === undefined ? (isTaken(source) ? source : undefined) : fromContext(image.fact.value.stages);
    if (file !== undefined) return { file: join(image.context, file), place };
  }
  return undefined;
}

function checkImage(image: RunImage, repository: Repository, report: (finding: Report) => void): void {
  const seen = new Set<string>();
  for (const { name, place, keyword } of image.lineage.flatMap(bakedIn)) {
    if (seen.has(name)) continue;
    seen.add(name);
    report({ message: 'variable', data: { name, keyword }, place, subject: `${keyword}:${name}` });
  }
  const given = image.lineage.flatMap(givenByBuild).filter(({ name }) => !seen.has(name));
  if (given.length > 0) reportGiven(given, report);
  const files = copiedEnvFiles(image, repository);
  for (const copied of groupBy(files, ({ place }) => place.line).values()) reportFiles(copied, report);
  const unseen = files.length === 0 ? unseenEnvFile(image, repository) : undefined;
  if (unseen)
    report({
      message: 'unseen',
      data: { file: unseen.file },
      place: unseen.place,
      level: 'warning',
      confidence: 'likely',
      subject: `file:${unseen.file}`,
    });
}

/** All that a build is given is one finding: one change of the Dockerfile takes them out. */
function reportGiven(given: readonly Omit<Baked, 'keyword'>[], report: (finding: Report) => void): void {
  const [first, ...others] = given;
  report({
    message: others.length === 0 ? 'argument' : 'arguments',
    data: { name: first!.name, count: others.length },
    place: first!.place,
    related: others.map(({ name, place }) => ({ place, message: `\`${name}\` is a secret` })),
    level: 'warning',
    subject: 'ENV of ARG',
  });
}

/** One instruction that takes files along is one finding, however many they are. */
function reportFiles(copied: readonly { file: Fact<'env-file'>; place: Place }[], report: (finding: Report) => void): void {
  const secrets = copied.map(({ file }) => file.value.entries.find(({ value }) => holdsSecret(value))!);
  const [first] = copied;
  report({
    message: copied.length === 1 ? 'file' : 'files',
    data: { file: first!.file.place.path, name: secrets[0]!.name, count: copied.length },
    place: first!.place,
    related: secrets.map(({ name, place }) => ({ place, message: `\`${name}\` is a secret` })),
    subject: `file:${first!.file.place.path}`,
  });
}

export default defineRule({
  summary: 'a secret is baked into an image',
  factors: [3, 15],
  level: 'error',
  effort: 1,
  securitySeverity: '8.0',
  docs: {
    what: 'A Dockerfile gives a secret a literal value by `ENV` or `ARG`, keeps an argument of the build that is one by `ENV`, makes an account with a password by `RUN`, or copies a `.env` file with secrets into the image that is run.',
    why: 'Everyone who can pull the image can read it, also from layers that a later step removed. One image cannot serve two environments.',
    how: 'Give secrets when the container starts (Kubernetes Secret, Compose secret). Use `RUN --mount=type=secret` for those that the build needs, and list `.env` in .dockerignore.',
    bad: 'ENV DB_PASSWORD=s3cret-pw',
    good: '# no value in the image\n# kubectl create secret generic app --from-literal=DB_PASSWORD=…',
    references: ['https://12factor.net/config', 'https://docs.docker.com/build/building/secrets/'],
  },
  messages: {
    variable: {
      text: '`{keyword} {name}` bakes a secret into the image.',
      consequence: 'Everyone who can pull the image can read it, and all environments share it.',
      next: 'Remove the value, give it when the container starts, and change the secret.',
    },
    argument: {
      text: '`ENV {name}` keeps the secret that the build is given as an argument.',
      consequence: 'Everyone who can pull the image can read it, and all environments share it.',
      next: 'Remove the `ARG` and the `ENV`, and give it when the container starts.',
    },
    arguments: {
      text: '`ENV {name}` and {count} more keep secrets that the build is given as arguments.',
      consequence: 'Everyone who can pull the image can read them, and all environments share them.',
      next: 'Remove the `ARG` and the `ENV` of each, and give them when the container starts.',
    },
    file: {
      text: 'The image takes `{file}` along, which holds the secret `{name}`.',
      consequence: 'Everyone who can pull the image can read it, and all environments share it.',
      next: 'List the file in .dockerignore, give its values when the container starts, and change them.',
    },
    unseen: {
      text: 'The image takes `{file}` of whoever builds it along.',
      consequence: 'Everyone who can pull the image can read what stands in it, and all environments share one set of values.',
      next: 'List the file in .dockerignore, and give its values when the container starts.',
    },
    files: {
      text: 'The image takes {count} `.env` files with secrets along, such as `{file}`, which holds `{name}`.',
      consequence: 'Everyone who can pull the image can read them, and all environments share them.',
      next: 'List `**/.env*` in .dockerignore, give the values when the container starts, and change them.',
    },
  },
  checkRepository(repository, report) {
    for (const image of runImages(repository)) checkImage(image, repository, report);
  },
});
