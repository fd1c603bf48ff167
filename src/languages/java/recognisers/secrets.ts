import { readJdbcUrl } from '../../../text/jdbc-urls.ts';
import { judgeNamed, judgeShape, judgeUse } from '../../../text/secret-literals.ts';
import { secretKindOf } from '../../../text/secret-shapes.ts';
import type { Place } from '../../../types.ts';
import { type MethodView, refersTo } from '../names.ts';
import { type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';
import { fixedSignIns, settingsInCode } from './code-accounts.ts';
import { givenLiteral } from './given-literals.ts';
import { jdbcAccounts, sourceAccounts } from './jdbc-accounts.ts';
import { sentHeaders } from './sent-headers.ts';
import { signingSecrets } from './signing-secrets.ts';

const setters = /^(?:setPassword|setSecret|setSecretKey|setAccessKey|setPasswd|withPassword|password)$/;
const tokenSetters = /^set(?:\w{0,12}Token|ApiKey)$/;

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

/** `SECOND_PASSWORD_KEY = "Password2"`: a field of a form. */
const namesParameter = /(?:_(?:KEY|PARAM|PARAMETER|FIELD|ATTR|ATTRIBUTE|NAME|HEADER|PROPERTY)|(?:Param|Field|Attribute|Name))$/;
const plainSecretWord = /^(?:[A-Za-z]{0,12}[_.-]?)?(?:pass(?:word|wd)?|pwd|secret|token)[_-]?\d?$/i;

/** `ENV_SECRET_KEY = "shop_secretKey"`, `PASSWORD = "mail.smtp.password"`: what is kept is where the secret stands. */
function isNameOfSecret(field: string, value: string, type: string): boolean {
  if (namesParameter.test(field) && plainSecretWord.test(value)) return true;
  if (!/^\.?[A-Za-z][A-Za-z._]*$/.test(value) || secretKindOf(value) === undefined) return false;
  if (value.includes('.')) return true;
  const [name, held] = [wordsOf(field), wordsOf(value)];
  const isSame = held.length > 1 && name.length > 1 && name.at(-1) === held.at(-1) && name.at(-2) === held.at(-2);
  return isSame && (holdsNames.test(type) || /^(?:ENV|PARAM|PROP|PROPERTY|HEADER|FIELD|ATTR|KEY)_/.test(field));
}

type Judged = NonNullable<ReturnType<typeof judgeNamed>>;
interface Found {
  readonly place: Place;
  readonly secret: Judged;
  readonly within?: string;
}
const inFields = inFiles(({ path, types }) =>
  types.flatMap(({ type }) =>
    type.fields.flatMap((field): readonly Found[] => {
      const literal = field.value?.is === 'text' && !isFormat(field.value.value) ? field.value : undefined;
      if (!literal || isDummyType(type.name) || isNameOfSecret(field.name, literal.value, type.name)) return [];
      const secret = judgeNamed(field.name, literal.value) ?? judgeShape(literal.value);
      return secret ? [{ place: placeAt(path, field.at), secret }] : [];
    }),
  ),
);
const inCalls = inFiles(({ path, calls }) =>
  calls.flatMap(({ call, type, id }): readonly Found[] => {
    const literal: Expression | undefined = call.args.find((argument) => argument.is === 'text');
    if (literal?.is !== 'text' || isFormat(literal.value) || comparing.test(call.name) || isDummyType(type.name)) return [];
    const isOnly = call.args.length === 1;
    const kind = isOnly && setters.test(call.name) ? 'password' : isOnly && tokenSetters.test(call.name) ? 'token' : undefined;
    const secret = kind ? judgeNamed(kind, literal.value) : judgeShape(literal.value);
    return secret ? [{ place: placeAt(path, literal.at), secret, within: id }] : [];
  }),
);

/** `fun connect(url: String, password: String = "…")`: what is taken where nobody gives another. */
const inDefaults = inFiles(({ path, methods }) =>
  methods.flatMap(({ method, type, id }) =>
    method.parameters.flatMap(({ name, value, at }): readonly Found[] => {
      if (value?.is !== 'text' || isFormat(value.value) || isDummyType(type.name) || isNameOfSecret(name, value.value, type.name))
        return [];
      const secret = judgeNamed(name, value.value);
      return secret ? [{ place: placeAt(path, at), secret, within: id }] : [];
    }),
  ),
);

/** `System.setProperty("http.proxyPassword", "…")`, `settings.put(Environment.PASS, WORD)`, `new JsonObject().put("password", "…")`. */
const inProperties = (program: ProgramView): readonly Found[] =>
  settingsInCode(program).flatMap(({ view, key, value, opens }): readonly Found[] => {
    if (isDummyType(view.type.name)) return [];
    const literal = opens ? givenLiteral(value, view, program) : undefined;
    const opening = literal && literal.text !== 'sa' ? judgeUse('password', literal.text) : undefined;
    if (literal && opening) return [{ place: literal.place, secret: opening, within: view.id }];
    if (key === undefined || value.is !== 'text' || isFormat(value.value)) return [];
    const secret = isNameOfSecret(key, value.value, view.type.name) ? undefined : judgeNamed(key, value.value);
    return secret ? [{ place: placeAt(view.path, value.at), secret, within: view.id }] : [];
  });

/** `@DataSourceDefinition(password = "…")`, of a database that is not in the process. */
const inDefinitions = inFiles(({ path, types }) =>
  types.flatMap(({ type }) =>
    type.annotations.flatMap(({ name, args: { password, url, className } }): readonly Found[] => {
      if (!/(?:^|\.)DataSourceDefinition$/.test(name) || password?.is !== 'text') return [];
      const isEmbedded = [url, className].some(
        (one) => one?.is === 'text' && /^(?:jdbc:|org\.(?:apache\.)?)(?:h2|hsqldb|derby)/.test(one.value),
      );
      const secret = isEmbedded ? undefined : judgeUse('password', password.value);
      return secret ? [{ place: placeAt(path, password.at), secret }] : [];
    }),
  ),
);

/** `manager.setCipherKey(Base64.decode("…"))`: Shiro encrypts its cookies with whatever is given. */
const inCipherKeys = (program: ProgramView): readonly Found[] =>
  program.callsNamed('setCipherKey', 'setEncryptionCipherKey').flatMap((view): readonly Found[] => {
    const [given] = view.call.args;
    const written = given?.is === 'call' ? (given.args[0] ?? given.on) : given;
    const literal = isDummyType(view.type.name) ? undefined : givenLiteral(written, view, program);
    const judged = literal && judgeUse('signing', literal.text);
    return literal && judged ? [{ place: literal.place, secret: judged, within: view.id }] : [];
  });

/** Objects that are made of a name and its secret; the position of the secret. */
const credentials: Readonly<Record<string, 'password' | 'key'>> = {
  PasswordAuthentication: 'password',
  UsernamePasswordCredentials: 'password',
  BasicAWSCredentials: 'key',
};
const makers = inFiles(({ methods }) =>
  methods.flatMap((view) =>
    view.method.creations.flatMap(({ type, args }) => {
      const use = Object.hasOwn(credentials, type) ? credentials[type]! : undefined;
      return use && args.length === 2 ? [{ view, use, secret: args[1]! }] : [];
    }),
  ),
);

/** Calls that take an account: `DriverManager.getConnection(url, user, password)`, `headers.setBasicAuth(user, password)`. */
interface Handed {
  readonly view: MethodView;
  readonly use: 'password' | 'key';
  readonly secret: Expression;
  /** A server of databases is known to be on the other side. */
  readonly toServer?: boolean;
}
const accountsOf = (program: ProgramView): readonly Handed[] =>
  program.callsNamed('getConnection', 'setBasicAuth', 'connect', 'create').flatMap((view): readonly Handed[] => {
    const { name, on, args } = view.call;
    const owner = on?.is === 'name' ? on.path.at(-1) : undefined;
    const secret = args.at(-1);
    if (!secret || args.length < 2) return [];
    if (name === 'getConnection') {
      if (owner !== 'DriverManager' || args.length !== 3) return [];
      const url = givenLiteral(args[0], view, program);
      const jdbc = url && readJdbcUrl(url.text);
      return jdbc?.embedded ? [] : [{ view, use: 'password', secret, toServer: jdbc !== undefined }];
    }
    if (name === 'create') return owner === 'AwsBasicCredentials' && args.length === 2 ? [{ view, use: 'key', secret }] : [];
    if (name === 'setBasicAuth') return args.length === 2 ? [{ view, use: 'password', secret }] : [];
    const type = program.names.typeOf(on, view);
    const isMail = type !== undefined && refersTo(view.file, type, 'jakarta.mail.Transport', 'jakarta.mail.Store');
    return isMail && args.length >= 3 ? [{ view, use: 'password', secret }] : [];
  });

const inJdbcAccounts = (program: ProgramView): readonly Handed[] =>
  [...jdbcAccounts(program), ...sourceAccounts(program)].map((one) => ({ ...one, use: 'password', toServer: true }));

/** Secrets that are handed over beside the name of an account, whatever they look like; `sa` is what H2 and its like are shipped with. */
const inAccounts = (program: ProgramView): readonly Found[] =>
  [...makers(program), ...accountsOf(program), ...inJdbcAccounts(program)].flatMap(
    ({ view, use, secret, toServer }: Handed): readonly Found[] => {
      if (isDummyType(view.type.name)) return [];
      const literal = givenLiteral(secret, view, program);
      const judged = literal && (toServer || literal.text !== 'sa') ? judgeUse(use, literal.text) : undefined;
      return literal && judged ? [{ place: literal.place, secret: judged, within: view.id }] : [];
    },
  );

const inHeaders = (program: ProgramView): readonly Found[] =>
  sentHeaders(program).flatMap(({ view, place, secret }) => (isDummyType(view.type.name) ? [] : [{ place, secret, within: view.id }]));

/** A sign-in of the program's own takes whatever is written there. */
const inSignIns = (program: ProgramView): readonly Found[] =>
  fixedSignIns(program).flatMap(({ view, secret }) =>
    isDummyType(view.type.name) ? [] : [{ place: placeAt(view.path, secret.at), secret: { what: 'password' }, within: view.id }],
  );

/** Users and clients that Spring Security keeps in memory, by the call that names one. */
const namesUser = /^(?:withUser|withUsername|username|withClient|clientId)$/;
const springUser = 'org.springframework.security.core.userdetails.User';
const springClient = 'org.springframework.security.oauth2.server.authorization.client.RegisteredClient';

/** `auth.inMemoryAuthentication().withUser("admin").password(…)`, `User.builder().username("admin").password(…)`, `clients.inMemory().withClient("app").secret(…)`. */
function isOfMemoryUser({ call, file }: ReturnType<ProgramView['callsNamed']>[number]): boolean {
  let isNamed = false;
  let on = call.on;
  for (let depth = 0; on?.is === 'call' && depth < 30; depth++) {
    if (on.name === 'withUser' || on.name === 'withClient') return true;
    isNamed ||= namesUser.test(on.name);
    on = on.on;
  }
  return isNamed && on?.is === 'name' && refersTo(file, on.path.join('.'), springUser, springClient);
}

/** `encoder.encode("pw")` → `"pw"`. */
const encodedIn = (secret: Expression | undefined): Expression | undefined =>
  secret?.is === 'call' && secret.name === 'encode' && secret.args.length === 1 ? secret.args[0] : secret;

/** Who reads the code can sign in; a hash tells nobody the password. */
const inUsers = (program: ProgramView): readonly Found[] =>
  program.callsNamed('password', 'secret', 'clientSecret').flatMap((view): readonly Found[] => {
    if (isDummyType(view.type.name) || view.call.args.length !== 1 || !isOfMemoryUser(view)) return [];
    const literal = givenLiteral(encodedIn(view.call.args[0]), view, program);
    const text = literal?.text.replace(/^\{noop\}/, '');
    if (!literal || text === undefined || /^(?:\{|\$2)/.test(text)) return [];
    const judged = judgeUse('password', text);
    return judged ? [{ place: literal.place, secret: judged, within: view.id }] : [];
  });

/** Passwords and keys in code: fields with a telling name, setters, texts of a known shape. */
export const secrets: Recogniser = {
  text: [
    'assword',
    'DataSourceDefinition',
    'ecret',
    'SECRET',
    'PASSWORD',
    'TOKEN',
    'Token("',
    'API_KEY',
    'ApiKey(',
    'DriverManager',
    '"jdbc:',
    'withClient',
    'HMAC256',
    'HMAC384',
    'HMAC512',
    'hmacShaKeyFor',
    'signWith',
    'setSigningKey',
    'SecretKeySpec',
    'CipherKey(',
    'PasswordAuthentication(',
    'UsernamePasswordCredentials(',
    'AWSCredentials(',
    'AwsBasicCredentials',
    'setBasicAuth(',
    'apiKey',
    'AKIA',
    'PRIVATE KEY',
    '.PASS,',
    '"Bearer ',
    'AUTHORIZATION, "',
    'Authorization", "',
    'setBearerAuth("',
    'equals("admin")',
    '"admin".equals',
  ],
  recognise(view, emit) {
    const seen = new Set<string>();
    for (const { place, secret, within } of [
      ...inFields(view),
      ...inDefaults(view),
      ...inHeaders(view),
      ...inCalls(view),
      ...inProperties(view),
      ...inDefinitions(view),
      ...inAccounts(view),
      ...inUsers(view),
      ...inSignIns(view),
      ...signingSecrets(view),
      ...inCipherKeys(view),
    ]) {
      // A field is told once, whatever its value is handed to.
      const line = `${place.path}:${place.line}`;
      if (seen.has(line)) continue;
      seen.add(line);
      const provider = secret.provider ? { provider: secret.provider } : {};
      emit('secret', place, { what: secret.what, origin: 'literal', ...provider }, within === undefined ? {} : { within });
    }
  },
};

/** Test doubles in the main tree, generated query builders. */
const isDummyType = (name: string): boolean => /Test|Mock|Fake|Dummy|Stub|Example$|Sample/.test(name);
