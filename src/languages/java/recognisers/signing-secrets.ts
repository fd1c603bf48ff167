/** Secrets that libraries take to sign tokens or to make keys, whatever they look like: JJWT, java-jwt, Spring's converters, `SecretKeySpec`. */
import { judgeUse } from '../../../text/secret-literals.ts';
import type { Place } from '../../../types.ts';
import type { CallView, MethodView } from '../names.ts';
import { type ProgramView, placeAt } from '../recogniser.ts';
import type { Expression, Type } from '../summary.ts';
import { inFiles } from '../views.ts';
import { givenLiteral } from './given-literals.ts';
import { type Given, returned } from './returned-values.ts';

type Call = Extract<Expression, { is: 'call' }>;
interface Found {
  readonly place: Place;
  readonly secret: NonNullable<ReturnType<typeof judgeUse>>;
  readonly within?: string;
}

export const signingCalls = ['HMAC256', 'HMAC384', 'HMAC512', 'hmacShaKeyFor', 'signWith', 'setSigningKey'] as const;
const algorithm = /^(?:SignatureAlgorithm|HS(?:256|384|512))$/;

/** The argument that is the secret. */
function secretOf({ name, on, args }: Call): Expression | undefined {
  const owner = on?.is === 'name' ? on.path.at(-1) : undefined;
  if (name.startsWith('HMAC')) return owner === 'Algorithm' && args.length === 1 ? args[0] : undefined;
  if (name === 'hmacShaKeyFor') return owner === 'Keys' ? args[0] : undefined;
  if (name === 'setSigningKey') return args.length === 1 ? args[0] : undefined;
  const [first, second] = args;
  return name === 'signWith' && first?.is === 'name' && first.path.some((part) => algorithm.test(part)) ? second : undefined;
}

const decoders = /^(?:decode|decodeBase64|parseBase64Binary|encodeToString|encode)$/;
/** `"secret".getBytes(UTF_8)`, `Decoders.BASE64.decode(SECRET)`: the text inside. */
function textIn(secret: Expression | undefined): Expression | undefined {
  let current = secret;
  for (let depth = 0; current?.is === 'call' && depth < 6; depth++) {
    if (/^(?:getBytes|toByteArray|encodeToByteArray|toCharArray)$/.test(current.name) && current.on) current = current.on;
    else if (decoders.test(current.name) && current.args.length === 1) current = current.args[0];
    else return current;
  }
  return current;
}

/** `new SecretKeySpec("…".getBytes(), "HmacSHA256")`. */
const madeKeys = inFiles(({ methods }) =>
  methods.flatMap((view) =>
    view.method.creations.flatMap(({ type, args }) =>
      /(?:^|\.)SecretKeySpec$/.test(type) && args.length >= 2 ? [{ view, secret: args[0]! }] : [],
    ),
  ),
);

/** Fields that are made with a secret: `val algorithm = Algorithm.HMAC256("…")`. */
const inFields = inFiles(({ path, types }) =>
  types.flatMap(({ type }) =>
    type.fields.flatMap(({ value }): readonly Found[] => {
      const call = value?.is === 'call' && signingCalls.some((name) => name === value.name) ? value : undefined;
      const made = value?.is === 'new' && /(?:^|\.)SecretKeySpec$/.test(value.type) ? value.args[0] : undefined;
      const secret = textIn(call ? secretOf(call) : made);
      const literal = secret?.is === 'name' && secret.path.length === 1 ? fieldValue(type, secret.path[0]!) : secret;
      const judged = literal?.is === 'text' ? judgeUse('signing', literal.value) : undefined;
      return literal && judged ? [{ place: placeAt(path, literal.at), secret: judged }] : [];
    }),
  ),
);
const fieldValue = (type: Type, name: string): Expression | undefined => type.fields.find((field) => field.name === name)?.value;

/** What asks for a setting somewhere in the chain: `System.getenv("KEY")`, `Optional.ofNullable(System.getProperty("key"))`. */
const asks = (expression: Expression | undefined, depth = 0): boolean =>
  expression?.is === 'call' &&
  depth < 6 &&
  (/^(?:getenv|getProperty|getProperties|getOptionalValue)$/.test(expression.name) ||
    asks(expression.on, depth + 1) ||
    expression.args.some((argument) => asks(argument, depth + 1)));

