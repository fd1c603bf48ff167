import type { Condition } from '../../../facts.ts';
import { concernsOwnCopy, namesCleanUp } from '../../../text/job-names.ts';
import { conditionsOf } from '../chosen-beans.ts';
import { type CallView, importsFrom, type MethodView, refersTo, type TypeView } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Annotation, Expression } from '../summary.ts';
import { idOf, inFiles } from '../views.ts';
import { staysInMemory } from './own-memory.ts';

const executors = [
  'java.util.concurrent.ScheduledExecutorService',
  'java.util.concurrent.ScheduledThreadPoolExecutor',
  'java.util.Timer',
  'org.springframework.scheduling.TaskScheduler',
  'org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler',
  'org.springframework.scheduling.concurrent.ConcurrentTaskScheduler',
];
const leaderCalls = /^(?:tryLock|isLeader|hasLeadership|executeWithLock|lock)$/;

/** `isLeader()`, `isSystemTenantPartitionMine()`: only one copy goes on. */
const leaderQuestion =
  /^(?:is|has|am)(?:\w{0,40}(?:Leader|Leadership|PartitionMine|MyPartition|PrimaryNode)|Master)$|^(?:is|am)I?(?:The)?Leader$/;

/** Rows that a copy takes so that no other does, and locks of the database itself. */
const takesRows = /\bSKIP\s+LOCKED\b|\bREADPAST\b|\bpg_(?:try_)?advisory_(?:xact_)?lock\b|\bGET_LOCK\s*\(/i;
const textsOf = (expressions: readonly Expression[]): readonly string[] =>
  expressions.flatMap((one) =>
    one.is === 'text' ? [one.value] : one.is === 'sum' ? textsOf(one.parts) : one.is === 'list' ? textsOf(one.items) : [],
  );
/** Queries of repositories, and statements that are handed to a template. */
const claims = inFiles(({ types, methods }) => {
  const takes = (expressions: readonly Expression[]): boolean => textsOf(expressions).some((text) => takesRows.test(text));
  const constants = types.flatMap(({ type }) => type.fields.flatMap(({ name, value }) => (value && takes([value]) ? [name] : [])));
  const names = (args: readonly Expression[]): boolean => args.some((one) => one.is === 'name' && constants.includes(one.path.at(-1)!));
  return methods
    .filter(
      ({ method }) =>
        method.annotations.some(({ name, args }) => name.endsWith('Query') && takes(Object.values(args))) ||
        method.calls.some(({ args }) => takes(args) || names(args)) ||
        method.locals.some(({ value }) => value !== undefined && takes([value])),
    )
    .map(({ id }) => id);
});
/** Several copies may poll such a queue: each gets rows of its own. */
function takesOwnRows(method: MethodView, view: ProgramView): boolean {
  const taken = claims(view);
  return taken.length > 0 && view.calledFrom([method]).some(({ id }) => taken.includes(id));
}

/** `blobLease.acquireLease(60)`, `values.setIfAbsent("lock:report", id)`: whoever comes first has it, thing by thing or as a whole. */
const takesLease = (own: MethodView, view: ProgramView): boolean =>
  (view.dependency(/redis|redisson|jedis|lettuce/) !== undefined && own.method.calls.some(({ name }) => name === 'setIfAbsent')) ||
  (view.callsNamed('acquireLease').length > 0 &&
    view.calledFrom([own]).some(({ method }) => method.calls.some(({ name }) => name === 'acquireLease')));

/** Locks of the own process do not count. */
const sharedLock =
  /^(?!(?:Reentrant\w*|Stamped)?Lock$)(?:\w*(?:Lease|Lock))(?:Acquirer|Manager|Service|Provider|Client|Registry|Template|Executor|Helper|Util)$/;
const registry = 'org.springframework.integration.support.locks.LockRegistry';
/** `leases.ifAcquired(order, …)` of a class of the program, in the job or in what it calls of its own class; `lockRegistry.obtain(name)` anywhere. */
const asksForLock = (own: MethodView, view: ProgramView): boolean =>
  view.calledFrom([own]).some((method) =>
    method.method.calls.some(({ on, name }) => {
      if (on === undefined || !/acquire|lock|^obtain$/i.test(name)) return false;
      const type = view.names.typeOf(on, method) ?? '';
      return name === 'obtain' ? refersTo(method.file, type, registry) : method.type === own.type && sharedLock.test(type);
    }),
  );

/** What keeps the other copies from doing the same: ShedLock, a lock around the work, leader election. */
export function guardOf(own: MethodView, view: ProgramView): string | undefined {
  const { method } = own;
  if (annotationOf(method, 'SchedulerLock', 'LeaderOnly', 'DistributedLock', 'Lock4j', 'RedissonLock')) return 'a lock';
  if (method.calls.some(({ name }) => leaderQuestion.test(name))) return 'leader election';
  const locks = view.dependency(
    /shedlock|redisson|spring-integration-(?:redis|jdbc|zookeeper)|curator-recipes|spring-cloud-kubernetes.*leader|lock4j|klock/,
  );
  if (locks && method.calls.some(({ name }) => leaderCalls.test(name))) return 'a lock';
  if (takesLease(own, view) || asksForLock(own, view)) return 'a lease';
  return takesOwnRows(own, view) ? 'a database lock' : undefined;
}

const scheduleOf = (annotation: Annotation, view: MethodView, program: ProgramView): string | undefined =>
  program.names.text(annotation.args.cron ?? annotation.args.fixedRate ?? annotation.args.fixedDelay ?? annotation.args.every, view);

const enablers = inFiles(({ file, types }) =>
  types.flatMap(({ type }) => (annotationOf(type, 'EnableScheduling') ? [{ type, file }] : [])),
);
const annotated = inFiles(({ file, methods }) =>
  methods.flatMap((method) => {
    const { annotations } = method.method;
    const spring = annotations.find(({ name }) =>
      refersTo(
        file,
        name,
        'org.springframework.scheduling.annotation.Scheduled',
        'io.quarkus.scheduler.Scheduled',
        'io.micronaut.scheduling.annotation.Scheduled',
      ),
    );
    const ejb = annotations.find(({ name }) => refersTo(file, name, 'jakarta.ejb.Schedule', 'jakarta.ejb.Schedules'));
    return spring || ejb ? [{ method, spring, ejb }] : [];
  }),
);

const isSchedulingOn = (view: ProgramView): boolean =>
  enablers(view).length > 0 || view.manifestFacts.some(({ kind }) => kind === 'scheduled-job') || view.needsServer;

/** The one class that turns the annotation on may itself be there only under a setting or a profile. */
function enabledUnder(view: ProgramView): readonly Condition[] {
  const [only, ...others] = enablers(view);
  return only && others.length === 0 ? conditionsOf(only.type, only.file, view) : [];
}

function emitAnnotated(view: ProgramView, emit: Emit): void {
  const isEnabled = isSchedulingOn(view);
  const enabled = enabledUnder(view);
  for (const { method, spring, ejb } of annotated(view)) {
    // Quarkus and Micronaut make a bean of whatever carries their annotation.
    const isOfSpring = spring && refersTo(method.file, spring.name, 'org.springframework.scheduling.annotation.Scheduled');
    if (isOfSpring && !(isEnabled && view.isBean(method))) continue;
    const annotation = spring ?? ejb;
    if (!annotation) continue;
    const guard = guardOf(method, view);
    const schedule = scheduleOf(annotation, method, view);
    // `${report.cron:-}` is off until somebody sets it.
    const isDisabled = /^\$\{[\w.-]+:-\}$/.test(schedule ?? '') || schedule === '-' || schedule === 'disabled' || schedule === 'off';
    if (isDisabled) continue;
    emit(
      'scheduled-job',
      placeAt(method.path, annotation.at),
      {
        library: ejb ? 'the EJB timer' : '@Scheduled',
        ...(schedule ? { schedule } : {}),
        ...(guard ? { guard } : {}),
        effect: isOwnAffair(method, view) ? 'harmless' : isCleanUp(method, view) ? 'clean-up' : 'work',
      },
      isOfSpring && enabled.length > 0 ? { when: enabled } : {},
    );
  }
}

const sharedThings =
  /(?:Repository|Dao|DAO|Mapper|JdbcTemplate|JdbcOperations|JdbcClient|EntityManager|MailSender|RestTemplate|KafkaTemplate|RabbitTemplate|JmsTemplate|MongoTemplate|RedisTemplate|SqlSession|SqlSessionTemplate|DSLContext|PreparedStatement|Transport)$/;
const converters = /(?:Object|Json|Xml|Model|Bean)Mapper$/;
const changes =
  /^(?:save|insert|update|upsert|delete|remove|persist|merge|store|create|execute|batchUpdate|send|convertAndSend|post|put|patch|exchange|publish)/;

/** Numbers of this copy, also where they are kept in a database. */
const measures = /(?:stats?|statistics|metrics?)$/i;
const drains = /^(?:poll|pollFirst|drainTo)$/;
/** `visits.entrySet().iterator()` → `visits`. */
function rootOf(expression: Expression | undefined): string | undefined {
  let current = expression;
  while (current?.is === 'call' && current.on) current = current.on;
  return current?.is === 'name' ? current.path.at(-1) : undefined;
}

/** It empties a queue or a map that its own class fills: each copy has other things in it. */
const emptiesOwnQueue = ({ type, method }: MethodView): boolean =>
  method.calls.some(({ on, name, args }) => {
    if (on?.is !== 'name' || !(drains.test(name) || (name === 'remove' && args.length === 0))) return false;
    const iterated = name === 'remove' ? rootOf(method.locals.findLast((local) => local.name === on.path[0])?.value) : on.path.at(-1);
    return type.fields.some((field) => field.name === iterated && field.value?.is === 'new');
  });

const clients = /\b(?:WebSocketSession|ServerWebSocket|SseEmitter|ResponseBodyEmitter|FluxSink|Sinks\.\w+|Channel|Session)$/;
/** `emitters.forEach(emitter -> emitter.send(…))`: each copy has other clients, and nothing else is changed. */
const tellsOwnClients = (view: MethodView, program: ProgramView): boolean => {
  const { type, method } = view;
  const held = type.fields.filter(({ of }) => of !== undefined && clients.test(of)).map(({ name }) => name);
  const isHeld = (expression: Expression | undefined): boolean => held.includes(rootOf(expression) ?? '');
  return (
    held.length > 0 &&
    (method.calls.some(({ on }) => isHeld(on)) || method.locals.some(({ value }) => isHeld(value))) &&
    !changesSharedThings(view, program)
  );
};

/** Work that each copy has to do for itself. */
const isOwnAffair = (method: MethodView, view: ProgramView): boolean =>
  emptiesOwnQueue(method) ||
  tellsOwnClients(method, view) ||
  (concernsOwnCopy(method.method.name) && (measures.test(method.method.name) || !changesSharedThings(method, view))) ||
  staysInMemory(method, view);

type Call = MethodView['method']['calls'][number];
/** It writes to a store, or reaches people or other systems. */
function changesSharedThing({ on, name }: Call, method: MethodView, view: ProgramView): boolean {
  const type = changes.test(name) ? view.names.typeOf(on, method) : undefined;
  if (type === undefined || !sharedThings.test(type) || converters.test(type)) return false;
  // `GitRepository` may be a plain object of the program.
  const own = view.names.find(method.file, type);
  return own?.type.kind !== 'class' || view.isBean(own);
}

/** It leads to a call that does so. */
export const changesSharedThings = (start: MethodView, view: ProgramView, reached = view.calledFrom([start])): boolean =>
  reached.some((method) => method.method.calls.some((call) => changesSharedThing(call, method, view)));

const deletes = /^(?:delete|remove|purge)/;
const isDelete = ({ name, args }: Call): boolean =>
  deletes.test(name) || textsOf(args.slice(0, 1)).some((text) => /^\s*delete\b/i.test(text));
/** Named for tidying up, and all that it changes are things that it deletes: a second copy finds nothing to do. */
function isCleanUp(start: MethodView, view: ProgramView): boolean {
  if (!namesCleanUp(start.method.name) && !namesCleanUp(start.type.name)) return false;
  const changing = view
    .calledFrom([start])
    .flatMap((method) => method.method.calls.filter((call) => changesSharedThing(call, method, view)));
  return changing.length > 0 && changing.every(isDelete);
}

/** `registrar.addCronTask(reports::send, cron)` of a `SchedulingConfigurer`. */
function emitRegistered(view: ProgramView, emit: Emit): void {
  const calls = view.callsNamed('addCronTask', 'addFixedRateTask', 'addFixedDelayTask', 'addTriggerTask');
  for (const call of isSchedulingOn(view) ? calls : []) {
    const type = view.names.typeOf(call.call.on, call);
    const isRegistrar = type !== undefined && refersTo(call.file, type, 'org.springframework.scheduling.config.ScheduledTaskRegistrar');
    if (!isRegistrar || call.call.args.length < 2 || !view.isBean(call)) continue;
    const reached = view.calledFrom([call]);
    const guard = reached.map((one) => guardOf(one, view)).find((one) => one !== undefined);
    const schedule = view.names.text(call.call.args[1]!, call);
    emit(
      'scheduled-job',
      placeAt(call.path, call.call.at),
      {
        library: '`ScheduledTaskRegistrar`',
        ...(schedule ? { schedule } : {}),
        ...(guard ? { guard } : {}),
        effect: changesSharedThings(call, view, reached) ? 'work' : 'unknown',
      },
      { confidence: 'likely' },
    );
  }
}

/** `timer.schedule(new ReportTask(), …)`, also by a variable: what runs is written in a class of its own. */
function tasksOf(call: CallView, { names }: ProgramView): readonly MethodView[] {
  const type = names.typeOf(call.call.args[0], call);
  const task = type === undefined ? undefined : names.find(call.file, type);
  return (task?.type.methods ?? []).flatMap((method) =>
    method.name === 'run' || method.name === 'call' ? [{ ...task!, method, id: idOf(task!.path, task!.type, method) }] : [],
  );
}

interface Made {
  readonly view: TypeView;
  readonly of: string;
  readonly method?: MethodView;
}
const made = inFiles(({ types, methods }): readonly Made[] => [
  ...types.flatMap((view) => view.type.fields.flatMap(({ value }) => (value?.is === 'new' ? [{ view, of: value.type }] : []))),
  ...methods.flatMap((view) => view.method.creations.map(({ type }) => ({ view, of: type, method: view }))),
]);
/** Its constructor starts the timer, or what that calls, and a bean or a request makes it: `private final MailQueue queue = new MailQueue()`. */
function isMadeForRequests(call: MethodView, view: ProgramView): boolean {
  const starts = call.type.methods.filter(({ name }) => name === '<init>' || name === '<instance>');
  const reached =
    starts.length > 0 ? view.calledFrom(starts.map((method) => ({ ...call, method, id: idOf(call.path, call.type, method) }))) : [];
  if (!reached.some(({ id }) => id === call.id)) return false;
  const name = call.type.name.slice(call.type.name.lastIndexOf('.') + 1);
  return made(view).some(
    (one) =>
      one.of.endsWith(name) &&
      view.names.find(one.view.file, one.of)?.type === call.type &&
      (view.isBean(one.view) || (one.method !== undefined && view.answersRequest(one.method))),
  );
}

/** `timerService.createTimer(…)`, `executor.scheduleAtFixedRate(…)`. */
function emitCalls(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('createTimer', 'createIntervalTimer', 'createCalendarTimer', 'createSingleActionTimer')) {
    const type = view.names.typeOf(call.call.on, call);
    if (type !== undefined && refersTo(call.file, type, 'jakarta.ejb.TimerService'))
      emit('scheduled-job', placeAt(call.path, call.call.at), { library: 'the EJB timer', effect: 'work' });
  }
  for (const call of view.callsNamed('scheduleAtFixedRate', 'scheduleWithFixedDelay', 'schedule')) {
    const type = view.names.typeOf(call.call.on, call);
    const [, trigger] = call.call.args;
    const hasTrigger = trigger?.is === 'new' && /^(?:Cron|Periodic)Trigger$/.test(trigger.type);
    const repeats = call.call.name !== 'schedule' || call.call.args.length === 3 || hasTrigger;
    if (type === undefined || !repeats || !refersTo(call.file, type, ...executors)) continue;
    // A class that no container makes counts where answering a request leads to it.
    if (!view.isBean(call) && !view.answersRequest(call) && !isMadeForRequests(call, view)) continue;
    const isTimer = refersTo(call.file, type, 'java.util.Timer');
    if (call.call.name === 'schedule' && !isTimer && !hasTrigger) continue;
    // Most timers of executors refresh, poll or tidy up what this copy holds: only work on shared things counts, or a time of day.
    const isPlanned = hasTrigger && trigger.type === 'CronTrigger';
    if (!isPlanned && !changesSharedThings(call, view, view.calledFrom([call, ...tasksOf(call, view)]))) continue;
    emit(
      'scheduled-job',
      placeAt(call.path, call.call.at),
      { library: isTimer ? 'java.util.Timer' : hasTrigger ? '`TaskScheduler`' : 'ScheduledExecutorService', effect: 'unknown' },
      { confidence: 'likely' },
    );
  }
}

