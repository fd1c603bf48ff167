/** Tells a secret that is written into infrastructure code from the many settings that only name or describe one. */

import { purposeOf } from '../../text/purpose.ts';
import { secretOf } from '../../text/secret-shapes.ts';
import type { Fact, Place } from '../../types.ts';

export type Secret = NonNullable<ReturnType<typeof secretOf>>;

/** Arguments that name a secret instead of holding one. */
const naming =
  /^(?:(?:creation|client|idempotency|request)_?token|secret|secrets|secret_?(?:key_?)?ref|secret_?name|secret_?id|key|key_?name|name|type|path|engine)$/i;
/** Last words of names that say something about a secret. */
const describing =
  /(?:permissions?|(?:passw(?:or)?d|secret|token)_?keys?|class|arns?|ids?|names?|refs?|rotation|versions?|paths?|prefix|suffix|polic(?:y|ies)|roles?|store|manager|format|annotations?|labels?|window|days|type|description|backend|mount|path|parameters?|enabled|provider)$/i;
/** What people write where a provider asks for something and nobody looks at it. */
const isStandIn = (value: string): boolean => value.length < 6 || /^(?:test|mock|fake|dummy|local|none|anything)/i.test(value);
/** `prod/db-password` and `db-password` are names of secrets. */
export const isNameOfSecret = (value: string): boolean =>
  /^[A-Za-z][A-Za-z0-9]*(?:[-/_.:][A-Za-z0-9]+)+$/.test(value) && /secret|passw|token|key|cred/i.test(value);

/** The secret that a setting of this name holds; `undefined` for everything else. */
export function literalSecret(name: string, value: string): Secret | undefined {
  // `token.example.com:aud` is a key of a condition (IAM).
  if (naming.test(name) || describing.test(name) || name.includes(':')) return undefined;
  const secret = secretOf(name, value);
  if (!secret || isStandIn(value)) return undefined;
  return secret.provider || secret.what === 'connection string' || !isNameOfSecret(value) ? secret : undefined;
}

export const secretFact = (secret: Secret, place: Place): Fact<'secret'> => ({
  kind: 'secret',
  place,
  confidence: 'certain',
  value: { ...secret, origin: 'literal', holder: 'manifest', purpose: purposeOf(place.path) },
});
