import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { replication, serverUse } from './facts.ts';

const isOn = ({ text, attributes }: XmlElement): boolean =>
  /^(?:true)?$/i.test(text) && !/false/i.test(attributes.get('value')?.value ?? '');

/** resin.xml and resin-web.xml: sessions kept by the cluster (`use-persistent-store`), datasources of the server. */
export function readResin(root: XmlElement): readonly AnyFact[] {
  const elements = allElements(root);
  const store = elements.find((element) => element.name === 'use-persistent-store' && isOn(element));
  const sources = elements.filter(({ name, attributes, children }) => {
    const isNamed = attributes.has('jndi-name') || children.some((child) => child.name === 'jndi-name');
    return name === 'database' && isNamed;
  });
  return [
    ...(store ? [replication('Resin', '`<use-persistent-store>`', store.place)] : []),
    ...sources.map(({ place }) => serverUse('Resin', 'resource', 'datasource `<database>`', place)),
  ];
}
