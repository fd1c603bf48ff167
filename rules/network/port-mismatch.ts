import type { Container, Probe } from '../../src/facts.ts';
import { declaredPorts, healthcheckPort, portNumber } from '../../src/text/container-ports.ts';
import { hasProxyBeside, isPortOfOther } from '../../src/text/process-questions.ts';
import { stockPort } from '../../src/text/stock-ports.ts';
import { clusterWorkloads, isPatched, reportOnce, subjectOf } from '../../src/text/workload-questions.ts';
import { type Deployment, defineRule, type Place, type Related, type Report, type Repository, type Service } from '../../src/types.ts';

const isProduction = (purpose: string): boolean => purpose === 'production' || purpose === 'unknown';
/** A manifest's line that names a port where requests are sent. */
interface Named {
  readonly port: number;
  readonly place: Place;
  readonly what: string;
}
interface Listens {
  readonly ports: readonly number[];
  /** Where each port is named. */
  readonly named: readonly Place[];
  readonly place: Place;
  readonly related: readonly Related[];
}

/** Every port that the process listens on; `undefined` unless all of them are known. */
function knownListens(service: Service): Listens | undefined {
  const listens = service.code.all('listen');
  if (listens.length === 0 || !service.codeRead) return undefined;
  const read = listens.map(({ value, confidence }) => ({ ...service.literals(value.port), sure: confidence === 'certain' }));
  if (read.some(({ values, complete, sure }) => !complete || !sure || values.length === 0)) return undefined;
  const helpers = service.code.all('health-helper').flatMap(({ value }) => (value.port ? [service.literals(value.port)] : []));
  if (helpers.some(({ complete }) => !complete)) return undefined;
  const values = [...read, ...helpers].flatMap((item) => item.values);
  const ports = values.map(({ value }) => Number(value));
  if (ports.some((port) => !Number.isInteger(port))) return undefined;
  const main = listens.find(({ value }) => value.purpose === 'main') ?? listens[0]!;
  const given = values.find(({ place }) => place.path !== main.place.path || place.line !== main.place.line);
  return {
    ports,
    named: values.map(({ place }) => place),
    place: main.place,
    related: [
      { place: main.place, message: 'the server listens here' },
      ...(given ? [{ place: given.place, message: 'on the port given here' }] : []),
    ],
  };
}

/** A command line may name another port than the code does. */
const commandNamesPort = ({ process }: Deployment): boolean =>
  !process.known || process.steps.some(({ words }) => words.some((word) => /^(?:-p|--port\b.*|--http-port\b.*)$/.test(word)));

/** `"start": "next start -p 8080"` says nothing of an image that runs `next start` itself. */
const startsOtherwise = ({ process }: Pick<Deployment, 'process'>, { place }: Listens): boolean =>
  hasProxyBeside(process) ||
  (/(?:^|\/)package\.json$/.test(place.path) && process.known && !process.steps.some((step) => step.place.path === place.path));

/** Where a workload sends requests, most telling first: Services, probes, then the container's own declaration. */
function namedPorts(deployment: Deployment): readonly Named[] {
  const { container, exposures, workload } = deployment;
  const isOnly = workload.value.containers.length === 1;
  const targets = exposures.flatMap(({ value }) =>
    (isOnly ? value.ports : []).flatMap(({ port, target, place }) => {
      const number = target ? portNumber(target, container) : port.known ? port.value : undefined;
      const isNamed = target?.known && typeof target.value === 'string' && !/^\d+$/.test(target.value);
      return number === undefined || isNamed ? [] : [{ port: number, place: target?.place ?? place, what: 'The Service' }];
    }),
  );
  const probes = (
    [
      ['readiness', container.readiness],
      ['liveness', container.liveness],
      ['startup', container.startup],
    ] as const
  ).flatMap(([name, probe]) => {
    const number = probe?.type === 'http' || probe?.type === 'tcp' ? portNumber(probe.port, container) : undefined;
    const isNumber = probe?.port?.known && typeof probe.port.value === 'number';
    return number === undefined || !isNumber ? [] : [{ port: number, place: probe!.port!.place, what: `The ${name} probe` }];
  });
  const asked = healthcheckPort(container, [workload.value.name, container.name]);
  const check = asked === undefined ? [] : [{ port: asked, place: container.healthcheck!.place, what: 'The health check' }];
  const own = container.ports.flatMap(({ number, place, protocol }) =>
    number.known && protocol?.toUpperCase() !== 'UDP'
      ? [
          {
            port: number.value,
            place: number.place ?? place,
            what: workload.value.platform === 'compose' ? 'The published port' : 'The container port',
          },
        ]
      : [],
  );
  return [...targets, ...probes, ...check, ...own];
}

