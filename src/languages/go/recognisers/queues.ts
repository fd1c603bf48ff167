/** Work that goes on in the process after the request that asked for it was answered. */
import { functionsOf } from '../call-graph.ts';
import { typeName } from '../package-graph.ts';
import { anchor, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { placeAt, splitId } from '../value-shapes.ts';
import { folderOf } from '../workspace.ts';
import { effectsBy } from './effects.ts';

/** Names that say that somebody waits for what is sent, where the call itself could not be traced. */
const sends = /send\w{0,30}(?:mail|sms|notification|webhook|invit|invoice|receipt|otp)|(?:mail|sms|webhook)\w{0,10}send/i;
/** Nobody misses it when it is lost, or it is done for a client that is connected. */
const trifle =
  /last_?(?:login|seen|active|used)|log(?:s|ger|ging)?(?:$|[A-Z_])|audit|track|analytic|visit|(?:view|hit|click)s?\b|(?:view|hit|click)s?_?count|count|metric|telemetry|cache|clean|temp|warm|broadcast|presence|heartbeat|pump|listen|hub|client|subscri|register|^(?:join|leave|enter)(?:ing|ers?)?$|events?$|done|quit|stop|close|err(?:or)?s?$|result|sem(?:aphore)?$|limit/i;
/** Hands on to clients that are connected. */
const handsOn = /hub|room|client|socket/i;
const takesMessages = /^(?:ReadMessage|NextReader|ReadJSON|WriteMessage|WriteJSON|Upgrade|Accept|Recv|Receive|Read|Serve\w*)$/;

const indentOf = (line: string): number => line.search(/\S|$/);
/** Lines of a function, as gofmt sets them. */
function linesOf(program: ProgramView, id: string): readonly string[] {
  const at = program.evaluator.functionOf(id)?.at[0];
  if (at === undefined) return [];
  const lines = (program.text(splitId(id)[0]) ?? '').split('\n').slice(at - 1, at - 1 + 400);
  const indent = indentOf(lines[0] ?? '');
  const end = lines.findIndex((line, index) => index > 0 && line.trimStart().startsWith('}') && indentOf(line) <= indent);
  return lines.slice(0, end < 0 ? lines.length : end).map((line) => line.slice(0, 300));
}
/** `<-answer`, `wg.Wait()`: the function stays until the work is done. */
const waits = (lines: readonly string[]): boolean =>
  lines.some((line) => /\.Wait\(\)|(?:^|[=(,:]|\breturn|\bcase)\s*<-\s*(?!(?:\w+\.)*(?:Done\(|After\(|C\b)|done|quit|stop)/.test(line));

/** What functions do that others notice, by the name of the step. */
function workOf(program: ProgramView, steps: readonly CallSite[]): string | undefined {
  if (steps.some(({ name }) => takesMessages.test(name))) return undefined;
  const found = steps.find((step) => {
    const effects = effectsBy(program, step);
    return sends.test(step.name) || effects.has('sends') || effects.has('changes');
  });
  const said = found && [found.name, ...found.args.slice(0, 3).map((argument) => textOf(argument) ?? '')];
  return said && !said.some((text) => trifle.test(text)) ? found.name : undefined;
}

/** The function that it stands in, by the name that it or the one around it has: middleware is what a function gives. */
function nameAround(program: ProgramView, id: string): string {
  const own = program.evaluator.functionOf(id);
  if (own?.name !== '' || own.parent === undefined) return own?.name ?? '';
  return nameAround(program, `${splitId(id)[0]}#${own.parent}`);
}
const entryOfLog = /^(?:(?:op|oper|operation|access|request|req|audit|sys)_?(?:log|record)s?|logs?)_?(?:entry|data|msg|message|queue)?$/i;
const isEntryOfLog = (one: Expression): boolean => (one.is === 'name' || one.is === 'selector') && entryOfLog.test(one.name);

/** `go sendMail(user)`, `go func() { … }()` in what answers a request. */
function emitGoroutines(program: ProgramView, emit: Emit): void {
  for (const call of program.calls) {
    const { written, within } = call;
    if (written.how !== 'go' || within === undefined || !program.servesRequest(within)) continue;
    if (
      trifle.test(call.name) ||
      trifle.test(nameAround(program, within)) ||
      written.call.args.some(isEntryOfLog) ||
      program.callsWithin(within).some(({ name }) => takesMessages.test(name))
    )
      continue;
    const isLiteral = written.call.callee.is === 'function';
    const inner = functionsOf(call.callee).flatMap((id) => program.callsWithin(id));
    if (inner.some(({ name, written: one }) => takesMessages.test(name) || one.looped)) continue;
    const work = workOf(program, isLiteral ? inner : [call]);
    if (work === undefined || waits(linesOf(program, within))) continue;
    emit('queue', anchor(call), { library: 'goroutine', store: 'memory', work: isLiteral ? work : call.name }, 'likely');
  }
}

const mostLines = 3000;
interface ChannelUse {
  readonly path: string;
  readonly line: number;
  readonly within: string;
}
/** The function whose text begins last before a line. */
function functionAbove(program: ProgramView, path: string, line: number): string | undefined {
  const functions = program.summary(path)?.functions ?? [];
  let best = -1;
  for (const [index, { at }] of functions.entries()) if (at[0] <= line && (best < 0 || at[0] >= functions[best]!.at[0])) best = index;
  return best < 0 ? undefined : `${path}#${best}`;
}

/** Where values go into channels, and come out of them, by the channel's name within a folder. */
function channelUses(program: ProgramView, pattern: RegExp): ReadonlyMap<string, readonly ChannelUse[]> {
  const found = new Map<string, ChannelUse[]>();
  for (const path of program.files) {
    const text = program.text(path) ?? '';
    if (!text.includes('chan ') && !text.includes('<-')) continue;
    for (const [index, line] of text.split('\n').slice(0, mostLines).entries()) {
      const name = pattern.exec(line.slice(0, 300))?.[1];
      const within = name === undefined ? undefined : functionAbove(program, path, index + 1);
      if (name === undefined || within === undefined) continue;
      const key = `${folderOf(path)} ${name}`;
      found.set(key, [...(found.get(key) ?? []), { path, line: index + 1, within }]);
    }
  }
  return found;
}

/** A goroutine of the start takes what requests put into a channel, and does what others notice. */
function emitChannels(program: ProgramView, emit: Emit): void {
  const given = channelUses(program, /^\s*(?:case\s+)?(?:\w{1,40}\.){0,3}(\w{1,40})\s?<-\s?[\w&"{[(]/);
  if (given.size === 0) return;
  const taken = channelUses(program, /(?:\brange|<-)\s{0,3}(?:\w{1,40}\.){0,3}(\w{1,40})\s{0,3}(?:\{|:|\)|$)/);
  for (const [key, uses] of given) {
    const name = key.slice(key.indexOf(' ') + 1);
    const asked = uses.find(({ within }) => program.servesRequest(within) && !waits(linesOf(program, within)));
    if (!asked || trifle.test(name)) continue;
    const works = (taken.get(key) ?? []).some(({ within }) => {
      const own = program.evaluator.functionOf(within);
      if (!program.runsAtStart(within) || trifle.test(own?.name ?? '')) return false;
      if (own?.receiver && handsOn.test(typeName(own.receiver.type) ?? '')) return false;
      return (
        workOf(
          program,
          program.callsWithin(within).filter(({ written }) => written.looped),
        ) !== undefined
      );
    });
    if (!works) continue;
    const column = (program.text(asked.path)?.split('\n')[asked.line - 1] ?? '').search(/\S/) + 1;
    const place = placeAt(asked.path, [asked.line, column, asked.line, column + name.length]);
    emit('queue', { place, within: asked.within }, { library: `\`${name}\``, store: 'memory' }, 'likely');
  }
}

/** Mail and writes that a goroutine does later. */
export const queues: Recogniser = {
  id: 'queues',
  recognise(program, emit) {
    emitGoroutines(program, emit);
    emitChannels(program, emit);
  },
};
