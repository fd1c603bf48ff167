import { allElements, childText, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { namedSecret, referenceUses, replication } from './facts.ts';

/** web.xml: `<distributable/>` asks the server to replicate sessions (Servlet specification); references are filled by the server. */
export function readWebXml(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'web-app' && root.name !== 'web-fragment') return [];
  return allElements(root).flatMap((element) => {
    if (element.name === 'distributable') return [replication('the application server', '`<distributable/>`', element.place)];
    return element.name === 'env-entry' || element.name === 'context-param' ? readParameter(element) : referenceUses(element);
  });
}

/** `<env-entry>` and `<context-param>`: a name, and a value that is packed with the program. */
function readParameter(element: XmlElement): readonly AnyFact[] {
  const isEntry = element.name === 'env-entry';
  const name = childText(element, isEntry ? 'env-entry-name' : 'param-name');
  const value = element.children.find((child) => child.name === (isEntry ? 'env-entry-value' : 'param-value'));
  return name === undefined || value === undefined ? [] : namedSecret(name, value.text.trim(), value.place);
}
