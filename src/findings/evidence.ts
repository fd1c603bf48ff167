/** What is right with a service: facts that speak for scaling, each with the line that shows it. */

import { gateOf } from '../assessment/rule-table.ts';
import type { FactKind, Platform, Probe, StoreChoice, Value } from '../facts.ts';
import type { Deployment, Evidence, Fact, Finding, GateId, Place, Repository, Service } from '../types.ts';
import { type EvidenceId, renderEvidence } from './evidence-messages.ts';

/** A finding, as far as a verdict asks. */
export type Judged = Pick<Finding, 'rule' | 'category' | 'level' | 'confidence' | 'service' | 'concerns'>;

interface Shown {
  readonly place: Place;
  readonly data?: Evidence['data'];
}
type Look = (service: Service, repository: Repository) => Shown | undefined;
interface Sign {
  readonly id: EvidenceId;
  readonly gate: GateId;
  readonly factors: readonly number[];
  /** The rule that would deny it: when that rule fired, the evidence is not claimed. */
  readonly deniedBy?: string;
  /** It says that nothing was found: any finding against the gate denies it. */
  readonly ofAbsence?: true;
  readonly look: Look;
}

const production = (service: Service): readonly Deployment[] =>
  service.deployments.filter(({ purpose }) => purpose === 'production' || purpose === 'unknown');

const first = <K extends FactKind>(kind: K, read: (fact: Fact<K>, service: Service) => Evidence['data'] | undefined): Look => {
  return (service) => {
    for (const fact of service.code.all(kind)) {
      const data = read(fact, service);
      if (data) return { data, place: fact.place };
    }
    return undefined;
  };
};

/** A store that every replica shares, and no local one that could be taken instead. */
const isShared = (possible: readonly StoreChoice[]): boolean =>
  possible.length > 0 && possible.every(({ kind }) => kind === 'external' || kind === 'cookie');
const external = (service: Service, stores: readonly StoreChoice[]): Evidence['data'] | undefined => {
  const possible = service.possibleStores(stores);
  if (!isShared(possible) || possible[0]!.kind === 'cookie') return undefined;
  return { store: possible[0]!.technology ?? 'a store outside of the process' };
};
const inCookie = (service: Service, stores: readonly StoreChoice[]): Evidence['data'] | undefined => {
  const possible = service.possibleStores(stores);
  return isShared(possible) && possible[0]!.kind === 'cookie' ? {} : undefined;
};

const probe =
  (name: 'readiness' | 'liveness'): Look =>
  (service) => {
    for (const { container } of production(service)) {
      const found: Probe | undefined = container[name];
      if (found) return { place: found.place };
    }
    return undefined;
  };
const healthcheck: Look = (service) => {
  for (const { lineage } of service.images) {
    const check = lineage.find((stage) => stage.healthcheck)?.healthcheck;
    if (check && !check.disabled) return { place: check.place };
  }
  return undefined;
};

const autoscalers = (service: Service): Fact<'autoscaler'> | undefined => production(service).flatMap((one) => one.autoscalers)[0];
const rangeOf = ({ value: { min, max } }: Fact<'autoscaler'>): Evidence['data'] | undefined =>
  min?.known && max?.known ? { min: min.value, max: max.value } : undefined;
const scaledInRange: Look = (service) => {
  const found = autoscalers(service);
  const data = found && rangeOf(found);
  return data && { data, place: found.value.namePlace };
};
const scaled: Look = (service) => {
  const found = autoscalers(service);
  return found && !rangeOf(found) ? { place: found.value.namePlace } : undefined;
};
const platformNames: Readonly<Partial<Record<Platform, string>>> = {
  kubernetes: 'Kubernetes',
  'cloud-foundry': 'Cloud Foundry',
  ecs: 'ECS',
  'cloud-run': 'Cloud Run',
  heroku: 'Heroku',
  other: 'its platform',
};
const declared: Look = (service) => {
  const found = production(service).find(({ workload }) => platformNames[workload.value.platform] && workload.value.longRunning);
  if (!found) return undefined;
  const { kind, name, platform, namePlace } = found.workload.value;
  return { data: { workload: `${kind} \`${name}\``, platform: platformNames[platform]! }, place: namePlace };
};
const budget: Look = (service) => {
  const found = production(service).flatMap(({ budgets }) => budgets)[0];
  return found && { place: found.value.namePlace };
};
const requests: Look = (service) => {
  const found = production(service).find(
    ({ container: { resources } }) => resources.cpuRequest && resources.memoryRequest && !resources.isLeftOpen,
  );
  return found && { place: found.container.resources.place ?? found.container.namePlace };
};
const spread: Look = (service) => {
  const found = production(service).find(({ workload }) => workload.value.spread)?.workload.value.spread;
  return found && { place: found };
};
const copies: Look = ({ copies: { count, evidence } }) => (count === 'many' && evidence[0] ? { place: evidence[0].place } : undefined);

