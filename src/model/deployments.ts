import type { Deployment, Fact } from '../types.ts';
import { readEnvironment, type VariableSources } from './environment.ts';
import { comparePlaces } from './fact-index.ts';
import type { PlatformIndex } from './platform-index.ts';
import { isProduction, type Placement, type Unit } from './units.ts';

/** All deployments of a unit, production first, then in order of place. */
export function readDeployments(unit: Unit, platform: PlatformIndex, variables: VariableSources): readonly Deployment[] {
  return [...unit.placements]
    .sort((a, b) => Number(isProduction(b)) - Number(isProduction(a)) || comparePlaces(a.container.place, b.container.place))
    .map((placement) => toDeployment(placement, platform, variables));
}

function toDeployment({ workload, container, image, reading }: Placement, platform: PlatformIndex, variables: VariableSources): Deployment {
  return {
    workload,
    container,
    image,
    platform: workload.value.platform,
    purpose: workload.value.purpose,
    ...platform.around(workload),
    claims: readClaims(workload, platform),
    environment: readEnvironment(workload, container, image, reading, variables),
    process: reading.process,
  };
}

function readClaims(workload: Fact<'workload'>, platform: PlatformIndex): Deployment['claims'] {
  return workload.value.volumes.flatMap(({ type, name, source }) =>
    type === 'claim' && source?.known ? [{ volume: name, name: source.value, claim: platform.claim(workload, source.value) }] : [],
  );
}