const writesByExposed =
  /^(?:transaction|newSuspendedTransaction|suspendTransaction|dbQuery|insert\w*|batchInsert|update|upsert|deleteWhere|deleteAll)$/;
/** Kotlin's Exposed has no repositories: functions of tables and entities write. */
const writesTables = (start: MethodView, view: ProgramView): boolean =>
  view
    .calledFrom([start])
    .some(
      ({ file, method }) =>
        importsFrom(file, 'org.jetbrains.exposed') &&
        (method.calls.some(({ name }) => writesByExposed.test(name)) || method.assignments.some(({ target }) => target.length > 1)),
    );

/** Connections, devices and sessions of this copy. */
const ownThings = /poll|heart|keep_?alive|ping|session|connect|watch|reload|refresh/i;

/** Coroutines that loop with a delay, timers of Kotlin and Vert.x. */
function emitLoops(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('while', 'fixedRateTimer', 'setPeriodic')) {
    const { name, on, at } = call.call;
    if (name === 'while' && !call.method.calls.some((other) => /^(?:launch|async|schedule)$/.test(other.name))) continue;
    if (name === 'setPeriodic' && !(on?.is === 'name' && importsFrom(call.file, 'io.vertx'))) continue;
    if (ownThings.test(call.method.name) || ownThings.test(call.type.name)) continue;
    // What a verticle does on its event loop is mostly about its own connections: only what stands in the handler counts.
    const reached = name === 'setPeriodic' ? [call] : undefined;
    if (!changesSharedThings(call, view, reached) && !(reached === undefined && writesTables(call, view))) continue;
    const library = name === 'while' ? 'a loop of a coroutine' : name === 'setPeriodic' ? '`vertx.setPeriodic`' : '`fixedRateTimer`';
    emit('scheduled-job', placeAt(call.path, [at[0], at[1], at[0], at[1] + 5]), { library, effect: 'unknown' }, { confidence: 'likely' });
  }
}

