import { watchesItsNode } from '../../src/text/node-agents.ts';
import { isProduction, nameOf, reportOnce, subjectOf } from '../../src/text/workload-questions.ts';
import type { Report } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** They run once on each node, to work there. */
const onEveryNode: ReadonlySet<string> = new Set(['DaemonSet', 'global Swarm service']);

export default defineRule({
  summary: 'a container takes the network of its node',
  factors: [7],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A workload with `hostNetwork: true` (or `network_mode: host`), or a container port with a `hostPort` (`mode: host` in Swarm). DaemonSets, global services and agents that watch their node are left out: they run once on each node.',
    why: 'A port of the node can be taken once, so only one copy fits on a node, and the copy sees all traffic of the node.',
    how: 'Publish the port through a Service, and remove the setting.',
    bad: 'hostNetwork: true',
    good: 'kind: Service\nspec: {ports: [{port: 80, targetPort: 8080}]}',
    references: ['https://kubernetes.io/docs/concepts/configuration/overview/'],
  },
  messages: {
    network: {
      text: '{workload} uses the network of its node.',
      consequence: 'Only one copy fits on each node, and it reaches everything that the node reaches.',
      next: 'Remove the setting and publish its port through a Service.',
    },
    port: {
      text: '{workload} takes port {port} of its node.',
      consequence: 'Only one copy fits on each node, so it cannot scale beyond the number of nodes.',
      next: 'Publish the port through a Service, or on all nodes, instead of on the node of the copy.',
    },
  },
  checkService(service, report) {
    const findings: Report[] = [];
    for (const deployment of service.deployments) {
      const { value } = deployment.workload;
      if (!isProduction(deployment) || !value.longRunning || onEveryNode.has(value.kind) || watchesItsNode(deployment)) continue;
      const data = { workload: nameOf(value) };
      if (value.hostNetwork?.known && value.hostNetwork.value) {
        findings.push({ message: 'network', data, place: value.hostNetwork.place, subject: `${subjectOf(value)}:network` });
        continue;
      }
      // Compose publishes ports on its host by design, and Swarm on all of them.
      const taken = deployment.container.ports.flatMap(({ hostPort, onNode }) =>
        hostPort?.known && hostPort.value !== 0 && (deployment.platform === 'kubernetes' || onNode) ? [hostPort] : [],
      );
      const [first, ...others] = taken;
      if (!first) continue;
      findings.push({
        message: 'port',
        data: { ...data, port: first.value },
        place: first.place,
        related: others.map(({ place }) => ({ place, message: 'the same here' })),
        subject: `${subjectOf(value)}:${first.value}`,
      });
    }
    reportOnce(findings, report);
  },
});
