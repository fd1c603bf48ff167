/** Auto Scaling groups, what scales them, and the zones that they span. */
import type { FactValues, Setting } from '../../../facts.ts';
import type { AnyFact, Place } from '../../../types.ts';
import { given, isParameter, scalingGroup, sizeOf } from '../facts.ts';
import { entriesOf, get, itemsOf, type Node, numberOf, sketchOf, textOf } from '../node.ts';
import { nameOf, type Resource, type Stack } from '../resource.ts';

type Group = FactValues['scaling-group'];

/** Policies and schedules that name the group; a capacity provider of ECS scales it, too. */
function findScaler(group: Resource, stack: Stack): Place | 'unknown' | undefined {
  const policies = stack.ofType('aws_autoscaling_policy', 'aws_autoscaling_schedule');
  const own = get(group.body, 'scaling_policies') ?? get(group.body, 'schedules');
  if (own) return own.place;
  const named = policies.find(({ body }) =>
    leadsTo(get(body, 'autoscaling_group_name') ?? get(body, 'auto_scaling_group_name'), group, stack),
  );
  if (named) return named.isOff ? 'unknown' : named.place;
  const provider = stack
    .ofType('aws_ecs_capacity_provider')
    .find(({ body }) => stack.targets(get(body, 'auto_scaling_group_provider', 'auto_scaling_group_arn')).includes(group));
  if (provider && get(provider.body, 'auto_scaling_group_provider', 'managed_scaling')) return provider.place;
  const isOpen = policies.some(({ body }) => {
    const target = get(body, 'autoscaling_group_name') ?? get(body, 'auto_scaling_group_name');
    return stack.targets(target).length === 0 && textOf(target) === undefined;
  });
  return isOpen || group.isLibrary ? 'unknown' : undefined;
}
function leadsTo(node: Node | undefined, group: Resource, stack: Stack): boolean {
  const text = textOf(node);
  return stack.targets(node).includes(group) || (text !== undefined && text === textOf(get(group.body, 'name')));
}

/** Zones that are written down, or subnets that are named one by one. */
function countZones(group: Resource, stack: Stack): Setting<number> | undefined {
  const zones = get(group.body, 'availability_zones');
  const subnets = get(group.body, 'vpc_zone_identifier');
  const list = zones ?? subnets;
  if (list?.is !== 'list' || list.open || isParameter(group, list) || list.items.length === 0) return undefined;
  const each = list.items.map((item) => (zones ? textOf(item) : subnetOf(item, stack)));
  if (each.includes(undefined)) return undefined;
  return { known: true, value: new Set(each).size, place: list.place };
}
/** A subnet that is there once; a list of subnets hides behind a reference with a count. */
function subnetOf(item: Node, stack: Stack): string | undefined {
  const [target, ...others] = stack.targets(item);
  if (!target || others.length > 0 || target.count !== 1) return textOf(item)?.startsWith('subnet-') ? textOf(item) : undefined;
  return item.is === 'reference' && target.type === 'aws_subnet'
    ? (textOf(get(target.body, 'availability_zone')) ?? target.address)
    : undefined;
}

/** Machines of an ECS cluster say so in what they run at their start; their tasks have an autoscaler of their own. */
function findHostedServices(group: Resource, stack: Stack): Place | undefined {
  const template = stack.targets(get(group.body, 'launch_configuration') ?? get(group.body, 'launch_configuration_name'))[0];
  const launch =
    template ?? stack.targets(get(group.body, 'launch_template'))[0] ?? stack.targets(get(group.body, 'launch_template', 'id'))[0];
  return launch && mentions(launch.body, 'ECS_CLUSTER', 0) ? launch.place : undefined;
}
function mentions(node: Node | undefined, word: string, depth: number): boolean {
  if (node === undefined || depth > 12) return false;
  if (node.is === 'map') return entriesOf(node).some(({ value }) => mentions(value, word, depth + 1));
  if (node.is === 'list') return node.items.some((item) => mentions(item, word, depth + 1));
  if (node.is === 'encoded') return mentions(node.value, word, depth + 1);
  return sketchOf(node).includes(word);
}

function findBalancer(group: Resource, stack: Stack): Place | undefined {
  const direct = get(group.body, 'target_group_arns') ?? get(group.body, 'load_balancers') ?? get(group.body, 'load_balancer_names');
  if (direct && (itemsOf(direct).length > 0 || direct.is === 'reference')) return direct.place;
  const attachment = stack
    .ofType('aws_autoscaling_attachment')
    .find(({ body }) => leadsTo(get(body, 'autoscaling_group_name'), group, stack));
  return attachment?.place;
}

export function readAutoScalingGroup(group: Resource, stack: Stack): readonly AnyFact[] {
  const { body } = group;
  // A way in for operators, or out for the network, is replaced when it fails, and nobody scales it.
  const names = `${group.label} ${nameOf(group, get(body, 'name'))}`;
  if (/bastion|jump_?-?(?:box|host|server)|(?:^|[-_])vpn/i.test(names) || /(?:^|[-_ ])nat(?:$|[-_ ])|NAT/.test(names)) return [];
  const ignored = itemsOf(get(body, 'lifecycle', 'ignore_changes')).map((item) => textOf(item));
  const isManagedElsewhere = ['min_size', 'max_size', 'all'].some((name) => ignored.includes(name));
  const scaledBy = isManagedElsewhere ? 'unknown' : findScaler(group, stack);
  return scalingGroup(
    group,
    given<Omit<Group, 'purpose' | 'namePlace'>>({
      type: 'Auto Scaling group',
      name: nameOf(group, get(body, 'name'), get(body, 'auto_scaling_group_name')),
      role: 'group',
      min: sizeOf(group, get(body, 'min_size')),
      max: sizeOf(group, get(body, 'max_size')),
      size: undefined,
      scaledBy,
      zones: countZones(group, stack),
      balancer: findBalancer(group, stack),
      hostsContainers: findHostedServices(group, stack),
    }),
  );
}

/** Elastic Beanstalk: settings by namespace and name. */
export function readBeanstalk(environment: Resource): readonly AnyFact[] {
  const settings = [...itemsOf(get(environment.body, 'setting')), ...itemsOf(get(environment.body, 'option_settings'))];
  const find = (namespace: string, name: string) => {
    const found = settings.find(
      (item) => textOf(get(item, 'namespace')) === namespace && textOf(get(item, 'name') ?? get(item, 'option_name')) === name,
    );
    return get(found, 'value');
  };
  const asg = 'aws:autoscaling:asg';
  const single = textOf(find('aws:elasticbeanstalk:environment', 'EnvironmentType')) === 'SingleInstance';
  const one: Setting<number> = { known: true, value: 1, place: environment.place };
  const min = single ? one : sizeOf(environment, find(asg, 'MinSize'));
  const max = single ? one : sizeOf(environment, find(asg, 'MaxSize'));
  if (!min || !max || numberOf(find(asg, 'MaxSize')) === undefined) if (!single) return [];
  return scalingGroup(
    environment,
    given<Omit<Group, 'purpose' | 'namePlace'>>({
      type: 'Elastic Beanstalk environment',
      name: nameOf(environment, get(environment.body, 'name'), get(environment.body, 'environment_name')),
      role: 'group',
      min,
      max,
      size: undefined,
      scaledBy: undefined,
      zones: undefined,
      balancer: undefined,
      hostsContainers: undefined,
    }),
  );
}
