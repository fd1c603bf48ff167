/** Servers: where they listen, and how they stop. */
import type { Node } from '@babel/types';
import type { Edit, Finding, Place } from '../types.ts';
import { type FixMaker, makeFix, serviceOf } from './fix-maker.ts';
import { addProperty, callAt, nodesAround, propertyOf, quote, replaceNode, scriptOf, statementAround, walk } from './script-edit.ts';
import type { Script } from './scripts.ts';

const isPortLiteral = (node: Node | undefined, port: number): boolean =>
  (node?.type === 'NumericLiteral' && node.value === port) || (node?.type === 'StringLiteral' && node.value === String(port));

/** The literal port at a place, or in the call that listens there. */
function findPort(script: Script, place: Place, port: number): Node | undefined {
  const own = nodesAround(script, place).findLast((node) => isPortLiteral(node, port));
  if (own) return own;
  const value = nodesAround(script, place).findLast((node) => node.type === 'ObjectProperty');
  if (value?.type === 'ObjectProperty' && isPortLiteral(value.value, port)) return value.value;
  const statement = statementAround(script, place);
  const call = callAt(script, place);
  const literals = [...walk(call ?? statement ?? script.file)].filter((node) => isPortLiteral(node, port));
  return literals.length === 1 ? literals[0] : undefined;
}

export const hardcodedPort: FixMaker = {
  rule: 'hardcoded-port',
  offers: [{ what: 'read the port from `PORT` and keep the literal as its default', safe: true }],
  make(finding, context) {
    const script = scriptOf(context, finding.place.path);
    const port = Number(finding.data['port']);
    const literal = script && findPort(script, finding.place, port);
    const service = serviceOf(finding, context);
    if (!script || !literal || !service) return [];
    // Where something sets PORT already, the program moves to it.
    const isGiven = service.deployments.some(
      ({ environment }) => environment.given.some(({ name }) => name === 'PORT') || !environment.complete,
    );
    const title = `Listen on \`process.env.PORT\`, else on ${port}`;
    return makeFix(title, !isGiven, [replaceNode(script, literal, `Number(process.env.PORT) || ${port}`)]);
  },
};

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

function bindEdit(script: Script, finding: Finding): Edit | undefined {
  const call = callAt(script, finding.place);
  if (!call) return undefined;
  const everywhere = quote(script, '0.0.0.0');
  const literals = call.arguments
    .flatMap((argument) => [...walk(argument)])
    .filter((node) => node.type === 'StringLiteral' && loopback.test(node.value));
  if (literals.length > 0) return literals.length === 1 ? replaceNode(script, literals[0]!, everywhere) : undefined;
  const [options] = call.arguments;
  if (finding.data['library'] !== 'fastify' || options?.type !== 'ObjectExpression' || propertyOf(options, 'host')) return undefined;
  return addProperty(script, options, `host: ${everywhere}`);
}

export const loopbackBind: FixMaker = {
  rule: 'loopback-bind',
  offers: [{ what: 'listen on `0.0.0.0`', safe: false }],
  make(finding, context) {
    const script = scriptOf(context, finding.place.path);
    return script ? makeFix('Listen on all addresses (`0.0.0.0`)', false, [bindEdit(script, finding)]) : [];
  },
};
