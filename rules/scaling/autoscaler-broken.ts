import { sharesSet } from '../../src/text/sets.ts';
import {
  cloudWorkloads,
  clusterWorkloads,
  isPatched,
  isProduction,
  isReplicated,
  nameOf,
  platformApps,
  subjectOf,
  unclaimed,
} from '../../src/text/workload-questions.ts';
import type { Deployment, Fact, Place, Report, Repository } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

type Autoscaler = Fact<'autoscaler'>;
const describe = ({ value }: Autoscaler): string => `${value.kind} \`${value.name}\``;

/** Kinds that a repository shows as they are; others may come from an operator. */
const knownKinds = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout', 'DeploymentConfig']);

/** One copy at most: another rule tells that. */
const isSingle = ({ value: { max } }: Autoscaler): boolean => max?.known === true && max.value <= 1;

/** Both ends known and equal: it can never add a copy. */
function checkRange(scaler: Autoscaler, report: (finding: Report) => void): void {
  const { min, max, name } = scaler.value;
  if (!min?.known || !max?.known || min.value < max.value) return;
  report({
    message: 'fixed',
    data: { autoscaler: describe(scaler), min: min.value, max: max.value },
    place: max.place,
    related: [{ place: min.place, message: `the minimum is ${min.value}` }],
    subject: `${name}:range`,
  });
}

/** A scalable target is only a range: policies or schedules move the number within it. */
function checkPolicies(scaler: Autoscaler, report: (finding: Report) => void): void {
  if (scaler.value.policies !== 0) return;
  report({
    message: 'policy',
    data: { autoscaler: describe(scaler) },
    place: scaler.value.namePlace,
    subject: `${scaler.value.name}:policy`,
  });
}

/** A group of machines that something wants to scale, and that has one size. */
function checkGroup({ value }: Fact<'scaling-group'>, report: (finding: Report) => void): void {
  const { min, max, hostsContainers, scaledBy } = value;
  if (!isProduction(value) || !min?.known || !max?.known || max.value === 0 || min.value < max.value) return;
  const by = typeof scaledBy === 'object' ? scaledBy : hostsContainers;
  if (!by) return;
  report({
    message: typeof scaledBy === 'object' ? 'group' : 'hosts',
    data: { group: `${value.type} \`${value.name}\``, min: min.value, max: max.value },
    place: max.place,
    related: [
      { place: min.place, message: `the minimum is ${min.value}` },
      { place: by, message: typeof scaledBy === 'object' ? 'this is to scale it' : 'containers are placed on these machines' },
    ],
    subject: `${value.name}:range`,
  });
}

/** Utilization is a share of the request: without a request the metric does not exist. A limit stands in for a missing request. */
function checkRequests(scaler: Autoscaler, deployment: Deployment, repository: Repository, report: (finding: Report) => void): void {
  const workload = deployment.workload.value;
  if (isPatched(repository, workload, 'resources')) return;
  for (const metric of scaler.value.resourceMetrics) {
    if (metric.kind !== 'utilization') continue;
    const lacking = workload.containers.find(({ resources }) =>
      metric.resource === 'cpu'
        ? !resources.cpuRequest && !resources.cpuLimit
        : metric.resource === 'memory' && !resources.memoryRequest && !resources.memoryLimit,
    );
    if (!lacking) continue;
    report({
      message: 'request',
      data: { autoscaler: describe(scaler), resource: metric.resource, container: lacking.name },
      place: metric.place,
      related: [{ place: lacking.namePlace, message: `this container requests no ${metric.resource}` }],
      subject: `${scaler.value.name}:${metric.resource}`,
    });
  }
}

function checkReplicas(scaler: Autoscaler, deployment: Deployment, report: (finding: Report) => void): void {
  const { replicas } = deployment.workload.value;
  if (!replicas?.known || replicas.value === 0) return;
  report({
    message: 'replicas',
    level: 'warning',
    data: { autoscaler: describe(scaler), workload: nameOf(deployment.workload.value), replicas: replicas.value },
    place: replicas.place,
    related: [{ place: scaler.value.target?.place ?? scaler.value.namePlace, message: 'the autoscaler names it here' }],
    subject: `${subjectOf(deployment.workload.value)}:replicas`,
  });
}

/** `cart` for `carts`. */
const isPlural = (a: string, b: string): boolean => a === `${b}s` || b === `${a}s`;

/** The target is missing only where everything was read: templates, overlays and operators may make it. */
function checkTarget(scaler: Autoscaler, repository: Repository, report: (finding: Report) => void): void {
  const { target, namespace } = scaler.value;
  if (!target || !isProduction(scaler.value) || !knownKinds.has(target.kind ?? 'Deployment')) return;
  const workloads = repository.facts
    .all('workload')
    .filter((workload) => workload.value.platform === 'kubernetes' && sharesSet(scaler, workload));
  const sameNamespace = (other: string | undefined) => !namespace || !other || namespace === other;
  const found = workloads.some(
    ({ value }) => value.name === target.name && value.kind === (target.kind ?? 'Deployment') && sameNamespace(value.namespace),
  );
  // A Rollout may take its pods from a Deployment: then it is no workload of its own.
  const refers = repository.facts.all('workload-patch').some(({ value }) => value.name === target.name && value.kind === target.kind);
  const folder = scaler.place.path.slice(0, scaler.place.path.lastIndexOf('/') + 1);
  const read = workloads.some(({ place }) => place.path.startsWith(folder));
  if (found || refers || !read) return;
  const isOpen = repository.notAssessed.some(({ reason }) => ['template', 'overlay', 'custom-resource', 'syntax-error'].includes(reason));
  if (isOpen && !workloads.some(({ value }) => isPlural(value.name, target.name))) return;
  report({
    message: 'target',
    data: { autoscaler: describe(scaler), kind: target.kind ?? 'Deployment', target: target.name },
    place: target.place,
    subject: `${scaler.value.name}:target`,
  });
}

