/** `environment` and `env_file` of a Compose service. Secrets are masked and become `secret` facts, which hold no value. */
import type { EnvEntry, EnvSource, FactValues } from '../../facts.ts';
import { safeSetting, secretOf } from '../../text/secret-shapes.ts';
import { booleanOf, nodeAt, scalarOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Place } from '../../types.ts';
import { interpolate } from './interpolate.ts';
import { type Pair, pairsOf, present, repositoryPath } from './settings.ts';

export interface FoundSecret {
  readonly value: FactValues['secret'];
  readonly place: Place;
}

/** A value, with defaults filled in, as facts may hold it. A default that is a secret is one, too. */
function readEntry({ key, value, place }: Pair): EnvEntry {
  if (value === undefined) return { name: key, from: { kind: 'shell', name: key }, place };
  const { text, unknown } = interpolate(value);
  if (unknown.length > 0)
    return { name: key, value: { known: false, because: `${unknown[0]} comes from the shell or a .env file`, place }, place };
  return { name: key, value: safeSetting(key, text, place), place };
}

function readSecret({ key, value, place }: Pair): FoundSecret | undefined {
  if (value === undefined) return undefined;
  const { text, unknown, defaulted } = interpolate(value);
  const secret = unknown.length > 0 ? undefined : secretOf(key, text);
  return secret && { value: { ...secret, origin: defaulted.length > 0 ? 'fallback' : 'literal' }, place };
}

export function readEnvironment(service: YamlNode): { env: readonly EnvEntry[]; secrets: readonly FoundSecret[] } {
  const pairs = pairsOf(nodeAt(service, 'environment'));
  return { env: pairs.map(readEntry), secrets: pairs.flatMap((pair) => readSecret(pair) ?? []) };
}

/** Paths from the repository's root; what lies outside of it keeps its written form. */
export function readEnvFiles(service: YamlNode, folder: string): readonly EnvSource[] {
  const given = present(nodeAt(service, 'env_file'));
  const items = given?.kind === 'list' ? given.items : given ? [given] : [];
  return items.flatMap((item): readonly EnvSource[] => {
    const path = scalarOf(item) ?? scalarOf(nodeAt(item, 'path'));
    if (!path) return [];
    const written = interpolate(path.text).text;
    const optional = booleanOf(nodeAt(item, 'required')) === false ? { optional: true } : {};
    return [{ kind: 'env-file', name: repositoryPath(folder, written) ?? written, ...optional, place: path.place }];
  });
}
