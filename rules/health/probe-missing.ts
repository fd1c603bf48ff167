import type { Container } from '../../src/facts.ts';
import { hasProfile, isComposeForProduction, publishesPort } from '../../src/text/compose-questions.ts';
import { isIdle } from '../../src/text/container-commands.ts';
import { productionDeployments } from '../../src/text/pipeline-questions.ts';
import {
  cloudWorkloads,
  clusterWorkloads,
  isPatched,
  isWorker,
  nameOf,
  platformApps,
  reportOnce,
  servesTraffic,
  subjectOf,
} from '../../src/text/workload-questions.ts';
import type { Deployment, Report, Repository, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Tools for people, not parts of the service. */
const tools =
  /(^|\/)(adminer|phpmyadmin|pgadmin4?|mongo-express|redis-commander|redisinsight|mailhog|mailpit|maildev|mailcatcher|portainer(?:-ce|-ee)?|watchtower|dozzle|kafka-ui|kafdrop|swagger-ui|localstack|wait-for-it|busybox|alpine|curl)(:|@|$)/;
/** They watch the service; nobody waits for them. */
const observers =
  /(^|[/-])(prometheus|grafana|kibana|logstash|fluentd|fluent-bit|loki|promtail|tempo|jaeger|zipkin|all-in-one|alertmanager|cadvisor|exporter|opentelemetry-collector|opentelemetry-collector-contrib|otel-collector)(:|@|$)/;
const isObserver = ({ image }: Container): boolean => image?.known === true && observers.test(image.value);
const isTool = (container: Container): boolean =>
  (container.image?.known === true && tools.test(container.image.value)) || isIdle(container);

/** What a container lacks. One that gets no requests needs no readiness; a helper beside the main one needs nothing unless it has a port. */
function findGap(container: Container, serves: boolean, isAlone: boolean): string | undefined {
  if (!container.readiness && !container.liveness) {
    if (serves) return 'readiness and no liveness';
    return isAlone ? 'liveness' : undefined;
  }
  return serves && !container.readiness ? 'readiness' : undefined;
}

function checkPods(service: Service, repository: Repository, report: (finding: Report) => void): void {
  for (const deployment of clusterWorkloads(service)) {
    const { value } = deployment.workload;
    if (isPatched(repository, value, 'readinessProbe', 'livenessProbe')) continue;
    for (const container of value.containers) {
      const isMain = container === value.containers[0];
      const serves = isMain ? servesTraffic(service, deployment) : container.ports.length > 0;
      const gap = findGap(container, serves, isMain && value.kind !== 'DaemonSet');
      if (!gap || isTool(container)) continue;
      report({
        message: gap === 'liveness' ? 'worker' : 'pod',
        data: { container: container.name, gap },
        place: placeOfProbe(container, gap) ?? container.namePlace,
        subject: `${subjectOf(value)}:${container.name}`,
      });
    }
  }
}

/** Values of a chart may switch it off. */
const placeOfProbe = ({ leftOut }: Container, gap: string) =>
  gap === 'liveness' ? leftOut?.livenessProbe : (leftOut?.readinessProbe ?? (gap === 'readiness' ? undefined : leftOut?.livenessProbe));

const hasHealthcheck = ({ container, image }: Deployment): boolean =>
  container.healthcheck ? !container.healthcheck.disabled : image?.lineage.some(({ healthcheck }) => healthcheck !== undefined) === true;

/** `api1` and `api2` of one service are copies. */
const copyName = (name: string): string => name.replace(/(?<=[a-z])[-_]?\d{1,3}$/i, '');

/** Nobody asks a service without ports, or one that ends by itself. */
const asksForCheck = (service: Service, deployment: Deployment, repository: Repository): boolean => {
  const { workload, image } = deployment;
  if (!workload.value.longRunning || service.kind === 'job') return false;
  if (isWorker(deployment)) return publishesPort(workload, repository);
  if (service.kind === 'http' || service.kind === 'database') return true;
  return image?.lineage.some(({ expose }) => expose.length > 0) || publishesPort(workload, repository);
};

function checkCompose(service: Service, repository: Repository, report: (finding: Report) => void): void {
  for (const deployment of service.deployments) {
    const { value } = deployment.workload;
    if (!deployment.container.image && !value.build) continue;
    if (deployment.platform !== 'compose' || hasProfile(value) || !asksForCheck(service, deployment, repository)) continue;
    if (hasHealthcheck(deployment) || isTool(deployment.container) || isObserver(deployment.container)) continue;
    if (!isComposeForProduction(deployment.workload, repository)) continue;
    report({
      message: 'compose',
      data: { name: value.name },
      place: deployment.container.namePlace,
      confidence: 'likely',
      subject: `compose/${copyName(value.name)}`,
    });
  }
}

/** A task definition that was read. */
const isRead = ({ image, ports, env }: Container): boolean => image?.known === true || ports.length > 0 || env.length > 0;

/** A proxy in the same task hands the question of its target group on, and the task is replaced as a whole. */
const asksForMain = ({ name, image, readiness }: Container): boolean =>
  readiness !== undefined && proxies.test(`${name} ${image?.known ? image.value : (image?.written ?? '')}`);
const proxies = /(?:^|[\s/_-])(?:nginx|envoy|traefik|haproxy|caddy|httpd|apache|proxy)(?:[\s:@/_-]|$)/i;

/** Tasks of ECS: a health check of the container, or the one of the target group that sends it requests. */
function checkTasks(service: Service, report: (finding: Report) => void): void {
  for (const deployment of cloudWorkloads(service)) {
    const { value } = deployment.workload;
    const [main] = value.containers;
    if (deployment.platform !== 'ecs' || !main || !isRead(main) || isTool(main) || isObserver(main)) continue;
    if (main.readiness || hasHealthcheck(deployment) || value.containers.some(asksForMain)) continue;
    report({
      message: 'task',
      data: { container: main.name },
      place: main.namePlace,
      subject: `${subjectOf(value)}:${main.name}`,
    });
  }
}

/**
 * Platforms that send requests to a copy as soon as it is started, unless a check is configured. Others ask by themselves whether it
 * listens. Fly: "Health checks" (fly.io/docs/reference/health-checks);
 * Nomad: `update`, `health_check` (an allocation without checks is healthy as soon as its tasks run).
 */
const unasked = new Set(['Fly app', 'Nomad group']);

function checkApps(service: Service, report: (finding: Report) => void): void {
  for (const { workload, container } of platformApps(service)) {
    const { value } = workload;
    if (value.platform === 'cloud-foundry' && !container.readiness)
      report({
        message: 'portOnly',
        data: { workload: nameOf(value) },
        place: container.namePlace,
        level: 'note',
        subject: subjectOf(value),
      });
    if (!unasked.has(value.kind) || container.ports.length === 0 || container.readiness || container.healthcheck) continue;
    const name = value.containers.length > 1 ? `\`${container.name}\` of ${nameOf(value)}` : nameOf(value);
    report({ message: 'app', data: { workload: name }, place: container.namePlace, subject: subjectOf(value) });
  }
}

export default defineRule({
  summary: 'the platform cannot tell whether a copy is healthy',
  factors: [9],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A long-running container of Kubernetes without a readiness probe (and without liveness), a container of ECS that neither a health check nor a target group asks, an app of Fly or a group of Nomad without checks, an app of Cloud Foundry whose health check is not of type `http` (a note), or a service of a Compose file that is used for deployment without a health check in the file or its Dockerfile. Or a deploy stage of Spinnaker asks only whether its machines run. Jobs, init containers and test pods are left out.',
    why: 'Requests reach copies that are still starting or already stuck, and a hung copy is never replaced.',
    how: 'Add a readiness probe on a route that answers when the service can work, and a liveness probe that depends on nothing else.',
    bad: 'containers:\n  - name: api\n    image: example/api:1.2.0',
    good: 'readinessProbe:\n  httpGet: {path: /ready, port: 8080}\nlivenessProbe:\n  httpGet: {path: /live, port: 8080}',
    references: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/'],
  },
  messages: {
    pod: {
      text: 'Container `{container}` has no {gap} probe.',
      consequence: 'It gets requests before it can answer them, and keeps getting them when it is stuck.',
      next: 'Add a readiness probe, and a liveness probe that asks the process alone.',
    },
    worker: {
      text: 'Container `{container}` has no {gap} probe.',
      consequence: 'When it hangs, nobody restarts it and its work stays undone.',
      next: 'Add a liveness probe, for example a command that checks its heartbeat.',
    },
    task: {
      text: 'Container `{container}` has no health check, and no target group asks it.',
      consequence: 'ECS keeps a task that hangs, and nobody restarts it.',
      next: 'Add `healthCheck` to the container definition, or register the service with a target group.',
    },
    app: {
      text: '{workload} has no health check.',
      consequence: 'A new copy gets requests before it can answer them, a broken release replaces a working one, and a hung copy stays.',
      next: 'Add a check on a route that answers when the service can work.',
    },
    portOnly: {
      text: '{workload} has no HTTP health check.',
      consequence: 'Cloud Foundry sees only that the port is open or the process runs, and keeps a copy that answers nothing.',
      next: 'Set `health-check-type: http` and a `health-check-http-endpoint` that answers when the service can work.',
    },
    stage: {
      text: 'Stage `{stage}` takes copies of `{target}` for healthy when they run, without asking the program (`{how}`).',
      consequence: 'A build that starts and answers nothing replaces the one that works.',
      next: 'Let the load balancer or discovery decide: remove `{how}`, or set it to what asks the program.',
    },
    compose: {
      text: 'Service `{name}` has no health check.',
      consequence: 'Nothing tells a started copy from one that works, and a hung one stays.',
      next: 'Add `healthcheck` to the service, or HEALTHCHECK to its Dockerfile.',
    },
  },
  checkService(service, report, repository) {
    const findings: Report[] = [];
    const add = (finding: Report) => findings.push(finding);
    checkPods(service, repository, add);
    checkTasks(service, add);
    checkApps(service, add);
    checkCompose(service, repository, add);
    reportOnce(findings, report);
  },
  checkRepository(repository, report) {
    const findings = productionDeployments(repository).flatMap(({ value }): Report[] => {
      const { unasked, stage, target, pipeline } = value;
      if (!unasked) return [];
      const data = { stage, target, how: unasked.how };
      return [{ message: 'stage', data, place: unasked.place, subject: `${pipeline}:${stage}:${target}` }];
    });
    reportOnce(findings, report);
  },
});
