/** Every fix maker. */
import { credentialInImage, envUndeclared } from './environment.ts';
import type { FixMaker } from './fix-maker.ts';
import { imageTagMutable } from './image-tags.ts';
import { imageRunsAsRoot } from './image-users.ts';
import { dependenciesUnlocked } from './locked-dependencies.ts';
import { portMismatch } from './ports.ts';
import { probeMissing, probeRouteMissing } from './probes.ts';
import { signalLost } from './processes.ts';
import { resourcesMissing } from './resources.ts';
import { gracePeriodShort, recreateStrategy, sessionSticky } from './rollouts.ts';
import { autoscalerBroken, autoscalerMissing, disruptionBudgetBlocks, disruptionBudgetMissing, spreadMissing } from './scaling.ts';

export const fixMakers: readonly FixMaker[] = [
  autoscalerBroken,
  autoscalerMissing,
  credentialInImage,
  dependenciesUnlocked,
  disruptionBudgetBlocks,
  disruptionBudgetMissing,
  envUndeclared,
  gracePeriodShort,
  imageRunsAsRoot,
  imageTagMutable,
  portMismatch,
  probeMissing,
  probeRouteMissing,
  recreateStrategy,
  resourcesMissing,
  sessionSticky,
  signalLost,
  spreadMissing,
];