/** The lines of one deployment that lead to no listening port. */
function wrongPorts(deployment: Deployment, listens: Listens): readonly Named[] {
  const named = namedPorts(deployment);
  const declared = declaredPorts(deployment.container);
  if (!declared || commandNamesPort(deployment) || startsOtherwise(deployment, listens)) return [];
  // A container that declares the right port may have others for tools that its image starts beside the server.
  const declaresOne = declared.some((port) => listens.ports.includes(port));
  const isAnswered = (port: number): boolean => listens.ports.includes(port) || isPortOfOther(deployment.process, port);
  return named.filter(({ port, what }) => !isAnswered(port) && !(declaresOne && /port$/.test(what)));
}

const unique = (named: readonly Named[]): readonly Named[] =>
  named.filter(
    ({ place }, index) => named.findIndex((other) => other.place.path === place.path && other.place.line === place.line) === index,
  );

const probeKinds = ['readiness', 'liveness', 'startup'] as const;
/** One port for several purposes; another one beside it may serve probes without being declared. */
const sideDoor = /metric|webhook|admin|manage|debug|prom/i;

/** What is wrong with the port of one probe, by what its own container declares. */
function judgeProbe(
  probe: Probe,
  container: Container,
  listensKnown: boolean,
): Pick<Report, 'message' | 'level' | 'confidence'> | undefined {
  const { port } = probe;
  if (!port?.known) return undefined;
  const served = container.ports.filter(({ protocol }) => protocol?.toUpperCase() !== 'UDP');
  if (typeof port.value === 'string' && !/^\d+$/.test(port.value))
    return served.some(({ name }) => name === port.value) ? undefined : { message: 'probe-name' };
  const [only, ...others] = served;
  if (listensKnown || !only || others.length > 0 || !only.number.known || sideDoor.test(only.name ?? '')) return undefined;
  return only.number.value === Number(port.value) ? undefined : { message: 'probe-undeclared', level: 'note', confidence: 'guess' };
}

/** Probes that ask a port which their own container does not have: one finding for each container and port. */
function checkProbes(service: Service, listensKnown: boolean, report: (finding: Report) => void): void {
  for (const deployment of clusterWorkloads(service)) {
    const { value } = deployment.workload;
    for (const container of value.containers) {
      const found = new Map<string, Report>();
      for (const kind of probeKinds) {
        const probe = container[kind];
        const wrong = probe && judgeProbe(probe, container, listensKnown);
        if (!wrong || !probe.port?.known) continue;
        const port = String(probe.port.value);
        const first = found.get(port);
        const again = { place: probe.port.place, message: `the ${kind} probe asks for it too` };
        const related = container.ports[0] ? [{ place: container.ports[0].place, message: 'the container declares this port' }] : [];
        if (first) found.set(port, { ...first, related: [...(first.related ?? []), again] });
        else {
          const data = { what: kind, port, container: container.name };
          const subject = `${subjectOf(value)}:${container.name}:${port}`;
          found.set(port, { ...wrong, data, place: probe.port.place, related, subject });
        }
      }
      for (const finding of found.values()) report(finding);
    }
  }
}

