import type { Setting } from '../../src/facts.ts';
import { rehearsesModule } from '../../src/text/stages.ts';
import {
  cloudWorkloads,
  copyRange,
  isProduction,
  looksLikeStore,
  nameOf,
  platformApps,
  reportOnce,
  subjectOf,
} from '../../src/text/workload-questions.ts';
import { defineRule, type Fact, type Report, type Service } from '../../src/types.ts';

type Group = Fact<'scaling-group'>;

const titleOf = ({ value }: Group): string => `${value.type[0]!.toUpperCase()}${value.type.slice(1)} \`${value.name}\``;
const machines = (count: number): string => (count === 1 ? 'one instance' : `${count} instances`);

/** The size that never changes: equal ends, or a size that nothing in sight changes. A scaler that cannot move is another finding. */
function fixedSize({ value: { min, max, size, scaledBy } }: Group): Extract<Setting<number>, { known: true }> | undefined {
  const isEmpty = (setting: Setting<number> | undefined) => setting?.known === true && setting.value === 0;
  if (isEmpty(max) || isEmpty(size)) return undefined;
  if (min?.known && max?.known) return min.value >= max.value && scaledBy === undefined ? max : undefined;
  return size?.known && scaledBy === undefined ? size : undefined;
}

function judge(group: Group): Report | undefined {
  const { value } = group;
  const subject = `${value.type}:${value.name}`;
  const related = value.balancer ? [{ place: value.balancer, message: 'requests come in here' }] : [];
  if (value.role === 'database') {
    const place = value.size?.place ?? value.namePlace;
    return { message: 'database', data: { database: value.name }, place, subject };
  }
  if (value.role === 'machine') return { message: 'machine', data: { group: titleOf(group) }, place: value.namePlace, related, subject };
  const size = fixedSize(group);
  if (!size || value.hostsContainers) return undefined;
  return { message: 'group', data: { group: titleOf(group), machines: machines(size.value) }, place: size.place, related, subject };
}

/** Container services that run one task, or may never run more. */
function judgeWorkloads(service: Service): readonly Report[] {
  const apps = platformApps(service).filter(({ autoscalers, claims }) => autoscalers.length > 0 && claims.length === 0);
  return [...cloudWorkloads(service), ...apps].flatMap((deployment): Report[] => {
    const { value } = deployment.workload;
    const { max, evidence } = copyRange(deployment);
    if (max !== 1 || !evidence || looksLikeStore(service, deployment)) return [];
    const scaled = deployment.autoscalers.length > 0;
    return [{ message: scaled ? 'limited' : 'one', data: { workload: nameOf(value) }, place: evidence.place, subject: subjectOf(value) }];
  });
}

export default defineRule({
  summary: 'capacity is fixed, whatever the load is',
  factors: [8],
  level: 'warning',
  effort: 3,
  docs: {
    what: 'A group of machines whose minimum equals its maximum or that nothing scales (Auto Scaling group, managed instance group, scale set, App Service plan), a single virtual machine that serves requests, a database server without a standby, a container service that runs one task. Groups whose size a variable of a module decides are left out, and so are bastions, replicas, development stacks and rehearsals of what production scales.',
    why: 'Load above what the machines can take fails, load below it wastes money, and a single machine takes the service with it when it fails.',
    how: 'Give the group room between minimum and maximum and a scaling policy; put single machines into a group; run two tasks at least; let the database have a standby in another zone.',
    bad: 'resource "aws_autoscaling_group" "web" {\n  min_size = 2\n  max_size = 2\n}',
    good: 'resource "aws_autoscaling_group" "web" {\n  min_size = 2\n  max_size = 10\n}\nresource "aws_autoscaling_policy" "cpu" {\n  autoscaling_group_name = aws_autoscaling_group.web.name\n  policy_type            = "TargetTrackingScaling"\n}',
    references: [
      'https://12factor.net/concurrency',
      'https://docs.aws.amazon.com/autoscaling/ec2/userguide/what-is-amazon-ec2-auto-scaling.html',
    ],
  },
  messages: {
    group: {
      text: '{group} always runs {machines}: nothing changes its size.',
      consequence: 'Load above what they can take fails, and they cost the same at night.',
      next: 'Leave room between minimum and maximum, and add a scaling policy.',
    },
    machine: {
      text: '{group} serves requests alone: there is no second one.',
      consequence: 'When it fails or is replaced, the service is down, and it cannot grow with the load.',
      next: 'Start it from a template in a group that may have two or more.',
    },
    database: {
      text: 'Database `{database}` has no standby: it runs in one zone.',
      consequence: 'When its zone or its machine fails, every service that uses it is down until somebody restores it.',
      next: 'Let it keep a standby in a second zone (`multi_az`, `availability_type = "REGIONAL"`).',
    },
    one: {
      text: '{workload} runs one task, and nothing scales it.',
      consequence: 'The service is down while this task restarts, and it cannot grow with the load.',
      next: 'Run two tasks or more, and scale them by load.',
    },
    limited: {
      text: '{workload} never runs more than one instance.',
      consequence: 'The platform could scale it and may not: load above what one instance can take is refused.',
      next: 'Raise the maximum.',
    },
  },
  checkService(service, report) {
    reportOnce(judgeWorkloads(service), report);
  },
  checkRepository(repository, report) {
    const groups = repository.facts.all('scaling-group').filter(({ value }) => isProduction(value));
    const isFree = (group: Group): boolean => judge(group) === undefined;
    reportOnce(
      groups.flatMap((group) => (rehearsesModule(group, groups, isFree) ? [] : (judge(group) ?? []))),
      report,
    );
  },
});
