import { hostsOf, peerAt } from '../../src/text/peers.ts';
import type { Related, Repository, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

const meshMark = /istio|linkerd|consul\.hashicorp\.com\/connect|kuma\.io|osm|dapr\.io\/enabled|appmesh/i;

/** A mesh can break circuits outside of the code. */
function hasMesh(service: Service, repository: Repository): boolean {
  const workloads = service.deployments.map(({ workload }) => workload.value);
  const marked = workloads.some(({ annotations, labels }) =>
    [...Object.keys(annotations), ...Object.keys(labels)].some((key) => meshMark.test(key)),
  );
  const routed = repository.facts.all('traffic-route').some(({ value }) => value.kind === 'VirtualService');
  return marked || routed || repository.facts.all('sticky-routing').some(({ value }) => /istio|envoy|linkerd/i.test(value.how));
}

export default defineRule({
  summary: 'calls between services have no circuit breaker',
  factors: [9],
  level: 'note',
  effort: 3,
  docs: {
    what: 'The service calls other services of the same repository while it answers requests, and neither a circuit breaker library nor a service mesh stops the calls when one of them fails.',
    why: 'Calls to a service that is down keep coming: it cannot recover, and the callers fail with it.',
    how: 'Wrap the calls in a circuit breaker (opossum, cockatiel, Resilience4j), or let a service mesh do it.',
    bad: 'await axios.get(`${CART_URL}/items`)',
    good: 'const cart = new CircuitBreaker(loadCart, { timeout: 2000 });\nawait cart.fire(id)',
    references: ['https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker'],
  },
  messages: {
    missing: {
      text: 'Requests wait for {peers} of this repository, with no circuit breaker in between.',
      consequence: 'When one of them fails, its callers fail with it and keep it from recovering.',
      next: 'Wrap these calls in a circuit breaker with a fallback, or let a service mesh do it.',
    },
  },
  checkService(service, report, repository) {
    if (service.code.has('breaker') || hasMesh(service, repository)) return;
    const calls = service.code.all('outgoing-call').flatMap((fact) => {
      if (fact.value.breaker) return [];
      const peers = hostsOf(service, fact.value.target, fact.value.protocol === 'grpc').flatMap(
        (host) => peerAt(host, service, repository) ?? [],
      );
      return peers.map((peer) => ({ fact, peer }));
    });
    const [first] = calls;
    if (!first) return;
    const names = [...new Set(calls.map(({ peer }) => peer.name))].sort();
    const places = [
      ...new Map(
        calls.slice(1).map(({ fact: { place }, peer }) => [`${place.path}:${place.line}`, { place, message: `calls \`${peer.name}\`` }]),
      ).values(),
    ];
    const shown = names
      .slice(0, 3)
      .map((name) => `\`${name}\``)
      .join(', ');
    report({
      message: 'missing',
      data: { peers: names.length > 3 ? `${shown} and ${names.length - 3} more` : shown },
      place: first.fact.place,
      related: places
        .filter(({ place }) => place.path !== first.fact.place.path || place.line !== first.fact.place.line)
        .slice(0, 20) satisfies Related[],
      subject: 'calls',
    });
  },
});