/** Services that lead to another port than the one on which an unchanged official image listens. */
function checkStock(service: Service, repository: Repository, report: (finding: Report) => void): void {
  for (const deployment of clusterWorkloads(service)) {
    const { container, workload, exposures } = deployment;
    const listens = workload.value.containers.length === 1 ? stockPort(workload.value, container) : undefined;
    if (listens === undefined || isPatched(repository, workload.value, 'image', 'volumeMounts', 'command', 'args')) continue;
    const named = namedPorts({ ...deployment, container: { ...container, ports: [] } }).filter(({ what }) => what === 'The Service');
    const [first] = named;
    // A Service with several ports may publish one that is opened later.
    if (!first || exposures.some(({ value }) => value.ports.length > 1) || named.some(({ port }) => port === listens)) continue;
    report({
      message: 'stock',
      data: { what: first.what, port: first.port, image: container.image?.known ? container.image.value.split('@')[0]! : '', listens },
      place: first.place,
      related: container.image ? [{ place: container.image.place, message: 'the image that it leads to' }] : [],
      confidence: 'likely',
      subject: `${subjectOf(workload.value)}:${first.port}`,
    });
  }
}

const isNamed = ({ name }: Container): boolean => name !== '' && !name.includes('${');

/** Load balancers of ECS that name a container or port which the task definition does not have: it cannot be created. */
function checkBalanced(service: Service, report: (finding: Report) => void): void {
  for (const { workload } of service.deployments.filter(({ purpose }) => isProduction(purpose))) {
    const { containers, balanced = [], name } = workload.value;
    const isRead = containers.every((container) => isNamed(container) && container.image?.place.line !== workload.place.line);
    if (!isRead || containers.length === 0) continue;
    for (const { container, port, place } of balanced) {
      const meant = containers.find((one) => one.name === container);
      const related = [{ place: (meant ?? containers[0]!).namePlace, message: meant ? 'the container' : 'the container is called this' }];
      const subject = `${name}:${container}`;
      if (!meant) report({ message: 'balancer-container', data: { service: name, container }, place, related, subject });
      else if (port?.known && meant.ports.length > 0 && meant.ports.every(({ number }) => number.known && number.value !== port.value))
        report({
          message: 'balancer-port',
          data: { service: name, container, port: port.value },
          place: port.place,
          related,
          subject: `${subject}:${port.value}`,
        });
    }
  }
}

