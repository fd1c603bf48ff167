/** Numbers that requests count in one process: ids that each copy gives out by itself, visits that it counts alone. */
import type { MethodView } from '../names.ts';
import type { Emit, ProgramView, Recogniser } from '../recogniser.ts';
import type { At, Expression, Field } from '../summary.ts';
import { inFiles } from '../views.ts';
import { atStart, emitState, hidesField, isInjected, isShared, type Use } from './process-state.ts';

const counterTypes = /^(?:AtomicInteger|AtomicLong)$/;
const counts = /^(?:incrementAndGet|getAndIncrement|addAndGet|getAndAdd)$/;
const notCounted = /metric|stat|monitor|request|call|error|retry|retries|attempt|thread|version|depth|latency|size$|time/i;

const atomics = inFiles((file) =>
  file.types.flatMap((type) =>
    type.type.fields
      .filter((field) => counterTypes.test(field.type) && !notCounted.test(field.name) && !isInjected(field))
      .map((field) => ({ type, field, file })),
  ),
);

/** Numbers that each copy gives out by itself: `new Order(nextId.incrementAndGet(), …)`. */
function emitIds(view: ProgramView, emit: Emit): ReadonlySet<Field> {
  const told = new Set<Field>();
  for (const { type, field, file } of atomics(view)) {
    if (!isShared(type, field, view)) continue;
    const own = file.methods.filter((method) => method.type === type.type && !atStart(method) && !hidesField(method, field.name));
    const uses = own.flatMap((method): Use[] => {
      const at = givenOut(method, field.name);
      return at && view.handlesWork(method) ? [{ view: method, at }] : [];
    });
    if (uses.length === 0) continue;
    told.add(field);
    emitState(emit, type, field, 'counter', uses, []);
  }
  return told;
}

/** A number of its own for what is made: an id of it. */
function givenOut({ method }: MethodView, name: string): Use['at'] | undefined {
  const isCount = (one: Expression | undefined): boolean =>
    one?.is === 'call' && counts.test(one.name) && one.on?.is === 'name' && one.on.path.at(-1) === name;
  const made = method.creations.find(({ type, args }) => !/Thread$/.test(type) && args.some(isCount));
  const set = method.calls.find(({ name: called, args }) => /(?:^i|I)d$|Number$|Seq(?:uence)?$/.test(called) && args.some(isCount));
  const kept = method.locals.find((local) => /(?:^i|I)d$|number$|seq/i.test(local.name) && isCount(local.value));
  return (made ?? set ?? kept)?.at;
}

const numberTypes = /^(?:int|long|Integer|Long|AtomicInteger|AtomicLong)$/;
/** `hitCount`, `visits`, `nextId`. */
const countsVisits =
  /(?:^|[a-z_])(?:hits?|visits?|visitors?|views?|clicks?|counts?|counters?)(?:_?(?:count|counter|number))?$|^(?:next|last|current|max)_?id$/i;
const countsOwn =
  /^id_?c|correl|rpc|init|pool|fail|success|process|active|conn|work|task|batch|loop|page|row|line|item|col|char|word|index|instance|start/i;

const numbers = inFiles((file) =>
  file.types.flatMap((type) =>
    type.type.fields
      .filter(
        ({ name, type: of, modifiers }) =>
          numberTypes.test(of) &&
          (!modifiers.includes('final') || of.startsWith('Atomic')) &&
          countsVisits.test(name) &&
          !notCounted.test(name) &&
          !countsOwn.test(name),
      )
      .map((field) => ({ type, field, file })),
  ),
);

/** `online++` when a session begins: each copy knows of its own users alone; what is put into the context is told there. */
const ofSessions = inFiles((file) =>
  file.types.flatMap((type) => {
    const methods = file.methods.filter(
      ({ type: owner, method }) => owner === type.type && /^(?:session(?:Created|Destroyed)|attributeAdded|valueBound)$/.test(method.name),
    );
    if (methods.length === 0 || methods.some(({ method }) => method.calls.some(({ name }) => name === 'setAttribute'))) return [];
    return type.type.fields.flatMap((field) => {
      if (!numberTypes.test(field.type) || (field.modifiers.includes('final') && !field.type.startsWith('Atomic'))) return [];
      const uses = methods.flatMap((view): Use[] => {
        const at = countedIn(view, field);
        return at ? [{ view, at }] : [];
      });
      return uses.length > 0 ? [{ type, field, uses }] : [];
    });
  }),
);

function countedIn({ method }: MethodView, field: Field): Use['at'] | undefined {
  const counted =
    method.assignments.find(({ target, how }) => how === 'count' && target.at(-1) === field.name && target.length <= 2) ??
    method.calls.find(({ name, on }) => counts.test(name) && on?.is === 'name' && on.path.at(-1) === field.name);
  return counted?.at;
}

const lies = (inner: At, outer: At): boolean =>
  (inner[0] > outer[0] || (inner[0] === outer[0] && inner[1] >= outer[1])) &&
  (inner[2] < outer[2] || (inner[2] === outer[2] && inner[3] <= outer[3]));
const namesThreads = /^(?:name|setName|setThreadNamePrefix|threadName|startThread|thread)$/;
/** `Thread.ofVirtual().name("audit-" + counter.incrementAndGet())`: a name that only logs show. */
const isInThreadName = ({ method }: MethodView, at: Use['at']): boolean =>
  method.calls.some(({ name, args }) => namesThreads.test(name) && args.some((argument) => lies(at, argument.at))) ||
  method.creations.some(({ type, args }) => /Thread$/.test(type) && args.some((argument) => lies(at, argument.at)));

/** `hits++` in a servlet, `visits.incrementAndGet()`: each copy shows another number. */
function emitVisits(view: ProgramView, emit: Emit, told: ReadonlySet<Field>): void {
  for (const { type, field, file } of numbers(view)) {
    if (told.has(field) || isInjected(field) || !isShared(type, field, view)) continue;
    const own = file.methods.filter((method) => method.type === type.type && !atStart(method) && !hidesField(method, field.name));
    const uses = own.flatMap((method): Use[] => {
      const at = countedIn(method, field);
      return at && !isInThreadName(method, at) && view.handlesWork(method) ? [{ view: method, at }] : [];
    });
    if (uses.length > 0) emitState(emit, type, field, 'counter', uses, []);
  }
}

export const counters: Recogniser = {
  text: ['AtomicInteger', 'AtomicLong', 'extends HttpServlet', 'static int ', 'static long ', 'HttpSessionListener'],
  recognise(view, emit) {
    const told = new Set(emitIds(view, emit));
    for (const { type, field, uses } of ofSessions(view)) {
      if (told.has(field) || !isShared(type, field, view)) continue;
      told.add(field);
      emitState(emit, type, field, 'counter', uses, []);
    }
    emitVisits(view, emit, told);
  },
};
