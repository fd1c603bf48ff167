/** State that all copies share: sessions, rate limits and socket rooms in Redis. */
import type { Node } from '@babel/types';
import type { Edit, Finding, Fix, Place, Service } from '../types.ts';
import { type FixContext, type FixMaker, makeFix, serviceOf } from './fix-maker.ts';
import { addDependencies } from './packages.ts';
import {
  addProperty,
  type Call,
  callAt,
  importLine,
  insertAt,
  insertBefore,
  isCall,
  isModule,
  nodesAround,
  placeOf,
  propertyOf,
  quote,
  replaceNode,
  scriptOf,
  semicolon,
  textOf,
  usedNames,
  walk,
} from './script-edit.ts';
import type { Script } from './scripts.ts';
import { declareVariable, findRedis, nameSecrets, type Variable } from './variables.ts';

const client = 'redisClient';
const redisRange = '^5.8.0';

interface Store {
  /** Package with the store, and the name that it exports. */
  readonly package: string;
  readonly range: string;
  readonly exported: string;
  /** Name of it in the file when the first is taken. */
  readonly alias: string;
  /** What takes the store, from which major version on. */
  readonly host?: { readonly package: string; readonly from: number };
  /** What the package needs beside it. */
  readonly needs?: Readonly<Record<string, string>>;
}
const sessionStore: Store = { package: 'connect-redis', range: '^9.0.0', exported: 'RedisStore', alias: 'RedisSessionStore' };
/** The store is one of express-session, which other libraries take as well. */
const pluginStore: Store = { ...sessionStore, needs: { 'express-session': '^1.18.2' } };
const limitStore: Store = {
  package: 'rate-limit-redis',
  range: '^4.3.1',
  exported: 'RedisStore',
  alias: 'RedisLimitStore',
  host: { package: 'express-rate-limit', from: 6 },
};
const socketAdapter: Store = {
  package: '@socket.io/redis-streams-adapter',
  range: '^0.3.1',
  exported: 'createAdapter',
  alias: 'createRedisAdapter',
  host: { package: 'socket.io', from: 4 },
};

/** The client of an earlier fix serves again. */
const hasClient = ({ text }: Script): boolean => text.includes(`const ${client} = createClient({`);

interface Plan {
  readonly local: string;
  readonly head: readonly Edit[];
}
/** Imports and client at the head of the file; `undefined` when a name is taken. */
function planHead(script: Script, use: Place, { package: from, exported, alias }: Store): Plan | undefined {
  const used = usedNames(script);
  const local = used.has(exported) ? alias : exported;
  if (used.has(local) || (!hasClient(script) && (used.has(client) || used.has('createClient')))) return undefined;
  const names = local === exported ? exported : isModule(script) ? `${exported} as ${local}` : `${exported}: ${local}`;
  const end = semicolon(script);
  const imports = [importLine(script, names, from), ...(hasClient(script) ? [] : [importLine(script, 'createClient', 'redis')])];
  const statements = hasClient(script)
    ? []
    : [
        `const ${client} = createClient({ url: process.env.REDIS_URL })${end}`,
        `${client}.on(${quote(script, 'error')}, console.error)${end}`,
        `${client}.connect().catch(console.error)${end}`,
      ];
  return { local, head: insertBefore(script, script.lines.offset(use.line, use.column), imports, statements) };
}

