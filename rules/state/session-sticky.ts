import { copyRange, isProduction, reportOnce, unclaimed } from '../../src/text/workload-questions.ts';
import type { Fact, Related, Report, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Sessions that the service keeps in one process: what the pin is there for. */
function localSession(service: Service): Related | undefined {
  for (const { value, place } of service.code.all('session')) {
    const local = service.possibleStores(value.stores).find(({ kind }) => kind === 'memory' || kind === 'file');
    if (local) return { place, message: 'sessions are kept in one process here' };
  }
  return undefined;
}

const subjectOf = ({ value }: Fact<'sticky-routing'>): string => `${value.how}:${[...value.to].sort().join(',')}`;

/** Several workloads stand behind one pin. */
const distinct = (findings: readonly Report[]): readonly Report[] => [
  ...new Map(findings.map((finding) => [`${JSON.stringify(finding.place)}:${finding.subject}`, finding])).values(),
];

export default defineRule({
  summary: 'clients are pinned to one replica',
  factors: [6],
  level: 'warning',
  effort: 3,
  docs: {
    what: 'Routing sends a client to the same replica again: `sessionAffinity: ClientIP`, cookie affinity of an Ingress controller or load balancer, hashing by client, `sessionPersistence` of a Gateway route, `ip_hash` and its like in the configuration of nginx, HAProxy, Apache, Caddy, Traefik or Envoy. The cookie that the router of OpenShift sets by default is a note, unless sessions are kept in one process.',
    why: 'Load does not move to new replicas, one replica may be overloaded while others idle, and its clients lose their state when it is replaced.',
    how: 'Keep the state that needs the pin in a shared store, then remove the pin.',
    bad: 'spec:\n  sessionAffinity: ClientIP',
    good: 'spec:\n  selector: {app: api}',
    references: ['https://12factor.net/processes', 'https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity'],
  },
  messages: {
    pinned: {
      text: 'Clients are pinned to one replica by {how}.',
      consequence: 'New replicas get no load from known clients, and a replaced replica takes their state with it.',
      next: 'Find out which state needs the pin, keep it in a shared store, and remove the pin.',
    },
    session: {
      text: 'Clients are pinned to one replica by {how}, because sessions are kept in one process.',
      consequence: 'Every deploy and every lost replica logs its users out, and load does not move to new replicas.',
      next: 'Keep sessions in a store that all replicas share, then remove the pin.',
    },
  },
  checkService(service, report) {
    const session = localSession(service);
    const findings: Report[] = [];
    for (const deployment of service.deployments.filter(isProduction)) {
      for (const fact of deployment.sticky) {
        // Where one copy runs, a cookie that nobody asked for pins nothing.
        if (fact.value.byDefault && !session && copyRange(deployment).max === 1) continue;
        findings.push({
          message: session ? 'session' : 'pinned',
          data: { how: fact.value.how },
          place: fact.place,
          related: session ? [session] : [],
          level: session ? 'error' : fact.value.byDefault ? 'note' : 'warning',
          subject: subjectOf(fact),
        });
      }
    }
    reportOnce(distinct(findings), report);
  },
  checkRepository(repository, report) {
    const findings: Report[] = [];
    for (const fact of unclaimed(repository, 'sticky-routing', ({ sticky }) => sticky)) {
      if (fact.value.oneName || !isProduction({ purpose: fact.value.purpose ?? 'unknown' })) continue;
      const level = fact.value.byDefault ? 'note' : 'warning';
      findings.push({ message: 'pinned', data: { how: fact.value.how }, place: fact.place, level, subject: subjectOf(fact) });
    }
    reportOnce(findings, report);
  },
});
