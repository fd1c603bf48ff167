import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { replication, secretFacts, serverUse } from './facts.ts';
import { databaseFacts } from './jdbc-facts.ts';

/** Editors write this file with a class loader and JSP settings: only what binds names, roles and beans needs the server. */
const bindings =
  /^(?:resource-ref|resource-env-ref|ejb-ref|message-destination(?:-ref)?|security-role-mapping|service-ref|enterprise-beans)$/;
/** How sessions outlive an instance (GlassFish and Payara, "session-manager"). */
const shared = /^(?:replicated|ha|coherence-web|hazelcast|jdbc)$/i;

/** glassfish-web.xml, sun-web.xml, payara-web.xml and those of EJB and EAR archives. */
export function readGlassfish(root: XmlElement): readonly AnyFact[] {
  if (root.name === 'resources') return readResources(root);
  const elements = allElements(root);
  const binding = elements.find(({ name }) => bindings.test(name));
  const managers = elements.filter(
    ({ name, attributes }) => name === 'session-manager' && shared.test(attributes.get('persistence-type')?.value ?? ''),
  );
  return [
    ...(binding ? [serverUse('GlassFish', 'descriptor', `\`<${binding.name}>\``, root.place)] : []),
    ...managers.map(({ attributes, place }) =>
      replication('GlassFish', `\`<session-manager persistence-type="${attributes.get('persistence-type')!.value}">\``, place),
    ),
  ];
}

const named = (element: XmlElement, name: RegExp): XmlElement | undefined =>
  element.children.find((child) => child.name === 'property' && name.test(child.attributes.get('name')?.value ?? ''));

/** glassfish-resources.xml, sun-resources.xml: datasources that the server deploys from the archive. */
function readResources(root: XmlElement): readonly AnyFact[] {
  return allElements(root).flatMap((element): readonly AnyFact[] => {
    const jndi = element.attributes.get('jndi-name')?.value;
    if (/^(?:jdbc|connector|mail|custom|admin-object)-resource$/.test(element.name) && jndi)
      return [serverUse('GlassFish', 'resource', `\`${jndi}\``, element.place)];
    if (element.name !== 'jdbc-connection-pool') return [];
    const url = named(element, /^url$/i);
    const password = named(element, /^password$/i);
    const address = url?.attributes.get('value')?.value;
    return [
      ...(url && address ? databaseFacts(address, 'GlassFish', url.place) : []),
      ...(password ? secretFacts(password.attributes.get('value')?.value, password.place, address) : []),
    ];
  });
}

/** domain.xml of a GlassFish or Payara domain: availability copies sessions only where both the service and its part for the web are on. */
export function readGlassfishDomain(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'domain' || !root.children.some(({ name }) => name === 'configs')) return [];
  const isOn = ({ attributes }: XmlElement): boolean => attributes.get('availability-enabled')?.value === 'true';
  const web = allElements(root)
    .filter((element) => element.name === 'availability-service' && element.attributes.get('availability-enabled')?.value !== 'false')
    .flatMap(({ children }) => children)
    .find((element) => element.name === 'web-container-availability' && isOn(element));
  return web ? [replication('GlassFish', '`<web-container-availability>`', web.place)] : [];
}
