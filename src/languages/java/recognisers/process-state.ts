import type { FactValues } from '../../../facts.ts';
import { type CallView, type MethodView, refersTo, type TypeView } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { isMadeOnce, isSharedBean } from '../roles.ts';
import type { Expression, Field } from '../summary.ts';
import { type FileViews, inFiles } from '../views.ts';
import { runsOnce } from './filled-once.ts';
import { callsFromOutside } from './handed-out.ts';
import { isHeldOnce, isSingleton } from './made-once.ts';
import { growsByRequests, handsIn, isMemo, kept } from './memos.ts';
import { stepsAside } from './stand-ins.ts';

type State = FactValues['process-state'];
const containers: readonly (readonly [RegExp, State['type']])[] = [
  [
    /^(?:Map|HashMap|LinkedHashMap|TreeMap|ConcurrentSkipListMap|NavigableMap|ConcurrentNavigableMap|EnumMap|ConcurrentMap|ConcurrentHashMap|Hashtable|WeakHashMap|SortedMap|MultiValueMap|LinkedMultiValueMap)$/,
    'map',
  ],
  [/^(?:Set|HashSet|LinkedHashSet|TreeSet|SortedSet|NavigableSet|ConcurrentSkipListSet|CopyOnWriteArraySet)$/, 'set'],
  [
    /^(?:List|ArrayList|LinkedList|CopyOnWriteArrayList|Collection|Queue|Deque|ArrayDeque|ConcurrentLinkedQueue|ConcurrentLinkedDeque|LinkedBlockingQueue|LinkedBlockingDeque|PriorityQueue|PriorityBlockingQueue|Vector|Stack)$/,
    'list',
  ],
];
const writers =
  /^(?:put|putIfAbsent|computeIfAbsent|computeIfPresent|compute|merge|replace|add|addAll|putAll|push|offer|remove|removeIf|removeAll|clear|set|addFirst|addLast|poll|pop)$/;
const readers = /^(?:get|getOrDefault|contains|containsKey|values|keySet|entrySet|stream|forEach|iterator|size|isEmpty|toArray|peek)$/;
/** Types that keep copies of what is stored elsewhere, or what only this process has: connections, subscribers, partitions. */
const notStateType =
  /Cache|Metric|Stat(?:s|istics)|Monitor|Reporter|Limit|Discovery|Subscri|Consumer|Producer|Aspect|Migrat|Install|Upgrade|Loader|Watch|Pool|Factory|Handler|Listener|Client|Interceptor|Resolver|Config|Template|Partition/;
/** What it says it is for. */
const keepsInMemory = /^In-?Mem(?:ory)?[A-Z]/;
/** What these keep is state where callers hand it in and nothing else stores it. */
const oftenNoState = /Registry|Manager$|Repository$|Dao$/;
/** What is called a store, and has none behind it, is one. */
const isStore = /(?:Repository|Dao)$/;
const stores =
  /(?:Template|Operations|EntityManager|SessionFactory|SqlSession|DataSource|Jdbi|DSLContext|Mapper|Dao|DAO|Repository|Client|Collection|Store)$/;
const notState =
  /cache|lock|metric|counter|registry|regist|handler|listener|pool|factory|mapping|converter|connection|thread|class|method|logger|monitor|stats|stat(?![eiu])|statistics|pending|callback|future|watch|partition|consumer|producer|subscri|local|^my[A-Z]|template|regex|pattern|propert|config|bean|instance|mapper|loader|version|index(?:e[ds])?|indices$|chunk|[a-z]ToId(?:Map)?$/i;
/** Sessions of users are state, those of sockets and drivers are connections. */
const plainContent =
  /^(?:String|CharSequence|Integer|Long|UUID|Object|Boolean|Double|BigDecimal|Instant|Date|LocalDateTime|Map|HashMap|List|Set|byte|Int|Any)$/;
const liveContent = /Session|Channel|Socket|Emitter|Connection|Context|Thread|Future|Stream|Sink|Observer|Executor|Client/;

