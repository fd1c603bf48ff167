/** Services of Amazon ECS with their task definitions, scaling and target groups. */
import type { Container, EnvEntry, Probe, Purpose, Setting } from '../../../facts.ts';
import type { AnyFact, Place } from '../../../types.ts';
import { autoscaler, emptyContainer, given, namedValues, sizeOf, wordsOf, workload } from '../facts.ts';
import {
  booleanSetting,
  decodeJson,
  get,
  imageSetting,
  isClosed,
  itemsOf,
  type Node,
  numberOf,
  numberSetting,
  sketchOf,
  textOf,
  textSetting,
} from '../node.ts';
import { nameOf, type Resource, type Stack } from '../resource.ts';

const MiB = 1024 * 1024;
/** 1,024 CPU units are one processor. */
const cores = (node: Node | undefined): Setting<number> | undefined => scale(numberSetting(node), 1 / 1024);
const mebibytes = (node: Node | undefined): Setting<number> | undefined => scale(numberSetting(node), MiB);
const scale = (setting: Setting<number> | undefined, factor: number): Setting<number> | undefined =>
  setting?.known && setting.value > 0 ? { ...setting, value: setting.value * factor } : setting?.known ? undefined : setting;

const readPorts = (definition: Node): Container['ports'] =>
  itemsOf(get(definition, 'portMappings')).flatMap((mapping) => {
    const number = numberSetting(get(mapping, 'containerPort'));
    return number ? [given<Container['ports'][number]>({ number, name: textOf(get(mapping, 'name')), place: mapping.place })] : [];
  });

const readSecrets = (definition: Node): readonly EnvEntry[] =>
  itemsOf(get(definition, 'secrets')).flatMap((item) => {
    const name = textOf(get(item, 'name'));
    return name === undefined ? [] : [{ name, from: { kind: 'secret' as const }, place: item.place }];
  });

/** Variables that a file in S3 or a value known later may add. */
function openSources(definition: Node): Container['envFrom'] {
  const lists = [get(definition, 'environment'), get(definition, 'secrets'), get(definition, 'environmentFiles')];
  const open = lists.find((list, index) => (index === 2 ? itemsOf(list).length > 0 : !isClosed(list)));
  return open ? [{ kind: 'env-file', name: 'set when it is applied', optional: true, place: open.place }] : [];
}

function readHealthCheck(definition: Node): Probe | undefined {
  const check = get(definition, 'healthCheck');
  const command = wordsOf(get(check, 'command'));
  return check && given<Probe>({ type: 'exec', command: command?.known ? command.value : undefined, place: check.place });
}

function readContainer(definition: Node, task: Resource | undefined): Container {
  const nameNode = get(definition, 'name');
  const place = nameNode?.place ?? definition.place;
  const memory = mebibytes(get(definition, 'memory')) ?? mebibytes(get(task?.body, 'memory'));
  const reserved = mebibytes(get(definition, 'memoryReservation')) ?? memory;
  const stop = numberOf(get(definition, 'linuxParameters', 'initProcessEnabled'));
  const user = get(definition, 'user');
  return given<Container>({
    ...emptyContainer(textOf(nameNode) ?? sketchOf(nameNode), place),
    image: imageSetting(get(definition, 'image')),
    command: wordsOf(get(definition, 'entryPoint')),
    args: wordsOf(get(definition, 'command')),
    workingDir: textSetting(get(definition, 'workingDirectory')),
    ports: readPorts(definition),
    env: [...namedValues(get(definition, 'environment')), ...readSecrets(definition)],
    envFrom: openSources(definition),
    healthcheck: readHealthCheck(definition),
    resources: given<Container['resources']>({
      cpuRequest: cores(get(definition, 'cpu')) ?? cores(get(task?.body, 'cpu')),
      memoryRequest: reserved,
      memoryLimit: memory,
      place: undefined,
    }),
    security: given<Container['security']>({
      runAsUser: user ? textSetting(user) : undefined,
      readOnlyRootFilesystem: booleanSetting(get(definition, 'readonlyRootFilesystem')),
      privileged: booleanSetting(get(definition, 'privileged')),
    }),
    init: stop === undefined ? undefined : true,
    place: definition.place,
    namePlace: place,
  });
}

