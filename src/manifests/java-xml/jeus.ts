import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { firstBinding, replication, serverUse } from './facts.ts';

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
  const isDescriptor = /jeus-[\w-]+\.xml$/.test(path);
  const binding = isDescriptor ? firstBinding(root) : undefined;
  return [
    ...(binding ? [serverUse('JEUS', 'descriptor', `\`<${binding.name}>\``, root.place)] : []),
    ...shared.slice(0, 1).map(({ name, place }) => replication('JEUS', `\`<${name}>\``, place)),
  ];
}
