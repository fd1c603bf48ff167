import type { CallView, MethodView, TypeView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, placeOf, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { effectOf } from './effects.ts';
import { sendsToOthers } from './sockets.ts';

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Taking messages or work from a queue gives each of them to one copy, or belongs to this copy alone. */
const takes =
  /^(?:Consume|Receive\w*|Read(?!Line)(?:AllAsync|Async)?|WaitToReadAsync|Dequeue\w*|TryDequeue|Take|TryTake|Accept\w*|BasicConsume|GetMessages?\w*|Poll|ListLeftPop\w*|ListRightPop\w*|StreamReadGroup\w*|Fetch\w*|GetConsumingEnumerable|ReceiveMessage\w*)$/;
/** The same anywhere below: names that mean nothing else. */
const takesBelow =
  /^(?:Consume|Receive\w*|Dequeue\w*|BasicConsume|DeleteMessage\w*|CompleteMessage\w*|AbandonMessage\w*|StreamReadGroup\w*)$/;
const waits = /^(?:Delay|WaitForNextTickAsync|Sleep)$/;

/** What runs on and on in a service that a host starts. */
function loopOf(methods: readonly MethodView[]): MethodView | undefined {
  return methods.find(({ method }) => {
    if (method.loops.length === 0) return false;
    const inLoop = method.calls.filter(({ looped, call }) => looped || call.name === 'WaitForNextTickAsync');
    return inLoop.some(({ call }) => waits.test(call.name)) && !inLoop.some((one) => takes.test(one.call.name) && !sendsToOthers(one));
  });
}

function takesMessages(loop: MethodView, view: ProgramView): boolean {
  const reached = view.graph.reached([loop.id]);
  return view.methods.some(
    (one) => reached.has(one.id) && one.method.calls.some((each) => takesBelow.test(each.call.name) && !sendsToOthers(each)),
  );
}

/** `new Timer(Work, …)` in a service that a host starts. */
const timerOf = (methods: readonly MethodView[]) =>
  methods.flatMap((one) =>
    one.method.creations
      .filter(({ creation }) => /^(?:System\.Threading\.|System\.Timers\.)?Timer$/.test(creation.type) && !doesNothing(creation, methods))
      .map(({ creation }) => ({ one, creation })),
  )[0];
/** The method that the timer calls has nothing in it, or nothing but comments. */
function doesNothing({ args: [work] }: Extract<Expression, { is: 'new' }>, methods: readonly MethodView[]): boolean {
  const name = work?.is === 'name' ? work.path.at(-1) : undefined;
  const called = methods.find(({ method }) => method.name === name);
  return called !== undefined && called.method.calls.length + called.method.assignments.length + called.method.creations.length === 0;
}

function hostedTypes(view: ProgramView): readonly TypeView[] {
  const registered = new Set(
    view.callsNamed('AddHostedService').flatMap(({ call, type }) => [...call.types.map(lastOf), ...madeIn(call.args, type)]),
  );
  for (const call of view.callsNamed('AddSingleton', 'AddTransient'))
    if (call.call.types[0] === 'IHostedService' && call.call.types[1]) registered.add(lastOf(call.call.types[1]));
  return view.types.filter((one) => {
    const isHosted = view.names.basesOf(one).some((name) => /^(?:BackgroundService|IHostedService|IHostedLifecycleService)$/.test(name));
    return isHosted && !one.type.modifiers.includes('abstract') && registered.has(lastOf(one.type.name));
  });
}

/** `AddHostedService(sp => new Mailer(sp))`. */
const madeIn = (args: readonly Expression[], type: TypeView['type']): readonly string[] =>
  args.flatMap((argument) =>
    argument.is === 'lambda' ? (type.methods[argument.index]?.creations ?? []).map(({ creation }) => lastOf(creation.type)) : [],
  );

function emitHosted(view: ProgramView, emit: Emit): void {
  const seen = new Set<string>();
  for (const one of hostedTypes(view)) {
    const parts = view.names.partsOf(one);
    const methods = parts.flatMap(({ type }) => view.names.methodsOf(type));
    const inherited = one.type.bases.flatMap(({ name }) => view.names.find(name, one).flatMap(({ type }) => view.names.methodsOf(type)));
    const looping = loopOf([...methods, ...inherited]);
    const loop = looping && takesMessages(looping, view) ? undefined : looping;
    const timer = timerOf(methods);
    const place = loop ? placeAt(loop.path, loop.method.loops[0]!) : timer ? placeAt(timer.one.path, timer.creation.at) : undefined;
    const key = `${place?.path}:${place?.line}:${one.type.name}`;
    if (!place || seen.has(key)) continue;
    seen.add(key);
    const starts = [...methods, ...inherited].filter(({ method }) => !/^<(?:new|static|end)>$/.test(method.name));
    const { effect, guard } = effectOf(starts, one.type.name, view);
    emit('scheduled-job', one.isOwn || loop ? place : placeAt(one.path, one.type.at), {
      library: loop?.method.calls.some(({ call }) => call.name === 'WaitForNextTickAsync')
        ? 'PeriodicTimer'
        : loop
          ? 'BackgroundService'
          : 'Timer',
      effect,
      ...(guard ? { guard } : {}),
    });
  }
}

/** Types of jobs, by the interface of their library. */
const jobMethods = (view: ProgramView, base: RegExp, method: RegExp): readonly MethodView[] =>
  view.methods.filter((one) => one.type.bases.some(({ name }) => base.test(lastOf(name))) && method.test(one.method.name));

function emitQuartz(view: ProgramView, emit: Emit): void {
  const [start] = [
    ...view.callsNamed('AddQuartzHostedService', 'AddQuartzServer'),
    ...view.callsNamed('Start').filter(({ call }) => call.on?.is === 'name' && /scheduler/i.test(call.on.path.at(-1) ?? '')),
  ];
  const jobs = jobMethods(view, /^IJob$/, /^Execute$/);
  const [job] = view.callsNamed('ScheduleJob', 'AddTrigger', 'AddJob');
  if (!start || !job || jobs.length === 0) return;
  const [store] = view.callsNamed('UsePersistentStore', 'UseClustering', 'UseRedisJobStore');
  const { effect, guard } = effectOf(jobs, '', view);
  emit(
    'scheduled-job',
    placeOf(job),
    { library: 'Quartz', effect, ...(store ? { guard: store.call.name } : guard ? { guard } : {}) },
    { when: view.conditions(job) },
  );
}

/** `UseStorage(new MemoryStorage())` is `UseMemoryStorage()`. */
const isMemoryStorage = ({ call }: CallView): boolean =>
  call.name !== 'UseStorage' || (call.args[0]?.is === 'new' && /^(?:In)?MemoryStorage$/.test(lastOf(call.args[0].type)));
const calledOn = (call: CallView, pattern: RegExp, view: ProgramView): boolean =>
  call.call.on?.is === 'name' &&
  (pattern.test(call.call.on.path.at(-1) ?? '') || pattern.test(view.names.typeOf(call.call.on, call) ?? ''));

/** `if (options.UseInMemoryStorage) … else …`: the settings of the program take the first branch. */
function isOtherBranch(call: CallView, memory: CallView, view: ProgramView): boolean {
  const [own, other] = [call.written.when?.at(-1), memory.written.when?.at(-1)];
  if (!own || !other || own.holds === other.holds || own.test.is !== 'name' || own.test !== other.test) return false;
  const name = own.test.path.at(-1) ?? '';
  const given = view.settings.all.find(({ key, profile }) => profile === undefined && key.endsWith(`:${name}`));
  return given !== undefined && /^true$/i.test(given.text) === other.holds;
}

function emitHangfire(view: ProgramView, emit: Emit): void {
  const [memory] = view.callsNamed('UseMemoryStorage', 'UseInMemoryStorage', 'UseStorage').filter(isMemoryStorage);
  if (
    !memory ||
    view
      .callsNamed('UseSqlServerStorage', 'UsePostgreSqlStorage', 'UseRedisStorage', 'UseMongoStorage')
      .some((call) => view.conditions(call).length === 0 && !isOtherBranch(call, memory, view))
  )
    return;
  const when = view.conditions(memory);
  const recurring = view.callsNamed('AddOrUpdate').find((call) => calledOn(call, /RecurringJob/i, view));
  const enqueued = view.callsNamed('Enqueue', 'Schedule').find((call) => calledOn(call, /BackgroundJob/i, view));
  if (recurring) emit('scheduled-job', placeOf(recurring), { library: 'Hangfire', effect: 'work' }, { when });
  if (enqueued) emit('queue', placeOf(memory), { library: 'Hangfire', store: 'memory' }, { when });
}

function emitCoravel(view: ProgramView, emit: Emit): void {
  const [start] = view.callsNamed('UseScheduler');
  if (!start) return;
  for (const call of view.callsNamed('Schedule', 'ScheduleAsync', 'OnWorker')) {
    const isOn = call.call.on?.is === 'name' && /^(?:s|scheduler|schedule)$/i.test(call.call.on.path.at(-1) ?? '');
    if (!isOn) continue;
    const jobs = call.call.types.flatMap((type) =>
      view.names.find(type, call).flatMap(({ type: one }) => view.names.methodsOf(one).filter(({ method }) => method.name === 'Invoke')),
    );
    const { effect, guard } = effectOf(jobs, call.call.types[0] ?? '', view);
    emit('scheduled-job', placeOf(call), { library: 'Coravel', effect, ...(guard ? { guard } : {}) }, { when: view.conditions(call) });
  }
}

/** Schedules that every process keeps for itself: loops of hosted services, Quartz, Hangfire and Coravel in memory. */
export const schedulers: Recogniser = {
  text: [
    'BackgroundService',
    'IHostedService',
    'AddHostedService',
    'AddQuartz',
    'IJob',
    'Hangfire',
    'RecurringJob',
    'BackgroundJob',
    'UseScheduler',
    'IInvocable',
  ],
  recognise(view, emit) {
    emitHosted(view, emit);
    emitQuartz(view, emit);
    emitHangfire(view, emit);
    emitCoravel(view, emit);
  },
};
