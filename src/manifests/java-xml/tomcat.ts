import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { replication, serverUse } from './facts.ts';

const className = (element: XmlElement): string => element.attributes.get('className')?.value ?? '';

/** server.xml and context.xml of Tomcat: clusters, replicating session managers, routes, resources of the server. */
export function readTomcat(root: XmlElement): readonly AnyFact[] {
  if (!['Server', 'Context'].includes(root.name)) return [];
  return allElements(root).flatMap((element): AnyFact[] => {
    if (element.name === 'Cluster')
      return [replication('Tomcat', `\`<Cluster>\` ${className(element).split('.').at(-1)}`.trim(), element.place)];
    if (element.name === 'Manager' && /(?:Delta|Backup)Manager$/.test(className(element)))
      return [replication('Tomcat', `\`${className(element).split('.').at(-1)}\``, element.place)];
    const route = element.name === 'Engine' ? element.attributes.get('jvmRoute') : undefined;
    if (route)
      return [{ kind: 'sticky-routing', place: element.place, confidence: 'certain', value: { how: 'jvmRoute of Tomcat', to: [] } }];
    const type = element.attributes.get('type')?.value ?? '';
    const isResource = element.name === 'Resource' && /DataSource|ConnectionFactory|mail\.Session/.test(type);
    return isResource ? [serverUse('Tomcat', 'resource', `\`${element.attributes.get('name')?.value ?? type}\``, element.place)] : [];
  });
}
