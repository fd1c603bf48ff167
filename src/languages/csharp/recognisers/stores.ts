/** Where ASP.NET Core keeps what IDistributedCache holds. */
import type { StoreChoice } from '../../../facts.ts';
import { type ProgramView, storeAt } from '../recogniser.ts';

const external: Readonly<Record<string, string>> = {
  AddStackExchangeRedisCache: 'redis',
  AddDistributedRedisCache: 'redis',
  AddRedisDistributedCache: 'redis',
  AddRedisCache: 'redis',
  AddDistributedSqlServerCache: 'sqlserver',
  AddSqlServerCache: 'sqlserver',
  AddDistributedPostgreSqlCache: 'postgresql',
  AddPostgresDistributedCache: 'postgresql',
  AddCosmosCache: 'cosmosdb',
  AddMongoDbCache: 'mongodb',
  AddNCacheDistributedCache: 'ncache',
  AddEnyimMemcached: 'memcached',
  AddDistributedAzureTableStorageCache: 'azure',
};
export const distributedCaches = [...Object.keys(external), 'AddDistributedMemoryCache', 'IDistributedCache'];

/** Caches that all copies share win over the one in memory, which only fills a gap. */
export function distributedStores(view: ProgramView): readonly StoreChoice[] {
  const shared = view.callsNamed(...Object.keys(external)).map((call) => storeAt(view, call, 'external', external[call.call.name]));
  const own = view
    .callsNamed('AddSingleton', 'AddScoped', 'AddTransient')
    .filter(({ call }) => call.types[0] === 'IDistributedCache' && call.types[1] !== 'MemoryDistributedCache')
    .map((call) => storeAt(view, call, 'unknown'));
  const memory = view.callsNamed('AddDistributedMemoryCache').map((call) => storeAt(view, call, 'memory'));
  const isSettled = [...shared, ...own].some(({ when }) => !when?.length);
  return isSettled ? [...shared, ...own] : [...memory, ...shared, ...own];
}
