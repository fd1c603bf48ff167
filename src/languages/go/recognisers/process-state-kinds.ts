/** What variables and fields may hold data: maps and lists, unless they hold what belongs to the process. */
import type { FactValues } from '../../../facts.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Assignment, Expression } from '../summary.ts';
import { isOwnType, splitId } from '../value-shapes.ts';

type Kind = FactValues['process-state']['type'];

/** What belongs to this process, or says nothing of users: connections, locks, functions, times. */
const bound =
  /^(?:sync|rate|context|websocket|net|http|grpc|sql|redis|prometheus|template|regexp|exec|reflect|time|tls|x509|os|io|bufio|cron|zap|slog|log|ast|jsonschema|openapi3)$/;
const boundNames =
  /client|conn|subscri|session_?conn|socket|handler|func|worker|limiter|bucket|listener|watcher|driver|provider|plugin|factory|hub|room|stream|process|cmd|container/i;
/** A field of these makes its type a handle of this process. */
const handles = /^(?:websocket|net|http|grpc|sql|redis|exec|tls|os|io|bufio|cron|webrtc)$/;

/** The names of types of the repository: `Room` of names alone is data, `Room` with channels is not. */
export class Kinds {
  readonly #handles = new Map<string, boolean>();
  constructor(readonly program: ProgramView) {}

  #isBound(type: Expression, path: string): boolean {
    if (type.is === 'unknown' || type.is === 'function') return true;
    if (type.is === 'holder') return type.kind === 'channel' || this.#isBound(type.of, path);
    if (type.is === 'selector' && type.of.is === 'name' && bound.test(type.of.name)) return true;
    if ((type.is !== 'name' && type.is !== 'selector') || !boundNames.test(type.name)) return false;
    const id = this.program.evaluator.types.idOf(type, path);
    return id === undefined || !isOwnType(id) || this.#isHandle(id);
  }

  /** It holds a connection, a channel or a function, itself or in what it is made of. */
  #isHandle(id: string, depth = 0): boolean {
    const known = this.#handles.get(id);
    if (known !== undefined) return known;
    this.#handles.set(id, true);
    const own = this.program.evaluator.types.typeOf(id);
    const [path] = splitId(id);
    const isOne =
      own?.kind !== 'struct' || own.fields.length === 0 || own.fields.some((field) => this.#holdsHandle(field.type, path, depth));
    this.#handles.set(id, isOne);
    return isOne;
  }
  #holdsHandle(type: Expression, path: string, depth: number): boolean {
    if (type.is === 'unknown' || type.is === 'function') return true;
    if (type.is === 'holder') return type.kind === 'channel' || this.#holdsHandle(type.of, path, depth);
    if (type.is === 'selector') return type.of.is === 'name' && handles.test(type.of.name);
    const id = type.is === 'name' && depth < 3 ? this.program.evaluator.types.idOf(type, path) : undefined;
    return id !== undefined && isOwnType(id) && this.#isHandle(id, depth + 1);
  }

  /** `map[string]T`, `[]T`, `sync.Map`. */
  of(type: Expression | undefined, path: string): Kind | undefined {
    if (type?.is === 'holder' && type.kind !== 'channel' && !this.#isBound(type.of, path)) return type.kind;
    return type?.is === 'selector' && type.name === 'Map' && type.of.is === 'name' && type.of.name === 'sync' ? 'map' : undefined;
  }

  /** What a variable or field of a name may hold; limiters count in maps of buckets and times. */
  container(type: Expression | undefined, path: string, around: string): Kind | undefined {
    const declared = this.withoutName(type, path);
    return this.#holdsBehaviour(declared, path) ? undefined : (this.of(declared, path) ?? kindOfCounts(declared, around));
  }

  /** `type sessions map[string]User` is the map that it names. */
  withoutName(type: Expression | undefined, path: string): Expression | undefined {
    if (type?.is !== 'name') return type;
    const { types } = this.program.evaluator;
    const id = types.idOf(type, path);
    const own = id === undefined || !isOwnType(id) ? undefined : types.typeOf(id);
    return own?.kind === 'other' && own.of?.is === 'holder' ? own.of : type;
  }

  /** It holds behaviour: notifiers, drivers, strategies that the program knows. */
  #holdsBehaviour(type: Expression | undefined, path: string): boolean {
    const id = type?.is === 'holder' ? this.program.evaluator.types.idOf(type.of, path) : undefined;
    return id !== undefined && isOwnType(id) && this.program.evaluator.types.typeOf(id)?.kind === 'interface';
  }
}

/** Counts how often somebody asked. */
export const limits = /rate_?limit|limiter/i;
/** `map[string]*bucket` of a limiter; where it holds limiters of a library, these tell. */
const kindOfCounts = (type: Expression | undefined, name: string): Kind | undefined =>
  limits.test(name) && type?.is === 'holder' && type.kind === 'map' && (type.of.is === 'name' || isTimes(type.of)) ? 'map' : undefined;
/** `[]time.Time`: when somebody asked. */
const isTimes = (type: Expression): boolean =>
  (type.is === 'holder' && type.kind !== 'channel' && isTimes(type.of)) ||
  (type.is === 'selector' && type.name === 'Time' && type.of.is === 'name' && type.of.name === 'time');

export function typeOfValue(value: Expression): Expression | undefined {
  if (value.is === 'composite') return value.type;
  return value.is === 'call' && value.callee.is === 'name' && value.callee.name === 'make' ? value.args[0] : undefined;
}
export const declaredType = ({ value, type }: Assignment): Expression | undefined => typeOfValue(value) ?? type;

/** `var reserved = map[string]bool{"admin": true}`: a table of the program. */
export const isTable = ({ value }: Assignment): boolean =>
  value.is === 'composite' &&
  value.fields.length + value.items.length > 0 &&
  value.type.is === 'holder' &&
  value.type.kind === 'map' &&
  value.type.of.is === 'name' &&
  /^(?:bool|string|int)$/.test(value.type.of.name);
