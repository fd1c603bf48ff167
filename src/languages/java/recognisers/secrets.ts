import { judgeNamed, judgeShape } from '../../../text/secret-literals.ts';
import { secretKindOf } from '../../../text/secret-shapes.ts';
import { placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

const setters = /^(?:setPassword|setSecret|setSecretKey|setAccessKey|setPasswd|withPassword|password)$/;

/** Texts that are filled in, compared or taken apart are no secrets themselves. */
const isFormat = (text: string): boolean => /%[sd]|\{\w*\}/.test(text) || /^-----[A-Z ]+-----$/.test(text.trim());
const comparing =
  /^(?:replace|replaceAll|replaceFirst|startsWith|endsWith|contains|indexOf|equals|equalsIgnoreCase|matches|split|append|format|println|info|debug|warn|error|trace|assert\w*)$/;

const wordsOf = (name: string): readonly string[] =>
  name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
const holdsNames = /Constants?$|Keys?$|Names?$|Propert(?:y|ies)$|Headers?$|Params?$|Fields?$/;

/** `ENV_SECRET_KEY = "shop_secretKey"`, `PASSWORD = "mail.smtp.password"`: what is kept is where the secret stands. */
function isNameOfSecret(field: string, value: string, type: string): boolean {
  if (!/^\.?[A-Za-z][A-Za-z._]*$/.test(value) || secretKindOf(value) === undefined) return false;
  if (value.includes('.')) return true;
  const [name, held] = [wordsOf(field), wordsOf(value)];
  const isSame = held.length > 1 && name.length > 1 && name.at(-1) === held.at(-1) && name.at(-2) === held.at(-2);
  return isSame && (holdsNames.test(type) || /^(?:ENV|PARAM|PROP|PROPERTY|HEADER|FIELD|ATTR|KEY)_/.test(field));
}

/** Passwords and keys in code: fields with a telling name, setters, texts of a known shape. */
export const secrets: Recogniser = {
  text: ['assword', 'ecret', 'SECRET', 'PASSWORD', 'TOKEN', 'API_KEY', 'apiKey', 'AKIA', 'PRIVATE KEY'],
  recognise(view, emit) {
    for (const { path, type } of view.types) {
      for (const field of type.fields) {
        const literal = field.value?.is === 'text' && !isFormat(field.value.value) ? field.value : undefined;
        if (literal && isNameOfSecret(field.name, literal.value, type.name)) continue;
        const found = literal && (judgeNamed(field.name, literal.value) ?? judgeShape(literal.value));
        if (found && !isDummyType(type.name))
          emit('secret', placeAt(path, field.at), {
            what: found.what,
            origin: 'literal',
            ...(found.provider ? { provider: found.provider } : {}),
          });
      }
    }
    for (const call of view.calls) {
      const literal: Expression | undefined = call.call.args.find((argument) => argument.is === 'text');
      if (literal?.is !== 'text' || isFormat(literal.value) || comparing.test(call.call.name) || isDummyType(call.type.name)) continue;
      const found =
        setters.test(call.call.name) && call.call.args.length === 1 ? judgeNamed('password', literal.value) : judgeShape(literal.value);
      if (found)
        emit(
          'secret',
          placeAt(call.path, literal.at),
          { what: found.what, origin: 'literal', ...(found.provider ? { provider: found.provider } : {}) },
          { within: call.id },
        );
    }
  },
};

/** Test doubles in the main tree, generated query builders. */
const isDummyType = (name: string): boolean => /Test|Mock|Fake|Dummy|Stub|Example$|Sample/.test(name);
