import type { Place } from '../../../types.ts';
import { anchor, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import type { Assignment, Expression } from '../summary.ts';
import { placeAt } from '../value-shapes.ts';
import { folderOf } from '../workspace.ts';

/** What opens a connection that stays, by library. */
const accepts: readonly (readonly [RegExp, string])[] = [
  [/^gorilla\/websocket\.Upgrader\.Upgrade$/, 'gorilla/websocket'],
  [/^coder\/websocket\.Accept$/, 'coder/websocket'],
  [/^fiber\/websocket\.New$/, 'fiber/websocket'],
  [/^golang\.org\/x\/net\/websocket\.(?:Handler|Server)$/, 'x/net/websocket'],
  [/^github\.com\/gobwas\/ws\.(?:UpgradeHTTP|Upgrader\.Upgrade)$/, 'gobwas/ws'],
];
/** Brokers that may carry messages to other copies. */
const brokers =
  /^redis$|^github\.com\/(?:nats-io\/|segmentio\/kafka-go|IBM\/sarama|Shopify\/sarama|confluentinc\/confluent-kafka-go|twmb\/franz-go|rabbitmq\/|streadway\/amqp|gomodule\/redigo|redis\/rueidis|centrifugal\/|ThreeDotsLabs\/watermill-(?!bolt)|eclipse\/paho|apache\/pulsar|aws\/aws-sdk-go\S*\/service\/(?:sqs|sns)|Azure\/azure-sdk-for-go\S*(?:servicebus|eventhubs))|^cloud\.google\.com\/go\/pubsub|^gocloud\.dev\/pubsub/;
const listens = /^(?:NewListener|WaitForNotification)$/;
/** What hears of messages that another copy sent; a cache and a producer alone do not. */
const hears =
  /^(?:[PS]?Subscribe\w*|QueueSubscribe\w*|ChanSubscribe\w*|Subscription|Consume\w*|FetchMessage|Poll\w*|Receive\w*|XRead\w*|B?[LR]Pop\w*|Channel\w*|NewReader|NewConsumer\w*|Dispatch)$/;
/** A library of the repository may offer more than the program uses. */
const isUsed = (program: ProgramView, { path, within }: CallSite): boolean =>
  program.root === '' || path.startsWith(`${program.root}/`) || program.runsAtStart(within) || program.servesRequest(within);
const hasBroker = (program: ProgramView): boolean =>
  (program.importedLike(brokers) !== undefined && program.calls.some((call) => hears.test(call.name) && isUsed(program, call))) ||
  program.calls.some(({ name }) => listens.test(name));

/** `h.clients`, also of a map of them. */
const heldName = (expression: Expression): string | undefined =>
  expression.is === 'selector' || expression.is === 'name'
    ? expression.name
    : expression.is === 'index'
      ? heldName(expression.of)
      : undefined;
const clients = /client|conn|subs|socket|user|peer|room|member|player|session|participant|viewer|listener|stream|watchers?$|observers?$/i;

const linesFrom = (program: ProgramView, path: string, from: number, count: number): readonly string[] =>
  (program.text(path) ?? '')
    .split('\n')
    .slice(Math.max(0, from), Math.max(0, from) + count)
    .map((line) => line.slice(0, 300));

/** `client.send <- message`, `client <- message`, `conn.WriteJSON(message)` in the lines of the loop. */
function sendsInLoop(program: ProgramView, path: string, loop: Assignment): boolean {
  const [name = ''] = loop.target;
  if (!/^\w{1,40}$/.test(name) || name === '_') return false;
  const indent = /^\s*/.exec(linesFrom(program, path, loop.at[0] - 1, 1)[0] ?? '')![0].length;
  for (const line of linesFrom(program, path, loop.at[0], 25)) {
    if (line.trim() !== '' && /^\s*/.exec(line)![0].length <= indent) return false;
    const found = new RegExp(
      `(?:^|[^\\w<-])${name}(?:\\.\\w{1,40})?\\s{0,3}<-\\s{0,3}\\S|\\b${name}\\.(?:\\w{1,40}\\.)?(?:Write|Send|Push|Emit|Notify|Enqueue|Deliver)\\w{0,20}\\(|\\.(?:Send|Write\\w{0,12})\\(\\s{0,3}(?:ctx, )?${name}\\b`,
      'i',
    );
    if (found.test(line)) return true;
  }
  return false;
}

/** A function whose name stands above a line. */
function functionAbove(program: ProgramView, path: string, line: number): string | undefined {
  const functions = program.summary(path)?.functions ?? [];
  let best = -1;
  for (const [index, { at }] of functions.entries()) if (at[0] <= line && (best < 0 || at[0] >= functions[best]!.at[0])) best = index;
  return best < 0 ? undefined : `${path}#${best}`;
}

const mostLinesAbove = 60;
const indentOf = (line: string): number => line.search(/\S|$/);
/** The `case` in which a line stands, however much it does before. */
function caseAbove(program: ProgramView, path: string, line: number): readonly string[] {
  const from = Math.max(0, line - 1 - mostLinesAbove);
  const lines = linesFrom(program, path, from, line - from);
  const own = indentOf(lines.at(-1) ?? '');
  const header = [...lines].reverse().find((one) => one.trim() !== '' && indentOf(one) < own);
  return header !== undefined && /^\s*case\b/.test(header) ? [header] : [];
}

/** `case message := <-h.broadcast:` above the loop, and requests send to that channel: the hub passes on what clients say. */
function passesOn(program: ProgramView, path: string, loop: Assignment): boolean {
  return [{ path, line: loop.at[0] }, ...callersOf(program, path, loop.within)].some((one) => isFedAbove(program, one.path, one.line));
}
/** `case message := <-h.broadcast: h.sendToAll(message)`. */
const callersOf = (program: ProgramView, path: string, within: number | undefined): readonly { path: string; line: number }[] =>
  within === undefined
    ? []
    : program.evaluator.callers(`${path}#${within}`).map(({ path: from, call }) => ({ path: from, line: call.at[0] }));

function isFedAbove(program: ProgramView, path: string, line: number): boolean {
  const above = [...linesFrom(program, path, line - 13, 12), ...caseAbove(program, path, line)];
  const channels = above.flatMap((line) => /<-\s{0,3}(?:\w{1,40}\.){0,3}(\w{1,40})/.exec(line)?.[1] ?? []);
  const near = program.files.filter((file) => folderOf(file) === folderOf(path));
  return channels.some((channel) => {
    const sends = new RegExp(`(?:^|[^\\w<-])(?:\\w{1,40}\\.){0,3}${channel}\\s{0,3}<-\\s{0,3}\\S`);
    return near.some((file) =>
      linesFrom(program, file, 0, 3000).some(
        (line, index) => sends.test(line) && program.servesRequest(functionAbove(program, file, index + 1)),
      ),
    );
  });
}

/** A loop over clients that sends to each what a request, or another client, gave. */
function findFanOut(program: ProgramView, folders: ReadonlySet<string> | undefined): Place | undefined {
  for (const { own: loop, path } of program.assignments) {
    const held = loop.how === 'loop' ? heldName(loop.value) : undefined;
    if (held === undefined || !clients.test(held) || loop.within === undefined) continue;
    if (program.evaluator.graph.isDead(path, loop.within) || (folders && !folders.has(folderOf(path)))) continue;
    const isAsked = program.servesRequest(`${path}#${loop.within}`);
    if (sendsInLoop(program, path, loop) && (isAsked || passesOn(program, path, loop))) return placeAt(path, loop.at);
  }
  return undefined;
}

function emitServer(call: CallSite, library: string, broadcastPlace: Place, emit: Emit): void {
  emit(
    'socket-server',
    anchor(call),
    { library, adapters: [{ kind: 'memory', place: call.place }], broadcasts: true, broadcastPlace },
    'likely',
  );
}

/** `Content-Type: text/event-stream`: each open response is a client. */
const startsStream = ({ args, name, target }: CallSite): boolean =>
  (/^(?:Set|Add|Header)$/.test(name) && args.some((argument) => /^text\/event-stream/.test(textOf(argument) ?? ''))) ||
  target === 'gin.Context.SSEvent';

/** Libraries that hold their clients themselves, and send to all. */
const hubs: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^github\.com\/olahol\/melody\.New$/, /^(?:Broadcast\w*|BroadcastBinary\w*)$/, 'melody'],
  [/^github\.com\/googollee\/go-socket\.io\.NewServer$/, /^BroadcastTo\w+$/, 'go-socket.io'],
  [/^github\.com\/r3labs\/sse\.New$/, /^(?:Try)?Publish$/, 'r3labs/sse'],
];
function emitHubs(program: ProgramView, emit: Emit): void {
  for (const [made, sends, library] of hubs) {
    const call = program.calls.find(({ target }) => made.test(target ?? ''));
    const sent = call && program.calls.find(({ name, within }) => sends.test(name) && program.servesRequest(within));
    if (call && sent) emitServer(call, library, sent.place, emit);
  }
}

/** Servers that push messages to clients of their own process. */
export const sockets: Recogniser = {
  id: 'sockets',
  recognise(program, emit) {
    if (hasBroker(program)) return;
    emitHubs(program, emit);
    for (const [pattern, library] of accepts) {
      const call = program.calls.find(({ target }) => pattern.test(target ?? ''));
      const found = call && findFanOut(program, undefined);
      if (call && found) return emitServer(call, library, found, emit);
    }
    const stream = program.calls.find((call) => startsStream(call) && program.servesRequest(call.within));
    const found = stream && findFanOut(program, new Set(program.calls.filter(startsStream).map(({ path }) => folderOf(path))));
    if (stream && found) emitServer(stream, 'SSE', found, emit);
  },
};
