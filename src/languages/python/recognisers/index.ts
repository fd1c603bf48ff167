import type { Recogniser } from '../recogniser.ts';
import { databases } from './databases.ts';
import { deploymentConstants } from './deployment-constants.ts';
import { endpoints } from './endpoints.ts';
import { environment } from './environment.ts';
import { fileWrites } from './file-writes.ts';
import { health } from './health.ts';
import { indexFiles } from './indexes.ts';
import { keyFiles } from './key-files.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import { outgoingCalls } from './outgoing-calls.ts';
import { processState } from './process-state.ts';
import { queues } from './queues.ts';
import { routes } from './routes.ts';
import { schedulers } from './schedulers.ts';
import { schemaChanges } from './schema-changes.ts';
import { secrets } from './secrets.ts';
import { servers } from './servers.ts';
import { sessions } from './sessions.ts';
import { socketClients } from './socket-clients.ts';
import { sockets } from './sockets.ts';
import { stores } from './stores.ts';

/** Everything that is known of libraries. */
export const recognisers: readonly Recogniser[] = [
  servers,
  routes,
  health,
  metrics,
  environment,
  deploymentConstants,
  sessions,
  databases,
  indexFiles,
  secrets,
  endpoints,
  logs,
  schemaChanges,
  schedulers,
  outgoingCalls,
  processState,
  queues,
  sockets,
  socketClients,
  stores,
  fileWrites,
  keyFiles,
];
