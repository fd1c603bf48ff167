import type { AssignmentView, CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import type { Expression, Guard } from '../summary.ts';
import { dottedOf, placeAt } from '../value-shapes.ts';
import { findHolders, type Holder, keyOf } from './process-state-holders.ts';

const changing = /^(?:append|appendleft|add|update|setdefault|insert|extend|pop|popleft|remove|discard|clear)$/;
/** Names that say what a container holds: nothing that a user would miss. */
const memo =
  /cache|memo|lookup|index|compiled|loaded|known|seen|warned|registry|registered|handlers?|plugins?|listeners?|callbacks?|routes?|models?$|instances?|singleton|metrics?|stats?$|counters?|gauges?|locks?|clients?$|connections?$|pools?$|engines?$|executors?|threads?|limiter|buckets?|tokens?_?cache|sockets?|websockets?|subscribers|active|channels|queues?$|errors?|config|settings|log|history_size|context|translations|pending_tasks|background/i;
/** Classes that keep what they worked out, or numbers of their own process. */
const memoClass = /cache|memo|metric|stats$|statistic|registry|collector|breaker|profiler|benchmark|logger|pool|telemetry|trac(?:er|ing)/i;
/** Counts how often somebody asked. */
const limits = /rate_?limit|limiter/i;
/** What a program started: of this process. */
const started = /(?:create_task|ensure_future|Thread|Process|Popen|submit|run_in_executor)(?:\(\))?$/;

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

/** `jobs`, `state.jobs`, `jobs[id]`. */
function nameOf(expression: Expression, depth = 0): string {
  if (expression.is === 'name' || expression.is === 'attribute') return expression.name;
  return expression.is === 'item' && depth < 5 ? nameOf(expression.of, depth + 1) : '';
}

/** What the beginning of a target stands for: `users[…] = `, `state.users[…] = `. */
function holderOf(program: ProgramView, holders: ReadonlyMap<string, Holder>, { own, path }: AssignmentView): Holder | undefined {
  const [first, ...rest] = own.target;
  let value = program.evaluator.name(first ?? '', path, own.within);
  for (const name of rest) value = value && program.evaluator.member(value, name, placeAt(path, own.at));
  return value && holders.get(keyOf(value.place));
}

class Uses {
  readonly filled = new Set<Holder>();
  /** Holds what the program started itself. */
  readonly own = new Set<Holder>();

  readonly #names: ReadonlySet<string>;

  constructor(
    readonly program: ProgramView,
    readonly holders: ReadonlyMap<string, Holder>,
  ) {
    this.#names = new Set([...holders.values()].map(({ name }) => name));
    for (const one of program.assignments) {
      if (!one.own.key || one.own.how === 'loop' || !this.#isNamed(one.own.target) || !program.servesRequest(one.within)) continue;
      const holder = holderOf(program, holders, one);
      if (!holder) continue;
      if (started.test(dottedOf(one.value()) ?? '')) this.own.add(holder);
      if (asksItself(one.own.when, holder.name) && one.own.how === 'set') this.filled.add(holder);
      else if (one.own.how !== 'delete') holder.writes.push(one.place);
    }
    for (const call of program.calls) {
      const { callee } = call.written.call;
      if (!changing.test(call.name) || callee.is !== 'attribute' || !this.#isNamed([nameOf(callee.of)])) continue;
      const holder = program.servesRequest(call.within) ? this.#holderOf(callee.of, call) : undefined;
      if (!holder) continue;
      if (call.args.some((argument) => started.test(dottedOf(argument) ?? ''))) this.own.add(holder);
      if (/^(?:setdefault)$/.test(call.name) || asksItself(call.written.when, holder.name)) this.filled.add(holder);
      else if (/^(?:append|appendleft|add|update|insert|extend)$/.test(call.name)) holder.writes.push(call.place);
    }
    this.#noteReads();
  }

  /** `jobs.append(…)`, and `jobs[name].append(…)`: what is inside of it changes. */
  #holderOf(expression: Expression, { path, written }: CallSite): Holder | undefined {
    let base = expression;
    for (let depth = 0; base.is === 'item' && depth < 5; depth++) base = base.of;
    return this.holders.get(keyOf(this.program.evaluator.value(base, path, written.within, written.class).place));
  }

  #isNamed(path: readonly string[]): boolean {
    return path.some((name) => this.#names.has(name));
  }

  #noteReads(): void {
    const { program, holders } = this;
    for (const path of program.files) {
      for (const { path: read, within, at } of program.summary(path)?.reads ?? []) {
        const [first, second] = read;
        if (within === undefined || !this.#isNamed(read.slice(0, 2)) || !program.servesRequest(`${path}#${within}`)) continue;
        const place = placeAt(path, at);
        const value = program.evaluator.name(first!, path, within);
        const holder =
          value &&
          (holders.get(keyOf(value.place)) ??
            (second === undefined ? undefined : holders.get(keyOf(program.evaluator.member(value, second, place).place))));
        if (holder && !holder.writes.some((write) => write.path === path && write.line === place.line)) holder.reads.push(place);
      }
    }
  }
}

function emitHolder(holder: Holder, { filled, own }: Uses, emit: Emit): void {
  const { name, type, place, owner = '', when, writes, reads } = holder;
  if (reads.length === 0) return;
  if (limits.test(owner) || limits.test(name)) {
    const stores = [{ kind: 'memory' as const, place }];
    if (writes.length > 0 || filled.has(holder)) emit('rate-limit', { place, when }, { library: `\`${owner || name}\``, stores }, 'likely');
  } else if (writes.length > 0) {
    const isMemo = filled.has(holder) || own.has(holder) || memo.test(name) || memoClass.test(owner);
    emit('process-state', { place, when }, { name, type, holds: isMemo ? 'memo' : 'state', writes, reads });
  }
}

/** Data that requests leave in the memory of the process, and later ones read. */
export const processState: Recogniser = {
  id: 'process-state',
  recognise(program, emit) {
    const holders = findHolders(program);
    if (holders.size === 0) return;
    const uses = new Uses(program, holders);
    for (const holder of holders.values()) emitHolder(holder, uses, emit);
  },
};
