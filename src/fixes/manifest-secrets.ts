/** Secrets that stand in manifests: pods take them from a Secret, Compose from the environment of who starts it. */
import { isScalar, type Scalar, type YAMLMap } from 'yaml';
import type { Container, EnvEntry } from '../facts.ts';
import { appendItem, mapAround, nodesAround, pairOf, removeEntry, replaceEntry, replaceScalar, type YamlText } from '../text/yaml-edit.ts';
import type { Edit, Fact, Finding, Fix, Place } from '../types.ts';
import { type FixContext, type FixMaker, makeFix, samePlace } from './fix-maker.ts';
import { yamlOf } from './manifests.ts';
import { keyOf, secretFor } from './variables.ts';

interface Holding {
  readonly workload: Fact<'workload'>;
  readonly name: string;
}
/** The variable whose value stands at a place, and the workload that it is given to. */
function holdingAt(place: Place, { repository }: FixContext): Holding | undefined {
  for (const workload of repository.facts.all('workload')) {
    const containers = [...workload.value.containers, ...workload.value.initContainers];
    const entry = containers
      .flatMap(({ env }) => env)
      .find((each) => samePlace(each.place, place) || (each.value && samePlace(each.value.place, place)));
    if (entry) return { workload, name: entry.name };
  }
  return undefined;
}

/** `value: x` → `valueFrom: …`. */
function takeFromSecret(yaml: YamlText, place: Place, { workload, name }: Holding, context: FixContext): Edit | undefined {
  const map = mapAround(yaml, place);
  const named = pairOf(map, 'name')?.value;
  const secret = secretFor(workload, context);
  if (!map || !secret || !isScalar(named) || named.value !== name || !pairOf(map, 'value')) return undefined;
  return replaceEntry(yaml, map, 'value', { valueFrom: { secretKeyRef: { name: secret, key: keyOf(name) } } });
}

/** The scalar that holds a variable of Compose: its value, or `NAME=value`. */
function composeScalar(yaml: YamlText, place: Place, name: string): { scalar: Scalar; head: string } | undefined {
  const node = nodesAround(yaml, place).at(-1);
  const map: YAMLMap | undefined = mapAround(yaml, place);
  const value = pairOf(map, name)?.value;
  if (isScalar(value)) return { scalar: value as Scalar, head: '' };
  return isScalar(node) && String(node.value).startsWith(`${name}=`) ? { scalar: node as Scalar, head: `${name}=` } : undefined;
}

function editHolding(place: Place, context: FixContext, write: (text: string, name: string) => string | undefined): Edit | undefined {
  const holding = holdingAt(place, context);
  const yaml = holding && yamlOf(context, place.path);
  if (!holding || !yaml) return undefined;
  const { platform } = holding.workload.value;
  if (platform === 'kubernetes') return takeFromSecret(yaml, place, holding, context);
  const found = platform === 'compose' ? composeScalar(yaml, place, holding.name) : undefined;
  const text = found && write(String(found.scalar.value).slice(found.head.length), holding.name);
  return found && text !== undefined ? replaceScalar(yaml, found.scalar, found.head + text) : undefined;
}

const fallback = /\$\{(\w+):?-[^${}]*\}/g;
/** `${NAME:-secret}` → `${NAME:?}`. */
const requireVariable = (text: string): string | undefined =>
  [...text.matchAll(fallback)].length === 1 ? text.replace(fallback, '${$1:?}') : undefined;

/** Each workload has its own. */
function secretsOf(places: readonly Place[], context: FixContext): string {
  const holdings = places.flatMap((place) => holdingAt(place, context) ?? []);
  return [...new Set(holdings.map(({ workload }) => secretFor(workload, context)))].join('`, `');
}

function makeFixes(finding: Finding, context: FixContext): readonly Fix[] {
  const { messageId, data, related, place } = finding;
  const places = [place, ...related.filter(({ message }) => message.endsWith(', too')).map((other) => other.place)];
  const name = String(data['name']);
  if (messageId === 'configMap') return leaveConfigMap(finding, context);
  if (messageId === 'manifestFallback') {
    const edits = places.map((at) => editHolding(at, context, requireVariable));
    return makeFix('Make the variable required', false, edits);
  }
  const holding = messageId === 'manifest' ? holdingAt(place, context) : undefined;
  if (!holding) return [];
  const edits = places.map((at) => editHolding(at, context, (_, own) => `\${${own}:?}`));
  const title =
    holding.workload.value.platform === 'kubernetes'
      ? `Read it from the Secret \`${secretsOf(places, context)}\`, which has to be there first; then change the value, which everybody knows`
      : `Read it from \`${name}\`; then change the value, which everybody knows`;
  return makeFix(title, false, edits);
}

