/** Keys that sign tokens and are random: each copy makes one for itself when it starts, and knows nothing of those of the others. */
import { secretKindOf } from '../../../text/secret-shapes.ts';
import { importsFrom, type MethodView, type TypeView } from '../names.ts';
import { annotationOf, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { isSharedBean } from '../roles.ts';
import type { Annotation, Expression } from '../summary.ts';
import { inFiles } from '../views.ts';
import { atStart } from './process-state.ts';

type Call = Extract<Expression, { is: 'call' }>;

const tokenLibraries =
  /^io\.jsonwebtoken:|^com\.nimbusds:nimbus-jose-jwt$|^com\.auth0:java-jwt$|^org\.bitbucket\.b_c:jose4j$|spring-security-oauth2|oauth2-(?:authorization|resource)-server$|smallrye-jwt|micronaut-security-jwt|ktor-server-auth-jwt|vertx-auth-jwt/;

/** `Jwts.SIG.HS256.key().build()`, `new RSAKeyGenerator(2048).keyID("1").generate()`: what the chain begins with. */
function beginning(call: Call): Expression | undefined {
  let root = call.on;
  for (let depth = 0; root?.is === 'call' && root.on && depth < 12; depth++) root = root.on;
  return root;
}
const isNamed = (expression: Expression | undefined, pattern: RegExp): boolean =>
  expression?.is === 'name' && expression.path.some((part) => pattern.test(part));
const startsWith = (call: Call, ...names: readonly string[]): boolean => {
  for (let on = call.on, depth = 0; on?.is === 'call' && depth < 12; on = on.on, depth++) if (names.includes(on.name)) return true;
  return false;
};
/** The algorithm that a generator is asked for, beside the call or in its variable. */
const algorithmOf = (on: Expression | undefined, method: MethodView | undefined): string | undefined => {
  const made = on?.is === 'name' ? method?.method.locals.find(({ name }) => name === on.path[0])?.value : on;
  const [first] = made?.is === 'call' && made.name === 'getInstance' ? made.args : [];
  return first?.is === 'text' ? first.value : undefined;
};

/** Of Nimbus. */
const generatorTypes = /(?:^|\.)(?:RSAKey|ECKey|OctetKeyPair|OctetSequenceKey)Generator$/;
const typeIn = (view: MethodView | undefined, name: string): string =>
  [...(view?.method.locals ?? []), ...(view?.type.fields ?? [])].find((one) => one.name === name)?.type ?? '';

/** It makes a key that signs, by what the libraries of tokens and the JDK have for it. */
function makesKey(call: Call, method?: MethodView): boolean {
  const root = beginning(call);
  switch (call.name) {
    case 'secretKeyFor':
    case 'keyPairFor':
      return isNamed(call.on, /^Keys$/);
    case 'generateKeyPair':
    case 'genKeyPair':
      return /^(?:RSA|RSASSA-PSS|EC|Ed25519|EdDSA)$/i.test(algorithmOf(call.on, method) ?? '');
    case 'generateKey':
      return isNamed(call.on, /^MacProvider$/) || /^Hmac/i.test(algorithmOf(call.on, method) ?? '');
    case 'generate':
      return generatorTypes.test(root?.is === 'new' ? root.type : root?.is === 'name' ? typeIn(method, root.path[0]!) : '');
    case 'build':
      return isNamed(root, /^SIG$/) && startsWith(call, 'key', 'keyPair');
    default:
      return false;
  }
}
const makerNames = ['secretKeyFor', 'keyPairFor', 'generateKeyPair', 'genKeyPair', 'generateKey', 'generate', 'build'];

/** `UUID.randomUUID().toString()`, `RandomStringUtils.randomAlphanumeric(64)`. */
const isRandomText = (value: Expression | undefined): boolean => {
  const calls = value?.is === 'call' ? [value, value.on] : [];
  return calls.some(
    (one) => one?.is === 'call' && /^random(?:UUID|A|N|Print|\b)/.test(one.name) && isNamed(one.on, /^(?:UUID|RandomStringUtils)$/),
  );
};

/** It reads or keeps the key elsewhere, or takes one that it is given. */
const keepsElsewhere =
  /^(?:exists|notExists|isFile|readAllBytes|readString|readAllLines|newInputStream|load|loadKey\w*|getResource\w*|getKey|getEntry|generatePublic|generatePrivate|hmacShaKeyFor|parse|find\w*|save\w*|store|write\w*|getProperty|getenv|opsForValue|put|hasText|hasLength|isBlank|isEmpty|isNotBlank|requireNonNull\w*)$/;
const choosesByCondition = ({ annotations }: { readonly annotations: readonly Annotation[] }): boolean =>
  annotations.some(({ name }) => /(?:^|\.)ConditionalOn\w+$/.test(name));

const callsIn = (value: Expression | undefined): readonly Call[] =>
  value?.is === 'call' ? [value, ...callsIn(value.on), ...value.args.flatMap(callsIn)] : [];

/** One for the process: static, or of a class of which the container makes one. */
const isOnce = (view: TypeView, modifiers: readonly string[], program: ProgramView): boolean =>
  modifiers.includes('static') || (isSharedBean(view) && program.isBean(view));

/** The class signs with a key that it is given as well: which one counts is open. */
const takesKey = ({ type }: TypeView): boolean => type.methods.some(({ calls }) => calls.some(({ name }) => name === 'hmacShaKeyFor'));

interface Found {
  readonly view: TypeView;
  readonly at: Expression['at'];
  readonly what: string;
  readonly within?: string;
}

const candidates = inFiles(({ types }) =>
  types.flatMap((view) => view.type.fields.flatMap((field) => (field.value?.is === 'call' ? [{ view, field, value: field.value }] : []))),
);
/** `private final SecretKey key = Keys.secretKeyFor(HS256)`. */
const inFields = (program: ProgramView): readonly Found[] =>
  candidates(program).flatMap(({ view, field, value }) => {
    const isKey = callsIn(value).some((call) => makesKey(call)) || (isRandomText(value) && secretKindOf(field.name) === 'secret');
    const isSet = view.type.methods.some(({ assignments }) => assignments.some(({ target }) => target.at(-1) === field.name));
    return isKey && !isSet && !takesKey(view) && !choosesByCondition(view.type) && isOnce(view, field.modifiers, program)
      ? [{ view, at: field.at, what: field.name }]
      : [];
  });

/** A constructor, a bean method or `@PostConstruct` of what the container makes. */
const isStart = (view: MethodView, program: ProgramView): boolean =>
  annotationOf(view.method, 'Scheduled', 'EventListener') === undefined &&
  view.method.name !== 'main' &&
  atStart(view) &&
  (view.method.name === '<static>' || annotationOf(view.method, 'Bean', 'Produces') !== undefined || program.isBean(view)) &&
  !choosesByCondition(view.type) &&
  !choosesByCondition(view.method);

/** What starts lead to, and nothing that answers requests. */
function inMethods(program: ProgramView): readonly Found[] {
  const made = program
    .callsNamed(...makerNames)
    .filter((view) => makesKey(view.call, view) && !takesKey(view) && !program.answersRequest(view));
  if (made.length === 0) return [];
  const wanted = new Set(made.map(({ id }) => id));
  const starts = program.methods
    .filter((method) => isStart(method, program))
    .map((method) => program.calledFrom([method]))
    .filter((reached) => reached.some(({ id }) => wanted.has(id)) && !reached.some(keepsKey));
  const lasting = new Set(starts.flatMap((reached) => reached.map(({ id }) => id)));
  return made.flatMap((view) => (lasting.has(view.id) ? [{ view, at: view.call.at, what: view.call.name, within: view.id }] : []));
}
/** `expiry.put(id, time)`: a map of its own is nowhere else. */
const isOwnMap = (on: Expression | undefined, { type }: MethodView): boolean =>
  on?.is === 'name' && type.fields.some((field) => field.name === on.path[0] && /Map$/.test(field.type));
const keepsKey = (view: MethodView): boolean =>
  view.method.calls.some(
    ({ name, on }) => keepsElsewhere.test(name) && !isNamed(on, /^(?:log|logger|LOG|LOGGER)$/) && !isOwnMap(on, view),
  ) || view.method.parameters.some((one) => annotationOf(one, 'Value', 'ConfigProperty') !== undefined);

/** `http.rememberMe()` without a key of its own signs the cookie with one that Spring makes up. */
const rememberMe = (program: ProgramView): readonly Found[] =>
  program.callsNamed('rememberMe').flatMap((view) => {
    const chooses = view.method.calls.some(({ name }) => /^(?:key|tokenRepository|rememberMeServices|disable)$/.test(name));
    const isLambda = view.call.args.length === 0 || view.call.args.every(({ is }) => is === 'other');
    // `login.rememberMe()` asks what a user ticked.
    const asks = program.names.find(view.file, program.names.typeOf(view.call.on, view) ?? '') !== undefined;
    return isLambda &&
      !asks &&
      importsFrom(view.file, 'org.springframework.security.config') &&
      !chooses &&
      program.isBean(view) &&
      program.dependency(/spring-(?:boot-starter-)?security/) !== undefined
      ? [{ view, at: view.call.at, what: 'rememberMe', within: view.id }]
      : [];
  });

export const generatedKeys: Recogniser = {
  text: [
    'secretKeyFor',
    'keyPairFor',
    'generateKeyPair',
    'genKeyPair',
    'generateKey()',
    'KeyGenerator(',
    'PairGenerator(',
    'Jwts.SIG',
    'rememberMe',
  ],
  recognise(view, emit) {
    const signed = view.dependency(tokenLibraries) === undefined ? [] : [...inFields(view), ...inMethods(view)];
    for (const { view: type, at, what, within } of [...signed, ...rememberMe(view)])
      emit('secret', placeAt(type.path, at), { what, origin: 'generated' }, within === undefined ? {} : { within });
  },
};
