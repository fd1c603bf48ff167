/** `var reader User`, `reader = sent`: what one request leaves in a variable of a package for others. */
import type { Emit, ProgramView } from '../recogniser.ts';
import type { Assignment, Expression, Guard } from '../summary.ts';
import { placeAt } from '../value-shapes.ts';
import { folderOf } from '../workspace.ts';
import type { GivenValues } from './process-state-given.ts';

interface Left {
  readonly path: string;
  readonly own: Assignment;
}

const mentions = (test: Expression, name: string): boolean => JSON.stringify(test).includes(`"name":"${name}"`);
const asks = (when: readonly Guard[] | undefined, name: string): boolean => (when ?? []).some(({ test }) => mentions(test, name));
/** The program's own name for what was declared: numbers, texts and structs of the package. */
const isPlainType = (type: Expression | undefined): boolean => type === undefined || type.is === 'name';

const isObject = (value: Expression): boolean => value.is === 'composite' && value.type.is === 'name';

function declarations(program: ProgramView): ReadonlyMap<string, Left> {
  const found = new Map<string, Left>();
  for (const { own, path } of program.assignments) {
    const isVariable = own.within === undefined && own.how === 'declare' && !own.constant && own.target.length === 1;
    if (isVariable && isPlainType(own.type) && (own.type || own.value.is === 'literal' || isObject(own.value)))
      found.set(`${folderOf(path)} ${own.target[0]}`, { own, path });
  }
  return found;
}

export function emitValues(program: ProgramView, given: GivenValues, isMemo: (name: string, key: string) => boolean, emit: Emit): void {
  const variables = declarations(program);
  if (variables.size === 0) return;
  const isGlobal = (name: string, path: string, within: number): boolean => {
    const functions = program.summary(path)?.functions ?? [];
    for (let at: number | undefined = within, steps = 0; at !== undefined && steps < 20; at = functions[at]?.parent, steps++)
      if (functions[at]?.parameters.some((one) => one.name === name) || program.evaluator.index.locals(path, at, name).length > 0)
        return false;
    return true;
  };
  const writes = new Map<string, Left[]>();
  for (const { own, path } of program.assignments) {
    const [name = ''] = own.target;
    const key = `${folderOf(path)} ${name}`;
    if (own.within === undefined || own.how !== 'set' || own.key || own.target.length > 1 || !variables.has(key) || isMemo(name, key))
      continue;
    if (!program.servesRequest(`${path}#${own.within}`) || asks(own.when, name) || !isGlobal(name, path, own.within)) continue;
    if (given.isGiven(own.value, undefined, path, own.within)) writes.set(key, [...(writes.get(key) ?? []), { own, path }]);
  }
  for (const [key, all] of writes) {
    const { own, path } = variables.get(key)!;
    const name = own.target[0]!;
    const writers = new Set(all.map((one) => `${one.path}#${one.own.within}`));
    const reads = program.files
      .filter((file) => folderOf(file) === folderOf(path))
      .flatMap((file) =>
        (program.summary(file)?.reads ?? []).flatMap(({ path: read, within, at }) =>
          read[0] === name &&
          within !== undefined &&
          !writers.has(`${file}#${within}`) &&
          program.servesRequest(`${file}#${within}`) &&
          isGlobal(name, file, within)
            ? [placeAt(file, at)]
            : [],
        ),
      );
    const places = all.map((one) => placeAt(one.path, one.own.at));
    if (reads.length > 0)
      emit('process-state', { place: placeAt(path, own.at) }, { name, type: 'value', holds: 'state', writes: places, reads }, 'likely');
  }
}
