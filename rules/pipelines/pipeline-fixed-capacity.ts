import { productionDeployments } from '../../src/text/pipeline-questions.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  summary: 'a pipeline pins the number of copies',
  factors: [5, 8],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A deploy stage of a pipeline (Spinnaker) gives its server group the same minimum and maximum. Stages that take the capacity of the group before, and stages for tests, are not reported.',
    why: 'Every deploy sets the number of copies back to this one, whatever the load is and whatever the autoscaler had chosen.',
    how: 'Give a range (`min` below `max`), or let the stage take the capacity of the group that runs (`useSourceCapacity`).',
    bad: '"capacity": { "min": 3, "desired": 3, "max": 3 }',
    good: '"capacity": { "min": 3, "desired": 3, "max": 12 }, "useSourceCapacity": true',
    references: ['https://spinnaker.io/docs/guides/user/pipeline/', 'https://12factor.net/concurrency'],
  },
  messages: {
    fixed: {
      text: 'Stage `{stage}` deploys `{target}` with exactly {count}.',
      consequence: 'Each deploy puts the number of copies back, so nothing can scale it with the load.',
      next: 'Set `max` above `min`, or take the capacity of the running group (`useSourceCapacity`).',
    },
  },
  checkRepository(repository, report) {
    for (const { value } of productionDeployments(repository)) {
      const { capacity, stage, target, pipeline } = value;
      if (!capacity || capacity.max === 0 || capacity.min !== capacity.max) continue;
      const count = capacity.max === 1 ? 'one copy' : `${capacity.max} copies`;
      report({ message: 'fixed', data: { stage, target, count }, place: capacity.place, subject: `${pipeline}:${stage}:${target}` });
    }
  },
});