/** Containers of a task; those that may end are helpers. The first essential one is the main one. */
function readContainers(
  task: Resource | undefined,
  definitions = decodeJson(get(task?.body, 'container_definitions')),
): readonly Container[] | undefined {
  if (definitions?.is !== 'list' || definitions.items.length === 0) return undefined;
  const isEssential = (item: Node) => textOf(get(item, 'essential')) !== 'false';
  return [...definitions.items]
    .filter((item) => item.is === 'map')
    .sort((a, b) => Number(isEssential(b)) - Number(isEssential(a)))
    .map((item) => readContainer(item, task));
}

interface Binding {
  readonly container?: string;
  readonly port?: Setting<number>;
  readonly group?: Resource;
  readonly place: Place;
}
const targetGroups = new Set(['aws_lb_target_group', 'aws_alb_target_group']);
function readBindings({ body }: Resource, stack: Stack): readonly Binding[] {
  const blocks = [...itemsOf(get(body, 'load_balancer')), ...itemsOf(get(body, 'load_balancers'))];
  return blocks.map((block) => ({
    ...given<Omit<Binding, 'place'>>({
      container: textOf(get(block, 'container_name')),
      port: numberSetting(get(block, 'container_port')),
      group: stack.targets(get(block, 'target_group_arn')).find(({ type }) => targetGroups.has(type)),
    }),
    place: get(block, 'container_name')?.place ?? block.place,
  }));
}

/** A target group asks every target for health, whether its check is written or the default one (`/`). */
function probeOf({ group, port, place }: Binding): Probe {
  const check = get(group?.body, 'health_check');
  const protocol = textOf(get(check, 'protocol') ?? get(group?.body, 'health_check_protocol') ?? get(group?.body, 'protocol'));
  const path = textSetting(get(check, 'path') ?? get(group?.body, 'health_check_path'));
  const isHttp = protocol === undefined || /^https?$/i.test(protocol);
  return given<Probe>({
    type: isHttp ? 'http' : 'tcp',
    path: isHttp ? path : undefined,
    port: path ? port : undefined,
    place: (get(check, 'path') ?? get(group?.body, 'health_check_path'))?.place ?? check?.place ?? place,
  });
}

const labelOf = (group: Resource): string => `target-group:${group.address}`;
export const balancerName = (group: Resource): string => `target group ${nameOf(group, get(group.body, 'name'))}`;

/** Target groups give services an address, as a Service of Kubernetes does. */
const exposureOf = (group: Resource, port: Setting<number> | undefined): AnyFact => ({
  kind: 'exposure',
  place: group.place,
  confidence: 'certain',
  value: {
    name: balancerName(group),
    type: 'LoadBalancer',
    selector: { [labelOf(group)]: 'yes' },
    ports: port ? [{ port: numberSetting(get(group.body, 'port')) ?? port, target: port, place: port.place }] : [],
    headless: false,
    purpose: group.purpose,
    namePlace: group.place,
  },
});

const containersOf = (service: Resource, bindings: readonly Binding[], task: Resource | undefined): readonly Container[] => {
  const [first] = bindings;
  const unread: Container = {
    ...emptyContainer(first?.container ?? service.label, first?.place ?? service.place),
    image: { known: false, because: 'the task definition is not in sight', place: service.place },
    envFrom: [{ kind: 'env-file', name: 'task definition', optional: true, place: service.place }],
  };
  const containers = readContainers(task) ?? [unread];
  return containers.map((container) => {
    const binding = bindings.find(({ container: name }) => name === undefined || name === container.name || container.name.includes('${'));
    return binding ? { ...container, readiness: probeOf(binding) } : container;
  });
};

export function readService(service: Resource, stack: Stack): readonly AnyFact[] {
  if (service.isOff) return [];
  const { body } = service;
  const name = nameOf(service, get(body, 'name'), get(body, 'service_name'));
  const task = stack.targets(get(body, 'task_definition')).find(({ type }) => type === 'aws_ecs_task_definition');
  const bindings = readBindings(service, stack);
  const groups = bindings.flatMap(({ group }) => group ?? []);
  const isDaemon = textOf(get(body, 'scheduling_strategy')) === 'DAEMON';
  const stopTimeout = numberSetting(get(decodeJson(get(task?.body, 'container_definitions')), 'stopTimeout'));
  const fact = workload(service, {
    platform: 'ecs',
    kind: isDaemon ? 'ECS daemon' : 'ECS service',
    name,
    containers: containersOf(service, bindings, task),
    labels: Object.fromEntries(groups.map((group) => [labelOf(group), 'yes'])),
    balanced: bindings.flatMap(({ container, port, place }) => (container === undefined ? [] : [given({ container, port, place })])),
    ...given<{ replicas: Setting<number>; gracePeriod: Setting<number> }>({ replicas: replicasOf(service), gracePeriod: stopTimeout }),
  });
  const exposures = bindings.flatMap(({ group, port }) => (group ? [exposureOf(group, port)] : []));
  return [fact, ...exposures, ...readScaling(service, name, stack)];
}

