import type { FactValues } from '../../../facts.ts';
import { functionsOf } from '../call-graph.ts';
import { isTested } from '../options.ts';
import { anchor, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import type { Guard } from '../summary.ts';
import { isOwnType, splitId, typeOf } from '../value-shapes.ts';
import { callsBy, effectsBy } from './effects.ts';
import { guardOf } from './locks.ts';

type Effect = FactValues['scheduled-job']['effect'];

/** What each copy does for itself, or may do twice: its own counters and buffers, and what is deleted because it is old. */
const ownAffair =
  /metric|stat(?:s|istics?)\b|heart_?beat|keep_?alive|health|re(?:fresh|load)|self_?ping|monitor|evict|ping|flush|watch|clean|clear|purge|prune|expir|vacuum|garbage|gc$|last_?(?:used|seen|active)|batch|buffer|queue_?writ|writ\w*queue|rotate|renew|discover|telemetry|report_?usage|^(?:re_?)?start|^stop|^init/i;
const words = (name: string): string => name.replace(/([a-z\d])([A-Z])/g, '$1_$2');
const isOwnAffair = (name: string): boolean => ownAffair.test(words(name)) || ownAffair.test(name);

/** What a job does, by what it calls. */
function effectOf(program: ProgramView, ids: readonly string[]): Effect {
  if (ids.length === 0) return 'unknown';
  const direct = ids.flatMap((id) => program.callsWithin(id));
  const steps = direct.filter((call) => effectsBy(program, call).has('changes'));
  if (steps.some(({ name }) => !isOwnAffair(name))) return 'work';
  if (steps.length > 0) return 'harmless';
  const named = ids.map((id) => program.evaluator.functionOf(id)?.name ?? '');
  const isHarmless = [...named, ...direct.map(({ name }) => name)].some(isOwnAffair) || direct.every(({ target }) => isLog(target));
  return isHarmless ? 'harmless' : 'unknown';
}
const isLog = (target: string | undefined): boolean => /^(?:fmt|log|log\/slog|time|runtime|strings|strconv)\./.test(target ?? '');

/** A test on an option that says which copy keeps the schedule. */
const isSwitched = (when: readonly Guard[] | undefined): boolean =>
  isTested(when) && /sched|cron|worker|jobs?\b|leader|primary|master/i.test(words(JSON.stringify((when ?? []).map(({ test }) => test))));
function switchOf(program: ProgramView, call: CallSite): string | undefined {
  const around: Around[] = [{ ...call.written, path: call.path }];
  for (const one of around)
    if (one.within !== undefined && around.length < 12)
      for (const { call: own, path } of program.evaluator.callers(`${one.path}#${one.within}`)) {
        const written = program.summary(path)?.calls.find((other) => other.call === own);
        if (written) around.push({ ...written, path });
      }
  const given = around
    .flatMap(({ when, path, within }) => program.evaluator.conditions(when, path, within))
    .find(({ test, value }) => test === 'set' || (test === 'equals' && value !== 'false'));
  if (given) return `switch:${given.env}`;
  return around.some(({ when }) => isSwitched(when)) ? 'an option' : undefined;
}
interface Around {
  readonly path: string;
  readonly within?: number;
  readonly when?: readonly Guard[];
}

/** Functions, and `Run` of types that are jobs. */
const jobFunctions = (program: ProgramView, call: CallSite): readonly string[] =>
  call.args.flatMap((argument) => {
    const type = typeOf(argument);
    const run = type !== undefined && isOwnType(type) ? program.evaluator.types.method(type, 'Run') : undefined;
    return [...functionsOf(argument), ...functionsOf(run)];
  });

function emitJob(program: ProgramView, call: CallSite, library: string, ids: readonly string[], emit: Emit): void {
  // What cannot be followed may hold any of the locks that the program knows.
  const guard = guardOf(ids.length > 0 ? callsBy(program, ids) : program.calls) ?? switchOf(program, call);
  const schedule = textOf(call.args[0]) ?? textOf(call.args[1]);
  emit(
    'scheduled-job',
    { ...anchor(call), place: call.namePlace },
    { library, effect: effectOf(program, ids), ...(guard ? { guard } : {}), ...(schedule ? { schedule } : {}) },
  );
}

/** Schedules of GoFrame run from the moment when a job is added. */
const ofGoFrame = /^github\.com\/gogf\/gf\/os\/(gcron\.(?:Add|AddSingleton)|gtimer\.(?:Add|AddSingleton|SetInterval))$/;
function emitGoFrame(program: ProgramView, emit: Emit): void {
  for (const call of program.calls) {
    const [, name] = ofGoFrame.exec(call.target ?? '') ?? [];
    if (name && program.runsAtStart(call.within))
      emitJob(program, call, name.slice(0, name.indexOf('.')), jobFunctions(program, call), emit);
  }
}

const cronTypes = /^cron\.(?:Cron\.)?(?:AddFunc|AddJob|Schedule)$/;
/** Jobs run once something starts their schedule. */
function emitJobs(program: ProgramView, emit: Emit): void {
  const starts = program.calls.some(
    ({ name, target }) => /^(?:Start|Run|StartAsync|StartBlocking)$/.test(name) && /cron\b/.test(target ?? ''),
  );
  if (!starts || program.calls.some(({ name }) => /^WithDistributed\w+$/.test(name))) return;
  for (const call of program.calls) {
    const { target = '', name } = call;
    if (cronTypes.test(target)) emitJob(program, call, 'robfig/cron', jobFunctions(program, call), emit);
    else if (/^gocron\./.test(target) && /^(?:Do|DoWithJobDetails)$/.test(name))
      emitJob(program, call, 'gocron', jobFunctions(program, call), emit);
    else if (/^gocron\./.test(target) && name === 'NewTask') emitJob(program, call, 'gocron', jobFunctions(program, call), emit);
  }
}

/** Every copy of the program puts the same task into the queue, unless the queue refuses a second one. */
function emitAsynq(program: ProgramView, emit: Emit): void {
  const isUnique = program.calls.some(({ target }) => /^github\.com\/hibiken\/asynq\.(?:Unique|TaskID)$/.test(target ?? ''));
  if (isUnique) return;
  for (const call of program.called('github.com/hibiken/asynq.Scheduler.Register')) {
    const guard = switchOf(program, call);
    emit('scheduled-job', { ...anchor(call), place: call.namePlace }, { library: 'asynq', effect: 'work', ...(guard ? { guard } : {}) });
  }
}

/** A loop that takes messages takes each of them once. */
const takes =
  /^(?:ReadMessage|Receive\w*|Recv|Fetch(?:Message)?|Poll|Consume|BLPop|BRPop|LPop|RPop|SPop|XReadGroup|Accept|Claim\w*|Lease\w*|Dequeue\w*|Pop)$/;
const isStartedAside = (program: ProgramView, id: string): boolean => {
  const [path, number] = splitId(id);
  const isGo = (one: { readonly call: object; readonly path: string }): boolean =>
    program.summary(one.path)?.calls.find(({ call }) => call === one.call)?.how === 'go';
  const literal = program
    .summary(path)
    ?.calls.some(({ call, how }) => how === 'go' && call.callee.is === 'function' && call.callee.id === number);
  return literal === true || program.evaluator.callers(id).some(isGo);
};

/** A goroutine of the start that works on data that all copies share each time its ticker fires. */
function emitLoops(program: ProgramView, emit: Emit): void {
  const seen = new Set<string>();
  for (const call of program.calls) {
    const { target = '', within, written } = call;
    const isTicker = /^time\.(?:NewTicker|Tick)$/.test(target);
    // `case <-time.After(interval):` in a loop.
    const isSleep =
      (target === 'time.Sleep' && written.looped === true && !written.when?.length) || (target === 'time.After' && written.looped === true);
    if ((!isTicker && !isSleep) || within === undefined || seen.has(within)) continue;
    if (!program.runsAtStart(within) || program.servesRequest(within) || (isSleep && !isStartedAside(program, within))) continue;
    seen.add(within);
    const looped = program.callsWithin(within).filter(({ written: one }) => one.looped);
    const guard =
      guardOf([
        ...looped,
        ...callsBy(
          program,
          looped.flatMap(({ callee }) => functionsOf(callee)),
        ),
      ]) ?? switchOf(program, call);
    if (guard || looped.some(({ name }) => takes.test(name)) || !looped.some((one) => isWork(program, one))) continue;
    emit('scheduled-job', { ...anchor(call), place: call.namePlace }, { library: isTicker ? 'time.Ticker' : target, effect: 'work' });
  }
}
/** Takes data of all copies and changes it, or tells somebody about it. */
function isWork(program: ProgramView, step: CallSite): boolean {
  if (isOwnAffair(step.name)) return false;
  const effects = effectsBy(program, step);
  return effects.has('reads') && (effects.has('changes') || effects.has('sends'));
}

/** Schedules that every process keeps for itself. */
export const schedulers: Recogniser = {
  id: 'schedulers',
  recognise(program, emit) {
    emitJobs(program, emit);
    emitGoFrame(program, emit);
    emitAsynq(program, emit);
    emitLoops(program, emit);
  },
};
