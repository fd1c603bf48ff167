/** Whether work stays in the memory of its own copy: everything that it calls is in sight, and nothing of it reaches out. */
import type { MethodView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Expression, JavaFile } from '../summary.ts';

const mostMethods = 60;
const logging = /^(?:trace|debug|info|warn|error|fatal)$/;
const plainTypes =
  /^(?:String|StringBuilder|Math|Integer|Long|Double|Boolean|Character|Object|Objects|Optional|Iterable|Comparable|int|long|double|boolean|Logger|Log)$/;
const plainPackages =
  /^(?:java\.(?:util(?!\.concurrent\.(?:\w*Execut|ForkJoin|Completable))|time|math|text)\.|org\.slf4j\.|org\.apache\.commons\.(?:lang3?|collections4?)\.|io\.micrometer\.core\.instrument\.|com\.google\.common\.(?:base|collect|cache|primitives)\.|com\.github\.benmanes\.caffeine\.)/;

function isPlainType(file: JavaFile, type: string): boolean {
  const head = type.split('.')[0]!;
  if (plainTypes.test(head) || plainPackages.test(`${type}.`)) return true;
  const named = file.imports.find(
    ({ name, wildcard, isStatic }) => !wildcard && !isStatic && name.slice(name.lastIndexOf('.') + 1) === head,
  );
  return named !== undefined && plainPackages.test(named.name) && !/\.(?:Timer|Scanner|ServiceLoader)$/.test(named.name);
}

type Receiver = { readonly file: JavaFile; readonly type: string };

/** The type of a receiver, through calls of the program's own methods; what a plain type returns stays plain. */
function receiverOf(expression: Expression, method: MethodView, view: ProgramView, depth = 0): Receiver | 'plain' | undefined {
  if (depth > 12) return undefined;
  if (expression.is === 'call' && expression.on) {
    const on = receiverOf(expression.on, method, view, depth + 1);
    if (on === 'plain' || on === undefined) return on;
    if (isPlainType(on.file, on.type)) return 'plain';
    const owner = view.names.find(on.file, on.type);
    const returns = owner?.type.methods.find(({ name }) => name === expression.name)?.returns;
    return owner && returns ? { file: owner.file, type: returns } : undefined;
  }
  if (expression.is === 'text' || expression.is === 'sum') return 'plain';
  const type = view.names.typeOf(expression, method);
  return type === undefined ? undefined : { file: method.file, type };
}

function isInSight(call: MethodView['method']['calls'][number], method: MethodView, view: ProgramView): boolean {
  if (logging.test(call.name)) return true;
  if (!call.on) return method.type.methods.some(({ name }) => name === call.name);
  const receiver = receiverOf(call.on, method, view);
  if (receiver === undefined || receiver === 'plain') return receiver === 'plain';
  if (isPlainType(receiver.file, receiver.type)) return true;
  const owner = view.names.find(receiver.file, receiver.type);
  // The work behind an interface is done elsewhere.
  return owner !== undefined && owner.type.kind !== 'interface' && owner.type.methods.some(({ name }) => name === call.name);
}

export function staysInMemory(start: MethodView, view: ProgramView): boolean {
  const reached = view.calledFrom(start);
  return (
    reached.length <= mostMethods &&
    reached.every(
      (method) =>
        method.method.calls.every((call) => isInSight(call, method, view)) &&
        method.method.creations.every(
          ({ type }) => isPlainType(method.file, type) || view.names.find(method.file, type)?.type.kind === 'class',
        ),
    )
  );
}
