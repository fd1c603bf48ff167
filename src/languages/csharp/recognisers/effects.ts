/** What methods do that others notice: data, mail, messages, files. */
import { namesCleanUp } from '../../../text/job-names.ts';
import type { MethodView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import { backplanes, sendsToOthers } from './sockets.ts';

const working =
  /^(?:SaveChanges|Commit|ExecuteNonQuery|ExecuteSqlRaw|ExecuteSqlInterpolated|ExecuteUpdate|ExecuteDelete|Send|SendMail|SendEmail|Publish|PublishMessage|PostAsJson|PutAsJson|Post|Put|InsertOne|InsertMany|UpdateOne|ReplaceOne|DeleteOne|DeleteMany|BulkInsert|Insert|WriteAllText|BasicPublish|Produce|Enqueue|Charge|Upload)(?:Async)?$/;
/** What keeps other copies from doing the same. SemaphoreSlim and `lock` keep threads of one process apart. */
const locks =
  /^(?:(?:Try)?Acquire\w*(?:Lock|Lease)\w*|(?:Try)?Lock(?:Take|Async)?|CreateLock(?:Async)?|LockTake(?:Async)?|TryAcquire(?:Async)?|AcquireLeaseAsync|AcquireAsync|IsLeader(?:Async)?|TryGetLock\w*|UseDistributedLock|DistributedLock\w*)$/;
const lockTexts = /skip\s{1,5}locked|sp_getapplock|pg_(?:try_)?advisory_lock|get_lock\(|readpast/i;

export interface Effect {
  readonly effect: 'work' | 'clean-up' | 'harmless' | 'unknown';
  readonly guard?: string;
}

const deletes = /^(?:Delete\w*|ExecuteDelete|Remove(?:Range)?)(?:Async)?$/;
const finishes = /^(?:SaveChanges|Commit)(?:Async)?$/;
/** Named for tidying up, and all that it changes are things that it deletes: a second copy finds nothing to do. */
const isCleanUp = (name: string, methods: readonly MethodView[], changing: readonly Call[]): boolean =>
  (namesCleanUp(name) || methods.some(({ method }) => namesCleanUp(method.name))) &&
  methods.some(({ method }) => method.calls.some(({ call }) => deletes.test(call.name))) &&
  !methods.some(({ method }) => method.calls.some(({ call }) => /^(?:Add|Update)(?:Range)?(?:Async)?$/.test(call.name))) &&
  changing.every(({ call }) => deletes.test(call.name) || finishes.test(call.name));
type Call = MethodView['method']['calls'][number];

/** Names of jobs that look after their own copy. */
const harmless =
  /Metric|Heartbeat|HealthCheck|Health|Cache|Warm(?:up|er)|Telemetry|Statistics|Stats|KeepAlive|Refresh(?:er)?|Monitor|Watch(?:er|dog)|Reload|Logger|Diagnostic|Memory|Garbage|Pool|Connection|Presence|Prefetch/;

export function effectOf(starts: readonly MethodView[], name: string, view: ProgramView): Effect {
  const reached = view.graph.reached(starts.map(({ id }) => id));
  const methods = view.methods.filter(({ id }) => reached.has(id));
  const calls = methods.flatMap(({ method }) => method.calls);
  const lock = calls.find(({ call }) => locks.test(call.name) || locks.test(call.on?.is === 'name' ? (call.on.path.at(-1) ?? '') : ''));
  if (lock) return { effect: 'unknown', guard: lock.call.name };
  const isLockedBySql = calls.some(({ call }) =>
    call.args.some((argument) => argument.is === 'literal' && lockTexts.test(String(argument.value))),
  );
  if (isLockedBySql) return { effect: 'unknown', guard: 'SQL' };
  if (harmless.test(name)) return { effect: 'harmless' };
  const changing = calls.filter((one) => working.test(one.call.name) && !sendsToOthers(one));
  if (changing.length > 0) return { effect: isCleanUp(name, methods, changing) ? 'clean-up' : 'work' };
  if (!calls.some(sendsToOthers)) return { effect: 'unknown' };
  // Each copy tells its own clients, unless a backplane brings them what all copies send.
  return { effect: view.callsNamed(...Object.keys(backplanes)).length > 0 ? 'work' : 'harmless' };
}
