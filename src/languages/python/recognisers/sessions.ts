import type { StoreChoice, StoreKind } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { alternativesOf, type Emit, type ProgramView, type Recogniser, type SettingView, textOf } from '../recogniser.ts';
import { dottedOf, placeAt } from '../value-shapes.ts';
import { anchor } from './servers.ts';
import { djangoCacheStores } from './store-settings.ts';

const flaskTypes: Readonly<Record<string, StoreKind>> = {
  filesystem: 'file',
  cachelib: 'file',
  redis: 'external',
  memcached: 'external',
  mongodb: 'external',
  sqlalchemy: 'external',
  dynamodb: 'external',
  null: 'cookie',
};

/** `SESSION_TYPE` and the like, as stores with their conditions. */
const storesOf = (setting: SettingView, kinds: Readonly<Record<string, StoreKind>>): readonly StoreChoice[] =>
  alternativesOf(setting.value, setting.when ?? []).map(({ value, when }): StoreChoice => {
    const text = textOf(value);
    const kind = text === undefined ? 'unknown' : Object.hasOwn(kinds, text) ? kinds[text]! : 'unknown';
    return { kind, ...(when.length > 0 ? { when } : {}), place: value.place.path === setting.path ? value.place : setting.place };
  });

/** Where requests put data into the session of Flask. */
function usesOf(program: ProgramView): readonly Place[] {
  return program.assignments.flatMap(({ own, path, place }) => {
    if (!own.key || own.target.length !== 1) return [];
    const on = program.evaluator.name(own.target[0]!, path, own.within);
    return on && dottedOf(on) === 'flask.session' ? [place] : [];
  });
}

function emitFlask(program: ProgramView, emit: Emit): void {
  const made = program.calls.find(({ dotted }) => dotted === 'flask_session.Session' || dotted === 'flask_session.Session().init_app');
  if (!made) return;
  for (const setting of program.settings('SESSION_TYPE')) {
    const stores = storesOf(setting, flaskTypes);
    if (stores.length > 0) emit('session', setting, { library: 'flask-session', stores, uses: usesOf(program) });
  }
}

const engines: Readonly<Record<string, StoreKind>> = {
  'django.contrib.sessions.backends.db': 'external',
  'django.contrib.sessions.backends.file': 'file',
  'django.contrib.sessions.backends.cached_db': 'external',
  'django.contrib.sessions.backends.signed_cookies': 'cookie',
};
function emitDjango(program: ProgramView, emit: Emit): void {
  for (const setting of program.settings('SESSION_ENGINE')) {
    const isCache = alternativesOf(setting.value).some(({ value }) => textOf(value) === 'django.contrib.sessions.backends.cache');
    const [alias] = program.settings('SESSION_CACHE_ALIAS');
    const stores = isCache ? djangoCacheStores(program, textOf(alias?.value) ?? 'default', setting.place) : storesOf(setting, engines);
    emit('session', setting, { library: 'django', stores });
  }
}

/** Stores of libraries for ASGI, by what makes them. */
const made: readonly (readonly [RegExp, string, StoreKind])[] = [
  [/^starsessions\.(?:stores\.(?:memory\.)?)?InMemoryStore$/, 'starsessions', 'memory'],
  [/^fastapi_sessions\.backends\.implementations\.(?:in_memory_backend\.)?InMemoryBackend$/, 'fastapi-sessions', 'memory'],
  [/^sanic_session\.(?:memory\.)?InMemorySessionInterface$/, 'sanic-session', 'memory'],
  [/^cherrypy\.lib\.sessions\.(?:RamSession|FileSession)$/, 'cherrypy', 'memory'],
];

/** Where sessions are kept. Signed cookies, the default of Flask and Starlette, and the database, that of Django, are fine. */
export const sessions: Recogniser = {
  id: 'sessions',
  recognise(program, emit) {
    emitFlask(program, emit);
    emitDjango(program, emit);
    for (const call of program.calls) {
      const found = made.find(([pattern]) => call.dotted !== undefined && pattern.test(call.dotted));
      if (found)
        emit('session', anchor(call), { library: found[1], stores: [{ kind: found[2], place: placeAt(call.path, call.written.call.at) }] });
    }
  },
};
