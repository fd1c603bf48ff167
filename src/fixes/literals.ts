/** Literals of code that belong into the environment: secrets and addresses. */
import type { Node } from '@babel/types';
import { isProduction } from '../text/workload-questions.ts';
import type { Edit, Finding, Fix, Place, Service } from '../types.ts';
import { type FixContext, type FixMaker, makeFix, serviceOf } from './fix-maker.ts';
import { isCall, nodesAround, replaceNode, scriptOf, textOf } from './script-edit.ts';
import type { Script } from './scripts.ts';
import { declareVariable, nameSecrets } from './variables.ts';

const constantCase = (...words: readonly string[]): string =>
  words
    .join('_')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();

/** Names of the properties and the variable around a node, outermost first. */
function keysAround(around: readonly Node[]): readonly string[] {
  return around.flatMap((node) => {
    if (node.type === 'ObjectProperty' && !node.computed) {
      if (node.key.type === 'Identifier') return [node.key.name];
      return node.key.type === 'StringLiteral' ? [node.key.value] : [];
    }
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') return [node.id.name];
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression' && node.left.property.type === 'Identifier')
      return [node.left.property.name];
    return [];
  });
}

/** The innermost call that takes the node, as words: `session`, `jwt`. */
function calleeName(script: Script, around: readonly Node[]): string | undefined {
  const call = around.findLast(isCall);
  if (!call) return undefined;
  const { callee } = call;
  const named = callee.type === 'MemberExpression' ? callee.object : callee;
  return named.type === 'Identifier' ? named.name : textOf(script, callee).split('.').at(-1);
}

const schemes: Readonly<Record<string, string>> = {
  mongodb: 'MONGODB_URL',
  'mongodb+srv': 'MONGODB_URL',
  redis: 'REDIS_URL',
  rediss: 'REDIS_URL',
  amqp: 'AMQP_URL',
  amqps: 'AMQP_URL',
  postgres: 'DATABASE_URL',
  postgresql: 'DATABASE_URL',
  mysql: 'DATABASE_URL',
  mariadb: 'DATABASE_URL',
};

interface Literal {
  readonly script: Script;
  readonly node: Node;
  readonly around: readonly Node[];
  readonly value: string;
}
function literalAt(place: Place, context: FixContext): Literal | undefined {
  const script = scriptOf(context, place.path);
  const around = script ? nodesAround(script, place) : [];
  const node = around.at(-1);
  return script && node?.type === 'StringLiteral' ? { script, node, around: around.slice(0, -1), value: node.value } : undefined;
}

