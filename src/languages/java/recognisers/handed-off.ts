/** Work that a request hands to a thread of its own process and does not wait for: executors, threads, queues with a consumer, coroutines. */
import type { CallView, MethodView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { At, Expression } from '../summary.ts';
import { idOf, inFiles } from '../views.ts';
import { canBeLost } from './background-work.ts';
import { isOfOwn } from './process-state.ts';
import { changesSharedThings } from './schedulers.ts';

const executorType = /^(?:\w*Executor(?:Service)?|ForkJoinPool|ThreadPool\w*)$/;
const scopeType = /^(?:CoroutineScope|GlobalScope)$/;

/** What runs later, by the call that hands it over. */
function runnerOf({ call, ...view }: CallView, program: ProgramView): string | undefined {
  const { name, on } = call;
  const owner = on?.is === 'name' ? on.path.at(-1)! : undefined;
  if (name === 'runAsync') return owner === 'CompletableFuture' ? 'CompletableFuture.runAsync' : undefined;
  if (name === 'start') {
    const made = on?.is === 'name' && on.path.length === 1 ? program.names.variable(view, on.path[0]!)?.value : on;
    return made?.is === 'new' && made.type === 'Thread' && made.args.length > 0 ? 'Thread' : undefined;
  }
  if (name === 'launch') {
    const type = on?.is === 'call' ? on.name : (program.names.typeOf(on, view) ?? owner);
    return type !== undefined && scopeType.test(type) ? 'launch' : undefined;
  }
  const type =
    program.names.typeOf(on, view) ?? (on?.is === 'call' && /^new\w*(?:ThreadPool|Executor)\w*$/.test(on.name) ? 'Executor' : undefined);
  return type !== undefined && executorType.test(type) ? 'ExecutorService' : undefined;
}

const within = (inner: At, outer: At): boolean =>
  (inner[0] > outer[0] || (inner[0] === outer[0] && inner[1] >= outer[1])) &&
  (inner[2] < outer[2] || (inner[2] === outer[2] && inner[3] <= outer[3]));

const waits = /^(?:get|join|await|awaitAll|awaitTermination|allOf|anyOf|invokeAll|invokeAny|countDown|collect|block)$/;
const future = /Future|Stage|Mono|Flux|Deferred|Job|Emitter|Result|Callable/;
/** The answer waits for it, or is what comes of it. */
const isAwaited = ({ method, call }: CallView): boolean =>
  (method.returns !== undefined && future.test(method.returns)) ||
  method.calls.some(({ name }) => waits.test(name)) ||
  method.locals.some(({ value, type }) => value !== undefined && within(call.at, value.at) && type !== 'Thread');

/** The methods of the program that calls inside of the given lines lead to. */
function targetsIn(call: CallView, lines: At, program: ProgramView): readonly MethodView[] {
  const inner = call.method.calls.filter((one) => one !== call.call && within(one.at, lines));
  return inner.flatMap(({ on, name }) => {
    const type = on === undefined ? call : program.names.find(call.file, program.names.typeOf(on, call) ?? '');
    return (type?.type.methods ?? [])
      .filter((method) => method.name === name)
      .map((method): MethodView => ({ ...type!, method, id: idOf(type!.path, type!.type, method) }));
  });
}

/** What is handed over writes to a store or reaches others. */
function works(call: CallView, lines: At, program: ProgramView): boolean {
  const own: MethodView = { ...call, method: { ...call.method, calls: call.method.calls.filter((one) => within(one.at, lines)) } };
  return changesSharedThings(own, program, [own, ...program.calledFrom(targetsIn(call, lines, program))]);
}

function emitHandedOver(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('execute', 'submit', 'runAsync', 'start', 'launch')) {
    if (!view.answersRequest(call) || canBeLost.test(call.method.name) || canBeLost.test(call.type.name)) continue;
    const runner = runnerOf(call, view);
    if (runner === undefined || isAwaited(call)) continue;
    const started =
      call.call.name === 'start' && call.call.on?.is === 'name' ? view.names.variable(call, call.call.on.path[0]!) : undefined;
    if (!works(call, started?.at ?? call.call.at, view)) continue;
    const place = placeAt(call.path, [call.call.at[0], call.call.at[1], call.call.at[0], call.call.at[1] + 1]);
    emit('queue', place, { library: runner, store: 'memory', work: call.method.name }, { within: call.id, confidence: 'likely' });
  }
}

const queueTypes = /^(?:(?:Linked|Array|PriorityBlocking|Delay|LinkedTransfer|Blocking|Transfer)\w*(?:Queue|Deque)|ConcurrentLinkedQueue)$/;
const isChannel = (value: Expression | undefined): boolean =>
  (value?.is === 'new' && value.type === 'Channel') || (value?.is === 'call' && value.name === 'Channel' && value.on === undefined);
const puts = /^(?:offer|put|add|offerLast|addLast|send|trySend)$/;
const takes = /^(?:take|poll|pollFirst|takeFirst|drainTo|receive|consumeEach|consumeAsFlow|receiveAsFlow)$/;

/** Fields that hold work until somebody of the same class takes it. */
const queues = inFiles(({ types, calls }) =>
  types.flatMap((type) =>
    type.type.fields.flatMap((field) => {
      const isQueue = queueTypes.test(field.type.split('.').at(-1)!) || isChannel(field.value);
      if (!isQueue || field.value === undefined || canBeLost.test(field.name) || canBeLost.test(type.type.name)) return [];
      const uses = calls.filter(
        (one) =>
          one.type === type.type && ((one.call.on?.is === 'name' && one.call.on.path.at(-1) === field.name) || isOfOwn(one, field.name)),
      );
      const given = uses.filter(({ call }) => puts.test(call.name));
      const taken = isChannel(field.value) || uses.some(({ call }) => takes.test(call.name));
      return given.length > 0 && taken ? [{ type, field, given }] : [];
    }),
  ),
);

function emitQueues(view: ProgramView, emit: Emit): void {
  for (const { type, field, given } of queues(view))
    if (given.some((call) => view.answersRequest(call)))
      emit('queue', placeAt(type.path, field.at), { library: `\`${field.name}\``, store: 'memory' }, { confidence: 'likely' });
}

/** A queue that a request fills, and work that it leaves to a thread. */
export const handedOff: Recogniser = {
  text: [
    'Executor',
    'runAsync',
    'new Thread(',
    'BlockingQueue',
    'BlockingDeque',
    'ConcurrentLinkedQueue',
    'Channel<',
    'CoroutineScope',
    'GlobalScope',
  ],
  recognise(view, emit) {
    emitHandedOver(view, emit);
    emitQueues(view, emit);
  },
};
