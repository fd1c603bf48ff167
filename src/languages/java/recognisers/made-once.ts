/** Objects of the program of which there is one, though no container makes them. */
import type { MethodView, TypeView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Field } from '../summary.ts';
import { inFiles } from '../views.ts';

/** `private static Registry instance = new Registry()`, which nobody else can make, or `getInstance()` makes it when it is first asked for. */
export const isSingleton = ({ type }: TypeView): boolean => {
  const holders = type.fields.filter(({ modifiers, type: of }) => modifiers.includes('static') && of === type.name);
  if (holders.length === 0) return false;
  const isHidden =
    type.methods.some(({ name }) => name === '<init>') &&
    type.methods.every(({ name, modifiers }) => name !== '<init>' || modifiers.includes('private'));
  const isMadeLazily = type.methods.some(
    ({ modifiers, returns, assignments }) =>
      modifiers.includes('static') &&
      returns === type.name &&
      assignments.some(
        ({ target, value }) => holders.some(({ name }) => name === target.at(-1)) && value?.is === 'new' && value.type === type.name,
      ),
  );
  return isMadeLazily || (isHidden && holders.some(({ value }) => value?.is === 'new'));
};

interface Made {
  readonly type: string;
  readonly by: TypeView;
  readonly field?: Field;
  readonly method?: MethodView;
}
const made = inFiles(({ types, methods }): readonly Made[] => [
  ...types.flatMap((by) => by.type.fields.flatMap((field) => (field.value?.is === 'new' ? [{ type: field.value.type, by, field }] : []))),
  ...methods.flatMap((by) => by.method.creations.map(({ type }) => ({ type, by, method: by }))),
]);
const byType = new WeakMap<ProgramView['files'], ReadonlyMap<string, readonly Made[]>>();
function makersOf(name: string, program: ProgramView): readonly Made[] {
  let known = byType.get(program.files);
  if (!known) {
    const found = new Map<string, Made[]>();
    for (const one of made(program)) {
      const last = one.type.slice(one.type.lastIndexOf('.') + 1);
      const same = found.get(last);
      if (same) same.push(one);
      else found.set(last, [one]);
    }
    byType.set(program.files, found);
    known = found;
  }
  return known.get(name) ?? [];
}

const isMain = ({ path, method: { name, modifiers } }: MethodView): boolean =>
  name === 'main' && (modifiers.includes('static') || path.endsWith('.kt'));
/** A verticle of Vert.x that the program deploys. */
const startsVerticle = ({ type, method }: MethodView): boolean =>
  /^(?:start|rxStart|asyncStart)$/.test(method.name) && /Verticle$/.test(type.superclass ?? '');

const reachedFromStart = new WeakMap<ProgramView['files'], ReadonlySet<string>>();
/** The start of the program, or what only that leads to. */
function runsAtStart(method: MethodView, program: ProgramView): boolean {
  if (isMain(method) || startsVerticle(method)) return true;
  let reached = reachedFromStart.get(program.files);
  if (!reached) {
    reached = new Set(program.calledFrom(program.methods.filter((one) => isMain(one) || startsVerticle(one))).map(({ id }) => id));
    reachedFromStart.set(program.files, reached);
  }
  return reached.has(method.id) && !program.handlesWork(method);
}

/** Everything that makes one runs once: `private final Rooms rooms = new Rooms()` of a bean, a static field, the start of the program. */
export function isHeldOnce({ type }: TypeView, program: ProgramView, isShared: (owner: TypeView, field: Field) => boolean): boolean {
  const makers = makersOf(type.name.slice(type.name.lastIndexOf('.') + 1), program);
  return (
    makers.length === 1 &&
    makers.every(({ by, field, method }) => (field ? isShared(by, field) : method !== undefined && runsAtStart(method, program)))
  );
}
