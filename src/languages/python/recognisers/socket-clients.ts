/** Programs that keep the open sockets of their own clients and send to them: `self.active`, `rooms[room]`. */
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import type { Assignment, Expression, ModuleSummary } from '../summary.ts';
import { methodClass, placeAt, splitId } from '../value-shapes.ts';

/** Ways into a container that lead to what it holds. */
const access = /^(?:values|items|copy|keys|get|pop|setdefault)$/;

/** The container that an expression reads: `self.active`, `list(self.active)`, `self.rooms[room]`, `clients.get(name)`. */
function heldName(expression: Expression, depth = 0): string | undefined {
  if (depth > 4) return undefined;
  if (expression.is === 'name') return expression.name;
  if (expression.is === 'attribute') return access.test(expression.name) ? heldName(expression.of, depth + 1) : expression.name;
  if (expression.is === 'item') return heldName(expression.of, depth + 1);
  if (expression.is !== 'call') return undefined;
  const { callee, args } = expression;
  if (callee.is === 'attribute' && access.test(callee.name)) return heldName(callee.of, depth + 1);
  return heldName(args[0] ?? callee, depth + 1);
}

/** Takes one or all out of a container: an item, `.get(…)`, or a loop over it. */
const isTaken = (expression: Expression): boolean =>
  expression.is === 'item' ||
  (expression.is === 'call' && expression.callee.is === 'attribute' && /^(?:get|pop)$/.test(expression.callee.name));

/** The container whose client a call sends to; `undefined` where it sends to a client that somebody handed over. */
function containerOf(client: Expression, index: number, summary: ModuleSummary): string | undefined {
  if (isTaken(client)) return heldName(client);
  if (client.is !== 'name') return undefined;
  const from = summary.assignments.find(
    ({ how, target, within, value }) =>
      within === index && target[0] === client.name && (how === 'loop' || (how === 'set' && isTaken(value))),
  );
  return from && heldName(from.value);
}

/** Made empty: a dictionary, a list, a set. */
const isContainer = ({ value }: Assignment): boolean =>
  value.is === 'dict' ||
  value.is === 'list' ||
  (value.is === 'call' && /^(?:dict|list|set|defaultdict|deque|OrderedDict|WeakSet|WeakValueDictionary|field)$/.test(nameOf(value.callee)));
const nameOf = (expression: Expression): string => (expression.is === 'name' || expression.is === 'attribute' ? expression.name : '');

/** Where the container is made: a field of the same class, or a variable of the module. */
function findField(call: CallSite, summary: ModuleSummary, index: number): Assignment | undefined {
  const { callee } = call.written.call;
  const name = callee.is === 'attribute' ? containerOf(callee.of, index, summary) : undefined;
  if (name === undefined) return undefined;
  const type = methodClass(summary.functions, index);
  return summary.assignments.find((one) => {
    const { target, how, key, within, class: inClass } = one;
    if (how !== 'set' || key || target.at(-1) !== name || !isContainer(one)) return false;
    if (target[0] === 'self') return methodClass(summary.functions, within) === type;
    return (inClass !== undefined && inClass === type) || (within === undefined && inClass === undefined);
  });
}

/** Messages come from other processes, too. */
const relays = (program: ProgramView): boolean =>
  program.imported('broadcaster', 'encode_broadcaster', 'nats', 'aio_pika', 'aiokafka', 'fastapi_websocket_pubsub') !== undefined ||
  (program.imported('aioredis', 'redis', 'coredis') !== undefined &&
    program.calls.some(({ name }) => /^(?:publish|subscribe|psubscribe|pubsub|xread|xadd)$/.test(name)));

function emitClients(program: ProgramView, emit: Emit): void {
  const hasSockets = program.calls.some(({ name, dotted }) => name === 'websocket' && /^(?:fastapi|starlette)\./.test(dotted ?? ''));
  if (!hasSockets || relays(program)) return;
  for (const call of program.calls) {
    if (!/^send_(?:text|json|bytes)$/.test(call.name) || call.within === undefined) continue;
    const [path, index] = splitId(call.within);
    const summary = program.summary(path);
    const field = summary && findField(call, summary, index);
    if (!field) continue;
    const place = placeAt(path, field.at);
    const library = program.imported('fastapi') ? 'FastAPI' : 'Starlette';
    emit('socket-server', { place }, { library, adapters: [{ kind: 'memory', place }], broadcasts: true, broadcastPlace: call.place });
    return;
  }
}

export const socketClients: Recogniser = { id: 'socket-clients', recognise: emitClients };
