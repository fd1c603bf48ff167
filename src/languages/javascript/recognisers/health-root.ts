import type { Node } from '@babel/types';
import type { SyntaxPass } from '../context.ts';
import { keyName, unwrap } from '../expressions.ts';
import type { Emit, ProgramView } from '../recogniser.ts';
import { atOf, isFunctionNode } from '../scopes.ts';
import type { At } from '../summary.ts';
import { eachChild } from '../syntax-tree.ts';

/** `app.get('/', (req, res) => res.json({ status: 'ok' }))`: the root is there to tell whether the service works. */
interface RootAnswer {
  readonly at: At;
}

const works = /^(?:ok|okay|up|healthy|alive|running|live|online|pong|i(?: a|')m (?:alive|up|healthy))[.!]?$/i;
const tells = /^(?:status|state|health|healthy|ok|alive)$/i;
/** What a health answer holds beside the word itself: nothing of the service's data. */
const beside =
  /^(?:status|state|health|healthy|ok|success|alive|message|msg|uptime|time(?:stamp)?|date|now|version|name|service|app|env(?:ironment)?|pid|host(?:name)?|server|description|docs?|documentation|code|error)$/i;
const senders = /^(?:json|send|end|jsonp)$/;

function isAnswer(node: Node | undefined): boolean {
  const value = node && unwrap(node);
  if (value?.type === 'StringLiteral') return works.test(value.value.trim());
  if (value?.type !== 'ObjectExpression') return false;
  const properties = value.properties.map((property) =>
    property.type === 'ObjectProperty'
      ? { name: keyName(property.key as Node, property.computed), value: unwrap(property.value as Node) }
      : undefined,
  );
  return (
    properties.every((property) => property?.name !== undefined && beside.test(property.name)) &&
    properties.some((property) => {
      const given = property!.value;
      if (!tells.test(property!.name!)) return false;
      return given.type === 'StringLiteral' ? works.test(given.value.trim()) : given.type === 'BooleanLiteral' && given.value;
    })
  );
}

/** What a handler sends, returns, or puts into `ctx.body`. */
function answerIn(node: Node): boolean {
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression')
    if (senders.test(keyName(node.callee.property as Node, node.callee.computed) ?? '') && isAnswer(node.arguments[0] as Node | undefined))
      return true;
  if (node.type === 'ReturnStatement' && isAnswer((node.argument as Node | null) ?? undefined)) return true;
  if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression')
    if (keyName(node.left.property as Node, node.left.computed) === 'body' && isAnswer(node.right as Node)) return true;
  let found = false;
  eachChild(node, (child) => {
    found ||= answerIn(child);
  });
  return found;
}

export const rootAnswers: SyntaxPass = {
  id: 'root-answers',
  text: [/\.get\s?\(\s{0,20}['"`]\/['"`]/],
  run: (view) =>
    view.nodes('CallExpression').flatMap((node): RootAnswer[] => {
      const [path, ...handlers] = node.arguments as Node[];
      if (path?.type !== 'StringLiteral' || path.value !== '/' || node.callee.type !== 'MemberExpression') return [];
      if (keyName(node.callee.property as Node, node.callee.computed) !== 'get') return [];
      const handler = handlers.at(-1);
      if (!handler || !isFunctionNode(handler)) return [];
      const { body } = handler as Node & { body: Node };
      return answerIn(body) || isAnswer(body) ? [{ at: atOf(path) }] : [];
    }),
};

export function readRootAnswers(program: ProgramView, emit: Emit): void {
  for (const { path, item } of program.pass<RootAnswer>(rootAnswers.id)) {
    const [line, column, endLine, endColumn] = item.at;
    emit('health-helper', { place: { path, line, column, endLine, endColumn } }, { library: '`GET /`', paths: ['/'] }, 'likely');
  }
}

/** Methods behind `@Get()` that answer so; whether they stand at the root, their controllers tell. */
export const methodAnswers: SyntaxPass = {
  id: 'method-answers',
  text: [/@(?:Get|All|httpGet)\s?\(/],
  run: (view) =>
    view.nodes('ClassMethod').flatMap((node) => {
      const id = (node.decorators ?? []).length > 0 && answerIn(node.body as Node) ? view.functionId(node) : undefined;
      return id === undefined ? [] : [id];
    }),
};

const answering = new WeakMap<ProgramView, ReadonlySet<string>>();
/** The methods of a route at the root that tell that the service works. */
export function tellsAtRoot(program: ProgramView, path: string, handlers: readonly string[]): boolean {
  if (path !== '/') return false;
  const known = answering.get(program) ?? new Set(program.pass<number>(methodAnswers.id).map((one) => `${one.path}#${one.item}`));
  answering.set(program, known);
  return handlers.some((id) => known.has(id));
}
