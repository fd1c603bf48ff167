import { allElements, childText, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { namedSecret, referenceUses, replication, secretFacts } from './facts.ts';
import { databaseFacts, machineFacts } from './jdbc-facts.ts';

const parameters = new Set(['env-entry', 'context-param', 'init-param']);

/** web.xml: `<distributable/>` asks the server to replicate sessions (Servlet specification); references are filled by the server. */
export function readWebXml(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'web-app' && root.name !== 'web-fragment') return [];
  return allElements(root).flatMap((element) => {
    if (element.name === 'distributable') return [replication('the application server', '`<distributable/>`', element.place)];
    if (element.name === 'data-source') return readSource(element);
    return parameters.has(element.name) ? readParameter(element) : referenceUses(element);
  });
}

/** `<data-source>`: the server makes it for the archive, of a URL, or of a driver that runs inside of it. */
function readSource(element: XmlElement): readonly AnyFact[] {
  const [url, driver] = ['url', 'class-name'].map((name) => childText(element, name));
  const technology = /^org\.(?:apache\.)?(h2|hsqldb|derby)\b(?!.*Client)/.exec(driver ?? '')?.[1];
  const scheme = url ?? (technology && `jdbc:${technology}:`);
  const [host, password] = ['server-name', 'password'].map((name) => element.children.find((child) => child.name === name));
  return [
    ...(scheme ? databaseFacts(scheme, 'the application server', element.place, true) : []),
    ...(host && !scheme ? machineFacts(host.text, 'database', host.place, true) : []),
    // `${ENV=DB_PASSWORD}` and `${ALIAS=db}` are filled in by the server.
    ...(password && !password.text.includes('${') ? secretFacts(password.text, password.place, scheme) : []),
  ];
}

/** `<env-entry>`, `<context-param>` and `<init-param>`: a name, and a value that is packed with the program. */
function readParameter(element: XmlElement): readonly AnyFact[] {
  const isEntry = element.name === 'env-entry';
  const name = childText(element, isEntry ? 'env-entry-name' : 'param-name');
  const value = element.children.find((child) => child.name === (isEntry ? 'env-entry-value' : 'param-value'));
  if (name === undefined || value === undefined) return [];
  const text = value.text.trim();
  return text.startsWith('jdbc:') ? databaseFacts(text, 'JDBC', value.place, true) : namedSecret(name, text, value.place);
}
