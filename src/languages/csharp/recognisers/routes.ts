import type { CallView, MethodView } from '../names.ts';
import { type Emit, type ProgramView, placeOf, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { joinPaths, pathOfTemplate, prefixOf } from './route-paths.ts';
import { library } from './servers.ts';

const verbs: Readonly<Record<string, readonly string[]>> = {
  MapGet: ['GET'],
  MapPost: ['POST'],
  MapPut: ['PUT'],
  MapDelete: ['DELETE'],
  MapPatch: ['PATCH'],
  MapMethods: [],
  MapHub: [],
  MapGraphQL: [],
  MapMcp: [],
};
/** What answers whatever others leave, or what only a running program tells. */
const open = ['MapForwarder', 'UseOcelot', 'UseOrchardCore', 'MapDefaultHealthChecks', 'UseServiceStack', 'MapDefaultAspireEndpoints'];
/** Middleware that answers below paths of its own. */
const mounted: Readonly<Record<string, readonly string[]>> = {
  UseIdentityServer: ['/.well-known/*', '/connect/*'],
  UseHangfireDashboard: ['/hangfire/*'],
  UseSwagger: ['/swagger/*'],
  UseSwaggerUI: ['/swagger/*'],
};
const files = ['UseStaticFiles', 'UseFileServer', 'MapStaticAssets', 'UseBlazorFrameworkFiles'];
const pageFallbacks = [
  'MapFallbackToFile',
  'MapFallbackToPage',
  'MapFallback',
  'UseSpa',
  'MapFallbackToController',
  'MapFallbackToAreaPage',
];

/** Functions that answer: lambdas and named methods. */
export const handlersOf = (view: ProgramView, call: CallView): readonly string[] =>
  call.call.args.flatMap((argument) => {
    if (argument.is === 'lambda') return view.names.methodsOf(call.type)[argument.index]?.id ?? [];
    return view.graph.groupOf(argument, call).map(({ id }) => id);
  });

/** The pattern and what it is mapped on: `app.MapGet("/x", …)`. */
export function mappedPath(
  view: ProgramView,
  call: CallView,
  pattern: Expression | undefined,
): { path: string; complete: boolean } | undefined {
  const text = view.evaluator.text(pattern, call);
  const prefix = prefixOf(call.call.on, call, view);
  if (text === undefined) return undefined;
  return { path: joinPaths(prefix ?? '', pathOfTemplate(text)), complete: prefix !== undefined };
}

function emitMapped(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed(...Object.keys(verbs))) {
    const pattern = call.call.args.find(({ is }) => is !== 'lambda') ?? call.call.named.pattern;
    if (!call.call.on && !isEndpointType(call)) continue;
    const mapped = mappedPath(
      view,
      call,
      call.call.name === 'MapGraphQL' && !pattern ? { is: 'literal', value: '/graphql', at: call.call.at } : pattern,
    );
    emit(
      'route',
      placeOf(call),
      {
        methods: verbs[call.call.name]!,
        path: mapped?.path ?? '',
        complete: mapped?.complete ?? false,
        handlers: handlersOf(view, call),
        fallback: mapped === undefined,
        library,
      },
      { when: view.conditions(call), within: call.id },
    );
  }
  // `app.Map("/x", branch => …)` answers everything below; with a handler it is a route for all methods.
  for (const call of view.callsNamed('Map', 'MapWhen')) {
    const mapped = call.call.name === 'Map' && call.call.args.length > 1 ? mappedPath(view, call, call.call.args[0]) : undefined;
    if (!call.call.on || (call.call.name === 'Map' && !mapped)) continue;
    const value = {
      methods: [],
      path: joinPaths(mapped?.path ?? '', '*'),
      complete: mapped?.complete ?? false,
      handlers: handlersOf(view, call),
      fallback: true,
      library,
    };
    emit('route', placeOf(call), value, { when: view.conditions(call) });
  }
}

