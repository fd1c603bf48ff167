import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { schemaChange, secretFacts, serverUse } from './facts.ts';
import { databaseFacts } from './jdbc-facts.ts';

const ddlProperty =
  /^(?:hibernate\.hbm2ddl\.auto|(?:javax|jakarta)\.persistence\.schema-generation\.database\.action|eclipselink\.ddl-generation)$/;
/** Values that change a schema; `validate` and `none` do not. */
const changes =
  /^(?:create|create-drop|create-only|update|drop-and-create|drop|create-tables|drop-and-create-tables|create-or-extend-tables)$/;

/** A setting of JPA that makes or changes the schema when the program starts. */
export const changesSchema = (key: string, value: string): boolean => ddlProperty.test(key) && changes.test(value.trim());

const urlOf = (root: XmlElement): string | undefined =>
  allElements(root)
    .find(({ name, attributes }) => name === 'property' && /jdbc\.url$|connection\.url$/.test(attributes.get('name')?.value ?? ''))
    ?.attributes.get('value')?.value;

/** The datasource that every JBoss brings along is an H2 in memory; a dialect of another database says that somebody replaces it. */
function exampleFacts(element: XmlElement, root: XmlElement): readonly AnyFact[] {
  if (!/(?:^|[:/])ExampleDS$/.test(element.text)) return [];
  const dialect = allElements(root)
    .find(({ attributes }) => attributes.get('name')?.value === 'hibernate.dialect')
    ?.attributes.get('value');
  if (dialect && !/\bH2/.test(dialect.value)) return [];
  const value = { technology: 'h2', library: '`ExampleDS` of JBoss', embedded: true };
  return [{ kind: 'backing-service', place: element.place, confidence: 'likely', value }];
}

/** persistence.xml: datasources of the server, and schemas that are made when the program starts. */
export function readPersistence(root: XmlElement): readonly AnyFact[] {
  return allElements(root).flatMap((element): AnyFact[] => {
    if (/^(?:jta|non-jta)-data-source$/.test(element.name))
      return [serverUse('any', 'resource', `datasource \`${element.text}\``, element.place), ...exampleFacts(element, root)];
    const name = element.name === 'property' ? (element.attributes.get('name')?.value ?? '') : '';
    const value = element.attributes.get('value')?.value ?? '';
    if (/^(?:(?:javax|jakarta)\.persistence\.jdbc|hibernate\.connection)\.url$/.test(name))
      return [...databaseFacts(value, 'JPA', element.place, true)];
    if (/^(?:(?:javax|jakarta)\.persistence\.jdbc|hibernate\.connection)\.password$/.test(name))
      return [...secretFacts(value, element.place, urlOf(root))];
    return changesSchema(name, value) ? [schemaChange('JPA', `${name}=${value}`, element.place)] : [];
  });
}
