import type { FactValues } from '../../src/facts.ts';
import { findMountedArchive, findServerImage, type LiftedArchive } from '../../src/text/server-images.ts';
import { isProduction } from '../../src/text/workload-questions.ts';
import type { Fact, Place, Related, Report, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

type Use = Fact<'server-use'>;
type How = FactValues['server-use']['how'];
const most = 60;

const labels: Readonly<Record<How, string>> = {
  packaging: 'it is packed for a server',
  component: 'a component of the server',
  naming: 'looked up by a name of the server',
  api: "the server's own classes",
  descriptor: "the server's own descriptor",
  image: 'the server in the image',
  resource: 'given by the server',
};
/** Deepest first: what has to be rewritten, not only packed in another way. */
const depth: readonly How[] = ['api', 'component', 'naming', 'descriptor', 'resource', 'packaging', 'image'];
/** What is rewritten is redesigned with all that calls it; what the server hands in needs another way in; a new package is built anew. */
const effortOf = (deepest: How): 3 | 5 | 7 =>
  deepest === 'api' || deepest === 'component' ? 7 : deepest === 'packaging' || deepest === 'image' ? 3 : 5;

const keyOf = ({ path, line }: Place): string => `${path}:${line}`;

/** One place a line, the packaging first: it is where a move begins. */
function orderUses(uses: readonly Use[]): readonly Use[] {
  const unique = [...new Map(uses.map((use) => [keyOf(use.place), use])).values()];
  return [...unique.filter(({ value }) => value.how === 'packaging'), ...unique.filter(({ value }) => value.how !== 'packaging')];
}

/** In order of place; where there are too many, one place of every file before more of the same. */
function relatedOf(uses: readonly Use[]): Related[] {
  const seen = new Set<string>();
  const firsts = uses.filter(({ place }) => !seen.has(place.path) && seen.add(place.path));
  const rest = uses.filter((use) => !firsts.includes(use));
  const kept = new Set([...firsts, ...rest].slice(0, most));
  return uses.filter((use) => kept.has(use)).map(({ place, value }) => ({ place, message: `${labels[value.how]}: ${value.what}` }));
}

/** Liberty is a WebSphere: one name says both. */
const withoutFamily = (servers: readonly string[]): readonly string[] =>
  servers.filter((server) => !servers.some((other) => other.startsWith(`${server} `)));

/** Servers in the images that run the service. */
const imagesWithServers = ({ images, deployments }: Service): readonly LiftedArchive[] => [
  ...images.flatMap(({ fact, lineage }) => (isProduction(fact.value) ? (findServerImage(lineage) ?? []) : [])),
  ...deployments.filter(isProduction).flatMap(({ container }) => findMountedArchive(container) ?? []),
];

/** Servers that an operator runs the service on, by the kind of its resource. */
const operatedServers = ({ deployments }: Service): readonly LiftedArchive[] =>
  deployments.filter(isProduction).flatMap(({ workload }) => {
    const { server } = workload.value;
    return server ? [{ server: server.name, place: server.place }] : [];
  });

function operatedReport([first, ...others]: readonly LiftedArchive[], service: Service): Report | undefined {
  return (
    first && {
      message: 'operated',
      data: { server: first.server, service: service.name },
      place: first.place,
      related: others.map(({ place }) => ({ place, message: 'the same here' })),
      level: 'warning',
      effort: effortOf('image'),
      subject: 'packaging',
    }
  );
}

/** An archive that somebody else built, or that brings a server of its own, put into the image of a server. */
function liftedReport(images: readonly LiftedArchive[], service: Service): Report | undefined {
  const lifted = images.find(({ copy }) => copy !== undefined);
  return (
    lifted && {
      message: 'lifted',
      data: { server: lifted.server, service: service.name },
      place: lifted.place,
      related: [{ place: lifted.copy!, message: 'the archive is put into it' }],
      level: 'warning',
      effort: effortOf('image'),
      subject: 'packaging',
    }
  );
}

function toReport(uses: readonly Use[], images: readonly LiftedArchive[], service: Service): Report | undefined {
  const [first, ...others] = orderUses(uses);
  if (!first) return liftedReport(images, service);
  const deepest = depth.find((how) => uses.some(({ value }) => value.how === how))!;
  const named = uses.map(({ value }) => value.server).filter((server) => server !== 'any');
  const servers = withoutFamily([...new Set(named.length > 0 ? named : images.map(({ server }) => server))].sort());
  const isDeep = deepest !== 'packaging' && deepest !== 'image';
  return {
    message: isDeep ? 'deep' : images.length > 0 ? 'lifted' : 'packed',
    data: { server: servers.length > 0 ? servers.join(' and ') : 'an application server', count: others.length + 1, service: service.name },
    place: first.place,
    related: [...relatedOf(others), ...images.map(({ place, server }) => ({ place, message: `${labels.image}: ${server}` }))],
    level: isDeep ? 'error' : 'warning',
    effort: effortOf(deepest),
    subject: isDeep ? `server:${[...new Set(named)].sort().join('+')}` : 'packaging',
  };
}

export default defineRule({
  summary: 'the program needs an application server of its own',
  factors: [7, 2],
  level: 'error',
  effort: 7,
  docs: {
    what: 'The program is packed as a WAR or EAR, or uses what only an application server gives: EJBs, names in JNDI, datasources of the server, descriptors and classes of WebLogic, WebSphere, JBoss, GlassFish, JEUS or Tomcat, or an operator runs it on such a server (WildFlyServer, a Domain of WebLogic). All places of one program are one finding. Libraries that any program can use, and own packages with a similar name, do not count.',
    why: 'The server is installed, configured and clustered apart from the program: it starts slowly, has its own sessions, pools and jobs, and a new copy is more than a new process. The same build does not run everywhere.',
    how: 'Move to a program that brings its server with it (Spring Boot, Quarkus, Open Liberty in one image): datasources from the environment, EJBs to plain components, JMS and JNDI lookups to clients with an address, an executable JAR.',
    bad: '<packaging>war</packaging> with @Stateless beans and java:jboss/datasources/ShopDS',
    good: '<packaging>jar</packaging> with spring-boot-maven-plugin and spring.datasource.url=${DATABASE_URL}',
    references: ['https://12factor.net/port-binding', 'https://docs.spring.io/spring-boot/how-to/deployment/traditional-deployment.html'],
  },
  messages: {
    deep: {
      text: '`{service}` needs {server}: {count} places use what only it gives.',
      consequence: 'Each copy needs a server that is installed, configured and clustered apart from it, so copies cannot simply be added.',
      next: 'Replace the server’s components and names one by one (related places), then pack an executable JAR with an embedded server.',
    },
    lifted: {
      text: 'The archive of `{service}` is lifted into an image of {server}, not changed.',
      consequence:
        'Each copy is a whole server: it starts slowly, keeps sessions, pools and logs of its own, and is configured apart from the program.',
      next: 'Pack an executable JAR with an embedded server (Spring Boot, Quarkus) and start it as the only process of the image.',
    },
    operated: {
      text: '`{service}` runs on {server}, which an operator installs and configures for it.',
      consequence:
        'Each copy is a whole server with sessions, pools and settings of its own, and it scales only as fast as a server starts.',
      next: 'Pack an executable JAR with an embedded server (Spring Boot, Quarkus) and run it as a Deployment.',
    },
    packed: {
      text: '`{service}` is packed for {server} that is not part of it.',
      consequence: 'What runs depends on a server that is installed and configured elsewhere.',
      next: 'Pack an executable JAR with an embedded server, for example with Spring Boot.',
    },
  },
  checkService(service, report) {
    const uses = service.code.all('server-use');
    const own = service.code.all('http-server').some(({ value }) => value.library !== 'servlet');
    const judged = own ? uses.filter(({ value }) => value.how === 'component' || value.how === 'naming' || value.how === 'api') : uses;
    // A single lookup in a program that brings its own server is an option, not a need.
    const isPacked = uses.some(({ value }) => value.how === 'packaging' || value.how === 'descriptor' || value.how === 'component');
    const isOption = (own || !isPacked) && judged.length < 3;
    const operated = operatedServers(service);
    const finding = toReport(isOption ? [] : judged, [...imagesWithServers(service), ...operated], service);
    const shown = finding ?? (own ? undefined : operatedReport(operated, service));
    if (shown) report(shown);
  },
});
