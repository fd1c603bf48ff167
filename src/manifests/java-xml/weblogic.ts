import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { firstBinding, replication, serverUse } from './facts.ts';

const replicates = (element: XmlElement): boolean =>
  (element.name === 'persistent-store-type' && /replicated|coherence/i.test(element.text)) ||
  (element.name === 'replication-type' && /InMemory/i.test(element.text));

/** weblogic.xml, weblogic-ejb-jar.xml, weblogic-application.xml. */
export function readWeblogic(root: XmlElement): readonly AnyFact[] {
  const binding = firstBinding(root);
  const elements = allElements(root);
  const swaps = elements.filter(({ name }) => name === 'persistent-store-dir');
  return [
    ...(binding ? [serverUse('WebLogic', 'descriptor', `\`<${binding.name}>\``, root.place)] : []),
    ...elements.filter(replicates).map(({ name, text, place }) => replication('WebLogic', `\`<${name}>${text}\``, place)),
    ...swaps.map(
      (element): AnyFact => ({
        kind: 'file-write',
        place: element.place,
        confidence: 'certain',
        value: {
          library: 'WebLogic',
          api: '<persistent-store-dir>',
          target: { is: 'literal', value: element.text, place: element.place },
          content: 'unknown',
          temporary: false,
          duringRequest: true,
        },
      }),
    ),
  ];
}
