import type { FactValues, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { AssignmentView, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import type { Expression, Guard } from '../summary.ts';
import { dottedOf, placeAt } from '../value-shapes.ts';

type State = FactValues['process-state'];

/** What makes an empty container. */
const makers: Readonly<Record<string, State['type']>> = {
  dict: 'map',
  list: 'list',
  set: 'set',
  'collections.defaultdict': 'map',
  'collections.OrderedDict': 'map',
  'collections.deque': 'list',
  'collections.Counter': 'map',
};
const changing = /^(?:append|appendleft|add|update|setdefault|insert|extend|pop|popleft|remove|discard|clear)$/;
/** Names that say what a container holds: nothing that a user would miss. */
const memo =
  /cache|memo|lookup|index|compiled|loaded|known|seen|warned|registry|registered|handlers?|plugins?|listeners?|callbacks?|routes?|models?$|instances?|singleton|metrics?|stats?$|counters?|gauges?|locks?|clients?$|connections?$|pools?$|engines?$|executors?|threads?|limiter|buckets?|tokens?_?cache|sockets?|websockets?|subscribers|active|channels|queues?$|errors?|config|settings|log|history_size|context|translations|pending_tasks|tasks?$|background/i;

interface Holder {
  readonly name: string;
  readonly type: State['type'];
  readonly place: Place;
  readonly writes: Place[];
  readonly reads: Place[];
}

function typeOf(value: Value): State['type'] | undefined {
  if (value.is === 'object') return Object.keys(value.properties).length === 0 && !value.open ? 'map' : undefined;
  // A list with items is a table that somebody wrote down, until a request changes it.
  if (value.is === 'list') return 'list';
  const dotted = value.is === 'made' ? dottedOf(value.callee) : undefined;
  return dotted !== undefined && Object.hasOwn(makers, dotted) ? makers[dotted] : undefined;
}
const keyOf = ({ path, line, column }: Place): string => `${path}:${line}:${column}`;

/** Containers of modules, by the place where they are made. */
function findHolders(program: ProgramView): ReadonlyMap<string, Holder> {
  const holders = new Map<string, Holder>();
  for (const { own, place, value } of program.assignments) {
    const [name] = own.target;
    if (
      own.how !== 'set' ||
      own.key ||
      own.target.length !== 1 ||
      own.within !== undefined ||
      own.class !== undefined ||
      name === undefined
    )
      continue;
    if (!/^(?:dict|list|call)$/.test(own.value.is)) continue;
    const made = value();
    const type = typeOf(made);
    if (type && !/^[A-Z][A-Z0-9_]*S?$/.test(name) && !name.startsWith('__'))
      holders.set(keyOf(made.place), { name, type, place, writes: [], reads: [] });
  }
  return holders;
}

/** The test around a write asks the container itself: it fills what is missing. */
const asksItself = (when: readonly Guard[] | undefined, name: string): boolean => (when ?? []).some(({ test }) => mentions(test, name));
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

/** What the beginning of a target stands for: `users[…] = `, `state.users[…] = `. */
function holderOf(program: ProgramView, holders: ReadonlyMap<string, Holder>, { own, path }: AssignmentView): Holder | undefined {
  const [first, ...rest] = own.target;
  let value = program.evaluator.name(first ?? '', path, own.within);
  for (const name of rest) value = value && program.evaluator.member(value, name, placeAt(path, own.at));
  return value && holders.get(keyOf(value.place));
}

function noteWrites(program: ProgramView, holders: ReadonlyMap<string, Holder>, filled: Set<Holder>): void {
  for (const one of program.assignments) {
    if (!one.own.key || one.own.how === 'loop' || !program.servesRequest(one.within)) continue;
    const holder = holderOf(program, holders, one);
    if (!holder) continue;
    if (asksItself(one.own.when, holder.name) && one.own.how === 'set') filled.add(holder);
    else if (one.own.how !== 'delete') holder.writes.push(one.place);
  }
  for (const call of program.calls) {
    if (!changing.test(call.name) || !call.on || !program.servesRequest(call.within)) continue;
    const holder = holders.get(keyOf(call.on.place));
    if (!holder || holder.place.path === undefined) continue;
    if (/^(?:setdefault)$/.test(call.name) || asksItself(call.written.when, holder.name)) filled.add(holder);
    else if (/^(?:append|appendleft|add|update|insert|extend)$/.test(call.name)) holder.writes.push(call.place);
  }
}

function noteReads(program: ProgramView, holders: ReadonlyMap<string, Holder>): void {
  const names = new Set([...holders.values()].map(({ name }) => name));
  for (const path of program.files) {
    for (const { path: read, within, at } of program.summary(path)?.reads ?? []) {
      const [first, second] = read;
      if (within === undefined || !(names.has(first!) || names.has(second ?? '')) || !program.servesRequest(`${path}#${within}`)) continue;
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

/** Data that requests leave in the memory of the process, and later ones read. */
export const processState: Recogniser = {
  id: 'process-state',
  recognise(program, emit) {
    const holders = findHolders(program);
    if (holders.size > 0) {
      const filled = new Set<Holder>();
      noteWrites(program, holders, filled);
      noteReads(program, holders);
      for (const holder of holders.values()) emitHolder(holder, filled.has(holder), emit);
    }
  },
};

function emitHolder({ name, type, place, writes, reads }: Holder, isFilled: boolean, emit: Emit): void {
  if (writes.length === 0 || reads.length === 0) return;
  emit('process-state', { place }, { name, type, holds: isFilled || memo.test(name) ? 'memo' : 'state', writes, reads });
}
