/** What a function does to the world, by what it calls. */
import type { CallSite, ProgramView } from '../recogniser.ts';

export type Effect = 'work' | 'harmless' | 'unknown';
const harmless =
  /metric|stats?\b|heart_?beat|keep_?alive|health|refresh_?(?:cache|config|token)|reload|log_|cleanup_?(?:tmp|temp|cache)|gc\b|prune_?cache|self_?ping|monitor|evict/i;
/** Calls that others notice: data, mail, services. */
const working =
  /^(?:requests\.|httpx\.|smtplib\.|boto3\.|django\.core\.mail|flask_mail\.|aiohttp\.client|twilio|sendgrid|psycopg|pymongo|sqlite3)|\.(?:commit|execute|executemany|insert_one|insert_many|update_one|send_mail|save|bulk_create|delete|add_all|send_message|publish)$|^(?:discord|nextcord|disnake|interactions|telegram)\.(?:.+\.)?(?:send|send_\w+|reply\w*|edit)$/;
const locks = /(?<![bc])lock|acquire|setnx|leader|mutex/i;
/** Keep threads and tasks of one process apart, or processes of one machine. */
const localLocks = /^(?:threading|asyncio|multiprocessing|anyio|trio|filelock|fasteners|fcntl|portalocker|contextlib)\b/;

/** A lock that other processes see; what a function of the program is called says less than what it takes. */
function isShared({ dotted, callee }: CallSite, program: ProgramView): boolean {
  const inside = callee.is === 'function' ? program.callsWithin(callee.id) : [];
  return !localLocks.test(dotted ?? '') && !inside.some((one) => localLocks.test(one.dotted ?? '') && locks.test(one.name));
}

/** What a job does, by what it calls. */
export function effectOf(program: ProgramView, id: string | undefined): { readonly effect: Effect; readonly guard?: string } {
  if (id === undefined) return { effect: 'unknown' };
  const own = program.evaluator.functionOf(id);
  const calls = [...program.reached([id])].flatMap((one) => program.callsWithin(one));
  const guard = calls.find((call) => locks.test(call.name) && isShared(call, program));
  if (guard) return { effect: 'unknown', guard: guard.name };
  if (calls.some(({ name, dotted }) => working.test(dotted ?? `?.${name}`))) return { effect: 'work' };
  return { effect: own && harmless.test(own.name) ? 'harmless' : 'unknown' };
}
