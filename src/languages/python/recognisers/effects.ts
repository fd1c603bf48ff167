/** What a function does to the world, by what it calls. */
import { namesCleanUp } from '../../../text/job-names.ts';
import { type CallSite, type ProgramView, textOf } from '../recogniser.ts';

export type Effect = 'work' | 'clean-up' | 'harmless' | 'unknown';
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

const isDelete = ({ name, args }: CallSite): boolean =>
  /^delete(?:_one|_many)?$/.test(name) || (name === 'execute' && /^\s*delete\b/i.test(textOf(args[0]) ?? ''));
/** It deletes, and does nothing else but to finish that: a second copy finds nothing to do. */
const onlyDeletes = (changing: readonly CallSite[]): boolean =>
  changing.some(isDelete) && changing.every((call) => isDelete(call) || call.name === 'commit');

/** What a job does, by what it calls. */
export function effectOf(program: ProgramView, id: string | undefined): { readonly effect: Effect; readonly guard?: string } {
  if (id === undefined) return { effect: 'unknown' };
  const own = program.evaluator.functionOf(id);
  const calls = [...program.reached([id])].flatMap((one) => program.callsWithin(one));
  const guard = calls.find((call) => locks.test(call.name) && isShared(call, program));
  if (guard) return { effect: 'unknown', guard: guard.name };
  const changing = calls.filter(({ name, dotted }) => working.test(dotted ?? `?.${name}`));
  if (changing.length > 0) return { effect: own && namesCleanUp(own.name) && onlyDeletes(changing) ? 'clean-up' : 'work' };
  return { effect: own && harmless.test(own.name) ? 'harmless' : 'unknown' };
}
