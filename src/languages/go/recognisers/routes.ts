import type { FactValues, Value } from '../../../facts.ts';
import { functionsOf } from '../call-graph.ts';
import { anchor, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { placeAt, splitId, targetOf, typeOf } from '../value-shapes.ts';
import { joinPaths, noPath, normalise, type PathText, pathsOf } from './route-paths.ts';
import { isRouterType, RouterTree, routersIn, splitPattern } from './router-tree.ts';
import { findListening } from './servers.ts';
import { unreadFrameworks } from './unread-frameworks.ts';

interface OwnRoute {
  readonly paths: readonly PathText[];
  readonly methods: readonly string[];
  readonly handlers: readonly (Value | undefined)[];
  readonly fallback?: boolean;
  readonly answers?: FactValues['route']['answers'];
}

const verb = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|CONNECT|TRACE)$/i;
const all: PathText = { text: '/*', complete: true };
const below = (paths: readonly PathText[]): readonly PathText[] =>
  paths.map((path) => (path.complete ? { ...path, text: `${path.text.replace(/\/+$/, '')}/*` } : path));
const isFiles = (value: Value | undefined): boolean =>
  /http\.FileServer/.test(JSON.stringify(value ?? '')) || /"FileServer(?:FS)?"/.test(JSON.stringify(value ?? ''));

/** Routes of frameworks whose methods are called like verbs: gin, echo, fiber, chi, httprouter. */
function ofVerbs({ name, args }: CallSite): OwnRoute | undefined {
  const [first, second, ...rest] = args;
  if (verb.test(name)) return { paths: pathsOf(first), methods: [name.toUpperCase()], handlers: args.slice(1) };
  if (/^(?:Any|All)$/.test(name)) return { paths: pathsOf(first), methods: [], handlers: args.slice(1) };
  if (/^(?:Handle|Add|Method|MethodFunc|Handler|HandlerFunc)$/.test(name) && args.length >= 3)
    return { paths: pathsOf(second), methods: [(textOf(first) ?? '').toUpperCase()].filter(Boolean), handlers: rest };
  if (/^(?:Handle|HandleFunc)$/.test(name))
    return {
      paths: pathsOf(first),
      methods: [],
      handlers: args.slice(1),
      ...(isFiles(second) ? { fallback: true, answers: 'files' as const } : {}),
    };
  if (name === 'Match') return { paths: pathsOf(second), methods: [], handlers: rest };
  if (/^(?:Static|StaticFS|ServeFiles)$/.test(name))
    return {
      paths: name === 'ServeFiles' ? pathsOf(first) : below(pathsOf(first)),
      methods: ['GET'],
      handlers: [],
      fallback: true,
      answers: 'files',
    };
  if (/^(?:StaticFile|StaticFileFS|File|FileFS)$/.test(name)) return { paths: pathsOf(first), methods: ['GET'], handlers: [] };
  if (/^(?:NoRoute|NotFound|RouteNotFound)$/.test(name)) return { paths: [all], methods: [], handlers: args, fallback: true };
  return undefined;
}

/** Patterns of net/http: `/`, `/static/`, `GET /users/{id}`. */
function ofPlainHttp({ name, args }: CallSite): OwnRoute | undefined {
  if (!/^Handle(?:Func)?$/.test(name)) return undefined;
  const { method, value } = splitPattern(args[0]);
  const [, handler] = args;
  // A router behind it answers by its own routes.
  if (routersIn(handler).length > 0) return undefined;
  const paths = pathsOf(value);
  const isSubtree = paths.every(({ text, complete }) => complete && text.endsWith('/'));
  const files = isFiles(handler) ? { answers: 'files' as const } : {};
  return {
    paths: isSubtree ? below(paths) : paths,
    methods: method ? [method] : [],
    handlers: [handler],
    ...(isSubtree ? { fallback: true, ...files } : {}),
  };
}

/** Routes of gorilla/mux, whose paths stand in a chain of calls. */
function ofMux(call: CallSite): OwnRoute | undefined {
  const { name, args, on } = call;
  const type = on && typeOf(on);
  if (type === 'mux.Router') {
    if (!/^Handle(?:Func)?$/.test(name)) return undefined;
    return routersIn(args[1]).length > 0 ? undefined : { paths: pathsOf(args[0]), methods: [], handlers: [args[1]] };
  }
  if (!/^(?:Handler|HandlerFunc)$/.test(name)) return undefined;
  if (routersIn(args[0]).length > 0) return undefined;
  const isPrefix = /"name":"PathPrefix"/.test(JSON.stringify(on ?? ''));
  return {
    paths: isPrefix ? [{ text: '*', complete: true }] : [noPath],
    methods: [],
    handlers: args,
    ...(isPrefix ? { fallback: true, ...(isFiles(args[0]) ? { answers: 'files' as const } : {}) } : {}),
  };
}

function routeOf(call: CallSite): OwnRoute | undefined {
  const { target = '', on } = call;
  if (target === 'net/http.Handle' || target === 'net/http.HandleFunc') return ofPlainHttp(call);
  const type = on && typeOf(on);
  if (!isRouterType(type)) return undefined;
  if (type === 'net/http.ServeMux') return ofPlainHttp(call);
  return type!.startsWith('mux.') ? ofMux(call) : ofVerbs(call);
}

const readsPath = (handlers: readonly string[], program: ProgramView): boolean =>
  handlers.some((id) => /\.URL\.Path\b(?!\s*!=\s*"\/")/.test(program.text(splitId(id)[0]) ?? ''));

