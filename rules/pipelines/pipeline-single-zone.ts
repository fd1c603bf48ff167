import { productionDeployments, programOf } from '../../src/text/pipeline-questions.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  summary: 'a pipeline deploys into one zone',
  factors: [8],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A deploy stage of a pipeline (Spinnaker) puts all copies of a program into one availability zone. Zones of all clusters of the stage count together.',
    why: 'When the zone fails, every copy is gone, and the pipeline that would bring them back deploys into the same zone.',
    how: 'List at least two zones of the region, or deploy a regional group.',
    bad: '"availabilityZones": { "eu-west-1": ["eu-west-1a"] }',
    good: '"availabilityZones": { "eu-west-1": ["eu-west-1a", "eu-west-1b", "eu-west-1c"] }',
    references: [
      'https://spinnaker.io/docs/guides/user/pipeline/',
      'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html',
    ],
  },
  messages: {
    single: {
      text: 'Stage `{stage}` deploys all copies of `{target}` into the zone `{zone}`.',
      consequence: 'When this zone fails, no copy is left.',
      next: 'Add zones of the same region, or deploy a regional group.',
    },
  },
  checkRepository(repository, report) {
    const zonesOf = new Map<string, Set<string>>();
    const deployments = productionDeployments(repository);
    for (const deployment of deployments) {
      const known = zonesOf.get(programOf(deployment)) ?? new Set();
      // Zones that could not be read may be others.
      for (const name of deployment.value.zones?.names ?? ['?', '??']) known.add(name);
      zonesOf.set(programOf(deployment), known);
    }
    for (const deployment of deployments) {
      const { zones, stage, target, pipeline } = deployment.value;
      if (!zones || zonesOf.get(programOf(deployment))!.size > 1) continue;
      report({
        message: 'single',
        data: { stage, target, zone: zones.names[0]! },
        place: zones.place,
        subject: `${pipeline}:${stage}:${target}`,
      });
    }
  },
});
