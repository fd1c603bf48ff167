/**
 * Tells secrets from other settings by name and shape, and masks them, so that no fact ever holds one.
 * Masked parts become `***`: the host and the technology of a connection string stay readable.
 */
import type { FactValues, Setting } from '../facts.ts';
import type { Place } from '../types.ts';

/** What a setting holds. `opaque` looks random under a name that does not say secret: masked, but no accusation. */
export type ValueShape = 'empty' | 'placeholder' | 'reference' | 'plain' | 'secret' | 'opaque';
export interface JudgedValue {
  readonly shape: ValueShape;
  /** The value with secret parts masked; absent when all of it is masked. */
  readonly text?: string;
  /** What kind of secret: `password`, `token`, `key`, `connection string`. */
  readonly what?: string;
  /** Issuer, where the shape tells. */
  readonly provider?: string;
}

/** `because` of a setting that was a secret. */
export const secretReason = 'a secret value, masked';
/** `because` of a setting that only looks random. */
export const opaqueReason = 'an opaque value, masked';
export const mask = '***';
/** Stands for an opaque value: checksums and ids are no secrets, and need not be kept. */
export const opaqueMask = '…';

const longest = 4000;
const publicPrefixes =
  /^(?:NEXT_PUBLIC|NUXT_PUBLIC|PUBLIC|VITE|(?:NX_)?REACT_APP|NX_PUBLIC|GATSBY|EXPO_PUBLIC|VUE_APP|NG_APP|RAZZLE|SNOWPACK_PUBLIC|PLASMO_PUBLIC|SANITY_STUDIO|STORYBOOK)_/i;
/** Last words that make a name describe a secret instead of holding it. */
const describing = new Set(
  'file path dir url uri host name username user email id ids ttl expires expiry expiration expire length size enabled disabled header type mtime ctime timestamp time date hint algorithm alg issuer audience minutes hours days seconds ms lifetime timeout required min max policy complexity strength prefix suffix field format mode scope scopes version method cmd command rounds count limit limits window age interval provider realm style strategy store encoder delimiter separator exp expired expirationtime expirytime expiretime maxage duration period at in hour minute second day week weeks month months year years millis millisecond milliseconds sec secs mins hrs retries attempts bits bytes rotation template kid paths files dirs urls claim claims namespace namespaces validity lifespan avatar image icon address addr port endpoint'.split(
    ' ',
  ),
);
/** First words of such names: `TTL_SERVICE_TOKEN`, `PATH_SECRET`, `MAX_TOKEN`, `USE_PASSWORD`. */
const describingAhead = new Set('use ttl path timeout expiry expiration lifetime max min'.split(' '));
const secretWords = new Map(
  Object.entries({
    password: 'password',
    passwd: 'password',
    passwort: 'password',
    pwd: 'password',
    pass: 'password',
    passphrase: 'password',
    passcode: 'password',
    secret: 'secret',
    secrets: 'secret',
    token: 'token',
    credential: 'credential',
    credentials: 'credential',
    apikey: 'key',
    secretkey: 'key',
    accesskey: 'key',
    privatekey: 'key',
  }),
);
const keyQualifiers = new Set(
  'api private secret access encryption signing auth account master license jwt session cookie app hmac aes security'.split(' '),
);

const wordsOf = (name: string): readonly string[] =>
  name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/** A name of the cluster, and how tokens are made. */
const noSecretNames = new Set(['ETCD_INITIAL_CLUSTER_TOKEN', 'ETCD_AUTH_TOKEN']);

/** Where a store of AWS keeps it: a parameter of Systems Manager, an ARN. */
const namesEntry = /SSM(?![a-z])|(?:^|[_-])ssm(?:[_-]|$)|[a-z]Arn$|(?:^|[_-])(?:arn|ARN)$/;

/** Where tokens are kept or sent: `TOKEN_AUDIT_TOPIC`, `TOKENS_TABLE_NAME_PLATFORM`. */
const namesPlace = /(?:^|_)(?:TABLE|BUCKET|QUEUE|TOPIC|COLLECTION|INDEX|SCHEMA|STREAM)_NAME(?:_|$)|_(?:TOPIC|QUEUE|BUCKET|TABLE)$/i;

