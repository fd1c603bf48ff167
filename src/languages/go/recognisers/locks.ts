/** What lets one copy at a time do a piece of work. */
import { type CallSite, textOf } from '../recogniser.ts';

const libraries =
  /^github\.com\/(?:go-redsync\/redsync|bsm\/redislock|cirello-io\/dynamolock|hashicorp\/consul\/api\.Lock|square\/mongo-lock|allisson\/go-pglock|go-co-op\/gocron-redis-lock)|^k8s\.io\/client-go\/tools\/leaderelection|^go\.etcd\.io\/etcd\/client\/concurrency|^cloud\.google\.com\/go\/\S*lease/;
const lockName = /(?:^|_)(?:lock|locked|leader|lease|elect|election|mutex|setnx|singleton)(?:_|$)/i;
const lockText = /pg_(?:try_)?advisory_|skip\s+locked|get_lock\s*\(|for\s+update\b/i;
const words = (name: string): string => name.replace(/([a-z\d])([A-Z])/g, '$1_$2');

function isLock(call: CallSite): boolean {
  const { target, name } = call;
  if (target !== undefined && libraries.test(target)) return true;
  // `resetNoLock`: whoever calls it holds the mutex of the process.
  if (/^sync\b/.test(target ?? '') || /^(?:Un|RUn)lock|(?:No|Un|Without)_?Lock(?:ed)?$/i.test(name)) return false;
  // `mu.Lock()` of something that could not be traced is a mutex of the process more often than not.
  if (/^R?Lock$/.test(name)) return target !== undefined && !/\.go#/.test(target);
  return (
    lockName.test(words(name)) || /^SetNX$/i.test(name) || call.args.slice(0, 3).some((argument) => lockText.test(textOf(argument) ?? ''))
  );
}

/** The name of the first lock among the calls. */
export const guardOf = (calls: readonly CallSite[]): string | undefined => calls.find(isLock)?.name;
