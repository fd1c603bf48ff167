/** What is right with a service: facts that speak for scaling, each with the line that shows it. */
import type { FactKind, Probe, StoreChoice } from '../facts.ts';
import type { Deployment, Evidence, Fact, Service } from '../types.ts';

type Look = (service: Service) => Evidence | undefined;

const production = (service: Service): readonly Deployment[] =>
  service.deployments.filter(({ purpose }) => purpose === 'production' || purpose === 'unknown');

const first = <K extends FactKind>(kind: K, text: (fact: Fact<K>) => string | undefined): Look => {
  return (service) => {
    for (const fact of service.code.all(kind)) {
      const shown = text(fact);
      if (shown) return { text: shown, place: fact.place };
    }
    return undefined;
  };
};

/** A store that every replica shares, and no local one that could be taken instead. */
const external = (service: Service, stores: readonly StoreChoice[]): string | undefined => {
  const possible = service.possibleStores(stores);
  if (!possible.length || !possible.every(({ kind }) => kind === 'external' || kind === 'cookie')) return undefined;
  return possible[0]!.kind === 'cookie' ? 'the client itself' : (possible[0]!.technology ?? 'a store outside of the process');
};

const sessions: Look = (service) =>
  first('session', ({ value }) => {
    const store = external(service, value.stores);
    return store && `Sessions are kept in ${store}`;
  })(service);
const limits: Look = (service) =>
  first('rate-limit', ({ value }) => {
    const store = external(service, value.stores);
    return store && `Rate limits are counted in ${store}`;
  })(service);
const sockets: Look = (service) =>
  first('socket-server', ({ value }) => {
    const store = external(service, value.adapters);
    return store && `Socket messages reach all replicas through ${store}`;
  })(service);

const probe =
  (name: 'readiness' | 'liveness', text: string): Look =>
  (service) => {
    for (const { container } of production(service)) {
      const found: Probe | undefined = container[name];
      if (found) return { text, place: found.place };
    }
    return undefined;
  };

const autoscaler: Look = (service) => {
  const found = production(service).flatMap(({ autoscalers }) => autoscalers)[0];
  if (!found) return undefined;
  const { min, max, namePlace } = found.value;
  const range = min?.known && max?.known ? ` from ${min.value} to ${max.value} replicas` : '';
  return { text: `An autoscaler scales it${range}`, place: namePlace };
};
const budget: Look = (service) => {
  const found = production(service).flatMap(({ budgets }) => budgets)[0];
  return found && { text: 'A disruption budget keeps copies running', place: found.value.namePlace };
};
const requests: Look = (service) => {
  const found = production(service).find(({ container: { resources } }) => resources.cpuRequest && resources.memoryRequest);
  return found && { text: 'CPU and memory are requested', place: found.container.resources.place ?? found.container.namePlace };
};
const spread: Look = (service) => {
  const found = production(service).find(({ workload }) => workload.value.spread);
  return found?.workload.value.spread && { text: 'Replicas are spread over nodes or zones', place: found.workload.value.spread };
};

const isRoot = (user: string | number): boolean => /^(?:root|0)(?::|$)/.test(String(user));
const nonRoot: Look = (service) => {
  for (const { container } of production(service)) {
    const { runAsNonRoot, place } = container.security;
    if (runAsNonRoot?.known && runAsNonRoot.value) return { text: 'The container may not run as root', place: place ?? runAsNonRoot.place };
  }
  for (const { lineage } of service.images) {
    const user = lineage.find((stage) => stage.user)?.user;
    if (user?.known && !isRoot(user.value)) return { text: `The image runs as user ${user.value}`, place: user.place };
  }
  return undefined;
};
const healthcheck: Look = (service) => {
  for (const { lineage } of service.images) {
    const check = lineage.find((stage) => stage.healthcheck)?.healthcheck;
    if (check && !check.disabled) return { text: 'The image has a health check', place: check.place };
  }
  return undefined;
};

const healthPath = /(?:^|\/)(?:health|healthz|healthcheck|health-check|livez?|liveness|readyz?|readiness|ping|status|up)(?:\/|$)/i;

/** Each with the rule that would deny it: when that rule fired, the evidence is not claimed. */
const looks: readonly (readonly [string, Look])[] = [
  ['session-in-memory', sessions],
  ['rate-limit-in-memory', limits],
  ['websocket-without-adapter', sockets],
  [
    'health-endpoint-missing',
    first('route', ({ value }) =>
      !value.fallback && healthPath.test(value.path) ? `It answers health requests at ${value.path}` : undefined,
    ),
  ],
  ['health-endpoint-missing', first('health-helper', ({ value }) => `${value.library} answers health requests`)],
  ['probe-missing', probe('readiness', 'A readiness probe is set')],
  ['probe-missing', probe('liveness', 'A liveness probe is set')],
  ['probe-missing', healthcheck],
  [
    'shutdown-not-graceful',
    first('shutdown-handler', ({ value }) =>
      value.closes === true ? `It handles ${value.signals.join(' and ') || 'shutdown signals'} and closes its server` : undefined,
    ),
  ],
  ['autoscaler-broken', autoscaler],
  ['disruption-budget-blocks', budget],
  ['resources-missing', requests],
  ['spread-missing', spread],
  ['metrics-missing', first('metrics', ({ value }) => `${value.library} gives metrics`)],
  ['log-to-file', first('log-sink', ({ value }) => (value.sink === 'console' ? `${value.library} writes logs to the console` : undefined))],
  ['call-without-timeout', first('breaker', ({ value }) => `${value.library} breaks circuits to failing services`)],
  ['image-runs-as-root', nonRoot],
];

export function collectEvidence(service: Service, fired: ReadonlySet<string>): readonly Evidence[] {
  return looks.flatMap(([rule, look]) => (fired.has(rule) ? [] : (look(service) ?? [])));
}