/** Endpoint classes of a base of the program map on themselves: `this.MapGet(…)`. */
const isEndpointType = (view: MethodView): boolean => view.type.bases.length > 0;

/** FastEndpoints: `Get("/x")` in `Configure()` of an endpoint. */
function emitFastEndpoints(view: ProgramView, emit: Emit): void {
  const isPrefixed = view.callsNamed('UseFastEndpoints').some(({ call }) => call.args.length > 0);
  for (const call of view.callsNamed('Get', 'Post', 'Put', 'Delete', 'Patch')) {
    const [pattern] = call.call.args;
    if (call.call.on || call.method.name !== 'Configure' || !view.names.basesOf(call).some((name) => /^(?:Endpoint|Ep)/.test(name)))
      continue;
    const text = view.evaluator.text(pattern, call);
    const handlers = view.names.methodsOf(call.type).filter(({ method }) => /^(?:HandleAsync|ExecuteAsync)$/.test(method.name));
    emit('route', placeOf(call), {
      methods: [call.call.name.toUpperCase()],
      path: text === undefined ? '' : pathOfTemplate(text),
      complete: text !== undefined && !isPrefixed,
      handlers: handlers.map(({ id }) => id),
      fallback: text === undefined,
      library: 'FastEndpoints',
    });
  }
}

/** What YARP hands on: `ReverseProxy:Routes:orders:Match:Path` of the settings; nothing where code says it, or a route takes all. */
function proxiedPaths(view: ProgramView): readonly string[] {
  if (view.callsNamed('LoadFromMemory', 'LoadFromConfig').some(({ call }) => call.name === 'LoadFromMemory')) return [];
  const found = view.settings.all.filter(({ key }) => /:Routes:[^:]+:Match:Path$/i.test(key)).map(({ text }) => text);
  const isAll = found.some((text) => /^\/?\{\*/.test(text));
  return isAll ? [] : [...new Set(found.map((text) => pathOfTemplate(text)))].slice(0, mostProxied);
}
const mostProxied = 200;

function emitFallbacks(view: ProgramView, emit: Emit): void {
  const add = (call: CallView, path: string, complete: boolean, answers?: 'files') =>
    emit(
      'route',
      placeOf(call),
      { methods: [], path, complete, handlers: [], fallback: true, library, ...(answers ? { answers } : {}) },
      { when: view.conditions(call) },
    );
  for (const call of view.callsNamed(...open)) add(call, '', false);
  for (const call of view.callsNamed('MapReverseProxy')) {
    const paths = proxiedPaths(view);
    for (const path of paths) add(call, path, true);
    if (paths.length === 0) add(call, '', false);
  }
  for (const call of view.callsNamed(...Object.keys(mounted))) for (const path of mounted[call.call.name]!) add(call, path, true);
  for (const call of view.callsNamed(...files)) add(call, '/*', true, 'files');
  for (const call of view.callsNamed(...pageFallbacks)) add(call, '/*', true);
  // Below a base path everything answers as well.
  for (const call of view.callsNamed('UsePathBase')) {
    const text = view.evaluator.text(call.call.args[0], call);
    add(call, text ? joinPaths(text, '*') : '', text !== undefined && text !== '');
  }
  // `app.Run(async context => …)` answers what nothing else does.
  for (const call of view.callsNamed('Run')) if (call.call.args[0]?.is === 'lambda' && call.call.on) add(call, '/*', true);
}

/** Routes of minimal APIs, hubs, and what answers the rest. */
export const routes: Recogniser = {
  text: [
    ...Object.keys(verbs),
    ...open,
    'MapReverseProxy',
    ...Object.keys(mounted),
    ...files,
    ...pageFallbacks,
    '.Map(',
    'MapGroup',
    'UsePathBase',
    '.Run(',
    'FastEndpoints',
    'IEndpointRouteBuilder',
  ],
  recognise(view, emit) {
    emitMapped(view, emit);
    emitFastEndpoints(view, emit);
    emitFallbacks(view, emit);
  },
};