const forProduction = /^(?:prd|prod|product|production|live|staging|stage|real|cluster(?:ed)?)(?:[-_]|$)/i;
export const quartzClustering = /org\.quartz\.job-?store\.is-?clustered$/i;

/** Quartz keeps jobs in memory unless its store is a clustered database. */
function emitQuartz(view: ProgramView, emit: Emit): void {
  if (!view.dependency(/^org\.quartz-scheduler:quartz$|spring-boot-starter-quartz$/)) return;
  const clustered = view.settings.matching(quartzClustering).filter(({ text }) => text === 'true');
  // A profile that nothing chooses may bring the clustered store.
  const isChosen = ({ profile }: (typeof clustered)[number]): boolean =>
    profile === undefined || view.settings.active.includes(profile) || forProduction.test(profile);
  const isClustered = clustered.some(isChosen);
  for (const call of view.callsNamed('scheduleJob', 'newTrigger')) {
    if (!importsFrom(call.file, 'org.quartz') || (call.call.name === 'newTrigger' && call.call.on?.is !== 'name')) continue;
    emit('scheduled-job', placeAt(call.path, call.call.at), {
      library: 'Quartz',
      ...(isClustered ? { guard: 'Quartz clustering' } : {}),
      // A config server may name a clustered store.
      effect: view.hasOtherSettings || clustered.length > 0 ? 'unknown' : 'work',
    });
  }
}

export const schedulers: Recogniser = {
  text: [
    '@Scheduled',
    'EnableScheduling',
    '@Schedule',
    'TimerService',
    'ScheduledExecutorService',
    'ScheduledThreadPoolExecutor',
    'java.util.Timer',
    'TaskScheduler',
    'ScheduledTaskRegistrar',
    'org.quartz',
    '@SchedulerLock',
    'fixedRateTimer',
    'setPeriodic',
    'isActive',
    'while (true)',
    'org.jetbrains.exposed',
    'acquireLease',
    'SKIP LOCKED',
    'skip locked',
    'READPAST',
    'advisory_',
    'GET_LOCK(',
    // The work of a timer may stand in a class of its own, and what it writes with in a third.
    'implements Runnable',
    'extends TimerTask',
    'EntityManager',
  ],
  recognise(view, emit) {
    emitAnnotated(view, emit);
    emitRegistered(view, emit);
    emitCalls(view, emit);
    emitQuartz(view, emit);
    emitLoops(view, emit);
  },
};
