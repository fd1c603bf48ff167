import type { Condition, FactValues, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { moduleOf, own } from '../values.ts';
import { objectsOf, option } from './databases-options.ts';
import { assignedName, functionName } from './function-names.ts';
import { type CallClient, callClients, globalFetch } from './outgoing-calls-clients.ts';
import { handlersOf, isMentioned, runsAtStart, runsForRequests } from './request-code.ts';

type Timeout = FactValues['outgoing-call']['timeout'];

const contains = (outer: Place, inner: Place): boolean =>
  outer.path === inner.path &&
  (outer.line < inner.line || (outer.line === inner.line && outer.column <= inner.column)) &&
  (outer.endLine > inner.endLine || (outer.endLine === inner.endLine && outer.endColumn >= inner.endColumn));

/** The calls that made the instance on which this one is made: `axios.create({…})` of `api.get()`. */
function instancesOf(value: Value | undefined, client: CallClient, depth = 0): (Value & { is: 'made' })[] {
  if (!value || !client.instances || depth > 6) return [];
  if (value.is === 'choice') return value.options.flatMap((one) => instancesOf(one.value, client, depth + 1));
  if (value.is === 'member') return instancesOf(value.of, client, depth + 1);
  if (value.is !== 'made') return [];
  const outer = instancesOf(value.callee, client, depth + 1);
  return client.instances.test(originOf(value)?.path ?? '') ? [value, ...outer] : outer;
}

/** What options say of a limit: `unknown` where they could not be read. */
function limitIn(argument: Value, client: CallClient, program: ProgramView): Timeout {
  const objects = objectsOf(argument, program);
  if (objects.length === 0) {
    const isPlain = argument.is === 'literal' || argument.is === 'text' || argument.is === 'env' || argument.is === 'function';
    return isPlain ? 'none' : 'unknown';
  }
  if (objects.some(({ object }) => option(object, ...client.limits) !== undefined)) return 'set';
  return objects.some(({ object }) => object.open) ? 'unknown' : 'none';
}

const optionNames = /(?:opt(?:ion)?s?|config|params?|init|settings)$/i;
/** Arguments after the address that could hold options, and the first where it is an object itself. */
function argumentsTimeout(call: CallSite, client: CallClient, program: ProgramView): Timeout {
  const limits = call.args.map((argument, index): Timeout => {
    const limit = limitIn(argument, client, program);
    if (limit !== 'unknown') return limit;
    if (argument.is === 'object') return isBody(call, index) ? 'none' : 'unknown';
    // The address or the body may come from anywhere; options of a caller may hold a limit.
    const mayBeOptions =
      index > 0 && !isBody(call, index) && (argument.is === 'parameter' || argument.is === 'unknown' || argument.is === 'choice');
    const only = index === 0 && argument.is === 'parameter' && optionNames.test(parameterName(argument, program));
    return mayBeOptions || only ? 'unknown' : 'none';
  });
  if (limits.includes('set')) return 'set';
  return limits.includes('unknown') ? 'unknown' : 'none';
}
const isBody = (call: CallSite, index: number): boolean =>
  index === 1 && /^(?:post|put|patch)$/.test(call.name) && /axios/.test(call.package ?? '');
function parameterName(value: Value & { is: 'parameter' }, program: ProgramView): string {
  const text = program.lines(value.place.path)[value.place.line - 1] ?? '';
  return text.slice(value.place.column - 1, value.place.endColumn - 1);
}

function instanceTimeout(call: CallSite, client: CallClient, program: ProgramView): Timeout {
  const limits = [...instancesOf(call.callee, client), ...instancesOf(call.on, client)].flatMap((made) =>
    made.args.map((argument) => limitIn(argument, client, program)),
  );
  return limits.includes('set') ? 'set' : limits.includes('unknown') ? 'unknown' : 'none';
}

function chainTimeout(call: CallSite, client: CallClient, program: ProgramView): boolean {
  const { chained } = client;
  if (!chained) return false;
  return program
    .callsOf(call.package ?? '')
    .some(
      (other) =>
        other !== call &&
        other.place.path === call.place.path &&
        (chained.test(other.name) ||
          (other.name === 'on' &&
            own({ value: other.args[0] }, 'value')?.is === 'literal' &&
            (other.args[0] as { value?: unknown }).value === 'timeout')) &&
        (contains(other.place, call.place) || other.on?.place.line === call.place.line),
    );
}

/** Limits that a function puts around what it calls. */
const around = /\bPromise\s*\.\s*race\s*\(|\bAbortSignal\b|\bAbortController\b|\b(?:p|with|promise)?_?timeout(?:After|Promise)?\s*\(/i;
/** `setTimeout(() => reject(new Error('late')), 5000)`: whoever waits gives up. */
const givesUp = /\bsetTimeout\s?\(\s{0,40}(?:\(\) => \{?|function ?\(\) ?\{)\s{0,40}reject\s?\(/;
function limitedAround(call: CallSite, program: ProgramView): boolean {
  const lines = program.lines(call.place.path);
  const at = call.within === undefined ? undefined : program.functionOf(call.within)?.at;
  const from = at ? Math.max(at[0] - 1, call.place.line - 60) : call.place.line - 2;
  const to = at ? Math.min(at[2], call.place.endLine + 30) : call.place.endLine;
  const text = lines.slice(Math.max(0, from), to).join('\n');
  return givesUp.test(text) || around.test(text.replaceAll(/\b(?:set|clear)Timeout\s*\(/g, ''));
}

const everywhere = new WeakMap<ProgramView, Map<RegExp, boolean>>();
function limitedEverywhere(client: CallClient, program: ProgramView): boolean {
  const { everywhere: pattern } = client;
  if (!pattern) return false;
  const known = everywhere.get(program) ?? new Map<RegExp, boolean>();
  everywhere.set(program, known);
  let answer = known.get(pattern);
  if (answer === undefined) {
    answer = program.files.some((path) => pattern.test(program.text(path) ?? ''));
    known.set(pattern, answer);
  }
  return answer;
}

function timeoutOf(call: CallSite, client: CallClient, program: ProgramView): Timeout {
  const own = argumentsTimeout(call, client, program);
  if (own === 'set' || limitedAround(call, program) || chainTimeout(call, client, program)) return 'set';
  const instance = instanceTimeout(call, client, program);
  if (instance !== 'none') return instance;
  if (own === 'none') return limitedEverywhere(client, program) ? 'set' : own;
  return namesLimit(client, program) || limitedEverywhere(client, program) ? own : 'none';
}

const naming = new WeakMap<ProgramView, Map<CallClient, boolean>>();
/** Options that came from elsewhere hold no limit where nothing in the program names one: `{ signal }`, `timeout: 5000`, `options.timeout`. */
function namesLimit(client: CallClient, program: ProgramView): boolean {
  const known = naming.get(program) ?? new Map<CallClient, boolean>();
  naming.set(program, known);
  let answer = known.get(client);
  if (answer === undefined) {
    const names = `(?:${client.limits.join('|')})`;
    const pattern = new RegExp(
      `\\bAbort(?:Signal|Controller)\\b|\\b${names}['"]?\\s?:|(?<!\\$)[{,]\\s{0,40}${names}\\s{0,40}[,}]|\\.${names}\\b`,
    );
    answer = program.files.some((path) => pattern.test(program.text(path) ?? ''));
    known.set(client, answer);
  }
  return answer;
}

/** `util.format('http://host%s', x)` names the host in front. */
function targetValue(value: Value | undefined): Value | undefined {
  if (!value) return undefined;
  if (value.is === 'object') return targetValue(option(value, 'url', 'uri', 'baseURL', 'host', 'hostname'));
  if (value.is === 'text') return { ...value, parts: value.parts.map((part) => targetValue(part) ?? part) };
  if (value.is === 'made' && /^util$/.test(originOf(value.callee)?.package ?? '') && value.args[0]?.is === 'literal')
    return { ...value.args[0], value: String(value.args[0].value).replace(/%[sdj].*$/s, '') };
  if (value.is === 'made' && originOf(value.callee)?.path === 'URL') return targetValue(value.args.at(-1));
  return value;
}
const firstText = (value: Value | undefined): string =>
  value?.is === 'literal' ? String(value.value) : value?.is === 'text' ? firstText(value.parts[0]) : '';

/** Paths without a host are what a browser asks its own server. */
export const isBrowserCall = (target: Value | undefined): boolean => /^(?:\/(?!\/)|\.{1,2}\/|data:|blob:|file:)/.test(firstText(target));
const isLocal = (target: Value | undefined): boolean => /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/.test(firstText(target));

function baseOf(call: CallSite, client: CallClient): Value | undefined {
  const made = [...instancesOf(call.callee, client), ...instancesOf(call.on, client)][0];
  return made?.args
    .map((argument) => (argument.is === 'object' ? option(argument, 'baseURL', 'prefixUrl', 'baseUrl') : undefined))
    .find(Boolean);
}

/** Files of a server that people run by hand, or that a release does. */
const byHand =
  /(?:^|[/._-])(?:bin|cli|commands?|cron|jobs?|migrations?|scripts?|seeds?|seeders?|tasks?|tests?|tools?|workers?)(?:[/._-]|$)/i;
/** The function at module level, or the method, in which something stands. */
function outermost(program: ProgramView, id: string): string {
  const parent = program.functionOf(id)?.parent;
  return parent === undefined ? id : outermost(program, `${moduleOf(id)}#${parent}`);
}

/** What a server renders: functions of its modules that nothing on the server is seen to call belong to what browsers run. */
const rendered = ['react', 'preact', 'vue', 'svelte', 'solid-js', '@angular/core', 'astro'];

/**
 * Runs for requests and messages, or is a function of a server's code that something uses and the start does not reach:
 * events, interfaces and containers hide who calls. Scripts and browser code may wait.
 */
function serves(program: ProgramView, within: string | undefined): boolean {
  if (within === undefined) return false;
  if (runsForRequests(program).has(within)) return true;
  if (handlersOf(program).size === 0 || byHand.test(moduleOf(within))) return false;
  if (rendered.some((library) => program.dependencies.has(library))) return false;
  const outer = outermost(program, within);
  const name = functionName(outer, program) ?? assignedName(outer, program);
  // What the start reaches is dear to find: asked last.
  return name !== undefined && name !== 'constructor' && isMentioned(program, name) && !runsAtStart(program).has(within);
}

function emitCall(call: CallSite, client: CallClient, library: string, program: ProgramView, emit: Emit): void {
  if (!serves(program, call.within)) return;
  const base = baseOf(call, client);
  const target = targetValue(base ?? call.args[0]);
  if (!base && isBrowserCall(target)) return;
  const when: readonly Condition[] = call.when;
  emit(
    'outgoing-call',
    { place: call.namePlace, when, within: call.within! },
    {
      library,
      protocol: 'http',
      timeout: isLocal(target) ? 'unknown' : timeoutOf(call, client, program),
      ...(target ? { target } : {}),
    },
  );
}

/** Calls of @grpc/grpc-js wait for ever unless they carry a deadline (grpc.io/docs/guides/deadlines). */
const grpcCall = /^(?:default\.)?loadPackageDefinition\(\)\.[\w.]*\(\)\.[a-z]\w*$/;
function emitGrpc(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf('@grpc/grpc-js', 'grpc')) {
    if (!grpcCall.test(call.path) || call.within === undefined || !runsForRequests(program).has(call.within)) continue;
    if (/^(?:close|waitForReady|getChannel)$/.test(call.name)) continue;
    const hasDeadline = call.args.some((argument) =>
      objectsOf(argument, program).some(({ object }) => option(object, 'deadline') !== undefined),
    );
    const maker = call.on?.is === 'made' ? call.on.args[0] : undefined;
    emit(
      'outgoing-call',
      { place: call.namePlace, when: call.when, within: call.within },
      {
        library: call.package ?? '',
        protocol: 'grpc',
        timeout: hasDeadline || limitedAround(call, program) ? 'set' : 'none',
        ...(maker ? { target: maker } : {}),
      },
    );
  }
}

/** `client.send(pattern, data)` of Nest waits for an answer for ever, unless `timeout()` of RxJS ends it (docs.nestjs.com, "Microservices"). */
const nestClient = /^Client(?:Proxy|TCP|Grpc\w*|Kafka|RMQ|Redis|Nats|Mqtt)\b.*\.send$/;
function emitNest(program: ProgramView, emit: Emit): void {
  const calls = program.callsOf('@nestjs/microservices').filter(({ path, how }) => how === 'call' && nestClient.test(path));
  if (calls.length === 0) return;
  const everywhere = program.files.some((path) => /\bintercept\s*\([\s\S]{0,400}\btimeout\s*\(/.test(program.text(path) ?? ''));
  for (const call of calls) {
    if (call.within === undefined || !runsForRequests(program).has(call.within)) continue;
    emit(
      'outgoing-call',
      { place: call.namePlace, when: call.when, within: call.within },
      { library: '@nestjs/microservices', protocol: 'other', timeout: everywhere || limitedAround(call, program) ? 'set' : 'none' },
    );
  }
}

/** Requests that the service sends to others while it serves. */
export const outgoingCalls: Recogniser = {
  id: 'outgoing-calls',
  packages: [...Object.keys(callClients), '@grpc/grpc-js', 'grpc', '@nestjs/microservices'],
  recognise(program, emit) {
    for (const [library, client] of Object.entries(callClients))
      for (const call of program.callsOf(library))
        if (call.how === 'call' && client.sends.test(call.path)) emitCall(call, client, library, program, emit);
    for (const call of program.callsOf(''))
      if (call.path === 'fetch' && call.how === 'call') emitCall(call, globalFetch, 'fetch', program, emit);
    emitGrpc(program, emit);
    emitNest(program, emit);
  },
};
