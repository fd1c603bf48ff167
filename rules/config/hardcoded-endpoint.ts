import type { FactValues } from '../../src/facts.ts';
import { isLoopback, isPlatformAddress } from '../../src/text/addresses.ts';
import { inOwnProject } from '../../src/text/peers.ts';
import { isProduction } from '../../src/text/workload-questions.ts';
import { defineRule, type Fact, type Related, type Report, type Repository, type Service } from '../../src/types.ts';

type Endpoint = FactValues['endpoint'];
const inContainers = (service: Service): boolean => service.images.length > 0 || service.deployments.some(isProduction);

/** The workload that really answers: by its name, or, behind `localhost`, by its port. */
function findPeer({ host, port }: Endpoint, service: Service, repository: Repository): Related | undefined {
  const own = new Set(service.deployments.map(({ workload }) => workload.value.name));
  const [first = ''] = host.split('.');
  const openPort = ({ value }: Fact<'workload'>) =>
    port === undefined || !isLoopback(host)
      ? undefined
      : value.containers.flatMap(({ ports }) => ports).find(({ number }) => number.known && number.value === port);
  const found = repository.facts
    .all('workload')
    .filter((one) => isProduction(one.value) && !own.has(one.value.name) && (one.value.name === first || openPort(one)));
  const peer = inOwnProject(service, found, (one) => [one]);
  const open = peer && openPort(peer);
  if (open) return { place: open.place, message: `\`${peer.value.name}\` listens on port ${port}` };
  if (peer) return { place: peer.value.namePlace, message: `\`${peer.value.name}\` is deployed here` };
  const exposure = repository.facts.all('exposure').find(({ value }) => value.name === first && isProduction(value));
  return exposure && { place: exposure.value.namePlace, message: `Service \`${first}\` is defined here` };
}

const roleName = {
  database: 'a database',
  cache: 'a cache',
  broker: 'a message broker',
  http: 'another service',
  page: 'a page',
  unknown: 'a backing service',
} as const;
const written = ({ host, port, scheme }: Endpoint): string =>
  `${scheme ? `${scheme}://` : ''}${host}${port === undefined ? '' : `:${port}`}`;

const isOfMachine = ({ role, host }: Endpoint): boolean => role === 'http' && isLoopback(host);
/** A service's own address: it asks itself. Where its port cannot be read, one of this machine may be its own, and several cannot. */
function isOwn(endpoint: Endpoint, service: Service, ports: ReadonlySet<number | undefined>): boolean {
  if (!isOfMachine(endpoint)) return false;
  return service.code.all('listen').some(({ value }) => {
    const { values } = service.literals(value.port);
    return (
      endpoint.port === undefined || (values.length === 0 ? ports.size < 2 : values.some((port) => Number(port.value) === endpoint.port))
    );
  });
}

const isPeer = ({ role, host }: Endpoint): boolean => role === 'http' && !isLoopback(host);

/** One root cause each: the same address, and the URLs of several peers that stand in one file. */
function groupEndpoints(facts: readonly Fact<'endpoint'>[]): readonly (readonly Fact<'endpoint'>[])[] {
  const peersOf = new Map<string, Set<string>>();
  for (const { value, place } of facts)
    if (isPeer(value)) peersOf.set(place.path, (peersOf.get(place.path) ?? new Set()).add(written(value)));
  const groups = new Map<string, Fact<'endpoint'>[]>();
  for (const fact of facts) {
    const { value, place } = fact;
    const isOfSeveral = isPeer(value) && peersOf.get(place.path)!.size > 1;
    const key = isOfSeveral ? `peers:${place.path}` : `${value.role}:${written(value)}`;
    const group = groups.get(key);
    if (group) group.push(fact);
    else groups.set(key, [fact]);
  }
  return [...groups.values()];
}

function reportGroup(
  group: readonly Fact<'endpoint'>[],
  service: Service,
  repository: Repository,
  report: (finding: Report) => void,
): void {
  const [first, ...rest] = group;
  if (!first) return;
  const { value, place, confidence } = first;
  const peer = value.role === 'page' ? undefined : findPeer(value, service, repository);
  const addresses = new Set(group.map((fact) => written(fact.value)));
  const message =
    value.role === 'page'
      ? 'page'
      : addresses.size > 1
        ? 'several'
        : !isLoopback(value.host)
          ? 'fixed'
          : peer && inContainers(service)
            ? 'peer'
            : 'loopback';
  report({
    message,
    data: { role: roleName[value.role], address: written(value), count: addresses.size },
    place,
    related: [...(peer ? [peer] : []), ...rest.map((fact) => ({ place: fact.place, message: `\`${written(fact.value)}\` is fixed here` }))],
    level: message === 'peer' ? 'error' : 'warning',
    confidence,
    subject: message === 'several' ? `peers:${place.path}` : `${value.role}:${written(value)}`,
  });
}

export default defineRule({
  summary: 'the address of a backing service is written in code',
  factors: [3, 4],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'Code gives a client a fixed host, address or URL of a database, cache, broker, mail server or another service of the same system, or sends users to a page of the machine itself, and no variable can replace it. Public APIs, defaults behind a variable, logs, tests and the address that the service itself listens on are left out.',
    why: 'Every deployment needs the same names and ports, and moving a backing service means a new build. `localhost` in a container is the container itself.',
    how: 'Read the address from the environment, with a default for development at most.',
    bad: "createClient({ url: 'redis://127.0.0.1:6379' });",
    good: "createClient({ url: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379' });",
    references: ['https://12factor.net/backing-services', 'https://12factor.net/config'],
  },
  messages: {
    fixed: {
      text: 'The address of {role}, `{address}`, is fixed in code.',
      consequence: 'Every deployment needs exactly this name; moving the backing service means a new build.',
      next: 'Read it from the environment and keep this one as the default for development.',
    },
    loopback: {
      text: 'The address of {role}, `{address}`, is fixed in code and means the machine itself.',
      consequence: 'In a container that is the container itself: the backing service is not there.',
      next: 'Read it from the environment and keep this one as the default for development.',
    },
    several: {
      text: 'The addresses of {count} other services are fixed in code, such as `{address}`.',
      consequence: 'Every deployment needs exactly these names; moving a service means a new build.',
      next: 'Read them from the environment and keep these as defaults for development.',
    },
    page: {
      text: 'Users are sent to `{address}`, which is fixed in code and means their own machine.',
      consequence: 'Once this is deployed, whoever follows the link lands on their own machine, where nothing answers.',
      next: 'Read the address of the pages from the environment and keep this one as the default for development.',
    },
    peer: {
      text: '`{address}` is fixed in code, but in its container nothing answers there.',
      consequence: 'In a container `localhost` is the container itself; the backing service runs in another one.',
      next: 'Read the address from the environment and set it where the service is deployed.',
    },
  },
  checkService(service, report, repository) {
    const fixed = service.code
      .all('endpoint')
      .filter(({ value, place }) => !value.overridable && repository.roleOf(place.path) === 'production')
      .filter(({ value }) => !isPlatformAddress(value));
    const ports = new Set(fixed.flatMap(({ value }) => (isOfMachine(value) ? [value.port] : [])));
    const judged = fixed.filter(({ value }) => !isOwn(value, service, ports));
    for (const group of groupEndpoints(judged)) reportGroup(group, service, repository, report);
  },
});
