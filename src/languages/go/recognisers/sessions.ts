import type { StoreChoice, StoreKind } from '../../../facts.ts';
import { anchor, type CallSite, type Emit, type ProgramView, type Recogniser } from '../recogniser.ts';
import { isOwnType, typeOf } from '../value-shapes.ts';
import { emitBeego } from './sessions-beego.ts';
import { fiberStore, storesByLibrary } from './stores.ts';

/** Stores of sessions by what makes them. */
const known: readonly (readonly [RegExp, StoreKind, string])[] = [
  [/^gorilla\/sessions\.NewFilesystemStore$/, 'file', 'gorilla/sessions'],
  [/^gorilla\/sessions\.NewCookieStore$/, 'cookie', 'gorilla/sessions'],
  [/^github\.com\/quasoft\/memstore\.NewMemStore$/, 'memory', 'gorilla/sessions'],
  [
    /^(?:github\.com\/)?(?:boj\/redistore|rbcervilla\/redisstore|antonlindstrom\/pgstore|srinathgs\/mysqlstore|wader\/gormstore|bradleypeabody\/gorilla-sessions-memcache)\.New\w*$/,
    'external',
    'gorilla/sessions',
  ],
  [/^gopkg\.in\/boj\/redistore\.New\w*$/, 'external', 'gorilla/sessions'],
  [/^github\.com\/gin-contrib\/sessions\/memstore\.NewStore$/, 'memory', 'gin-contrib/sessions'],
  [/^github\.com\/gin-contrib\/sessions\/filesystem\.NewStore$/, 'file', 'gin-contrib/sessions'],
  [/^github\.com\/gin-contrib\/sessions\/cookie\.NewStore$/, 'cookie', 'gin-contrib/sessions'],
  [/^github\.com\/gin-contrib\/sessions\/(?:redis|memcached|mongo\S*|gorm|postgres)\.New\w*$/, 'external', 'gin-contrib/sessions'],
  [/^github\.com\/fasthttp\/session\/providers\/memory\.New$/, 'memory', 'fasthttp/session'],
  [/^github\.com\/fasthttp\/session\/providers\/(?:redis|memcache|mysql|postgre|sqlite3)\.New\w*$/, 'external', 'fasthttp/session'],
];

/** Several stores of one library are a choice: a setting takes one of them. */
function emitMade(program: ProgramView, emit: Emit): void {
  for (const [library, made] of storesByLibrary(program, known)) {
    const isChoice = made.some(({ store }) => store.kind === 'external');
    const local = made.find(({ store }) => store.kind === 'memory' || store.kind === 'file');
    if (isChoice) emit('session', anchor((local ?? made[0]!).call), { library, stores: made.map(({ store }) => store) });
    else for (const { call, store } of made) emit('session', anchor(call), { library, stores: [store] });
  }
}

const scsStores: readonly (readonly [RegExp, StoreKind])[] = [
  [/\/memstore\b/, 'memory'],
  [/\/(?:boltstore|badgerstore|sqlite3store|leveldbstore|buntdbstore)\b/, 'file'],
  [/\/cookiestore\b/, 'cookie'],
];
/** scs keeps sessions in memory until a store is set. */
function emitScs(program: ProgramView, emit: Emit): void {
  const made = program.called('scs.New', 'scs.NewSession');
  if (made.length === 0) return;
  const { evaluator } = program;
  const set = evaluator.index.fields('Store').flatMap(({ own, path }) => {
    const [head = ''] = own.target;
    const holder = evaluator.name(head, path, own.within);
    // `app.Session.Store`, or a value that cannot be followed: what it belongs to is not known.
    const isOther = own.target.length === 2 && holder !== undefined && !/^scs\./.test(typeOf(holder) ?? 'scs.');
    return isOther ? [] : [evaluator.assignedOption({ own, path })];
  });
  const written = program.literalsOf('scs.SessionManager').flatMap((one) => one.field('Store') ?? []);
  const stores: readonly StoreChoice[] = [...set, ...written.map((value) => ({ value, when: [] }))].map(({ value, when }) => {
    const type = typeOf(value) ?? '';
    const kind = isOwnType(type) || type === '' ? 'unknown' : (scsStores.find(([pattern]) => pattern.test(type))?.[1] ?? 'external');
    return { kind, place: value.place, ...(when.length > 0 ? { when } : {}) };
  });
  const isAlways = stores.some(({ when }) => !when?.length);
  for (const call of made)
    emit('session', anchor(call), { library: 'scs', stores: isAlways ? stores : [...stores, { kind: 'memory', place: call.place }] });
}

const fiberSessions = /^github\.com\/gofiber\/fiber\/middleware\/session\.(?:New|NewStore|NewWithStore)$/;

/** Sessions of iris are kept in memory until a database is named. */
function emitIris(program: ProgramView, emit: Emit): void {
  const isGiven = program.calls.some(({ name }) => name === 'UseDatabase');
  for (const call of program.called('github.com/kataras/iris/sessions.New', 'github.com/kataras/go-sessions.New'))
    emit('session', anchor(call), { library: 'iris', stores: [{ kind: isGiven ? 'external' : 'memory', place: call.place }] });
}

/** Where sessions of users are kept. */
export const sessions: Recogniser = {
  id: 'sessions',
  recognise(program, emit) {
    emitMade(program, emit);
    emitScs(program, emit);
    emitIris(program, emit);
    emitBeego(program, emit);
    for (const call of program.calls.filter(({ target }) => fiberSessions.test(target ?? ''))) {
      const store = fiberStore(call as CallSite);
      if (store) emit('session', anchor(call), { library: 'fiber', stores: [store] });
    }
  },
};
