import type { StoreChoice, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { madeSessionStore, optionObjects, optionsOf, registered, storesByOption } from './store-choices.ts';

interface Library {
  /** Calls that make the middleware or storage, by their way from the package. */
  readonly made: RegExp;
  readonly option: string;
  /** Where sessions are kept when the option is not given. */
  readonly fallback: StoreChoice['kind'];
}
const plain = /^(?:default)?$/;

/** What keeps sessions. Names and defaults are from the documentation of each library. */
const libraries: Readonly<Record<string, Library>> = {
  'express-session': { made: plain, option: 'store', fallback: 'memory' },
  'next-session': { made: plain, option: 'store', fallback: 'memory' },
  'koa-session': { made: /^(?:default|createSession)?$/, option: 'store', fallback: 'cookie' },
  'koa-generic-session': { made: plain, option: 'store', fallback: 'memory' },
  'koa-session-minimal': { made: plain, option: 'store', fallback: 'memory' },
  'cookie-session': { made: plain, option: 'store', fallback: 'cookie' },
  'client-sessions': { made: plain, option: 'store', fallback: 'cookie' },
  'iron-session': { made: /^(?:getIronSession|withIronSession\w*|ironSession)$|^(?:express|next)\./, option: 'store', fallback: 'cookie' },
  express: { made: /^session$/, option: 'store', fallback: 'memory' },
};

/** Plugins that are handed to `register`. */
const plugins: Readonly<Record<string, Omit<Library, 'made'>>> = {
  '@fastify/session': { option: 'store', fallback: 'memory' },
  'fastify-session': { option: 'store', fallback: 'memory' },
  '@mgcrea/fastify-session': { option: 'store', fallback: 'memory' },
  '@fastify/secure-session': { option: 'store', fallback: 'cookie' },
  'fastify-secure-session': { option: 'store', fallback: 'cookie' },
};
const pluginNames = new Set(Object.keys(plugins));

/** Remix and React Router: the function's name says where sessions are kept. */
const storages: Readonly<Record<string, StoreChoice['kind']>> = {
  createCookieSessionStorage: 'cookie',
  createMemorySessionStorage: 'memory',
  createFileSessionStorage: 'file',
  createSessionStorage: 'unknown',
};
const storagePackages = ['@remix-run/node', '@remix-run/server-runtime', '@remix-run/cloudflare', 'react-router', '@react-router/node'];

const yarNames = new Set(['@hapi/yar', 'yar']);

function emitLibrary(program: ProgramView, emit: Emit, name: string, { made, option, fallback }: Library): void {
  // A cookie session is read in each handler: one place tells it all.
  let cookieSeen = false;
  for (const call of program.callsOf(name)) {
    if (!made.test(call.path) || call.how === 'decorator') continue;
    // `session(app)` of Koa gives no options.
    const given = fallback !== 'cookie' && call.args.length > 0;
    const read = storesByOption(optionsOf(call), option, { kind: fallback, place: call.namePlace }, given);
    const later = read.every(({ kind }) => kind === 'unknown') ? madeSessionStore(program) : undefined;
    const stores = later ? [later] : read;
    const cookieOnly = stores.every(({ kind }) => kind === 'cookie');
    if (!cookieOnly || !cookieSeen) emit('session', { ...call, place: call.namePlace }, { library: name, stores });
    cookieSeen ||= cookieOnly;
  }
}

function emitPlugin(call: CallSite, emit: Emit): void {
  const plugin = registered(call, pluginNames);
  if (!plugin) return;
  const { option, fallback } = plugins[plugin.package]!;
  const stores = storesByOption(plugin.options, option, { kind: fallback, place: plugin.place }, plugin.options !== undefined);
  emit('session', { ...call, place: plugin.place }, { library: plugin.package, stores });
}

/** yar keeps what fits into `maxCookieSize` (1 KB unless set) in the cookie and the rest in a server cache, by default catbox-memory. */
function yarStores(options: Value | undefined, place: Place): StoreChoice[] {
  if (!options) return [{ kind: 'cookie', place }];
  return optionObjects(options).map(({ object, when }) => {
    const size = object?.properties['maxCookieSize'];
    const named = object?.properties['cache'];
    const kind: StoreChoice['kind'] =
      !object || named || (size && size.is !== 'literal') ? 'unknown' : size?.is === 'literal' && size.value === 0 ? 'memory' : 'cookie';
    return { kind, place, ...(when ? { when } : {}) };
  });
}

export const sessions: Recogniser = {
  id: 'sessions',
  packages: [...Object.keys(libraries), ...pluginNames, ...storagePackages, ...yarNames],
  methods: ['register'],
  recognise(program, emit) {
    for (const [name, library] of Object.entries(libraries)) emitLibrary(program, emit, name, library);
    for (const call of program.callsOf(...storagePackages)) {
      const kind = storages[call.path];
      if (kind)
        emit(
          'session',
          { ...call, place: call.namePlace },
          { library: call.package ?? call.name, stores: [{ kind, place: call.namePlace }] },
        );
    }
    for (const call of program.callsNamed('register')) {
      emitPlugin(call, emit);
      const yar = registered(call, yarNames);
      if (yar) emit('session', { ...call, place: yar.place }, { library: yar.package, stores: yarStores(yar.options, yar.place) });
    }
  },
};
