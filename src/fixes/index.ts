/** Every fix maker. */
import type { FixMaker } from './fix-maker.ts';
import { imageTagMutable } from './image-tags.ts';
import { imageRunsAsRoot } from './image-users.ts';
import { dependenciesUnlocked } from './locked-dependencies.ts';
import { portMismatch } from './ports.ts';
import { probeMissing, probeRouteMissing } from './probes.ts';
import { signalLost } from './processes.ts';
import { resourcesMissing } from './resources.ts';

export const fixMakers: readonly FixMaker[] = [
  dependenciesUnlocked,
  imageRunsAsRoot,
  imageTagMutable,
  portMismatch,
  probeMissing,
  probeRouteMissing,
  resourcesMissing,
  signalLost,
];
