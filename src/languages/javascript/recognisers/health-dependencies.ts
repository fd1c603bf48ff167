import { isHealthPath } from '../../../text/health-path.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { typedChecks } from './health-typed.ts';

/** Clients of backing services: what they ask, and the methods by which code sees whether it works. */
const clients: Readonly<Record<string, { readonly on: string; readonly ask: RegExp }>> = {
  mongoose: { on: 'MongoDB', ask: /^(?:ping|command|find\w*|count\w*|exists|aggregate|estimatedDocumentCount)$/ },
  mongodb: { on: 'MongoDB', ask: /^(?:ping|command|connect|findOne|countDocuments|estimatedDocumentCount|listCollections)$/ },
  pg: { on: 'PostgreSQL', ask: /^(?:query|connect)$/ },
  'pg-promise': { on: 'PostgreSQL', ask: /^(?:query|one|any|none|oneOrNone|connect)$/ },
  postgres: { on: 'PostgreSQL', ask: /^$/ },
  mysql: { on: 'MySQL', ask: /^(?:query|ping|execute|getConnection)$/ },
  mysql2: { on: 'MySQL', ask: /^(?:query|ping|execute|getConnection)$/ },
  mssql: { on: 'SQL Server', ask: /^(?:query|batch|connect)$/ },
  oracledb: { on: 'Oracle', ask: /^(?:execute|ping|getConnection)$/ },
  redis: { on: 'Redis', ask: /^(?:ping|PING|get|set|info|sendCommand)$/ },
  ioredis: { on: 'Redis', ask: /^(?:ping|get|set|info)$/ },
  sequelize: { on: 'the database', ask: /^(?:authenticate|query|findOne|findAll|count)$/ },
  'sequelize-typescript': { on: 'the database', ask: /^(?:authenticate|query)$/ },
  '@prisma/client': {
    on: 'the database',
    ask: /^(?:\$queryRaw|\$queryRawUnsafe|\$executeRaw|\$executeRawUnsafe|\$connect|findFirst|findMany|count)$/,
  },
  typeorm: { on: 'the database', ask: /^(?:query|count|findOne|find|findOneBy)$/ },
  knex: { on: 'the database', ask: /^(?:raw|select|first)$/ },
  'drizzle-orm': { on: 'the database', ask: /^(?:execute|select)$/ },
  kafkajs: { on: 'Kafka', ask: /^(?:listTopics|describeCluster|fetchTopicMetadata)$/ },
  amqplib: { on: 'RabbitMQ', ask: /^(?:checkQueue|checkExchange|assertQueue|connect)$/ },
  '@elastic/elasticsearch': { on: 'Elasticsearch', ask: /^(?:ping|health|info)$/ },
  'cassandra-driver': { on: 'Cassandra', ask: /^(?:execute|connect)$/ },
  memcached: { on: 'Memcached', ask: /^(?:stats|get|version)$/ },
};
/** Methods that only ask whether the other side is there, wherever they stand. */
const pings = /^(?:ping|PING|authenticate|\$queryRaw|\$queryRawUnsafe|listTopics|describeCluster|checkQueue)$/;
/** Indicators of @nestjs/terminus by the class whose method is called. */
const indicators: readonly (readonly [RegExp, string])[] = [
  [/TypeOrm|Sequelize|MikroOrm|Prisma/, 'the database'],
  [/Mongoose/, 'MongoDB'],
  [/Http/, 'another service'],
  [/Microservice|GRPC/, 'another service'],
];

function checkOf(call: CallSite): { library: string; on: string } | undefined {
  const library = call.package;
  if (library === '@nestjs/terminus') {
    if (!/^(?:pingCheck|responseCheck|checkService)$/.test(call.name)) return undefined;
    const on = indicators.find(([pattern]) => pattern.test(call.path))?.[1];
    return { library, on: on ?? 'a dependency' };
  }
  const client = library !== undefined && Object.hasOwn(clients, library) ? clients[library] : undefined;
  const asks = client && (client.ask.test(call.name) || (call.how === 'tag' && library === 'postgres'));
  return asks && library !== undefined ? { library, on: client.on } : undefined;
}

const emitCheck = (call: CallSite, check: { library: string; on: string }, emit: Emit, within = call.within): void =>
  emit('dependency-check', { place: call.namePlace, when: call.when, ...(within === undefined ? {} : { within }) }, check);