/** A whole name is clear by itself; a word like `password` needs what it is for in front. */
function nameFor({ script, around, value }: Literal, what: string): string | undefined {
  const scheme = schemes[/^([a-z+]+):\/\//.exec(value)?.[1] ?? ''];
  if (scheme) return scheme;
  const keys = keysAround(around);
  const last = keys.at(-1);
  const callee = calleeName(script, around);
  if (what === 'signing secret' && /^(?:jwt|jsonwebtoken)$/i.test(callee ?? '')) return 'JWT_SECRET';
  if (what === 'signing secret' && /^session$/i.test(callee ?? '')) return 'SESSION_SECRET';
  if (last === undefined) return undefined;
  const name = constantCase(last);
  if (name.includes('_')) return name;
  const before =
    keys.slice(0, -1).findLast((key) => !/^(?:auth|options|opts|config|settings|credentials|default|exports)$/i.test(key)) ??
    (callee && !/^(?:create\w*|require|new|config\w*|Object)$/i.test(callee) ? callee : undefined);
  return before === undefined ? `APP_${name}` : constantCase(before, last);
}

const isName = (name: string): boolean => /^[A-Z][A-Z\d_]{2,60}$/.test(name);
/** TypeScript takes a variable for one that may be missing. */
const read = (script: Script, name: string): string => `process.env.${name}${/\.[cm]?tsx?$/.test(script.path) ? '!' : ''}`;

/** Another variable of that name means something else. */
const isTaken = (service: Service, name: string): boolean =>
  service.code.all('env-read').some(({ value }) => value.name === name) ||
  service.deployments.some(({ environment }) => environment.given.some((entry) => entry.name === name));

function fixLiteral(finding: Finding, service: Service, context: FixContext): readonly Fix[] {
  const literal = literalAt(finding.place, context);
  const name = literal && nameFor(literal, String(finding.data['what']));
  if (!literal || !name || !isName(name) || isTaken(service, name)) return [];
  const declared = declareVariable(service, { name }, context);
  const repeated = finding.related.filter(({ message }) => message === 'the same text, too').map(({ place }) => literalAt(place, context));
  const replaced = [literal, ...repeated].map((one) => one && replaceNode(one.script, one.node, read(one.script, name)));
  const edits = declared ? [...replaced, ...declared] : [undefined];
  const title = `Read it from \`${name}\`; then change the value, which everybody knows`;
  return makeFix(nameSecrets(title, service, { name }, context), false, edits);
}

/** `process.env.X || 'literal'` → `process.env.X`. */
function dropFallback(finding: Finding, service: Service, context: FixContext): readonly Fix[] {
  const literal = literalAt(finding.place, context);
  const choice = literal?.around.findLast((node) => node.type === 'LogicalExpression');
  const name = String(finding.data['env']);
  if (!literal || choice?.type !== 'LogicalExpression' || choice.right !== literal.node) return [];
  const left = textOf(literal.script, choice.left);
  if (!left.endsWith(name) && !left.endsWith(`['${name}']`) && !left.endsWith(`["${name}"]`)) return [];
  const declared = declareVariable(service, { name }, context);
  const suffix = /\.[cm]?tsx?$/.test(literal.script.path) ? '!' : '';
  return makeFix(nameSecrets(`Drop the fallback for \`${name}\``, service, { name }, context), false, [
    ...(declared ?? [undefined]),
    replaceNode(literal.script, choice, left + suffix),
  ]);
}

export const hardcodedCredential: FixMaker = {
  rule: 'hardcoded-credential',
  offers: [
    {
      what: 'read a secret of the code from a variable, with its entry in the manifests (a Secret in Kubernetes) and in the sample `.env`',
      safe: false,
    },
    { what: 'drop a fixed secret as the fallback of a variable', safe: false },
  ],
  make(finding, context) {
    const service = serviceOf(finding, context);
    if (!service) return [];
    if (finding.messageId === 'code') return fixLiteral(finding, service, context);
    return finding.messageId === 'fallback' ? dropFallback(finding, service, context) : [];
  },
};

/** What answers in the place of `localhost`: the workload that the finding names. */
function peerOf(finding: Finding): string | undefined {
  const message = finding.related[0]?.message ?? '';
  return /^`([\w-]+)` listens on port/.exec(message)?.[1];
}

function addressName(literal: Literal, place: Place, finding: Finding): string | undefined {
  // A pattern for `util.format`: another address would lack its places.
  if (literal.value.includes('%')) return undefined;
  const keys = keysAround(literal.around);
  const last = keys.at(-1) ?? '';
  const host = /^(?:[a-z+]+:\/\/)?([a-z][\w-]*)/i.exec(literal.value)?.[1];
  const scheme = schemes[/^([a-z+]+):\/\//.exec(literal.value)?.[1] ?? ''];
  if (scheme) return scheme;
  if (/^(?:https?):/.test(literal.value)) {
    if (/.(?:url|uri|host|endpoint|api|service)$/i.test(last)) return constantCase(last);
    return host && /^https?:\/\//.test(literal.value) ? hostName(literal.value) : undefined;
  }
  const isHost = /^[\w.-]+$/.test(literal.value) && /host|server|address/i.test(last);
  if (!isHost || place.path !== finding.place.path) return undefined;
  const own = constantCase(last);
  return own.includes('_') ? own : constantCase(calleeName(literal.script, literal.around) ?? 'backend', last);
}
/** `http://cart.shop:8080` → `CART_URL`. */
function hostName(value: string): string | undefined {
  const label = /^https?:\/\/([a-z][\w-]*)/i.exec(value)?.[1];
  return label && !/^(?:localhost|api|www)$/i.test(label) ? constantCase(label, 'url') : undefined;
}

interface Addressed {
  readonly name: string;
  readonly edit: Edit;
  readonly value: string;
}
function editAddress(place: Place, finding: Finding, service: Service, context: FixContext): Addressed | undefined {
  const literal = literalAt(place, context);
  const name = literal && addressName(literal, place, finding);
  if (!literal || !name || !isName(name) || isTaken(service, name)) return undefined;
  const inChoice = literal.around.at(-1)?.type === 'LogicalExpression';
  const text = `process.env.${name} || ${textOf(literal.script, literal.node)}`;
  const isOperand = /^(?:BinaryExpression|MemberExpression|ConditionalExpression)$/.test(literal.around.at(-1)?.type ?? '');
  return inChoice
    ? undefined
    : { name, edit: replaceNode(literal.script, literal.node, isOperand ? `(${text})` : text), value: literal.value };
}

export const hardcodedEndpoint: FixMaker = {
  rule: 'hardcoded-endpoint',
  offers: [
    {
      what: 'read the address from a variable, with the present one as its default; give it where the peer is deployed under another name',
      safe: true,
    },
  ],
  make(finding, context) {
    const service = serviceOf(finding, context);
    if (!service) return [];
    const places = [finding.place, ...finding.related.filter(({ message }) => message.endsWith('is fixed here')).map(({ place }) => place)];
    const found = places.map((place) => editAddress(place, finding, service, context));
    const names = [...new Set(found.map((each) => each?.name))];
    // One name for two addresses would make them one.
    if (found.some((each) => each === undefined) || names.length !== found.length) return [];
    const peer = peerOf(finding);
    const deployed = service.deployments.some(isProduction);
    const given =
      peer && deployed
        ? found.map((each) => declareVariable(service, { name: each!.name, value: inPlaceOf(each!.value, peer) }, context))
        : [];
    const edits = given.flatMap((each): readonly (Edit | undefined)[] => each ?? [undefined]);
    const title = `Read the address from ${names.map((name) => `\`${name}\``).join(', ')}`;
    return makeFix(title, given.length === 0, [...found.map((each) => each!.edit), ...edits]);
  },
};

const inPlaceOf = (address: string, peer: string): string => address.replace(/localhost|127\.0\.0\.1|\[::1\]/i, peer);
