import type { Node } from '@babel/types';
import type { SyntaxPass } from '../context.ts';
import { keyName, unwrap } from '../expressions.ts';
import type { ProgramView, Recogniser } from '../recogniser.ts';
import { atOf } from '../scopes.ts';
import type { At, Expression, Guard } from '../summary.ts';
import { eachChild } from '../syntax-tree.ts';

interface Generated {
  readonly name: string;
  readonly at: At;
  /** The call that makes it. */
  readonly callee: Expression;
  /** What is taken instead where it is given: `process.env.X || …`. */
  readonly instead?: Expression;
  readonly when: readonly Guard[];
  readonly within?: number;
}
const secretName =
  /(?:^|[a-z_])(?:secret|jwt_?key|signing_?key|session_?key|cookie_?key|private_?key|encryption_?key|token_?key|hmac_?key|csrf_?key)s?$/i;
/** One-time values that only look like it: a client's own secret is handed out and kept. */
const otherName = /client_?secret|webhook|totp|otp|two_?factor|mfa/i;

const nameOf = (target: Node): string | undefined => {
  const node = unwrap(target);
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' ? keyName(node.property as Node, node.computed) : undefined;
};

/** Something that is given a value under a name. */
function named(node: Node): { name: string; value: Node } | undefined {
  if (node.type === 'VariableDeclarator' && node.init) return pair(nameOf(node.id as Node), node.init as Node);
  if (node.type === 'AssignmentExpression') return pair(nameOf(node.left as Node), node.right as Node);
  if (node.type === 'ObjectProperty') return pair(keyName(node.key as Node, node.computed), node.value as Node);
  if (node.type === 'ClassProperty' && node.value) return pair(keyName(node.key as Node, node.computed ?? false), node.value as Node);
  return undefined;
}
const pair = (name: string | undefined, value: Node): { name: string; value: Node } | undefined =>
  name === undefined ? undefined : { name, value };

/** The call at the root of `randomBytes(32).toString('hex')`, below `a || b`. */
function generatorIn(value: Node): { call: Node; instead?: Node } | undefined {
  const node = unwrap(value);
  if (node.type === 'ArrayExpression' && node.elements[0]) return generatorIn(node.elements[0] as Node);
  if (node.type === 'LogicalExpression' && node.operator !== '&&') {
    const right = generatorIn(node.right as Node);
    return right && { instead: node.left as Node, ...right };
  }
  if (node.type === 'ConditionalExpression') return generatorIn(node.alternate as Node) ?? generatorIn(node.consequent as Node);
  if (node.type !== 'CallExpression') return undefined;
  const callee = unwrap(node.callee as Node);
  const inner = callee.type === 'MemberExpression' ? unwrap(callee.object as Node) : undefined;
  return inner?.type === 'CallExpression' ? generatorIn(inner) : { call: callee };
}

/** Calls that give a new value in each process. */
const generators: Readonly<Record<string, RegExp>> = {
  crypto: /^(?:default\.)?(?:randomBytes|randomUUID|generateKeySync|webcrypto\.getRandomValues)$/,
  uuid: /^(?:v4|v1|default|)$/,
  nanoid: /^nanoid$/,
  'crypto-random-string': /^(?:default|)$/,
  randomstring: /^generate$/,
  'uid-safe': /^sync$/,
};
export const generatedSecretsPass: SyntaxPass = {
  id: 'generated-secrets',
  run(view) {
    // A walk costs time, and only an import brings a generator.
    if (!view.summary.imports.some(({ specifier }) => specifier.replace(/^node:/, '') in generators)) return [];
    const found: Generated[] = [];
    const visit = (node: Node): void => {
      const given = named(node);
      const generator = given && secretName.test(given.name) && !otherName.test(given.name) ? generatorIn(given.value) : undefined;
      if (given && generator) {
        const { when, within } = view.contextOf(node);
        found.push({
          name: given.name,
          at: atOf(given.value),
          callee: view.read(generator.call),
          ...(generator.instead ? { instead: view.read(generator.instead) } : {}),
          when,
          ...(within === undefined ? {} : { within }),
        });
      }
      eachChild(node, visit);
    };
    visit(view.program);
    return found;
  },
};

const consumers =
  /^(?:express-session|cookie-session|koa-session|@fastify\/(?:session|cookie|jwt|secure-session)|jsonwebtoken|express-jwt|@nestjs\/jwt|csurf|csrf-csrf|cookie-parser|next-auth|iron-session)$/;

/** Made once: while the module loads, or among the options of what signs with it. */
function isMadeAtStart(program: ProgramView, path: string, { within, at }: Generated): boolean {
  if (within === undefined) return true;
  return program.calls.some(
    ({ place, package: library }) =>
      library !== undefined &&
      consumers.test(library) &&
      place.path === path &&
      place.line <= at[0] &&
      place.endLine >= at[2] &&
      place.line > 0,
  );
}

export const generatedSecrets: Recogniser = {
  id: 'generated-secrets',
  packages: Object.keys(generators),
  passes: [generatedSecretsPass],
  recognise(program, emit) {
    for (const { path, item } of program.pass<Generated>(generatedSecretsPass.id)) {
      const callee = program.evaluator.evaluate(item.callee, path);
      if (
        callee.is !== 'package' ||
        !generators[callee.package.replace(/^node:/, '')]?.test(callee.path) ||
        !isMadeAtStart(program, path, item)
      )
        continue;
      const env = item.instead && program.evaluator.evaluate(item.instead, path);
      const variable = env?.is === 'env' ? env.name : undefined;
      // Something else than a variable may be given first: a file, an option.
      if (item.instead && variable === undefined) continue;
      const when = [...program.evaluator.conditions(item.when, path), ...(variable ? [{ env: variable, test: 'unset' as const }] : [])];
      const [line, column, endLine, endColumn] = item.at;
      emit(
        'secret',
        {
          place: { path, line, column, endLine, endColumn },
          when,
          ...(item.within === undefined ? {} : { within: `${path}#${item.within}` }),
        },
        { what: item.name, origin: 'generated', ...(variable ? { env: variable } : {}) },
      );
    }
  },
};
