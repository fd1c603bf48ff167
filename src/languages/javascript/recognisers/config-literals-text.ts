/** Text that makes a module worth the walk over its literals. Linear: bounded repeats, no nesting. */
import { internalAddress } from '../../../text/addresses.ts';
import { judgeFallback, judgeNamed } from '../../../text/secret-literals.ts';
import type { TextTest } from '../recogniser.ts';

const named =
  /(?:secret|passw(?:or)?d|passphrase|token|api_?key|private_?key|access_?key|credential)\w{0,20}['"]?\s{0,10}[:=]\s{0,10}(?:'((?:[^'\\\n]|\\.){0,500})|"((?:[^"\\\n]|\\.){0,500})|`((?:[^`\\\n]|\\.){0,500}))/gi;
const longestName = 80;
const isSecret = (name: string, value: string): boolean =>
  judgeNamed(name, value) !== undefined || (/^[A-Z][A-Z0-9_]*$/.test(name) && judgeFallback(name, value) !== undefined);
const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));

/** `jwtSecret: '…'`, where the value could be one: forms and translations have many `password: 'Kennwort'`. */
const namedSecret: TextTest = {
  test: (text) =>
    [...text.matchAll(named)].some(({ 0: match, 1: single, 2: double, 3: template, index }) => {
      const value = unescaped(single ?? double ?? template ?? '');
      const before = /[\w$.-]*$/.exec(text.slice(Math.max(0, index - longestName), index))?.[0] ?? '';
      const name = before + (/^\w+/.exec(match)?.[0] ?? '');
      return isSecret(name, value) || isSecret(name.slice(name.lastIndexOf('.') + 1), value);
    }),
};

const addressNamed =
  /(?:ur[il]|host|endpoint|address|server|broker)s?['"]?\s{0,10}[:=][^\n]{0,40}['"`](?:https?|amqps?|redis|mongodb|nats|tcp|grpc):\/\//i;
const addresses = /['"`]((?:https?|amqps?|redis|mongodb|nats|tcp|grpc):\/\/[^'"`\s]{1,300})/gi;
/** An address under a name, where one of the file lies inside a network. */
const namedAddress: TextTest = {
  test: (text) =>
    addressNamed.test(text) &&
    [...text.matchAll(addresses)].some(([, value = '']) => {
      const address = internalAddress(value);
      return address !== undefined && !address.loopback;
    }),
};

/** A gateway's table of those that it hands requests to. */
const namedPeer: TextTest = {
  test: (text) =>
    /['"`]https?:\/\/(?:localhost|127\.0\.0\.1):\d/.test(text) &&
    /\b(?:(?:micro_?)?services?|upstreams?|backends?|target)(?:_?\w{1,12})?['"]?\s{0,10}[:=]/i.test(text),
};

export const configLiteralText: readonly TextTest[] = [
  namedSecret,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY|\b(?:AKIA|ASIA)[0-9A-Z]{16}|\bgh[pousr]_[A-Za-z0-9]{30}|\bglpat-|\b[sr]k_live_|\bxox[abeprs]-|\bSG\.[\w-]{16}|\bnpm_[A-Za-z0-9]{30}/,
  /:\/\/[^\s"'`:/@]{1,80}:[^\s"'`@/]{1,80}@/,
  namedAddress,
  namedPeer,
  /\b(?:app|koa|server)\.keys\s?=\s?\[\s{0,20}['"]/i,
  /['"`][A-Za-z]:(?:\\\\|\/)[\w$]|['"`]\/Users\//,
];
