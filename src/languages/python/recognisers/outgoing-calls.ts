import { type CallSite, type Emit, isNone, type ProgramView, type Recogniser } from '../recogniser.ts';
import { anchor } from './servers.ts';

interface Client {
  readonly pattern: RegExp;
  readonly library: string;
  /** Position of the timeout where it may stand without its name. */
  readonly index?: number;
  /** The client has a limit of its own. */
  readonly byDefault?: true;
}
const clients: readonly Client[] = [
  { pattern: /^requests\.(?:api\.)?(?:get|post|put|patch|delete|head|options|request)$/, library: 'requests' },
  { pattern: /^requests\.(?:sessions\.)?[Ss]ession\(\)\.(?:get|post|put|patch|delete|head|options|request)$/, library: 'requests' },
  { pattern: /^urllib\.request\.urlopen$/, library: 'urllib', index: 2 },
  { pattern: /^httpx\.(?:get|post|put|patch|delete|request|stream|(?:Async)?Client\(\)\.\w+)$/, library: 'httpx', byDefault: true },
  { pattern: /^aiohttp\.(?:client\.)?ClientSession\(\)\.(?:get|post|put|patch|delete|request)$/, library: 'aiohttp', byDefault: true },
];

/** A limit for all: of the sockets, or of an adapter that the session was given. */
const hasCommonLimit = (program: ProgramView): boolean =>
  program.calls.some(
    ({ dotted, name }) => dotted === 'socket.setdefaulttimeout' || (name === 'mount' && dotted?.startsWith('requests.') === true),
  );

function emitCall(call: CallSite, client: Client, common: boolean, emit: Emit): void {
  const given = client.index === undefined ? call.named('timeout') : call.argument('timeout', client.index);
  const { open } = call.written.call;
  const timeout = given ? (isNone(given) ? 'none' : 'set') : common || open ? 'unknown' : client.byDefault ? 'default' : 'none';
  const target = call.args.find((argument) => argument.is !== 'made' || argument.callee.is !== 'class');
  emit(
    'outgoing-call',
    { ...anchor(call), place: call.namePlace },
    { library: client.library, protocol: 'http', timeout, ...(target ? { target } : {}) },
  );
}

/** Calls of other services while a request is answered. */
export const outgoingCalls: Recogniser = {
  id: 'outgoing-calls',
  recognise(program, emit) {
    const common = hasCommonLimit(program);
    for (const call of program.calls) {
      const client = clients.find(({ pattern }) => call.dotted !== undefined && pattern.test(call.dotted));
      if (client && program.servesRequest(call.within)) emitCall(call, client, common, emit);
    }
  },
};
