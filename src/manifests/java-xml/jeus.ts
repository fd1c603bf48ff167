import { allElements, childText, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { firstBinding, replication, secretFacts, serverUse } from './facts.ts';
import { databaseFacts } from './jdbc-facts.ts';

const isOn = (text: string): boolean => text === '' || /^true$/i.test(text);
/** Session servers and clusters of JEUS (TmaxSoft, JEUS Session Manager Guide). */
const clusters =
  /^(?:session-cluster|session-clusters|session-router-config|jeus-session-clustering|session-cluster-config|session-server)$/;

/** jeus-web-dd.xml, jeus-ejb-dd.xml, JEUSMain.xml, WEBMain.xml and JEUS's domain.xml. */
export function readJeus(root: XmlElement, path: string): readonly AnyFact[] {
  const elements = allElements(root);
  if (path.endsWith('domain.xml') && !/jeus/i.test(root.attributes.get('xmlns')?.value ?? '') && !/jeus/i.test(path)) return [];
  const shared = elements.filter(
    ({ name, text, children }) =>
      clusters.test(name) || ((name === 'distributable' || name === 'shared') && isOn(text) && children.length === 0),
  );
  const sources = elements.filter(({ name, children }) => name === 'database' && children.some((one) => one.name === 'export-name'));
  const isDescriptor = /jeus-[\w-]+\.xml$/.test(path);
  const binding = isDescriptor ? firstBinding(root) : undefined;
  return [
    ...(binding ? [serverUse('JEUS', 'descriptor', `\`<${binding.name}>\``, root.place)] : []),
    ...sources.flatMap(readSource),
    ...shared.slice(0, 1).map(({ name, place }) => replication('JEUS', `\`<${name}>\``, place)),
  ];
}

/** A datasource of the server. A password may be encrypted: `{AES}…` says nothing without the key. */
function readSource(source: XmlElement): readonly AnyFact[] {
  const password = source.children.find(({ name }) => name === 'password');
  const url = source.children.find(
    ({ name, children }) => name === 'property' && children.some((one) => one.name === 'name' && one.text === 'URL'),
  );
  const address = url && childText(url, 'value');
  return [
    serverUse('JEUS', 'resource', `datasource \`${childText(source, 'export-name')}\``, source.place),
    ...(url && address ? databaseFacts(address, 'JEUS', url.place) : []),
    ...(password && !password.text.startsWith('{') ? secretFacts(password.text, password.place, address) : []),
  ];
}
