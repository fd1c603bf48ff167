import type { RuleTexts } from '../../locale.ts';
import { build } from './build.ts';
import { config } from './config.ts';
import { health } from './health.ts';
import { lifecycle } from './lifecycle.ts';
import { network } from './network.ts';
import { pipelines } from './pipelines.ts';
import { resilience } from './resilience.ts';
import { scaling } from './scaling.ts';
import { state } from './state.ts';
import { telemetry } from './telemetry.ts';

/** Every rule in Korean, by category as `rules/` has them. */
export const categories: Readonly<Record<string, RuleTexts>> = {
  build,
  config,
  health,
  lifecycle,
  network,
  pipelines,
  resilience,
  scaling,
  state,
  telemetry,
};

/** Every rule in Korean, by id. */
export const rules: RuleTexts = Object.fromEntries(Object.values(categories).flatMap(Object.entries));
