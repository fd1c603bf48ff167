/** Stickiness of load balancers of AWS. */
import type { AnyFact } from '../../../types.ts';
import { stickyRouting } from '../facts.ts';
import { booleanOf, get, itemsOf, type Node, textOf } from '../node.ts';
import { nameOf, type Resource } from '../resource.ts';
import { balancerName } from './ecs.ts';

/** `stickiness { … }`: on unless it says otherwise. A block that may be left out says nothing. */
export function readTargetGroup(group: Resource): readonly AnyFact[] {
  const attribute = readAttributes(group);
  if (attribute) return attribute;
  const block = itemsOf(get(group.body, 'stickiness'))[0];
  if (group.isOff || block?.is !== 'map' || block.maybe) return [];
  const enabled = get(block, 'enabled');
  if (enabled ? booleanOf(enabled) !== true : itemsOf(get(group.body, 'stickiness')).length === 0) return [];
  return [sticky(group, enabled ?? block, textOf(get(block, 'type')))];
}

/** CloudFormation: `TargetGroupAttributes: [{Key: stickiness.enabled, Value: true}]`. */
function readAttributes(group: Resource): readonly AnyFact[] | undefined {
  const attributes = itemsOf(get(group.body, 'target_group_attributes'));
  const find = (key: string) => attributes.map((item) => (textOf(get(item, 'key')) === key ? get(item, 'value') : undefined)).find(Boolean);
  const enabled = find('stickiness.enabled');
  if (!enabled) return undefined;
  return !group.isOff && booleanOf(enabled) === true ? [sticky(group, enabled, textOf(find('stickiness.type')))] : [];
}

function sticky(group: Resource, at: Node, type: string | undefined): AnyFact {
  const how = type === 'source_ip' ? 'stickiness by client address' : 'a stickiness cookie';
  return stickyRouting(group, at.place, `${how} of target group \`${nameOf(group, get(group.body, 'name'))}\``, [balancerName(group)]);
}

/** Policies of classic load balancers. */
export const readCookiePolicy = (policy: Resource): readonly AnyFact[] =>
  !policy.isOff
    ? [stickyRouting(policy, policy.place, `the cookie policy \`${policy.label}\` of a classic load balancer`, [policy.address])]
    : [];

/** Classic load balancers in CloudFormation hold their policies. */
export function readClassicBalancer(balancer: Resource): readonly AnyFact[] {
  const policies = ['app_cookie_stickiness_policy', 'lb_cookie_stickiness_policy'].flatMap((key) => itemsOf(get(balancer.body, key)));
  if (balancer.isOff) return [];
  return policies.map(({ place }) =>
    stickyRouting(balancer, place, `a stickiness cookie of load balancer \`${balancer.label}\``, [balancer.address]),
  );
}
