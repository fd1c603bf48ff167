import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { readMailAccounts, readServerSources } from './data-sources.ts';
import { distributedTransaction, externalSessions, firstBinding, replication, serverUse } from './facts.ts';

/** Caches of the server's own configuration (standalone-ha.xml) that hold web sessions. */
function readServerProfile(root: XmlElement): readonly AnyFact[] {
  const containers = allElements(root).filter(
    ({ name, attributes }) => name === 'cache-container' && /^(?:web|ejb)$/.test(attributes.get('name')?.value ?? ''),
  );
  const shared = containers.flatMap(({ attributes, children }) => {
    const cache = children.find(({ name }) => /^(?:replicated|distributed)-cache$/.test(name));
    return cache ? [{ of: attributes.get('name')?.value, cache }] : [];
  });
  // Profiles of a domain repeat the same containers.
  const caches = shared.filter(({ of }, index) => shared.findIndex((one) => one.of === of) === index).map(({ cache }) => cache);
  return [
    ...caches.map((cache) => replication('JBoss', `\`<${cache.name}>\` of sessions`, cache.place)),
    ...readSources(allElements(root).filter(isOwnSource)),
    ...readMailAccounts(allElements(root)),
    ...readLog(root),
  ];
}

/** Where the root logger of the server writes. */
function readLog(root: XmlElement): readonly AnyFact[] {
  const elements = allElements(root);
  const used = new Set(
    elements
      .filter(({ name }) => name === 'root-logger')
      .flatMap((logger) => allElements(logger))
      .flatMap(({ name, attributes }) => (name === 'handler' ? (attributes.get('name')?.value ?? []) : [])),
  );
  return elements.flatMap(({ name, attributes, place }): AnyFact[] => {
    const sink = /file-handler$/.test(name) ? 'file' : name === 'console-handler' ? 'console' : undefined;
    if (!sink || !used.has(attributes.get('name')?.value ?? '')) return [];
    return [{ kind: 'log-sink', place, confidence: 'certain', value: { library: 'JBoss', sink } }];
  });
}

/** One that people add: every distribution has the example on H2 in memory. */
const isOwnSource = ({ name, attributes }: XmlElement): boolean =>
  /^(?:xa-)?datasource$/.test(name) && attributes.has('jndi-name') && attributes.get('pool-name')?.value !== 'ExampleDS';

/** Datasources of the server; two that take part in one transaction are meant to. */
function readSources(sources: readonly XmlElement[]): readonly AnyFact[] {
  const [first, second] = sources.filter(({ name }) => name === 'xa-datasource');
  return [
    ...sources.flatMap(readServerSources),
    ...(first && second ? [distributedTransaction('`<xa-datasource>` of JBoss', first.place)] : []),
  ];
}

const shares = /^(?:replication-config|clustered|distributable|distributable-web|infinispan-session-management)$/;

/** jboss-web.xml, jboss-deployment-structure.xml, jboss-ejb3.xml and the like; standalone*.xml of the server itself. */
export function readJboss(root: XmlElement): readonly AnyFact[] {
  if (root.name === 'server' || root.name === 'domain') return readServerProfile(root);
  const elements = allElements(root);
  // Sessions in an Infinispan of their own: any copy finds them.
  const remote = elements.find(({ name }) => name === 'hotrod-session-management');
  const replicated = remote ? undefined : elements.find(({ name }) => shares.test(name));
  const binding = firstBinding(root);
  return [
    ...(binding ? [serverUse('JBoss', 'descriptor', `\`<${binding.name}>\``, root.place)] : []),
    ...(replicated ? [replication('JBoss', `\`<${replicated.name}>\``, replicated.place)] : []),
    ...(remote ? [externalSessions('JBoss', 'Infinispan', remote.place)] : []),
  ];
}

/** domain.xml of a host controller: profiles like those of standalone*.xml. Other servers have a file of this name too. */
export const readJbossDomain = (root: XmlElement): readonly AnyFact[] =>
  /^urn:jboss:domain/.test(root.attributes.get('xmlns')?.value ?? '') ? readServerProfile(root) : [];
