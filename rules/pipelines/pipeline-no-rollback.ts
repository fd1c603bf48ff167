import { productionDeployments } from '../../src/text/pipeline-questions.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  summary: 'a pipeline replaces copies without a way back',
  factors: [5],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A deploy stage of a pipeline (Spinnaker) destroys the group before as soon as the new one is up (`highlander`, or `redblack` that keeps one group), without `rollback.onFailure` and without a rollback stage in the pipeline. Or a deployment group of CodeDeploy has no automatic rollback.',
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
    notTakenBack: {
      text: 'CodeDeploy does not take back a deployment to `{target}` that fails.',
      consequence: 'Copies that got the failing build stay as they are until somebody deploys the one before by hand.',
      next: 'Set `auto_rollback_configuration` with `enabled = true` and the event `DEPLOYMENT_FAILURE`.',
    },
  },
  checkRepository(repository, report) {
    for (const { value, place } of productionDeployments(repository)) {
      const { wayBack, strategy, stage, target, pipeline } = value;
      if (wayBack !== 'destroyed' || strategy === undefined) continue;
      report({
        message: value.tool === 'CodeDeploy' ? 'notTakenBack' : 'destroyed',
        data: { stage, target, strategy },
        place,
        subject: `${pipeline}:${stage}:${target}`,
      });
    }
  },
});
