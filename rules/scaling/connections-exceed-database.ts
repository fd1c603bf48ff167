import type { Container, Setting } from '../../src/facts.ts';
import { isProduction } from '../../src/text/workload-questions.ts';
import type { Fact, Place, Related, Repository, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

interface Limit {
  readonly value: number;
  readonly isDefault: boolean;
  readonly place: Place;
}

/** Servers by the technology that clients name: image names, the documented default, and the name of the setting. */
const servers: Readonly<Record<string, { readonly images: RegExp; readonly connections: number }>> = {
  postgresql: { images: /(^|\/)(postgres|postgresql|postgis|timescaledb|pgvector)(:|@|$)/, connections: 100 },
  mysql: { images: /(^|\/)(mysql|mysql-server)(:|@|$)/, connections: 151 },
  mariadb: { images: /(^|\/)mariadb(:|@|$)/, connections: 151 },
};
/** A mounted configuration file may set the limit as well. */
const configMount = /(^|\/)(conf|config|conf\.d|my\.cnf|postgresql\.conf|etc\/mysql|etc\/postgresql)/;

const wordsOf = (setting: Setting<readonly string[]> | undefined): readonly string[] | undefined =>
  setting === undefined ? [] : setting.known ? setting.value : undefined;

/** `POSTGRESQL_MAX_CONNECTIONS` and the like, which the entry points of some images read. */
const variable = /(?:^|_)MAX_CONNECTIONS$/;

function limitOf(container: Container, fallback: number): Limit | undefined {
  const words = [wordsOf(container.command), wordsOf(container.args)];
  if (words.includes(undefined)) return undefined;
  const set = /max[_-]connections[= ](\d{1,6})/.exec(words.flat().join(' '));
  const place = container.args?.place ?? container.command?.place ?? container.namePlace;
  if (set) return { value: Number(set[1]), isDefault: false, place };
  const given = container.env.find(({ name }) => variable.test(name));
  if (given) {
    const value = given.value?.known ? Number(given.value.value) : Number.NaN;
    return Number.isInteger(value) && value > 0 ? { value, isDefault: false, place: given.place } : undefined;
  }
  if (container.mounts.some(({ path }) => !path.known || configMount.test(path.value))) return undefined;
  return { value: fallback, isDefault: true, place: container.namePlace };
}

/** The one server of this technology that runs in production; several, or none, decide nothing. */
function findLimit(repository: Repository, technology: string): Limit | undefined {
  const server = Object.hasOwn(servers, technology) ? servers[technology] : undefined;
  if (!server) return undefined;
  const limits = repository.facts
    .all('workload')
    .filter(({ value }) => isProduction(value))
    .flatMap(({ value }) => value.containers)
    .filter(({ image }) => image?.known && server.images.test(image.value))
    .map((container) => limitOf(container, server.connections));
  return limits.length === 1 ? limits[0] : undefined;
}

function poolSize(service: Service, { value }: Fact<'backing-service'>): number | undefined {
  if (!value.poolMax) return value.defaultPoolMax;
  const { values, complete } = service.literals(value.poolMax);
  const size = values.length === 1 && complete ? Number(values[0]!.value) : Number.NaN;
  return Number.isInteger(size) && size > 0 ? size : undefined;
}

export default defineRule({
  summary: 'all copies together open more connections than the database accepts',
  factors: [8, 4],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'The size of the connection pool times the greatest number of copies is above the `max_connections` of the database that the repository runs.',
    why: 'At full scale new copies get no connection: scaling out makes the service fail.',
    how: 'Make the pool smaller, put a pooler such as PgBouncer in between, or raise `max_connections` together with its memory.',
    bad: 'new Pool({ max: 50 })   // and maxReplicas: 10',
    good: 'new Pool({ max: 8 })   // and maxReplicas: 10',
    references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html'],
  },
  messages: {
    beyond: {
      text: 'Each of up to {copies} copies opens {pool} connections: {total} in all, and the database accepts {limit}.',
      consequence: 'At full scale new copies get no connection, and requests fail.',
      next: 'Make the pool smaller, add a connection pooler, or raise the limit of the database.',
    },
  },
  checkService(service, report, repository) {
    const copies = service.copies.max;
    if (service.copies.count !== 'many' || copies === undefined) return;
    for (const fact of service.code.all('backing-service')) {
      const pool = fact.value.embedded ? undefined : poolSize(service, fact);
      const limit = pool === undefined ? undefined : findLimit(repository, fact.value.technology);
      if (pool === undefined || !limit || pool * copies <= limit.value) continue;
      const message = limit.isDefault ? `this server accepts ${limit.value} connections by default` : `the limit is ${limit.value}`;
      const related: Related[] = [...service.copies.evidence, { place: limit.place, message }];
      report({
        message: 'beyond',
        data: { copies, pool, total: pool * copies, limit: limit.value },
        place: fact.value.poolMax?.place ?? fact.place,
        related,
        subject: `${fact.value.library}:pool`,
      });
    }
  },
});
