import {
  clusterWorkloads,
  copyRange,
  isPatched,
  isProduction,
  nameOf,
  platformApps,
  reportOnce,
  subjectOf,
} from '../../src/text/workload-questions.ts';
import type { Report } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  summary: 'all copies may share one node',
  factors: [8],
  level: 'note',
  effort: 1,
  docs: {
    what: 'A workload with several copies has neither `topologySpreadConstraints` nor pod anti-affinity, a service of Swarm with several copies is bound to one node, or a group of machines runs in one zone.',
    why: 'The scheduler may put all copies on one node or into one zone; when that fails, all of them are gone.',
    how: 'Add `topologySpreadConstraints` over zones and hosts, or pod anti-affinity.',
    bad: 'spec:\n  replicas: 3\n  template: {spec: {containers: […]}}',
    good: 'topologySpreadConstraints:\n  - maxSkew: 1\n    topologyKey: topology.kubernetes.io/zone\n    whenUnsatisfiable: ScheduleAnyway\n    labelSelector: {matchLabels: {app: api}}',
    references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/'],
  },
  messages: {
    none: {
      text: 'Nothing spreads the copies of {workload} over nodes and zones.',
      consequence: 'One failing node or zone may take all copies at once.',
      next: 'Add `topologySpreadConstraints` or pod anti-affinity.',
    },
    node: {
      text: 'All copies of {workload} run on node `{node}`.',
      consequence: 'When this machine fails or is drained, all of them are gone.',
      next: 'Drop the constraint, or use a label that several nodes have.',
    },
    zone: {
      text: 'All instances of {group} run in one zone.',
      consequence: 'When the zone fails, all of them are gone.',
      next: 'Name subnets or zones of two or three zones.',
    },
  },
  checkRepository(repository, report) {
    const findings: Report[] = [];
    for (const { value } of repository.facts.all('scaling-group')) {
      const { zones, size, max, role, name, type } = value;
      const isSingle = (max?.known && max.value < 2) || (!max && size?.known && size.value < 2);
      if (role !== 'group' || !isProduction(value) || !zones?.known || zones.value !== 1 || isSingle) continue;
      findings.push({ message: 'zone', data: { group: `the ${type} \`${name}\`` }, place: zones.place, subject: `${type}/${name}` });
    }
    reportOnce(findings, report);
  },
  checkService(service, report, repository) {
    const findings: Report[] = [];
    for (const deployment of platformApps(service)) {
      const { value } = deployment.workload;
      const { max, evidence } = copyRange(deployment);
      if (!value.pinnedTo || max === undefined || max < 2) continue;
      const { node, place } = value.pinnedTo;
      const related = evidence ? [evidence] : [];
      findings.push({ message: 'node', data: { workload: nameOf(value), node }, place, related, subject: subjectOf(value) });
    }
    for (const deployment of clusterWorkloads(service)) {
      const { value } = deployment.workload;
      const { max, evidence } = copyRange(deployment);
      if (value.kind === 'DaemonSet' || value.spread || max === undefined || max < 2) continue;
      if (isPatched(repository, value, 'topologySpreadConstraints', 'affinity')) continue;
      findings.push({
        message: 'none',
        data: { workload: nameOf(value) },
        place: value.leftOut?.topologySpreadConstraints ?? value.leftOut?.affinity ?? value.namePlace,
        related: evidence ? [evidence] : [],
        subject: subjectOf(value),
      });
    }
    reportOnce(findings, report);
  },
});