function replicasOf(service: Resource): Setting<number> | undefined {
  const node = get(service.body, 'desired_count');
  const ignored = itemsOf(get(service.body, 'lifecycle', 'ignore_changes')).map((item) => textOf(item));
  if (ignored.includes('desired_count') || ignored.includes('all'))
    return { known: false, because: 'Terraform ignores its changes', place: node?.place ?? service.place };
  // Terraform starts none where nothing is said, and leaves the number to whoever sets it.
  return node ? sizeOf(service, node) : { known: false, because: 'the service does not set it', place: service.place };
}

/** Targets of Application Auto Scaling that name this service, or may name it. */
function readScaling(service: Resource, name: string, stack: Stack): readonly AnyFact[] {
  return stack.ofType('aws_appautoscaling_target').flatMap((target): AnyFact[] => {
    const id = get(target.body, 'resource_id');
    const dimension = textOf(get(target.body, 'scalable_dimension'));
    if (dimension !== undefined && dimension !== 'ecs:service:DesiredCount') return [];
    const named = stack.targets(id).filter(({ type }) => type === 'aws_ecs_service');
    const text = textOf(id);
    const isNamed = named.includes(service) || (text !== undefined && text.split('/').at(-1) === name);
    const isOpen = named.length === 0 && text === undefined;
    return isNamed || isOpen ? [scalerOf(target, name, stack, isOpen)] : [];
  });
}

function scalerOf(target: Resource, name: string, stack: Stack, isOpen: boolean): AnyFact {
  const drivers = stack.ofType('aws_appautoscaling_policy', 'aws_appautoscaling_scheduled_action').filter(({ body }) => {
    const leads = [...stack.targets(get(body, 'resource_id')), ...stack.targets(get(body, 'scaling_target_id'))];
    return leads.length === 0 || leads.some((lead) => lead === target || lead.type === 'aws_ecs_service');
  });
  const range = target.isOff || isOpen ? undefined : target;
  const open: Setting<number> = { known: false, because: 'whether it applies is not known', place: target.place };
  const metrics = drivers.map(({ body }) => sketchOf(get(body, 'name') ?? get(body, 'policy_name')));
  return autoscaler(target, {
    kind: 'scalable target',
    name: target.label,
    target: { kind: 'ECS service', name, place: get(target.body, 'resource_id')?.place ?? target.place },
    min: (range && sizeOf(range, get(range.body, 'min_capacity'))) ?? open,
    max: (range && sizeOf(range, get(range.body, 'max_capacity'))) ?? open,
    resourceMetrics: [],
    otherMetrics: metrics,
    platform: 'ecs',
    ...(range && !target.isLibrary ? { policies: drivers.length } : {}),
  });
}

/** A task definition by itself: how many of it run is said elsewhere. */
export function readTask(body: Node, purpose: Purpose): readonly AnyFact[] {
  const family = get(body, 'family');
  const place = family?.place ?? body.place;
  const label = textOf(family) ?? 'task';
  const task: Resource = { type: 'aws_ecs_task_definition', label, address: label, body, place, isOff: false, isLibrary: false, purpose };
  return taskFacts(task, label, readContainers(task, get(body, 'containerDefinitions')));
}

function taskFacts(task: Resource, name: string, containers: readonly Container[] | undefined, longRunning = true): readonly AnyFact[] {
  if (!containers) return [];
  const replicas: Setting<number> = { known: false, because: 'the service is not in sight', place: task.place };
  return [workload(task, { platform: 'ecs', kind: 'ECS task definition', name, containers, replicas, longRunning })];
}

/** One that no service here runs: somebody starts it for a piece of work, or on every machine. */
export function readLoneTask(task: Resource, stack: Stack): readonly AnyFact[] {
  const services = stack.ofType('aws_ecs_service');
  const isTaken = services.some(({ body }) => {
    const definition = get(body, 'task_definition');
    const targets = stack.targets(definition);
    return targets.includes(task) || (definition !== undefined && targets.length === 0);
  });
  if (task.isOff || task.isLibrary || isTaken) return [];
  return taskFacts(task, nameOf(task, get(task.body, 'family')), readContainers(task), false);
}
