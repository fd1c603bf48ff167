import type { Purpose } from '../../facts.ts';
import { placeholdersOf, variableOfKey } from '../../text/placeholders.ts';
import { isGuestOfBroker, isPlaceholder, judgeValue, mask, secretKindOf } from '../../text/secret-shapes.ts';
import type { Fact, Place } from '../../types.ts';

export interface JudgedSetting {
  /** What facts may hold. */
  readonly text: string;
  readonly secret?: Fact<'secret'>;
}

/** Names of settings that only look like secrets: sizes, patterns, locations, flags. */
const describing =
  /(?:expir|validity|seconds|minutes|timeout|length|header|head|prefix|enabled|pattern|url|uri|path|location|file|type|algorithm|format|name|param|size|max|min|issuer|parameter|encoder|class|starts?-?with)[\w-]*$/i;

/** Keys of ciphers, whatever they are called; `algorithm-key` is that of eGovFrame. */
const cipherKey = /^(?:algorithm|crypto|cipher|encrypt|encryption|aes|des|aria|seed)[-_]?key$/i;

/** `jwt.secret.key`: the last part alone says nothing. */
const keyOfSecrets = /(?:^|\.)(?:\w+[-_])?(?:secret|private|encryption|signing|hmac|aes)\.key$/i;

const secretKindOfKey = (key: string): string | undefined => {
  const last = key.split('.').at(-1)!;
  // The key of Spring Cloud Config, with which it encrypts what it serves.
  if (cipherKey.test(last) || /^encrypt\.key$/i.test(key)) return 'key';
  // `cds.security.mock.users[0].password`: people that only tests know.
  if (describing.test(last) || /(?:^|\.)mock(?:ed|s)?\./i.test(key)) return undefined;
  if (last === 'key' && keyOfSecrets.test(key)) return 'secret';
  return secretKindOf(last) ?? (/^(?:secret|password|passwd)$/i.test(last) ? 'secret' : undefined);
};

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/** Words for what has an account: `spring.mail.password: email_password`. */
const holders: ReadonlySet<string> = new Set(['mail', 'email', 'gmail', 'smtp', 'server', 'account']);
/** `google.client-secret: google_client_secret` says again what belongs there. */
function isStandIn(key: string, value: string): boolean {
  const [words, own] = [wordsOf(value), new Set(wordsOf(key))];
  const saysAgain = words.every((word) => own.has(word) || holders.has(word)) && own.has(words.at(-1) ?? '');
  return words.length > 1 && value.length < 100 && saysAgain;
}

/** Judges one setting: what of it may be kept, and the secret that it holds. */
export function judgeSetting({ key, value, place }: { key: string; value: string; place: Place }, purpose: Purpose): JudgedSetting {
  // Words in the writing of a language are shown to people.
  const kind = /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{L}\s\p{L}+\s/u.test(value) ? undefined : secretKindOfKey(key);
  const placeholders = placeholdersOf(value);
  if (placeholders.length > 0) return judgePlaceholder(key, value, kind);
  const judged = judgeValue(kind ? (kind === 'password' || kind === 'token' ? kind : 'secret') : key.split('.').at(-1)!, value);
  if (judged.shape === 'opaque') return { text: kind ? mask : value.length <= 300 ? value : mask };
  if (judged.shape !== 'secret' || isStandIn(key, value) || isGuestOfBroker(key, value)) return { text: judged.text ?? mask };
  if (kind === undefined && judged.what !== 'connection string' && !judged.provider) return { text: mask };
  const what = kind ?? judged.what ?? 'secret';
  const secret: Fact<'secret'> = {
    kind: 'secret',
    place,
    confidence: 'certain',
    value: { what, origin: 'literal', env: key, holder: 'manifest', purpose, ...(judged.provider ? { provider: judged.provider } : {}) },
  };
  return { text: judged.text ?? mask, secret };
}

/** `${DB_PASSWORD:secret}`: the default is kept out of the facts, too. */
function judgePlaceholder(key: string, value: string, kind: string | undefined): JudgedSetting {
  const [first] = placeholdersOf(value);
  if (kind && first?.fallback && !isPlaceholder(first.fallback)) return { text: `\${${variableOfKey(first.key)}:${mask}}` };
  return { text: judgeValue(key, value).text ?? mask };
}
