import type { EnvEntry, Purpose, Workload } from '../../src/facts.ts';
import { secretOptions } from '../../src/text/command-secrets.ts';
import { isComposeForDevelopers } from '../../src/text/compose-questions.ts';
import { commandsOf } from '../../src/text/container-commands.ts';
import { groupBy } from '../../src/text/group-by.ts';
import { runImages } from '../../src/text/image-questions.ts';
import { purposeOf } from '../../src/text/purpose.ts';
import { makeRunsProfile } from '../../src/text/running-profiles.ts';
import { holdsSecret, secretKindOf } from '../../src/text/secret-shapes.ts';
import { setsUpDatabase } from '../../src/text/stand-in-accounts.ts';
import { isProduction } from '../../src/text/workload-questions.ts';
import { defineRule, type Fact, type Level, type Place, type Related, type Report, type Repository } from '../../src/types.ts';

const isJudged = (repository: Repository, path: string): boolean => ['production', 'generated'].includes(repository.roleOf(path));
const articleOf = (what: string): string => (/^[aeiou]/.test(what) ? 'an' : 'a');
const kindOf = ({ name, value }: EnvEntry): string =>
  value?.known && holdsSecret(value) ? 'connection string with a password' : (secretKindOf(name) ?? 'secret');

function reportCode(fact: Fact<'secret'>, others: readonly Fact<'secret'>[], report: (finding: Report) => void): void {
  const { what, origin, env, provider } = fact.value;
  const fallback = origin === 'fallback' && env !== undefined;
  const named =
    provider && provider !== 'PEM' ? `${provider} ${what}` : what === 'connection string' ? 'connection string with a password' : what;
  report({
    message: fallback ? 'fallback' : 'code',
    data: { what: named, article: articleOf(named), env: env ?? '' },
    place: fact.place,
    related: others.map(
      ({ place }): Related => ({ place, message: fallback ? 'the same variable falls back here, too' : 'the same text, too' }),
    ),
    level: origin === 'fallback' ? 'warning' : 'error',
    confidence: fact.confidence,
    subject: `code:${env ?? what}`,
  });
}

const causeOf = ({ value: { origin, env, digest, what }, place }: Fact<'secret'>): string => {
  if (origin === 'fallback' && env !== undefined) return `env:${env}`;
  return digest === undefined ? `place:${keyOf(place)}:${place.column}` : `text:${what}:${origin}:${digest}`;
};

interface Holding {
  readonly message: 'manifest' | 'configMap' | 'secret' | 'fallback' | 'taskPlain';
  readonly level: Level;
  readonly entry: EnvEntry;
  readonly holder: string;
  readonly place: Place;
  /** Entries of one key are one root cause: the same setting in several manifests. */
  readonly key: string;
}
const keyOf = ({ path, line }: Place): string => `${path}:${line}`;

const startsTests = ({ platform, name }: Workload): boolean => platform === 'compose' && purposeOf(name) === 'test';

/** Stands in for a service of others, with answers and keys that somebody made up: who starts it tries the program. */
const isMock = ({ platform, containers }: Workload): boolean =>
  platform === 'compose' &&
  containers.some(
    ({ image }) =>
      image?.known === true && /(?:^|\/)(?:wiremock|mock-oauth2-server|mockserver|oauth2-mock-server)(?:[:@]|$)/.test(image.value),
  );

/** Where adapters saw a default of a variable rather than a value. */
const fallbackLines = (repository: Repository): ReadonlySet<string> =>
  new Set(
    repository.facts
      .all('secret')
      .filter(({ value }) => value.origin === 'fallback')
      .map(({ place }) => keyOf(place)),
  );

/**
 * A secret that a variable brings, put among the plain variables of a task: the definition shows it to everybody who may describe tasks
 * (Amazon ECS, "Pass sensitive data to a container").
 */
const isPlainInTask = ({ platform }: Workload, { name, value, from }: EnvEntry): boolean =>
  platform === 'ecs' &&
  !from &&
  value?.known === false &&
  !holdsSecret(value) &&
  secretKindOf(name) !== undefined &&
  !/_(?:arn|id|name|path|file|ref)s?$/i.test(name);

/** Variables with which images of databases set the password of a new one: what stands there is the password, also where it is called fake. */
const isTakenByDatabase = ({ name, value }: EnvEntry): boolean =>
  setsUpDatabase(name) &&
  value?.known === true &&
  // The sample of its makers, which SQL Server takes: `yourStrong(!)Password`.
  (/^your_?strong\S{0,10}passw[o0]rd/i.test(value.value) ||
    (/^(?:[\w.-]*(?:fake|example|dummy|sample|mock)[\w.-]*)$/i.test(value.value) &&
      !/your|change|replace|insert|here|xxx/i.test(value.value)));

