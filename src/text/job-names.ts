/** Refreshing what each copy keeps for itself must happen in each of them. */
const keepsItself =
  /stats?$|statistics$|metrics?$|^(?:print|log|dump|refresh|reload|evict|clear|heartbeat|keepAlive|ping|logStat|report|collectMetric|flushMetric|cleanUpCache|updateCache|sendHeartbeat)|(?:clean\w{0,10}|purge|expire|invalidate|reset)\w{0,20}(?:Caches?|Buffers?|Metrics?|Counters?)$/i;

/** The name of a job's method says that it looks after its own copy only. */
export const concernsOwnCopy = (name: string): boolean => keepsItself.test(name);
