import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { externalSessions, firstBinding, replication, serverUse } from './facts.ts';
import { readLiberty } from './liberty.ts';

const replicates = ({ name, text, attributes }: XmlElement): boolean =>
  /DATA_REPLICATION|DATABASE/.test(attributes.get('sessionPersistenceMode')?.value ?? '') ||
  (name === 'sessionPersistenceMode' && /DATA_REPLICATION|DATABASE/.test(text));

const isInDatabase = ({ text, attributes }: XmlElement): boolean =>
  /DATABASE/.test(attributes.get('sessionPersistenceMode')?.value ?? text);

const readSessions = (root: XmlElement): readonly AnyFact[] =>
  allElements(root)
    .filter(replicates)
    .flatMap((element) => [
      replication('WebSphere', 'session persistence', element.place),
      ...(isInDatabase(element) ? [externalSessions('WebSphere', 'a database', element.place)] : []),
    ]);

/** deployment.xml and server.xml of a cell (the traditional server): how the sessions of an application or a server are kept. */
export const readCell = (root: XmlElement): readonly AnyFact[] =>
  [...root.attributes.values()].some(({ value }) => value.includes('/websphere/appserver/')) ? readSessions(root) : [];

/** ibm-web-bnd, ibm-web-ext, ibm-ejb-jar-bnd, ibm-application-bnd (XML and XMI). */
export function readWebsphere(root: XmlElement): readonly AnyFact[] {
  if (root.name === 'server' || root.name === 'client') return readLiberty(root);
  if (root.name === 'Server' || root.name === 'Context') return readCell(root);
  const binding = firstBinding(root);
  return [...(binding ? [serverUse('WebSphere', 'descriptor', `\`<${binding.name}>\``, root.place)] : []), ...readSessions(root)];
}
