/** Links to the machine itself, to which users are sent: `success_url: 'http://localhost:3000/paid'`, redirects, HTML of mails. */
import type { Node } from '@babel/types';
import type { SyntaxPass, SyntaxView } from '../context.ts';
import { keyName } from '../expressions.ts';
import { memberPath } from '../node-shapes.ts';
import { atOf } from '../scopes.ts';
import type { At, Guard } from '../summary.ts';
import { parentOf } from '../syntax-tree.ts';

export interface LinkSighting {
  readonly address: string;
  readonly at: At;
  readonly when?: readonly Guard[];
  readonly within?: number;
}

const begin = /^https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?(?=[/?#]|$)/i;
const inHtml = /\b(?:href|action)=\\?["']?(https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)(?=[/?#"'\s>]|$)/i;
const pageName =
  /^(?:success|cancell?|return|callback|redirect|fail(?:ure|ed)?|error|logout|back|(?:post_?)?logout_?redirect|confirm\w*|verif\w*|reset\w*|activat\w*|invit\w*|magic|unsubscribe)_?(?:ur[il]s?|redirect|href)$|links?$/i;

/** What a value goes through unchanged on its way to a name. */
const passes = new Set([
  'ArrayExpression',
  'ConditionalExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'ParenthesizedExpression',
  'BinaryExpression',
]);

/** The name under which the text stands, or the call that is given it. */
function sendsUser(text: Node): boolean {
  let inner = text;
  let holder = parentOf(text);
  while (holder && passes.has(holder.type)) {
    // Compared, or not where the text begins.
    if (holder.type === 'BinaryExpression' && (holder.operator !== '+' || holder.left !== inner)) return false;
    inner = holder;
    holder = parentOf(holder);
  }
  switch (holder?.type) {
    case 'ObjectProperty':
      return holder.value === inner && pageName.test(keyName(holder.key as Node, holder.computed) ?? '');
    case 'VariableDeclarator':
      return holder.id.type === 'Identifier' && pageName.test(holder.id.name);
    case 'ClassProperty':
      return pageName.test(keyName(holder.key as Node, holder.computed ?? false) ?? '');
    case 'AssignmentExpression':
      return holder.operator === '=' && pageName.test(memberPath(holder.left as Node)?.path.at(-1) ?? '');
    case 'CallExpression':
      return holder.arguments.includes(inner as never) && memberPath(holder.callee as Node)?.path.at(-1) === 'redirect';
    default:
      return false;
  }
}

const textsOf = (node: Node): readonly string[] =>
  node.type === 'StringLiteral'
    ? [node.value]
    : node.type === 'TemplateLiteral'
      ? node.quasis.map(({ value }) => value.cooked ?? value.raw)
      : [];

function addressIn(node: Node): string | undefined {
  const texts = textsOf(node);
  const [written] = begin.exec(texts[0] ?? '') ?? [];
  if (written !== undefined && sendsUser(node)) return written;
  for (const text of texts) {
    const linked = inHtml.exec(text)?.[1];
    if (linked !== undefined) return linked;
  }
  return undefined;
}

function sightingOf(node: Node, view: SyntaxView): readonly LinkSighting[] {
  const address = addressIn(node);
  if (address === undefined) return [];
  const { when, within } = view.contextOf(node);
  const [line, column] = atOf(node);
  const at: At = [line, column, line, column + 1];
  return [{ address, at, ...(when.length > 0 ? { when } : {}), ...(within === undefined ? {} : { within }) }];
}

const ownMachine =
  /(?:redirect|ur[il]s?|links?|href|action)['"]?\s{0,10}[:=(]\s{0,10}\[?\s{0,10}\\?['"`]?https?:\/\/(?:localhost|127\.0\.0\.1)/i;

export const writtenLinks: SyntaxPass = {
  id: 'written-links',
  text: [ownMachine],
  // Components are shown in a browser, which may well be on the developer's machine.
  run: (view) =>
    /\.[jt]sx$/.test(view.path) ? [] : view.nodes('StringLiteral', 'TemplateLiteral').flatMap((node) => sightingOf(node, view)),
};
