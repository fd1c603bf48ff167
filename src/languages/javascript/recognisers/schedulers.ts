import type { Node } from '@babel/types';
import type { Condition, Value } from '../../../facts.ts';
import { namesCleanUp } from '../../../text/job-names.ts';
import type { Place } from '../../../types.ts';
import type { SyntaxPass } from '../context.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { atOf, isFunctionNode } from '../scopes.ts';
import type { At } from '../summary.ts';
import { eachChild } from '../syntax-tree.ts';
import { callsBy, effectOf, isCleanUp, worksOffList, writingMethods } from './effects.ts';
import { isBrowserCall } from './outgoing-calls.ts';
import { functionsIn, runsAtStart, runsByItself } from './request-code.ts';
import {
  claimMethods,
  duplicateChecks,
  givesWayToDuplicates,
  guardOf,
  guardPackages,
  instanceTests,
  switchOf,
} from './schedulers-guards.ts';
import { logOnlyFunctions, onlyTells } from './schedulers-logs.ts';
import { nitroTasks } from './schedulers-nitro.ts';
import { endingTimers, isCleared, isOfWork, isOwnAffair, isPoll, nameOf, runsForWork } from './schedulers-timers.ts';

/** Calls that start a schedule in this process, by their way from the package. */
const cronLibraries: Readonly<Record<string, RegExp>> = {
  'node-cron': /^(?:schedule|createTask)$/,
  cron: /^CronJob(?:\.from)?$/,
  'node-schedule': /^scheduleJob$/,
  croner: /^(?:Cron|default)?$/,
  'toad-scheduler': /^(?:Simple)?(?:Interval|Cron)Job$/,
  bree: /^$/,
  '@breejs/later': /^setInterval$/,
  later: /^setInterval$/,
  'cron-job-manager': /^$/,
};
const nest = '@nestjs/schedule';
const intervals = new Set(['setInterval', 'timers.setInterval']);

interface Loop {
  readonly at: At;
  readonly within?: number;
}
/** `while (true)` that waits in each round and has no way out: a worker that never ends. */
export const endlessLoops: SyntaxPass = {
  id: 'endless-loops',
  run(view) {
    const found: Loop[] = [];
    for (const node of view.nodes('WhileStatement', 'ForStatement')) {
      if (isEndless(node) && waits(node.body as Node) && !leaves(node.body as Node)) {
        const { within } = view.contextOf(node);
        found.push({ at: atOf(node), ...(within === undefined ? {} : { within }) });
      }
    }
    return found;
  },
};
const isEndless = (node: Node): node is Node & { body: Node } =>
  (node.type === 'WhileStatement' && node.test.type === 'BooleanLiteral' && node.test.value) ||
  (node.type === 'ForStatement' && !node.test);
const someInside = (node: Node, test: (inner: Node) => boolean): boolean => {
  let found = false;
  const visit = (inner: Node): void => {
    if (found || isFunctionNode(inner)) return;
    if (test(inner)) found = true;
    else eachChild(inner, visit);
  };
  visit(node);
  return found;
};
const waits = (body: Node): boolean => someInside(body, ({ type }) => type === 'AwaitExpression');
const leaves = (body: Node): boolean =>
  someInside(
    body,
    ({ type }) => type === 'ReturnStatement' || type === 'BreakStatement' || type === 'ThrowStatement' || type === 'YieldExpression',
  );

const scheduleOf = (call: CallSite): string | undefined => {
  const [first] = call.args;
  return first?.is === 'literal' && typeof first.value === 'string' ? first.value : undefined;
};

interface Job {
  readonly place: Place;
  readonly within?: string;
  readonly when: readonly Condition[];
}

/** Libraries that only read a pattern when no work is given: `new Cron(pattern).nextRun()`. */
const readsPatterns = new Set(['croner', 'cron']);
function isPatternOnly(program: ProgramView, { package: library, args }: CallSite): boolean {
  if (!readsPatterns.has(library ?? '')) return false;
  const [pattern, work] = args;
  if (args.length === 1) return pattern!.is !== 'object';
  // `new Cron(pattern, { paused: true }).nextRuns(3)`: options, and nowhere a function that it should run.
  if (library === 'croner' && args.length === 2 && work!.is === 'object')
    return !program.callsOf(library).some(({ name }) => name === 'schedule');
  return work?.is === 'function' && isEmptyFunction(program, work.place);
}
const isEmptyFunction = (program: ProgramView, { path, line, column, endLine, endColumn }: Place): boolean =>
  line === endLine && /\{ *\}$/.test(program.lines(path)[line - 1]?.slice(column - 1, endColumn - 1) ?? '');

/** Emits a job with what its functions do and what guards it. */
function emitJob(program: ProgramView, emit: Emit, library: string, job: Job, functions: readonly string[], schedule?: string): void {
  const calls = callsBy(program, functions);
  const optIn = switchOf(job.when);
  const guard =
    guardOf(program, calls, job) ?? (givesWayToDuplicates(program, functions) ? 'a unique row' : optIn ? `switch:${optIn}` : undefined);
  const isHarmless = isOwnAffair(program, job.place, job.within, functions) || onlyTells(program, functions);
  const isNamedCleanUp = functions.some((id) => namesCleanUp(nameOf(program, id)));
  const effect = isHarmless ? 'harmless' : isCleanUp(calls, isNamedCleanUp) ? 'clean-up' : effectOf(calls);
  emit('scheduled-job', job, { library, effect, ...(schedule ? { schedule } : {}), ...(guard ? { guard } : {}) });
}

