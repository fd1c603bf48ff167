import { type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { dottedOf } from '../value-shapes.ts';
import { type Effect, effectOf } from './effects.ts';
import { anchor } from './servers.ts';

const functionOf = (call: CallSite, ...names: readonly string[]): string | undefined => {
  const value = names.map((name) => call.named(name)).find(Boolean) ?? call.args[0];
  return value?.is === 'function' ? value.id : undefined;
};

/** The function that a call decorates. */
const decorated = (program: ProgramView, call: CallSite): string | undefined =>
  program.functions.find(
    ({ path, own }) => path === call.path && own.decorators.some(({ at }) => at.join() === call.written.call.at.join()),
  )?.id;

const lastName = (expression: Expression): string =>
  expression.is === 'attribute' || expression.is === 'name' ? expression.name : expression.is === 'call' ? lastName(expression.callee) : '';

const apscheduler = /^(?:apscheduler\.(?:schedulers\.)?(?:\w+\.)?(?:\w*Scheduler)|flask_apscheduler\.(?:\w+\.)?APScheduler)/;

/** A job for one moment is run by the process that was asked for it, and by no other. */
function isOnce(call: CallSite): boolean {
  const trigger = call.argument('trigger', 1);
  return textOf(trigger) === 'date' || /(?:^|\.)DateTrigger(?:\(\))?$/.test(trigger ? (dottedOf(trigger) ?? '') : '');
}

/** Schedulers of APScheduler count once something starts them; their jobs may be added later, by requests. */
function emitApscheduler(program: ProgramView, emit: Emit): void {
  const own = program.calls.filter(({ dotted }) => dotted !== undefined && apscheduler.test(dotted));
  const starts = own.filter(({ name, within }) => name === 'start' && (program.runsAtStart(within) || program.servesRequest(within)));
  if (starts.length === 0) return;
  const added = own.filter(({ name }) => /^(?:add_job|scheduled_job|task)$/.test(name));
  const jobs = added.filter((call) => !isOnce(call));
  if (added.length > 0 && jobs.length === 0) return;
  const guards: (string | undefined)[] = [];
  const effects: Effect[] = [];
  for (const call of jobs) {
    const id = call.name === 'add_job' ? functionOf(call, 'func') : decorated(program, call);
    const { effect, guard } = effectOf(program, id);
    guards.push(guard);
    effects.push(effect);
    const schedule = textOf(call.argument('trigger', 1));
    emit(
      'scheduled-job',
      { ...anchor(call), place: call.namePlace },
      { library: 'APScheduler', effect, ...(guard ? { guard } : {}), ...(schedule ? { schedule } : {}) },
    );
  }
  const makers = own.filter(({ dotted }) => /Scheduler$/.test(dotted!));
  const guard = guards.every(Boolean) ? guards[0] : undefined;
  const effect = effects.length > 0 && effects.every((one) => one === 'clean-up') ? 'clean-up' : 'unknown';
  for (const call of [...makers, ...starts])
    emit('scheduled-job', anchor(call), { library: 'APScheduler', effect, ...(guard ? { guard } : {}) });
}

function emitOthers(program: ProgramView, emit: Emit): void {
  const runs = program.callsNamed('run_pending', 'run_all').some(({ within }) => program.runsAtStart(within));
  for (const call of program.calls) {
    const { dotted = '', name } = call;
    if (!program.runsAtStart(call.within)) continue;
    const at = { ...anchor(call), place: call.namePlace };
    const add = (library: string, id: string | undefined) => {
      const { effect, guard } = effectOf(program, id);
      emit('scheduled-job', at, { library, effect, ...(guard ? { guard } : {}) });
    };
    if (/^schedule\.(?:every\(\)|Scheduler\(\)\.every\(\))/.test(dotted) && name === 'do' && runs) add('schedule', functionOf(call));
    else if (/^fastapi_utils\.(?:tasks|timing)?\.?repeat_every$/.test(dotted)) add('repeat_every', decorated(program, call));
    else if (/^aiocron\.crontab$/.test(dotted)) add('aiocron', functionOf(call, 'func') ?? decorated(program, call));
    else if (/^rocketry\.Rocketry\(\)\.task$/.test(dotted)) add('Rocketry', decorated(program, call));
    else if (isJobQueue(call)) add('JobQueue', functionOf(call, 'callback'));
    else if (/^threading\.(?:Thread|Timer)$/.test(dotted) || /^asyncio\.(?:create_task|ensure_future)$/.test(dotted))
      emitLoop(call, program, add);
  }
}

/** `application.job_queue.run_daily(report)` of python-telegram-bot. */
const isJobQueue = ({ name, written: { call } }: CallSite): boolean =>
  /^run_(?:daily|repeating|monthly|custom)$/.test(name) &&
  call.callee.is === 'attribute' &&
  /^_?(?:job_queue|jq)$/.test(lastName(call.callee.of));

/** Decorators that bots take for work at times, with the methods that start it. */
const botLoops = /^(?:(?:discord|nextcord|disnake)\.ext\.tasks\.loop|interactions\.(?:.+\.)?Task\.create)$/;
/** What a bot shows of itself. */
const ownFace = /presence|status|activity|heart_?beat|watch_?dog|latency/i;
/** Work of a bot at times, where something starts it: `@tasks.loop(minutes=5)`, `remind.start()`. */
function emitBotLoops(program: ProgramView, emit: Emit): void {
  const started = new Set(
    program.callsNamed('start').map(({ written: { call } }) => (call.callee.is === 'attribute' ? lastName(call.callee.of) : '')),
  );
  for (const call of program.calls) {
    const library = botLoops.exec(call.dotted ?? '')?.[0].split('.')[0];
    const id = library === undefined ? undefined : decorated(program, call);
    const name = id === undefined ? '' : (program.evaluator.functionOf(id)?.name ?? '');
    if (library === undefined || !started.has(name) || ownFace.test(name)) continue;
    const { effect, guard } = effectOf(program, id);
    emit('scheduled-job', { ...anchor(call), place: call.namePlace }, { library: `${library} tasks`, effect, ...(guard ? { guard } : {}) });
  }
}

/** A thread or task that works, sleeps and begins again. */
function emitLoop(call: CallSite, program: ProgramView, add: (library: string, id: string) => void): void {
  const given = call.named('target') ?? call.args[call.name === 'Timer' ? 1 : 0];
  const id = given?.is === 'function' ? given.id : given?.is === 'made' && given.callee.is === 'function' ? given.callee.id : undefined;
  if (id === undefined || !program.runsAtStart(call.within)) return;
  const own = program.callsWithin(id);
  const isLoop = own.some(({ dotted, written }) => /^(?:time|asyncio)\.sleep$/.test(dotted ?? '') && written.looped);
  const isChain = call.name === 'Timer' && own.some(({ dotted }) => dotted === 'threading.Timer');
  // A loop that waits for messages takes each of them once.
  const takes = own.some(
    ({ name, written }) =>
      written.looped &&
      /^(?:get|get_message|blpop|brpop|recv|receive|poll|consume|accept|receive_text|lpop|rpop|spop|readline)$/.test(name),
  );
  const name = program.evaluator.functionOf(id)?.name ?? '';
  // What it took for itself it writes itself: `flush_batches`.
  const isOwn = /flush|drain/i.test(name) || consumes(program, id);
  if ((isLoop || isChain) && !takes && !isOwn && effectOf(program, id).effect === 'work') add(call.dotted!.split('.')[0]!, id);
}

/** `async for message in consumer`: each message comes to one copy. */
const consumes = (program: ProgramView, id: string): boolean =>
  program.assignments.some(
    (one) =>
      one.within === id &&
      one.own.how === 'loop' &&
      /Consumer\(\)|\.(?:listen|iterator|subscribe|messages|consume|stream)\(\)|\bmessages$/.test(dottedOf(one.value()) ?? ''),
  );

function emitCommands(program: ProgramView, emit: Emit): void {
  for (const { command } of program.entries) {
    const words = command?.words ?? [];
    const isWorker = words.includes('worker') && words.some((word) => word.endsWith('celery'));
    if (command && isWorker && words.some((word) => word === '-B' || word === '--beat'))
      emit('scheduled-job', { place: command.place }, { library: 'Celery', effect: 'work' });
  }
  for (const setting of program.settings('CRONJOBS'))
    if (setting.value.is === 'list' && setting.value.items.length > 0 && program.settings('INSTALLED_APPS').length > 0)
      emit('scheduled-job', setting, { library: 'django-crontab', effect: 'work' });
}

/** Schedules that every process keeps for itself. */
export const schedulers: Recogniser = {
  id: 'schedulers',
  recognise(program, emit) {
    emitApscheduler(program, emit);
    emitOthers(program, emit);
    emitBotLoops(program, emit);
    emitCommands(program, emit);
  },
};