/** The first major version of a range; `undefined`: not a plain version. */
const majorOf = (range: string | undefined): number | undefined => {
  const major = /^[~^]?v?(\d{1,4})\b/.exec(range ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
};
/** What is there already has to have the interface that the new lines use, and what they are given to has to know it. */
function fitsService(service: Service, { package: name, range, host }: Store): boolean {
  const dependencies = service.package?.value.dependencies ?? {};
  const isFree = (own: string, wanted: string) => dependencies[own] === undefined || majorOf(dependencies[own].range) === majorOf(wanted);
  const hostMajor = host && majorOf(dependencies[host.package]?.range);
  return isFree('redis', redisRange) && isFree(name, range) && (hostMajor === undefined || hostMajor >= host!.from);
}

function redisUrl(service: Service, context: FixContext): Variable {
  const value = findRedis(service, context);
  return { name: 'REDIS_URL', ...(value ? { value } : {}) };
}
const redisTitle = (what: string, service: Service, context: FixContext): string =>
  nameSecrets(`${what}; then install the new packages`, service, redisUrl(service, context), context);

function withRedis(
  script: Script,
  service: Service,
  store: Store,
  context: FixContext,
  use: Place,
  edit: (local: string) => readonly (Edit | undefined)[],
) {
  const plan = fitsService(service, store) ? planHead(script, use, store) : undefined;
  const packages = addDependencies(service, { [store.package]: store.range, redis: redisRange, ...store.needs }, context);
  const variables = declareVariable(service, redisUrl(service, context), context);
  if (!plan || !packages || !variables) return [undefined];
  return [...edit(plan.local), ...plan.head, ...packages, ...variables];
}

/** `store: …` in the options of a call; in place of a store in memory. */
function setStore(script: Script, options: Node | undefined, store: string): Edit | undefined {
  if (options?.type !== 'ObjectExpression' || options.properties.some(({ type }) => type === 'SpreadElement')) return undefined;
  const given = propertyOf(options, 'store');
  if (!given) return addProperty(script, options, `store: ${store}`);
  return /MemoryStore/.test(textOf(script, given)) ? replaceNode(script, given, store) : undefined;
}

interface SessionOptions {
  readonly options: Node | undefined;
  readonly store: Store;
  /** Where they are used: the client has to be there before. */
  readonly place: Place;
}
function sessionOptions(script: Script, { place, data }: Finding): SessionOptions | undefined {
  if (data['library'] === 'express-session') {
    const call = callAt(script, place);
    return call && { options: call.arguments[0], store: sessionStore, place };
  }
  if (data['library'] !== '@fastify/session') return undefined;
  const call = registrationAt(script, place);
  return call && { options: call.arguments[1], store: pluginStore, place: placeOf(script, call) };
}

/** `app.register(plugin, options)`: the call around the plugin, or the only one that takes it by its name. */
function registrationAt(script: Script, place: Place): Call | undefined {
  const isRegister = (node: Node): node is Call =>
    isCall(node) &&
    node.callee.type === 'MemberExpression' &&
    node.callee.property.type === 'Identifier' &&
    node.callee.property.name === 'register';
  const around = nodesAround(script, place).findLast(isRegister);
  if (around) return around;
  const named = [...walk(script.file)].filter(
    (node): node is Call => isRegister(node) && /^\w*session$/i.test(node.arguments[0] ? textOf(script, node.arguments[0]) : ''),
  );
  return named.length === 1 ? named[0] : undefined;
}

export const sessionInMemory: FixMaker = {
  rule: 'session-in-memory',
  offers: [
    {
      what: 'keep sessions of express-session and @fastify/session in Redis (connect-redis), with the dependency and `REDIS_URL` in the manifests',
      safe: false,
    },
  ],
  make(finding, context) {
    const service = serviceOf(finding, context);
    const script = scriptOf(context, finding.place.path);
    const found = script && sessionOptions(script, finding);
    if (!service || !script || !found) return [];
    const edits = withRedis(script, service, found.store, context, found.place, (local) => [
      setStore(script, found.options, `new ${local}({ client: ${client} })`),
    ]);
    return makeFix(redisTitle('Keep sessions in Redis', service, context), false, edits);
  },
};

function limiters(finding: Finding, script: Script): readonly (Call | undefined)[] {
  const others = finding.related.filter(({ message }) => message === 'another limiter that counts in memory').map(({ place }) => place);
  return [finding.place, ...others].map((place) => (place.path === script.path ? callAt(script, place) : undefined));
}

function limitOption(script: Script, local: string, index: number, count: number): string {
  const words = /\.[cm]?tsx?$/.test(script.path) ? '...words: string[]' : '...words';
  const prefix = count > 1 ? `prefix: ${quote(script, `rl${index + 1}:`)}, ` : '';
  return `new ${local}({ ${prefix}sendCommand: (${words}) => ${client}.sendCommand(words) })`;
}

export const rateLimitInMemory: FixMaker = {
  rule: 'rate-limit-in-memory',
  offers: [
    {
      what: 'count the requests of express-rate-limit in Redis (rate-limit-redis), with the dependency and `REDIS_URL` in the manifests',
      safe: false,
    },
  ],
  make(finding, context): readonly Fix[] {
    const service = serviceOf(finding, context);
    const script = scriptOf(context, finding.place.path);
    if (!service || !script || finding.data['library'] !== 'express-rate-limit') return [];
    const calls = limiters(finding, script);
    const edits = withRedis(script, service, limitStore, context, finding.place, (local) =>
      calls.map((call, index) => setStore(script, call?.arguments[0], limitOption(script, local, index, calls.length))),
    );
    return makeFix(redisTitle('Count requests in Redis', service, context), false, edits);
  },
};

/** `adapter: …` in the options of the socket server. */
function setAdapter(script: Script, { arguments: [server, options, more] }: Call, adapter: string): Edit | undefined {
  if (!server || more || server.type === 'ObjectExpression') return undefined;
  if (!options) return insertAt(script, server.end!, `, { adapter: ${adapter} }`);
  return options.type === 'ObjectExpression' && !propertyOf(options, 'adapter')
    ? addProperty(script, options, `adapter: ${adapter}`)
    : undefined;
}

export const websocketWithoutAdapter: FixMaker = {
  rule: 'websocket-without-adapter',
  offers: [
    {
      what: 'carry the messages of socket.io over Redis (@socket.io/redis-streams-adapter), with the dependency and `REDIS_URL` in the manifests',
      safe: false,
    },
  ],
  make(finding, context) {
    const service = serviceOf(finding, context);
    const script = scriptOf(context, finding.place.path);
    const call = script && callAt(script, finding.place);
    if (!service || !script || !call || finding.data['library'] !== 'socket.io') return [];
    const edits = withRedis(script, service, socketAdapter, context, finding.place, (local) => [
      setAdapter(script, call, `${local}(${client})`),
    ]);
    return makeFix(redisTitle('Carry messages to all copies over Redis', service, context), false, edits);
  },
};
