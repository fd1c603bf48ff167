import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { schemaChange, secretFacts, serverUse } from './facts.ts';
import { databaseFacts } from './jdbc-facts.ts';
import { changesSchema } from './persistence.ts';

/** `hibernate.` may be left out in this file. */
const keyOf = (element: XmlElement): string => (element.attributes.get('name')?.value ?? '').replace(/^hibernate\./, '');

/** hibernate.cfg.xml: the session factory's database, and what it does to the schema when it starts. */
export function readHibernate(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'hibernate-configuration') return [];
  const properties = allElements(root).filter(({ name }) => name === 'property');
  const url = properties.find((element) => keyOf(element) === 'connection.url')?.text;
  return properties.flatMap((element): readonly AnyFact[] => {
    const { text, place } = element;
    const key = keyOf(element);
    if (key === 'connection.url') return databaseFacts(text, 'Hibernate', place, true);
    if (key === 'connection.password') return secretFacts(text, place, url);
    if (key === 'connection.datasource') return [serverUse('any', 'resource', `datasource \`${text}\``, place)];
    return changesSchema(`hibernate.${key}`, text) ? [schemaChange('Hibernate', `${key}=${text.trim()}`, place)] : [];
  });
}
