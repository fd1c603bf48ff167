/** What the containers of Spring, CDI, EJB and servlets make of a class. */
import type { CallGraph } from './call-graph.ts';
import { codeHandlers } from './code-frameworks.ts';
import { contractHandlers } from './contract-handlers.ts';
import type { MethodView, Names, TypeView } from './names.ts';
import { annotationOf } from './recogniser.ts';
import { type FileViews, inFiles } from './views.ts';

interface Roles {
  readonly files: readonly FileViews[];
  readonly names: Names;
  /** Full names of classes that descriptors make beans of. */
  readonly declared: ReadonlySet<string>;
}

const beanAnnotations = [
  'Component',
  'Service',
  'Repository',
  'Controller',
  'RestController',
  'ControllerAdvice',
  'RestControllerAdvice',
  'Configuration',
  'SpringBootApplication',
  'ConfigurationProperties',
  'Stateless',
  'Stateful',
  'Singleton',
  'MessageDriven',
  'ApplicationScoped',
  'RequestScoped',
  'SessionScoped',
  'Dependent',
  'Named',
  'Model',
  'Path',
  'WebServlet',
  'WebFilter',
  'WebListener',
  'ServerEndpoint',
  'ManagedBean',
  'Endpoint',
  'FeignClient',
];
const webTypes =
  /^(?:HttpServlet|GenericServlet|Filter|OncePerRequestFilter|ServletContextListener|HttpSessionListener|HandlerInterceptor|AsyncHandlerInterceptor|HandlerInterceptorAdapter|AbstractController|ActionBean|Action|DispatchAction|LookupDispatchAction|MappingDispatchAction|ActionSupport|AbstractActionBean)$/;
const sharedBeans =
  /^(?:Service|Repository|Component|Controller|RestController|Singleton|ApplicationScoped|Configuration|WebServlet|WebFilter)$/;

/** Types that an `@Bean` or `@Produces` method returns or makes. */
const madeTypes = inFiles(({ methods }) =>
  methods
    .filter(({ method }) => annotationOf(method, 'Bean', 'Produces'))
    .flatMap(({ method }) => [method.returns ?? '', ...method.creations.map((creation) => creation.type)]),
);
const beanMethods = new WeakMap<Roles['files'], ReadonlySet<string>>();
function madeByMethods(roles: Roles): ReadonlySet<string> {
  const known = beanMethods.get(roles.files);
  if (known) return known;
  const made = new Set(madeTypes(roles));
  beanMethods.set(roles.files, made);
  return made;
}

const isWebType = (view: TypeView, { names }: Roles): boolean => {
  for (let current: TypeView | undefined = view, depth = 0; current && depth < 6; depth++) {
    const parents: string[] = [current.type.superclass ?? '', ...current.type.interfaces];
    if (parents.some((name) => webTypes.test(name))) return true;
    current = current.type.superclass ? names.find(current.file, current.type.superclass) : undefined;
  }
  return false;
};

export const isBean = (view: TypeView, roles: Roles): boolean =>
  annotationOf(view.type, ...beanAnnotations) !== undefined ||
  roles.declared.has(view.name) ||
  madeByMethods(roles).has(view.type.name) ||
  isWebType(view, roles);

const prototypes = /(?:^|\.)(?:Scope|RequestScope|SessionScope|SessionScoped|RequestScoped)$/;
/** What one bean method of Spring returns or makes is made once, if nothing else makes it. */
const beansMade = inFiles(({ methods }) =>
  methods.flatMap(({ method }) => {
    const types = method.creations.map((creation) => creation.type);
    if (annotationOf(method, 'Bean') === undefined) return types.map((type) => ({ type, isBean: false }));
    return method.annotations.some(({ name }) => prototypes.test(name)) ? [] : types.map((type) => ({ type, isBean: true }));
  }),
);
const madeOnce = new WeakMap<readonly FileViews[], ReadonlySet<string>>();
export function isMadeOnce({ type }: TypeView, files: readonly FileViews[]): boolean {
  let names = madeOnce.get(files);
  if (!names) {
    const made = beansMade({ files });
    const others = new Set(made.flatMap((one) => (one.isBean ? [] : [one.type])));
    names = new Set(made.flatMap((one) => (one.isBean && !others.has(one.type) ? [one.type] : [])));
    madeOnce.set(files, names);
  }
  return names.has(type.name);
}

