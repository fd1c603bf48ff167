import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { secretFacts, serverUse } from './facts.ts';
import { databaseFacts } from './jdbc-facts.ts';

/** `*-ds.xml` of JBoss: a datasource that the server deploys from the archive. */
export const readDataSources = (root: XmlElement): readonly AnyFact[] => (root.name === 'datasources' ? readServerSources(root) : []);

/** Datasources of JBoss, in a file of their own or in the configuration of the server. */
export function readServerSources(root: XmlElement): readonly AnyFact[] {
  const elements = allElements(root);
  const embedded = elements.find(({ name, text }) => name === 'connection-url' && /^jdbc:(?:h2|hsqldb|derby):/.test(text))?.text;
  return elements.flatMap((element): readonly AnyFact[] => {
    if (element.name === 'datasource' || element.name === 'xa-datasource') {
      const name = element.attributes.get('jndi-name')?.value;
      return [serverUse('JBoss', 'resource', name ? `datasource \`${name}\`` : 'a datasource', element.place)];
    }
    if (element.name === 'connection-url') return databaseFacts(element.text, 'JBoss', element.place);
    return element.name === 'password' ? secretFacts(element.text, element.place, embedded) : credentialFacts(element, embedded);
  });
}

/** `<security user-name="…" password="…"/>` of newer schemas, and credentials in clear text. */
function credentialFacts({ name, attributes, place }: XmlElement, url: string | undefined): readonly AnyFact[] {
  const key = name === 'security' ? 'password' : name === 'credential-reference' ? 'clear-text' : undefined;
  return key === undefined ? [] : secretFacts(attributes.get(key)?.value, place, url, attributes.get('user-name')?.value);
}

/** The mail sessions of the server sign in with an account. */
export const readMailAccounts = (elements: readonly XmlElement[]): readonly AnyFact[] =>
  elements.flatMap(({ name, attributes, place }) =>
    /^(?:smtp|imap|pop3)-server$/.test(name) ? secretFacts(attributes.get('password')?.value, place) : [],
  );

/** `*-jdbc.xml` of WebLogic: a datasource of the server. */
export function readJdbcModule(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'jdbc-data-source') return [];
  return allElements(root).flatMap((element): readonly AnyFact[] => {
    if (element.name === 'jndi-name') return [serverUse('WebLogic', 'resource', `datasource \`${element.text}\``, element.place)];
    return element.name === 'url' ? databaseFacts(element.text, 'WebLogic', element.place) : [];
  });
}
