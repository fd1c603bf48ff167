import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { externalSessions, replication, secretFacts, serverUse } from './facts.ts';
import { databaseFacts } from './jdbc-facts.ts';

const className = (element: XmlElement): string => element.attributes.get('className')?.value ?? '';

/** Managers of libraries that keep sessions in a store outside of the server. */
const externalManagers: readonly (readonly [RegExp, string])[] = [
  [/[Rr]edi(?:s|sson)\w*$/, 'redis'],
  [/^de\.javakaffee\.web\.msm\./, 'memcached'],
  [/^com\.hazelcast\.session\./, 'Hazelcast'],
  [/\.hotrod\.HotRodManager$/, 'Infinispan'],
];

function readManager(manager: XmlElement): readonly AnyFact[] {
  const name = className(manager);
  const technology = externalManagers.find(([pattern]) => pattern.test(name))?.[1];
  if (technology) return [externalSessions('Tomcat', technology, manager.place)];
  return /(?:Delta|Backup)Manager$/.test(name) ? [replication('Tomcat', `\`${name.split('.').at(-1)}\``, manager.place)] : [];
}

/** What Tomcat's own pool, and the factories of HikariCP, c3p0 and drivers call them. */
const urlNames = ['url', 'URL', 'jdbcUrl', 'dataSource.url'];
const userNames = ['username', 'user', 'userName', 'dataSource.user'];
const passwordNames = ['password', 'dataSource.password'];

/** A datasource, a queue or a mail session that the server makes; its password and address are written here. */
function readResource(resource: XmlElement, isPacked: boolean): readonly AnyFact[] {
  const value = (name: string): string | undefined => resource.attributes.get(name)?.value;
  const isMade = /DataSource|ConnectionFactory|mail\.Session/.test(value('type') ?? '');
  const first = (names: readonly string[]) => names.flatMap((name) => resource.attributes.get(name) ?? [])[0];
  const [url, password] = [first(urlNames), first(passwordNames)];
  return [
    ...(isMade ? [serverUse('Tomcat', 'resource', `\`${value('name') ?? value('type')}\``, resource.place)] : []),
    ...(url ? databaseFacts(url.value, 'Tomcat', url.place, isPacked) : []),
    ...(password ? secretFacts(password.value, password.place, url?.value, first(userNames)?.value) : []),
  ];
}

/** tomcat-users.xml: the first of its accounts. The file of the distribution holds them in comments. */
const readUsers = (root: XmlElement): readonly AnyFact[] =>
  root.children
    .flatMap(({ name, attributes }) => {
      const password = name === 'user' ? attributes.get('password') : undefined;
      return password ? secretFacts(password.value, password.place) : [];
    })
    .slice(0, 1);

/** Parts that a script or an image puts into server.xml. */
const roots: ReadonlySet<string> = new Set(['Server', 'Context', 'Engine', 'Host', 'Cluster']);

/** The archive brings it along, and it is the same wherever that runs. */
const isPacked = /(?:^|\/)META-INF\/context\.xml$/;

/** server.xml, tomcat-users.xml and context.xml of Tomcat: clusters, replicating session managers, routes, resources of the server. */
export function readTomcat(root: XmlElement, path = ''): readonly AnyFact[] {
  if (root.name === 'tomcat-users') return readUsers(root);
  if (!roots.has(root.name)) return [];
  return allElements(root).flatMap((element): readonly AnyFact[] => {
    if (element.name === 'Cluster')
      return [replication('Tomcat', `\`<Cluster>\` ${className(element).split('.').at(-1)}`.trim(), element.place)];
    if (element.name === 'Manager') return readManager(element);
    const route = element.name === 'Engine' ? element.attributes.get('jvmRoute') : undefined;
    if (route)
      return [{ kind: 'sticky-routing', place: element.place, confidence: 'certain', value: { how: 'jvmRoute of Tomcat', to: [] } }];
    return element.name === 'Resource' || element.name === 'ResourceLink' ? readResource(element, isPacked.test(path)) : [];
  });
}
