/** keycloak.json of Keycloak's adapters for application servers → `endpoint` facts: packed into the archive, it is the same everywhere. */
import { parseAddress } from '../../text/addresses.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { Adapter, Extraction, SourceFile } from '../../types.ts';

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const [root] = documents;
  const entry = root?.kind === 'map' ? root.entries.get('auth-server-url') : undefined;
  const text = entry?.value.kind === 'scalar' ? entry.value.text : '';
  // `${env.AUTH_URL}` is filled in where it runs.
  const address = text.includes('$') ? undefined : parseAddress(text);
  if (!entry || !address) return { facts: [], notAssessed };
  const value = { ...address, overridable: false, role: 'http' as const };
  return { facts: [{ kind: 'endpoint', place: entry.value.place, confidence: 'certain', value }], notAssessed };
}

/** A browser loads the same file from the pages of the archive. */
export const keycloakAdapter: Adapter = {
  id: 'keycloak',
  classify: (path) => /(?:^|\/)(?:webapp|WebContent|WebRoot|web|WEB-INF|resources\/META-INF\/resources)\/keycloak\.json$/.test(path),
  extract,
};