/** Names of objects of a cluster that hold it: `existingSecret`, `image-pull-secret`. */
const namesObject = /existing[-_]?(?:secret|credential)|image[-_]?pull[-_]?secret/i;

/** Airflow asks its secrets backend for what such a setting names (Airflow documentation, "Setting configuration options"). */
const namesOfBackend = /^AIRFLOW__\w{1,80}_(?:CONN|KEY|BACKEND|URL|PASSWORD|AUTH)_SECRET$/;

/** Where a store keeps it, whatever follows: `Vault:SecretPathDb`, `TOKEN_FILE_2`; unless a secret of its own follows. */
const isWhereabouts = (words: readonly string[]): boolean =>
  words.some((word, index) => secretWords.has(word) && /^(?:paths?|files?|dirs?|folders?)$/.test(words[index + 1] ?? '')) &&
  !words.slice(words.findLastIndex((word) => /^(?:paths?|files?|dirs?|folders?)$/.test(word))).some((word) => secretWords.has(word));

/** The half of a sign-in to HashiCorp Vault that is secret: `VAULT_SECRET_ID` beside `VAULT_ROLE_ID` (AppRole). */
export const isSecretId = (name: string): boolean => /(?:vault|app_?role)[\w:.-]{0,40}secret_?id$/i.test(name);

/** What kind of secret a setting of this name holds; `undefined` when the name does not say secret. */
export function secretKindOf(name: string): string | undefined {
  if (publicPrefixes.test(name) || namesEntry.test(name)) return undefined;
  if (noSecretNames.has(name.toUpperCase()) || namesPlace.test(name) || namesObject.test(name)) return undefined;
  if (namesOfBackend.test(name)) return undefined;
  if (isSecretId(name)) return 'secret';
  const words = wordsOf(name);
  const last = words.at(-1);
  if (
    last === undefined ||
    describing.has(last) ||
    /same_?site$/i.test(words.slice(-2).join('_')) ||
    words.includes('public') ||
    words.includes('allow') ||
    describingAhead.has(words[0]!) ||
    isWhereabouts(words)
  )
    return undefined;
  for (const [index, word] of words.entries()) {
    const plain = word.replace(/\d+$/, '');
    const kind =
      secretWords.get(plain) ??
      (/(?:password|passwd)$|^(?:db|ftp|mail|smtp|admin|mysql|jdbc)(?:pass|pwd|pw)$/.test(plain) ? 'password' : undefined);
    if (kind) return kind;
    if (word === 'key' && index === words.length - 1 && index > 0 && keyQualifiers.has(words[index - 1]!)) return 'key';
    if (word === 'salt' && index === words.length - 1 && index > 0) return 'secret';
  }
  return undefined;
}

