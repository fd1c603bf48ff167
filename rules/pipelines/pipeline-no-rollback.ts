import { productionDeployments } from '../../src/text/pipeline-questions.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  summary: 'a pipeline replaces copies without a way back',
  factors: [5],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A deploy stage of a pipeline (Spinnaker) destroys the group before as soon as the new one is up (`highlander`, or `redblack` that keeps one group), without `rollback.onFailure` and without a rollback stage in the pipeline.',
    why: 'When the new build fails under load, the old one is gone: it has to be built and started anew while users wait.',
    how: 'Deploy with `redblack` that keeps two groups, roll back on failure, or add a rollback stage.',
    bad: '"strategy": "highlander"',
    good: '"strategy": "redblack", "maxRemainingAsgs": 2, "rollback": { "onFailure": true }',
    references: ['https://spinnaker.io/docs/guides/user/pipeline/', 'https://12factor.net/build-release-run'],
  },
  messages: {
    destroyed: {
      text: 'Stage `{stage}` replaces `{target}` by `{strategy}` and destroys the copies that ran before.',
      consequence: 'A build that fails under load cannot be taken back at once.',
      next: 'Use `redblack` with `maxRemainingAsgs: 2` and `rollback.onFailure`, or add a rollback stage.',
    },
  },
  checkRepository(repository, report) {
    for (const { value, place } of productionDeployments(repository)) {
      const { wayBack, strategy, stage, target, pipeline } = value;
      if (wayBack !== 'destroyed' || strategy === undefined) continue;
      report({ message: 'destroyed', data: { stage, target, strategy }, place, subject: `${pipeline}:${stage}:${target}` });
    }
  },
});