function emitRoute(call: CallSite, tree: RouterTree, program: ProgramView, emit: Emit): void {
  const route = routeOf(call);
  if (!route) return;
  const isDefault = call.target === 'net/http.Handle' || call.target === 'net/http.HandleFunc';
  const outer = isDefault ? [noPath] : tree.prefixes(call.on);
  const library = isDefault ? 'net/http' : typeOf(call.on!)!.split('.')[0]!;
  const handlers = route.handlers.flatMap((value) => functionsOf(value));
  const seen = new Set<string>();
  for (const before of outer) {
    for (const path of route.paths) {
      const full = joinPaths(before, path);
      const text = normalise(full.text);
      const key = `${text} ${full.complete}`;
      if (seen.has(key) || seen.size > 40) continue;
      seen.add(key);
      // A handler for all paths may tell them apart itself.
      const isOpen = text === '/*' && readsPath(handlers, program);
      const fallback = route.fallback ?? (text.endsWith('*') || !path.complete);
      const at = { ...anchor(call), place: call.namePlace };
      emit('route', at, {
        methods: route.methods,
        path: path.complete ? text : '/*',
        complete: full.complete && !isOpen,
        handlers,
        fallback,
        library,
        ...(route.answers ? { answers: route.answers } : {}),
      });
    }
  }
}

const registers = /^(?:Register|Mount|Setup|Attach|Install|Bind|Use|Handler(?:FromMux|WithOptions)|Add)\w*$/;
const harmless = /prometheus|metrics|pprof|swagger|gzip|cors|otel|sentry|requestid|logger/i;

type Test = { readonly test: Expression; readonly within: number | undefined };
/** The parts of `a && b`. */
const conjuncts = ({ test, within }: Test): readonly Test[] =>
  test.is === 'binary' && /^(?:&&|\|\|)$/.test(test.operator)
    ? [test.left, test.right].flatMap((part) => conjuncts({ test: part, within }))
    : [{ test, within }];

/** Paths that code in front of the routes answers: `if r.URL.Path == "/healthz"`, `middleware.Heartbeat("/ping")`. */
function emitCompared(program: ProgramView, emit: Emit): void {
  const add = (place: CallSite['place'], path: string): void =>
    emit('route', { place }, { methods: [], path: normalise(path), complete: true, handlers: [], fallback: false, library: 'net/http' });
  for (const call of program.called('chi/middleware.Heartbeat')) {
    const path = textOf(call.args[0]);
    if (path !== undefined) add(call.place, path);
  }
  for (const call of program.calls)
    if (/^(?:Use|With|Wrap)$/.test(call.name) && call.args.some((one) => targetOf(one) === 'github.com/go-pkgz/rest.Ping'))
      add(call.place, '/ping');
  const seen = new Set<string>();
  for (const path of program.files) {
    const summary = program.summary(path);
    const all = [...(summary?.calls ?? []), ...(summary?.assignments ?? [])];
    const guards = all.flatMap(({ when, within }) => (when ?? []).map(({ test }) => ({ test, within })));
    const returns = (summary?.functions ?? []).flatMap((own, within) =>
      own.returns.flatMap(({ when }) => (when ?? []).map(({ test }) => ({ test, within }))),
    );
    for (const { test, within } of [...guards, ...returns].flatMap(conjuncts)) {
      const isPath = test.is === 'binary' && test.operator === '==' && test.left.is === 'selector' && test.left.name === 'Path';
      const text = isPath ? (textOf(program.evaluator.value(test.right, path, within)) ?? '') : '';
      if (!text.startsWith('/') || seen.has(text)) continue;
      seen.add(text);
      add(placeAt(path, test.at), text);
    }
  }
}

/** Something may answer that was not read. */
function emitUnread(program: ProgramView, emit: Emit): void {
  const unread = (place: CallSite['place'], library: string): void =>
    emit('route', { place }, { methods: [], path: '/*', complete: false, handlers: [], fallback: true, library });
  const place = program.importedLike(unreadFrameworks);
  if (place) unread(place, 'net/http');
  // What stands in front of a router hands on to it.
  const hasRoutes = program.calls.some((one) => one.on !== undefined && isRouterType(typeOf(one.on)));
  for (const { handler, call, isAside, library } of findListening(program)) {
    const isPlain = library === 'net/http' && handler !== undefined && !(handler.is === 'literal' && handler.value === null);
    if (isPlain && !isAside && routersIn(handler).length === 0 && !hasRoutes) unread(call.namePlace, 'net/http');
  }
  for (const call of program.calls) {
    if (call.callee.is === 'function' || !registers.test(call.name) || (call.on && isRouterType(typeOf(call.on)))) continue;
    const target = targetOf(call.callee) ?? '';
    if (harmless.test(target) || /^(?:net\/http|gin|echo|fiber|chi|mux)\b/.test(target)) continue;
    if (call.args.some((argument) => argument.is === 'made' && isRouterType(typeOf(argument)))) unread(call.namePlace, 'net/http');
  }
}

/** Routes with their full paths: those of routers, groups and patterns. */
export const routes: Recogniser = {
  id: 'routes',
  recognise(program, emit) {
    if (findListening(program).length === 0) return;
    const tree = new RouterTree(program);
    for (const call of program.calls) emitRoute(call, tree, program, emit);
    emitCompared(program, emit);
    emitUnread(program, emit);
  },
};