const placeholderWords =
  /change[\s_-]*(me|this|it)|^any[\s_-]|your[\s_-]|[\s_-]your|^your|example|placeholder|replace[\s_-]?|dummy|insert|xxxx|to[\s_-]?be[\s_-]?set|^todo|^tbd$|^fixme|redacted|^none$|^null$|^nil$|^undefined$|^unset$|^not[\s_-]?set$|^n\/a$|(?:^|[\s_-])not[\s_-]?(?:available|applicable|configured|deployed|enabled|installed|provided|supplied)$|generate[\s_-]|sample|not[\s_-]?(a[\s_-])?real|enter[\s_-]|^fill|^put[\s_-]|^fake|^mock|some[\s_-]|비밀번호|패스워드|암호|密码|パスワード|^test[\s_-]?(key|secret|token)|(?:do[\s_-])?not[\s_-]use|^unused$|^this[\s_-]?is[\s_-]?(?:a|my|the)|^pw$|^passwd$|^(?:hidden|removed|withheld|omitted)$|\b(?:won'?t|will not|not going to)\s(?:show|tell|share|give)\b/i;
/** What model servers of one's own take for a key, since their clients insist on one; and a word that says that it is none, or that the platform vouches for the program. */
const standIns =
  /^(?:sk|hf)[-_](?:local|dummy|fake|none|noop|no[-_]key(?:[-_](?:needed|required))?|anything)$|^(?:no|empty|any)[-_]?key$|^no[-_]key[-_](?:needed|required)$|^not[-_\s]?(?:needed|required|used)$|^lm[-_]?studio$|^ollama$|^xyz$|^(?:managed|workload)[-_ ]?identity$|(?:^|[-_\s])fake[-_\s]/i;

/** `DB_PASSWORD`; names do not end in long numbers: `SHOP_123456` is what somebody typed. */
const isConstantName = (text: string): boolean => /^[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){1,8}$/.test(text) && !/_\d{5,}$/.test(text);

/** True for a text that stands for a value somebody has to give. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === '' || /^(true|false|yes|no|on|off|\d{1,4})$/i.test(text)) return true;
  if (/^<[^>]*>$/.test(text) || /^\[[^\]]*\]$/.test(text) || /^%[^%]*%$/.test(text) || /^(.)\1*$/.test(text) || /^\.{2,}$/.test(text))
    return true;
  if (/^\*.*\*$/.test(text) || text.includes('??') || /^(?:DEFAULT|SECRET|PASSWORD|TOKEN|KEY|APIKEY|CREDENTIALS?)$/.test(text)) return true;
  // Shortened for people to read.
  if (/\.{3}|…/.test(text.slice(0, 500))) return true;
  if (isConstantName(text) || /^_+[A-Z0-9_]{2,60}_+$/.test(text)) return true;
  // The beginning of a key without the key: `sk_test_`, `whsec_`.
  if (/^[A-Za-z]{2,10}(?:[_-][A-Za-z]{2,10}){0,2}[_-]$/.test(text)) return true;
  // `THIS_IS_MY_KEY_` before a number that nobody guesses: whoever made one uses it.
  if (/^this\b/i.test(text.replaceAll('_', ' ')) && /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-/i.test(text)) return false;
  // `{access_key}`: a script of the operator fills it in.
  if (/^\{[a-z][\w -]{0,60}\}$/i.test(text)) return true;
  return placeholderWords.test(text.slice(0, 200)) || standIns.test(text.slice(0, 200));
}

/** `888888` and `1234` are passwords that people take; `000000` and what stands for keys is a mask. */
const isNumber = (text: string): boolean => /^([1-9])\1{5,}$/.test(text) || (/^\d{4}$/.test(text) && text !== '0000');
/** The password is what the name ends in: `PASSWORD_HISTORY=1234` counts. */
const endsInPassword = (name: string): boolean => /pass(?:word|wd|phrase|code)?\d*$|pwd\d*$/i.test(name);

/**
 * Encrypted before it was kept, so that whoever reads the repository has nothing: SOPS and eyaml (`ENC[AES256_GCM,data:…]`), Jasypt
 * (`ENC(…)`), Spring Cloud Config (`{cipher}…`), Ansible Vault, age and PGP.
 */
const encrypted =
  /^(?:ENC\[[A-Z0-9_]{2,20},|ENC\([A-Za-z0-9+/=]+\)$|\{cipher\}|\$ANSIBLE_VAULT;|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE))/;

/** True when the value is taken from elsewhere: `${X}`, `$X`, `{{ x }}`, `$(x)`, `#{x}`, `vault:…`; or needs a key from there. */
export const isReference = (value: string): boolean =>
  encrypted.test(value) ||
  /^\$\{?[A-Za-z_][A-Za-z0-9_.]*\}?$/.test(value) ||
  /^\$\{[^}]*\}$/.test(value) ||
  /^\{\{.*\}\}$/.test(value) ||
  /^\$\([^)]*\)$/.test(value) ||
  /^#\{.*\}$/.test(value) ||
  // A path into the input or the context of a state machine (Amazon States Language): `$$.Task.Token`.
  /^\$\$?\.[\w.[\]'*-]{1,200}$/.test(value) ||
  /^(?:var|local|module|data)\.[A-Za-z_][\w.-]*$/.test(value) ||
  /^(vault|op|ssm|arn|ref\+[a-z]+):/.test(value) ||
  // The name of a key of AWS KMS.
  /^alias\/[\w/-]{1,250}$/.test(value) ||
  /^\/run\/secrets\//.test(value);

const providers: readonly (readonly [RegExp, string])[] = [
  [/^-----BEGIN [A-Z ]{0,30}PRIVATE KEY/, 'PEM'],
  [/^(AKIA|ASIA)[0-9A-Z]{16}$/, 'AWS'],
  [/^gh[pousr]_[A-Za-z0-9]{30,}$/, 'GitHub'],
  [/^github_pat_[A-Za-z0-9_]{30,}$/, 'GitHub'],
  [/^glpat-[A-Za-z0-9_-]{20,}$/, 'GitLab'],
  [/^[sr]k_live_[A-Za-z0-9]{16,}$/, 'Stripe'],
  [/^xox[abeprs]-[A-Za-z0-9-]{10,}$/, 'Slack'],
  [/^AIza[0-9A-Za-z_-]{35}$/, 'Google'],
  [/^SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}$/, 'SendGrid'],
  [/^npm_[A-Za-z0-9]{30,}$/, 'npm'],
  [/^eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\./, 'JWT'],
];

