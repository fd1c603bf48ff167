/** Programs that keep the open sockets of their own clients and send to them: `self.active`, `rooms[room]`. */
import type { Place } from '../../../types.ts';
import { type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
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

/** Where an expression stands. */
interface Spot {
  readonly path: string;
  readonly index: number;
  readonly summary: ModuleSummary;
}
/** What holds the client that a call sends to, and where that is said; `undefined` where it is a client that somebody handed over. */
function sourceOf(
  client: Expression,
  at: Spot,
  program: ProgramView,
  depth = 0,
): { readonly source: Expression; readonly at: Spot } | undefined {
  if (isTaken(client)) return { source: client, at };
  if (client.is !== 'name' || depth > 3) return undefined;
  const bound = at.summary.assignments.find(
    ({ how, target, within, value }) =>
      within === at.index && target[0] === client.name && (how === 'loop' || (how === 'set' && (isTaken(value) || isCopy(value)))),
  );
  if (!bound) return sourceOfParameter(client.name, at, program, depth);
  // `clients = list(self.active)`, and then a loop over them.
  const listed = bound.how === 'loop' && bound.value.is === 'name' ? sourceOf(bound.value, at, program, depth + 1) : undefined;
  return listed ?? { source: bound.value, at };
}
/** `list(self.active)`, `self.active.copy()`. */
const isCopy = (value: Expression): boolean =>
  value.is === 'call' &&
  (value.callee.is === 'name'
    ? /^(?:list|set|tuple|sorted)$/.test(value.callee.name)
    : value.callee.is === 'attribute' && value.callee.name === 'copy');

/** A function that sends to the client that it is given: what its callers take out. */
function sourceOfParameter(name: string, { path, index, summary }: Spot, program: ProgramView, depth: number) {
  const own = summary.functions[index]!;
  const position = own.parameters.findIndex((one) => one.name === name);
  if (position < 0) return undefined;
  for (const call of program.callsNamed(own.name)) {
    if (call.within === undefined || call.callee.is !== 'function' || call.callee.id !== `${path}#${index}`) continue;
    const [from, inside] = splitId(call.within);
    const written = call.written.call;
    // The object itself is a parameter of a method.
    const given = written.named[name] ?? written.args[position - (own.class !== undefined && written.callee.is === 'attribute' ? 1 : 0)];
    const caller = program.summary(from);
    const found = given && caller && sourceOf(given, { path: from, index: inside, summary: caller }, program, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Made empty: a dictionary, a list, a set. */
const isContainer = ({ value }: Assignment): boolean =>
  value.is === 'dict' ||
  value.is === 'list' ||
  (value.is === 'call' && /^(?:dict|list|set|defaultdict|deque|OrderedDict|WeakSet|WeakValueDictionary|field)$/.test(nameOf(value.callee)));
const nameOf = (expression: Expression): string => (expression.is === 'name' || expression.is === 'attribute' ? expression.name : '');

/** Where the container is made: a field of the same class, or a variable of the module. */
function findField(source: Expression, summary: ModuleSummary, index: number): Assignment | undefined {
  const name = heldName(source);
  const type = methodClass(summary.functions, index);
  return summary.assignments.find((one) => {
    const { target, how, key, within, class: inClass } = one;
    if (how !== 'set' || key || target.at(-1) !== name || !isContainer(one)) return false;
    if (target[0] === 'self') return methodClass(summary.functions, within) === type;
    return (inClass !== undefined && inClass === type) || (within === undefined && inClass === undefined);
  });
}

/** The key of `request.app[key]`, in front of `.values()` and the like. */
function keyOfApplication(source: Expression, depth = 0): string | undefined {
  if (depth > 4) return undefined;
  const inner = (one: Expression | undefined): string | undefined => one && keyOfApplication(one, depth + 1);
  if (source.is === 'item') {
    const isApp = /^(?:app|application)$/.test(nameOf(source.of));
    return isApp ? keyText(source.key) : inner(source.of);
  }
  if (source.is === 'attribute') return inner(source.of);
  if (source.is !== 'call') return undefined;
  return source.callee.is === 'attribute' && access.test(source.callee.name) ? inner(source.callee.of) : inner(source.args[0]);
}
const keyText = (key: Expression | undefined): string | undefined =>
  key?.is === 'literal' ? String(key.value) : key && nameOf(key) ? nameOf(key) : undefined;

/** `app['sockets'] = set()` of aiohttp, wherever the application is made. */
function findInApplication(source: Expression, program: ProgramView): Place | undefined {
  const key = keyOfApplication(source);
  if (key === undefined) return undefined;
  return program.assignments.find(
    ({ own }) => own.how === 'set' && keyText(own.key) === key && /^(?:app|application)$/.test(own.target.at(-1) ?? '') && isContainer(own),
  )?.place;
}

/** What sends to a client, by the library that hands it over. */
interface Sender {
  readonly library: string;
  readonly sends: RegExp;
  /** Only to each of many. */
  readonly looped?: true;
}
/** `queue.put(news)` for each open stream of events. */
function streamsOf(program: ProgramView): readonly Sender[] {
  const streams = program.calls.some(
    (call) =>
      call.name === 'EventSourceResponse' ||
      (call.name === 'StreamingResponse' && /^text\/event-stream/.test(textOf(call.named('media_type')) ?? '')),
  );
  // `@strawberry.subscription`
  const subscribed = (): boolean =>
    program.functions.some(({ own }) => own.decorators.some((one) => one.is === 'attribute' && one.name === 'subscription'));
  const hasQueues =
    (streams || subscribed()) && program.calls.some(({ dotted }) => dotted === 'asyncio.Queue' || dotted === 'asyncio.queues.Queue');
  return hasQueues ? [{ library: 'SSE', sends: /^put(?:_nowait)?$/, looped: true }] : [];
}
const isLooped = (client: Expression, index: number, { assignments }: ModuleSummary): boolean =>
  client.is === 'name' && assignments.some(({ how, target, within }) => how === 'loop' && within === index && target[0] === client.name);

function senderOf(program: ProgramView): Sender | undefined {
  const serves = (pattern: RegExp): boolean => program.calls.some(({ dotted }) => dotted !== undefined && pattern.test(dotted));
  if (program.calls.some(({ name, dotted }) => name === 'websocket' && /^(?:fastapi|starlette)\./.test(dotted ?? '')))
    return { library: program.imported('fastapi') ? 'FastAPI' : 'Starlette', sends: /^send_(?:text|json|bytes)$/ };
  if (serves(/^aiohttp\.web\.WebSocketResponse$/)) return { library: 'aiohttp', sends: /^send_(?:str|json|bytes)$/ };
  if (program.imported('tornado.websocket')) return { library: 'Tornado', sends: /^write_message$/ };
  return undefined;
}

/** Messages come from other processes, too. */
export const relays = (program: ProgramView): boolean =>
  program.imported('broadcaster', 'encode_broadcaster', 'nats', 'aio_pika', 'aiokafka', 'fastapi_websocket_pubsub') !== undefined ||
  (program.imported('aioredis', 'redis', 'coredis') !== undefined &&
    program.calls.some(({ name }) => /^(?:publish|subscribe|psubscribe|pubsub|xread|xadd)$/.test(name)));

/** A method that no line of the program names is a leftover: no client ever gets anything by it. */
function isLeftover(index: number, summary: ModuleSummary, program: ProgramView): boolean {
  const { name, class: owner, decorators } = summary.functions[index]!;
  // What extends something may be called by it: `on_message` of Tornado.
  if (owner === undefined || decorators.length > 0 || name.startsWith('__') || summary.classes[owner]!.bases.length > 0) return false;
  const named = new RegExp(`(?<!\\bdef\\s{1,9})\\b${name}\\b`);
  return ![...new Set(program.functions.map(({ path }) => path))].some((path) => named.test(program.text(path) ?? ''));
}

function emitClients(program: ProgramView, emit: Emit): void {
  const sender = senderOf(program);
  const all = [...(sender ? [sender] : []), ...streamsOf(program)];
  if (all.length > 0 && !relays(program)) all.some((one) => emitSender(one, program, emit));
}

function emitSender(sender: Sender, program: ProgramView, emit: Emit): boolean {
  for (const call of program.calls) {
    if (!sender.sends.test(call.name) || call.within === undefined) continue;
    const [path, index] = splitId(call.within);
    const summary = program.summary(path);
    const { callee } = call.written.call;
    if (!summary) continue;
    const isMeant =
      sender.looped === undefined ||
      (callee.is === 'attribute' && isLooped(callee.of, index, summary) && program.servesRequest(call.within));
    if (!isMeant) continue;
    const found = callee.is === 'attribute' ? sourceOf(callee.of, { path, index, summary }, program) : undefined;
    if (!found) continue;
    const { source, at } = found;
    const field = findField(source, at.summary, at.index);
    const place = field ? placeAt(at.path, field.at) : sender.library === 'aiohttp' ? findInApplication(source, program) : undefined;
    if (!place || isLeftover(index, summary, program)) continue;
    const adapters = [{ kind: 'memory', place }] as const;
    emit('socket-server', { place }, { library: sender.library, adapters, broadcasts: true, broadcastPlace: call.place });
    return true;
  }
  return false;
}

export const socketClients: Recogniser = { id: 'socket-clients', recognise: emitClients };