/** The variable that brings it is the right way to do so. */
const bare = ({ decidedBy: _, ...place }: Place): Place => place;

function workloadHoldings(repository: Repository): Holding[] {
  const fallbacks = fallbackLines(repository);
  const workloads = repository.facts.all('workload');
  // A Compose file that starts tests starts everything for them.
  const forTests = new Set(workloads.filter(({ value }) => startsTests(value) || isMock(value)).map(({ place }) => place.path));
  return workloads.flatMap((workload) => {
    const { value } = workload;
    const { path } = workload.place;
    if (!isProduction(value) || forTests.has(path)) return [];
    const isForDevelopers = value.platform === 'compose' && value.purpose === 'unknown' && isComposeForDevelopers(workload, repository);
    const entries = [...value.containers, ...value.initContainers].flatMap(({ env }) => env);
    return entries.flatMap((entry): Holding[] => {
      if (isPlainInTask(value, entry))
        return [
          { message: 'taskPlain', level: 'warning', entry, holder: value.name, place: bare(entry.value!.place), key: `task:${entry.name}` },
        ];
      if (!holdsSecret(entry.value) && !isTakenByDatabase(entry)) return [];
      const place = entry.value?.place ?? entry.place;
      const message = fallbacks.has(keyOf(place)) || fallbacks.has(keyOf(entry.place)) ? 'fallback' : 'manifest';
      // What a developer's machine takes where nothing is set; a deployment sets it.
      if (message === 'fallback' && isForDevelopers) return [];
      const level = value.platform === 'compose' ? 'warning' : 'error';
      const cause = message === 'fallback' ? path : entry.name;
      return [{ message, level, entry, holder: value.name, place, key: `${value.platform}:${message}:${cause}` }];
    });
  });
}

/** Passwords among the options of what containers start: one finding for each option. */
function reportCommands(repository: Repository, report: (finding: Report) => void): void {
  const found = repository.facts.all('workload').flatMap(({ value, place: { path } }) => {
    if (!isProduction(value) || startsTests(value) || !isJudged(repository, path)) return [];
    return value.containers.flatMap((container) => {
      const place = (container.args ?? container.command)?.place;
      return place
        ? commandsOf(container)
            .flatMap(secretOptions)
            .map((option) => ({ option, value, place: bare(place) }))
        : [];
    });
  });
  for (const [first, ...rest] of groupBy(found, ({ option, value }) => `${value.platform}:${option.name}`).values()) {
    const { option, value, place } = first!;
    report({
      message: 'manifest',
      data: { name: option.name, holder: value.name, what: option.what, article: articleOf(option.what) },
      place,
      related: rest.map((other) => ({ place: other.place, message: `\`${other.option.name}\` of \`${other.value.name}\`, too` })),
      level: value.platform === 'compose' ? 'warning' : 'error',
      subject: `command:${value.platform}:${option.name}`,
    });
  }
}

function sourceHoldings(repository: Repository): Holding[] {
  return repository.facts.all('config-source').flatMap(({ value }) => {
    if (!isProduction(value)) return [];
    return value.entries
      .filter((entry) => holdsSecret(entry.value))
      .map((entry): Holding => {
        const message = value.kind === 'secret' ? 'secret' : 'configMap';
        return { message, level: 'error', entry, holder: value.name, place: entry.place, key: `${message}:${value.name}:${entry.name}` };
      });
  });
}

/** Lines of every variable that a workload or a source of variables gives: they are judged with it. */
function entryLines(repository: Repository): ReadonlySet<string> {
  const workloads = repository.facts.all('workload').flatMap(({ value }) => [...value.containers, ...value.initContainers]);
  const sources = repository.facts.all('config-source');
  const entries = [...workloads.flatMap(({ env }) => env), ...sources.flatMap(({ value }) => value.entries)];
  const places = entries.flatMap(({ place, value }) => (value ? [place, value.place] : [place]));
  return new Set(places.flatMap((place) => [place, ...(place.decidedBy ?? [])].map(keyOf)));
}

/** One finding for each setting; the other manifests that repeat it are related. */
function reportHoldings(holdings: readonly Holding[], report: (finding: Report) => void): void {
  for (const key of new Set(holdings.map((holding) => holding.key))) {
    const [first, ...rest] = holdings.filter((holding) => holding.key === key);
    if (!first) continue;
    const what = kindOf(first.entry);
    const names = new Set([first, ...rest].map(({ entry }) => entry.name));
    report({
      message: first.message === 'fallback' ? (names.size > 1 ? 'manifestFallbacks' : 'manifestFallback') : first.message,
      data: { name: first.entry.name, holder: first.holder, what, article: articleOf(what), others: names.size - 1 },
      place: first.place,
      related: rest.map(({ place, holder, entry }) => ({ place, message: `\`${entry.name}\` of \`${holder}\`, too` })),
      level: first.level,
      subject: first.key,
    });
  }
}

