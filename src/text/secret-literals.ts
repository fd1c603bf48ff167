/**
 * Judges literals of source code: is this text a secret that somebody wrote down?
 * Names alone say little in code (`password: 'Password is required'`, `token: 'access'`), so the value must look the part, too.
 */
import { isGuestOfBroker, isPasswordHash, isPlaceholder, isReference, judgeValue, maskConnection, secretKindOf } from './secret-shapes.ts';

export interface SecretLiteral {
  /** `password`, `token`, `key`, `secret`, `connection string`, `private key`. */
  readonly what: string;
  readonly provider?: string;
}

/** What a value is used for where a library takes it. */
export type SecretUse =
  /** The program itself signs or encrypts with it: any fixed text is a secret, however weak. */
  | 'signing'
  /** Opens a store or a mailbox. */
  | 'password'
  /** Key of a keyed hash: often only a label that keeps hashes apart. */
  | 'hash'
  /** Issued by somebody else: a placeholder opens nothing. */
  | 'key';

const longest = 4000;
/** Files and folders whose literals are data, texts or samples, not settings. */
const descriptivePath =
  /(?:^|\/)(?:seeds?|seeders?|mocks?|__mocks__|fixtures?|samples?|examples?|docs?|swagger|openapi|locales?|i18n|lang|translations?|stories|demo|testing|test-utils?|(?:demo|seed|sample|dummy)[_-]?data)(?:\/|[.-][\w.-]*\.(?:[cm]?[jt]sx?|py)$|\.(?:[cm]?[jt]sx?|py)$)|\.(?:d|mock|seed|seeder|fixture|stories|test|spec|schema|dto|swagger|messages|constants\.errors)\.[cm]?[jt]sx?$/i;
/** `root` is the program's folder: what lies above it says nothing about its files. */
export const isDescriptivePath = (path: string, root: string): boolean =>
  descriptivePath.test(root && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);

const describingKeys = new Set(
  'example examples sample samples mock mocks fixture fixtures message messages error errors label labels placeholder placeholders i18n translation translations locale locales description descriptions title schema schemas swagger openapi validation validations rules enum enums column columns field fields type types route routes path paths headers selectors prefix prefixes suffix alphabet charset testdata test tests development dev devdefault local spec docs text texts strings names events actions permissions scopes roles'.split(
    ' ',
  ),
);
/** What is shown instead of a secret, or refused as one: `REDACTED_VALUE`, `weakDefaults`, `FORBIDDEN_SECRETS`. */
const standIn =
  /redact|censor|obfuscat|(?:^|_)mask(?:ed)?(?:_|$)|place_?holder|dummy|(?:^|_)(?:fake|demo)(?:_|$)|(?:^|_)(?:weak|insecure|forbidden|disallowed|banned|denied|blocked|leaked|compromised|known_(?:bad|weak))_|(?:deny|block|black)_?list/;
export const isStandIn = (name: string): boolean => standIn.test(wordsOf(name).join('_'));

/** True when a property around the literal says that it describes something, is no secret, or is for tests. */
export const isDescribedBy = (keys: readonly string[]): boolean =>
  keys.some(
    (key) =>
      isStandIn(key) ||
      describingKeys.has(key.toLowerCase()) ||
      /(?:messages?|errors?|labels?|types?|names?|events?|example|schema|templates?|[_a-z](?:I|_i)ds|_IDS)$/i.test(key) ||
      /^(?:example|sample)(?=[A-Z_])/.test(key),
  );

