import type { FactValues } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { providersPass } from '../containers.ts';
import { handedCallsPass } from '../handed-calls.ts';
import type { CallSite, ProgramView, Recogniser } from '../recogniser.ts';
import type { At } from '../summary.ts';
import { moduleOf } from '../values.ts';
import { botLibraries } from './bot-code.ts';
import { functionName } from './function-names.ts';
import { cachedBy } from './process-state-caches.ts';
import type { Holder, StateItem, Use } from './process-state-holders.ts';
import { identifierWords, isKeeper, measures, namedFor, namesSessions, onlyWaits, queueWords, wordsOf } from './process-state-names.ts';
import { processStatePass } from './process-state-syntax.ts';
import { processStateText } from './process-state-text.ts';
import { handlersOf, requestFunctions, runsByItself, runsForRequests } from './request-code.ts';

type ProcessState = FactValues['process-state'];
interface PlacedUse extends Use {
  readonly path: string;
}
interface Variable {
  readonly holder: Holder;
  readonly path: string;
  readonly uses: PlacedUse[];
}

const placeOf = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });
const functionId = (use: PlacedUse): string => `${use.path}#${use.within}`;
const isWrite = ({ does }: Use): boolean => does === 'add' || does === 'count' || does === 'assign';
const keyOf = (path: string, at: At): string => `${path}:${at[0]}:${at[1]}`;

/** Variables with their uses, those by other modules' names included. */
function variablesOf(program: ProgramView): Variable[] {
  const variables = new Map<string, Variable>();
  const byInit = new Map<string, Variable>();
  const items = program.pass<StateItem>(processStatePass.id);
  for (const { path, item } of items) {
    if (!('holder' in item)) continue;
    const variable: Variable = { holder: item.holder, path, uses: [] };
    variables.set(`${path}:${item.holder.variable}`, variable);
    if (item.holder.init) byInit.set(keyOf(path, item.holder.init), variable);
  }
  for (const { path, item } of items) {
    if ('use' in item) variables.get(`${path}:${item.use.variable}`)?.uses.push({ ...item.use, path });
    if (!('imported' in item)) continue;
    const value = program.evaluator.evaluate(item.of, path);
    const options = value.is === 'choice' ? value.options.map((option) => option.value) : [value];
    const found = options.flatMap((option) => byInit.get(`${option.place.path}:${option.place.line}:${option.place.column}`) ?? [])[0];
    found?.uses.push({ ...item.imported, path });
  }
  return [...variables.values()].filter(({ uses }) => uses.some(isWrite));
}

const singletonDecorators =
  /^(?:Injectable|Controller|Resolver|WebSocketGateway|Service|singleton|injectable|JsonController|RestController|(?:Command|Query|Events?)Handler)$/;

/** `static getInstance() { … new Server() }`: a class that makes its own single instance. */
function isInstanceGetter(program: ProgramView, { within, callee }: CallSite): boolean {
  const getter = program.functionOf(within ?? '');
  const isNamed = /^(?:get)?(?:Instance|Singleton|Shared)$/i.test(getter?.name ?? '');
  return isNamed && callee.is === 'class' && callee.id === `${moduleOf(within!)}#${getter!.class}`;
}

/** Classes that the program makes in one place only, in a function that runs when it starts. */
function madeAtStart(program: ProgramView): readonly string[] {
  const made = new Map<string, CallSite[]>();
  for (const call of program.calls) {
    if (call.how !== 'new' || call.callee.is !== 'class') continue;
    made.set(call.callee.id, [...(made.get(call.callee.id) ?? []), call]);
  }
  const atStart = runsByItself(program);
  return [...made].flatMap(([id, [call, ...others]]) =>
    others.length === 0 && call?.within !== undefined && !call.looped && atStart.has(call.within) ? [id] : [],
  );
}

