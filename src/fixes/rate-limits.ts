/** Rate limits that hold over all copies. */
import type { ArrayExpression, Node } from '@babel/types';
import type { Edit, Finding, Fix } from '../types.ts';
import { type FixMaker, makeFix, serviceOf } from './fix-maker.ts';
import { ioredis, nodeRedis, redisTitle, registrationAt, type Store, setOption, withRedis } from './redis.ts';
import {
  addProperty,
  type Call,
  callAt,
  indentUnit,
  insertAt,
  isTooWide,
  objectLines,
  propertyOf,
  quote,
  replaceNode,
  type Script,
  scriptOf,
  textOf,
  usedNames,
  walk,
} from './script-edit.ts';

interface Limiter {
  readonly store: Store;
  /** A plugin of Fastify: the calls that register it, by their first argument. */
  readonly plugin?: RegExp;
  /** Edits that make a call count in the store; `undefined` where its options cannot be read. */
  readonly edit: (at: LimiterCall) => readonly (Edit | undefined)[];
}
interface LimiterCall {
  readonly script: Script;
  readonly call: Call;
  /** What the store is called in the file. */
  readonly local: string;
  readonly index: number;
  /** Limiters that count in one database: they need names of their own. */
  readonly count: number;
}

const redisStore = (host: string, from: number): Limiter => ({
  store: {
    package: { name: 'rate-limit-redis', range: '^4.3.1' },
    imported: { name: 'RedisStore', alias: 'RedisLimitStore' },
    host: { package: host, from },
    client: { of: nodeRedis, from: 4 },
  },
  edit({ script, call, local, index, count }) {
    const words = /\.[cm]?tsx?$/.test(script.path) ? '...words: string[]' : '...words';
    const prefix = count > 1 ? `prefix: ${quote(script, `rl${index + 1}:`)}, ` : '';
    const value = `new ${local}({ ${prefix}sendCommand: (${words}) => ${nodeRedis.name}.sendCommand(words) })`;
    return [setOption(script, call.arguments[0], 'store', value)];
  },
});