/** Tells of a script whether an image that is deployed, or a container, names it: only then does what it sets reach a program. */
function scriptStarts(repository: Repository): (path: string) => boolean {
  const images = runImages(repository).map(({ lineage, context }) => ({
    context: context === '' ? '' : `${context}/`,
    text: lineage
      .flatMap(({ copies, runs, entrypoint, cmd }) => [
        ...copies.flatMap(({ sources }) => sources),
        ...runs.map(({ command }) => command),
        ...[entrypoint, cmd].flatMap((command) => command?.words ?? []),
      ])
      .join('\n'),
  }));
  const commands = repository.facts
    .all('workload')
    .filter(({ value }) => isProduction(value) && !startsTests(value))
    .flatMap(({ value }) => value.containers.flatMap(commandsOf).map((words) => words.join(' ')))
    .join('\n');
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return commands.includes(name) || images.some(({ context, text }) => path.startsWith(context) && text.includes(name));
  };
}

/** What adapters saw in manifests that are no workloads. Images and `.env` files have rules of their own. */
function reportOthers(repository: Repository, seen: ReadonlySet<string>, report: (finding: Report) => void): void {
  const starts = scriptStarts(repository);
  const runsProfile = makeRunsProfile(repository);
  const judged = repository.facts.all('secret').filter(({ value, place }) => {
    const purpose: Purpose = value.purpose ?? 'unknown';
    const isIn = isJudged(repository, place.path) || (value.provisions === true && repository.roleOf(place.path) === 'tooling');
    const isHeld = value.holder === 'manifest' ? isIn : value.holder === 'script' && starts(place.path);
    const isInUse = isProduction({ purpose }) || (purpose === 'development' && isHeld && runsProfile(place));
    return isHeld && isInUse && !seen.has(keyOf(place));
  });
  for (const [first, ...rest] of groupByModule(judged)) {
    const { value, place } = first!;
    const name = value.env ?? value.what;
    report({
      message: value.origin === 'fallback' ? 'manifestFallback' : 'manifestValue',
      data: { name, what: value.what, article: articleOf(value.what) },
      place,
      related: rest.map((other) => ({ place: other.place, message: `\`${name}\` stands here, too` })),
      level: 'warning',
      subject: `manifest:${name}`,
    });
  }
}

/** The file of settings that a profile changes: `application` of `src/main/resources/application-prod.yml`, any other by its name in each folder. */
function settingsFileOf(path: string): string {
  const [, module, name] = /^((?:.*\/)?src\/main\/)resources\/(?:.*\/)?([^/]*?)(?:\.\w+)?$/.exec(path) ?? [];
  return module === undefined ? path : `${module}${name!.replace(/^(application|bootstrap)-.*/, '$1')}`;
}

/** One setting of a module in the files of its profiles is one root cause; twice in one file are two. */
function groupByModule(facts: readonly Fact<'secret'>[]): Iterable<readonly Fact<'secret'>[]> {
  const inFile = new Map<string, number>();
  return groupBy(facts, ({ value, place }) => {
    const setting = `${value.env ?? value.what}\0${value.origin}`;
    const times = (inFile.get(`${setting}\0${place.path}`) ?? 0) + 1;
    inFile.set(`${setting}\0${place.path}`, times);
    return `${settingsFileOf(place.path)}\0${setting}\0${times}`;
  }).values();
}

/** Files that are keys, or hold nothing but a password. */
function reportKeyFiles(repository: Repository, report: (finding: Report) => void): void {
  for (const { value, place } of repository.facts.all('secret')) {
    if (value.holder !== 'key-file' || !isProduction({ purpose: value.purpose ?? 'unknown' }) || !isJudged(repository, place.path))
      continue;
    report({
      message: value.what === 'password' ? 'secretFile' : 'keyFile',
      data: { file: place.path.split('/').at(-1)! },
      place,
      level: 'warning',
      subject: `key-file:${place.path}`,
    });
  }
}

