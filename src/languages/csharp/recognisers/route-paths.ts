/** Route templates of ASP.NET Core as paths: `{id:int}` becomes `:id`, `{*rest}` becomes `*`. */

import type { MethodView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

const pathOfSegment = (segment: string): string =>
  // What may be left out answers without it, too.
  /^\{\*{1,2}|^\{[^{}]*\?\}$/.test(segment) ? '*' : segment.replace(/\{([\w-]+)(?:[:=][^{}]*)?\??\}/g, ':$1');

export const pathOfTemplate = (template: string): string =>
  `/${template
    .replace(/^~?\/+/, '')
    .replace(/\/+$/, '')
    .split('/')
    .map(pathOfSegment)
    .join('/')}`;

export const joinPaths = (before: string, after: string): string => {
  const joined = `${before.replace(/\/+$/, '')}/${after.replace(/^\/+/, '')}`;
  return joined.length > 1 ? joined.replace(/\/+$/, '') : joined;
};

const maxDepth = 12;

/** What the groups around an endpoint put before its path; `undefined` when it cannot be told. */
export function prefixOf(expression: Expression | undefined, view: MethodView, program: ProgramView, depth = 0): string | undefined {
  if (depth > maxDepth) return undefined;
  if (!expression) return '';
  if (expression.is === 'call') {
    if (!expression.on) {
      const [result] = program.graph
        .targetsOf(expression, view)
        .flatMap((target) => target.method.returns.map((value) => ({ value, target })));
      return result
        ? prefixOf(result.value, result.target, program, depth + 1)
        : expression.name === 'MapGroup'
          ? groupOf(expression, '', view, program)
          : undefined;
    }
    const before = prefixOf(expression.on, view, program, depth + 1);
    return before === undefined || expression.name !== 'MapGroup' ? before : groupOf(expression, before, view, program);
  }
  if (expression.is !== 'name') return undefined;
  if (expression.path.length > 1) return '';
  const [name = ''] = expression.path;
  for (const around of program.names.around(view)) {
    const local = around.method.locals.findLast((one) => one.name === name);
    if (local) return local.value ? prefixOf(local.value, around, program, depth + 1) : undefined;
    const index = around.method.parameters.findIndex((one) => one.name === name);
    if (index >= 0) return prefixOfParameter(around, index, program, depth);
  }
  return '';
}

function groupOf(
  { args }: Extract<Expression, { is: 'call' }>,
  before: string,
  view: MethodView,
  program: ProgramView,
): string | undefined {
  const own = program.evaluator.text(args[0], view);
  return own === undefined ? undefined : joinPaths(before, pathOfTemplate(own));
}

/** A method that maps endpoints on what its callers hand over. */
function prefixOfParameter(view: MethodView, index: number, program: ProgramView, depth: number): string | undefined {
  const { method } = view;
  if (method.name === '<lambda>') return method.handedTo === 'MapGroup' || method.handedTo === 'Group' ? undefined : '';
  const callers = program.graph.callersOf(view.id).slice(0, 10);
  const prefixes = new Set(
    callers.map(({ call, caller }) => {
      const isOn = method.extends && index === 0 && call.on !== undefined && call.args.length < method.parameters.length;
      return prefixOf(
        isOn ? call.on : call.args[index - (method.extends && index > 0 && call.args.length < method.parameters.length ? 1 : 0)],
        caller,
        program,
        depth + 1,
      );
    }),
  );
  if (prefixes.size > 1) return undefined;
  const [only] = prefixes;
  if (prefixes.size === 1) return only;
  return /^RouteGroupBuilder$/.test(method.parameters[index]!.type) ? undefined : '';
}