const typeOf = (field: Field): State['type'] | undefined =>
  containers.find(([pattern]) => pattern.test(field.type.split('.').at(-1)!))?.[1];

/** One copy of the field in the process: static, or of a bean or object of which there is one. */
export const isShared = (view: TypeView, field: Field, program: ProgramView, depth = 0): boolean =>
  field.modifiers.includes('static') ||
  (isSharedBean(view) && program.isBean(view)) ||
  program.declaredBeans.has(view.name) ||
  isMadeOnce(view, program.files) ||
  isSingleton(view) ||
  isListener(view) ||
  answersAll(view, program) ||
  isQuarkusResource(view, program) ||
  (depth < 3 && isHeldOnce(view, program, (owner, holder) => isShared(owner, holder, program, depth + 1)));

/** The server makes one of each. */
const isListener = ({ type }: TypeView): boolean =>
  type.interfaces.some((name) => /(?:^|\.)(?:HttpSession(?:Attribute|Id)?Listener|ServletContextListener)$/.test(name));

/** One servlet, and one action of Struts 1, answers all requests. */
const answersAll = (view: TypeView, { names }: ProgramView): boolean => {
  for (let current: TypeView | undefined = view, depth = 0; current && depth < 6; depth++) {
    const { file, type } = current;
    const parent = type.superclass;
    if (!parent) return false;
    if (refersTo(file, parent, 'jakarta.servlet.http.HttpServlet', 'org.apache.struts.action.Action')) return true;
    if (/^(?:Dispatch|LookupDispatch|MappingDispatch)Action$/.test(parent)) return true;
    current = names.find(file, parent);
  }
  return false;
};

/** Quarkus makes one of each resource that names no scope. */
const isQuarkusResource = (view: TypeView, program: ProgramView): boolean =>
  annotationOf(view.type, 'Path') !== undefined &&
  annotationOf(view.type, 'RequestScoped', 'SessionScoped', 'Dependent') === undefined &&
  program.dependency(/^io\.quarkus:/) !== undefined;

export const atStart = (view: MethodView): boolean =>
  /^(?:<init>|<static>|<instance>|main|init|afterPropertiesSet|contextInitialized|run|setUp)$/.test(view.method.name) ||
  view.method.annotations.some(({ name }) => /(?:PostConstruct|Bean|Autowired|EventListener|Scheduled)$/.test(name));

export const hidesField = (view: MethodView, name: string): boolean =>
  view.method.locals.some((local) => local.name === name) || view.method.parameters.some((parameter) => parameter.name === name);
const usesField = (call: CallView, name: string, pattern: RegExp): boolean =>
  pattern.test(call.call.name) &&
  (call.call.on?.is === 'name'
    ? call.call.on.path.at(-1) === name && call.call.on.path.length <= 2 && !hidesField(call, name)
    : isOfOwn(call, name));
/** `getInstance().jobs.add(…)` in the class itself. */
export const isOfOwn = ({ call: { on }, type }: CallView, name: string): boolean =>
  on?.is === 'field' &&
  on.name === name &&
  on.on.is === 'call' &&
  on.on.on === undefined &&
  type.methods.find((method) => on.on.is === 'call' && method.name === on.on.name)?.returns === type.name;

export interface Use {
  readonly view: MethodView;
  readonly at: CallView['call']['at'];
  readonly call?: CallView['call'];
  /** What is assigned as a whole. */
  readonly value?: Expression;
}
interface Uses {
  readonly writes: readonly Use[];
  readonly reads: readonly Use[];
}

