import type { Recogniser } from '../recogniser.ts';
import { apiDocuments } from './api-documents.ts';
import { applicationScope } from './application-scope.ts';
import { backgroundWork } from './background-work.ts';
import { boundServices } from './bound-services.ts';
import { caches } from './caches.ts';
import { callTargets } from './call-targets.ts';
import { callRoutes } from './code-routes.ts';
import { codeSessions } from './code-sessions.ts';
import { counters } from './counters.ts';
import { cronLibraries } from './cron-libraries.ts';
import { databases } from './databases.ts';
import { descriptors } from './descriptors.ts';
import { endpoints } from './endpoints.ts';
import { environment } from './environment.ts';
import { fieldsOfRequests } from './fields-of-requests.ts';
import { fileWrites } from './file-writes.ts';
import { fixedHosts } from './fixed-hosts.ts';
import { generatedKeys } from './generated-keys.ts';
import { handedOff } from './handed-off.ts';
import { health } from './health.ts';
import { hostPaths } from './host-paths.ts';
import { keptInCaches } from './kept-in-caches.ts';
import { logging } from './logging.ts';
import { metrics } from './metrics.ts';
import { outgoingCalls } from './outgoing-calls.ts';
import { ownCaches } from './own-caches.ts';
import { ownLimits } from './own-limits.ts';
import { pages } from './pages.ts';
import { processState } from './process-state.ts';
import { profiles } from './profiles.ts';
import { rateLimits } from './rate-limits.ts';
import { remoteProtocols } from './remote-protocols.ts';
import { routes } from './routes.ts';
import { schedulers } from './schedulers.ts';
import { schemaChanges } from './schema-changes.ts';
import { secrets } from './secrets.ts';
import { serverUse } from './server-use.ts';
import { servers } from './servers.ts';
import { sessions } from './sessions.ts';
import { sockets } from './sockets.ts';
import { transactions } from './transactions.ts';

/** Every recogniser of Java, by topic. */
export const recognisers: readonly Recogniser[] = [
  descriptors,
  servers,
  routes,
  callRoutes,
  apiDocuments,
  health,
  metrics,
  sessions,
  codeSessions,
  rateLimits,
  ownLimits,
  sockets,
  schedulers,
  cronLibraries,
  backgroundWork,
  handedOff,
  fileWrites,
  processState,
  keptInCaches,
  fieldsOfRequests,
  counters,
  applicationScope,
  caches,
  ownCaches,
  databases,
  schemaChanges,
  logging,
  serverUse,
  remoteProtocols,
  transactions,
  outgoingCalls,
  callTargets,
  environment,
  boundServices,
  endpoints,
  fixedHosts,
  hostPaths,
  profiles,
  secrets,
  generatedKeys,
  pages,
];
