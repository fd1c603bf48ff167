import type { FactValues, Value } from '../../../facts.ts';
import { defaultPortOf, internalAddress } from '../../../text/addresses.ts';
import { isDescriptivePath } from '../../../text/secret-literals.ts';
import { isPlaceholder } from '../../../text/secret-shapes.ts';
import { isDevelopmentFile, isDevelopmentOnly } from '../development.ts';
import { alternativesOf, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { dottedOf } from '../value-shapes.ts';
import { emitLinks } from './endpoints-links.ts';

interface Client {
  readonly pattern: RegExp;
  readonly role: FactValues['endpoint']['role'];
  readonly name: string;
  readonly index: number;
  /** The argument is a host, not a URL. */
  readonly bare?: true;
  readonly port?: number;
}
const clients: readonly Client[] = [
  {
    pattern: /^redis\.(?:asyncio\.)?(?:client\.)?(?:Redis|StrictRedis|ConnectionPool)$/,
    role: 'cache',
    name: 'host',
    index: 0,
    bare: true,
    port: 6379,
  },
  { pattern: /^redis\.(?:asyncio\.)?(?:\w+\.)?from_url$/, role: 'cache', name: 'url', index: 0, port: 6379 },
  {
    pattern: /^pymongo\.(?:mongo_client\.)?MongoClient$|^motor\.motor_asyncio\.AsyncIOMotorClient$/,
    role: 'database',
    name: 'host',
    index: 0,
    bare: true,
    port: 27017,
  },
  { pattern: /^psycopg2?\.connect$|^asyncpg\.(?:connect|create_pool)$/, role: 'database', name: 'host', index: 9, bare: true, port: 5432 },
  {
    pattern: /^(?:pymysql|MySQLdb|mysql\.connector|aiomysql)\.(?:\w+\.)?(?:connect|create_pool)$/,
    role: 'database',
    name: 'host',
    index: 0,
    bare: true,
    port: 3306,
  },
  { pattern: /^sqlalchemy\.(?:\w+\.)*create_(?:async_)?engine$|^sqlmodel\.create_engine$/, role: 'database', name: 'url', index: 0 },
  { pattern: /^pika\.(?:connection\.)?(?:ConnectionParameters)$/, role: 'broker', name: 'host', index: 0, bare: true, port: 5672 },
  { pattern: /^pika\.(?:connection\.)?URLParameters$|^aio_pika\.connect(?:_robust)?$/, role: 'broker', name: 'url', index: 0, port: 5672 },
  { pattern: /^celery\.(?:app\.)?Celery$/, role: 'broker', name: 'broker', index: 9 },
  {
    pattern: /^(?:kafka|aiokafka)\.(?:KafkaProducer|KafkaConsumer|AIOKafkaProducer|AIOKafkaConsumer)$/,
    role: 'broker',
    name: 'bootstrap_servers',
    index: 9,
    bare: true,
    port: 9092,
  },
  { pattern: /^elasticsearch\.(?:Async)?Elasticsearch$/, role: 'database', name: 'hosts', index: 0, port: 9200 },
  { pattern: /^(?:requests|httpx)\.(?:get|post|put|patch|delete|head|request)$/, role: 'http', name: 'url', index: 0 },
  {
    pattern: /^(?:requests\.[Ss]ession|httpx\.(?:Async)?Client|aiohttp\.ClientSession)\(\)\.(?:get|post|put|patch|delete)$/,
    role: 'http',
    name: 'url',
    index: 0,
  },
  { pattern: /^grpc\.(?:aio\.)?(?:insecure_channel|secure_channel)$/, role: 'http', name: 'target', index: 0, bare: true },
];

/** `f'postgresql://{user}:{password}@db:5432/shop'`: who asks is told, and not where. */
function hostBehindUser(value: Value): string | undefined {
  if (value.is !== 'text') return undefined;
  const texts = value.parts.map((part) => (part.is === 'literal' ? String(part.value) : ''));
  const scheme = /^[a-z][a-z0-9+.-]{1,20}:\/\//i.exec(texts[0] ?? '')?.[0];
  const host = texts.map((text) => /^[^/]{0,100}@([\w.-]{1,100}(?::\d{1,5})?)\//.exec(text)?.[1]).find((one) => one !== undefined);
  return scheme === undefined || host === undefined ? undefined : `${scheme.replace(/\+\w+(?=:)/, '')}${host}/`;
}

/** Settings that libraries of Flask and Celery read themselves. */
const settings: readonly (readonly [string, Client['role']])[] = [
  ['SQLALCHEMY_DATABASE_URI', 'database'],
  ['MONGO_URI', 'database'],
  ['CELERY_BROKER_URL', 'broker'],
  ['BROKER_URL', 'broker'],
  ['CELERY_RESULT_BACKEND', 'cache'],
  ['CACHE_REDIS_URL', 'cache'],
];

/** Settings of Django whose addresses stand further inside; `*` is each entry. */
const nestedSettings: readonly (Pick<Client, 'role' | 'name' | 'port' | 'bare'> & { readonly keys: readonly string[] })[] = [
  { name: 'DATABASES', keys: ['*', 'HOST'], role: 'database', bare: true },
  { name: 'CACHES', keys: ['*', 'LOCATION'], role: 'cache' },
  { name: 'CHANNEL_LAYERS', keys: ['*', 'CONFIG', 'hosts'], role: 'cache', bare: true, port: 6379 },
];
const anyClient = { pattern: /^$/, index: 0 };

function inside(value: Value, keys: readonly string[]): readonly Value[] {
  const [key, ...rest] = keys;
  if (key === undefined) return [value];
  if (value.is !== 'object') return [];
  // SQLite has no host, whatever the entry says.
  const isFile = /sqlite/.test(JSON.stringify(value.properties['ENGINE'] ?? ''));
  const found = key === '*' ? Object.values(value.properties) : isFile ? [] : [value.properties[key]];
  return found.flatMap((one) => (one === undefined ? [] : inside(one, rest)));
}

function readSetting(name: string, keys: readonly string[], client: Client, program: ProgramView, seen: Set<string>, emit: Emit): void {
  for (const { value, when = [], within } of program.settings(name)) {
    const site = { when, named: () => undefined, ...(within === undefined ? {} : { within }) };
    for (const one of inside(value, keys)) readValue(one, site, client, program, seen, emit);
  }
}

/** Literals that an argument comes to; what a variable may replace is none. */
function literalsOf(value: Value | undefined): readonly {
  readonly value: Value;
  readonly text: string;
  readonly when: readonly { env: string; test: 'set' | 'unset' | 'equals' | 'differs'; value?: string }[];
}[] {
  const all = alternativesOf(value);
  const isReplaceable = all.some(({ value: one, env }) => one.is === 'env' || env !== undefined);
  if (isReplaceable) return [];
  return all.flatMap(({ value: one, when }) => {
    if (one.is === 'list') return one.items.flatMap(literalsOf);
    const start = one.is === 'text' && one.parts[0]?.is === 'literal' ? String(one.parts[0].value) : undefined;
    const isWholeHost = start !== undefined && /:\/\/[^/:@]+(?::\d+)?\//.test(start);
    const text = one.is === 'literal' && typeof one.value === 'string' ? one.value : isWholeHost ? start : hostBehindUser(one);
    return text === undefined ? [] : [{ value: one, text, when }];
  });
}

/** Settings of Flask are defaults where a variable, or a file that one names, replaces them. */
const areDefaults = (program: ProgramView): boolean =>
  program
    .callsNamed('from_envvar', 'from_prefixed_env', 'from_pyfile')
    .some(({ name, args }) => name !== 'from_pyfile' || !/^[^/]/.test(textOf(args[0]) ?? ''));

/** `app.config['STORE']` is what the configuration sets. */
function configured(value: Value | undefined, program: ProgramView): readonly (Value | undefined)[] {
  const name = value?.is === 'member' ? /^\[(\w+)\]$/.exec(value.name)?.[1] : undefined;
  const isConfig = value?.is === 'member' && /(?:^|\.)config$/.test(dottedOf(value.of) ?? '');
  if (name === undefined || !isConfig) return [value];
  return areDefaults(program) ? [] : program.settings(name).map((setting) => setting.value);
}

type Site = Pick<CallSite, 'when' | 'within' | 'named'>;

function readValue(given: Value | undefined, call: Site, client: Client, program: ProgramView, seen: Set<string>, emit: Emit): void {
  for (const { value, text, when } of literalsOf(given)) {
    const address = internalAddress(text, client.bare === true);
    const { path, line } = value.place;
    if (!address || isPlaceholder(address.host) || isDevelopmentFile(path, program.root) || isDescriptivePath(path, program.root)) continue;
    if (!text.includes('://') && !client.bare) continue;
    const key = `${path}:${line}:${address.host}`;
    const all = [...call.when, ...when];
    if (seen.has(key) || isDevelopmentOnly(all)) continue;
    seen.add(key);
    const written = call.named('port');
    const port =
      address.port ??
      (written?.is === 'literal' && typeof written.value === 'number' ? written.value : undefined) ??
      defaultPortOf(address.scheme) ??
      client.port;
    emit(
      'endpoint',
      { place: value.place, when: all, ...(call.within === undefined ? {} : { within: call.within }) },
      {
        host: address.host,
        overridable: false,
        role: client.role,
        ...(port === undefined ? {} : { port }),
        ...(address.scheme ? { scheme: address.scheme } : {}),
      },
    );
  }
}

/** Addresses of backing services and peers that no variable can replace. */
export const endpoints: Recogniser = {
  id: 'endpoints',
  recognise(program, emit) {
    const seen = new Set<string>();
    for (const call of program.calls) {
      const client = clients.find(({ pattern }) => call.dotted !== undefined && pattern.test(call.dotted));
      if (!client) continue;
      for (const value of configured(call.argument(client.name, client.index), program))
        readValue(value, call, client, program, seen, emit);
    }
    if (!areDefaults(program))
      for (const [name, role] of settings) readSetting(name, [], { ...anyClient, role, name }, program, seen, emit);
    for (const { name, keys, ...client } of nestedSettings) readSetting(name, keys, { ...anyClient, ...client, name }, program, seen, emit);
    emitLinks(program, emit);
  },
};
