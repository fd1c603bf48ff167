/** What a function does to the world, by what it calls. */
import type { ProgramView } from '../recogniser.ts';

export type Effect = 'work' | 'harmless' | 'unknown';
const harmless =
  /metric|stats?\b|heart_?beat|keep_?alive|health|refresh_?(?:cache|config|token)|reload|log_|cleanup_?(?:tmp|temp|cache)|gc\b|prune_?cache|self_?ping|monitor|evict/i;
/** Calls that others notice: data, mail, services. */
const working =
  /^(?:requests\.|httpx\.|smtplib\.|boto3\.|django\.core\.mail|flask_mail\.|aiohttp\.client|twilio|sendgrid|psycopg|pymongo|sqlite3)|\.(?:commit|execute|executemany|insert_one|insert_many|update_one|send_mail|save|bulk_create|delete|add_all|send_message|publish)$/;
const locks = /lock|acquire|setnx|leader|mutex/i;

/** What a job does, by what it calls. */
export function effectOf(program: ProgramView, id: string | undefined): { readonly effect: Effect; readonly guard?: string } {
  if (id === undefined) return { effect: 'unknown' };
  const own = program.evaluator.functionOf(id);
  const calls = [...program.reached([id])].flatMap((one) => program.callsWithin(one));
  const guard = calls.find(({ name, dotted }) => locks.test(name) && dotted !== 'threading.Lock');
  if (guard) return { effect: 'unknown', guard: guard.name };
  if (calls.some(({ name, dotted }) => working.test(dotted ?? `?.${name}`))) return { effect: 'work' };
  return { effect: own && harmless.test(own.name) ? 'harmless' : 'unknown' };
}
