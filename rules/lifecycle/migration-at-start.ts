import { migrationCommand } from '../../src/text/migration-commands.ts';
import { leavesSchema, schemaVariables } from '../../src/text/orm-variables.ts';
import { runProcesses } from '../../src/text/process-questions.ts';
import { purposeOf } from '../../src/text/purpose.ts';
import { splitCommands } from '../../src/text/shell-words.ts';
import type { Place, Process, Related, Repository, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

interface Change {
  readonly how: string;
  readonly place: Place;
  /** The command of the image or manifest that leads to it. */
  readonly startedBy?: Place;
  /** The call of the program's start that leads to it. */
  readonly from?: Place;
  /** Copies wait for each other. */
  readonly locks?: true;
}

/** Brokers and caches, which a service uses beside its database. */
const withoutSchema = new Set(['kafka', 'rabbitmq', 'redis', 'memcached', 'elasticsearch', 'nats', 'amqp']);
/** Databases that live in the process have no other copy to race with. */
const hasServerDatabase = (service: Service): boolean => {
  const stores = service.code.all('backing-service').filter(({ value }) => !withoutSchema.has(value.technology));
  return stores.length === 0 || stores.some(({ value }) => !value.embedded);
};

const codeChanges = (service: Service): readonly Change[] =>
  service.code
    .all('schema-change')
    .filter(({ value }) => value.command === undefined)
    .map(({ value, place }) => ({
      how: `${value.library} ${value.how}`,
      place,
      ...(value.from ? { from: value.from } : {}),
      ...(value.locks ? { locks: value.locks } : {}),
    }));

/** Variables of deployments that tell Hibernate to change it. */
const variableChanges = (service: Service, repository: Repository): readonly Change[] =>
  schemaVariables(service, repository).map(({ how, entry }) => ({ how, place: entry.value?.place ?? entry.place }));
/** Settings that a variable of the deployment replaces. */
const isReplaceable = ({ how }: Change): boolean => /^JPA (?:spring\.jpa|quarkus)\./.test(how);

/** What works with every database stays when it moves out of the process; scripts that fill an embedded one belong to it. */
const staysBehind = ({ how }: Change): boolean =>
  (how.startsWith('JPA ') && /(?:create|update|drop|extend)[\w-]*$/i.test(how)) ||
  /^(?:gorm AutoMigrate|ent Create|xorm Sync2?)$/.test(how);

/** `flask deploy`, `python manage.py deploy`: a command of the program's own that changes the schema. */
function ownCommand(words: readonly string[], service: Service): string | undefined {
  const at = words.findIndex((word) => /(?:^|\/)(?:flask|manage\.py)$/.test(word));
  const name = at < 0 ? undefined : words.slice(at + 1).find((word) => !word.startsWith('-'));
  const isKnown = name !== undefined && service.code.all('schema-change').some(({ value }) => value.command === name);
  return isKnown ? `${words[at]!.split('/').at(-1)} ${name}` : undefined;
}

/** Programs that run until they are stopped, as production starts them. Jobs and init containers are the right place. */
const processesOf = (service: Service): readonly Process[] => runProcesses(service).map(({ process }) => process);

/** `sh -c "prisma migrate deploy"`, with nothing that follows: a job of its own, whatever the workload says. */
function onlyMigrates({ steps }: Process): boolean {
  const [first, ...others] = steps;
  if (!first) return false;
  if (others.length === 0) return first.form !== 'shell';
  const [shell = '', flag, script = ''] = first.words;
  if (!/(?:^|\/)(?:ba|a|da)?sh$/.test(shell) || flag !== '-c') return false;
  const work = splitCommands(script).filter(({ words }) => !/^(?:sleep|echo|cd|wait\S*)$/.test(words[0]!.split('/').at(-1)!));
  return work.length > 0 && work.every(({ words }) => migrationCommand(words) !== undefined);
}

/** A script in a folder for development (`compose/local/start`), which a Compose file without a purpose may name. */
const isElsewhere = ({ path }: Place): boolean =>
  ['development', 'test'].includes(purposeOf(`${path.split('/').slice(0, -1).join('/')}/start`));

function commandChanges(service: Service): readonly Change[] {
  return processesOf(service).flatMap((process) =>
    process.steps.flatMap(({ words, place }, index) => {
      const { steps } = process;
      const how = migrationCommand(words) ?? ownCommand(words, service);
      const isOnly = onlyMigrates(process);
      // The step that a script name leads to says it better.
      const isNamed =
        steps[index + 1] !== undefined && migrationCommand(steps[index + 1]!.words) !== undefined && /\brun\b/.test(how ?? '');
      const startedBy = steps[0]!.place;
      return how && !isOnly && !isNamed && !isElsewhere(place) ? [{ how, place, startedBy }] : [];
    }),
  );
}

const startScripts = ['prestart', 'start', 'prestart:prod', 'start:prod'];
/** `npm start`, which platforms run that build without an image. */
function scriptChanges(service: Service): readonly Change[] {
  const scripts = service.package?.value.scripts ?? {};
  return startScripts.flatMap((name) => {
    const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
    if (!script) return [];
    const how = splitCommands(script.command)
      .map(({ words }) => migrationCommand(words[0] === 'cross-env' ? words.slice(1).filter((word) => !word.includes('=')) : words))
      .find((command) => command !== undefined);
    return how ? [{ how, place: script.place }] : [];
  });
}

const distinct = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [`${change.place.path}:${change.place.line}`, change])).values(),
];

