/** Sessions that all copies share. */
import type { Node } from '@babel/types';
import type { Finding, Place } from '../types.ts';
import { type FixMaker, makeFix, serviceOf } from './fix-maker.ts';
import { nodeRedis, redisTitle, registrationAt, type Store, setOption, withRedis } from './redis.ts';
import { callAt, insertAt, placeOf, type Script, scriptOf } from './script-edit.ts';

interface SessionStore extends Store {
  /** The expression that makes it, from its name in the file. */
  readonly make: (local: string) => string;
}
const connectRedis: SessionStore = {
  package: { name: 'connect-redis', range: '^9.0.0' },
  imported: { name: 'RedisStore', alias: 'RedisSessionStore' },
  client: { of: nodeRedis, from: 5 },
  make: (local) => `new ${local}({ client: ${nodeRedis.name} })`,
};
/** The store is one of express-session, which other libraries take as well. */
const pluginStore: SessionStore = { ...connectRedis, needs: { 'express-session': '^1.18.2' } };
/** The libraries of Koa have one interface for stores. */
const koaRedis: SessionStore = {
  package: { name: 'koa-redis', range: '^4.0.1' },
  imported: { name: 'redisStore', alias: 'redisSessionStore', isDefault: true },
  make: (local) => `${local}({ url: process.env.REDIS_URL })`,
};
const stores: Readonly<Record<string, SessionStore>> = {
  'express-session': connectRedis,
  '@fastify/session': pluginStore,
  'koa-session': koaRedis,
  'koa-generic-session': koaRedis,
  'koa-session-minimal': koaRedis,
};

interface SessionCall {
  /** Absent: the call has none, and may get them at its end. */
  readonly options: Node | undefined;
  readonly end: number;
  /** Where they are used: the client has to be there before. */
  readonly place: Place;
}
function sessionCall(script: Script, { place, data }: Finding): SessionCall | undefined {
  const isPlugin = data['library'] === '@fastify/session';
  const call = isPlugin ? registrationAt(script, place, /^\w*session$/i) : callAt(script, place);
  if (!call) return undefined;
  // `session(options, app)`, in older versions `session(app)`.
  const options = isPlugin ? call.arguments[1] : call.arguments[0];
  return { options, end: call.end! - 1, place: isPlugin ? placeOf(script, call) : place };
}

export const sessionInMemory: FixMaker = {
  rule: 'session-in-memory',
  offers: [
    {
      what: 'keep sessions of express-session and @fastify/session (connect-redis), koa-session, koa-generic-session and koa-session-minimal (koa-redis) in Redis, with the dependency and `REDIS_URL` in the manifests',
      safe: false,
    },
  ],
  make(finding, context) {
    const service = serviceOf(finding, context);
    const script = scriptOf(context, finding.place.path);
    const store = stores[String(finding.data['library'])];
    const found = script && store && sessionCall(script, finding);
    if (!service || !script || !store || !found) return [];
    const edits = withRedis(script, service, store, context, found.place, (local) => [
      found.options || store !== koaRedis
        ? setOption(script, found.options, 'store', store.make(local))
        : insertAt(script, found.end, `{ store: ${store.make(local)} }`),
    ]);
    return makeFix(redisTitle('Keep sessions in Redis', service, context), false, edits);
  },
};