/** One instance answers all requests. */
export const isSharedBean = (view: TypeView): boolean =>
  view.type.annotations.some(({ name }) => sharedBeans.test(name.slice(name.lastIndexOf('.') + 1))) &&
  annotationOf(view.type, 'Scope', 'RequestScope', 'SessionScope', 'SessionScoped', 'RequestScoped', 'Stateful') === undefined;

const mappings = [
  'RequestMapping',
  'GetMapping',
  'PostMapping',
  'PutMapping',
  'DeleteMapping',
  'PatchMapping',
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'MessageMapping',
  'SubscribeMapping',
  'QueryMapping',
  'MutationMapping',
  'SubscriptionMapping',
  'SchemaMapping',
  'DgsQuery',
  'DgsMutation',
  // Micronaut
  'Get',
  'Post',
  'Put',
  'Delete',
  'Patch',
];
const messageMappings = [
  'OnOpen',
  'OnMessage',
  'KafkaListener',
  'KafkaHandler',
  'RabbitListener',
  'RabbitHandler',
  'JmsListener',
  'StreamListener',
  'SqsListener',
  'PulsarListener',
  'Incoming',
  'ConsumeEvent',
  'WebMethod',
  // Quarkus
  'OnTextMessage',
  'OnBinaryMessage',
  // Axon
  'CommandHandler',
  'EventHandler',
];
/** Micronaut names the queue at the method, and the broker at its class. */
const namesQueue: Readonly<Record<string, RegExp>> = { Topic: /(?:Kafka|Mqtt)/, Queue: /(?:Rabbit|JMS|SQS)/, Subject: /Nats/ };
const takesFromQueue = ({ type, method }: MethodView): boolean =>
  method.annotations.some(({ name }) => {
    const broker = namesQueue[name.slice(name.lastIndexOf('.') + 1)];
    return broker !== undefined && type.annotations.some((one) => broker.test(one.name));
  });
/** What a socket or a stream of gRPC belongs to comes from a client. */
const clientTypes = /^(?:WebSocketSession|ServerWebSocket|StreamObserver)$/;
/** Functions that Spring Cloud binds to queues: `@Component class Arrivals implements Consumer<Order>`. */
const functionTypes = /^(?:Consumer|BiConsumer|Function)$/;
const isBoundFunction = ({ type, method }: MethodView): boolean =>
  (/^(?:accept|apply)$/.test(method.name) &&
    type.interfaces.some((name) => functionTypes.test(name)) &&
    annotationOf(type, 'Component', 'Service') !== undefined) ||
  (annotationOf(method, 'Bean') !== undefined && functionTypes.test(method.returns ?? ''));
/** What observers are told when the container starts or stops is no request. */
const ownEvents = /(?:Startup|Shutdown|Initialized|Started|Stopped|Discovery|Deployment|AfterBean|BeforeBean|Process\w+|Object)(?:Event)?$/;
const servletMethods = /^(?:doGet|doPost|doPut|doDelete|doHead|service|doFilter|doFilterInternal|preHandle|postHandle|handleRequest)$/;

/** What only a request brings: of servlets, Struts, WebFlux, JAX-RS, gateways and Micronaut. */
const requestTypes = /^(?:ActionMapping|HttpServletRequest|ServerWebExchange|ContainerRequestContext|(?:Web|Gateway|Server)?FilterChain)$/;

/** What an action of Struts 2 answers with: the name of a result. */
const isActionMethod = ({ method }: MethodView): boolean =>
  method.returns === 'String' &&
  method.parameters.length === 0 &&
  method.modifiers.includes('public') &&
  !/^(?:get|is|to)/.test(method.name);
/** Pages of JSF call any method of their beans by its name. */
const isPageMethod = ({ type, method }: MethodView): boolean =>
  (annotationOf(type, 'ManagedBean', 'Model', 'ViewScoped') !== undefined ||
    (annotationOf(type, 'Named') !== undefined &&
      annotationOf(type, 'RequestScoped', 'SessionScoped', 'ConversationScoped') !== undefined)) &&
  method.modifiers.includes('public') &&
  !atStart.test(method.name) &&
  annotationOf(method, ...startAnnotations) === undefined;