/** Bits of Shannon entropy for each character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
const looksRandom = (text: string): boolean =>
  text.length >= 20 &&
  !text.startsWith('--') &&
  text.length <= 500 &&
  /^[A-Za-z0-9+/=_-]+$/.test(text) &&
  /\d/.test(text) &&
  /[A-Za-z]/.test(text) &&
  entropyOf(text) > 3.6;

/**
 * A gap that a program fills in before it connects: `{password}`, `{0}`, `{pw!r}`, `%s`, `%[2]v`, `%(pw)s`, `%{PW}`, `:pw` or `$1` of
 * a query, `@pw@` of a build.
 */
const isGap = (text: string): boolean =>
  /^(?:\$\d{1,3}(?=\W|$).{0,20}|\{[\w.]{0,60}(?:![rsa])?(?::[\w.]{1,20})?\}|%(?:\[\d\]|\([\w.]{1,60}\))?[svqdr]|%\{[\w.]{1,60}\}|:[a-z_]\w{0,60}|@[a-z][\w.-]{0,60}@)$/i.test(
    text,
  );

const passwordPair =
  /((?:^|[\s;?&,])(?:password|passwd|pwd|secret|token|api_?key|accountkey|sharedaccesskey|access_?token|authtoken|sig)\s?=\s?)("[^"]{0,500}"|'[^']{0,500}'|<[^<>]{0,100}>|[^\s;&,"']+)/gi;

/** `Username=app;Password=1`, and what the makers of SQL Server show with the account `sa`: a server takes both as they stand. */
const isTaken = (password: string, connection: string): boolean =>
  /[;\s]?\b(?:user(?:name| ?id)?|uid)\s?=/i.test(connection) &&
  (/^(?!0+$)\d{1,4}$/.test(password) || /^your_?strong\S{0,10}passw[o0]rd/i.test(password));

