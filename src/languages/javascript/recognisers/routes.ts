import type { Value } from '../../../facts.ts';
import { originOf } from '../call-sites.ts';
import { folderLoaders } from '../loaded-folders.ts';
import type { CallSite, Emit, ProgramView, Recogniser, TextTest } from '../recogniser.ts';
import { emitRoute } from './routes-emit.ts';
import { couldBeLoop, unrollCall } from './routes-loops.ts';
import { answerOf, passesOn } from './routes-middleware.ts';
import { flattenHandlers, functionsIn, splitUse } from './routes-mounts.ts';
import { emitHapiRoutes, emitRouteObject } from './routes-objects.ts';
import { joinPath, normalisePath, pathsOf, rootPath } from './routes-paths.ts';
import { type RouterRef, type RouterTree, routerPackages, routerTree } from './routes-tree.ts';

/** Method of the router → HTTP method; '' is any. */
const verbs: Readonly<Record<string, string>> = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  del: 'DELETE',
  head: 'HEAD',
  options: 'OPTIONS',
  opts: 'OPTIONS',
  all: '',
  any: '',
};
const maximumRoutes = 5_000;

/** `router.get('name', '/path', …)` of Koa names its routes. */
const withoutName = (args: readonly Value[]): readonly Value[] => {
  const [first, second] = args;
  const named = first?.is === 'literal' && typeof first.value === 'string' && !/^[/*(]/.test(first.value);
  return named && second?.is === 'literal' && typeof second.value === 'string' ? args.slice(1) : args;
};

function emitVerb(tree: RouterTree, call: CallSite, on: readonly RouterRef[], program: ProgramView, emit: Emit): void {
  const args = withoutName(call.args);
  const [first] = args;
  const chained = on.some(({ path }) => path !== rootPath);
  const ownPath = !chained || (first?.is === 'literal' && typeof first.value === 'string');
  if (!first || (ownPath && call.name === 'get' && args.length === 1 && !chained)) return;
  const path = first.is === 'object' ? first.properties['path'] : first;
  const method = verbs[call.name]!;
  const paths = ownPath ? pathsOf(path) : [rootPath];
  const handlers = (ownPath ? args.slice(1) : args).flatMap((value) => functionsIn(value));
  const isForAll = paths.every(({ text }) => /^\/?\*\w*$/.test(text));
  if (isForAll && handlers.length > 0 && handlers.every((id) => passesOn(id, program))) return;
  emitRoute(tree, call, { on, paths, methods: method ? [method] : [], handlers }, emit);
}

/** `app.use(path?, handler)`: what answers by itself, below the path. Routers are mounted elsewhere, middleware passes on. */
function emitUse(tree: RouterTree, call: CallSite, on: readonly RouterRef[], program: ProgramView, emit: Emit): void {
  const { paths, rest, given } = splitUse(call, tree);
  for (const { value, path } of flattenHandlers(rest)) {
    if (tree.resolve(value).length > 0) continue;
    const at = path === rootPath ? paths : [path];
    const own = given || path !== rootPath;
    const answer = answerOf(value, own, at, program);
    if (!answer) continue;
    const below = at.map((prefix) => joinPath(answer.opaque ? { ...prefix, complete: false } : prefix, { text: '*', complete: true }));
    emitRoute(
      tree,
      call,
      {
        on,
        paths: answer.is === 'handler' ? at : below,
        methods: [],
        handlers: functionsIn(value),
        fallback: answer.is !== 'handler',
        ...(answer.is === 'files' ? { answers: 'files' as const } : {}),
        ...(answer.library ? { library: answer.library } : {}),
      },
      emit,
    );
  }
}

/** A route on an application that could not be traced (`module.exports = (app) => …`, loaded by a computed name). */
function emitUntraced(call: CallSite, emit: Emit): void {
  const [first, ...rest] = call.args;
  if (call.package !== undefined || first?.is !== 'literal' || typeof first.value !== 'string' || !first.value.startsWith('/')) return;
  const handlers = rest.flatMap((value) => functionsIn(value));
  const onInstance = call.on?.is === 'parameter' || call.on?.is === 'member' || call.on?.is === 'unknown';
  if (!onInstance || handlers.length === 0) return;
  const method = verbs[call.name]!;
  emit(
    'route',
    { ...call, place: call.namePlace },
    {
      methods: method ? [method] : [],
      path: normalisePath(first.value),
      complete: false,
      handlers,
      fallback: first.value.endsWith('*'),
      library: '',
    },
    'likely',
  );
}

function readCall(tree: RouterTree, call: CallSite, program: ProgramView, emit: Emit): void {
  const on = tree.resolve(call.on);
  const isVerb = Object.hasOwn(verbs, call.name);
  if (on.length === 0) {
    if (isVerb) emitUntraced(call, emit);
    return;
  }
  if (call.name === 'use') emitUse(tree, call, on, program, emit);
  else if (call.name === 'on') emitOn(tree, call, on, emit);
  else if (isVerb) emitVerb(tree, call, on, program, emit);
  else if (call.name === 'route' && call.args.length === 1) emitRouteObject(tree, call, on, emit);
}

/** `app.on('GET', '/x', …)` of Hono. */
function emitOn(tree: RouterTree, call: CallSite, on: readonly RouterRef[], emit: Emit): void {
  const [method, path, ...rest] = call.args;
  if (!path || rest.length === 0 || tree.library(on[0]!.key) !== 'hono') return;
  const methods = pathsOf(method).flatMap(({ text, complete }) => (complete && text !== 'ALL' ? [text.toUpperCase()] : []));
  emitRoute(tree, call, { on, paths: pathsOf(path), methods, handlers: rest.flatMap((value) => functionsIn(value)) }, emit);
}

/** `{ method: 'GET', path: '/users', handler }`: clients name addresses as well, but nothing that answers them. */
const routeTable: TextTest = {
  test: (text) =>
    /\b(?:url|path)\s*:\s*['"`]\//.test(text) &&
    /\b(?:handlers?|routers?|routes?|controller|action|callback|middlewares?|config|fn|func|view)\b/.test(text),
};

export const routes: Recogniser = {
  id: 'routes',
  packages: [...routerPackages, ...folderLoaders, 'koa-mount', 'koa-compose', '@fastify/autoload', 'fastify-autoload', 'fastify-plugin'],
  methods: [...Object.keys(verbs), 'use', 'route', 'register', 'forEach', 'prefix', 'applyRoutes'],
  text: [/\.(?:get|post|put|patch|delete|all|use|route|head|on)\s*\(\s*\[?\s*(?:['"`]\/|`\$\{)/, routeTable],
  recognise(program, emit) {
    const tree = routerTree(program);
    const calls = program.callsNamed(...Object.keys(verbs), 'use', 'on', 'route').slice(0, maximumRoutes * 4);
    for (const call of calls) {
      // Most calls of these names are of maps and clients: told by their receiver before their arguments are read.
      if (call.package !== undefined && !couldBeLoop(call) && tree.resolve(call.on).length === 0) continue;
      if (call.how !== 'call' || (call.package !== undefined && originOf(call.callee)?.package === '')) continue;
      for (const one of unrollCall(call, program)) readCall(tree, one, program, emit);
    }
    emitHapiRoutes(tree, program, emit);
  },
};
