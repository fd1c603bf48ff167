import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { secretFacts, serverUse } from './facts.ts';
import { databaseFacts } from './jdbc-facts.ts';

const valueIn = (element: XmlElement): string => element.attributes.get('value')?.value ?? '';
const keyOf = (element: XmlElement): string => element.attributes.get('name')?.value ?? '';

function readDataSource(source: XmlElement): readonly AnyFact[] {
  const url = source.children.find((child) => /^(?:url|JDBC\.ConnectionURL)$/.test(keyOf(child)));
  return source.children.flatMap((child): readonly AnyFact[] => {
    if (child === url) return databaseFacts(valueIn(child), 'MyBatis', child.place, true);
    if (/^(?:password|JDBC\.Password)$/.test(keyOf(child))) return secretFacts(valueIn(child), child.place, url && valueIn(url));
    return keyOf(child) === 'data_source' ? [serverUse('any', 'resource', `datasource \`${valueIn(child)}\``, child.place)] : [];
  });
}

/** Settings of MyBatis and iBATIS that hold the datasource themselves: the environment that is the default. */
export function readMybatis(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'configuration' && root.name !== 'sqlMapConfig') return [];
  const environments = allElements(root).find(({ name }) => name === 'environments');
  const chosen = environments?.attributes.get('default')?.value;
  const active = environments?.children.find((one) => one.attributes.get('id')?.value === chosen) ?? environments ?? root;
  return allElements(active)
    .filter(({ name }) => name === 'dataSource')
    .flatMap(readDataSource);
}
