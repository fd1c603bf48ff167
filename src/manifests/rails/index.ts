/**
 * config/secrets.yml and config/database.yml of Rails (guides.rubyonrails.org, "Configuring Rails Applications") → the secrets that
 * they hold for production. Embedded Ruby (`<%= ENV["…"] %>`) is the right way to leave them out.
 */
import { secretOf } from '../../text/secret-shapes.ts';
import { entriesOf, entryAt, scalarOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlEntry } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';

const isOwn = (path: string): boolean => /(?:^|\/)config\/(?:secrets|database)\.ya?ml$/.test(path);
const environments = ['production', 'staging', 'shared'];
/** It signs the sessions. */
const signing = 'secret_key_base';

/** Entries that stand in the section itself: what an anchor brings is meant for development, too. */
const ownEntries = ({ keyPlace, value }: YamlEntry): readonly YamlEntry[] =>
  entriesOf(value).filter((entry) => entry.keyPlace.line > keyPlace.line);

function readEntry({ key, value }: YamlEntry): readonly AnyFact[] {
  const scalar = scalarOf(value);
  if (!scalar || scalar.text.includes('<%')) return [];
  const secret = secretOf(key, scalar.text) ?? (key === signing && scalar.text.length >= 30 ? { what: 'signing secret' } : undefined);
  if (!secret) return [];
  const shown = { origin: 'literal', holder: 'manifest', env: key, purpose: 'production' } as const;
  return [{ kind: 'secret', place: scalar.place, confidence: 'certain', value: { ...secret, ...shown } }];
}

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const sections = documents.flatMap((root) => environments.flatMap((name) => entryAt(root, name) ?? []));
  return { facts: sections.flatMap(ownEntries).flatMap(readEntry), notAssessed };
}

export const railsAdapter: Adapter = {
  id: 'rails',
  needsText: isOwn,
  classify: (path, head) => isOwn(path) && head !== undefined && /^(?:default|development|production|test)[ \t]*:/m.test(head),
  extract,
};
