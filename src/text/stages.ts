/** Environments by the names of overlays, values files and folders: a rehearsal has fewer copies than production on purpose. */
import type { Deployment, Place } from '../types.ts';

const rehearsal = /(?:^|[^a-z])(?:staging|stage|stg|uat|qa|acceptance|pre-?prod(?:uction)?|non-?prod(?:uction)?)(?:[^a-z]|$)/i;
const production = /(?:^|[^a-z])(?<!(?:pre|non)-)(?:prod|production|prd|live)(?:[^a-z]|$)/i;

/** Names of one environment, from the nearest: `live/stage/web` is a rehearsal, although a folder above it is called `live`. */
export function stageOf(name: string): 'rehearsal' | 'production' | undefined {
  for (const part of name.split('/').reverse()) {
    if (rehearsal.test(part)) return 'rehearsal';
    if (production.test(part)) return 'production';
  }
  return undefined;
}

/** What is written here is read for each environment that uses it. */
const isWrittenAt = (a: Place, b: Place): boolean => a.path === b.path && a.line === b.line;

/** Of a rehearsal, where production runs the same workload with more copies: said of neither. */
export const rehearses = (
  { workload, ...deployment }: Deployment,
  deployments: readonly Deployment[],
  hasMore: (other: Deployment) => boolean,
): boolean =>
  stageOf(workload.set ?? '') === 'rehearsal' &&
  deployments.some(
    (other) =>
      stageOf(other.workload.set ?? '') === 'production' &&
      other.container.name === deployment.container.name &&
      isWrittenAt(other.workload.place, workload.place) &&
      hasMore(other),
  );

/** The environment whose file calls the module that is written here. */
const environmentOf = ({ path, decidedBy = [] }: Place): ReturnType<typeof stageOf> =>
  [path, ...decidedBy.map((caller) => caller.path)].map(stageOf).find((stage) => stage !== undefined);

/** Of one module, called for production as well: `hasMore` tells whether production gets more of it. */
export const rehearsesModule = <One extends { readonly place: Place }>(
  one: One,
  all: readonly One[],
  hasMore: (other: One) => boolean,
): boolean =>
  environmentOf(one.place) === 'rehearsal' &&
  all.some((other) => isWrittenAt(other.place, one.place) && environmentOf(other.place) === 'production' && hasMore(other));
