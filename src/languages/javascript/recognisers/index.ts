import type { Recogniser } from '../recogniser.ts';
import { adonis } from './adonis.ts';
import { breakers } from './breakers.ts';
import { caches } from './caches.ts';
import { childProcesses } from './child-processes.ts';
import { configEnvironments } from './config-environments.ts';
import { contentSystems } from './content-systems.ts';
import { databases } from './databases.ts';
import { databaseMappers } from './databases-orm.ts';
import { databaseSchemas } from './databases-schemas.ts';
import { endpoints } from './endpoints.ts';
import { env } from './env.ts';
import { fileWrites } from './file-writes.ts';
import { generatedSecrets } from './generated-secrets.ts';
import { health } from './health.ts';
import { healthDependencies } from './health-dependencies.ts';
import { logSinks } from './log-sinks.ts';
import { metrics } from './metrics.ts';
import { moleculer } from './moleculer.ts';
import { nestRoutes } from './nest-routes.ts';
import { osPaths } from './os-paths.ts';
import { outgoingCalls } from './outgoing-calls.ts';
import { processState } from './process-state.ts';
import { queues } from './queues.ts';
import { rateLimits } from './rate-limits.ts';
import { routes } from './routes.ts';
import { contractRoutes } from './routes-contracts.ts';
import { fileRoutes } from './routes-files.ts';
import { plainRoutes } from './routes-http.ts';
import { trpcRoutes } from './routes-trpc.ts';
import { schedulers } from './schedulers.ts';
import { schemaChanges } from './schema-changes.ts';
import { secrets } from './secrets.ts';
import { servers } from './servers.ts';
import { bunServers } from './servers-bun.ts';
import { frameworkServers } from './servers-frameworks.ts';
import { sessions } from './sessions.ts';
import { shutdown } from './shutdown.ts';
import { sockets } from './sockets.ts';
import { uploads } from './uploads.ts';

/** Every recogniser; one line each. */
export const recognisers: readonly Recogniser[] = [
  uploads,
  contentSystems,
  fileWrites,
  databases,
  databaseMappers,
  databaseSchemas,
  schemaChanges,
  logSinks,
  outgoingCalls,
  breakers,
  processState,
  rateLimits,
  secrets,
  sessions,
  sockets,
  schedulers,
  queues,
  generatedSecrets,
  caches,
  configEnvironments,
  endpoints,
  osPaths,
  env,
  fileRoutes,
  bunServers,
  frameworkServers,
  health,
  healthDependencies,
  metrics,
  nestRoutes,
  plainRoutes,
  routes,
  contractRoutes,
  trpcRoutes,
  servers,
  shutdown,
  moleculer,
  adonis,
  childProcesses,
];
