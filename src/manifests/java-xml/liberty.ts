import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact, Place } from '../../types.ts';
import { externalSessions, namedSecret, replication, secretFacts, serverUse } from './facts.ts';
import { databaseFacts } from './jdbc-facts.ts';

const sessionFeature = /^(?:sessionDatabase|sessionCache)-/i;
const sources = /^(?:dataSource|connectionFactory|jmsConnectionFactory)$/;
const value = (element: XmlElement, name: string): string | undefined => element.attributes.get(name)?.value;

/** Drivers that Liberty has elements of their own for, by the scheme of their URL. */
const drivers: Readonly<Record<string, string>> = {
  'properties.db2.jcc': 'db2',
  'properties.derby.client': 'derby',
  'properties.microsoft.sqlserver': 'sqlserver',
  'properties.oracle': 'oracle:thin',
  'properties.postgresql': 'postgresql',
};

function readConnection(properties: XmlElement): readonly AnyFact[] {
  // It runs inside of the server: its password opens nothing elsewhere.
  if (properties.name === 'properties.derby.embedded') return databaseFacts('jdbc:derby:', 'WebSphere Liberty', properties.place);
  const url = value(properties, 'URL') ?? value(properties, 'url') ?? urlOf(properties);
  const password = properties.attributes.get('password');
  return [
    ...(url ? databaseFacts(url, 'WebSphere Liberty', properties.place) : []),
    ...(password ? secretFacts(password.value, password.place, url, value(properties, 'user')) : []),
  ];
}

/** `serverName`, `portNumber` and `databaseName` as one URL. */
function urlOf(properties: XmlElement): string | undefined {
  const scheme = Object.hasOwn(drivers, properties.name) ? drivers[properties.name] : undefined;
  const [host, port, name] = ['serverName', 'portNumber', 'databaseName'].map((key) => value(properties, key));
  if (!scheme || !host) return undefined;
  return `jdbc:${scheme}:${scheme === 'oracle:thin' ? '@' : ''}//${host}${port ? `:${port}` : ''}${name ? `/${name}` : ''}`;
}

/** Elements that hold one password each; a key store that Liberty makes by itself guards nothing that others have. */
function readHolder(element: XmlElement): readonly AnyFact[] {
  const isGiven = element.name !== 'keyStore' || element.attributes.has('location');
  const password = element.attributes.get(element.name === 'quickStartSecurity' ? 'userPassword' : 'password');
  return password && isGiven ? secretFacts(password.value, password.place, '', value(element, 'user')) : [];
}

/** A value that the program looks up by its name. */
function readEntry(element: XmlElement): readonly AnyFact[] {
  const [name, entry] = [value(element, 'jndiName'), element.attributes.get('value')];
  return name && entry ? namedSecret(name, entry.value, entry.place) : [];
}

/** People of one registry are one matter. */
const readRegistry = (registry: XmlElement): readonly AnyFact[] =>
  registry.children
    .filter(({ name }) => name === 'user')
    .flatMap(readHolder)
    .slice(0, 1);

/** The server keeps them for all members, in a database or a JCache. */
const sharedSessions = (how: string, place: Place): readonly AnyFact[] => [
  replication('WebSphere Liberty', how, place),
  externalSessions('WebSphere Liberty', /database/i.test(how) ? 'a database' : 'JCache', place),
];

function readElement(element: XmlElement): readonly AnyFact[] {
  const { name, place } = element;
  if (name === 'feature' && sessionFeature.test(element.text)) return sharedSessions(`\`${element.text}\``, place);
  if (name === 'httpSessionDatabase' || name === 'httpSessionCache') return sharedSessions(`\`<${name}>\``, place);
  if (/^properties(?:\.|$)/.test(name)) return readConnection(element);
  if (name === 'basicRegistry') return readRegistry(element);
  if (/^(?:keyStore|authData|quickStartSecurity|mailSession)$/.test(name)) return readHolder(element);
  if (name === 'jndiEntry') return readEntry(element);
  const jndi = sources.test(name) ? value(element, 'jndiName') : undefined;
  return jndi ? [serverUse('WebSphere Liberty', 'resource', `\`${jndi}\``, place)] : [];
}

/** server.xml of Liberty and the files that it includes: shared sessions, datasources of the server, passwords. */
export const readLiberty = (root: XmlElement): readonly AnyFact[] => allElements(root).flatMap(readElement);
