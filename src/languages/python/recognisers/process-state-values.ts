/** `global latest; latest = request.json`: what one request leaves in a variable of a module for others. */
import type { AssignmentView, Emit, ProgramView } from '../recogniser.ts';
import type { Expression, FunctionSummary, Guard } from '../summary.ts';
import { placeAt } from '../value-shapes.ts';

const mostDepth = 14;
const mostLocals = 6;
/** Names of parameters that are no data. */
const noData = /^(?:self|cls|db|session|conn|cursor|app|client|loop|ctx|context|logger|background_tasks?|tasks|settings|config)$/;

const parts = (one: Expression): readonly Expression[] => {
  switch (one.is) {
    case 'attribute':
      return [one.of];
    case 'item':
      return [one.of, one.key];
    case 'call':
      return [one.callee, ...one.args, ...Object.values(one.named)];
    case 'text':
      return one.parts;
    case 'list':
      return one.items;
    case 'dict':
      return one.entries.map(({ value }) => value);
    case 'or':
    case 'and':
      return [one.left, one.right];
    case 'conditional':
      return [one.yes, one.no];
    default:
      return [];
  }
};

/** `db: Session = Depends(open_session)`. */
const isDependency = (value: Expression | undefined): boolean =>
  value?.is === 'call' && value.callee.is === 'name' && /^(?:Depends|Security|Inject\w*)$/.test(value.callee.name);

/** It is made of what the request says, as far as the function itself shows. */
class Sent {
  constructor(
    readonly program: ProgramView,
    readonly path: string,
    readonly within: number,
    readonly own: FunctionSummary,
  ) {}
  has(value: Expression, depth = 0): boolean {
    if (depth > mostDepth) return false;
    if (value.is === 'name') return this.#isSent(value.name, depth);
    return parts(value).some((one) => this.has(one, depth + 1));
  }
  #isSent(name: string, depth: number): boolean {
    if (name === 'request') return true;
    const parameter = this.own.parameters.find((one) => one.name === name);
    if (parameter) return !noData.test(name) && !isDependency(parameter.default);
    const { assignments } = this.program.summary(this.path)!;
    return assignments
      .filter(({ target, within, key }) => within === this.within && target.length === 1 && target[0] === name && !key)
      .slice(0, mostLocals)
      .some((one) => this.has(one.value, depth + 1));
  }
}

const asks = (when: readonly Guard[] | undefined, name: string): boolean =>
  (when ?? []).some(({ test }) => JSON.stringify(test).includes(`"name":"${name}"`));

/** `nonlocal answer`: a function around it binds the name. */
function isOfFunction(program: ProgramView, path: string, from: number | undefined, name: string): boolean {
  const { assignments, functions } = program.summary(path)!;
  for (let at = from, steps = 0; at !== undefined && steps < 20; at = functions[at]?.parent, steps++)
    if (assignments.some(({ target, within }) => within === at && target.length === 1 && target[0] === name)) return true;
  return false;
}

/** A variable that a function of requests sets to what was sent, where it was empty before. */
function isLeft(program: ProgramView, { own, path, within }: AssignmentView): boolean {
  const [name = ''] = own.target;
  if (own.how !== 'set' || own.key || own.target.length !== 1 || own.within === undefined || !program.servesRequest(within)) return false;
  const around = program.evaluator.functionOf(within!);
  if (
    !around?.globals.includes(name) ||
    isOfFunction(program, path, around.parent, name) ||
    own.value.is === 'literal' ||
    asks(own.when, name)
  )
    return false;
  return isCode.test(name) || new Sent(program, path, own.within, around).has(own.value);
}
/** What was sent to somebody, who gives it back with the next request. */
const isCode = /otp|verif(?:y|ication)|captcha|reset_?(?:code|token)|one_?time/i;

export function emitValues(program: ProgramView, isMemo: (name: string, path: string) => boolean, emit: Emit): void {
  const found = new Map<string, AssignmentView[]>();
  for (const one of program.assignments)
    if (isLeft(program, one)) {
      const key = `${one.path} ${one.own.target[0]}`;
      found.set(key, [...(found.get(key) ?? []), one]);
    }
  for (const all of found.values()) {
    const [{ path, own, place }] = all as [AssignmentView];
    const [name = ''] = own.target;
    const begin = program.assigned(name).find((one) => one.path === path && one.own.within === undefined && one.own.class === undefined);
    // A list or a map is told as such.
    if (isMemo(name, path) || (begin && begin.own.value.is !== 'literal')) continue;
    const writers = new Set(all.map((one) => one.own.within));
    const reads = (program.summary(path)?.reads ?? []).filter(
      ({ path: [first], within, at }) =>
        first === name &&
        (isCode.test(name) ? !all.some(({ place: { line } }) => line === at[0]) : !writers.has(within)) &&
        program.servesRequest(`${path}#${within}`),
    );
    if (reads.length > 0)
      emit(
        'process-state',
        { place: begin?.place ?? place },
        { name, type: 'value', holds: 'state', writes: all.map((one) => one.place), reads: reads.map(({ at }) => placeAt(path, at)) },
        'likely',
      );
  }
}