const wordsOf = (text: string): string[] =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/** `jwtSecret: 'JWT_SECRET'`, `password: 'password'`, `TOKEN: 'accessToken'`: the text is a name. */
function isName(name: string, value: string): boolean {
  const own = new Set(wordsOf(name));
  const words = wordsOf(value);
  return words.length === 0 || words.every((word) => own.has(word)) || /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value);
}
/** `REDIRECT_URI_SESSION_KEY = 'oauth2_client_redirect_uri'`: words in a row, two of them those of the name, say under which name something is kept. */
function isLabel(name: string, value: string): boolean {
  if (!/^[A-Za-z]{2,20}\d?(?:[_.:-][A-Za-z]{2,20}\d?){1,8}$/.test(value)) return false;
  const own = new Set(wordsOf(name).filter((word) => !/^(?:key|secret|token|password|credentials?)$/.test(word)));
  return wordsOf(value).filter((word) => own.has(word)).length >= 2;
}
/** A path, selector, code or format rather than a value: `user.password`, `/reset-password`, `#password`, `auth:token`. */
const isAddress = (value: string): boolean =>
  /^(?:\.{0,2}\/|#|@|\w+:\/\/)/.test(value) ||
  /^[a-z][A-Za-z]*(?:[_-][a-z]+)*(?:[.:/][A-Za-z]+(?:[_-][a-z]+)*)+$/.test(value) ||
  /^\$?[a-z]+[A-Z][A-Za-z]*$/.test(value);

/** A file in a folder: `data/.secret`, `config/keys/token.txt`. */
const isFilePath = (value: string): boolean => /^\.?[a-z][a-z_-]*(?:\/\.?[a-z][a-z_.-]*)+$/.test(value);
/** `secretLocation`, `tokenFile`: where it is, not what it is. */
const saysWhere = (name: string): boolean => /(?:location|path|file|filename|folder|dir|directory)$/i.test(name);

/** An option of a command: `--password`. */
const isOption = (value: string): boolean => /^--?[a-z][a-z0-9-]*=?$/i.test(value);

/** Dummies that open nothing anywhere: `123456`, `abc`, `key`, `none`, `demo`. */
const isDummy = (value: string): boolean =>
  /^(?:0?1234567?8?9?0?|abc(?:123|def)?|test(?:ing)?\d*|demo|dummy|fake|foo(?:bar)?|bar|key|none|null|n\/?a|secret|token|password|xyz|qwerty|asdf|todo)$/i.test(
    value,
  );
/** What local databases are started with. */
const isLocalDefault = (value: string): boolean =>
  isDummy(value) ||
  /^(?:postgres(?:ql)?|root|admin|guest|mysql|mongo(?:db)?|redis|user|pass|example|default|dev|development|local|minio(?:admin)?|rabbit(?:mq)?)$/i.test(
    value,
  );

const loopbackUrl = /(?:@|\/\/)(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(?=[:/?#]|$)/i;
/** @internal */
export const isLoopbackUrl = (text: string): boolean => loopbackUrl.test(text);

/** `Sign in with user=admin, password=…`: words for people, not pairs alone and no address with a password. */
const isSentence = (text: string): boolean =>
  /\s/.test(text) && !/^[A-Za-z][\w .-]{0,40}\s?=/.test(text) && !/:\/\/[^\s/]*:[^\s/]*@/.test(text);

/** A pattern that looks for secrets holds none: `(?i)mongodb://[^:]+:([^@]+)@`. */
const isPattern = (text: string): boolean => /\[\^|\(\?[:=!<a-z]|\\[sSwWdDbB]/.test(text);
/** `https://shop.test/reset?token=abc123`, `/account?password=changed`: nothing in the query is as long as what is issued. */
const isShortLink = (text: string): boolean =>
  /^(?:https?:\/\/[^\s@]+|\/[\w./-]*)\?/i.test(text) && !/[?&;=][\w%.~+/-]{16}/.test(text.slice(text.indexOf('?')));

/** A secret by its shape alone: a format of an issuer, a private key, a password in a connection string. */
export function judgeShape(value: string): SecretLiteral | undefined {
  const text = value.trim();
  if (text.length < 8 || text.length > longest || isGuestOfBroker('', text)) return undefined;
  // The first line alone, which code compares others with.
  if (/^-----BEGIN [A-Z ]{1,40}-----$/.test(text)) return undefined;
  // A connection string among other lines is part of a text or a sample.
  if (text.includes('\n') && !text.startsWith('-----BEGIN')) return undefined;
  if (isPattern(text)) return undefined;
  const judged = judgeValue('', text);
  if (judged.shape !== 'secret' || (judged.what === 'connection string' && (isSentence(text) || isShortLink(text)))) return undefined;
  if (/example/i.test(text.slice(0, 200)) && judged.provider === 'AWS') return undefined;
  // Keys of browsers (Firebase, Maps) and anonymous tokens (Supabase) look the same and are public.
  if (judged.provider === 'JWT' || judged.provider === 'Google') return undefined;
  return { what: judged.what ?? 'secret', ...(judged.provider ? { provider: judged.provider } : {}) };
}

/** Keys that browsers send: PostHog, Stripe, Mapbox, Google tags. */
const publicKey = /^(?:phc_|pk_(?:live|test)_|pk\.|G-|UA-|GTM-|https?:\/\/\w+@)/;
const publicService =
  /posthog|sentry|analytics|segment|mixpanel|amplitude|gtm|recaptcha|captcha_?site|site_?key|maps|pusher_?key|algolia_?(?:app|search)|write_?key/i;
/** What people do about one: `resetPassword`, `forgot_password`. */
const isAction = (words: readonly string[]): boolean => words.some((word) => /^(?:reset|forgot|forgotten|recover|recovery)$/.test(word));
/** The word that says secret stands near the end: `MESSAGE_TYPE_PASS_LIST` is a list, `DEV_SECRET_SHA256` tells nobody the secret. */
const saysSecretLast = (name: string): boolean => {
  const words = wordsOf(name);
  return (
    !isAction(words) &&
    secretKindOf(words.slice(-2).join('_')) !== undefined &&
    !/^(?:list|lists|map|regex|pattern|event|events|table|form|page|view|link|button|input|action|error|message|hash|hashed|digest|checksum|fingerprint|sha\d+|md5)$/.test(
      words.at(-1) ?? '',
    )
  );
};

/** Plain words: `pending_provisioning`, `sign-in-clicked`. */
const isWord = (text: string): boolean => /^[A-Za-z]+(?:[_.-][A-Za-z]+)*$/.test(text);
const isMixed = (text: string): boolean => /\d/.test(text) && /[A-Za-z]/.test(text);

/** `password: '123456'`. */
const isNumericPassword = (name: string, text: string): boolean => /^(?:\w*[a-z_])?pass(?:word|wd)$/i.test(name) && /^\d{6,}$/.test(text);

const signsByName = /(?:jwt|session|cookie|auth|app|signing|access|refresh|hmac|encryption)[\w-]{0,10}secret|secret[_-]?key/i;
/** `sessionSecret: 'keyboard cat'`: a phrase, and no label or message about the secret. */
const isSigningPhrase = (name: string, text: string): boolean =>
  signsByName.test(name) &&
  /^[\w'!-]{1,30}(?: [\w'!-]{1,30}){1,5}$/.test(text) &&
  !/secret|key|token|password|required|invalid|missing|must|please|optional|used|generat/i.test(text);

/** Google issues passwords for mail programs as sixteen letters, which it shows in groups of four. */
const isAppPassword = (name: string, text: string): boolean =>
  /mail|smtp/i.test(name) && /^(?:[a-z]{16}|[a-z]{4}(?: [a-z]{4}){3})$/.test(text) && !/pass|secret|mail|here|word/.test(text);

/** A literal under a name, where no library says what it is used for. */
export function judgeNamed(name: string, value: string): SecretLiteral | undefined {
  const text = value.trim();
  const shape = judgeShape(text);
  if (shape) return shape;
  const kind = secretKindOf(name);
  if (!kind || isPasswordHash(text) || !saysSecretLast(name) || text.length < 6 || text.length > 500) return undefined;
  if (kind === 'password' && isAppPassword(name, text) && !isPlaceholder(text)) return { what: kind };
  if (/\s/.test(text)) return isSigningPhrase(name, text) && !isPlaceholder(text) ? { what: kind } : undefined;
  // A sentence of another language than English: `password: '密码必须包含数字'`.
  if (/[^\x20-\x7e]/.test(text)) return undefined;
  // Salts keep hashes apart; they need not be secret.
  if (publicKey.test(text) || publicService.test(name) || /(?:salt|chars|alphabet|charset|challenge)$/i.test(name) || /[_-]$/.test(text))
    return undefined;
  if (isPlaceholder(text) || isReference(text) || isDummy(text) || isName(name, text) || isAddress(text) || isOption(text))
    return undefined;
  if (saysWhere(name) || isFilePath(text) || isDottedName(text)) return undefined;
  if (/[<>{}()[\]]/.test(text) || (/^[\d.,:-]+$/.test(text) && !isNumericPassword(name, text))) return undefined;
  if (isLabel(name, text)) return undefined;
  if (kind === 'token' || kind === 'key' || kind === 'credential') return isMixed(text) && text.length >= 16 ? { what: kind } : undefined;
  // One plain word may be a label; under `JWT_SECRET` or `sessionSecret` it is not.
  if (isWord(text) && !signsByName.test(name)) return undefined;
  return { what: kind };
}

/** `accounts.view_secret`, `errors.password.short`: a permission, a key of translations. */
const isDottedName = (text: string): boolean => /^[a-z]+(?:_[a-z]+)*(?:\.[a-z]+(?:_[a-z]+)*)+$/.test(text);

/** What somebody else issues: a placeholder in its place opens nothing. */
const thirdParty =
  /client|consumer|webhook|storage|minio|bucket|google|git(?:hub|lab)|bitbucket|facebook|instagram|twitter|linkedin|paypal|slack|discord|twitch|spotify|dropbox|yahoo|microsoft|azure|aws|s3|apple|stripe|twilio|mailgun|sendgrid|mailchimp|pusher|cloudinary|okta|auth0|oauth|smtp|api/i;

/** A literal that is used when a variable is not set. */
export function judgeFallback(variable: string, value: string): SecretLiteral | undefined {
  const text = value.trim();
  const kind = secretKindOf(variable);
  const shape = judgeShape(text);
  if (shape) return loopbackUrl.test(text) ? undefined : shape;
  if (!kind || text.length < 3 || text.length > 500 || isReference(text) || isAddress(text)) return undefined;
  if (/^\d{4}-\d\d-\d\d/.test(text) || /exp(?:iry|ires|iration)?$/i.test(variable)) return undefined;
  const signs = kind === 'secret' || /(?:jwt|session|cookie|signing|encryption|hmac)[\w-]{0,20}(?:key|salt)$|secret/i.test(variable);
  const third = thirdParty.test(variable);
  if (signs && !third) return /^(?:none|null|undefined|false)$/i.test(text) ? undefined : { what: kind };
  if (isPlaceholder(text) || isLocalDefault(text) || isName(variable, text) || publicKey.test(text)) return undefined;
  return kind === 'password' || (isMixed(text) && text.length >= 12) ? { what: kind } : undefined;
}

const whatOfUse = { signing: 'signing secret', hash: 'signing secret', password: 'password', key: 'key' } as const;

/** A literal that a library takes as a secret. */
export function judgeUse(use: SecretUse, value: string): SecretLiteral | undefined {
  const text = value.trim();
  if (text === '' || text.length > longest || isReference(text)) return undefined;
  const shape = judgeShape(text);
  if (shape) return shape;
  if (use === 'signing') return /-----BEGIN (?:RSA )?PUBLIC|-----BEGIN CERTIFICATE/.test(text) ? undefined : { what: whatOfUse.signing };
  if (isPlaceholder(text) && !/^\d{2,4}$/.test(text)) return undefined;
  if (use === 'hash') return (isMixed(text) && text.length >= 12) || /secret|key$/i.test(text) ? { what: whatOfUse.hash } : undefined;
  if (use === 'password') return { what: whatOfUse.password };
  return isMixed(text) && text.length >= 12 ? { what: whatOfUse.key } : undefined;
}

/** Headers by which a caller says who it is. */
const authorizing =
  /^(?:(?:proxy-)?authorization|(?:x-)?(?:api[-_]?key|api[-_]token|auth[-_]token|access[-_]token)|x-rapidapi-key|ocp-apim-subscription-key)$/i;
/** A literal that is sent as a header: `Authorization: Bearer …`, `X-Api-Key: …`. */
export function judgeHeader(name: string, value: string): SecretLiteral | undefined {
  if (!authorizing.test(name)) return undefined;
  const text = value.trim().replace(/^(?:Bearer|Basic|Token|ApiKey|Key)\s+/i, '');
  return /\s/.test(text) || isName(name, text) || isAddress(text) ? undefined : judgeUse('key', text);
}

/** True for a connection string with a literal password. */
export const holdsPassword = (value: string): boolean => value.length <= longest && maskConnection(value).secret;

/** Comments by which other scanners accept a line: gitleaks, detect-secrets, Secretlint, and Semgrep where it names a rule about secrets. */
const acceptedLine =
  /gitleaks:allow|pragma:\s?(?:allowlist|whitelist) secret|secretlint-disable(?:-line|-next-line)?|nosemgrep:[^\n]{0,200}(?:secret|credential|password|api-?key|token)/;
/** True when the line, or the one before, carries such a comment. */
export function isAcceptedSecret(lines: readonly string[], line: number): boolean {
  const own = lines[line - 1]?.slice(0, 2000) ?? '';
  const before = lines[line - 2]?.slice(0, 2000) ?? '';
  return acceptedLine.test(own) || (/^\s*(?:\/\/|\/\*|#)/.test(before) && acceptedLine.test(before));
}
