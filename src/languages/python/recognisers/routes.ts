import type { FactValues, Value } from '../../../facts.ts';
import { type CallSite, type Emit, isNone, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { isHealthHandler } from './health.ts';
import { joinPaths, normalise, type PathText, pathOf } from './route-paths.ts';
import { keysOf, RouterTree } from './router-tree.ts';
import { emitDjangoRoutes } from './routes-django.ts';
import { anchor, servesHttp } from './servers.ts';

interface OwnRoute {
  readonly keys: readonly string[];
  readonly paths: readonly PathText[];
  readonly methods: readonly string[];
  readonly handlers: readonly string[];
  readonly fallback?: boolean;
  readonly answers?: FactValues['route']['answers'];
}

const verbs: Readonly<Record<string, string>> = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  head: 'HEAD',
  options: 'OPTIONS',
};

/** Functions by the call that decorates them. */
function decoratedBy(program: ProgramView): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { id, path, own } of program.functions)
    for (const decorator of own.decorators) if (decorator.is === 'call') found.set(`${path}:${decorator.at.join()}`, id);
  for (const { id, path, own } of program.classes)
    for (const decorator of own.decorators) if (decorator.is === 'call') found.set(`${path}:${decorator.at.join()}`, `class ${id}`);
  return found;
}

/** The functions that answer: one itself, or the methods of a view. */
export function handlersOf(value: Value | undefined, program: ProgramView): readonly string[] {
  if (!value) return [];
  if (value.is === 'function') return [value.id];
  if (value.is === 'class') return methodsOf(value.id, program);
  // `View.as_view('name')`, `csrf_exempt(view)`.
  if (value.is === 'made') {
    if (value.callee.is === 'member') return handlersOf(value.callee.of, program);
    return value.args.slice(0, 3).flatMap((argument) => handlersOf(argument, program));
  }
  return [];
}
const methodsOf = (id: string, program: ProgramView): readonly string[] =>
  program.functions
    .filter(({ path, own }) => own.class !== undefined && `${path}#${own.class}` === id && own.name !== '__init__')
    .map((one) => one.id);

function methodsFrom(value: Value | undefined, otherwise: readonly string[]): readonly string[] {
  if (value?.is !== 'list') return value ? [] : otherwise;
  const texts = value.items.map(textOf);
  return texts.every((text) => text !== undefined) ? texts.map((text) => text!.toUpperCase()) : [];
}

class RouteReader {
  readonly #decorated: ReadonlyMap<string, string>;
  constructor(
    readonly program: ProgramView,
    readonly tree: RouterTree,
    readonly emit: Emit,
  ) {
    this.#decorated = decoratedBy(program);
  }

  read(call: CallSite): void {
    const route = this.#routeOf(call);
    if (!route) return;
    const seen = new Set<string>();
    for (const key of route.keys) {
      for (const outer of this.tree.mountings(key)) {
        for (const path of route.paths) {
          const full = joinPaths(outer, path);
          const text = normalise(full.text);
          if (seen.has(`${text} ${full.complete}`) || seen.size > 40) continue;
          seen.add(`${text} ${full.complete}`);
          if (isHealthHandler(this.program, text, route.handlers))
            this.emit('health-helper', anchor(call), { library: this.tree.library(key), paths: [text] });
          this.emit(
            'route',
            { ...anchor(call), place: call.namePlace },
            {
              methods: route.methods,
              path: text,
              complete: full.complete,
              handlers: route.handlers,
              fallback: route.fallback ?? text.endsWith('*'),
              library: this.tree.library(key),
              ...(route.answers ? { answers: route.answers } : {}),
            },
          );
        }
      }
    }
  }