function usesOf(view: TypeView, field: Field, { calls, methods }: FileViews, program: ProgramView): Uses {
  const own = calls.filter((call) => call.type === view.type);
  const outside = callsFromOutside(view, field, program);
  const assigned = methods
    .filter((method) => method.type === view.type && !hidesField(method, field.name))
    .flatMap((method) =>
      method.method.assignments
        .filter(({ target, value }) => target.at(-1) === field.name && target.length <= 2 && value?.is !== 'null')
        .map(({ at, value }) => ({ view: method, at, ...(value ? { value } : {}) })),
    );
  const useIn = (pattern: RegExp): readonly CallView[] => [
    ...own.filter((call) => usesField(call, field.name, pattern)),
    ...outside.filter(({ call }) => pattern.test(call.name)),
  ];
  const written = useIn(writers).map((call) => ({ view: call as MethodView, at: call.call.at, call: call.call }));
  const reads = useIn(readers).map((call) => ({ view: call as MethodView, at: call.call.at, call: call.call }));
  const writes = [...written, ...assigned].filter((use) => !atStart(use.view) && !runsOnce(use.view));
  return { writes, reads: reads.length > 0 ? reads : writes.filter(asksWhileWriting(field)) };
}

/** `if (!seen.add(key)) return;`: nobody fills a set that nothing asks, so what it answers is used. */
const asksWhileWriting = (field: Field) => {
  const pattern = typeOf(field) === 'set' ? /^(?:add|remove)$/ : typeOf(field) === 'map' ? /^putIfAbsent$/ : undefined;
  return ({ call }: Use): boolean => call !== undefined && pattern?.test(call.name) === true;
};

/** Libraries whose default store is the memory of the process. */
const memoryStores: readonly string[] = [
  'org.springframework.ai.vectorstore.SimpleVectorStore',
  'org.springframework.ai.vectorstore.simple.SimpleVectorStore',
  'org.springframework.security.provisioning.InMemoryUserDetailsManager',
  'org.springframework.ai.chat.memory.InMemoryChatMemory',
  'dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore',
];

/** Stores of tokens and logins that are made with `new`. */
const madeStores: readonly string[] = [
  'org.springframework.security.oauth2.provider.token.store.InMemoryTokenStore',
  'org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService',
  'org.springframework.security.web.authentication.rememberme.InMemoryTokenRepositoryImpl',
  'org.springframework.session.MapSessionRepository',
];
/** What a field begins with is a default where a setter gives another. */
const isReplaced = ({ type }: TypeView, field: string): boolean =>
  type.methods.some(({ name, assignments }) => name.startsWith('set') && assignments.some(({ target }) => target.at(-1) === field));
const madeInMemory = inFiles(({ path, file, types, methods }) => {
  const inFields = types.flatMap((view) =>
    view.type.fields.flatMap(({ name, value }) => (value?.is === 'new' && !isReplaced(view, name) ? [{ view, made: value }] : [])),
  );
  const inMethods = methods.flatMap((view) => view.method.creations.map((made) => ({ view: view as TypeView, made })));
  return [...inFields, ...inMethods]
    .filter(({ made }) => refersTo(file, made.type, ...madeStores))
    .map(({ view, made }) => ({ view, name: made.type.split('.').at(-1)!, place: placeAt(path, made.at) }));
});

/** `localMap.put(id, true)`: what is sold out, by its id, is news that only this copy has. */
const isFlags = ({ name, of }: Field): boolean => /^local\w*Map$/i.test(name) && /,\s*Boolean$/.test(of ?? '');

/** Fields that may hold state, by their names and types. */
const collections = inFiles((file) =>
  file.types.flatMap((type) =>
    type.type.fields.flatMap((field) => {
      const kind = typeOf(field);
      if (!kind || isInjected(field)) return [];
      const isCache = /cache/i.test(field.name) || /Cache/.test(type.type.name);
      const [name, of] = [field.name.replace(/cache[sd]?/gi, ''), type.type.name.replace(/Cache/g, '')];
      const isState = !(notState.test(name) && !isFlags(field) && !keepsInMemory.test(type.type.name)) && !notStateType.test(of);
      return isState ? [{ type, field, kind, file, isCache: isCache && !keepsInMemory.test(type.type.name) }] : [];
    }),
  ),
);

