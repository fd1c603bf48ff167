/** Plain fields and properties that one request sets and others use: of singletons, and static ones. */
import type { Condition } from '../../../facts.ts';
import type { MethodView, TypeView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Assignment, At, Expression, Field } from '../summary.ts';
import { pathsIn, readIn } from './paths-read.ts';
import { singletons, toldTypes } from './process-state.ts';

const scalar =
  /^(?:string|bool|int|uint|long|short|byte|double|float|decimal|Guid|DateTime|DateTimeOffset|DateOnly|TimeOnly|String|Int32|Int64|Boolean|Double|Decimal)\??$/;
const numeric = /^(?:int|uint|long|short|byte|double|float|decimal|Int32|Int64|Double|Decimal)\??$/;
/** What each copy may work out or ask for again, settings, and marks of its own work. */
const notData =
  /token|ticket|expir|time|cache|last|url|uri|path|host|port|key|secret|config|option|setting|version|init|start|(?<!t)run|stop|conn|retr(?:y|ies)|attempt|instance|context|logg|prefix|folder|dir|file|locale|lang|format|template|sql|query|regex|message|result|response|request|view|page|title|error|debug|enabl|disposed|thread|lock|stat(?!e)|metric|index|size|max|min|temp|tmp|buffer|default|ready|alive|health|load|client|provider|fail|success|count/i;
const workers =
  /Service|Repository|Client|Util|Helper|Factory|Manager|Config|Options|Settings|Logger|Handler|Builder|Provider|Context|Exception|Connection|Channel|Socket|Stream|Timer|Thread|Task|Cache|Collection$/;
/** `_visits++`, `nextId++`: each copy counts for itself. */
const counts = /^_?(?:[a-z]\w*)?(?:hits?|visits?|visitors?|clicks?|views?)(?:_?count(?:er)?)?$|^_?(?:next|last|current)_?id$/i;
const notCounted = /metric|stat|monitor|request|call|error|retr|attempt|cache/i;

interface Candidate {
  readonly owner: TypeView;
  readonly field: Field;
  readonly when: readonly Condition[];
  readonly counts: boolean;
}
const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

function isData({ type, types }: Field, owner: TypeView, view: ProgramView): boolean {
  if (scalar.test(type)) return true;
  if (types.length > 0 || !/^[A-Z]\w*\??$/.test(type) || workers.test(type)) return false;
  return view.names
    .find(type.replace('?', ''), owner)
    .some((one) => one.type.kind !== 'interface' && !one.type.modifiers.includes('static'));
}

function candidatesIn(view: ProgramView): readonly Candidate[] {
  const shared = singletons(view);
  return view.types.flatMap((owner) => {
    const registered = shared.get(lastOf(owner.type.name));
    if (owner.type.kind === 'interface' || owner.type.kind === 'enum') return [];
    return owner.type.fields.flatMap((field): readonly Candidate[] => {
      const { modifiers, name, type, attributes } = field;
      const isStatic = modifiers.includes('static');
      if (!(isStatic || registered) || modifiers.some((one) => /^(?:const|readonly)$/.test(one))) return [];
      if (attributes.some((one) => one.name === 'ThreadStatic')) return [];
      const isCounter = numeric.test(type) && counts.test(name) && !notCounted.test(name) && !notCounted.test(owner.type.name);
      if (!isCounter && (notData.test(name) || !isData(field, owner, view))) return [];
      return [{ owner, field, when: isStatic ? [] : registered!, counts: isCounter }];
    });
  });
}

type ByName = ReadonlyMap<string, readonly Candidate[]>;
/** What a path means: `_turn` of its own class, `_game.Turn` of an object that is injected, `Game.Turn` of a static one. */
function meant(path: readonly string[], method: MethodView, byName: ByName, view: ProgramView): Candidate | undefined {
  const [first = '', second] = path;
  const own = byName.get(first);
  if (own) {
    const isLocal = view.names
      .around(method)
      .some((one) => [...one.method.locals, ...one.method.parameters].some(({ name }) => name === first));
    const found = isLocal ? undefined : view.names.field(method, first)?.field;
    const candidate = found && own.find(({ field }) => field === found);
    if (candidate) return candidate;
  }
  const others = second === undefined ? undefined : byName.get(second);
  if (!others) return undefined;
  const type = view.names.typeOf({ is: 'name', path: [first], at: method.method.at }, method) ?? first;
  const owners = new Set([...view.names.find(type, method), ...view.names.subtypesOf(type)].map((one) => one.type));
  return others.find(({ owner }) => owners.has(owner.type));
}

