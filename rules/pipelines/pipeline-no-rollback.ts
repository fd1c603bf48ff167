import { type PipelineDeployment, productionDeployments } from '../../src/text/pipeline-questions.ts';
import { reportOnce } from '../../src/text/workload-questions.ts';
import type { Report } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

type Pipeline = PipelineDeployment['value'];

const messageOf = ({ tool, strategy }: Pipeline): 'notTakenBack' | 'switched' | 'unlooked' | 'goesOn' | 'destroyed' => {
  if (tool === 'Argo Rollouts') return strategy === 'canary' ? 'unlooked' : 'switched';
  if (tool === 'Swarm') return 'goesOn';
  return tool === 'CodeDeploy' ? 'notTakenBack' : 'destroyed';
};

export default defineRule({
  summary: 'a pipeline replaces copies without a way back',
  factors: [5],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A deploy stage of a pipeline (Spinnaker) destroys the group before as soon as the new one is up (`highlander`, or `redblack` that keeps one group), without `rollback.onFailure` and without a rollback stage in the pipeline. Or a deployment group of CodeDeploy has no automatic rollback, or a service of Swarm says `failure_action: continue`. Or a Rollout of Argo switches all traffic as soon as the new copies are ready and soon removes the old ones, or goes through its canary steps without a pause or an analysis.',
    why: 'When the new build fails under load, the old one is gone: it has to be built and started anew while users wait.',
    how: 'Deploy with `redblack` that keeps two groups, roll back on failure, or add a rollback stage.',
    bad: '"strategy": "highlander"',
    good: '"strategy": "redblack", "maxRemainingAsgs": 2, "rollback": { "onFailure": true }',
    references: ['https://spinnaker.io/docs/guides/user/pipeline/', 'https://argo-rollouts.readthedocs.io/en/stable/features/bluegreen/'],
  },
  messages: {
    destroyed: {
      text: 'Stage `{stage}` replaces `{target}` by `{strategy}` and destroys the copies that ran before.',
      consequence: 'A build that fails under load cannot be taken back at once.',
      next: 'Use `redblack` with `maxRemainingAsgs: 2` and `rollback.onFailure`, or add a rollback stage.',
    },
    goesOn: {
      text: 'Swarm goes on updating service `{target}` when its new copies fail.',
      consequence: 'A broken release replaces every working copy.',
      next: 'Set `failure_action: rollback`.',
    },
    notTakenBack: {
      text: 'CodeDeploy does not take back a deployment to `{target}` that fails.',
      consequence: 'Copies that got the failing build stay as they are until somebody deploys the one before by hand.',
      next: 'Set `auto_rollback_configuration` with `enabled = true` and the event `DEPLOYMENT_FAILURE`.',
    },
    switched: {
      text: 'The Rollout `{target}` switches all requests to new copies at once, and soon removes the old ones.',
      consequence: 'A build that fails under load has all users before anybody or anything has looked at it.',
      next: 'Add `prePromotionAnalysis` or `postPromotionAnalysis`, or set `autoPromotionEnabled: false`.',
    },
    unlooked: {
      text: 'The canary steps of the Rollout `{target}` never stop: no pause and no analysis is among them.',
      consequence: 'A build that fails reaches all users as quickly as without a canary.',
      next: 'Add an `analysis` that measures errors, or at least a `pause` between the steps.',
    },
  },
  checkRepository(repository, report) {
    const findings: Report[] = [];
    for (const { value, place } of productionDeployments(repository)) {
      const { wayBack, strategy, stage, target, pipeline } = value;
      if (wayBack !== 'destroyed' || strategy === undefined) continue;
      findings.push({
        message: messageOf(value),
        data: { stage, target, strategy },
        place,
        subject: `${pipeline}:${stage}:${target}`,
      });
    }
    reportOnce(findings, report);
  },
});
