/** What ASP.NET Core, MediatR and hosts make of methods: handlers of requests, and what runs at start. */
import type { CallGraph } from './call-graph.ts';
import { takesHandler } from './call-graph.ts';
import type { MethodView, Names, TypeView } from './names.ts';

const controllers = /^(?:Controller|ControllerBase|ODataController|ApiController|AbpController|AbpControllerBase)$/;
/** Types whose methods answer by a contract, and which of them do. */
const contracts: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:Hub|DynamicHub)$/, /^(?!<|Dispose)/],
  [/^(?:PageModel|ComponentBase|LayoutComponentBase|OwningComponentBase)$/, /^(?!<|Dispose)/],
  [/^ViewComponent$/, /^Invoke/],
  // A hosted service that takes messages is asked by them.
  [/^(?:BackgroundService|IHostedService)$/, /^(?:Handle|On|Consume)Message(?:Received)?(?:Async)?$/],
  [
    /^(?:IRequestHandler|INotificationHandler|ICommandHandler|IQueryHandler|IIntegrationEventHandler|IHandleMessages|IConsumer|IEventHandler|IDomainEventHandler)$/,
    /^(?:Handle|HandleAsync|Consume)$/,
  ],
  [
    /^(?:IMiddleware|IActionFilter|IAsyncActionFilter|IAuthorizationFilter|IAsyncAuthorizationFilter|ActionFilterAttribute|IExceptionHandler|DelegatingHandler|AuthenticationHandler)$/,
    /^(?!<|Dispose)/,
  ],
  [
    /^(?:Endpoint|EndpointWithoutRequest|EndpointWithMapping|EndpointBaseAsync|EndpointBaseSync|BaseAsyncEndpoint|IEndpoint|Service)\w*$/,
    /^(?:Handle|HandleAsync|ExecuteAsync|Execute|Get|Post|Put|Delete|Any)$/,
  ],
];

export const isController = (view: TypeView, names: Names): boolean =>
  view.type.kind === 'class' &&
  (view.type.name.endsWith('Controller') ||
    view.type.attributes.some(({ name }) => name === 'ApiController' || name === 'Controller') ||
    names.basesOf(view).some((name) => controllers.test(name))) &&
  !view.type.attributes.some(({ name }) => name === 'NonController');

const isPublic = ({ method }: MethodView): boolean =>
  method.modifiers.includes('public') && !method.modifiers.includes('static') && !method.name.startsWith('<');

/** `Save_Click(object sender, EventArgs e)` behind a page, a control or the application. */
const isEvent = ({ path, method }: MethodView): boolean =>
  /\.(?:aspx|ascx|master|asax)\.cs$/i.test(path) &&
  method.parameters.length === 2 &&
  /EventArgs$/.test(method.parameters[1]!.type) &&
  !/^Application_(?:Start|End)$/.test(method.name);

/** gRPC hands each call its context; middleware by convention and handlers of IIS get the request's. */
const isByParameter = (view: MethodView): boolean =>
  view.method.parameters.some(({ type }) => type === 'ServerCallContext') ||
  (/^(?:Invoke(?:Async)?|ProcessRequest)$/.test(view.method.name) && view.method.parameters[0]?.type === 'HttpContext') ||
  view.method.attributes.some(({ name }) => name === 'WebMethod') ||
  isEvent(view);

export function findHandlers(methods: readonly MethodView[], names: Names, graph: CallGraph): ReadonlySet<string> {
  const handlers = new Set<string>();
  const kinds = new Map<TypeView['type'], { isController: boolean; patterns: readonly RegExp[] }>();
  const kindOf = (view: MethodView) => {
    const known = kinds.get(view.type);
    if (known) return known;
    const bases = names.basesOf(view);
    const patterns = contracts.flatMap(([base, method]) => (bases.some((name) => base.test(name)) ? [method] : []));
    const kind = { isController: isController(view, names), patterns };
    kinds.set(view.type, kind);
    return kind;
  };
  for (const view of methods) {
    const { method } = view;
    const kind = kindOf(view);
    const answers =
      (kind.isController && isPublic(view) && !method.attributes.some(({ name }) => name === 'NonAction')) ||
      kind.patterns.some((pattern) => pattern.test(method.name)) ||
      (method.name === '<lambda>' && takesHandler.test(method.handedTo ?? '')) ||
      isByParameter(view);
    if (answers) handlers.add(view.id);
    for (const { call } of method.calls)
      if (takesHandler.test(call.name))
        for (const argument of call.args) for (const group of graph.groupOf(argument, view)) handlers.add(group.id);
  }
  return handlers;
}

const startTypes = /^(?:<main>|Program|Startup\w*|\w*(?:Startup|HostedService|Worker|Module|Installer|Bootstrapper))$/;
const hosted = /^(?:BackgroundService|IHostedService|IHostedLifecycleService|AbpModule|Module|AppHostBase|IStartupFilter|IHostingStartup)$/;

/** Where a program begins: its statements or `Main`, its `Startup`, and what hosts start. */
export const findStarts = (methods: readonly MethodView[], names: Names): readonly string[] =>
  methods
    .filter((view) => {
      const last = view.type.name.slice(view.type.name.lastIndexOf('.') + 1);
      if (view.method.name === 'Main' || view.type.kind === 'main') return true;
      return startTypes.test(last) || names.basesOf(view).some((name) => hosted.test(name));
    })
    .map(({ id }) => id);

/**
 * Modules that a host finds by their interface and that no code names: `class Orders : IModule { void Configure(IServiceCollection
 * services) }` in a project that the program is built of.
 */
export const findModules = (methods: readonly MethodView[], graph: CallGraph): readonly string[] =>
  methods
    .filter(
      (view) =>
        !view.isOwn &&
        isPublic(view) &&
        !view.method.extends &&
        view.method.parameters.some(({ type }) => type === 'IServiceCollection') &&
        view.type.bases.some(({ name }) => /^(?:\w+\.)*(?:I[A-Z]\w*|StartupBase)$/.test(name)) &&
        graph.callersOf(view.id).length === 0,
    )
    .map(({ id }) => id);

const registers = /^(?:Try)?Add(?:Scoped|Transient|Singleton)$/;

/**
 * Services that a web application registers and that no code which was read calls: whoever calls them does so for requests, since
 * the start of a program is read as a whole.
 */
export function findServices(methods: readonly MethodView[], graph: CallGraph, starts: ReadonlySet<string>): readonly string[] {
  const calls = methods.flatMap(({ method }) => method.calls.filter(({ call }) => registers.test(call.name) && call.types.length > 0));
  const registered = new Set(calls.map(({ call }) => call.types.at(-1)!.replace(/<.*$/s, '').replace(/^.*\./s, '')));
  return methods
    .filter(
      (view) =>
        registered.has(view.type.name.slice(view.type.name.lastIndexOf('.') + 1)) &&
        isPublic(view) &&
        !starts.has(view.id) &&
        graph.callersOf(view.id).length === 0,
    )
    .map(({ id }) => id);
}