const jobFunctions = (call: CallSite): string[] => call.args.flatMap((argument: Value) => functionsIn(argument));
const anchorOf = (call: CallSite): Job => ({
  place: call.namePlace,
  when: call.when,
  ...(call.within === undefined ? {} : { within: call.within }),
});

/** Decorators of @nestjs/schedule do nothing unless its module is imported. */
function emitNest(program: ProgramView, emit: Emit): void {
  const calls = program.callsOf(nest);
  if (!calls.some(({ path }) => path === 'ScheduleModule.forRoot')) return;
  for (const call of calls) {
    const fn = call.decorates?.function;
    if (call.how !== 'decorator' || !fn || !/^(?:Cron|Interval|Timeout)$/.test(call.path)) continue;
    emitJob(program, emit, nest, anchorOf(call), [fn], scheduleOf(call));
  }
}

/** Timers of a request or a connection belong to it; only those that run beside requests are jobs. */
const isBesideRequests = (program: ProgramView, within: string | undefined): boolean =>
  within === undefined || !runsForWork(program).has(within);

/** Only a browser has a server of its own for `fetch('/client/refresh')`: Node refuses addresses without a host. */
const runsInBrowser = ({ package: library, path, args: [target] }: CallSite): boolean =>
  library === '' && path === 'fetch' && isBrowserCall(target);

/** `useEffect(() => { setInterval(…) })`: a component that a server renders does not run its effects there. */
function isEffect(program: ProgramView, within: string | undefined): boolean {
  const caller = within === undefined ? undefined : program.receiverOf(within)?.call;
  return caller?.package === 'react' && /(?:^|\.)use(?:Layout|Insertion)?Effect$/.test(caller.path);
}

/** Where a server renders components, a function that nothing on the server is seen to call belongs to what browsers run. */
const mayBelongToBrowser = (program: ProgramView, within: string | undefined): boolean =>
  within !== undefined && program.dependencies.has('react') && !runsByItself(program).has(within);

function emitTimers(program: ProgramView, emit: Emit): void {
  for (const call of program.callsNamed('setInterval', 'setTimeout')) {
    if ((call.package !== '' && call.package !== 'timers') || isEffect(program, call.within)) continue;
    const functions = jobFunctions(call);
    if (mayBelongToBrowser(program, call.within)) continue;
    if (functions.length === 0 || !isBesideRequests(program, call.within) || isCleared(program, call)) continue;
    if (isOfWork(program, call.within)) continue;
    // A timeout is a schedule when its function sets the next one.
    const isAgain = call.within !== undefined && program.reached(functions).has(call.within) && !isPoll(program, call);
    if (!intervals.has(call.name) && !isAgain) continue;
    const calls = callsBy(program, functions);
    if (effectOf(calls) === 'work' && !calls.some(runsInBrowser)) emitJob(program, emit, call.name, anchorOf(call), functions);
  }
}

function emitLoops(program: ProgramView, emit: Emit): void {
  for (const { path, item } of program.pass<Loop>(endlessLoops.id)) {
    const within = item.within === undefined ? undefined : `${path}#${item.within}`;
    if (within === undefined || !runsByItself(program).has(within)) continue;
    const calls = callsBy(program, [within]);
    if (effectOf(calls) !== 'work' && !worksOffList(calls)) continue;
    const [line, column] = item.at;
    const place: Place = { path, line, column, endLine: line, endColumn: column + 5 };
    const guard = guardOf(program, calls, { place, when: [] }) ?? (givesWayToDuplicates(program, [within]) ? 'a unique row' : undefined);
    emit('scheduled-job', { place, within }, { library: 'an endless loop', effect: 'work', ...(guard ? { guard } : {}) });
  }
}

/** A helper that takes the work as a parameter, and that nothing is seen to call: what was to call it is switched off. */
const isUncalled = (program: ProgramView, { within, args }: CallSite): boolean =>
  within !== undefined && args.some(({ is }) => is === 'parameter') && !runsByItself(program).has(within);

function emitCrons(program: ProgramView, emit: Emit): void {
  for (const [library, made] of Object.entries(cronLibraries)) {
    for (const call of program.callsOf(library)) {
      if (!made.test(call.path) || call.how === 'decorator' || isPatternOnly(program, call)) continue;
      const functions = jobFunctions(call);
      if (functions.length === 0 && isUncalled(program, call)) continue;
      // A page may add schedules to those that the program starts with.
      const isStarted = call.within !== undefined && runsAtStart(program).has(call.within);
      if (isStarted || isBesideRequests(program, call.within)) emitJob(program, emit, library, anchorOf(call), functions, scheduleOf(call));
    }
  }
}

export const schedulers: Recogniser = {
  id: 'schedulers',
  packages: [...Object.keys(cronLibraries), nest, ...guardPackages],
  methods: [...writingMethods, ...claimMethods],
  text: [{ test: (text) => /\bwhile ?\(true\)|\bfor ?\(;;\)/.test(text) && /\bawait\b/.test(text) }],
  passes: [endlessLoops, endingTimers, duplicateChecks, instanceTests, logOnlyFunctions],
  recognise(program, emit) {
    emitCrons(program, emit);
    emitNest(program, emit);
    for (const { place, schedule, functions } of nitroTasks(program))
      emitJob(program, emit, 'nitro', { place, when: [] }, functions, schedule);
    emitTimers(program, emit);
    emitLoops(program, emit);
  },
};