export default defineRule({
  summary: 'requests are sent to a port that the program does not listen on',
  factors: [7],
  level: 'error',
  effort: 1,
  docs: {
    what: 'A Service, probe, container port, published port or EXPOSE names a port, and the program, with the variables that the manifest gives it, listens on another; or a load balancer names a container or port that its task does not have.',
    why: 'Connections are refused: the service never becomes ready or cannot be reached.',
    how: 'Name the same port everywhere; give it to the program in `PORT` so that there is one place to change.',
    bad: 'targetPort: 8080   # app.listen(3000)',
    good: 'targetPort: 3000   # app.listen(3000)',
    references: [
      'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
      'https://docs.docker.com/reference/dockerfile/#expose',
    ],
  },
  messages: {
    workload: {
      text: '{what} leads to port {port}, but the program listens on {listens}.',
      consequence: 'Connections to it are refused.',
      next: 'Name port {listens} here, or give the program `PORT={port}` if it reads it.',
    },
    'probe-name': {
      text: 'The {what} probe of `{container}` asks port `{port}`, and the container has no TCP port of that name.',
      consequence: 'The probe fails every time: the copy never gets requests, or is restarted for ever.',
      next: 'Name the container port `{port}`, or give the number.',
    },
    'probe-undeclared': {
      text: 'The {what} probe of `{container}` asks port {port}, which the container does not declare.',
      consequence: 'If the program does not listen there, the probe fails every time.',
      next: 'Ask the declared port, or declare {port} too.',
    },
    image: {
      text: 'The image exposes port {port}, but the program listens on {listens}.',
      consequence: 'Whoever publishes the ports that the image names reaches nothing.',
      next: 'Expose port {listens}.',
    },
    stock: {
      text: '{what} leads to port {port}, but `{image}` listens on {listens} as it is published.',
      consequence: 'Connections to it are refused.',
      next: 'Name port {listens} here, or mount a configuration that listens on {port}.',
    },
    'balancer-container': {
      text: 'The load balancer of `{service}` leads to container `{container}`, which its task definition does not have.',
      consequence: 'ECS refuses to create the service.',
      next: 'Name a container of the task definition.',
    },
    'balancer-port': {
      text: 'The load balancer of `{service}` leads to port {port} of `{container}`, which maps no such port.',
      consequence: 'ECS refuses to create the service.',
      next: 'Map port {port} in the task definition, or name the one that is mapped.',
    },
  },
  checkService(service, report, repository) {
    const listens = knownListens(service);
    const probes: Report[] = [];
    checkStock(service, repository, (finding) => probes.push(finding));
    checkBalanced(service, (finding) => probes.push(finding));
    checkProbes(service, listens !== undefined, (finding) => probes.push(finding));
    reportOnce(probes, report);
    if (!listens) return;
    const data = { listens: [...new Set(listens.ports)].join(', ') };
    for (const deployment of service.deployments.filter(({ purpose }) => isProduction(purpose))) {
      const [first, ...others] = unique(wrongPorts(deployment, listens));
      if (!first) continue;
      report({
        message: 'workload',
        data: { ...data, what: first.what, port: first.port },
        place: first.place,
        related: [
          ...listens.related,
          ...others.map(({ place, what, port }) => ({ place, message: `${what.toLowerCase()} leads to ${port} too` })),
        ],
        subject: `${deployment.workload.value.name}:${first.port}`,
      });
    }
    for (const image of exposedWrongly(service, listens)) report({ ...image, data: { ...data, ...image.data } });
  },
});

/** A deployment may move the program to another port than its image documents: nothing follows `EXPOSE` there. */
const isMoved = ({ deployments }: Service, { named }: Listens, image: string): boolean =>
  deployments.some(({ environment }) =>
    environment.given.some(({ value }) => value?.known && value.place.path !== image && named.includes(value.place)),
  );

/** Everything that runs this program gives the image a command of its own: the port is that of the program which the image starts. */
const runsAnother = ({ deployments }: Service): boolean =>
  deployments.length > 0 && deployments.every(({ container }) => container.command !== undefined || container.args !== undefined);

/** Images all of whose exposed ports are wrong: variants of one Dockerfile with the same port are told once. */
function exposedWrongly(service: Service, listens: Listens): readonly Report[] {
  if (runsAnother(service)) return [];
  const byPort = new Map<string, Report[]>();
  for (const found of imagesExposedWrongly(service, listens)) byPort.set(found.subject!, [...(byPort.get(found.subject!) ?? []), found]);
  return [...byPort.values()].map(([first, ...others]) => ({
    ...first!,
    related: [...(first!.related ?? []), ...others.map(({ place }) => ({ place, message: 'exposes the same port' }))],
  }));
}

function imagesExposedWrongly(service: Service, listens: Listens): readonly Report[] {
  return service.images.flatMap((image): Report[] => {
    const { fact, stage, process } = image;
    const exposes = stage.expose.map(({ port, place }) => ({ place, port: port.known ? port.value : undefined }));
    const [first] = exposes;
    const isSure = process.known && exposes.every(({ port }) => port !== undefined && !listens.ports.includes(port));
    if (!first || !isSure || !isProduction(fact.value.purpose) || isMoved(service, listens, fact.place.path)) return [];
    if (startsOtherwise(image, listens)) return [];
    return [
      {
        message: 'image',
        data: { port: first.port! },
        place: first.place,
        related: listens.related,
        level: 'warning',
        subject: `expose:${first.port}`,
      },
    ];
  });
}
