/** Refreshing what each copy keeps for itself must happen in each of them. */
const keepsItself =
  /stats?$|statistics$|metrics?$|^(?:print|log|dump|refresh|reload|evict|clear|heartbeat|keepAlive|ping|logStat|report|collectMetric|flushMetric|cleanUpCache|updateCache|sendHeartbeat)|(?:clean\w{0,10}|purge|expire|invalidate|reset)\w{0,20}(?:Caches?|Buffers?|Metrics?|Counters?)$/i;

/** The name of a job's method says that it looks after its own copy only. */
export const concernsOwnCopy = (name: string): boolean => keepsItself.test(name);

const tidies =
  /clean|purge|prune|expir|evict|vacuum|garbage|obsolete|stale|outdated|retention|house_?keep|tidy|sweep|(?:delete|remove|clear)_?(?:old|all_?old|unused|dead|inactive)/i;
/** The name of a job says that it puts away what is no longer needed. */
export const namesCleanUp = (name: string): boolean => tidies.test(name);

const endsByItself = /(?:^|[-_.])(?:migrat(?:e|es|or|ion|ions)|init|initializer|dbinit|db-?setup|seed|seeder|create-?buckets?)$/i;
/** `migrate`, `db-init`, `seed`: what is named so does its work and ends. */
export const namesTask = (name: string): boolean => endsByItself.test(name);
const entryNames = /^(?:main|index|app|program|__main__)$/i;

/** A program that is named for work that ends: `cmd/migrate/main.go`, `Shop.Migrator.csproj`, `db-setup.js`. */
export function isTaskProgram(path: string): boolean {
  const [file = '', folder = ''] = path.split('/').reverse();
  const stem = file.replace(/\.\w+$/, '');
  // `init.js` may as well be where a program begins that goes on.
  return entryNames.test(stem) ? namesTask(folder) : namesTask(stem) && !/^init/i.test(stem);
}