const fastify: Limiter = {
  store: { client: { of: ioredis, from: 5 } },
  plugin: /^(?:\w*rate_?limit\w*|(?:import|require)\(['"]@fastify\/rate-limit['"]\))$/i,
  edit({ script, call: { arguments: given }, count }) {
    if (count > 1 || !given[0]) return [undefined];
    if (!given[1]) return [insertAt(script, given[0].end!, `, { ${ioredis.name} }`)];
    return [setOption(script, given[1], 'redis', ioredis.name)];
  },
};

/** `driver: 'memory', db: new Map()`. */
const koa: Limiter = {
  store: { client: { of: ioredis, from: 5 }, host: { package: 'koa-ratelimit', from: 5 } },
  edit({
    script,
    call: {
      arguments: [options],
    },
    count,
  }) {
    if (count > 1) return [undefined];
    return [
      setOption(script, options, 'driver', quote(script, 'redis'), /^['"]memory['"]$/),
      setOption(script, options, 'db', ioredis.name, /^(?:new Map\(\)|\w+)$/),
    ];
  },
};

const memoryClass = 'RateLimiterMemory';
const redisClass = 'RateLimiterRedis';
/** `new RateLimiterMemory(…)`: another class of the package, which is given the client. */
const flexible: Limiter = {
  store: { client: { of: ioredis, from: 5 } },
  edit({ script, call, index, count }) {
    const [options] = call.arguments;
    if (options?.type !== 'ObjectExpression') return [undefined];
    const own = count > 1 && !propertyOf(options, 'keyPrefix') ? [`keyPrefix: ${quote(script, `limit${index + 1}`)}`] : [];
    const renamed = index === 0 ? renameClass(script, count) : [];
    return [...renamed, addProperty(script, options, `storeClient: ${ioredis.name}`, ...own)];
  },
};
/** Wherever the file names the class; one that is made for another purpose keeps it. */
function renameClass(script: Script, count: number): readonly (Edit | undefined)[] {
  const nodes = [...walk(script.file)];
  const made = nodes.filter((node) => node.type === 'NewExpression' && textOf(script, node.callee) === memoryClass);
  if (made.length !== count || usedNames(script).has(redisClass)) return [undefined];
  // `{ Name }` is a key and a value in one.
  const named = new Map(nodes.filter((node) => node.type === 'Identifier' && node.name === memoryClass).map((node) => [node.start!, node]));
  return [...named.values()].map((node) => replaceNode(script, node, redisClass));
}

/** `forRoot([…])` and `forRoot({ throttlers: […] })`, also in what `useFactory` returns. */
const nest: Limiter = {
  store: {
    package: { name: '@nest-lab/throttler-storage-redis', range: '^1.2.0' },
    imported: { name: 'ThrottlerStorageRedisService', alias: 'RedisThrottlerStorage' },
    host: { package: '@nestjs/throttler', from: 6 },
    needs: { ioredis: ioredis.range },
  },
  edit({ script, call, local }) {
    const options = throttlerOptions(call);
    const storage = `new ${local}(process.env.REDIS_URL)`;
    if (options?.type === 'ArrayExpression') return [nameThrottlers(script, options, storage)];
    return [options && propertyOf(options, 'throttlers') ? setOption(script, options, 'storage', storage) : undefined];
  },
};

function throttlerOptions({ callee, arguments: [given] }: Call): Node | undefined {
  const isAsync = callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name === 'forRootAsync';
  if (!isAsync || !given) return given;
  const factory = propertyOf(given, 'useFactory') ?? methodOf(given, 'useFactory');
  if (factory?.type === 'ArrowFunctionExpression' && factory.body.type !== 'BlockStatement') return factory.body;
  const returned = factory ? [...walk(factory)].filter((node) => node.type === 'ReturnStatement') : [];
  const [only] = returned;
  return returned.length === 1 && only?.type === 'ReturnStatement' ? (only.argument ?? undefined) : undefined;
}
function methodOf(object: Node, name: string): Node | undefined {
  if (object.type !== 'ObjectExpression') return undefined;
  return object.properties.find((each) => each.type === 'ObjectMethod' && each.key.type === 'Identifier' && each.key.name === name);
}

/** `[…]` → `{ throttlers: […], storage: … }`, on lines of their own where the list has them. */
function nameThrottlers(script: Script, list: ArrayExpression, storage: string): Edit {
  const text = textOf(script, list);
  const isWide = isTooWide(script, list, storage.length + 30);
  const isInLine = text.includes('`') || !(isWide || /[\r\n]/.test(text));
  const shifted = text.split(/\r?\n/).join(`\n${indentUnit(script)}`);
  const object = isInLine
    ? `{ throttlers: ${text}, storage: ${storage} }`
    : objectLines(script, list, [`throttlers: ${shifted}`, `storage: ${storage}`]);
  // Behind an arrow a brace would open a block.
  return replaceNode(script, list, /=>\s*$/.test(script.text.slice(0, list.start!)) ? `(${object})` : object);
}

const limiters: Readonly<Record<string, Limiter>> = {
  'express-rate-limit': redisStore('express-rate-limit', 6),
  'express-slow-down': redisStore('express-slow-down', 2),
  '@fastify/rate-limit': fastify,
  'koa-ratelimit': koa,
  'rate-limiter-flexible': flexible,
  '@nestjs/throttler': nest,
};

function callsOf(finding: Finding, script: Script, plugin: RegExp | undefined): readonly (Call | undefined)[] {
  const others = finding.related.filter(({ message }) => message === 'another limiter that counts in memory').map(({ place }) => place);
  return [finding.place, ...others].map((place) => {
    if (place.path !== script.path) return undefined;
    return plugin ? registrationAt(script, place, plugin) : callAt(script, place);
  });
}

export const rateLimitInMemory: FixMaker = {
  rule: 'rate-limit-in-memory',
  offers: [
    {
      what: 'count the requests of express-rate-limit and express-slow-down (rate-limit-redis), @fastify/rate-limit, koa-ratelimit, rate-limiter-flexible and @nestjs/throttler in Redis, with the dependency and `REDIS_URL` in the manifests',
      safe: false,
    },
  ],
  make(finding, context): readonly Fix[] {
    const service = serviceOf(finding, context);
    const script = scriptOf(context, finding.place.path);
    const limiter = limiters[String(finding.data['library'])];
    if (!service || !script || !limiter) return [];
    const calls = callsOf(finding, script, limiter.plugin);
    const edits = withRedis(script, service, limiter.store, context, finding.place, (local) =>
      calls.flatMap((call, index) => (call ? limiter.edit({ script, call, local, index, count: calls.length }) : [undefined])),
    );
    return makeFix(redisTitle('Count requests in Redis', service, context), false, edits);
  },
};
