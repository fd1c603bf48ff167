import { parseAddress } from '../../src/text/addresses.ts';
import type { Fact, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

type Store = Fact<'backing-service'>;
interface Use {
  readonly service: Service;
  readonly fact: Store;
  readonly host: string;
  readonly database: string;
}
const databases = new Set(['postgresql', 'mysql', 'mariadb', 'mongodb', 'mssql', 'oracle', 'cockroachdb', 'couchdb']);

const only = (service: Service, value: Store['value']['address']): string | undefined => {
  const { values, complete } = service.literals(value);
  return values.length === 1 && complete ? String(values[0]!.value) : undefined;
};

/** Host and database of `scheme://…@host/database`, or of two settings. User and password are never read. */
function useOf(service: Service, fact: Store): Use | undefined {
  const address = only(service, fact.value.address);
  if (address === undefined) return undefined;
  const parsed = parseAddress(address, true);
  const inUrl = /^[a-z+]{2,20}:\/\/[^/]{1,500}\/([\w.-]{1,100})/i.exec(address)?.[1];
  const database = only(service, fact.value.database) ?? inUrl;
  if (!parsed || !database || /^(?:localhost|127\.)/.test(parsed.host)) return undefined;
  return { service, fact, host: `${parsed.host.toLowerCase()}:${parsed.port ?? ''}`, database };
}

/** Programs of one source folder, or with one data module, belong together. */
const areApart = (a: Use, b: Use): boolean =>
  a.service !== b.service && a.service.root !== b.service.root && a.fact.place.path !== b.fact.place.path;

export default defineRule({
  summary: 'two services use one database',
  factors: [4],
  level: 'warning',
  effort: 7,
  docs: {
    what: 'Two services with code of their own connect to the same database of the same server. Services that share one source folder or one data module, and separate databases on one server, are left out.',
    why: 'A change of the schema for one breaks the other, and neither can be scaled, moved or deployed without the other.',
    how: 'Give each service its own database (or schema and user), and let others ask through its interface.',
    bad: 'orders:  DATABASE_URL=postgres://db/shop\nbilling: DATABASE_URL=postgres://db/shop',
    good: 'orders:  DATABASE_URL=postgres://db/orders\nbilling: DATABASE_URL=postgres://db/billing',
    references: ['https://microservices.io/patterns/data/database-per-service.html'],
  },
  messages: {
    shared: {
      text: '`{first}` and `{second}` use the same database `{database}`.',
      consequence: 'A change of the schema for one breaks the other, so they can only be deployed together.',
      next: 'Give each service a database of its own, and let the other ask through its interface.',
    },
  },
  checkRepository(repository, report) {
    const uses = repository.services.flatMap((service) =>
      service.code
        .all('backing-service')
        .filter(({ value }) => !value.embedded && databases.has(value.technology))
        .flatMap((fact) => useOf(service, fact) ?? []),
    );
    const groups = new Map<string, Use[]>();
    for (const use of uses) {
      const key = `${use.fact.value.technology}:${use.host}:${use.database}`;
      groups.set(key, [...(groups.get(key) ?? []), use]);
    }
    for (const [key, [first, ...others]] of groups) {
      const apart = first ? others.filter((other) => areApart(first, other)) : [];
      const [second] = apart;
      if (!first || !second) continue;
      report({
        message: 'shared',
        data: { first: first.service.name, second: second.service.name, database: first.database },
        place: first.fact.place,
        related: apart.map(({ service, fact }) => ({ place: fact.place, message: `\`${service.name}\` connects here` })),
        subject: key,
      });
    }
  },
});
