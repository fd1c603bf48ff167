/**
 * Files that are private keys: PEM (RFC 7468), OpenSSH, and the key ring of ASP.NET Core data protection; and those that hold one
 * password and nothing else, as secrets of Compose and Swarm do.
 */
import { LineMap } from '../../text/positions.ts';
import { purposeOf } from '../../text/purpose.ts';
import { isPlaceholder, isReference } from '../../text/secret-shapes.ts';
import type { Adapter, Extraction, SourceFile } from '../../types.ts';

const keyName = /(?:^|\/)(?:[^/]+\.(?:pem|key|p8)|id_(?:rsa|dsa|ecdsa|ed25519))$/i;
const ringName = /(?:^|\/)key-[0-9a-f]{8}-[0-9a-f-]{27}\.xml$/i;
/** An encrypted key needs its passphrase, which stands elsewhere. */
const privateKey = /-----BEGIN (?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----[ \t]*\r?\n(?!Proc-Type: 4,ENCRYPTED)/;
/** The account of a service of Google, as its console hands it out. */
const accountName = /(?:^|\/)[^/]{0,100}(?:firebase|service[-_]?account|credential|adminsdk|gcp|gcloud|google)[^/]{0,100}\.json$/i;
const accountKey = /"private_key"\s{0,5}:\s{0,5}"-----BEGIN (?:RSA )?PRIVATE KEY-----\\n[A-Za-z0-9+/]{20}/;

/** `encryptedSecret` takes the place of `masterKey` where the ring is protected. */
const masterKey = /<masterKey\b[^>]{0,300}>/;

/** `secrets/db`, `db_password.txt`, `jwt-secret`. */
const secretName = /(?:^|\/)(?:\.?secrets?\/[\w-]+(?:\.txt)?|[\w-]*(?:password|passwd|secret|token|api[-_]?key)(?:\.txt)?)$/i;
/** A password that was hashed opens nothing: `htpasswd`, crypt(3). */
const isHash = (text: string): boolean => /^(?:[\w.@-]+:)?(?:\$[0-9a-z]{1,3}\$|\{SHA\})/.test(text.trim());
/** `secrets/db_user.txt` lies beside the password, and opens nothing. */
const besideSecret = /(?:user(?:name)?|login|host|url|name|database|env(?:ironment)?|region|e?mail|port|issuer|stage)(?:\.txt)?$/i;
const environmentName = /^\s*(?:dev|development|test|testing|qa|staging|stage|prod|production|local)\s*$/i;
/** One line without blanks: neither a text about passwords nor a list of them. */
const isOneSecret = (text: string): boolean =>
  !isHash(text) &&
  /^\s{0,20}[!-~]{4,200}\s{0,20}$/.test(text.slice(0, 300)) &&
  text.length < 300 &&
  !isPlaceholder(text.trim()) &&
  !isReference(text.trim());

function extractSecret({ path, text }: SourceFile): Extraction {
  if (besideSecret.test(path) || environmentName.test(text) || !isOneSecret(text)) return { facts: [], notAssessed: [] };
  const start = text.search(/\S/);
  const place = new LineMap(path, text).place(start, start + text.trim().length);
  const value = { what: 'password', origin: 'literal', holder: 'key-file', purpose: purposeOf(path) } as const;
  return { facts: [{ kind: 'secret', place, confidence: 'certain', value }], notAssessed: [] };
}

function extractKey({ path, text }: SourceFile): Extraction {
  const found = (ringName.test(path) ? masterKey : accountName.test(path) ? accountKey : privateKey).exec(text);
  if (!found) return { facts: [], notAssessed: [] };
  const place = new LineMap(path, text).place(
    found.index,
    found.index + (accountName.test(path) ? '"private_key"' : found[0].trimEnd()).length,
  );
  const value = { what: 'private key', origin: 'literal', holder: 'key-file', purpose: purposeOf(path) } as const;
  return { facts: [{ kind: 'secret', place, confidence: 'certain', value }], notAssessed: [] };
}

export const keyFileAdapter: Adapter = {
  id: 'key-file',
  needsText: (path) => keyName.test(path) || accountName.test(path) || ringName.test(path) || secretName.test(path),
  classify: (path, head) =>
    head !== undefined &&
    ((secretName.test(path) && isOneSecret(head)) ||
      (keyName.test(path) && privateKey.test(head)) ||
      (accountName.test(path) && accountKey.test(head)) ||
      (ringName.test(path) && head.includes('<key '))),
  extract: (file) => (secretName.test(file.path) ? extractSecret(file) : extractKey(file)),
};
