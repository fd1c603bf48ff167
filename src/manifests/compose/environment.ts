/** `environment` and `env_file` of a Compose service. Secrets are masked and become `secret` facts, which hold no value. */
import type { EnvEntry, EnvSource, FactValues } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { isGuestOfBroker, safeSetting, secretKindOf, secretOf } from '../../text/secret-shapes.ts';
import { hasStandInAccount, saysDevelopment } from '../../text/stand-in-accounts.ts';
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
function readEntry({ key, value, place }: Pair, judge: Judge): EnvEntry {
  if (value === undefined) return { name: key, from: { kind: 'shell', name: key }, place };
  const { text, unknown, defaulted } = interpolate(value);
  if (unknown.length > 0)
    return { name: key, value: { known: false, because: `${unknown[0]} comes from the shell or a .env file`, place }, place };
  if (isGuestOfBroker(key, text)) return { name: key, value: { known: true, value: text, place }, place };
  if (judge(key, text, defaulted.length > 0)) return { name: key, value: safeSetting(key, text, place), place };
  return { name: key, value: { known: false, because: 'it stands for what a deployment gives', place }, place };
}

function readSecret({ key, value, place }: Pair, judge: Judge): FoundSecret | undefined {
  if (value === undefined) return undefined;
  const { text, unknown, defaulted } = interpolate(value);
  const isOpen = unknown.length > 0 || isGuestOfBroker(key, text) || !judge(key, text, defaulted.length > 0);
  const secret = isOpen ? undefined : secretOf(key, text);
  return secret && { value: { ...secret, origin: defaulted.length > 0 ? 'fallback' : 'literal' }, place };
}

/** True when the value may be a secret: neither a pair of names nor a default that says that it is for developers. */
type Judge = (name: string, value: string, isDefault: boolean) => boolean;

export function readEnvironment(service: YamlNode, path: string): { env: readonly EnvEntry[]; secrets: readonly FoundSecret[] } {
  const pairs = pairsOf(nodeAt(service, 'environment'));
  const texts = new Map(pairs.map(({ key, value }) => [key, value === undefined ? undefined : interpolate(value).text]));
  const isDeployed = purposeOf(path) === 'production';
  const judge: Judge = (name, value, isDefault) =>
    !(isDefault && !isDeployed && secretKindOf(name) !== undefined && saysDevelopment(value)) &&
    !hasStandInAccount(name, value, (other) => texts.get(other));
  return { env: pairs.map((pair) => readEntry(pair, judge)), secrets: pairs.flatMap((pair) => readSecret(pair, judge) ?? []) };
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
