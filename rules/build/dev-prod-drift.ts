import type { Condition } from '../../src/facts.ts';
import type { Fact, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

type Store = Fact<'backing-service'>;
const databases: Readonly<Record<string, string>> = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  sqlite: 'SQLite',
  mongodb: 'MongoDB',
  mssql: 'SQL Server',
  oracle: 'Oracle',
  nedb: 'NeDB',
};
/** One speaks the language of the other. */
const families: Readonly<Record<string, string>> = { mariadb: 'mysql' };
const familyOf = (technology: string): string => families[technology] ?? technology;

const environmentName = /^(?:NODE_ENV|APP_ENV|NODE_ENVIRONMENT|ENVIRONMENT)$/;
const development = /^(?:dev|develop|development|local)$/;
const isDevelopment = ({ env, test, value = '' }: Condition): boolean =>
  environmentName.test(env) && ((test === 'equals' && development.test(value)) || (test === 'differs' && /^prod/.test(value)));

const samePlace = (a: Store, b: Store): boolean =>
  a.place.path === b.place.path && a.place.line === b.place.line && a.place.column === b.place.column;

/** The store that the same library takes in development, where it is of another kind. */
function counterpart(store: Store, service: Service, all: readonly Store[]): Store | undefined {
  const own = new Set(service.code.all('module').map(({ value }) => value.path));
  return all.find(
    ({ value, when, place }) =>
      Object.hasOwn(databases, value.technology) &&
      value.library === store.value.library &&
      familyOf(value.technology) !== familyOf(store.value.technology) &&
      own.has(place.path) &&
      when?.some(isDevelopment) === true,
  );
}

export default defineRule({
  summary: 'development uses another kind of database than production',
  factors: [10],
  level: 'note',
  effort: 3,
  docs: {
    what: 'The code chooses another kind of database for development than for production, for example SQLite here and PostgreSQL there.',
    why: 'Types, locks, transactions and migrations differ: what works on every desk can fail in production first.',
    how: 'Use the same database everywhere; in development, start it in a container.',
    bad: "dialect: process.env.NODE_ENV === 'production' ? 'postgres' : 'sqlite'",
    good: "dialect: 'postgres'",
    references: ['https://12factor.net/dev-prod-parity'],
  },
  messages: {
    drift: {
      text: 'Development uses {development}, and production uses {production}.',
      consequence: 'Differences between the two show in production first.',
      next: 'Use {production} in development as well, for example in a container.',
    },
  },
  checkService(service, report, repository) {
    const all = repository.facts.all('backing-service');
    const seen = new Set<string>();
    for (const store of service.code.all('backing-service')) {
      if (!Object.hasOwn(databases, store.value.technology) || !store.when?.some(({ env }) => environmentName.test(env))) continue;
      const other = counterpart(store, service, all);
      const key = other && `${other.value.technology}:${store.value.technology}`;
      if (!other || !key || seen.has(key)) continue;
      seen.add(key);
      report({
        message: 'drift',
        data: { development: databases[other.value.technology]!, production: databases[store.value.technology]! },
        place: other.place,
        related: samePlace(other, store) ? [] : [{ place: store.place, message: 'production uses this one' }],
        subject: key,
      });
    }
  },
});