interface Use {
  readonly method: MethodView;
  readonly at: At;
}
interface Uses {
  readonly writes: Use[];
  readonly reads: Use[];
}

const isNull = (value: Expression | undefined): boolean => value?.is === 'literal' && value.value === null;
/** `_name ??= …`, `if (_name == null) _name = …`: worked out when it is first asked for. */
const isLazy = ({ when = [], how, value }: Assignment, { field }: Candidate): boolean =>
  (how === 'change' && value !== undefined && !numeric.test(field.type)) ||
  when.some(({ test }) => [...pathsIn(test)].some(({ path }) => path.at(-1) === field.name));

function noteWrites(answering: readonly MethodView[], byName: ByName, view: ProgramView): ReadonlyMap<Candidate, Uses> {
  const found = new Map<Candidate, Uses>();
  for (const method of answering) {
    for (const assignment of method.method.assignments) {
      const { target, how, value, at } = assignment;
      if (how === 'element' || isNull(value) || target.length > 2) continue;
      const candidate = meant(target, method, byName, view);
      if (!candidate || isLazy(assignment, candidate) || (candidate.counts && how !== 'change')) continue;
      const uses = found.get(candidate) ?? { writes: [], reads: [] };
      found.set(candidate, uses);
      uses.writes.push({ method, at });
    }
  }
  return found;
}

function noteReads(answering: readonly MethodView[], found: ReadonlyMap<Candidate, Uses>, view: ProgramView): void {
  const byName = groupByName([...found.keys()]);
  for (const method of answering) {
    const seen = new Set<Candidate>();
    for (const { path, at } of readIn(method)) {
      if (!byName.has(path[0]!) && !byName.has(path[1] ?? '')) continue;
      const candidate = meant(path, method, byName, view);
      const uses = candidate && found.get(candidate);
      if (!candidate || !uses || seen.has(candidate) || uses.writes.some((write) => write.method === method)) continue;
      seen.add(candidate);
      uses.reads.push({ method, at });
    }
  }
}

function groupByName(candidates: readonly Candidate[]): ByName {
  const byName = new Map<string, Candidate[]>();
  for (const one of candidates) byName.set(one.field.name, [...(byName.get(one.field.name) ?? []), one]);
  return byName;
}

const mostHandlers = 400;
/** One request uses what it did not set itself: else the field is a variable of one request, wherever it stands. */
function outlivesRequest({ writes, reads }: Uses, view: ProgramView): boolean {
  const [written, read] = [writes, reads].map((uses) => new Set(uses.map(({ method }) => method.id))) as [Set<string>, Set<string>];
  return [...view.handlers].slice(0, mostHandlers).some((handler) => {
    const reached = view.graph.reached([handler]);
    return [...read].some((id) => reached.has(id)) && ![...written].some((id) => reached.has(id));
  });
}

function emitCandidate({ owner, field, when, counts: isCounter }: Candidate, { writes, reads }: Uses, emit: Emit): void {
  const placesOf = (uses: readonly Use[]) => uses.map(({ method, at }) => placeAt(method.path, at));
  emit(
    'process-state',
    placeAt(owner.path, field.at),
    { name: field.name, type: isCounter ? 'counter' : 'value', holds: 'state', writes: placesOf(writes), reads: placesOf(reads) },
    { when, confidence: 'likely' },
  );
}

export const fieldsOfSingletons: Recogniser = {
  text: ['AddSingleton', 'public static', 'private static', 'internal static'],
  recognise(view, emit) {
    const candidates = candidatesIn(view);
    if (candidates.length === 0) return;
    const answering = view.running.filter((one) => view.answersRequest(one) && !/^<(?:new|static|main)>$/.test(one.method.name));
    const found = noteWrites(answering, groupByName(candidates), view);
    if (found.size === 0) return;
    noteReads(answering, found, view);
    const told = new Set(toldTypes(view));
    for (const [candidate, uses] of found) {
      // The first of a class stands for all.
      if (told.has(candidate.owner.type)) continue;
      if (!candidate.counts && (uses.reads.length === 0 || !outlivesRequest(uses, view))) continue;
      told.add(candidate.owner.type);
      emitCandidate(candidate, uses, emit);
    }
  },
};