const optionsOf = (expression: Expression, depth = 0): readonly Expression[] =>
  expression.is === 'choice' && depth < 6 ? expression.options.flatMap((option) => optionsOf(option, depth + 1)) : [expression];

/** `System.getenv().getOrDefault("KEY", "…")`: what signs where nobody gives another. */
function fallbackOf(expression: Expression | undefined): Expression | undefined {
  // `given != null ? given : "…"`, `System.getenv("KEY") ?: "…"`
  if (expression?.is === 'choice') {
    const options = optionsOf(expression);
    return options.some(({ is }) => is !== 'text' && is !== 'null') ? options.find(({ is }) => is === 'text') : undefined;
  }
  if (expression?.is !== 'call') return undefined;
  const { name, on, args } = expression;
  if (name === 'getProperty' && args.length === 2) return args[1];
  if (name === 'getOrDefault' && args.length === 2) return asks(on) ? args[1] : undefined;
  if (name === 'orElse' && args.length === 1) return asks(on) ? args[0] : undefined;
  return name === 'requireNonNullElse' && args.length === 2 && asks(args[0]) ? args[1] : undefined;
}

/** The fallback of a setting: written in place, or in the variable or field that holds it. */
function fallbackIn(secret: Expression | undefined, view: MethodView, program: ProgramView): Found | undefined {
  const inner = textIn(secret);
  const held = inner?.is === 'name' && inner.path.length === 1 ? heldBy(inner.path[0]!, view) : inner;
  const here = [...new Set([textIn(held), held])].map((expression) => ({ expression, view }));
  // A helper says what signs.
  const there = here.flatMap(({ expression }) => (expression?.is === 'call' ? returned(expression, view, program) : []));
  for (const { expression, view: where } of [...here, ...there]) {
    const given = fallbackOf(expression) ?? fallbackOf(textIn(expression)) ?? fallbackOf(heldIn(expression, where));
    const text = program.names.text(given, where);
    const judged = given && text !== undefined ? judgeUse('signing', text) : undefined;
    if (given && judged) return { place: placeAt(where.path, given.at), secret: judged, within: where.id };
  }
  return fallbackAmong(there, program);
}

/** `if (given == null) return DEFAULT; return given;` of a helper that asks for a setting. */
function fallbackAmong(given: readonly Given[], program: ProgramView): Found | undefined {
  const literals = given.map(({ expression, view }) => givenLiteral(expression, view, program));
  const [literal, ...others] = literals.filter((one) => one !== undefined);
  const isAsked = given.some(({ view }) => view.method.calls.some((call) => asks(call)));
  if (!literal || others.length > 0 || literals.length < 2 || !isAsked) return undefined;
  const judged = judgeUse('signing', literal.text);
  return judged && { place: literal.place, secret: judged, within: given[0]!.view.id };
}

const heldIn = (expression: Expression | undefined, view: MethodView): Expression | undefined =>
  expression?.is === 'name' && expression.path.length === 1 ? heldBy(expression.path[0]!, view) : undefined;
/** What a variable or a field holds: what it begins with, else what the class sets once. */
function heldBy(name: string, { method, type }: MethodView): Expression | undefined {
  const written = method.locals.find((one) => one.name === name)?.value ?? type.fields.find((one) => one.name === name)?.value;
  if (written || method.parameters.some((one) => one.name === name)) return written;
  const set = type.methods.flatMap(({ assignments }) => assignments.filter(({ target }) => target.length === 1 && target[0] === name));
  return set.length === 1 ? set[0]!.value : undefined;
}

/** Whoever reads the code can sign tokens of his own. */
export function signingSecrets(program: ProgramView): readonly Found[] {
  const handed: readonly { readonly view: MethodView; readonly secret: Expression | undefined }[] = [
    ...program.callsNamed(...signingCalls).map((view: CallView) => ({ view, secret: secretOf(view.call) })),
    ...madeKeys(program),
  ];
  const found = handed.flatMap(({ view, secret }): readonly Found[] => {
    const literal = givenLiteral(textIn(secret), view, program);
    const judged = literal && judgeUse('signing', literal.text);
    if (literal && judged) return [{ place: literal.place, secret: judged, within: view.id }];
    const fallback = fallbackIn(secret, view, program);
    return fallback ? [fallback] : [];
  });
  return [...found, ...inFields(program)];
}