/** Calls by which code asks whether a dependency works. */
export const healthDependencies: Recogniser = {
  id: 'health-dependencies',
  packages: [...Object.keys(clients), '@nestjs/terminus'],
  methods: [
    'ping',
    '$queryRaw',
    'authenticate',
    'pingCheck',
    'checkDatabase',
    'checkRedis',
    'checkDb',
    'checkDatabaseHealth',
    'checkDatabaseConnection',
    'testDatabaseConnection',
  ],
  recognise(program, emit) {
    const asked = program.calls.flatMap((call) => {
      const check = call.within === undefined ? undefined : checkOf(call);
      return check ? [{ call, check }] : [];
    });
    const handlers = healthFunctions(program);
    emitNamed(program, handlers, asked, emit);
    if (asked.length === 0) return;
    const reached = program.reached(handlers);
    for (const { call, check } of asked) {
      if (pings.test(call.name) || check.library === '@nestjs/terminus' || reached.has(call.within!)) emitCheck(call, check, emit);
    }
    for (const handler of handlers) emitTyped(handler, asked, program, emit);
  },
};

/** `await this.health.checkDatabase(…)`: where nothing shows how it asks, the name says whom. */
const named: readonly (readonly [RegExp, string])[] = [
  [/mongo/i, 'MongoDB'],
  [/postgres/i, 'PostgreSQL'],
  [/mysql/i, 'MySQL'],
  [/redis/i, 'Redis'],
  [/kafka/i, 'Kafka'],
  [/rabbit/i, 'RabbitMQ'],
  [/elastic/i, 'Elasticsearch'],
  [/database|db/i, 'the database'],
];
const asksByName =
  /^(?:check|ping|test|verify)(?:Database|D[bB]|Mongo(?:D[bB]|ose)?|Postgres(?:ql|QL)?|My[sS][qQ][lL]|Redis|Kafka|Rabbit(?:MQ|Mq)?|Elastic(?:search|Search)?)(?:Connection|Connectivity|Health|Status|Availability)?$/;

function emitNamed(program: ProgramView, handlers: readonly string[], asked: readonly Asked[], emit: Emit): void {
  for (const handler of handlers) {
    const reached = program.reached([handler]);
    if (asked.some(({ call }) => reached.has(call.within!))) continue;
    for (const call of program.callsWithin(handler)) {
      const on = call.result === 'awaited' && asksByName.test(call.name) ? named.find(([word]) => word.test(call.name)) : undefined;
      if (on) emitCheck(call, { library: call.name, on: on[1] }, emit);
    }
  }
}

interface Asked {
  readonly call: CallSite;
  readonly check: { readonly library: string; readonly on: string };
}
/** A health handler that asks through an interface or an injected type: types tell what stands behind it. */
function emitTyped(handler: string, asked: readonly Asked[], program: ProgramView, emit: Emit): void {
  const known = program.reached([handler]);
  if (!/\.[cm]?tsx?#\d+$/.test(handler) || asked.some(({ call }) => known.has(call.within!))) return;
  for (const { call, check } of typedChecks(known, asked, program)) emitCheck(call, check, emit, handler);
}

/** Handlers of calls and decorators whose path looks like health: `app.get('/live', handler)`, `@Get('ready')`. */
export function healthFunctions(program: ProgramView): readonly string[] {
  return program.calls.flatMap((call) => {
    if (call.decorates?.function !== undefined) return isHealthDecorator(call) ? [call.decorates.function] : [];
    if (call.given < 2 || call.package === '' || call.how !== 'call') return [];
    const first = call.firstArgument;
    const path = first?.is === 'literal' && typeof first.value === 'string' ? first.value : undefined;
    if (path === undefined || !path.startsWith('/') || !isHealthPath(path)) return [];
    return call.args.slice(1).flatMap((value) => (value.is === 'function' ? [value.id, ...(value.around ?? [])] : []));
  });
}
const isHealthDecorator = (call: CallSite): boolean => {
  if (call.name === 'HealthCheck') return true;
  if (!/^(?:Get|All|Head|httpGet)$/.test(call.name)) return false;
  const first = call.firstArgument;
  const path = first?.is === 'literal' ? String(first.value) : '';
  return isHealthPath(`/${path}`) || /health|live|ready|probe/i.test(call.decorates?.className ?? '');
};
