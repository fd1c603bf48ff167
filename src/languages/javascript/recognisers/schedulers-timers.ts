import type { Node } from '@babel/types';
import type { SyntaxPass, SyntaxView } from '../context.ts';
import { keyName } from '../expressions.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { atOf, isFunctionNode } from '../scopes.ts';
import { eachChild } from '../syntax-tree.ts';
import { moduleOf, own } from '../values.ts';
import { callsBy, changesSharedData, posts } from './effects.ts';
import { functionsIn, runsForRequests } from './request-code.ts';

/** Place of a `setTimeout` that is only set again while something is tested: it ends with the work that it waits for. */
interface Ending {
  readonly line: number;
  readonly column: number;
}

/** `if (!stopped)` asks for a switch; a comparison or a call asks how far the work is. */
function asksForProgress(test: Node): boolean {
  switch (test.type) {
    case 'UnaryExpression':
      return asksForProgress(test.argument as Node);
    case 'LogicalExpression':
      return asksForProgress(test.left as Node) || asksForProgress(test.right as Node);
    case 'BinaryExpression':
      return /^[<>!=]=*$/.test(test.operator);
    default:
      return test.type === 'CallExpression';
  }
}

/** Where code goes when something failed or was lost: `catch`, `.catch(…)`, `.on('close', …)`. */
function failuresOf(view: SyntaxView): readonly Node[] {
  const handlers = view.nodes('CallExpression').flatMap(({ callee, arguments: [first, second] }): readonly Node[] => {
    const method = callee.type === 'MemberExpression' ? keyName(callee.property as Node, callee.computed) : undefined;
    if (method === 'catch') return first ? [first as Node] : [];
    const isLoss = first?.type === 'StringLiteral' && /^(?:error|close|end|disconnect(?:ed)?)$/.test(first.value);
    return isLoss && second && /^(?:on|once|addListener|addEventListener)$/.test(method ?? '') ? [second as Node] : [];
  });
  const bodies = handlers.flatMap((node) => (isFunctionNode(node) ? [(node as { readonly body: unknown }).body as Node] : []));
  const caught: readonly Node[] = view.nodes('CatchClause').map(({ body }): Node => body);
  return [...caught, ...bodies];
}

/** Branches that are taken by how far the work is. */
const branchesOf = (view: SyntaxView): readonly Node[] => [
  ...view
    .nodes('IfStatement', 'ConditionalExpression')
    .filter(({ test }) => asksForProgress(test as Node))
    .flatMap(({ consequent, alternate }) => [consequent as Node, ...(alternate ? [alternate as Node] : [])]),
  ...failuresOf(view),
];

const contains = (outer: Node, inner: Node): boolean =>
  outer.start !== null && outer.start !== undefined && inner.start !== null && inner.start !== undefined
    ? outer.start <= inner.start && (outer.end ?? 0) >= (inner.end ?? 0)
    : false;

/** The functions that a timeout names: one that encloses the test is tested each time that it runs. */
function timedFunctions(view: SyntaxView, { arguments: [first] }: Node & { type: 'CallExpression' }): readonly Node[] {
  const names = first ? identifiersIn(first as Node) : new Set<string>();
  const declared = view.nodes('FunctionDeclaration').filter(({ id }) => id && names.has(id.name));
  const assigned = view.nodes('VariableDeclarator').filter(({ id, init }) => init && id.type === 'Identifier' && names.has(id.name));
  return [...declared, ...assigned];
}

function identifiersIn(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (inner: Node): void => {
    if (inner.type === 'Identifier') names.add(inner.name);
    eachChild(inner, visit);
  };
  visit(node);
  return names;
}

export const endingTimers: SyntaxPass = {
  id: 'ending-timers',
  text: [/\bsetTimeout\b/],
  run(view) {
    const timeouts = view.nodes('CallExpression').filter(({ callee }) => callee.type === 'Identifier' && callee.name === 'setTimeout');
    if (timeouts.length === 0) return [];
    const functions = view.nodes('FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression', 'ObjectMethod', 'ClassMethod');
    const branches = branchesOf(view);
    return timeouts.flatMap((timeout): Ending[] => {
      const again = timedFunctions(view, timeout);
      const isInside = branches.some(
        (branch) =>
          contains(branch, timeout) &&
          (!functions.some((fn) => contains(branch, fn) && contains(fn, timeout)) || again.some((fn) => contains(fn, branch))),
      );
      const [line, column] = atOf(timeout.callee as Node);
      return isInside ? [{ line, column }] : [];
    });
  },
};

/** A timeout that is set again under a test of progress: a poll or a retry, not a schedule. */
export const isPoll = (program: ProgramView, { namePlace }: CallSite): boolean =>
  program
    .pass<Ending>(endingTimers.id)
    .some(({ path, item }) => path === namePlace.path && item.line === namePlace.line && item.column === namePlace.column);

/** An interval that the same function clears again: a heartbeat while it works. */
export const isCleared = (program: ProgramView, call: CallSite): boolean =>
  call.within !== undefined &&
  program
    .callsNamed('clearInterval', 'clearTimeout')
    .some(({ within, place }) => within === call.within && place.path === call.place.path && place.line > call.place.line);