/** A container that takes an entry of a ConfigMap, alone or with all others. */
interface Taker {
  readonly workload: Fact<'workload'>;
  readonly container: Container;
  /** The variable that takes this entry alone. */
  readonly entry?: EnvEntry;
}
function takersOf(source: Fact<'config-source'>, name: string, { repository }: FixContext): readonly Taker[] {
  const isOf = (own: string | undefined, { value }: Fact<'workload'>): boolean =>
    own === source.value.name && (value.namespace ?? source.value.namespace) === (source.value.namespace ?? value.namespace);
  return repository.facts.all('workload').flatMap((workload) =>
    [...workload.value.containers, ...workload.value.initContainers].flatMap((container): Taker[] => {
      const entries = container.env.filter(({ from }) => from?.kind === 'config-map' && from.key === name && isOf(from.name, workload));
      const takesAll = container.envFrom.some((each) => each.kind === 'config-map' && isOf(each.name, workload));
      return [...entries.map((entry) => ({ workload, container, entry })), ...(takesAll ? [{ workload, container }] : [])];
    }),
  );
}

/** The same variable from a Secret: beside `envFrom`, which it goes before, or in place of the reference. */
function moveTaker({ workload, container, entry }: Taker, name: string, context: FixContext): Edit | undefined {
  const yaml = yamlOf(context, container.namePlace.path);
  const secret = secretFor(workload, context);
  if (!yaml || !secret || workload.value.platform !== 'kubernetes') return undefined;
  const reference = { secretKeyRef: { name: secret, key: keyOf(name) } };
  if (entry) {
    const map = mapAround(yaml, entry.place);
    return map && pairOf(map, 'valueFrom') ? replaceEntry(yaml, map, 'valueFrom', { valueFrom: reference }) : undefined;
  }
  const map = mapAround(yaml, container.namePlace);
  return (
    map && appendItem(yaml, map, 'env', { name, valueFrom: reference }, ['name', 'image', 'imagePullPolicy', 'command', 'args', 'ports'])
  );
}

/** Out of the ConfigMap; everything that takes it from there takes it from a Secret. */
function leaveConfigMap(finding: Finding, context: FixContext): readonly Fix[] {
  const name = String(finding.data['name']);
  const source = context.repository.facts
    .all('config-source')
    .find(({ value }) => value.kind === 'config-map' && value.entries.some(({ place }) => samePlace(place, finding.place)));
  const yaml = yamlOf(context, finding.place.path);
  const takers = source ? takersOf(source, name, context) : [];
  const [first] = takers;
  if (!source || !yaml || !first || finding.related.some(({ message }) => message.endsWith(', too'))) return [];
  // Files of a volume and prefixes make other names of it.
  const isPlain = takers.every(({ workload: { value }, container }) =>
    [
      ...value.volumes.map((volume) => volume.source?.known && volume.source.value),
      ...container.envFrom.map((each) => each.prefix && each.name),
    ].every((used) => used !== source.value.name),
  );
  if (!isPlain) return [];
  const secrets = [...new Set(takers.map(({ workload }) => secretFor(workload, context)))].join('`, `');
  const title = `Read it from a Secret; then change the value, which everybody knows. First the Secret \`${secrets}\` needs the key \`${keyOf(name)}\``;
  return makeFix(title, false, [removeEntry(yaml, finding.place), ...takers.map((taker) => moveTaker(taker, name, context))]);
}

export const manifestSecret: FixMaker = {
  rule: 'hardcoded-credential',
  offers: [
    { what: 'read a secret of a manifest from a Secret (Kubernetes) or from the environment (`${NAME:?}` in Compose)', safe: false },
    { what: 'move a secret out of a ConfigMap: everything that takes it from there takes it from a Secret', safe: false },
    { what: 'make a variable of Compose required that falls back to a fixed secret', safe: false },
  ],
  make: makeFixes,
};