const isElsewhereThan = (place: Place, other: Place | undefined): other is Place =>
  other !== undefined && (other.path !== place.path || other.line !== place.line);
/** Where a reader finds the command, or the call, that leads to it. */
const startOf = ({ place, startedBy, from }: Change): readonly Related[] => [
  ...(isElsewhereThan(place, startedBy) ? [{ place: startedBy, message: 'the start command leads to it' }] : []),
  ...(isElsewhereThan(place, from) ? [{ place: from, message: 'the start of the program leads to it' }] : []),
];

export default defineRule({
  summary: 'each copy changes the database schema when it starts',
  factors: [12, 5],
  level: 'warning',
  effort: 3,
  docs: {
    what: 'The start of the service migrates or synchronises the schema of its database: in the start command, in the entry script, or in code (`sequelize.sync()`, `synchronize: true`, `knex.migrate.latest()`). Jobs, init containers and scripts that are run by hand are left out.',
    why: 'Copies that start together change the schema at once, a slow migration makes health checks kill the copy in the middle, and old copies meet the new schema.',
    how: 'Run migrations once for each release: in a Job, a Helm hook, or the release step of the platform.',
    bad: 'CMD ["sh", "-c", "prisma migrate deploy && node server.js"]',
    good: 'CMD ["node", "server.js"]   # and a Job that runs prisma migrate deploy',
    references: ['https://12factor.net/admin-processes', 'https://12factor.net/build-release-run'],
  },
  messages: {
    command: {
      text: 'The start command runs `{how}` in every copy.',
      consequence: 'Copies that start together change the schema at once, and a failed migration stops them all.',
      next: 'Run it once for each release, as a Job or a release step.',
    },
    code: {
      text: 'Every copy changes the schema of the database when it starts: `{how}`.',
      consequence: 'Copies that start together change the schema at once, while old copies still use it.',
      next: 'Run migrations once for each release, as a Job or a release step.',
    },
    locked: {
      text: '{library} changes the schema of the database when a copy starts.',
      consequence: 'Copies wait for its lock before they serve, a slow change delays every start, and old copies meet the new schema.',
      next: 'Run migrations once for each release, as a Job or a release step, or keep each change compatible with the version before.',
    },
    embedded: {
      text: 'Every copy makes the schema of its own embedded database when it starts: `{how}`.',
      consequence: 'With a database that copies share, each start would change or drop the schema under the others.',
      next: 'Switch it off with the move to a database server, and run migrations once for each release.',
    },
  },
  checkService(service, report, repository) {
    if (service.kind === 'job' || service.kind === 'database' || service.kind === 'third-party') return;
    const commands = commandChanges(service);
    const isShared = hasServerDatabase(service);
    const left = leavesSchema(service, repository);
    const settings = codeChanges(service).filter((change) => (isShared || staysBehind(change)) && !(left && isReplaceable(change)));
    const code = [...variableChanges(service, repository), ...settings];
    const isStartedByPackage = processesOf(service).length === 0;
    const scripts = commands.length > 0 || isStartedByPackage ? scriptChanges(service) : [];
    const [first, ...others] = distinct([
      ...commands,
      ...scripts,
      ...code.filter(({ locks }) => !locks),
      ...code.filter(({ locks }) => locks),
    ]);
    if (!first) return;
    const isCode = code.some(({ place }) => place === first.place);
    report({
      message: !isCode ? 'command' : first.locks ? 'locked' : isShared ? 'code' : 'embedded',
      level: isCode && (first.locks || !isShared) ? 'note' : 'warning',
      data: first.locks ? { library: first.how.split(' ')[0]! } : { how: first.how },
      place: first.place,
      related: [
        ...startOf(first),
        ...others.slice(0, 20).map(({ place, how }): Related => ({ place, message: `\`${how}\` here as well` })),
      ],
      subject: first.how,
    });
  },
});
