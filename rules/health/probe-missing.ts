import type { Container, Workload } from '../../src/facts.ts';
import { hasProfile, isComposeForProduction } from '../../src/text/compose-questions.ts';
import { clusterWorkloads, isPatched, servesTraffic, subjectOf } from '../../src/text/workload-questions.ts';
import type { Deployment, Report, Repository, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Tools for people, not parts of the service. */
const tools =
  /(^|\/)(adminer|phpmyadmin|pgadmin4?|mongo-express|redis-commander|redisinsight|mailhog|mailpit|maildev|mailcatcher|portainer|watchtower|dozzle|kafka-ui|kafdrop|swagger-ui|localstack|wait-for-it|busybox|alpine|curl)(:|@|$)/;
const isTool = ({ image }: Container): boolean => image?.known === true && tools.test(image.value);

/** What a container lacks. One that gets no requests needs no readiness; a helper beside the main one needs nothing unless it has a port. */
function findGap(container: Container, serves: boolean, isMain: boolean): string | undefined {
  if (!container.readiness && !container.liveness) {
    if (serves) return 'readiness and no liveness';
    return isMain ? 'liveness' : undefined;
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
      const gap = findGap(container, serves, isMain);
      if (!gap || isTool(container)) continue;
      report({
        message: gap === 'liveness' ? 'worker' : 'pod',
        data: { container: container.name, gap },
        place: container.namePlace,
        subject: `${subjectOf(value)}:${container.name}`,
      });
    }
  }
}

const hasHealthcheck = ({ container, image }: Deployment): boolean =>
  container.healthcheck !== undefined || image?.lineage.some(({ healthcheck }) => healthcheck !== undefined) === true;

/** Nobody asks a service without ports, or one that ends by itself. */
const asksForCheck = (service: Service, { longRunning, containers }: Workload): boolean =>
  longRunning &&
  service.kind !== 'job' &&
  (service.kind === 'http' || service.kind === 'database' || containers.some(({ ports }) => ports.length > 0));

function checkCompose(service: Service, repository: Repository, report: (finding: Report) => void): void {
  for (const deployment of service.deployments) {
    const { value } = deployment.workload;
    if (deployment.platform !== 'compose' || hasProfile(value) || !asksForCheck(service, value)) continue;
    if (hasHealthcheck(deployment) || isTool(deployment.container) || !isComposeForProduction(deployment.workload, repository)) continue;
    report({
      message: 'compose',
      data: { name: value.name },
      place: deployment.container.namePlace,
      confidence: 'likely',
      subject: `compose/${value.name}`,
    });
  }
}

export default defineRule({
  summary: 'the platform cannot tell whether a copy is healthy',
  factors: [9],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A long-running container of Kubernetes without a readiness probe (and without liveness), or a service of a Compose file that is used for deployment without a health check in the file or its Dockerfile. Jobs, init containers and test pods are left out.',
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
    compose: {
      text: 'Service `{name}` has no health check.',
      consequence: 'Nothing tells a started copy from one that works, and a hung one stays.',
      next: 'Add `healthcheck` to the service, or HEALTHCHECK to its Dockerfile.',
    },
  },
  checkService(service, report, repository) {
    checkPods(service, repository, report);
    if (service.deployments.every(({ platform }) => platform === 'compose')) checkCompose(service, repository, report);
  },
});