/**
 * Two autoscalers of one workload, one of them with the name of another workload beside it: both stop, because none of them can tell
 * whose pods they are (Kubernetes, condition `AmbiguousSelector`).
 */
function checkDoubled(repository: Repository, report: (finding: Report) => void): void {
  const scalers = repository.facts
    .all('autoscaler')
    .filter(({ value }) => value.kind === 'HorizontalPodAutoscaler' && value.target && isProduction(value));
  const folderOf = ({ place: { path } }: { place: Place }): string => path.slice(0, path.lastIndexOf('/') + 1);
  for (const scaler of scalers) {
    const { name, namespace, target } = scaler.value;
    const other = scalers.find(
      (one) => one.value.name === target!.name && one.value.target!.name === target!.name && one.value.namespace === namespace,
    );
    if (!other || name === target!.name || !sharesSet(scaler, other)) continue;
    const folder = folderOf(scaler);
    const meant = repository.facts
      .all('workload')
      .find((fact) => fact.value.name === name && isReplicated(fact.value) && folderOf(fact) === folder && sharesSet(scaler, fact));
    if (!meant) continue;
    report({
      message: 'doubled',
      data: { autoscaler: describe(scaler), target: target!.name, other: describe(other), meant: name },
      place: target!.place,
      related: [
        { place: other.value.target!.place, message: 'this one scales it, too' },
        { place: meant.value.namePlace, message: 'nothing scales this one' },
      ],
      subject: `${name}:doubled`,
    });
  }
}

export default defineRule({
  summary: 'an autoscaler cannot do its work',
  factors: [8],
  level: 'error',
  effort: 1,
  docs: {
    what: 'An autoscaler whose target does not exist, that no policy drives, that another one drives as well, whose minimum equals its maximum, whose CPU or memory target has no request to be measured against, or whose workload also fixes `replicas`; a group of machines that is to scale and has one size.',
    why: 'The manifest promises scaling that does not happen; with fixed `replicas` every deploy throws the number of copies back.',
    how: 'Name the right workload, leave room between minimum and maximum, set requests on every container, and remove `replicas` from the workload.',
    bad: 'minReplicas: 2\nmaxReplicas: 2',
    good: 'minReplicas: 2\nmaxReplicas: 10',
    references: [
      'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling',
    ],
  },
  messages: {
    fixed: {
      text: '{autoscaler} has minimum {min} and maximum {max}: it can never change the number of copies.',
      consequence: 'The service does not scale, although it looks as if it did.',
      next: 'Raise the maximum above the minimum.',
    },
    group: {
      text: 'The {group} has minimum {min} and maximum {max}: its policy can never change it.',
      consequence: 'The group does not scale, although it looks as if it did.',
      next: 'Raise the maximum above the minimum.',
    },
    hosts: {
      text: 'The {group} has minimum {min} and maximum {max}: the machines for containers never become more.',
      consequence: 'Containers that an autoscaler adds find no room.',
      next: 'Raise the maximum, and let a capacity provider or a policy scale the machines.',
    },
    policy: {
      text: 'No policy and no schedule drives {autoscaler}.',
      consequence: 'The number of tasks never changes, although it looks as if it did.',
      next: 'Add a scaling policy for it.',
    },
    request: {
      text: '{autoscaler} measures {resource} against the request, and container `{container}` requests none.',
      consequence: 'The metric cannot be computed, so the autoscaler never adds a copy.',
      next: 'Set a {resource} request on every container of the workload.',
    },
    replicas: {
      text: '{workload} fixes {replicas} copies although {autoscaler} scales it.',
      consequence: 'Every deploy sets the number of copies back and cuts capacity under load.',
      next: 'Remove the number from the workload, or let changes of it be ignored, and leave it to the autoscaler.',
    },
    doubled: {
      text: '{autoscaler} scales `{target}`, as {other} does, and not `{meant}`.',
      consequence: 'Two autoscalers of the same pods stop both, and `{meant}` is scaled by none.',
      next: 'Let it name `{meant}`.',
    },
    target: {
      text: '{autoscaler} scales {kind} `{target}`, which the repository does not define.',
      consequence: 'The autoscaler finds nothing to scale.',
      next: 'Name a workload that exists.',
    },
  },
  checkService(service, report, repository) {
    for (const deployment of cloudWorkloads(service)) {
      for (const scaler of deployment.autoscalers) {
        if (!isProduction(scaler.value)) continue;
        if (!isSingle(scaler)) checkRange(scaler, report);
        checkPolicies(scaler, report);
        checkReplicas(scaler, deployment, report);
      }
    }
    for (const { autoscalers } of platformApps(service)) {
      for (const scaler of autoscalers) if (isProduction(scaler.value) && !isSingle(scaler)) checkRange(scaler, report);
    }
    for (const deployment of clusterWorkloads(service)) {
      for (const scaler of deployment.autoscalers) {
        if (!isProduction(scaler.value)) continue;
        checkRange(scaler, report);
        checkRequests(scaler, deployment, repository, report);
        checkReplicas(scaler, deployment, report);
      }
    }
  },
  checkRepository(repository, report) {
    checkDoubled(repository, report);
    for (const group of repository.facts.all('scaling-group')) checkGroup(group, report);
    for (const scaler of unclaimed(repository, 'autoscaler', ({ autoscalers }) => autoscalers)) checkTarget(scaler, repository, report);
  },
});
