/** Secrets that code writes into the headers of what it sends: `header("Authorization", "Bearer …")`, `headers.setBearerAuth("…")`. */
import { judgeHeader } from '../../../text/secret-literals.ts';
import type { Place } from '../../../types.ts';
import type { CallView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { givenLiteral } from './given-literals.ts';

const setters = ['header', 'addHeader', 'setHeader', 'setRequestProperty', 'addRequestProperty', 'set', 'add', 'put'];

/** `HttpHeaders.AUTHORIZATION` is declared by a library. */
const headerOf = (key: Expression | undefined, call: CallView, { names }: ProgramView): string | undefined =>
  key?.is === 'name' && key.path.at(-1) === 'AUTHORIZATION' ? 'Authorization' : names.text(key, call);

/** `"Bearer " + TOKEN` names the scheme before the literal. */
function literalOf(value: Expression, call: CallView, view: ProgramView): { readonly text: string; readonly place: Place } | undefined {
  if (value.is !== 'sum') return givenLiteral(value, call, view);
  const [scheme, token] = value.parts;
  const isScheme = scheme?.is === 'text' && /^(?:Bearer|Basic|Token|ApiKey|Key)\s+$/i.test(scheme.value);
  return isScheme && value.parts.length === 2 && token ? givenLiteral(token, call, view) : undefined;
}

export const sentHeaders = (view: ProgramView) => [
  ...view.callsNamed(...setters).flatMap((call) => {
    const [key, value] = call.call.args;
    const header = value && call.call.args.length === 2 ? headerOf(key, call, view) : undefined;
    const literal = value && header !== undefined && !/\s/.test(header) ? literalOf(value, call, view) : undefined;
    const secret = literal && judgeHeader(header!, literal.text);
    return literal && secret ? [{ view: call, place: literal.place, secret }] : [];
  }),
  ...view.callsNamed('setBearerAuth').flatMap((call) => {
    const literal = givenLiteral(call.call.args[0], call, view);
    const secret = literal && judgeHeader('Authorization', literal.text);
    return literal && secret ? [{ view: call, place: literal.place, secret }] : [];
  }),
];
