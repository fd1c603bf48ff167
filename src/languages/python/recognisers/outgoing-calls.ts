import type { Value } from '../../../facts.ts';
import type { Confidence } from '../../../types.ts';
import { type CallSite, type Emit, isNone, type ProgramView, type Recogniser } from '../recogniser.ts';
import { dottedOf } from '../value-shapes.ts';
import { liveFunctions } from './live-functions.ts';
import { anchor } from './servers.ts';

interface Client {
  readonly pattern: RegExp;
  readonly library: string;
  /** Position of the timeout where it may stand without its name. */
  readonly index?: number;
  /** The client has a limit of its own. */
  readonly byDefault?: true;
  readonly protocol?: 'other';
}
const clients: readonly Client[] = [
  { pattern: /^requests\.(?:api\.)?(?:get|post|put|patch|delete|head|options|request)$/, library: 'requests' },
  { pattern: /^requests\.(?:sessions\.)?[Ss]ession\(\)\.(?:get|post|put|patch|delete|head|options|request)$/, library: 'requests' },
  { pattern: /^urllib\.request\.urlopen$/, library: 'urllib', index: 2 },
  { pattern: /^httpx\.(?:get|post|put|patch|delete|request|stream|(?:Async)?Client\(\)\.\w+)$/, library: 'httpx', byDefault: true },
  { pattern: /^aiohttp\.(?:client\.)?ClientSession\(\)\.(?:get|post|put|patch|delete|request)$/, library: 'aiohttp', byDefault: true },
  { pattern: /^smtplib\.SMTP$/, library: 'smtplib', index: 3, protocol: 'other' },
  { pattern: /^smtplib\.SMTP_SSL$/, library: 'smtplib', index: 5, protocol: 'other' },
];

/** A limit for all sockets. */
const hasCommonLimit = (program: ProgramView): boolean => program.calls.some(({ dotted }) => dotted === 'socket.setdefaulttimeout');
/** Sessions may be given an adapter that has a limit of its own; that of the library only tries again. */
const hasAdapter = (program: ProgramView): boolean =>
  program.calls.some(
    (call) => call.name === 'mount' && call.dotted?.startsWith('requests.') === true && !isPlainAdapter(call.argument('adapter', 1)),
  );
const isPlainAdapter = (value: Value | undefined): boolean =>
  /^requests\.adapters\.HTTPAdapter\(\)$/.test((value && dottedOf(value)) ?? '');

function emitCall(call: CallSite, client: Client, common: boolean, emit: Emit, confidence: Confidence): void {
  const given = client.index === undefined ? call.named('timeout') : call.argument('timeout', client.index);
  const { open } = call.written.call;
  const timeout = given ? (isNone(given) ? 'none' : 'set') : common || open ? 'unknown' : client.byDefault ? 'default' : 'none';
  const target = call.args.find((argument) => argument.is !== 'made' || argument.callee.is !== 'class');
  emit(
    'outgoing-call',
    { ...anchor(call), place: call.namePlace },
    { library: client.library, protocol: client.protocol ?? 'http', timeout, ...(target ? { target } : {}) },
    confidence,
  );
}

/** Celery ends each task after a while (docs.celeryq.dev, "Configuration and defaults", `task_time_limit`). */
const limits = ['CELERY_TASK_TIME_LIMIT', 'CELERY_TASK_SOFT_TIME_LIMIT', 'CELERYD_TASK_TIME_LIMIT', 'CELERYD_TASK_SOFT_TIME_LIMIT'];
const endsTasks = (program: ProgramView): boolean =>
  [...limits, 'task_time_limit', 'task_soft_time_limit'].some((name) => program.assigned(name).length > 0) ||
  program
    .callsNamed('update', 'Celery')
    .some(({ written: { call } }) => Object.hasOwn(call.named, 'task_time_limit') || Object.hasOwn(call.named, 'task_soft_time_limit'));

const worksOn = ['streamlit', 'celery', 'pika', 'aio_pika', 'kafka', 'aiokafka', 'confluent_kafka', 'redis', 'nats', 'paho', 'boto3'];
/** The program serves or listens, and somebody may wait for the function, though no way from a request to it is seen. */
function mayWait({ within, path }: CallSite, program: ProgramView): boolean {
  // Streamlit runs the whole script anew for each click.
  if (program.imported('streamlit')) return within !== undefined || program.entries.some((entry) => entry.path === path);
  if (within === undefined || program.takesMessage(within)) return false;
  return (program.handlers.size > 0 || program.imported(...worksOn) !== undefined) && liveFunctions(program).has(within);
}

/** Calls of other services while a request is answered, or a message of a queue. */
export const outgoingCalls: Recogniser = {
  id: 'outgoing-calls',
  recognise(program, emit) {
    const common = hasCommonLimit(program);
    const adapted = common || hasAdapter(program);
    const ends = endsTasks(program);
    const waits = ({ within }: CallSite): boolean => program.servesRequest(within) || (!ends && program.takesMessage(within));
    for (const call of program.calls) {
      const client = clients.find(({ pattern }) => call.dotted !== undefined && pattern.test(call.dotted));
      const confidence = client && (waits(call) ? 'certain' : mayWait(call, program) ? 'likely' : undefined);
      if (confidence) emitCall(call, client, /ession\(\)/.test(call.dotted ?? '') ? adapted : common, emit, confidence);
    }
  },
};
