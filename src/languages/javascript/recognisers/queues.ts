import type { FactValues } from '../../../facts.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { callsBy, changesSharedData } from './effects.ts';
import { functionsIn, runsForRequests } from './request-code.ts';

/** Queues in the memory of this process, and the methods that hand work to them. */
const memoryQueues: Readonly<Record<string, RegExp>> = {
  'p-queue': /\(\)\.(?:add|addAll)$/,
  fastq: /\(\)\.push$/,
  async: /^(?:queue|priorityQueue|cargo)\(\)\.push$/,
  'better-queue': /\(\)\.push$/,
  queue: /\(\)\.push$/,
  'async-queue': /\(\)\.push$/,
};
/** Queues that survive the process: evidence that work is kept. */
const sharedQueues: Readonly<Record<string, { readonly made: RegExp; readonly technology: string }>> = {
  bull: { made: /^(?:default|Queue)?$/, technology: 'redis' },
  bullmq: { made: /^Queue$/, technology: 'redis' },
  'bee-queue': { made: /^(?:default)?$/, technology: 'redis' },
  agenda: { made: /^(?:default|Agenda)?$/, technology: 'mongodb' },
  'pg-boss': { made: /^(?:default|PgBoss)?$/, technology: 'postgresql' },
  kue: { made: /^createQueue$/, technology: 'redis' },
};

const storeOf = (call: CallSite): FactValues['queue']['store'] => {
  const made = call.on?.is === 'made' ? call.on : undefined;
  // better-queue takes a `store`; without one it keeps tasks in memory.
  const options = made?.args.find((argument) => argument.is === 'object');
  return options?.is === 'object' && options.properties['store'] ? 'unknown' : 'memory';
};

/** The request does not wait for the work, and the work leaves the process: it is lost with it. */
function isHandedOver(program: ProgramView, call: CallSite, live: ReadonlySet<string>): boolean {
  if (call.result !== 'void' || call.within === undefined || !live.has(call.within)) return false;
  const workers = call.on?.is === 'made' ? call.on.args : [];
  const functions = [...call.args, ...workers].flatMap((argument) => functionsIn(argument));
  return functions.length === 0 || callsBy(program, functions).some(changesSharedData);
}

function emitMemory(program: ProgramView, emit: Emit): void {
  const live = runsForRequests(program);
  for (const [library, handing] of Object.entries(memoryQueues)) {
    for (const call of program.callsOf(library))
      if (handing.test(call.path) && isHandedOver(program, call, live))
        emit('queue', { ...call, place: call.namePlace }, { library, store: storeOf(call) });
  }
}

export const queues: Recogniser = {
  id: 'queues',
  packages: [...Object.keys(memoryQueues), ...Object.keys(sharedQueues)],
  recognise(program, emit) {
    const usesMemory = Object.keys(memoryQueues).some((name) => program.callsOf(name).length > 0);
    if (usesMemory) emitMemory(program, emit);
    for (const [library, { made, technology }] of Object.entries(sharedQueues)) {
      for (const call of program.callsOf(library))
        if (made.test(call.path) && call.how !== 'decorator')
          emit('queue', { ...call, place: call.namePlace }, { library, store: 'external', technology });
    }
  },
};
