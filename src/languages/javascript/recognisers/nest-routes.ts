import type { Value } from '../../../facts.ts';
import type { CallSite, ProgramView, Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { moduleOf } from '../values.ts';
import { methodAnswers, tellsAtRoot } from './health-root.ts';
import { joinPath, normalisePath, type PathText, pathsOf, rootPath, unknownPath } from './routes-paths.ts';

/** Decorators of classes that hold routes; NestJS, routing-controllers, Ts.ED, inversify-express-utils, tsoa, Overnight and own ones share the names. */
const controllers = new Set(['Controller', 'JsonController', 'RestController', 'controller', 'Route']);
const verbs: Readonly<Record<string, string>> = {
  Get: 'GET',
  Post: 'POST',
  Put: 'PUT',
  Patch: 'PATCH',
  Delete: 'DELETE',
  Head: 'HEAD',
  Options: 'OPTIONS',
  All: '',
  Sse: 'GET',
  httpGet: 'GET',
  httpPost: 'POST',
  httpPut: 'PUT',
  httpPatch: 'PATCH',
  httpDelete: 'DELETE',
  httpHead: 'HEAD',
};
/** Packages whose decorators build paths just as they are written. */
const exact = new Set(['@nestjs/common', 'routing-controllers', 'inversify-express-utils']);

interface Controller {
  readonly call: CallSite;
  readonly paths: readonly PathText[];
  readonly versioned: boolean;
}

function controllerOf(call: CallSite): Controller {
  const [argument] = call.args;
  if (argument?.is !== 'object') return { call, paths: argument ? pathsOf(argument) : [rootPath], versioned: false };
  const path = argument.properties['path'];
  return { call, paths: path ? pathsOf(path) : [rootPath], versioned: argument.properties['version'] !== undefined };
}

/** What the application puts before every path. */
interface Globals {
  readonly prefixes: readonly PathText[];
  readonly excluded: readonly string[];
  readonly versioned: boolean;
}

function readGlobals(program: ProgramView): Globals {
  const calls = program.callsNamed('setGlobalPrefix');
  const excluded = calls.flatMap(({ args: [, options] }) => {
    const list = options?.is === 'object' ? options.properties['exclude'] : undefined;
    return (list?.is === 'list' ? list.items : []).flatMap((item) =>
      pathsOf(item.is === 'object' ? item.properties['path'] : item).map(({ text }) => normalisePath(text)),
    );
  });
  const prefixes = calls.flatMap(({ args: [prefix] }) => pathsOf(prefix));
  const bare = program
    .callsOf('routing-controllers')
    .flatMap(({ args }) =>
      args.flatMap((options) =>
        options.is === 'object' && options.properties['routePrefix'] ? pathsOf(options.properties['routePrefix']) : [],
      ),
    );
  const all = [...prefixes, ...bare];
  return { prefixes: all.length > 0 ? all : [rootPath], excluded, versioned: program.callsNamed('enableVersioning').length > 0 };
}

const listed = (value: Value | undefined): readonly Value[] => (value?.is === 'list' ? value.items : []);
const property = (value: Value | undefined, name: string): Value | undefined =>
  value?.is === 'object' ? value.properties[name] : undefined;

/** Prefixes that RouterModule gives to the controllers of a module, by class. */
function readModulePrefixes(program: ProgramView): ReadonlyMap<string, readonly PathText[]> {
  const byModule = new Map<string, PathText[]>();
  const walk = (routes: readonly Value[], prefix: PathText, depth: number): void => {
    for (const route of depth > 6 ? [] : routes) {
      if (route.is === 'class') byModule.set(route.id, [...(byModule.get(route.id) ?? []), prefix]);
      const own = property(route, 'path');
      const at = joinPath(prefix, own ? (pathsOf(own)[0] ?? unknownPath) : rootPath);
      const module = property(route, 'module');
      if (module?.is === 'class') byModule.set(module.id, [...(byModule.get(module.id) ?? []), at]);
      walk(listed(property(route, 'children')), at, depth + 1);
    }
  };
  for (const call of program.callsOf('@nestjs/core')) {
    if (/^RouterModule\.(?:register|forRoutes)$/.test(call.path)) walk(listed(call.args[0]), rootPath, 0);
  }
  const byController = new Map<string, readonly PathText[]>();
  if (byModule.size === 0) return byController;
  for (const call of program.callsOf('@nestjs/common')) {
    const prefixes = call.path === 'Module' && call.decorates ? byModule.get(call.decorates.class) : undefined;
    if (!prefixes) continue;
    for (const item of listed(property(call.args[0], 'controllers'))) if (item.is === 'class') byController.set(item.id, prefixes);
  }
  return byController;
}

/** Decorators by the name that the code gives them: also those of the repository's own making. */
function decoratorsNamed(
  program: ProgramView,
  isWanted: (name: string) => boolean,
): readonly { readonly call: CallSite; readonly name: string }[] {
  return program.calls.flatMap((call) => {
    if (call.how !== 'decorator' || !call.decorates) return [];
    const { path, line, column, endColumn } = call.namePlace;
    const name = call.name || (program.lines(path)[line - 1]?.slice(column - 1, endColumn - 1) ?? '');
    return isWanted(name) ? [{ call, name }] : [];
  });
}

/** Controllers by the class whose methods they have: their own and those that they inherit. */
function collectControllers(program: ProgramView): ReadonlyMap<string, readonly Controller[]> {
  const found = new Map<string, Controller[]>();
  for (const { call } of decoratorsNamed(program, (name) => controllers.has(name))) {
    if (!call.decorates || call.decorates.member !== undefined) continue;
    const controller = controllerOf(call);
    let id: string | undefined = call.decorates.class;
    for (let depth = 0; id !== undefined && depth < 5; depth++) {
      found.set(id, [...(found.get(id) ?? []), controller]);
      const parent: Expression | undefined = program.classOf(id)?.extends;
      const value: Value | undefined = parent && program.evaluator.evaluate(parent, moduleOf(id));
      id = value?.is === 'class' ? value.id : undefined;
    }
  }
  return found;
}

/** The full paths of a decorated method. */
export function decoratedPaths(call: CallSite, controller: Controller, globals: Globals, modulePrefixes: readonly PathText[]): PathText[] {
  const [argument] = call.args;
  const own = argument && argument.is !== 'function' ? pathsOf(argument) : [rootPath];
  const known = exact.has(controller.call.package ?? '') && !(globals.versioned && controller.call.package === '@nestjs/common');
  return modulePrefixes.flatMap((module) =>
    controller.paths.flatMap((path) =>
      own.flatMap((inner) => {
        const local = joinPath(joinPath(module, path), inner);
        const bare = globals.excluded.includes(normalisePath(local.text));
        return (bare ? [rootPath] : globals.prefixes).map((prefix) => {
          const full = joinPath(prefix, local);
          return { text: full.text, complete: full.complete && known && !controller.versioned };
        });
      }),
    ),
  );
}

/** `class HealthController`: it is there to tell whether the service works, whatever its path is. */
const isHealthController = (className: string | undefined): boolean =>
  /^(?:Health(?:Check|z)?|Heartbeat|Liveness|Readiness)Controller$/.test(className ?? '');

/** Routes that decorators declare. */
export const nestRoutes: Recogniser = {
  id: 'nest-routes',
  packages: [
    '@nestjs/common',
    '@nestjs/core',
    'routing-controllers',
    '@tsed/common',
    'inversify-express-utils',
    'tsoa',
    '@overnightjs/core',
  ],
  methods: ['setGlobalPrefix', 'enableVersioning'],
  passes: [methodAnswers],
  text: [/@(?:Controller|JsonController|RestController|controller|Route)\s*\(/],
  recognise(program, emit) {
    emitUnread(program, emit);
    const byClass = collectControllers(program);
    if (byClass.size === 0) return;
    const globals = readGlobals(program);
    const modulePrefixes = readModulePrefixes(program);
    for (const { call, name } of decoratorsNamed(program, (text) => Object.hasOwn(verbs, text))) {
      if (call.decorates?.member === undefined) continue;
      const method = verbs[name]!;
      for (const controller of byClass.get(call.decorates.class) ?? []) {
        const modules = modulePrefixes.get(controller.call.decorates!.class) ?? [rootPath];
        for (const path of decoratedPaths(call, controller, globals, modules)) {
          const text = normalisePath(path.text || '/');
          const handlers = call.decorates.function === undefined ? [] : [call.decorates.function];
          const isHealth = isHealthController(call.decorates.className) || tellsAtRoot(program, text, handlers);
          if (isHealth && /^(?:GET)?$/.test(method))
            emit('health-helper', { ...call, place: call.place }, { library: controller.call.package ?? 'decorators', paths: [text] });
          emit(
            'route',
            { ...call, place: call.place },
            {
              methods: method ? [method] : [],
              path: text,
              complete: path.complete,
              handlers,
              fallback: text.endsWith('*'),
              library: controller.call.package ?? 'decorators',
            },
          );
        }
      }
    }
    emitStatic(program, emit);
  },
};

/** Controllers that routing-controllers loads by patterns of paths: what they answer was not read. */
function emitUnread(program: ProgramView, emit: Parameters<Recogniser['recognise']>[1]): void {
  for (const call of program.callsOf('routing-controllers')) {
    if (!/^(?:create|use)(?:Express|Koa)Server$/.test(call.path)) continue;
    const given = property(call.args.at(-1), 'controllers');
    if (given?.is === 'list' && given.items.every(({ is }) => is === 'class')) continue;
    const at = { ...call, place: call.namePlace };
    emit('route', at, { methods: [], path: '/*', complete: false, handlers: [], fallback: true, library: 'routing-controllers' });
  }
}

/** `ServeStaticModule.forRoot`, `app.useStaticAssets`: a folder that the application serves. */
function emitStatic(program: ProgramView, emit: Parameters<Recogniser['recognise']>[1]): void {
  const calls = [...program.callsOf('@nestjs/serve-static'), ...program.callsNamed('useStaticAssets')];
  for (const call of calls) {
    const options = call.args.find((argument) => argument.is === 'object');
    const at = property(options, 'serveRoot') ?? property(options, 'prefix');
    const paths = at ? pathsOf(at) : [rootPath];
    for (const path of paths)
      emit(
        'route',
        { ...call, place: call.namePlace },
        {
          methods: ['GET'],
          path: normalisePath(joinPath(path, { text: '*', complete: true }).text),
          complete: path.complete,
          handlers: [],
          fallback: true,
          library: call.package ?? 'static',
          ...(call.package === '@nestjs/serve-static' ? {} : { answers: 'files' as const }),
        },
      );
  }
}
