/** Caches of the program's own making: a class with a map that callers put values into and ask for them. */
import type { CallView, MethodView, TypeView } from '../names.ts';
import { type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Field } from '../summary.ts';
import { inFiles } from '../views.ts';
import { handsIn, kept } from './memos.ts';
import { isInjected, isShared } from './process-state.ts';

const maps = /(?:^|\.)(?:Map|HashMap|LinkedHashMap|ConcurrentMap|ConcurrentHashMap|Hashtable|WeakHashMap)$/;
/** What only this copy has is no copy of anything; what is packed or made of the code is alike everywhere. */
const otherContent =
  /token|credential|lock|limit|attempt|template|pattern|message|executor|client|session|future|connection|thread|bean|\bClass\b|\bMethod\b|\bField\b|\bLocale\b|annotation|mapper|logger|socket|channel|handler|listener/i;

/** The caller's value, or an entry that is made of it: `map.put(key, new Entry(value, until))`. */
function keepsGiven(call: CallView): boolean {
  if (!/^put(?:IfAbsent)?$/.test(call.call.name)) return false;
  if (handsIn(call, call.call)) return true;
  const value = kept(call.call);
  const made = value?.is === 'name' ? call.method.locals.findLast(({ name }) => name === value.path[0])?.value : value;
  const isGiven = (name: string): boolean => call.method.parameters.some((parameter) => parameter.name === name);
  return made?.is === 'new' && made.args.some((argument) => argument.is === 'name' && isGiven(argument.path[0]!));
}

interface Candidate {
  readonly view: TypeView;
  readonly field: Field;
  readonly writers: readonly MethodView[];
  readonly readers: readonly MethodView[];
}
const candidates = inFiles(({ types, calls }) =>
  types.flatMap((view) =>
    view.type.fields.flatMap((field): readonly Candidate[] => {
      if (!maps.test(field.type) || isInjected(field) || !/cache/i.test(`${view.type.name} ${field.name}`)) return [];
      if (otherContent.test(`${view.type.name} ${field.name} ${field.of ?? ''}`)) return [];
      const own = calls.filter(({ type, call: { on } }) => type === view.type && on?.is === 'name' && on.path.at(-1) === field.name);
      const writers = own.filter(keepsGiven);
      const ids = new Set(writers.map(({ id }) => id));
      const readers = own.filter(({ id, call, method }) => call.name === 'get' && !ids.has(id) && method.returns !== undefined);
      return writers.length > 0 && readers.length > 0 ? [{ view, field, writers, readers }] : [];
    }),
  ),
);

const isUsed = (view: ProgramView, methods: readonly MethodView[]): boolean => methods.some((method) => view.handlesWork(method));

export const ownCaches: Recogniser = {
  text: ['Map<'],
  recognise(view, emit) {
    for (const { view: type, field, writers, readers } of candidates(view)) {
      if (!isShared(type, field, view) || !isUsed(view, writers) || !isUsed(view, readers)) continue;
      const place = placeAt(type.path, field.at);
      emit('cache', place, { library: `\`${field.name}\``, stores: [{ kind: 'memory', place }], holds: 'data' }, { confidence: 'likely' });
    }
  },
};
