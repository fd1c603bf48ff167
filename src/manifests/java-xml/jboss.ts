import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { firstBinding, replication, serverUse } from './facts.ts';

/** Caches of the server's own configuration (standalone-ha.xml) that hold web sessions. */
function readServerProfile(root: XmlElement): readonly AnyFact[] {
  const containers = allElements(root).filter(
    ({ name, attributes }) => name === 'cache-container' && /^(?:web|ejb)$/.test(attributes.get('name')?.value ?? ''),
  );
  const caches = containers.flatMap((container) =>
    container.children.filter(({ name }) => /^(?:replicated|distributed)-cache$/.test(name)),
  );
  return caches.map((cache) => replication('JBoss', `\`<${cache.name}>\` of sessions`, cache.place));
}

/** jboss-web.xml, jboss-deployment-structure.xml, jboss-ejb3.xml and the like; standalone*.xml of the server itself. */
export function readJboss(root: XmlElement): readonly AnyFact[] {
  if (root.name === 'server' || root.name === 'domain') return readServerProfile(root);
  const replicated = allElements(root).find(({ name }) => /^(?:replication-config|clustered|distributable|distributable-web)$/.test(name));
  const binding = firstBinding(root);
  return [
    ...(binding ? [serverUse('JBoss', 'descriptor', `\`<${binding.name}>\``, root.place)] : []),
    ...(replicated ? [replication('JBoss', `\`<${replicated.name}>\``, replicated.place)] : []),
  ];
}
