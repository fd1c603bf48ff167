import type { EnvEntry, FactValues, Setting } from '../../facts.ts';
import { noteSecrets } from '../../text/note-secrets.ts';
import { isPlaceholder, judgeValue, opaqueReason, safeSetting, secretReason, type ValueShape } from '../../text/secret-shapes.ts';
import { entriesOf, itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlNode } from '../../text/yaml-document.ts';
import type { AnyFact } from '../../types.ts';
import { dropAbsent } from './container.ts';
import { holdsSecretLine } from './embedded.ts';
import type { KubernetesObject } from './object.ts';
import { textListSetting, textSetting } from './settings.ts';

type ConfigSource = FactValues['config-source'];

const source = (
  object: KubernetesObject,
  kind: ConfigSource['kind'],
  name: string,
  keys: readonly string[] | undefined,
  entries: readonly EnvEntry[],
): AnyFact => ({
  kind: 'config-source',
  place: object.root.place,
  confidence: 'certain',
  value: dropAbsent<ConfigSource>({
    kind,
    name,
    namespace: object.namespace,
    keys,
    entries,
    purpose: object.purpose,
    namePlace: object.namePlace,
  }),
});

/** Keys and values; a value that is a whole file has no setting. */
export function readConfigMap(object: KubernetesObject): AnyFact[] {
  const data = entriesOf(nodeAt(object.root, 'data'));
  const binary = entriesOf(nodeAt(object.root, 'binaryData'));
  const entries = data.map(({ key, keyPlace, value }): EnvEntry => {
    const text = scalarOf(value)?.text ?? '';
    const isFile = text.includes('\n') || text.length > 4000;
    return { name: key, ...(isFile ? {} : { value: safeSetting(key, text, value.place) }), place: keyPlace };
  });
  const keys = [...data, ...binary].map(({ key }) => key);
  return [source(object, 'config-map', object.name, keys, entries), ...noteSecrets(entries, object.purpose)];
}

/** Names of keys only. Whether a value is a real secret is judged here and kept; the value never is. */
export function readSecret(object: KubernetesObject): AnyFact[] {
  const plain = entriesOf(nodeAt(object.root, 'stringData'));
  const encoded = entriesOf(nodeAt(object.root, 'data'));
  const entries = [
    ...plain.map((entry) => redact(entry, scalarOf(entry.value)?.text ?? '')),
    ...encoded.map((entry) => redact(entry, decode(scalarOf(entry.value)?.text ?? ''), true)),
  ];
  return [
    source(object, 'secret', object.name, [...new Set(entries.map(({ name }) => name))], entries),
    ...noteSecrets(entries, object.purpose),
  ];
}

/** Words that are no base64: the API server takes no such object, so the reader replaces them. */
const isUnencoded = (text: string): boolean =>
  /^[a-z]{2,30}(?:[-_.][a-z]{2,30}){0,6}$/i.test(text) && (/[-_.]/.test(text) || text.length % 4 === 1);

/** `settings.yml: |` is a file: its lines say what it holds, and its name does not. */
const isFile = (key: string, text: string): boolean =>
  /\.(?:ya?ml|json|toml|ini|conf|cfg|properties|xml|sh|py|js)$/i.test(key) && text.trim().includes('\n');
const shapeOf = (key: string, text: string): ValueShape =>
  isFile(key, text) ? (holdsSecretLine(text.slice(0, 64 * 1024)) ? 'secret' : 'opaque') : judgeValue(key, text.trim()).shape;

function redact({ key, keyPlace, value }: YamlEntry, text: string, isData = false): EnvEntry {
  const shape = isData && isUnencoded((scalarOf(value)?.text ?? '').trim()) ? 'placeholder' : shapeOf(key, text);
  const because = shape === 'secret' ? secretReason : shape === 'placeholder' || shape === 'empty' ? 'a placeholder' : opaqueReason;
  const setting: Setting<string> = { known: false, because, place: value.place };
  return { name: key, value: setting, place: keyPlace };
}

const decode = (text: string): string => (isEncoded(text) ? Buffer.from(text, 'base64').toString('utf8') : text);
/** `xxx` and `CHANGEME` stand where the reader puts what they encoded. */
const isEncoded = (text: string): boolean => text.length <= 8000 && /^[A-Za-z0-9+/=\s]*$/.test(text) && !isPlaceholder(text.trim());