/** Classes of which the process has one instance: injected ones, those that a module makes while it loads, and those made once at the start. */
function singletons(program: ProgramView): ReadonlySet<string> {
  const found = new Set<string>([...madeAtStart(program), ...program.handedOut]);
  const inFields: (readonly [owner: string, made: string])[] = [];
  for (const call of program.calls) {
    if (call.how === 'decorator') {
      const isWhole = call.decorates && call.decorates.member === undefined && call.decorates.parameter === undefined;
      if (isWhole && singletonDecorators.test(call.name) && !isScoped(call.args[0])) found.add(call.decorates!.class);
    } else if (call.how === 'new' && call.callee.is === 'class') {
      const owner = fieldOwner(program, call);
      if (owner !== undefined) inFields.push([owner, call.callee.id]);
      else if (call.within === undefined || isInstanceGetter(program, call)) found.add(call.callee.id);
    }
  }
  for (const id of found) {
    const parent = program.classOf(id)?.extends;
    const base = parent && program.evaluator.evaluate(parent, moduleOf(id));
    // What is added while the set is read is read as well.
    if (base?.is === 'class') found.add(base.id);
    for (const [owner, made] of inFields) if (owner === id) found.add(made);
  }
  return found;
}
/** `private reader = new Reader()`, `constructor() { this.reader = new Reader(); }`: one for each instance of the class around it. */
function fieldOwner(program: ProgramView, { place: { path, line, column }, within, looped }: CallSite): string | undefined {
  if (within !== undefined) {
    const builder = program.functionOf(within);
    return builder?.name === 'constructor' && builder.class !== undefined && !looped ? `${path}#${builder.class}` : undefined;
  }
  const classes = program.evaluator.graph.summary(path)?.classes ?? [];
  const index = classes.findIndex(({ fields }) => Object.values(fields).some(({ at }) => at[0] === line && at[1] === column));
  return index < 0 ? undefined : `${path}#${index}`;
}
/** `@Injectable({ scope: Scope.REQUEST })` makes an instance for each request. */
const isScoped = (options: { is: string } | undefined): boolean =>
  options?.is === 'object' && 'scope' in (options as unknown as { properties: Record<string, unknown> }).properties;

const looksUp = /^(?:find|findIndex|findLast|some|includes|indexOf|filter)$/;
/** The same function looks the value up before it makes it: nothing is lost when the entry is. */
function isFill(write: PlacedUse, uses: readonly PlacedUse[], { type }: Holder): boolean {
  if (write.stored !== 'computed' && write.stored !== 'instance') return false;
  return uses.some(
    (use) =>
      use.does === 'read' &&
      use.within === write.within &&
      use.path === write.path &&
      use.at[0] <= write.at[0] &&
      // `{ id: notes.length + 1 }` looks nothing up.
      (type !== 'list' || looksUp.test(use.method ?? '')),
  );
}

/** Made once, when it is first needed: `if (!event) event = { … }`. A handler that keeps what the first request gave is no such thing. */
function isLazy({ holder, uses }: Variable, write: PlacedUse, handlers: ReadonlySet<string>): boolean {
  if (holder.type !== 'value' || write.does !== 'assign' || handlers.has(functionId(write))) return false;
  return uses.some((use) => use.as === 'tested' && functionId(use) === functionId(write) && use.at[0] <= write.at[0]);
}

/** `this.words = []; … this.words.push(word)`: the function empties it before it fills it, so nothing of an earlier request is left. */
const isBegunAnew = (write: PlacedUse, uses: readonly PlacedUse[]): boolean =>
  write.does === 'add' &&
  uses.some(
    (use) => use.does === 'assign' && use.stored === 'literal' && functionId(use) === functionId(write) && use.at[0] <= write.at[0],
  );

/** `export const init = (given) => { store = given }`: what the program works with, handed over once, if need be by the first request. */
function isSetUp({ holder }: Variable, write: PlacedUse, program: ProgramView, handlers: ReadonlySet<string>): boolean {
  if (holder.type !== 'value' || write.does !== 'assign' || handlers.has(functionId(write))) return false;
  return /^(?:init|initialise|initialize|setup|configure|bootstrap)(?![a-z])/.test(functionName(functionId(write), program) ?? '');
}

/** Copies of what is kept elsewhere: fetched where an entry is missing, or dated; entries are only replaced as a whole. */
function isCopies({ holder, uses }: Variable): boolean {
  if (holder.type !== 'map' && holder.type !== 'object') return false;
  const adding = uses.filter(({ does }) => does === 'add');
  if (adding.length === 0 || uses.some((use) => use.deep && use.does !== 'read')) return false;
  return adding.every(({ dated }) => dated) || adding.some((use) => use.stored === 'computed' && isFill(use, uses, holder));
}

const diskWrites = /^(?:fs|fs-extra|graceful-fs|fs\/promises)$/;
/** The entry stands for a file that the same function leaves on this process' disk. */
const keepsFile = (program: ProgramView, write: PlacedUse): boolean =>
  program
    .callsWithin(functionId(write))
    .some((call) => diskWrites.test(call.package ?? '') && /^(?:writeFile|writeFileSync|createWriteStream|outputFile)$/.test(call.name));

