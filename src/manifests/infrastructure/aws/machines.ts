/** Machines of EC2 that serve requests, and databases of RDS. */
import type { FactValues, Setting } from '../../../facts.ts';
import type { AnyFact, Place } from '../../../types.ts';
import { given, isParameter, scalingGroup } from '../facts.ts';
import { booleanOf, get, itemsOf, type Node, numberOf, textOf } from '../node.ts';
import { nameOf, type Resource, type Stack } from '../resource.ts';

type Group = FactValues['scaling-group'];

const attachments = ['aws_lb_target_group_attachment', 'aws_alb_target_group_attachment', 'aws_elb_attachment'];
const webPorts = new Set([80, 443, 8080, 8443, 3000, 5000, 8000]);

/** Ways in and helpers, which nobody scales. */
const helper =
  /bastion|jump|vpn|nat\b|[-_]nat|proxy|jenkins|runner|build|agent|monitor|grafana|prometheus|sonar|nexus|gitlab|ansible|master|worker|node|test|demo|debug/i;

/** Target groups and classic balancers that send requests to the machine. */
function balancersOf(machine: Resource, stack: Stack): readonly { key: string; place: Place }[] {
  const attached = stack.ofType(...attachments).flatMap(({ body, place }) => {
    const isTarget = stack.targets(get(body, 'target_id') ?? get(body, 'instance')).includes(machine);
    const group = get(body, 'target_group_arn') ?? get(body, 'elb');
    return isTarget ? [{ key: stack.targets(group)[0]?.address ?? place.path, place }] : [];
  });
  const classic = stack.ofType('aws_elb').flatMap((balancer) => {
    const instances = get(balancer.body, 'instances');
    return stack.targets(instances).includes(machine) ? [{ key: balancer.address, place: instances!.place }] : [];
  });
  const groups = stack.ofType('aws_lb_target_group').flatMap((group) => {
    const targets = get(group.body, 'targets');
    return targets && stack.targets(targets).includes(machine) ? [{ key: group.address, place: targets.place }] : [];
  });
  return [...attached, ...classic, ...groups];
}

/** Security groups of the machine that let everybody in on a port of the web. */
function openWebPort(machine: Resource, stack: Stack): Place | undefined {
  const groups = ['vpc_security_group_ids', 'security_groups', 'security_group_ids'].flatMap((key) =>
    stack.targets(get(machine.body, key)),
  );
  for (const group of groups) {
    const rules = [...itemsOf(get(group.body, 'ingress')), ...itemsOf(get(group.body, 'security_group_ingress'))];
    const open = rules.find((rule) => webPorts.has(numberOf(get(rule, 'from_port')) ?? 0) && isOpenToAll(rule));
    if (open) return open.place;
    const separate = stack.ofType('aws_security_group_rule', 'aws_vpc_security_group_ingress_rule').find(({ body }) => {
      const isIngress = textOf(get(body, 'type')) !== 'egress';
      return (
        isIngress &&
        stack.targets(get(body, 'security_group_id')).includes(group) &&
        webPorts.has(numberOf(get(body, 'from_port')) ?? 0) &&
        isOpenToAll(body)
      );
    });
    if (separate) return separate.place;
  }
  return undefined;
}
const isOpenToAll = (rule: Node): boolean =>
  [...itemsOf(get(rule, 'cidr_blocks')), ...itemsOf(get(rule, 'cidr_ip')), ...itemsOf(get(rule, 'cidr_ipv4'))].some(
    (item) => textOf(item) === '0.0.0.0/0',
  );

/** A machine that is the only one behind its balancer, or that the Internet reaches directly. */
export function readInstance(machine: Resource, stack: Stack): readonly AnyFact[] {
  const name = nameOf(machine, get(machine.body, 'tags', 'Name'));
  if (machine.count !== 1 || helper.test(machine.label) || helper.test(name)) return [];
  const balancers = balancersOf(machine, stack);
  const others = stack.ofType('aws_instance').filter((other) => other !== machine && !other.isOff);
  const isShared = others.some((other) => balancersOf(other, stack).some(({ key }) => balancers.some((own) => own.key === key)));
  const isFirstOfSeveral = others.some((other) => other.label.replace(/[-_]?\d+$/, '') === machine.label.replace(/[-_]?\d+$/, ''));
  const balancer =
    balancers[0]?.place ??
    (stack.ofType('aws_lb', 'aws_alb', 'aws_elb', 'aws_autoscaling_group').length ? undefined : openWebPort(machine, stack));
  if (!balancer || isShared || isFirstOfSeveral) return [];
  const size: Setting<number> = { known: true, value: 1, place: machine.place };
  return scalingGroup(machine, { type: 'virtual machine', name, role: 'machine', size, balancer });
}

/** A database server of RDS without a standby. Aurora and replicas are other things. */
export function readDatabase(database: Resource, stack: Stack): readonly AnyFact[] {
  const { body } = database;
  const engine = textOf(get(body, 'engine')) ?? '';
  const isReplica = get(body, 'replicate_source_db') ?? get(body, 'source_db_instance_identifier') ?? get(body, 'db_cluster_identifier');
  const multi = get(body, 'multi_az');
  if (isReplica || engine.startsWith('aurora')) return [];
  if (multi && (booleanOf(multi) !== false || isParameter(database, multi))) return [];
  const hasReplica = stack
    .ofType('aws_db_instance')
    .some(({ body: other }) =>
      stack.targets(get(other, 'replicate_source_db') ?? get(other, 'source_db_instance_identifier')).includes(database),
    );
  if (hasReplica) return [];
  return scalingGroup(
    database,
    given<Omit<Group, 'purpose' | 'namePlace'>>({
      type: 'database',
      name: nameOf(database, get(body, 'identifier'), get(body, 'db_instance_identifier')),
      role: 'database',
      size: { known: true, value: 1, place: multi?.place ?? database.place },
      min: undefined,
      max: undefined,
      scaledBy: undefined,
      zones: { known: true, value: 1, place: multi?.place ?? database.place },
      balancer: undefined,
      hostsContainers: undefined,
    }),
  );
}