/** Secrets that an operator makes: SealedSecret (Bitnami) and ExternalSecret (External Secrets). */
export function readGeneratedSecret(object: KubernetesObject): AnyFact[] {
  if (object.kind === 'SealedSecret') {
    const keys = entriesOf(nodeAt(object.spec, 'encryptedData')).map(({ key }) => key);
    return [source(object, 'secret', textOf(nodeAt(object.spec, 'template', 'metadata', 'name')) ?? object.name, keys, [])];
  }
  return [source(object, 'secret', textOf(nodeAt(object.spec, 'target', 'name')) ?? object.name, undefined, [])];
}

/** Secrets with credentials that operators of stores and brokers make for a resource, by `group/kind`. */
const madeSecrets: Readonly<Record<string, (object: KubernetesObject) => readonly string[]>> = {
  'kafka.strimzi.io/KafkaUser': ({ name }) => [name],
  'kafka.strimzi.io/Kafka': ({ name }) => [`${name}-cluster-ca-cert`, `${name}-clients-ca-cert`],
  'k8s.keycloak.org/Keycloak': ({ name }) => [`${name}-initial-admin`],
  'infinispan.org/Infinispan': ({ name }) => [`${name}-generated-secret`],
  'postgresql.cnpg.io/Cluster': ({ name }) => [`${name}-app`, `${name}-superuser`, `${name}-ca`],
  'acid.zalan.do/postgresql': ({ name, spec }) =>
    entriesOf(nodeAt(spec, 'users')).map(({ key }) => `${key.replaceAll('_', '-')}.${name}.credentials.postgresql.acid.zalan.do`),
  'postgres-operator.crunchydata.com/PostgresCluster': ({ name, spec }) => [
    `${name}-pguser-${name}`,
    ...itemsOf(nodeAt(spec, 'users'))
      .flatMap((user) => textOf(nodeAt(user, 'name')) ?? [])
      .map((user) => `${name}-pguser-${user}`),
  ],
  'rabbitmq.com/RabbitmqCluster': ({ name }) => [`${name}-default-user`],
  'elasticsearch.k8s.elastic.co/Elasticsearch': ({ name }) => [`${name}-es-elastic-user`, `${name}-es-http-certs-public`],
  'cert-manager.io/Certificate': ({ spec }) => [textOf(nodeAt(spec, 'secretName')) ?? ''].filter(Boolean),
};

export function readMadeSecrets(object: KubernetesObject): AnyFact[] {
  const key = `${object.group}/${object.kind}`;
  const names = Object.hasOwn(madeSecrets, key) ? madeSecrets[key]!(object) : [];
  return names.map((name) => source(object, 'secret', name, undefined, []));
}

/** What Kustomize generates from a file that is not in the repository: other keys than those that are known may be there. */
export function readOpenConfig(object: KubernetesObject): AnyFact[] {
  const isSecret = object.kind === 'Secret';
  return (isSecret ? readSecret(object) : readConfigMap(object)).map((fact) => {
    if (fact.kind !== 'config-source') return fact;
    const { keys: _, ...value } = fact.value;
    return { ...fact, value };
  });
}

export function readVolumeClaim(object: KubernetesObject): AnyFact[] {
  const modes = nodeAt(object.spec, 'accessModes') as YamlNode | undefined;
  const accessModes = textListSetting(modes) ?? { known: false as const, because: 'it gives no access modes', place: object.namePlace };
  const value = dropAbsent<FactValues['volume-claim']>({
    name: object.name,
    namespace: object.namespace,
    accessModes,
    namePlace: object.namePlace,
  });
  return [{ kind: 'volume-claim', place: object.root.place, confidence: 'certain', value }];
}

/** Claims may take it; its data stays on the node where it was written. */
export function readHostVolume(object: KubernetesObject): AnyFact[] {
  const path = textSetting(nodeAt(object.spec, 'hostPath', 'path') as YamlNode | undefined);
  if (!path) return [];
  const { name, purpose, namePlace } = object;
  return [{ kind: 'host-volume', place: object.root.place, confidence: 'certain', value: { name, path, purpose, namePlace } }];
}