/** Collections of singletons and statics that requests write and later requests read. */
export const processState: Recogniser = {
  text: [
    'Map<',
    'List<',
    'Set<',
    'Queue<',
    'Deque<',
    'mutableMapOf',
    'mutableListOf',
    'mutableSetOf',
    'hashMapOf',
    'hashSetOf',
    'arrayListOf',
    'SimpleVectorStore',
    'InMemoryTokenStore',
    'InMemoryOAuth2AuthorizationService',
    'InMemoryTokenRepositoryImpl',
    'MapSessionRepository',
    'InMemoryChatMemory',
    'InMemoryEmbeddingStore',
    '@KafkaListener',
    '@RabbitListener',
    '@JmsListener',
    '@SqsListener',
    '@StreamListener',
    '@Incoming',
    '@ConsumeEvent',
    'EventListener',
    'ModuleListener',
    'MessageListener',
    'Observes',
    '@ManagedBean',
    '@ViewScoped',
    // What stands between a handler and what it changes.
    '@Service',
    '@RestController',
    '@Controller',
    '@Component',
    '@ApplicationScoped',
    '@Configuration',
    // Beans of pages, and listeners of sessions.
    '@Named',
    '@RequestScoped',
    '@SessionScoped',
    'HttpSessionListener',
    'HttpSessionBindingListener',
  ],
  recognise(view, emit) {
    for (const { type, field, kind, file, isCache } of collections(view)) {
      if (!isShared(type, field, view) || holdsLive(field, type, view) || stepsAside(type, view)) continue;
      const { writes, reads } = usesOf(type, field, file, view);
      const inRequests = writes.filter((use) => view.handlesWork(use.view));
      if (writes.length === 0 || reads.length === 0 || (inRequests.length > 0 && isSnapshot(kind, inRequests))) continue;
      const mustGrow = isCache || inRequests.length === 0 || isMemo(inRequests, reads);
      if (mustGrow && !growsByRequests(type, field, file, view, isCache)) continue;
      const serving = inRequests.length > 0 ? inRequests : writes;
      if (oftenNoState.test(type.type.name) && !isOnlyStore(type, serving) && !keepsLogins(field, serving)) continue;
      emitState(emit, type, field, kind, serving, reads);
    }
    for (const { view: type, name, place } of madeInMemory(view))
      if (view.isBean(type)) emit('process-state', place, { name, type: 'object', holds: 'state', writes: [place], reads: [] });
    for (const call of view.callsNamed('builder', 'build')) {
      if (
        call.call.on?.is === 'name' &&
        refersTo(call.file, call.call.on.path.join('.'), ...memoryStores) &&
        call.call.name === 'builder'
      ) {
        const place = placeAt(call.path, call.call.at);
        emit('process-state', place, { name: call.call.on.path.at(-1)!, type: 'object', holds: 'state', writes: [place], reads: [] });
      }
    }
  },
};

/** `switches = loaded`, `names = rows.stream().…`: what is only ever replaced as a whole is what each copy worked out from elsewhere. */
const isSnapshot = (kind: State['type'], writes: readonly Use[]): boolean =>
  writes.every(({ call, value }) => call === undefined && (kind === 'map' || value?.is === 'call'));

export function emitState(
  emit: Emit,
  { path }: TypeView,
  { name, at }: Field,
  type: State['type'],
  writes: readonly Use[],
  reads: readonly Use[],
): void {
  const placesOf = (uses: readonly Use[]) => uses.map((use) => placeAt(use.view.path, use.at));
  const value = { name, type, holds: 'state', writes: placesOf(writes), reads: placesOf(reads) } as const;
  emit('process-state', placeAt(path, at), value, { confidence: 'likely' });
}

/** What each copy loads of its own archive: texts, patterns, classes. */
const packedContent = /^(?:ResourceBundle|MessageFormat|Pattern|DateFormat|SimpleDateFormat|JAXBContext|Class|Method|Constructor|Field)$/;

const atWork = /^(?:active|running|in_?flight|ongoing|processing)/i;
const workContent = /(?:Task|Job|Work|Run|Execution|Process|Handle|Operation)$/;