function holdsOf(program: ProgramView, variable: Variable, writes: readonly PlacedUse[]): ProcessState['holds'] {
  const { holder, uses } = variable;
  const indexesFiles = writes.some((write) => write.does === 'add' && keepsFile(program, write));
  if (indexesFiles && holder.type !== 'value') return 'state';
  if (isOpenSessions(holder, writes)) return 'state';
  const named = namedFor(holder.name) ?? (measures(variable.path, holder.className) ? 'metrics' : undefined);
  const isData = named === 'connection' && (isAddresses(holder, writes) || isComeBackFor(program, variable, writes));
  if (named && !isData) return named;
  if (isKeeper(holder.className) || isSetByFactory(program, variable)) return 'memo';
  if (writes.every(({ stored, does }) => does !== 'count' && stored === 'handle') || isClient(variable)) return 'connection';
  if (isHandle(variable) || uses.some((use) => use.finally && (use.does === 'remove' || use.does === 'count'))) return 'connection';
  const made = writes.flatMap((write) => write.made ?? []);
  if (made.some((name) => namedFor(name) !== undefined)) return 'connection';
  const handlers = handlersOf(program);
  if (uses.every((use) => !use.reads || use.as === 'identifier') || isOnceGuard(variable, handlers) || isCopies(variable)) return 'memo';
  const telling = writes.filter(
    (write) =>
      isTelling(holder, write) &&
      !isFill(write, uses, holder) &&
      !isBegunAnew(write, uses) &&
      !isLazy(variable, write, handlers) &&
      !isSetUp(variable, write, program, handlers),
  );
  if (telling.length === 0) return 'memo';
  if (isWorkList(holder, uses)) return 'queue';
  return 'state';
}

/** `sessions.set(id, client)`: the next request with that key needs the process that has opened what is behind it. */
const isOpenSessions = ({ name, type }: Holder, writes: readonly PlacedUse[]): boolean =>
  (type === 'map' || type === 'object') && namesSessions(name) && writes.some((write) => write.does === 'add' && write.opened);

/** `userSockets[userId] = socket.id`, also in a list for each user: not a connection, but where somebody is to be reached. */
const isAddresses = ({ type }: Holder, writes: readonly PlacedUse[]): boolean =>
  (type === 'map' || type === 'object') &&
  writes.some(({ names }) => names === 'connection') &&
  writes.every(({ does, names, empty, stored }) => does === 'add' && (names === 'connection' || empty || stored === 'computed'));

/** `pendingOrders.set(id, order)` in one request and `pendingOrders.get(id)` in another: the order waits for its customer, in one copy. */
function isComeBackFor(program: ProgramView, { holder, uses }: Variable, writes: readonly PlacedUse[]): boolean {
  if ((holder.type !== 'map' && holder.type !== 'object') || !onlyWaits(holder.name)) return false;
  const isGiven = ({ stored, byKey, written }: PlacedUse): boolean =>
    (stored === 'input' && !byKey) || (stored === 'computed' && written === true);
  if (!writes.every((write) => write.does === 'add' && isGiven(write))) return false;
  const writing = new Set(writes.map(functionId));
  const isInside = (id: string): boolean => {
    if (writing.has(id)) return true;
    const parent = program.functionOf(id)?.parent;
    return parent !== undefined && isInside(`${moduleOf(id)}#${parent}`);
  };
  const handlers = runsForRequests(program);
  return uses.some(
    (use) =>
      use.does === 'read' &&
      (use.deep || use.method === 'get' || use.method === '[]') &&
      handlers.has(functionId(use)) &&
      !isInside(functionId(use)),
  );
}

/** Set by the function that the module is (`module.exports = (options) => { … return { get } }`): whoever reads it has set it just before. */
function isSetByFactory(program: ProgramView, { holder, path, uses }: Variable): boolean {
  const assigning = uses.filter(isWrite);
  const [first] = assigning;
  if (holder.type !== 'value' || first?.within === undefined || assigning.some(({ within }) => within !== first.within)) return false;
  const summary = program.evaluator.graph.summary(path);
  const isModule = summary?.exports.some(({ name, value }) => name === '=' && value.k === 'function' && value.id === first.within);
  return isModule === true && summary!.functions[first.within]!.returns.some(({ value }) => value.k === 'object');
}

/** A variable that only ever holds an object of a package (`queue = new Queue()`): `queue.add(data)` hands the data over. */
function isClient({ holder, uses }: Variable): boolean {
  const assigned = uses.filter(({ does }) => does === 'assign');
  return holder.type === 'value' && assigned.length > 0 && assigned.every(({ stored }) => stored === 'handle');
}

