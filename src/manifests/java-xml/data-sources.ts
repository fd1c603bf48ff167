import { secretOf } from '../../text/secret-shapes.ts';
import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { serverUse } from './facts.ts';
import { databaseFacts } from './jdbc-facts.ts';

/** `*-ds.xml` of JBoss: a datasource that the server deploys from the archive. */
export function readDataSources(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'datasources') return [];
  return allElements(root).flatMap((element): readonly AnyFact[] => {
    if (element.name === 'datasource' || element.name === 'xa-datasource') {
      const name = element.attributes.get('jndi-name')?.value;
      return [serverUse('JBoss', 'resource', name ? `datasource \`${name}\`` : 'a datasource', element.place)];
    }
    if (element.name === 'connection-url') return databaseFacts(element.text, 'JBoss', element.place);
    const isReal =
      element.name === 'password' &&
      !allElements(root).some(({ name, text }) => name === 'connection-url' && /^jdbc:(?:h2|hsqldb|derby):/.test(text));
    const secret = isReal ? secretOf('password', element.text) : undefined;
    return secret
      ? [{ kind: 'secret', place: element.place, confidence: 'certain', value: { ...secret, origin: 'literal', holder: 'manifest' } }]
      : [];
  });
}
