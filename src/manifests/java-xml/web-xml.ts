import { allElements, childText, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { replication, serverUse } from './facts.ts';

/** web.xml: `<distributable/>` asks the server to replicate sessions (Servlet specification); references are filled by the server. */
export function readWebXml(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'web-app' && root.name !== 'web-fragment') return [];
  return allElements(root).flatMap((element) => {
    if (element.name === 'distributable') return [replication('the application server', '`<distributable/>`', element.place)];
    const isReference = /^(?:resource-ref|resource-env-ref|ejb-ref|ejb-local-ref|message-destination-ref)$/.test(element.name);
    const name = childText(element, 'res-ref-name') ?? childText(element, 'resource-env-ref-name') ?? childText(element, 'ejb-ref-name');
    return isReference ? [serverUse('any', 'resource', name ? `\`${name}\`` : element.name, element.place)] : [];
  });
}
