import { watchesItsNode } from '../../src/text/node-agents.ts';
import { isProduction, nameOf, reportOnce, subjectOf } from '../../src/text/workload-questions.ts';
import type { Report } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  summary: 'a container takes the network of its node',
  factors: [7],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A workload with `hostNetwork: true` (or `network_mode: host`), or a container port with a `hostPort`. DaemonSets and agents that watch their node are left out: they run once on each node.',
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
      next: 'Remove `hostPort` and publish the port through a Service.',
    },
  },
  checkService(service, report) {
    const findings: Report[] = [];
    for (const deployment of service.deployments) {
      const { value } = deployment.workload;
      if (!isProduction(deployment) || !value.longRunning || value.kind === 'DaemonSet' || watchesItsNode(deployment)) continue;
      const data = { workload: nameOf(value) };
      if (value.hostNetwork?.known && value.hostNetwork.value) {
        findings.push({ message: 'network', data, place: value.hostNetwork.place, subject: `${subjectOf(value)}:network` });
        continue;
      }
      // Compose publishes ports on its host by design.
      for (const { hostPort } of deployment.platform === 'kubernetes' ? deployment.container.ports : []) {
        if (!hostPort?.known || hostPort.value === 0) continue;
        findings.push({
          message: 'port',
          data: { ...data, port: hostPort.value },
          place: hostPort.place,
          subject: `${subjectOf(value)}:${hostPort.value}`,
        });
      }
    }
    reportOnce(findings, report);
  },
});
