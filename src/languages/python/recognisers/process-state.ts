import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { isApplication, keyName } from '../carried-values.ts';
import type { AssignmentView, CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import type { Assignment, Expression, Guard } from '../summary.ts';
import { dottedOf, placeAt } from '../value-shapes.ts';
import { cachedBy } from './process-state-caches.ts';
import { findHolders, type Holder, keyOf } from './process-state-holders.ts';
import { emitValues } from './process-state-values.ts';
import { relays } from './socket-clients.ts';

const changing = /^(?:append|appendleft|add|update|setdefault|insert|extend|pop|popleft|remove|discard|clear)$/;
const taking = /^(?:pop|popleft|remove|discard|clear)$/;
/** Names that say what a container holds: nothing that a user would miss. */
const memo =
  /cache|memo(?!r)|lookup|index|compiled|loaded|known|seen|warned|registry|registered|handlers?|plugins?|listeners?|callbacks?|routes?|models?$|instances?|singleton|metrics?|stats?$|counters?|gauges?|locks?|clients?$|connections?$|pools?$|engines?$|executors?|threads?|limiter|buckets?|tokens?_?cache|sockets?|websockets?|subscribers|active(?!_?(?:users?|players?|games?|sessions?|rooms?|orders?|members?|visitors?|polls?|quiz(?:zes)?|chats?|calls?|devices?|drivers?|vehicles?|customers?|participants?|guests?|auctions?|bids?|conversations?|lobb(?:y|ies)|battles?|matches|teams?$))|channels|queues?$|in_?flight|errors?|signatures?$|fingerprints?$|config|settings|(?:^|_)logs?(?=_|$)|logger|history_size|(?:^|_)buffers?$|context|translations|pending_tasks|background/i;
/** Classes that keep what they worked out, or numbers of their own process. */
const memoClass =
  /cache|memo(?!r)|metric|stats$|statistic|registry|collector|breaker|profiler|benchmark|logger|pool|telemetry|trac(?:er|ing)/i;
const memoFile = /(?:^|[/_])(?:metrics?|telemetry|tracing|stats|statistics)(?:_\w+)?\.py$/;
/** Counts how often somebody asked. */
const limits = /rate_?limit|limiter|throttl|attempts?$/i;
/** Used where what all copies share cannot be reached. */
const standIn = /fallback|stand_?in/i;
/** What a program started or opened: of this process. */
const started = /(?:create_task|ensure_future|Thread|Process|Popen|submit|run_in_executor|WebSocketResponse)(?:\(\))?$/;

/** The test around a write asks the container itself: it fills what is missing, unless the test found it there. */
const asksItself = (when: readonly Guard[] | undefined, name: string): boolean =>
  (when ?? []).some(({ test, holds }) => mentions(test, name) && !(test.is === 'compare' && holds && test.operator === 'in'));
function mentions(expression: Expression, name: string, depth = 0): boolean {
  if (depth > 5) return false;
  if (expression.is === 'name' || expression.is === 'attribute') return expression.name === name;
  if (expression.is === 'compare' || expression.is === 'and' || expression.is === 'or')
    return mentions(expression.left, name, depth + 1) || mentions(expression.right, name, depth + 1);
  if (expression.is === 'not') return mentions(expression.value, name, depth + 1);
  if (expression.is === 'call')
    return mentions(expression.callee, name, depth + 1) || expression.args.some((one) => mentions(one, name, depth + 1));
  return expression.is === 'item' ? mentions(expression.of, name, depth + 1) : false;
}

/** `request.app['notes']`. */
const keyInApplication = (one: Expression): string | undefined =>
  one.is === 'item' && (one.of.is === 'attribute' || one.of.is === 'name') && isApplication(one.of.name) ? keyName(one.key) : undefined;

/** `jobs`, `state.jobs`, `jobs[id]`. */
function nameOf(expression: Expression, depth = 0): string {
  if (expression.is === 'name' || expression.is === 'attribute') return expression.name;
  const key = keyInApplication(expression);
  return key ?? (expression.is === 'item' && depth < 5 ? nameOf(expression.of, depth + 1) : '');
}

/** `room` of `room.players[seat]`. */
function rootOf(expression: Expression, depth = 0): string {
  if (expression.is === 'name') return expression.name;
  return (expression.is === 'item' || expression.is === 'attribute') && depth < 5 ? rootOf(expression.of, depth + 1) : '';
}

/** What the beginning of a target stands for: `users[…] = `, `state.users[…] = `. */
function holderOf(program: ProgramView, holders: ReadonlyMap<string, Holder>, { own, path }: AssignmentView): Holder | undefined {
  const [first, ...rest] = own.target;
  let value = program.evaluator.name(first ?? '', path, own.within);
  for (const name of rest) value = value && program.evaluator.member(value, name, placeAt(path, own.at));
  const found = value && holders.get(keyOf(value.place));
  return (
    found ??
    (keyOfChange(own) === undefined ? undefined : holders.get(keyOf(program.evaluator.value(entryOf(own), path, own.within).place)))
  );
}
/** `request.app['notes'][id] = …` changes what stands under the key. */
const keyOfChange = ({ how, key, target }: Assignment): string | undefined =>
  how === 'set' || !isApplication(target.at(-1)) ? undefined : keyName(key);
function entryOf({ target: [first = '', ...rest], key, at }: Assignment): Expression {
  const of = rest.reduce<Expression>((one, name) => ({ is: 'attribute', of: one, name, at }), { is: 'name', name: first, at });
  return { is: 'item', of, key: key!, at };
}

/** `jobs[id]`, `jobs.get(id)`, `jobs.setdefault(id, [])`: what is inside of a container. */
function insideOf(expression: Expression): Expression | undefined {
  if (expression.is === 'item') return insideOf(expression.of) ?? expression.of;
  const isTaken = expression.is === 'call' && expression.callee.is === 'attribute' && /^(?:get|setdefault)$/.test(expression.callee.name);
  return isTaken ? (expression.callee as Extract<Expression, { is: 'attribute' }>).of : undefined;
}

/** `jobs` of `jobs[name].steps` and of `jobs.setdefault(name, [])`: the container whose entries change. */
function baseOf(expression: Expression): Expression {
  let found = expression;
  let at: Expression | undefined = expression;
  for (let depth = 0; at && depth < 8; depth++) {
    const inside: Expression | undefined =
      at.is === 'item'
        ? at.of
        : at.is === 'call' && at.callee.is === 'attribute' && /^(?:get|setdefault)$/.test(at.callee.name)
          ? at.callee.of
          : undefined;
    if (keyInApplication(at) !== undefined) return at;
    if (inside) found = inside;
    at = inside ?? (at.is === 'attribute' ? at.of : undefined);
  }
  return found;
}

class Uses {
  readonly filled = new Set<Holder>();
  /** Holds what the program started itself. */
  readonly own = new Set<Holder>();
  /** What it holds grows: more than a value that was worked out once. */
  readonly grown = new Set<Holder>();
  /** Changed by a function that limits how often somebody may ask. */
  readonly limiting = new Set<Holder>();

  /** Functions that put something in. */
  readonly writers = new Map<Holder, Set<string>>();

  readonly #names = new Set<string>();
  /** `log = logs[user]`: names in functions that stand for what a container holds. */
  readonly #aliases = new Map<string, Holder>();
  readonly #taken: [Holder, Place][] = [];

  constructor(
    readonly program: ProgramView,
    readonly holders: ReadonlyMap<string, Holder>,
  ) {
    for (const { name } of holders.values()) this.#names.add(name);
    this.#noteAliases();
    for (const one of program.assignments) {
      // `room.turn = seat` changes what stands behind `room = rooms[id]`.
      const isPart = one.own.target.length > 1 && this.#aliasOf(one.own.target[0], one.path, one.own.within) !== undefined;
      const named = [...one.own.target, keyOfChange(one.own) ?? ''];
      if ((!one.own.key && !isPart) || one.own.how === 'loop' || !this.#isNamed(named) || !program.servesRequest(one.within)) continue;
      const holder = this.#aliasOf(one.own.target[0], one.path, one.own.within) ?? holderOf(program, holders, one);
      if (!holder) continue;
      this.#noteWriter(one.within, holder, one.own.how === 'set');
      if (started.test(dottedOf(one.value()) ?? '')) this.own.add(holder);
      const isHanded = this.#isHandedIn(one);
      if (isHanded) this.grown.add(holder);
      if (asksItself(one.own.when, holder.name) && one.own.how === 'set' && !isHanded) this.filled.add(holder);
      else if (one.own.how !== 'delete') holder.writes.push(one.place);
    }
    for (const call of program.calls) {
      const { callee } = call.written.call;
      if (!changing.test(call.name) || callee.is !== 'attribute') continue;
      const base = baseOf(callee.of);
      if (!this.#isNamed([nameOf(base), rootOf(base)]) || !program.servesRequest(call.within)) continue;
      const holder = this.#holderOf(base, call);
      if (!holder) continue;
      this.#noteWriter(call.within, holder, !taking.test(call.name));
      if (call.args.some((argument) => started.test(dottedOf(argument) ?? ''))) this.own.add(holder);
      if (/^(?:setdefault)$/.test(call.name) || asksItself(call.written.when, holder.name)) this.filled.add(holder);
      else if (/^(?:append|appendleft|add|update|insert|extend)$/.test(call.name)) {
        holder.writes.push(call.place);
        if (base !== callee.of || this.#aliasOf(rootOf(base), call.path, call.written.within)) this.grown.add(holder);
      }
    }
    this.#noteReads();
    for (const [holder, place] of this.#taken) if (holder.reads.length === 0) holder.reads.push(place);
  }

  #noteWriter(within: string | undefined, holder: Holder, puts: boolean): void {
    if (within !== undefined && puts) this.writers.set(holder, (this.writers.get(holder) ?? new Set()).add(within));
    const name = within === undefined ? '' : (this.program.evaluator.functionOf(within)?.name ?? '');
    if (/rate_?limit|throttl/i.test(name)) this.limiting.add(holder);
  }

  /** `if key not in seats: seats[key] = guest`: what a caller hands in is not worked out. */
  #isHandedIn({ own: { value }, within }: AssignmentView): boolean {
    const own = within === undefined || value.is !== 'name' ? undefined : this.program.evaluator.functionOf(within);
    return own?.parameters.some(({ name }) => value.is === 'name' && name === value.name) === true;
  }

  #noteAliases(): void {
    const found: [string, string, Holder, Place][] = [];
    for (const { own, path, within } of this.program.assignments) {
      const [name, ...rest] = own.target;
      if (own.how !== 'set' || own.key || name === undefined || rest.length > 0 || own.within === undefined) continue;
      const inside = keyInApplication(own.value) === undefined ? insideOf(own.value) : own.value;
      if (!inside || !this.#isNamed([nameOf(inside)]) || !this.program.servesRequest(within)) continue;
      const value = this.program.evaluator.value(inside, path, own.within);
      const holder = this.holders.get(keyOf(value.place));
      if (!holder) continue;
      found.push([name, `${path}#${own.within}`, holder, placeAt(path, own.value.at)]);
    }
    for (const [name, where, holder, place] of found) {
      this.#taken.push([holder, place]);
      this.#names.add(name);
      this.#aliases.set(`${where} ${name}`, holder);
    }
  }
  #aliasOf(name: string | undefined, path: string, within: number | undefined): Holder | undefined {
    return name === undefined ? undefined : this.#aliases.get(`${path}#${within} ${name}`);
  }

  #holderOf(base: Expression, { path, written }: CallSite): Holder | undefined {
    const alias = this.#aliasOf(rootOf(base), path, written.within);
    if (alias) return alias;
    return this.holders.get(keyOf(this.program.evaluator.value(base, path, written.within, written.class).place));
  }

  #isNamed(path: readonly string[]): boolean {
    return path.some((name) => this.#names.has(name));
  }

  /** `request.app.state.orders`. */
  #carried([first = '', ...rest]: readonly string[], path: string, within: number, place: Place): Value | undefined {
    const { evaluator } = this.program;
    return rest.reduce((value, name) => value && evaluator.member(value, name, place), evaluator.name(first, path, within));
  }

  #noteReads(): void {
    const { program, holders } = this;
    for (const path of program.files) {
      for (const { item, within } of program.summary(path)?.items ?? []) {
        const key = within === undefined ? undefined : keyInApplication(item);
        if (key === undefined || !this.#isNamed([key]) || !program.servesRequest(`${path}#${within}`)) continue;
        const holder = holders.get(keyOf(program.evaluator.value(item, path, within).place));
        if (holder && !holder.writes.some((write) => write.path === path && write.line === item.at[0]))
          holder.reads.push(placeAt(path, item.at));
      }
      for (const { path: read, within, at } of program.summary(path)?.reads ?? []) {
        const carried = read.indexOf('state') + 1;
        const [first, second] = read;
        const names = carried > 1 ? [read[carried]!] : read.slice(0, 2);
        if (within === undefined || !this.#isNamed(names) || !program.servesRequest(`${path}#${within}`)) continue;
        const place = placeAt(path, at);
        const value =
          carried > 1 ? this.#carried(read.slice(0, carried + 1), path, within, place) : program.evaluator.name(first!, path, within);
        const holder =
          value &&
          (holders.get(keyOf(value.place)) ??
            (second === undefined ? undefined : holders.get(keyOf(program.evaluator.member(value, second, place).place))));
        if (holder && !holder.writes.some((write) => write.path === path && write.line === place.line)) holder.reads.push(place);
      }
    }
  }
}

/** A cache of the program's own making. */
function emitCache(holder: Holder, { program, writers }: Uses, emit: Emit): boolean {
  const { name, owner, place, when } = holder;
  const holds = cachedBy(program, holder, writers.get(holder) ?? new Set());
  const library = `\`${/cache/i.test(name) ? name : owner}\``;
  if (holds) emit('cache', { place, when }, { library, stores: [{ kind: 'memory', place }], holds }, 'likely');
  return holds !== undefined;
}

function emitHolder(holder: Holder, uses: Uses, emit: Emit): void {
  const { filled, grown, own, limiting } = uses;
  const { name, type, place, owner = '', when, writes, reads } = holder;
  if (reads.length === 0 || standIn.test(name) || standIn.test(owner)) return;
  if (limits.test(owner) || limits.test(name) || limiting.has(holder)) {
    const stores = [{ kind: 'memory' as const, place }];
    if (writes.length > 0 || filled.has(holder)) emit('rate-limit', { place, when }, { library: `\`${owner || name}\``, stores }, 'likely');
    return;
  }
  const cached = emitCache(holder, uses, emit);
  if (writes.length > 0) {
    const isMemo =
      cached ||
      (filled.has(holder) && !grown.has(holder)) ||
      own.has(holder) ||
      memo.test(name) ||
      memoClass.test(owner) ||
      memoFile.test(place.path);
    emit('process-state', { place, when }, { name, type, holds: isMemo ? 'memo' : 'state', writes, reads });
  }
}

/** Data that requests leave in the memory of the process, and later ones read. */
export const processState: Recogniser = {
  id: 'process-state',
  recognise(program, emit) {
    emitValues(program, (name, path) => memo.test(name) || memoFile.test(path), emit);
    const holders = findHolders(program);
    if (holders.size === 0) return;
    const uses = new Uses(program, holders);
    const relayed = relays(program);
    for (const holder of holders.values()) {
      // What a copy knows of its own sockets, where messages reach the others.
      if (relayed && /connection|socket/i.test(holder.owner ?? '')) continue;
      emitHolder(holder, uses, emit);
    }
  },
};
