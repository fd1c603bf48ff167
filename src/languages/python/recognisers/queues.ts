import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { dottedOf } from '../value-shapes.ts';
import { effectOf } from './effects.ts';
import { anchor } from './servers.ts';

/** Names that say that somebody waits for what is sent, where the call itself could not be traced. */
const sends = /send.{0,30}(?:mail|sms|notification|webhook|message|invite|invoice|receipt)|(?:mail|sms|webhook)_?send/i;
/** Nobody misses it when it is lost. */
const trifle =
  /last_?(?:login|seen|active|used)|(?:^|_)log(?:_|$)|audit|track|analytic|visit|(?:view|hit)s?_?count|count_?(?:view|hit)|metric|cache|clean|temp|unlink|prewarm|warm_?up/i;
const nameOf = (expression: Expression | undefined): string =>
  expression?.is === 'name' || expression?.is === 'attribute' ? expression.name : '';

/** The function that runs later, by its name, when it does what others notice. */
function workOf(program: ProgramView, call: CallSite, argument: 'target' | 'func'): string | undefined {
  const written = call.written.call.named[argument] ?? call.written.call.args[argument === 'target' ? 1 : 0];
  const value = call.argument(argument, argument === 'target' ? 1 : 0);
  if (value?.is === 'function') {
    const name = program.evaluator.functionOf(value.id)?.name ?? nameOf(written);
    return !trifle.test(name) && effectOf(program, value.id).effect === 'work' ? name : undefined;
  }
  const name = nameOf(written);
  return sends.test(name) ? name : undefined;
}

/** The thread is waited for before the response. */
const isJoined = (program: ProgramView, { within }: CallSite): boolean =>
  within !== undefined && program.callsWithin(within).some(({ name, written: { call } }) => name === 'join' && call.args.length === 0);

/** FastAPI and Starlette: `background_tasks.add_task(send_mail, …)`, `BackgroundTask(send_mail)`. */
const hands = ({ name, dotted, written }: CallSite): boolean =>
  /^(?:starlette\.background|fastapi(?:\.background)?)\.BackgroundTask$/.test(dotted ?? '') ||
  (name === 'add_task' && /background|tasks/i.test(written.call.callee.is === 'attribute' ? nameOf(written.call.callee.of) : ''));

function emitWork(program: ProgramView, call: CallSite, library: string, argument: 'target' | 'func', emit: Emit): void {
  const work = workOf(program, call, argument);
  if (work !== undefined) emit('queue', anchor(call), { library, store: 'memory', work });
}

const localQueue = /^(?:asyncio|queue|multiprocessing)\.\w*Queue$/;
/** `queue = asyncio.Queue()`, by the place where it is made: what requests put there, and a task of the program takes. */
function emitQueues(program: ProgramView, emit: Emit): void {
  const instance = ({ on }: CallSite): string | undefined =>
    on?.is === 'made' && localQueue.test(dottedOf(on.callee) ?? '') ? `${on.place.path} ${on.place.line} ${on.place.column}` : undefined;
  const takers = program
    .callsNamed('get', 'get_nowait')
    .filter(({ within }) => within !== undefined && !program.servesRequest(within))
    .filter(({ within }) => !trifle.test(program.evaluator.functionOf(within!)?.name ?? ''));
  if (takers.length === 0) return;
  const seen = new Set<string>();
  for (const call of program.callsNamed('put', 'put_nowait')) {
    const made = program.servesRequest(call.within) ? instance(call) : undefined;
    const written = call.written.call.callee;
    const name = written.is === 'attribute' ? nameOf(written.of) : '';
    if (made === undefined || seen.has(made) || trifle.test(name) || /event|message|broadcast|subscri|listen|client|result/i.test(name))
      continue;
    if (!takers.some((taker) => instance(taker) === made && effectOf(program, taker.within).effect === 'work')) continue;
    seen.add(made);
    emit('queue', anchor(call), { library: `\`${name}\``, store: 'memory' }, 'likely');
  }
}

/** Work that goes on after the response in the process that gave it. */
export const queues: Recogniser = {
  id: 'queues',
  recognise(program, emit) {
    const hasTasks = program.imported('fastapi', 'starlette') !== undefined;
    emitQueues(program, emit);
    for (const call of program.calls) {
      if (!program.servesRequest(call.within)) continue;
      if (call.dotted === 'threading.Thread' && !isJoined(program, call)) emitWork(program, call, 'threading.Thread', 'target', emit);
      else if (hasTasks && hands(call)) emitWork(program, call, 'BackgroundTasks', 'func', emit);
    }
  },
};
