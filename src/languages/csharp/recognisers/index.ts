import type { Recogniser } from '../recogniser.ts';
import { controllers } from './controllers.ts';
import { environment } from './environment.ts';
import { health } from './health.ts';
import { metrics } from './metrics.ts';
import { pages } from './pages.ts';
import { routes } from './routes.ts';
import { servers } from './servers.ts';

/** What ASP.NET Core and libraries of .NET mean. */
export const recognisers: readonly Recogniser[] = [servers, routes, controllers, pages, health, environment, metrics];
