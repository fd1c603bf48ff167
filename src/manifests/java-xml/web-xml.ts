import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { referenceUses, replication } from './facts.ts';

/** web.xml: `<distributable/>` asks the server to replicate sessions (Servlet specification); references are filled by the server. */
export function readWebXml(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'web-app' && root.name !== 'web-fragment') return [];
  return allElements(root).flatMap((element) =>
    element.name === 'distributable'
      ? [replication('the application server', '`<distributable/>`', element.place)]
      : referenceUses(element),
  );
}