/** Masks passwords inside connection strings. `secret`: one of them was a real literal. */
export function maskConnection(value: string): { text: string; secret: boolean } {
  // Every form of a password has one of these before or behind it: most texts end here.
  if (!value.includes('@') && !value.includes('=')) return { text: value, secret: false };
  let secret = false;
  const hide = (password: string, isPassword = true): string => {
    const bare = password.replace(/^\\?["']|\\?["']$/g, '');
    if (isReference(bare) || bare.includes('${') || isGap(bare)) return password;
    if (isPlaceholder(bare) && !(isPassword && (isNumber(bare) || isTaken(bare, value)))) return password;
    secret = true;
    return mask;
  };
  const urls = value.replace(/(:\/\/)([^\s"'<>]{1,2000})/g, (whole, scheme: string, rest: string) => {
    const at = userinfoEnd(rest);
    const colon = at > 0 ? rest.indexOf(':') : -1;
    if (colon < 0 || colon >= at || /^host(?:name)?(?=[:/?,]|$)/i.test(rest.slice(at + 1))) return whole;
    return `${scheme}${rest.slice(0, colon + 1)}${hide(rest.slice(colon + 1, at))}${rest.slice(at)}`;
  });
  const dsn = urls.replace(
    /^([^\s:/@]{1,100}:)([^\s@]{1,500})(@(?:tcp|unix)\()/,
    (_, user: string, password: string, rest: string) => user + hide(password) + rest,
  );
  const text = dsn.replace(passwordPair, (_, key: string, password: string) => key + hide(password, /p(?:ass|wd)/i.test(key)));
  return { text, secret };
}

/** Where userinfo ends: the last `@` of the authority, or one behind a password that holds `/`. */
function userinfoEnd(rest: string): number {
  const slash = rest.search(/[/?#]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const inside = authority.lastIndexOf('@');
  if (inside >= 0 || /:\d*$/.test(authority) || !authority.includes(':')) return inside;
  return rest.lastIndexOf('@');
}

/** Emulators of AWS (DynamoDB local, LocalStack) take any text; keys have 40 characters, those of MinIO at least 8. */
const isForEmulator = (name: string, value: string): boolean => /aws_?secret_?access_?key$/i.test(name) && value.length < 8;

/** `mystorageaccountkey`, `token`, `smtp-password` in the place of what somebody else issues. */
const isIssued = (kind: string, value: string): boolean =>
  kind === 'password'
    ? /^(?:smtp|e?mail)[_-]?(?:pass(?:word)?|pwd)$/i.test(value)
    : (kind === 'key' || kind === 'token') && /^(?:my[a-z_-]{2,40}|(?:api[_-]?|access[_-]?|auth[_-]?)?(?:token|key))$/i.test(value);

/** Accounts that the emulators of Azure Storage and Cosmos DB have by their documentation, and nobody else. */
const emulatorAccount = /(?:^|;)\s?(?:AccountName=devstoreaccount1(?:;|$)|AccountKey=(?:Eby8vdM02|C2y6yDjf5\/R))/i;

/** The account that RabbitMQ has from the start: a default of developers, and no secret until somebody deploys a broker with it. */
const guestOfBroker = /^amqps?:\/\/guest:guest@|(?:^|;)\s?user\w{0,5}=guest;\s?password=guest\b/i;
export const isGuestOfBroker = (name: string, value: string): boolean =>
  guestOfBroker.test(value) || (/^guest$/i.test(value) && /rabbit|amqp|(?:^|[_:.])r?mq(?=[_:.]|$)|broker/i.test(name));

const ofOthers =
  /(?:^|_)(?:aws|azure|s3|cos|oss|r2|gcs)_|client|consumer|webhook|google|git(?:hub|lab)|facebook|twitter|linkedin|paypal|slack|discord|stripe|twilio|mailgun|mailchimp|sendgrid|cloudinary|okta|auth0|oauth/i;
const wordsForSecrets = ['secret', 'client', 'access', 'token', 'value', 'hmac', 'api', 'key', 'id'];
/** `CLIENT_SECRET=clientsecret`, `STRIPE_KEY=stripe-key`: words of its own name, where only its issuer knows the value. */
function repeatsName(name: string, value: string): boolean {
  if (!ofOthers.test(name) || !/^[\w-]{3,60}$/.test(value)) return false;
  const words = [...wordsOf(name), ...wordsForSecrets].filter((word) => word.length > 1).sort((a, b) => b.length - a.length);
  let rest = value.toLowerCase().replace(/[_-]/g, '');
  while (rest !== '') {
    const word = words.find((next) => rest.startsWith(next));
    if (word === undefined) return false;
    rest = rest.slice(word.length);
  }
  return true;
}

/** `GOOGLE_APPLICATION_CREDENTIALS=keys/account.json`: where it lies. */
const isKeptInFile = (value: string): boolean =>
  /^(?:\.{0,2}\/)?(?:[\w.@-]+\/)*[\w.@-]+\.(?:json|pem|key|p12|pfx|p8|crt|cer|jks|keystore|ya?ml|ini|txt|env|properties)$/i.test(value);

/** Judges one `NAME=value` and masks what must not be kept. */
export function judgeValue(name: string, value: string): JudgedValue {
  const trimmed = value.trim();
  if (trimmed === '') return { shape: 'empty', text: '' };
  if (trimmed.length > longest || encrypted.test(trimmed) || isPasswordHash(trimmed)) return { shape: 'opaque' };
  const provider = providers.find(([pattern]) => pattern.test(trimmed))?.[1];
  // The keys of AWS's own documentation.
  if (provider === 'AWS' && trimmed.endsWith('EXAMPLE')) return { shape: 'placeholder', text: value };
  if (provider) return { shape: 'secret', what: provider === 'PEM' ? 'private key' : 'key', provider };
  if (isReference(trimmed)) return { shape: 'reference', text: value };
  if (emulatorAccount.test(trimmed)) return { shape: 'placeholder', text: value };
  const kind = secretKindOf(name);
  const connection = maskConnection(trimmed);
  if (connection.secret) return { shape: 'secret', text: connection.text, what: 'connection string' };
  if (kind && !trimmed.includes('${') && !/^\/[\w./-]+$/.test(trimmed) && !/^\w+:\/\//.test(trimmed) && !isKeptInFile(trimmed))
    return (isPlaceholder(trimmed) && !(kind === 'password' && endsInPassword(name) && isNumber(trimmed))) ||
      isForEmulator(name, trimmed) ||
      isIssued(kind, trimmed) ||
      repeatsName(name, trimmed)
      ? { shape: 'placeholder', text: value }
      : { shape: 'secret', what: kind };
  if (looksRandom(trimmed)) return { shape: 'opaque' };
  return { shape: isPlaceholder(trimmed) && trimmed.length > 4 ? 'placeholder' : 'plain', text: connection.text };
}

const passwordHash =
  /^(?:\$(?:2[abxy]?|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]*|[156y]|apr1)\$|\{(?:S?SHA\d*|bcrypt)\}|(?:pbkdf2|scrypt|argon2|bcrypt)[\w]*\$)\S{20}/i;
/** A hash of a password, by the mark of its scheme: who reads it cannot sign in with it. Compose doubles each `$`. */
export const isPasswordHash = (text: string): boolean => passwordHash.test(text.slice(0, 200).replaceAll('$$', '$'));

/** A value as facts may hold it: masked, and unknown when nothing of it may be kept. */
export function safeSetting(name: string, value: string, place: Place): Setting<string> {
  const judged = judgeValue(name, value);
  if (judged.text !== undefined) return { known: true, value: judged.text, place };
  return { known: false, because: judged.shape === 'secret' ? secretReason : opaqueReason, place };
}

/** True when an entry's value was a real secret: all of it, or the password of its connection string. */
export const holdsSecret = (value: Setting<string> | undefined): boolean =>
  value !== undefined &&
  (value.known ? value.value.includes(`:${mask}@`) || value.value.includes(`=${mask}`) : value.because === secretReason);

/** The `secret` fact of one `NAME=value`; `undefined` when the value is no secret. */
export function secretOf(name: string, value: string): Pick<FactValues['secret'], 'what' | 'env' | 'provider'> | undefined {
  const judged = judgeValue(name, value);
  if (judged.shape !== 'secret') return undefined;
  return { what: judged.what ?? 'secret', env: name, ...(judged.provider ? { provider: judged.provider } : {}) };
}

const option =
  /(--?[a-z.-]{0,40}(?:password|passwd|requirepass|masterauth|secret|token|api-?key)[a-z-]{0,20})([= ]+)("[^"]{0,500}"|'[^']{0,500}'|[^\s"'|;&]+)/gi;
const assigned = /\b([A-Za-z][A-Za-z0-9_]{1,80})=("[^"]{0,500}"|'[^']{0,500}'|[^\s"'|;&]+)/g;

/** A command line without its secrets: assignments, options and connection strings. */
export function maskCommand(line: string): string {
  const hideValue = (name: string, value: string): string => {
    const bare = value.replace(/^["']|["']$/g, '');
    // What a shell puts there.
    if (/^[$`]/.test(bare)) return value;
    const judged = judgeValue(name, bare);
    return judged.text === undefined ? mask : value.replace(bare, () => judged.text!);
  };
  return maskConnection(line)
    .text.replace(assigned, (_, name: string, value: string) => `${name}=${hideValue(name, value)}`)
    .replace(option, (_, name: string, gap: string, value: string) => `${name}${gap}${hideValue('password', value)}`);
}
