import type { Recogniser } from '../recogniser.ts';
import { applicationState } from './application-state.ts';
import { caches } from './caches.ts';
import { controllers } from './controllers.ts';
import { dataProtection } from './data-protection.ts';
import { databases } from './databases.ts';
import { endpoints } from './endpoints.ts';
import { environment } from './environment.ts';
import { fieldsOfSingletons } from './fields-of-singletons.ts';
import { fileWrites } from './file-writes.ts';
import { health } from './health.ts';
import { hostPaths } from './host-paths.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import { origins } from './origins.ts';
import { outgoingCalls } from './outgoing-calls.ts';
import { pages } from './pages.ts';
import { processState } from './process-state.ts';
import { profiles } from './profiles.ts';
import { queues } from './queues.ts';
import { rateLimits } from './rate-limits.ts';
import { routes } from './routes.ts';
import { schedulers } from './schedulers.ts';
import { schemaChanges } from './schema-changes.ts';
import { secrets } from './secrets.ts';
import { servers } from './servers.ts';
import { sessions } from './sessions.ts';
import { sockets } from './sockets.ts';

/** What ASP.NET Core and libraries of .NET mean. */
export const recognisers: readonly Recogniser[] = [
  servers,
  routes,
  controllers,
  pages,
  health,
  environment,
  profiles,
  origins,
  metrics,
  sessions,
  sockets,
  databases,
  schemaChanges,
  secrets,
  dataProtection,
  endpoints,
  schedulers,
  queues,
  fileWrites,
  hostPaths,
  logs,
  rateLimits,
  outgoingCalls,
  processState,
  fieldsOfSingletons,
  applicationState,
  caches,
];
