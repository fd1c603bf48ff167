import type { Value } from '../../facts.ts';
import type { Expression } from './summary.ts';

const mayBeFunction = ({ k }: Expression): boolean => /^(?:function|local|import|member|call)$/.test(k);

const named = (value: Value): readonly string[] => (value.is === 'function' ? [value.id, ...(value.around ?? [])] : []);

/** `asyncHandler(show)` of the program's own: the function that it returns may run the ones that it was given. */
export function aroundFunctions(made: Value, { args }: Expression & { k: 'call' }, readArguments: () => readonly Value[]): Value {
  const isFunction = made.is === 'function' || (made.is === 'choice' && made.options.some(({ value }) => value.is === 'function'));
  if (!isFunction || !args.some(mayBeFunction)) return made;
  const around = readArguments().flatMap(named);
  if (around.length === 0) return made;
  const wrap = (value: Value): Value => (value.is === 'function' ? { ...value, around } : value);
  return made.is === 'choice' ? { ...made, options: made.options.map((option) => ({ ...option, value: wrap(option.value) })) } : wrap(made);
}