/** Hands work to a queue's worker: that function runs once for each message, like a request. */
const workers: Readonly<Record<string, RegExp>> = {
  bull: /\.process$/,
  bullmq: /^Worker$/,
  agenda: /\.(?:define|processEvery)$/,
  '@hokify/agenda': /\.define$/,
  'bee-queue': /\.process$/,
  'pg-boss': /\.work$/,
  kue: /\.process$/,
};
const perMessage = new WeakMap<ProgramView, ReadonlySet<string>>();

/** Ids of the functions that run for a request, a connection or a message of a queue. */
export function runsForWork(program: ProgramView): ReadonlySet<string> {
  const known = perMessage.get(program);
  if (known) return known;
  const handed = Object.entries(workers).flatMap(([library, path]) =>
    program.callsOf(library).flatMap((call) => (path.test(call.path) ? call.args.flatMap((argument) => functionsIn(argument)) : [])),
  );
  const found = new Set([...runsForRequests(program), ...program.reached(handed)]);
  perMessage.set(program, found);
  return found;
}

const madeForWork = new WeakMap<ProgramView, ReadonlySet<string>>();
/** Ids of the classes that are only made for requests, with what their constructors make: a game, a connection, a download. */
function classesOfWork(program: ProgramView): ReadonlySet<string> {
  const known = madeForWork.get(program);
  if (known) return known;
  const live = new Set(runsForWork(program));
  const made = program.calls.flatMap(({ how, callee, within }) =>
    how === 'new' && callee.is === 'class' ? [{ id: callee.id, within }] : [],
  );
  const isOfRequest = ({ within }: { within: string | undefined }): boolean => within !== undefined && live.has(within);
  const found = new Set(made.filter(isOfRequest).map(({ id }) => id));
  for (const id of found) {
    const index = own(program.classOf(id)?.methods, 'constructor');
    for (const inner of program.reached(index === undefined ? [] : [`${moduleOf(id)}#${index}`])) live.add(inner);
    // What is added while the set is read is read as well.
    for (const one of made) if (isOfRequest(one)) found.add(one.id);
  }
  for (const one of made) if (!isOfRequest(one)) found.delete(one.id);
  for (const id of program.handedOut) found.delete(id);
  madeForWork.set(program, found);
  return found;
}

/** In a method of what a request has made: its timer ends with it. */
export function isOfWork(program: ProgramView, within: string | undefined): boolean {
  for (let id = within; id !== undefined; ) {
    const summary = program.functionOf(id);
    const path = moduleOf(id);
    if (summary?.class !== undefined && classesOfWork(program).has(`${path}#${summary.class}`)) return true;
    id = summary?.parent === undefined ? undefined : `${path}#${summary.parent}`;
  }
  return false;
}

/** Sends away what this process has collected, or shows that it lives: each replica has its own. */
const ownData = /flush|drain|heart-?_?beat|keep-?_?alive|tim(?:er|ing)-?wheel/i;
/** Reports about the program itself: without an effect on data, doing it twice matters to nobody. */
const ownReport =
  /telemetry|posthog|analytics|(?:^|[/.-])(?:stat|statistic|metric)s?$|heart-?_?beat|health-?_?check|send-?_?ping|ping-?_?timer|watch-?_?dog|check-?_?(?:for-?_?)?updates?|update-?_?check/i;

/** Tells a registry of services that this process still runs: `setInterval(register, 10000)`. */
const ownRegistration = /^(?:re)?_?register(?:_?(?:self|service|instance|me|app))?$|^(?:renew|refresh)_?(?:lease|registration)$/i;

/** The name of a function, also by the constant that holds it. */
export function nameOf(program: ProgramView, id: string | undefined): string {
  if (id === undefined) return '';
  const own = program.functionOf(id)?.name;
  if (own !== undefined) return own;
  const cut = id.lastIndexOf('#');
  const index = Number(id.slice(cut + 1));
  const bindings = program.evaluator.graph.summary(id.slice(0, cut))?.bindings ?? [];
  return bindings.find(({ values: [first] }) => first?.value.k === 'function' && first.value.id === index)?.name ?? '';
}
const fileName = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/(?:\.service|\.server|\.task|\.job)?\.[cm]?[jt]s$/, '');

const hasOpen = /session|socket|connection|peer|game|room|world|lobby/i;
const pulse = /^_?(?:handle|on|do|run)?_?(?:game)?_?tick$/i;

/** The timer looks after this process' own affairs. */
export function isOwnAffair(
  program: ProgramView,
  place: { path: string },
  within: string | undefined,
  functions: readonly string[],
): boolean {
  const direct = functions.flatMap((id) => program.callsWithin(id));
  const names = [
    fileName(place.path),
    nameOf(program, within),
    ...functions.map((id) => nameOf(program, id)),
    ...direct.flatMap(({ callee }) => (callee.is === 'function' ? [nameOf(program, callee.id)] : [])),
  ];
  if (names.some((name) => ownData.test(name) || ownRegistration.test(name))) return true;
  // The pulse of what this copy has open: `setInterval(() => this.handleTick(), 50)` of a session manager.
  if (hasOpen.test(fileName(place.path)) && names.some((name) => pulse.test(name))) return true;
  const isQuiet = !callsBy(program, functions).some((call) => changesSharedData(call) && !posts(call));
  return isQuiet && names.some((name) => ownReport.test(name));
}
