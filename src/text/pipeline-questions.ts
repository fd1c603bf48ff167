/** Questions that several rules ask about delivery pipelines. */
import type { Fact, Repository } from '../types.ts';

export type PipelineDeployment = Fact<'pipeline-deployment'>;

/** What pipelines deploy for production, as far as names tell. */
export const productionDeployments = ({ facts, roleOf }: Repository): readonly PipelineDeployment[] =>
  facts
    .all('pipeline-deployment')
    .filter(
      ({ value, place }) =>
        value.purpose !== 'development' && value.purpose !== 'test' && ['production', 'tooling'].includes(roleOf(place.path)),
    );

/** Clusters of one stage that make up one program. */
export const programOf = ({ place, value: { pipeline, stage, target } }: PipelineDeployment): string =>
  [place.path, pipeline, stage, target].join('\0');
