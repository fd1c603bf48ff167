import type { Workload } from '../../src/facts.ts';
import { sharesSet } from '../../src/text/sets.ts';
import { isProduction } from '../../src/text/workload-questions.ts';
import type { Fact, Report, Repository } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

type Exposure = Fact<'exposure'>;

/** Labels that controllers and operators set on pods by themselves. */
const automatic =
  /^(statefulset\.kubernetes\.io|apps\.kubernetes\.io|batch\.kubernetes\.io|controller-uid|job-name|role|spilo-role|cnpg\.io)/;
const requiredLabels = (selector: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(selector).filter(([key, value]) => !automatic.test(key) && !isElected(key, value));
/** Whoever leads a cluster marks its pod while it runs. */
const isElected = (key: string, value: string): boolean =>
  /(?:^|[-./])(?:active|leader|primary|initialized|sealed|perf-standby)$/i.test(key) || /^(?:leader|active)$/i.test(value);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
/** Without a part that a release puts in: `${PORT}`, `{{ port }}`, `#{port}#`, `__port__`, `%PORT%`, `@port@`. */
const isPlain = (text: string): boolean => !/[${}<>#%@]|__/.test(text);

const selects = (selector: readonly [string, string][], { labels }: Workload): boolean =>
  selector.every(([key, value]) => labels[key] === value);
const sharesNamespace = (exposure: Exposure, { namespace }: Workload): boolean =>
  !exposure.value.namespace || !namespace || exposure.value.namespace === namespace;

/** A workload beside the Service that uses the same label keys, or the same values under other keys: the pods that it was meant to select. */
const nearMiss = (exposure: Exposure, selector: readonly [string, string][], workloads: readonly Fact<'workload'>[]) =>
  workloads.find(
    ({ value, place }) =>
      folderOf(place.path) === folderOf(exposure.place.path) &&
      sharesNamespace(exposure, value) &&
      (hasKeys(selector, value)
        ? value.name === exposure.value.name ||
          place.path === exposure.place.path ||
          selector.some(([key, text]) => value.labels[key] === text)
        : place.path === exposure.place.path && selector.every(([, text]) => Object.values(value.labels).includes(text))),
  );
const hasKeys = (selector: readonly [string, string][], { labels }: Workload): boolean =>
  selector.some(([key]) => labels[key] !== undefined);

function checkSelector(exposure: Exposure, workloads: readonly Fact<'workload'>[], report: (finding: Report) => void): void {
  const selector = requiredLabels(exposure.value.selector ?? {});
  if (selector.length === 0 || !selector.every(([key, value]) => isPlain(key + value))) return;
  const selected = workloads.filter(({ value }) => selects(selector, value) && sharesNamespace(exposure, value));
  if (selected.length > 0) return checkNamedPorts(exposure, selected, report);
  const near = nearMiss(exposure, selector, workloads);
  if (!near) return;
  report({
    message: 'selector',
    data: { service: exposure.value.name, selector: selector.map(([key, value]) => `${key}=${value}`).join(', ') },
    place: exposure.value.namePlace,
    related: [{ place: near.value.namePlace, message: `the pods of ${near.value.name} have other labels` }],
    subject: `${exposure.value.name}:selector`,
  });
}

/** A port given by name must be the name of a container port in some pod. Nothing is forwarded for a Service without an address. */
function checkNamedPorts(exposure: Exposure, selected: readonly Fact<'workload'>[], report: (finding: Report) => void): void {
  if (exposure.value.headless) return;
  const names = new Set(selected.flatMap(({ value }) => value.containers.flatMap(({ ports }) => ports.map(({ name }) => name))));
  for (const { target } of exposure.value.ports) {
    if (!target?.known || typeof target.value !== 'string' || !isPlain(target.value) || names.has(target.value)) continue;
    report({
      message: 'port',
      data: { service: exposure.value.name, port: target.value },
      place: target.place,
      related: [
        { place: selected[0]!.value.containers[0]?.namePlace ?? selected[0]!.value.namePlace, message: 'no port here has that name' },
      ],
      subject: `${exposure.value.name}:${target.value}`,
    });
  }
}

type Route = Fact<'traffic-route'>;
/** Backends that the controller itself gives: the default one of GCE, actions of the AWS load balancer. */
const isSpecial = ({ service, port }: Route['value']['backends'][number]): boolean =>
  service === 'default-http-backend' || port === 'use-annotation';

const servicesNamed = (name: string, route: Route, exposures: readonly Exposure[]): readonly Exposure[] =>
  exposures.filter(
    ({ value }) => value.name === name && (!value.namespace || !route.value.namespace || value.namespace === route.value.namespace),
  );

/** All others that the route names, three at least, are Services of the repository: then it installs what it routes to. */
function knowsOthers(route: Route, name: string, exposures: readonly Exposure[]): boolean {
  const others = new Set(route.value.backends.filter((one) => one.service !== name && !isSpecial(one)).map(({ service }) => service));
  return others.size >= 3 && [...others].every((other) => servicesNamed(other, route, exposures).length > 0);
}

/** Services of others are installed by other means: one is missing only beside Services that the same file or the repository defines. */
function checkRoute(route: Route, exposures: readonly Exposure[], report: (finding: Report) => void): void {
  for (const backend of route.value.backends) {
    if (isSpecial(backend) || !isPlain(backend.service)) continue;
    const services = servicesNamed(backend.service, route, exposures);
    const data = { kind: route.value.kind, route: route.value.name, service: backend.service, port: backend.port ?? '' };
    const subject = `${route.value.kind}/${route.value.name}:${backend.service}`;
    if (services.length === 0) {
      if (!exposures.some(({ place }) => place.path === route.place.path) && !knowsOthers(route, backend.service, exposures)) continue;
      report({ message: 'backend', level: 'warning', confidence: 'likely', data, place: backend.place, subject });
    } else if (backend.port !== undefined && route.value.kind === 'Ingress' && !services.some((service) => hasPort(service, backend.port!)))
      report({
        message: 'backend-port',
        data,
        place: backend.place,
        related: services.map(({ value }) => ({ place: value.namePlace, message: 'the Service has other ports' })),
        subject: `${subject}:${backend.port}`,
      });
  }
}

const hasPort = ({ value }: Exposure, wanted: number | string): boolean =>
  value.ports.length === 0 ||
  value.ports.some(({ port, name }) => !port.known || port.value === wanted || name === wanted || String(port.value) === wanted);

/** Pods may also come from templates, operators and files that could not be read: then nothing is known to be missing. */
const allRead = (repository: Repository): boolean =>
  !repository.notAssessed.some(({ reason }) => ['template', 'custom-resource', 'syntax-error', 'overlay'].includes(reason));

export default defineRule({
  summary: 'a Service selects no pod, or a route finds no Service',
  factors: [7],
  level: 'error',
  effort: 1,
  docs: {
    what: 'The selector of a Service matches the labels of no pod of the repository although a workload beside it uses the same label keys, or its `targetPort` names a port that the selected pods do not have.',
    why: 'The Service has no endpoints: every request to it fails.',
    how: 'Use the labels of the pod template as selector, and the name or number of a container port as `targetPort`.',
    bad: 'selector: {app: api-server}   # the pods have app: api',
    good: 'selector: {app: api}',
    references: ['https://kubernetes.io/docs/concepts/services-networking/service/'],
  },
  messages: {
    selector: {
      text: 'Service `{service}` selects `{selector}`, and no pod has these labels.',
      consequence: 'The Service has no endpoints: every request to it fails.',
      next: 'Use the labels of the pod template as selector.',
    },
    port: {
      text: 'Service `{service}` sends requests to port `{port}`, and no selected pod has a port of that name.',
      consequence: 'The Service has no endpoints for this port: every request to it fails.',
      next: 'Name a container port `{port}`, or use the number.',
    },
    backend: {
      text: '{kind} `{route}` sends requests to Service `{service}`, which is not defined here.',
      consequence: 'Requests get an error where nobody has made the Service by other means.',
      next: 'Correct the name, or define the Service.',
    },
    'backend-port': {
      text: '{kind} `{route}` sends requests to port `{port}` of Service `{service}`, which has no such port.',
      consequence: 'Every request to it fails.',
      next: 'Name a port of the Service.',
    },
  },
  checkRepository(repository, report) {
    if (!allRead(repository)) return;
    const workloads = repository.facts.all('workload').filter(({ value }) => value.platform === 'kubernetes');
    for (const exposure of repository.facts.all('exposure')) {
      if (!isProduction(exposure.value) || exposure.value.type === 'ExternalName') continue;
      const beside = exposure.set === undefined ? workloads : workloads.filter((workload) => sharesSet(exposure, workload));
      checkSelector(exposure, beside, report);
    }
    const exposures = repository.facts.all('exposure');
    for (const route of repository.facts.all('traffic-route'))
      if (['Ingress', 'Route'].includes(route.value.kind)) checkRoute(route, exposures, report);
  },
});