/** A variable whose methods are called or waited for, and whose value nothing else uses: an object that was handed over, not data. */
const isHandle = ({ holder, uses }: Variable): boolean => {
  if (holder.type === 'value' && uses.some(({ awaited }) => awaited)) return true;
  const reads = uses.filter((use) => use.reads);
  return holder.type === 'value' && reads.some(({ as }) => as === 'called') && reads.every(({ as }) => as === 'called' || as === 'tested');
};

/** Every function that looks into the set also fills it, and none answers a request by itself: work that is done once per process. */
function isOnceGuard({ holder, uses }: Variable, handlers: ReadonlySet<string>): boolean {
  if (holder.type !== 'set') return false;
  const filling = new Set(uses.filter(({ does }) => does === 'add').map(functionId));
  return uses.every((use) => !use.reads || (filling.has(functionId(use)) && !handlers.has(functionId(use))));
}

/** `loginAttempts[email]++`: who tries too often is locked out, by one copy of many. */
const countsSignIns = ({ name, type }: Holder): boolean =>
  (type === 'map' || type === 'object') &&
  wordsOf(name).some((word) => /^(?:login|signin|auth|otp|pin|password|verification)$/.test(word)) &&
  wordsOf(name).some((word) => /^(?:attempt|trie|failure|fail)$/.test(word));

/** A write that makes the next request see something of an earlier one. */
function isTelling(holder: Holder, { does, stored }: PlacedUse): boolean {
  if (does === 'count')
    return holder.type !== 'value' && (countsSignIns(holder) || !wordsOf(holder.name).some((word) => identifierWords.has(word)));
  if (does === 'assign') return stored === 'input';
  return stored === 'input' || ((stored === 'computed' || stored === 'instance') && holder.type !== 'value');
}

/** A list from whose head another function takes the next piece of work. */
function isWorkList({ type, name }: Holder, uses: readonly PlacedUse[]): boolean {
  if (type !== 'list' || !wordsOf(name).some((word) => queueWords.has(word))) return false;
  const adding = new Set(uses.filter(({ does }) => does === 'add').map(functionId));
  return uses.some((use) => use.does === 'remove' && use.reads && !adding.has(functionId(use)));
}

function judge(program: ProgramView, variable: Variable, live: ReadonlySet<string>): ProcessState | undefined {
  const { holder, uses } = variable;
  const inRequests = uses.filter((use) => use.within !== undefined && live.has(functionId(use)));
  const writes = inRequests.filter(isWrite);
  const isQueue = isWorkList(holder, uses);
  const reads = (isQueue ? uses : inRequests).filter((use) => use.reads);
  if (writes.length === 0 || reads.length === 0) return undefined;
  const type = holder.type === 'number' ? 'counter' : holder.type;
  const places = (found: readonly PlacedUse[]): Place[] => found.slice(0, 20).map((use) => placeOf(use.path, use.at));
  return { name: holder.name, type, holds: holdsOf(program, variable, writes), writes: places(writes), reads: places(reads) };
}

export const processState: Recogniser = {
  id: 'process-state',
  // Containers that hand out what keeps the state, and servers that are given tables of resolvers.
  packages: [
    'inversify',
    'tsyringe',
    'typedi',
    '@apollo/server',
    'apollo-server',
    'graphql-yoga',
    '@graphql-tools/schema',
    ...botLibraries,
  ],
  passes: [processStatePass, requestFunctions, providersPass, handedCallsPass],
  // Modules that read what a broker tells, with a client that another module makes.
  methods: ['run', 'consume'],
  text: [...processStateText, /\buseClass\s*:/, /\beach(?:Message|Batch)\b|\.consume\s?\(/],
  recognise(program, emit) {
    const variables = variablesOf(program);
    if (variables.length === 0) return;
    const live = runsForRequests(program);
    const single = singletons(program);
    for (const variable of variables) {
      const { holder, path } = variable;
      if (holder.local !== undefined && !runsByItself(program).has(`${path}#${holder.local}`)) continue;
      if (holder.class !== undefined && !holder.isStatic && !single.has(`${path}#${holder.class}`)) continue;
      const value = judge(program, variable, live);
      if (!value) continue;
      const place = placeOf(path, holder.at);
      emit('process-state', { place }, value, value.holds === 'state' ? 'likely' : 'certain');
      const cached = value.holds === 'memo' ? cachedBy(program, variable, live) : undefined;
      if (cached)
        emit(
          'cache',
          { place },
          {
            library: `\`${isKeeper(holder.className) ? holder.className : holder.name}\``,
            stores: [{ kind: 'memory', place }],
            holds: cached,
          },
          'likely',
        );
    }
  },
};
