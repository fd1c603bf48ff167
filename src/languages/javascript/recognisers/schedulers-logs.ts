import type { Node } from '@babel/types';
import type { SyntaxPass } from '../context.ts';
import { unwrap } from '../expressions.ts';
import { memberPath } from '../node-shapes.ts';
import type { ProgramView } from '../recogniser.ts';
import { functionTypes } from '../scopes.ts';

/** Samples that only tell that they ran are short. */
const longest = 10;
const levels = /^(?:log|info|debug|warn|error|trace|verbose)$/;
const loggers = /^console$|^[\w$]{0,40}[lL]og(?:ger)?$/;

/** `log.info(…)`, `await this.logger.info(…)`. */
function isLogCall(source: Node): boolean {
  const call = unwrap(source);
  if (call.type !== 'CallExpression') return false;
  const callee = memberPath(call.callee as Node);
  const isNamed = callee?.root.type === 'Identifier';
  if (!callee || (!isNamed && callee.root.type !== 'ThisExpression')) return false;
  const names = isNamed ? [(callee.root as Node & { name: string }).name, ...callee.path] : callee.path;
  return names.length === 2 && loggers.test(names[0]!) && levels.test(names[1]!);
}

function onlyLogs(body: Node): boolean {
  if (body.type !== 'BlockStatement') return isLogCall(body);
  const statements = body.body.filter(({ type }) => type !== 'EmptyStatement');
  return (
    statements.length <= longest &&
    statements.every((statement) => statement.type === 'ExpressionStatement' && isLogCall(statement.expression as Node))
  );
}

/** Numbers of the functions of a module that log or are empty, and do nothing else. */
export const logOnlyFunctions: SyntaxPass = {
  id: 'log-only-functions',
  text: [/\bconsole\b|[lL]og(?:ger)?\s?\??\.|\b(?:schedule(?:Job)?|CronJob|createTask)\s?\(/],
  run: (view) =>
    view.nodes(...functionTypes).flatMap((node) => {
      const id = view.functionId(node);
      return id !== undefined && onlyLogs((node as Node & { body: Node }).body) ? [id] : [];
    }),
};

/** What is scheduled only tells that it ran, as samples do. */
export const onlyTells = (program: ProgramView, functions: readonly string[]): boolean =>
  functions.length > 0 &&
  functions.every((id) => {
    const cut = id.lastIndexOf('#');
    const found = program.evaluator.graph.summary(id.slice(0, cut))?.passes[logOnlyFunctions.id];
    return found?.includes(Number(id.slice(cut + 1))) ?? false;
  });