const isRoot = (user: string | number): boolean => /^(?:root|0)(?::|$)/.test(String(user));
const notRoot: Look = (service) => {
  for (const { container } of production(service)) {
    const { runAsNonRoot, place } = container.security;
    if (runAsNonRoot?.known && runAsNonRoot.value) return { place: place ?? runAsNonRoot.place };
  }
  return undefined;
};
const imageUser: Look = (service, repository) => {
  if (notRoot(service, repository)) return undefined;
  for (const { lineage } of service.images) {
    const user = lineage.find((stage) => stage.user)?.user;
    if (user?.known && !isRoot(user.value)) return { data: { user: user.value }, place: user.place };
  }
  return undefined;
};

const healthPath = /(?:^|\/)(?:health|healthz|healthcheck|health-check|livez?|liveness|readyz?|readiness|ping|status|up)(?:\/|$)/i;

/** Names of variables that a value takes from the environment. */
const envName = (value: Value | undefined): string | undefined => {
  if (value?.is === 'env') return value.name;
  if (value?.is === 'choice') return value.options.map((option) => envName(option.value)).find((name) => name !== undefined);
  if (value?.is === 'text') return value.parts.map(envName).find((name) => name !== undefined);
  return undefined;
};
const settings: Look = (service) => {
  const reads = service.code.all('env-read').filter(({ value }) => value.name !== '*');
  const names = [...new Set(reads.map(({ value }) => value.name))].sort();
  if (!reads[0] || !names.length) return undefined;
  const shown = names.slice(0, 4).join(', ');
  return { data: { names: names.length > 4 ? `${shown} and ${names.length - 4} more` : shown }, place: reads[0].place };
};
/** Said by the code that asks for them, else by the manifest that binds them. */
const servicesBound: Look = (service) => {
  const read = service.code.all('env-read').find(({ value }) => value.name === 'VCAP_SERVICES');
  const bound = production(service)
    .flatMap(({ container }) => container.env)
    .find(({ name }) => name === 'VCAP_SERVICES');
  const found = read ?? bound;
  return found && { place: found.place };
};
const codeRead: Look = (service) => {
  const modules = new Set(service.code.all('module').map(({ value }) => value.path)).size;
  return service.codeRead
    ? { data: { modules: modules === 1 ? 'one file' : `${modules || 'all'} files` }, place: service.place }
    : undefined;
};
const imageBuilt: Look = (service) => {
  const [image, ...others] = service.images;
  return image && !others.length ? { place: image.stage.place } : undefined;
};
const locked: Look = (service, repository) => {
  const root = service.root ?? service.package?.value.root;
  if (root === undefined) return undefined;
  const around = (folder: string): boolean => folder === '' || folder === root || root.startsWith(`${folder}/`);
  const found = repository.facts
    .all('lock-file')
    .filter(({ value }) => around(value.root))
    .toSorted((a, b) => b.value.root.length - a.value.root.length)[0];
  return found && { place: found.place };
};
const inRepository: Look = ({ root, codeRead, place }) => (root !== undefined && codeRead ? { place } : undefined);
const sameImage: Look = ({ deployments }) => {
  const development = deployments.find(({ purpose, image }) => purpose === 'development' && image);
  const twin =
    development && deployments.find(({ purpose, image }) => purpose !== 'development' && image?.fact === development.image?.fact);
  return twin && development && twin.image?.stage === development.image?.stage
    ? { place: development.workload.value.namePlace }
    : undefined;
};
const jobBeside: Look = (service, repository) => {
  const names = new Set(production(service).flatMap(({ container: { image } }) => (image?.known ? [image.value] : [])));
  for (const { value } of repository.facts.all('workload')) {
    if (value.longRunning || value.purpose === 'development' || value.purpose === 'test') continue;
    if (value.containers.some(({ image }) => image?.known && names.has(image.value))) return { place: value.namePlace };
  }
  return undefined;
};