export default defineRule({
  summary: 'a password, key or token is written down in the repository',
  factors: [3, 15],
  level: 'error',
  effort: 1,
  securitySeverity: '7.5',
  docs: {
    what: 'A password, token, key, signing secret or connection string with a password stands in code, in the environment or a command of a manifest, in a settings file, in variables of Ansible outside of a vault, in a ConfigMap or in a Secret that is kept in the repository, or a file is a private key or nothing but a password; or code falls back to a fixed one when a variable is not set. Placeholders, samples, tests and references are left out, and so are lines that `gitleaks:allow`, `pragma: allowlist secret`, `secretlint-disable` or `nosemgrep:` with a rule about secrets accept.',
    why: 'Everybody who reads the repository or the image knows it, it cannot differ between deployments, and changing it means a new build. A signing secret that is known lets anybody forge sessions and tokens.',
    how: 'Read it from the environment or a mounted file, let the platform provide it from a secret store, refuse to start without it, and replace the value that was committed.',
    bad: "app.use(session({ secret: process.env.SESSION_SECRET || 'keyboard cat' }));",
    good: "app.use(session({ secret: requireEnv('SESSION_SECRET') }));",
    references: [
      'https://12factor.net/config',
      'https://cwe.mitre.org/data/definitions/798.html',
      'https://kubernetes.io/docs/concepts/configuration/secret/',
    ],
  },
  messages: {
    code: {
      text: 'Code holds {article} {what}.',
      consequence: 'Everybody who can read the repository or the image knows it, and every deployment shares it.',
      next: 'Read it from the environment, provide it from a secret store, and replace the committed value.',
    },
    fallback: {
      text: 'Code falls back to a fixed {what} when `{env}` is not set.',
      consequence: 'A deployment that forgets the variable runs with a value that everybody can read, and nobody notices.',
      next: 'Drop the fallback and refuse to start without `{env}`.',
    },
    manifest: {
      text: '`{name}` of `{holder}` holds {article} {what} in plain text.',
      consequence: 'Everybody who can read the repository or the workload knows it.',
      next: 'Take it from a secret store or a Secret that is not in the repository, and replace the committed value.',
    },
    taskPlain: {
      text: '`{name}` of `{holder}` is put into the task definition as a plain variable.',
      consequence: 'Everybody who may describe tasks reads {article} {what}, and old revisions keep it.',
      next: 'Keep it in Secrets Manager or Parameter Store, and name it under `secrets` with `valueFrom`.',
    },
    configMap: {
      text: 'ConfigMap `{holder}` holds {article} {what} in `{name}`.',
      consequence: 'ConfigMaps are neither encrypted nor guarded, and everybody who can read the repository knows it.',
      next: 'Move it to a Secret that is made outside of the repository, and replace the committed value.',
    },
    secret: {
      text: 'Secret `{holder}` is in the repository with a real value for `{name}`.',
      consequence: 'Base64 is no encryption: everybody who can read the repository knows it.',
      next: 'Make the Secret outside of the repository, or seal it (Sealed Secrets, External Secrets, SOPS), and replace the value.',
    },
    manifestFallback: {
      text: '`{name}` falls back to a fixed {what} when the variable behind it is not set.',
      consequence: 'Who starts this without setting the variable runs with a value that everybody can read.',
      next: 'Make the variable required: `${NAME:?}` in Compose.',
    },
    manifestFallbacks: {
      text: 'Settings fall back to fixed secrets when the variables behind them are not set: `{name}` and {others} more.',
      consequence: 'Who starts this without setting the variables runs with values that everybody can read.',
      next: 'Make the variables required: `${NAME:?}` in Compose.',
    },
    manifestValue: {
      text: '`{name}` holds {article} {what} in plain text.',
      consequence: 'Everybody who can read the repository knows it.',
      next: 'Take it from a secret store or from a variable that is set outside of the repository.',
    },
    secretFile: {
      text: '`{file}` holds nothing but a password, and is kept in the repository.',
      consequence: 'Everybody who can read the repository knows it, and whatever mounts the file uses it.',
      next: 'Make the file where it is deployed, keep it out of version control, and replace the value.',
    },
    keyFile: {
      text: '`{file}` is a private key that is kept in the repository.',
      consequence: 'Everybody who can read the repository can sign and decrypt with it.',
      next: 'Mount it from a secret store, and replace the key that was committed.',
    },
  },
  checkService(service, report, repository) {
    const facts = service.code
      .all('secret')
      .filter(({ value, place }) => value.origin !== 'generated' && value.holder === undefined && isJudged(repository, place.path));
    // A variable that several lines read is one to set, and a text that several calls are given is one secret.
    for (const [first, ...others] of groupBy(facts, causeOf).values()) reportCode(first!, others, report);
  },
  checkRepository(repository, report) {
    const holdings = [...workloadHoldings(repository), ...sourceHoldings(repository)].filter(({ place }) =>
      isJudged(repository, place.path),
    );
    reportHoldings(holdings, report);
    reportOthers(repository, entryLines(repository), report);
    reportCommands(repository, report);
    reportKeyFiles(repository, report);
  },
});