/** Its entries are connections or work of this process, or what any copy loads alike. */
function holdsLive({ name, of }: Field, view: TypeView, program: ProgramView): boolean {
  if (of === undefined) return /session/i.test(name);
  // Texts by language, which each copy makes alike.
  if (/^Locale\b/.test(of)) return true;
  return (of.match(/\w+(?:\.\w+)*/g) ?? []).some((word) => {
    // A type variable says nothing of connections.
    if (plainContent.test(word) || word === 'HttpSession' || /^[A-Z]\d?$/.test(word)) return false;
    if (packedContent.test(word)) return true;
    // What this copy has at work, by the id of each.
    if (atWork.test(name) && workContent.test(word)) return true;
    if (liveContent.test(word) && !/session/i.test(word) && !isPlainRecord(word, view, program)) return true;
    // A handle on work of this process, with what it is about.
    if (!/session/i.test(name) && !/session/i.test(word))
      return view.file.types.some((type) => type.name.endsWith(`.${word}`) && type.fields.some((one) => /Future$|^Thread$/.test(one.type)));
    const own = program.names.find(view.file, word) ?? program.names.find(view.file, `${view.type.name}.${word}`);
    return !own || own.type.fields.some((field) => liveContent.test(field.type));
  });
}

/** `class Client { String name; User user; }`: somebody, not a connection. */
function isPlainRecord(word: string, view: TypeView, { names }: ProgramView): boolean {
  const own = /^(?:Client\w*|\w*(?:Channel|Context))$/.test(word) ? names.find(view.file, word) : undefined;
  if (!own || own.type.kind === 'interface' || own.type.superclass || own.type.interfaces.some((name) => name !== 'Serializable'))
    return false;
  const fields = own.type.fields.filter(({ modifiers }) => !modifiers.includes('static'));
  const isLive = (type: string): boolean => liveContent.test(type) && names.find(own.file, type)?.type.kind !== 'enum';
  return fields.length > 1 && fields.every(({ type, of = '' }) => !isLive(type) && !liveContent.test(of));
}

/** Who is signed in, beside a client that asks for it once: `sessions.put(playerId, sessionId)`, `sessions.put(id, new Login(user))`. */
const keepsLogins = ({ name }: Field, writes: readonly Use[]): boolean =>
  /^(?:\w*[a-z])?(?:sessions?|logins?)$/i.test(name) &&
  writes.some(({ view, call }) => handsIn(view, call) || tellsOf(view, call) || isTicket(view, call));

/** `sessions.put(id, …); return id`, with an id that chance made: the caller will ask for it by that. */
function isTicket({ method }: MethodView, call: CallView['call'] | undefined): boolean {
  const [key] = call?.name === 'put' ? call.args : [];
  const made = key?.is === 'name' ? method.locals.find(({ name }) => name === key.path[0])?.value : key;
  for (let part = made; part?.is === 'call'; part = part.on) if (part.name === 'randomUUID') return method.returns === 'String';
  return false;
}

/** Callers hand in what it keeps, and it has no store behind it. */
const isOnlyStore = ({ type }: TypeView, writes: readonly Use[]): boolean =>
  !type.fields.some((field) => stores.test(field.type)) &&
  (isStore.test(type.name) || writes.some(({ view, call }) => handsIn(view, call)));

/** It is made of what a caller hands in, or a part of that: `event.getSession()`. */
function tellsOf({ method }: MethodView, call: CallView['call'] | undefined): boolean {
  const isGiven = (one: Expression | undefined): boolean =>
    one?.is === 'name' && method.parameters.some(({ name }) => name === one.path[0]);
  const value = kept(call);
  const made = value?.is === 'name' ? method.locals.find(({ name }) => name === value.path[0])?.value : value;
  return (made?.is === 'new' && made.args.some(isGiven)) || (made?.is === 'call' && made.args.length === 0 && isGiven(made.on));
}

export const isInjected = (field: Field): boolean =>
  field.annotations.some(({ name }) => /(?:Autowired|Inject|Resource|Value|ConfigProperty)$/.test(name));