  #routeOf(call: CallSite): OwnRoute | undefined {
    const keys = keysOf(call.on).filter((key) => this.tree.has(key));
    if (keys.length === 0) return this.#nested(call);
    const { name, args } = call;
    const handlers = this.#handlers(call);
    const path = pathOf(call.argument('path', 0) ?? call.named('rule') ?? call.named('uri'));
    const first = [path];
    if (Object.hasOwn(verbs, name) && (args.length > 0 || call.named('path')))
      return { keys, paths: first, methods: [verbs[name]!], handlers };
    if (name === 'route' || name === 'api_route' || name === 'view') {
      const isClass = handlers.length > 0 && this.#decorated.get(`${call.path}:${call.written.call.at.join()}`)?.startsWith('class');
      const library = this.tree.library(keys[0]!);
      const otherwise = isClass
        ? []
        : library === 'flask' || library === 'quart' || library === 'sanic' || library === 'bottle'
          ? ['GET']
          : [];
      return { keys, paths: first, methods: methodsFrom(call.named('methods') ?? call.named('method'), otherwise), handlers };
    }
    if (name === 'add_url_rule')
      return {
        keys,
        paths: first,
        methods: methodsFrom(call.named('methods'), []),
        handlers: handlersOf(call.argument('view_func', 2), this.program),
      };
    if (/^add_(?:api_route|route)$/.test(name)) {
      const isAiohttp = this.tree.library(keys[0]!) === 'aiohttp';
      return {
        keys,
        paths: isAiohttp ? [pathOf(args[1])] : first,
        methods: methodsFrom(call.named('methods'), []),
        handlers: handlersOf(call.argument('endpoint', isAiohttp ? 2 : 1), this.program),
      };
    }
    if (name === 'add_resource')
      return { keys, paths: args.slice(1).map(pathOf), methods: [], handlers: handlersOf(args[0], this.program) };
    const verb = /^add_(get|post|put|patch|delete|head|view)$/.exec(name)?.[1];
    if (verb)
      return { keys, paths: first, methods: verb === 'view' ? [] : [verb.toUpperCase()], handlers: handlersOf(args[1], this.program) };
    if (/^(?:websocket|websocket_route)$/.test(name)) return { keys, paths: first, methods: ['WEBSOCKET'], handlers };
    if (name === 'static' || name === 'add_static')
      return {
        keys,
        paths: [joinPaths(path, { text: '*', complete: true })],
        methods: ['GET'],
        handlers: [],
        fallback: true,
        answers: 'files',
      };
    if (name === 'mount') return this.#mounted(call, keys, path);
    return undefined;
  }

  /** `app.mount('/static', StaticFiles(…))`, and applications of others. */
  #mounted(call: CallSite, keys: readonly string[], path: PathText): OwnRoute | undefined {
    const app = call.argument('app', 1);
    if (keysOf(app).some((key) => this.tree.has(key))) return undefined;
    const isFiles = app?.is === 'made' && app.callee.is === 'package' && /StaticFiles$/.test(app.callee.path);
    return {
      keys,
      paths: [joinPaths(path, { text: '*', complete: true })],
      methods: [],
      handlers: [],
      fallback: true,
      ...(isFiles ? { answers: 'files' as const } : {}),
    };
  }

  #handlers(call: CallSite): readonly string[] {
    const decorated = this.#decorated.get(`${call.path}:${call.written.call.at.join()}`);
    if (decorated === undefined) return [];
    return decorated.startsWith('class ') ? methodsOf(decorated.slice(6), this.program) : [decorated];
  }

  /** `web.get('/', handler)` in `app.add_routes([…])`, `Route('/', handler)` in the list of an application, `(r'/', Handler)`. */
  #nested(call: CallSite): OwnRoute | undefined {
    const { dotted = '' } = call;
    const verb = /^aiohttp\.web\.(get|post|put|patch|delete|head|view|route)$/.exec(dotted)?.[1];
    if (verb === 'route') return this.#loose(call, pathOf(call.args[1]), [], call.args[2]);
    if (verb) return this.#loose(call, pathOf(call.args[0]), verb === 'view' ? [] : [verb.toUpperCase()], call.args[1]);
    if (/^starlette\.routing\.(?:Route|WebSocketRoute)$/.test(dotted))
      return this.#loose(call, pathOf(call.argument('path', 0)), methodsFrom(call.named('methods'), ['GET']), call.argument('endpoint', 1));
    return undefined;
  }

  /** Which application takes it is not followed: the path may have a prefix. */
  #loose(call: CallSite, path: PathText, methods: readonly string[], handler: Value | undefined): OwnRoute {
    const { text } = path;
    const library = (call.dotted ?? '').split('.')[0]!;
    const full = { text: normalise(text), complete: false };
    this.emit(
      'route',
      { ...anchor(call), place: call.namePlace },
      {
        methods,
        path: full.text,
        complete: false,
        handlers: handlersOf(handler, this.program),
        fallback: full.text.endsWith('*'),
        library,
      },
    );
    return { keys: [], paths: [], methods, handlers: [] };
  }
}

