import type { Recogniser } from '../recogniser.ts';
import { environment } from './environment.ts';
import { health } from './health.ts';
import { metrics } from './metrics.ts';
import { routes } from './routes.ts';
import { schedulers } from './schedulers.ts';
import { servers } from './servers.ts';
import { sessions } from './sessions.ts';
import { shutdown } from './shutdown.ts';
import { stores } from './stores.ts';

/** Everything that is known of libraries. */
export const recognisers: readonly Recogniser[] = [servers, shutdown, routes, health, metrics, environment, sessions, stores, schedulers];