const signs: readonly Sign[] = [
  { id: 'keeps-nothing', gate: 'second-copy-safe', factors: [6], ofAbsence: true, look: codeRead },
  {
    id: 'ties-no-client',
    gate: 'any-copy-serves',
    factors: [6],
    ofAbsence: true,
    look: (service, repository) => (service.kind === 'worker' ? undefined : codeRead(service, repository)),
  },
  {
    id: 'serves-nobody',
    gate: 'any-copy-serves',
    factors: [],
    ofAbsence: true,
    look: (service, repository) => (service.kind === 'worker' ? codeRead(service, repository) : undefined),
  },
  {
    id: 'jobs-guarded',
    gate: 'second-copy-safe',
    factors: [6, 12],
    deniedBy: 'in-process-scheduler',
    look: first('scheduled-job', ({ value }) => (value.guard === undefined ? undefined : { guard: value.guard })),
  },
  { id: 'many-copies', gate: 'second-copy-safe', factors: [8], look: copies },
  {
    id: 'sessions-shared',
    gate: 'any-copy-serves',
    factors: [6],
    deniedBy: 'session-in-memory',
    look: first('session', ({ value }, service) => external(service, value.stores)),
  },
  {
    id: 'sessions-in-client',
    gate: 'any-copy-serves',
    factors: [6],
    deniedBy: 'session-in-memory',
    look: first('session', ({ value }, service) => inCookie(service, value.stores)),
  },
  {
    id: 'limits-shared',
    gate: 'any-copy-serves',
    factors: [6],
    deniedBy: 'rate-limit-in-memory',
    look: first('rate-limit', ({ value }, service) => external(service, value.stores)),
  },
  {
    id: 'sockets-shared',
    gate: 'any-copy-serves',
    factors: [6],
    deniedBy: 'websocket-without-adapter',
    look: first('socket-server', ({ value }, service) => external(service, value.adapters)),
  },
  {
    id: 'queue-shared',
    gate: 'copy-replaceable',
    factors: [6, 9],
    deniedBy: 'in-process-queue',
    look: first('queue', ({ value }) => (value.store === 'external' ? { technology: value.technology ?? value.library } : undefined)),
  },
  {
    id: 'health-route',
    gate: 'copy-replaceable',
    factors: [9, 14],
    deniedBy: 'health-endpoint-missing',
    look: first('route', ({ value }) => (!value.fallback && healthPath.test(value.path) ? { path: value.path } : undefined)),
  },
  {
    id: 'health-helper',
    gate: 'copy-replaceable',
    factors: [9, 14],
    deniedBy: 'health-endpoint-missing',
    look: first('health-helper', ({ value }) => ({ library: value.library })),
  },
  { id: 'readiness-probe', gate: 'copy-replaceable', factors: [9], deniedBy: 'probe-missing', look: probe('readiness') },
  { id: 'liveness-probe', gate: 'copy-replaceable', factors: [9], deniedBy: 'probe-missing', look: probe('liveness') },
  { id: 'image-health-check', gate: 'copy-replaceable', factors: [9], deniedBy: 'probe-missing', look: healthcheck },
  {
    id: 'shuts-down',
    gate: 'copy-replaceable',
    factors: [9],
    deniedBy: 'shutdown-not-graceful',
    look: first('shutdown-handler', ({ value }) =>
      value.closes === true && value.signals.length ? { signals: value.signals.join(' and ') } : undefined,
    ),
  },
  {
    id: 'shuts-down-unnamed',
    gate: 'copy-replaceable',
    factors: [9],
    deniedBy: 'shutdown-not-graceful',
    look: first('shutdown-handler', ({ value }) => (value.closes === true && !value.signals.length ? {} : undefined)),
  },
  { id: 'workload-declared', gate: 'platform-scales', factors: [], look: declared },
  { id: 'autoscaler-range', gate: 'platform-scales', factors: [8], deniedBy: 'autoscaler-broken', look: scaledInRange },
  { id: 'autoscaler', gate: 'platform-scales', factors: [8], deniedBy: 'autoscaler-broken', look: scaled },
  { id: 'disruption-budget', gate: 'copy-replaceable', factors: [9], deniedBy: 'disruption-budget-blocks', look: budget },
  { id: 'resources-requested', gate: 'platform-scales', factors: [8], deniedBy: 'resources-missing', look: requests },
  { id: 'replicas-spread', gate: 'platform-scales', factors: [8], deniedBy: 'spread-missing', look: spread },
  {
    id: 'port-given',
    gate: 'platform-scales',
    factors: [7, 3],
    deniedBy: 'hardcoded-port',
    look: first('listen', ({ value }) => {
      const name = value.purpose === 'metrics' ? undefined : envName(value.port);
      return name === undefined ? undefined : { name };
    }),
  },
  {
    id: 'port-bound',
    gate: 'platform-scales',
    factors: [7],
    deniedBy: 'hardcoded-port',
    look: first('listen', ({ value }) =>
      value.purpose === 'metrics' || envName(value.port) !== undefined ? undefined : { library: value.library },
    ),
  },
  {
    id: 'metrics',
    gate: 'same-build-observable',
    factors: [14],
    deniedBy: 'metrics-missing',
    look: first('metrics', ({ value }) => ({ library: value.library })),
  },
  {
    id: 'logs-to-console',
    gate: 'same-build-observable',
    factors: [11],
    deniedBy: 'log-to-file',
    look: first('log-sink', ({ value }) => (value.sink === 'console' ? { library: value.library } : undefined)),
  },
  {
    id: 'circuit-breaker',
    gate: 'copy-replaceable',
    factors: [9],
    deniedBy: 'call-without-timeout',
    look: first('breaker', ({ value }) => ({ library: value.library })),
  },
  { id: 'not-root', gate: 'same-build-observable', factors: [15], deniedBy: 'image-runs-as-root', look: notRoot },
  { id: 'image-user', gate: 'same-build-observable', factors: [15], deniedBy: 'image-runs-as-root', look: imageUser },
  { id: 'settings-from-environment', gate: 'same-build-observable', factors: [3], look: settings },
  {
    id: 'store-from-environment',
    gate: 'same-build-observable',
    factors: [4, 3],
    deniedBy: 'hardcoded-endpoint',
    look: first('backing-service', ({ value }) =>
      !value.embedded && envName(value.address) !== undefined ? { technology: value.technology } : undefined,
    ),
  },
  { id: 'services-bound', gate: 'same-build-observable', factors: [4, 3], deniedBy: 'hardcoded-endpoint', look: servicesBound },
  { id: 'image-built', gate: 'same-build-observable', factors: [5], look: imageBuilt },
  { id: 'dependencies-locked', gate: 'same-build-observable', factors: [2], deniedBy: 'dependencies-unlocked', look: locked },
  { id: 'one-codebase', gate: 'same-build-observable', factors: [1], look: inRepository },
  { id: 'same-image-everywhere', gate: 'same-build-observable', factors: [10], deniedBy: 'dev-prod-drift', look: sameImage },
  { id: 'migration-job', gate: 'second-copy-safe', factors: [12], deniedBy: 'migration-at-start', look: jobBeside },
];

/** `against`: what rules found in the service. */
export function collectEvidence(service: Service, repository: Repository, against: readonly Judged[]): readonly Evidence[] {
  const fired = new Set(against.map(({ rule }) => rule));
  const closed = new Set(against.filter(({ level }) => level !== 'note').map(({ rule, category }) => gateOf(rule, category)));
  return signs.flatMap(({ id, gate, factors, deniedBy, ofAbsence, look }) => {
    const denied = (deniedBy !== undefined && fired.has(deniedBy)) || (ofAbsence === true && closed.has(gate));
    const shown = denied ? undefined : look(service, repository);
    if (!shown) return [];
    const data = shown.data ?? {};
    return [{ id, gate, factors, data, text: renderEvidence(id, data), place: shown.place }];
  });
}
