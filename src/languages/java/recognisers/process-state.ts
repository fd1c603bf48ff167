import type { FactValues } from '../../../facts.ts';
import { type CallView, type MethodView, refersTo, type TypeView } from '../names.ts';
import { type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { isSharedBean } from '../roles.ts';
import type { Field } from '../summary.ts';
import { type FileViews, inFiles } from '../views.ts';

type State = FactValues['process-state'];
const containers: readonly (readonly [RegExp, State['type']])[] = [
  [
    /^(?:Map|HashMap|LinkedHashMap|TreeMap|ConcurrentMap|ConcurrentHashMap|Hashtable|WeakHashMap|SortedMap|MultiValueMap|LinkedMultiValueMap)$/,
    'map',
  ],
  [/^(?:Set|HashSet|LinkedHashSet|TreeSet|ConcurrentSkipListSet|CopyOnWriteArraySet)$/, 'set'],
  [
    /^(?:List|ArrayList|LinkedList|CopyOnWriteArrayList|Queue|Deque|ArrayDeque|ConcurrentLinkedQueue|LinkedBlockingQueue|Vector|Stack)$/,
    'list',
  ],
  [/^(?:AtomicInteger|AtomicLong|LongAdder)$/, 'counter'],
];
const writers =
  /^(?:put|putIfAbsent|computeIfAbsent|compute|merge|add|addAll|putAll|push|offer|remove|clear|incrementAndGet|getAndIncrement|addAndGet|increment|set|addFirst|addLast|poll|pop)$/;
const readers = /^(?:get|getOrDefault|contains|containsKey|values|keySet|entrySet|stream|forEach|iterator|size|isEmpty|toArray|peek)$/;
/** Types that keep copies of what is stored elsewhere, or what only this process has: connections, subscribers, partitions. */
const notStateType =
  /Cache|Registry|Metric|Stat(?:s|istics)|Monitor|Report|Limit|Discovery|Subscri|Consumer|Producer|Aspect|Migrat|Install|Upgrade|Loader|Watch|Pool|Factory|Handler|Listener|Client|Interceptor|Resolver|Config|Template|Manager$|Partition|Repository$|Dao$/;
const notState =
  /cache|lock|metric|counter|registry|regist|handler|listener|pool|factory|mapping|converter|session|connection|thread|class|method|logger|monitor|stats?|statistics|pending|callback|future|watch|partition|consumer|producer|subscri|local|^my[A-Z]|template|regex|pattern|propert|config|bean|instance|mapper|loader|version|index(?:e[ds])?|indices$|chunk/i;

const typeOf = (field: Field): State['type'] | undefined =>
  containers.find(([pattern]) => pattern.test(field.type.split('.').at(-1)!))?.[1];

/** One copy of the field in the process: static, or of a bean of which there is one. */
const isShared = (view: TypeView, field: Field, program: ProgramView): boolean =>
  field.modifiers.includes('static') || (isSharedBean(view) && program.isBean(view));

const atStart = (view: MethodView): boolean =>
  /^(?:<init>|<static>|<instance>|main|init|afterPropertiesSet|contextInitialized|run|setUp)$/.test(view.method.name) ||
  view.method.annotations.some(({ name }) => /(?:PostConstruct|Bean|Autowired|EventListener|Scheduled)$/.test(name));

const hidesField = (view: MethodView, name: string): boolean =>
  view.method.locals.some((local) => local.name === name) || view.method.parameters.some((parameter) => parameter.name === name);
const usesField = (call: CallView, name: string, pattern: RegExp): boolean =>
  pattern.test(call.call.name) &&
  call.call.on?.is === 'name' &&
  call.call.on.path.at(-1) === name &&
  call.call.on.path.length <= 2 &&
  !hidesField(call, name);

interface Use {
  readonly view: MethodView;
  readonly at: CallView['call']['at'];
  readonly call?: CallView['call'];
}
interface Uses {
  readonly writes: readonly Use[];
  readonly reads: readonly Use[];
}

function usesOf(view: TypeView, field: Field, { calls, methods }: FileViews): Uses {
  const own = calls.filter((call) => call.type === view.type);
  const assigned = methods
    .filter((method) => method.type === view.type && !hidesField(method, field.name))
    .flatMap((method) =>
      method.method.assignments
        .filter(({ target, value }) => target.at(-1) === field.name && target.length <= 2 && value?.is !== 'null')
        .map(({ at }) => ({ view: method, at })),
    );
  const written = own
    .filter((call) => usesField(call, field.name, writers))
    .map((call) => ({ view: call as MethodView, at: call.call.at, call: call.call }));
  const reads = own
    .filter((call) => usesField(call, field.name, readers))
    .map((call) => ({ view: call as MethodView, at: call.call.at, call: call.call }));
  return { writes: [...written, ...assigned].filter((use) => !atStart(use.view)), reads };
}

/** Libraries whose default store is the memory of the process. */
const memoryStores: readonly string[] = [
  'org.springframework.ai.vectorstore.SimpleVectorStore',
  'org.springframework.ai.vectorstore.simple.SimpleVectorStore',
  'org.springframework.security.provisioning.InMemoryUserDetailsManager',
  'org.springframework.ai.chat.memory.InMemoryChatMemory',
  'dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore',
];

/** Fields that may hold state, by their names and types. */
const collections = inFiles((file) =>
  file.types.flatMap((type) =>
    type.type.fields.flatMap((field) => {
      const kind = typeOf(field);
      const isState = kind && kind !== 'counter' && !notState.test(field.name) && !notStateType.test(type.type.name) && !isInjected(field);
      return isState ? [{ type, field, kind, file }] : [];
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
    'AtomicInteger',
    'AtomicLong',
    'SimpleVectorStore',
    'InMemoryChatMemory',
    'InMemoryEmbeddingStore',
  ],
  recognise(view, emit) {
    for (const { type, field, kind, file } of collections(view)) {
      if (!isShared(type, field, view)) continue;
      const { writes, reads } = usesOf(type, field, file);
      const serving = writes.filter((use) => view.answersRequest(use.view));
      if (serving.length === 0 || reads.length === 0 || isMemo(serving, reads)) continue;
      emit(
        'process-state',
        placeAt(type.path, field.at),
        {
          name: field.name,
          type: kind,
          holds: 'state',
          writes: serving.map((use) => placeAt(type.path, use.at)),
          reads: reads.map((use) => placeAt(type.path, use.at)),
        },
        { confidence: 'likely' },
      );
    }
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

/** Looked up and, when it is missing, computed in the same method: a memo that any copy can make again. */
const isMemo = (writes: Uses['writes'], reads: Uses['reads']): boolean =>
  writes.every(
    ({ view, call }) =>
      call?.name === 'computeIfAbsent' ||
      (isPut(call) && reads.some((read) => read.view.id === view.id && isLookup(read.call)) && !handsIn(view, call)),
  );

const isPut = (call: CallView['call'] | undefined): boolean => call?.name === 'put' || call?.name === 'putIfAbsent';
const isLookup = (call: CallView['call'] | undefined): boolean => call !== undefined && /^(?:get|containsKey)$/.test(call.name);
/** What a caller hands in is data, not the result of a computation. */
const handsIn = ({ method }: MethodView, call: CallView['call'] | undefined): boolean => {
  const value = call?.args[1];
  return value?.is === 'name' && method.parameters.some(({ name }) => name === value.path[0]);
};

const isInjected = (field: Field): boolean =>
  field.annotations.some(({ name }) => /(?:Autowired|Inject|Resource|Value|ConfigProperty)$/.test(name));
