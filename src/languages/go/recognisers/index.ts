import type { Recogniser } from '../recogniser.ts';
import { configFiles } from './config-files.ts';
import { databases } from './databases.ts';
import { endpoints } from './endpoints.ts';
import { environment } from './environment.ts';
import { fileWrites } from './file-writes.ts';
import { generatedSecrets } from './generated-secrets.ts';
import { health } from './health.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import { origins } from './origins.ts';
import { outgoingCalls } from './outgoing-calls.ts';
import { processState } from './process-state.ts';
import { queues } from './queues.ts';
import { routes } from './routes.ts';
import { schedulers } from './schedulers.ts';
import { schemaChanges } from './schema-changes.ts';
import { secrets } from './secrets.ts';
import { servers } from './servers.ts';
import { sessions } from './sessions.ts';
import { shutdown } from './shutdown.ts';
import { sockets } from './sockets.ts';
import { stores } from './stores.ts';

/** Everything that is known of libraries. */
export const recognisers: readonly Recogniser[] = [
  servers,
  shutdown,
  routes,
  health,
  metrics,
  environment,
  origins,
  databases,
  schemaChanges,
  secrets,
  generatedSecrets,
  configFiles,
  endpoints,
  outgoingCalls,
  logs,
  sessions,
  stores,
  schedulers,
  fileWrites,
  processState,
  queues,
  sockets,
];
