import type { Condition } from '../../src/facts.ts';
import { storeOf } from '../../src/text/store-settings.ts';
import { isProduction } from '../../src/text/workload-questions.ts';
import type { Deployment, Fact, Report, Service } from '../../src/types.ts';
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
  h2: 'H2',
  hsqldb: 'HSQLDB',
  derby: 'Derby',
  rabbitmq: 'RabbitMQ',
  kafka: 'Kafka',
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

/** The same variable, given in an environment for development and in one for production, names stores of different kinds. */
function drifts(development: Deployment, production: Deployment): Report[] {
  return development.environment.given.flatMap((own): Report[] => {
    const other = production.environment.given.find(({ name }) => name === own.name);
    const [here, there] = [storeOf(own), other && storeOf(other)];
    if (!here || !there || !own.value || !other?.value || familyOf(here) === familyOf(there)) return [];
    return [
      {
        message: 'drift',
        data: { development: databases[here]!, production: databases[there]! },
        place: own.value.place,
        related: [{ place: other.value.place, message: 'production uses this one' }],
        subject: `${here}:${there}`,
      },
    ];
  });
}

export default defineRule({
  summary: 'development uses another kind of database than production',
  factors: [10],
  level: 'note',
  effort: 3,
  docs: {
    what: 'The code, or the environments in which it is deployed (overlays of Kustomize, values of a chart, Compose files), choose another kind of database or broker for development than for production, for example SQLite here and PostgreSQL there.',
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
    const production = service.deployments.filter(isProduction);
    for (const development of service.deployments.filter(({ purpose }) => purpose === 'development')) {
      for (const drift of production.flatMap((one) => drifts(development, one))) {
        if (seen.has(drift.subject)) continue;
        seen.add(drift.subject);
        report(drift);
      }
    }
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
