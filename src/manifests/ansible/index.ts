/**
 * Variables of Ansible (docs.ansible.com, "Using variables", "Organizing host and group variables") → the secrets that stand in them
 * without a vault. What a role only offers as its default is left to whoever uses the role.
 */
import { purposeOf } from '../../text/purpose.ts';
import { secretOf } from '../../text/secret-shapes.ts';
import { entriesOf, itemsOf, scalarOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlEntry, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';

const groupOrHost = /(?:^|\/)(?:group_vars|host_vars)\/(?:[^/]+\/)?[^/]+$/;
const roleOrPlay = /(?:^|\/)(?:roles\/[^/]+\/vars\/(?:[^/]+\/)?[^/]+|(?:ansible|playbooks)\/(?:[^/]+\/)*vars\/[^/]+)\.ya?ml$/;
/** Inventories and their like have no ending, or one of YAML. */
const isVariables = (path: string): boolean =>
  roleOrPlay.test(path) || (groupOrHost.test(path) && /^(?:[^.]+|[^/]*\.ya?ml)$/.test(path.slice(path.lastIndexOf('/') + 1)));

/** Encrypted by `ansible-vault encrypt`. */
const vault = /^\$ANSIBLE_VAULT;/;
/** What a template fills in, or what crypt(3) made of a password. */
const isMade = (text: string): boolean => /\{\{|\{%|^\$[0-9a-z]{1,3}\$/.test(text);

const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/[^a-z0-9]+/);
/** `mysql_root_password: mysql_root_password` says again what belongs there. */
const isStandIn = (key: string, text: string): boolean => wordsOf(text).every((word) => wordsOf(key).includes(word));

const limits = { depth: 6, secrets: 200 };

/** Entries of all maps, also of those in lists (`users: [{name, password}]`). */
function* entriesBelow(node: YamlNode, depth = 0): Generator<YamlEntry> {
  if (depth > limits.depth) return;
  for (const entry of entriesOf(node)) {
    yield entry;
    yield* entriesBelow(entry.value, depth + 1);
  }
  for (const item of itemsOf(node)) yield* entriesBelow(item, depth + 1);
}

function extract(file: SourceFile): Extraction {
  if (vault.test(file.text)) return { facts: [], notAssessed: [] };
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap((root) =>
    [...entriesBelow(root)].flatMap(({ key, value }): readonly AnyFact[] => {
      const scalar = scalarOf(value);
      if (!scalar || scalar.tag !== undefined || typeof scalar.value === 'boolean' || isMade(scalar.text) || isStandIn(key, scalar.text))
        return [];
      const secret = secretOf(key, scalar.text);
      if (!secret) return [];
      const shown = { origin: 'literal', holder: 'manifest', env: key, purpose: purposeOf(file.path), provisions: true } as const;
      return [{ kind: 'secret', place: scalar.place, confidence: 'certain', value: { ...secret, ...shown } }];
    }),
  );
  return { facts: facts.slice(0, limits.secrets), notAssessed };
}

export const ansibleAdapter: Adapter = { id: 'ansible', needsText: isVariables, classify: isVariables, extract };
