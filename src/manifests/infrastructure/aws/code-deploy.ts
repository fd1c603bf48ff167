/** Deployment groups of CodeDeploy: whether a deployment that fails is taken back. */
import type { AnyFact } from '../../../types.ts';
import { booleanOf, get, isClosed, itemsOf, textOf } from '../node.ts';
import { nameOf, type Reader, type Resource } from '../resource.ts';

/** `undefined`: that is decided elsewhere. */
function rollsBack({ body }: Resource): boolean | undefined {
  const block = get(body, 'auto_rollback_configuration');
  if (!block) return isClosed(body) ? false : undefined;
  const enabled = get(block, 'enabled');
  if (!enabled) return isClosed(block) ? false : undefined;
  const events = get(block, 'events');
  const names = itemsOf(events).map((event) => textOf(event));
  if (booleanOf(enabled) === false) return false;
  // A rollback needs an event: without one it is only allowed.
  return booleanOf(enabled) === undefined || (events !== undefined && (events.is !== 'list' || names.includes(undefined)))
    ? undefined
    : names.includes('DEPLOYMENT_FAILURE');
}

export const readDeploymentGroup: Reader = (group) => {
  const isBack = rollsBack(group);
  if (group.isOff || isBack === undefined) return [];
  const { body, place, purpose } = group;
  const fact: AnyFact = {
    kind: 'pipeline-deployment',
    place,
    confidence: 'certain',
    value: {
      tool: 'CodeDeploy',
      pipeline: textOf(get(body, 'app_name') ?? get(body, 'application_name')) ?? group.address,
      stage: group.label,
      target: nameOf(group, get(body, 'deployment_group_name')),
      purpose,
      strategy: textOf(get(body, 'deployment_config_name')) ?? 'CodeDeployDefault',
      wayBack: isBack ? 'kept' : 'destroyed',
    },
  };
  return [fact];
};