/** Methods that are mapped to requests, or that would be in a servlet or an action. */
const handlers = inFiles(({ methods }) =>
  methods.flatMap((view) => {
    const isMapped =
      annotationOf(view.method, ...mappings) !== undefined ||
      view.method.parameters.some(({ type }) => requestTypes.test(type)) ||
      isPageMethod(view);
    return isMapped || servletMethods.test(view.method.name) || isActionMethod(view) ? [{ view, isMapped }] : [];
  }),
);

const atStart =
  /^(?:main|init|contextInitialized|onApplicationEvent|run|afterPropertiesSet|start|<init>|<static>|<instance>|contextDestroyed|destroy|close)$/;
const startAnnotations = ['PostConstruct', 'PreDestroy', 'EventListener', 'Scheduled', 'Bean', 'Schedule', 'Timeout', 'Observes'];

/** Users come and go. */
const sessionEvents = /^(?:session(?:Created|Destroyed|IdChanged)|attribute(?:Added|Removed|Replaced)|value(?:Bound|Unbound))$/;
/** Methods that a container calls with messages and events. */
const messageHandlers = inFiles(({ methods }) =>
  methods.filter((view) => {
    const { method, type } = view;
    return (
      annotationOf(method, ...messageMappings) !== undefined ||
      takesFromQueue(view) ||
      isBoundFunction(view) ||
      method.parameters.some((one) => clientTypes.test(one.type)) ||
      (sessionEvents.test(method.name) &&
        method.parameters.length === 1 &&
        /^HttpSession(?:Binding)?Event$/.test(method.parameters[0]!.type)) ||
      (method.name === 'onMessage' && (type.interfaces.length > 0 || annotationOf(type, 'MessageDriven') !== undefined)) ||
      method.parameters.some((one) => annotationOf(one, 'Observes', 'ObservesAsync') !== undefined && !ownEvents.test(one.type))
    );
  }),
);

/** What the program tells itself of what a request did: `@EventListener` for an event of its own. */
const eventListeners = inFiles(({ methods }) =>
  methods.filter(
    ({ method }) =>
      method.parameters.length === 1 && annotationOf(method, 'EventListener', 'TransactionalEventListener', 'ApplicationModuleListener'),
  ),
);

const requestMethods = new WeakMap<CallGraph, ReadonlySet<string>>();
const workMethods = new WeakMap<CallGraph, ReadonlySet<string>>();
/** A handler of requests is it, or leads to it. */
export function isReached(view: MethodView, graph: CallGraph, roles: Roles): boolean {
  let reached = requestMethods.get(graph);
  if (!reached) {
    reached = graph.reached([
      ...handlers(roles).flatMap((one) => (one.isMapped || isWebType(one.view, roles) ? [one.view.id] : [])),
      ...codeHandlers(roles).map(({ id }) => id),
      ...contractHandlers(roles, (method) => annotationOf(method, ...mappings) !== undefined).map(({ id }) => id),
    ]);
    requestMethods.set(graph, reached);
  }
  return reached.has(view.id);
}

/** A handler of requests or of messages is it, or leads to it. */
export function isWork(view: MethodView, graph: CallGraph, roles: Roles): boolean {
  if (isReached(view, graph, roles)) return true;
  let reached = workMethods.get(graph);
  if (!reached) {
    const events = eventListeners(roles).filter(({ file, method }) => roles.names.find(file, method.parameters[0]!.type) !== undefined);
    reached = graph.reached([...messageHandlers(roles), ...events].map(({ id }) => id));
    workMethods.set(graph, reached);
  }
  return reached.has(view.id);
}

/** Reached from a request handler; else a method of a bean that no start and no timer calls. */
export const servesRequest = (view: MethodView, graph: CallGraph, roles: Roles): boolean =>
  isReached(view, graph, roles) ||
  (isBean(view, roles) && !atStart.test(view.method.name) && annotationOf(view.method, ...startAnnotations) === undefined);