/** Patterns of tornado: `Application([(r'/', Handler), …])`. */
function emitTornado(program: ProgramView, emit: Emit): void {
  for (const call of program.calls) {
    if (call.dotted !== 'tornado.web.Application') continue;
    const list = call.argument('handlers', 0);
    for (const item of list?.is === 'list' ? list.items : []) {
      const [pattern, handler] = item.is === 'list' ? item.items : item.is === 'made' ? item.args : [];
      const text = textOf(pattern);
      if (text === undefined || !pattern) continue;
      const path = normalise(text.replace(/\([^()]{0,100}\)/g, '<part>').replace(/[$^]|\/\?$/g, ''));
      const isOdd = /[\\[\]+?|]/.test(path);
      emit(
        'route',
        { place: pattern.place, when: call.when },
        {
          methods: [],
          path: isOdd ? '/*' : path,
          complete: !isOdd,
          handlers: handlersOf(handler, program),
          fallback: isOdd || path.endsWith('*'),
          library: 'tornado',
        },
      );
    }
    if (list?.is !== 'list')
      emit('route', anchor(call), { methods: [], path: '/*', complete: false, handlers: [], fallback: true, library: 'tornado' });
  }
}

/** What an application serves by itself: a folder of files, its documentation. */
function emitBuiltIn(program: ProgramView, emit: Emit): void {
  for (const call of program.calls) {
    const { dotted = '' } = call;
    const at = { ...anchor(call), place: call.namePlace };
    const add = (library: string, path: string, isFiles: boolean) =>
      emit('route', at, {
        methods: ['GET'],
        path,
        complete: true,
        handlers: [],
        fallback: isFiles,
        library,
        ...(isFiles ? { answers: 'files' as const } : {}),
      });
    if (/^(?:flask\.(?:app\.)?Flask|quart\.Quart)$/.test(dotted)) {
      const url = call.named('static_url_path');
      const text = textOf(url) ?? (url === undefined ? '/static' : undefined);
      if (text !== undefined && !isNone(call.named('static_folder'))) add('flask', normalise(`${text}/*`), true);
    } else if (/^fastapi\.(?:applications\.)?FastAPI$/.test(dotted)) {
      for (const [name, usual] of [
        ['docs_url', '/docs'],
        ['redoc_url', '/redoc'],
        ['openapi_url', '/openapi.json'],
      ] as const) {
        const path = call.named(name) === undefined ? usual : textOf(call.named(name));
        if (path !== undefined) add('fastapi', path, false);
      }
    } else if (
      /^(?:connexion\.\w+|dash\.Dash|litestar\.Litestar|falcon\.(?:asgi\.)?(?:App|API)|http\.server\.\w*HTTPServer|bottle\.Bottle)$/.test(
        dotted,
      )
    )
      emit('route', at, { methods: [], path: '/*', complete: false, handlers: [], fallback: true, library: dotted.split('.')[0]! });
  }
}

/** Routes with their full paths: those of applications, blueprints and routers, URL patterns, handlers. */
export const routes: Recogniser = {
  id: 'routes',
  recognise(program, emit) {
    if (!servesHttp(program)) return;
    const reader = new RouteReader(program, new RouterTree(program), emit);
    for (const call of program.calls) reader.read(call);
    emitBuiltIn(program, emit);
    emitTornado(program, emit);
    emitDjangoRoutes(program, emit);
  },
};
