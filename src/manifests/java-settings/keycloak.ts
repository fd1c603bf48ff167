/**
 * keycloak.json of Keycloak's adapters → `endpoint` facts: packed into the archive, it is the same everywhere;
 * and the secret of a client that keeps one → `secret` facts, also for programs of Node that read the file where they start.
 */
import { parseAddress } from '../../text/addresses.ts';
import { purposeOf } from '../../text/purpose.ts';
import { judgeValue } from '../../text/secret-shapes.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';

const webFolder = /(?:^|\/)(?:webapp|WebContent|WebRoot|web|WEB-INF|resources\/META-INF\/resources)\/keycloak\.json$/;
const childOf = (node: YamlNode | undefined, key: string): YamlNode | undefined =>
  node?.kind === 'map' ? node.entries.get(key)?.value : undefined;

function endpointOf(url: YamlNode): AnyFact[] {
  const text = url.kind === 'scalar' ? url.text : '';
  // `${env.AUTH_URL}` is filled in where it runs.
  const address = text.includes('$') ? undefined : parseAddress(text);
  const value = address && { ...address, overridable: false, role: 'http' as const };
  return value ? [{ kind: 'endpoint', place: url.place, confidence: 'certain', value }] : [];
}

/** `credentials.secret` proves who the client is; `${env.SECRET}` comes from outside. */
function secretOf(root: YamlNode, path: string): AnyFact[] {
  const secret = childOf(childOf(root, 'credentials'), 'secret');
  if (secret?.kind !== 'scalar' || judgeValue('client_secret', secret.text).shape !== 'secret') return [];
  const value = { what: 'secret', origin: 'literal', env: 'credentials.secret', holder: 'manifest', purpose: purposeOf(path) } as const;
  return [{ kind: 'secret', place: secret.place, confidence: 'certain', value }];
}

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const [root] = documents;
  const url = childOf(root, 'auth-server-url');
  if (!root || !url) return { facts: [], notAssessed };
  return { facts: [...(webFolder.test(file.path) ? endpointOf(url) : []), ...secretOf(root, file.path)], notAssessed };
}

/** A browser loads the same file from the pages of the archive; elsewhere lie realms to be imported under the same name. */
export const keycloakAdapter: Adapter = {
  id: 'keycloak',
  classify: (path) => webFolder.test(path) || /(?:^|\/)src\/main\/resources\/keycloak\.json$|^keycloak\.json$/.test(path),
  extract,
};
