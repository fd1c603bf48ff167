/** Every fix maker. */
import { callWithoutTimeout } from './calls.ts';
import { credentialInImage, envUndeclared } from './environment.ts';
import type { FixMaker } from './fix-maker.ts';
import { gracePeriodShort } from './grace-periods.ts';
import { hclSecret } from './hcl-secrets.ts';
import { imageTagMutable } from './image-tags.ts';
import { imageRunsAsRoot } from './image-users.ts';
import { hardcodedCredential, hardcodedEndpoint } from './literals.ts';
import { dependenciesUnlocked } from './locked-dependencies.ts';
import { logToFile } from './logs.ts';
import { manifestSecret } from './manifest-secrets.ts';
import { portMismatch } from './ports.ts';
import { probeMissing, probeRouteMissing } from './probes.ts';
import { signalLost } from './processes.ts';
import { rateLimitInMemory } from './rate-limits.ts';
import { resourcesMissing } from './resources.ts';
import { recreateStrategy, sessionSticky } from './rollouts.ts';
import { autoscalerBroken, autoscalerMissing, disruptionBudgetBlocks, disruptionBudgetMissing, spreadMissing } from './scaling.ts';
import { hardcodedPort, loopbackBind } from './servers.ts';
import { sessionInMemory } from './sessions.ts';
import { shutdownNotGraceful } from './shutdown.ts';
import { websocketWithoutAdapter } from './sockets.ts';
import { springEndpoint, springSecret, springShutdown } from './spring.ts';

export const fixMakers: readonly FixMaker[] = [
  autoscalerBroken,
  autoscalerMissing,
  callWithoutTimeout,
  credentialInImage,
  dependenciesUnlocked,
  disruptionBudgetBlocks,
  disruptionBudgetMissing,
  envUndeclared,
  gracePeriodShort,
  hardcodedCredential,
  hardcodedEndpoint,
  hardcodedPort,
  hclSecret,
  imageRunsAsRoot,
  imageTagMutable,
  logToFile,
  loopbackBind,
  manifestSecret,
  portMismatch,
  probeMissing,
  probeRouteMissing,
  rateLimitInMemory,
  recreateStrategy,
  resourcesMissing,
  sessionInMemory,
  sessionSticky,
  shutdownNotGraceful,
  signalLost,
  spreadMissing,
  springEndpoint,
  springSecret,
  springShutdown,
  websocketWithoutAdapter,
];
