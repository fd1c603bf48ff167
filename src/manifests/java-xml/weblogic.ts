import { allElements, childText, type XmlElement } from '../../text/xml-document.ts';
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

const systemResource =
  /^(?:jdbc-system-resource|jms-system-resource|jms-server|mail-session|foreign-jndi-provider|work-manager|wldf-system-resource)$/;

/** config.xml of a domain: what the server holds for its applications. */
export const readWeblogicDomain = (root: XmlElement): readonly AnyFact[] =>
  root.name === 'domain' && /(?:oracle|bea)\.com\/.*weblogic/.test(root.attributes.get('xmlns')?.value ?? '')
    ? allElements(root)
        .filter(({ name }) => systemResource.test(name))
        .map((element) =>
          serverUse('WebLogic', 'resource', `\`<${element.name}>\` ${childText(element, 'name') ?? ''}`.trim(), element.place),
        )
    : [];
