/** How copies are replaced, and which of them a client reaches. */
import { isMap, isNode, isScalar, type YAMLMap } from 'yaml';
import {
  insertEntry,
  mapAround,
  mapBelow,
  nodesAround,
  pairOf,
  removeEntry,
  replaceScalar,
  scalarAt,
  type YamlText,
} from '../text/yaml-edit.ts';
import type { Edit, Fact, Finding, Fix, Place, Service } from '../types.ts';
import { type FixContext, type FixMaker, makeFix, repeatedPlaces, samePlace, serviceOf } from './fix-maker.ts';
import { manifestMap, yamlOf } from './manifests.ts';

function editStrategy(place: Place, context: FixContext): Edit | undefined {
  const yaml = yamlOf(context, place.path);
  const scalar = yaml && scalarAt(yaml, place);
  if (!yaml || !scalar) return undefined;
  if (String(scalar.value) === '100%') return replaceScalar(yaml, scalar, '25%');
  const strategy = pairOf(mapBelow(manifestMap(yaml, place), 'spec'), 'strategy');
  return strategy?.key.range ? removeEntry(yaml, yaml.lines.place(strategy.key.range[0], strategy.key.range[1])) : undefined;
}

export const recreateStrategy: FixMaker = {
  rule: 'recreate-strategy',
  offers: [{ what: 'replace copies one after another, as Kubernetes does by default', safe: false }],
  make: (finding, context) =>
    makeFix(
      'Replace the copies one after another',
      false,
      repeatedPlaces(finding).map((place) => editStrategy(place, context)),
    ),
};

/** Sessions are shared, and nothing else that is known needs the same replica again. */
function needsNoPin(service: Service): boolean {
  const { code } = service;
  if (!service.codeRead || code.has('socket-server')) return false;
  const isLocal = (stores: Parameters<Service['possibleStores']>[0]) =>
    service.possibleStores(stores).some(({ kind }) => kind !== 'external' && kind !== 'cookie');
  return (
    !code.all('session').some(({ value }) => isLocal(value.stores)) &&
    !code.all('process-state').some(({ value }) => value.holds === 'state')
  );
}

/** Settings that mean nothing without the pin. */
const companions: Readonly<Record<string, RegExp>> = {
  'nginx.ingress.kubernetes.io/affinity': /^nginx\.ingress\.kubernetes\.io\/(?:affinity-(?:mode|canary-behavior)|session-cookie-[\w-]+)$/,
  sessionAffinity: /^sessionAffinityConfig$/,
};

function pinKeys(map: YAMLMap, place: Place, yaml: YamlText): readonly Place[] {
  const offset = yaml.lines.offset(place.line, place.column);
  const pairs = map.items.filter(({ key }) => isScalar(key) && key.range);
  const pin = pairs.find(({ key, value }) => {
    const ranges = [key, value].map((node) => (isScalar(node) ? node.range : undefined));
    return ranges.some((range) => range && range[0] <= offset && offset < range[1]);
  });
  const name = isScalar(pin?.key) ? String(pin.key.value) : '';
  const others = companions[name];
  const gone = pairs.filter((pair) => pair === pin || (isScalar(pair.key) && others?.test(String(pair.key.value))));
  return gone.length === map.items.length
    ? []
    : gone.flatMap(({ key }) => (isScalar(key) && key.range ? [yaml.lines.place(key.range[0], key.range[1])] : []));
}

/** Taking it out means only that clients are no longer pinned. */
function isPinAlone(yaml: YamlText, place: Place): boolean {
  const offset = yaml.lines.offset(place.line, place.column);
  const pairs = nodesAround(yaml, place).flatMap((node) => (isMap(node) ? node.items : []));
  const pair = pairs.find(({ key, value }) => [key, value].some((node) => isNode(node) && node.range?.[0] === offset));
  const name = isScalar(pair?.key) ? String(pair.key.value) : '';
  const text = isScalar(pair?.value) ? String(pair.value.value) : '';
  if (name.endsWith('target-group-attributes')) return text.split(',').every((part) => part.trim().startsWith('stickiness.'));
  return /affinity|sticky|persist|upstream-hash-by|consistenthash|lb-method|load-?balanc|balance(?:-algorithm)?$/i.test(name);
}

/** The router of OpenShift pins unless the route says otherwise. */
function switchOffCookie(yaml: YamlText, place: Place): Edit | undefined {
  const metadata = mapBelow(manifestMap(yaml, place), 'metadata');
  const off = { 'haproxy.router.openshift.io/disable_cookies': 'true' };
  const annotations = mapBelow(metadata, 'annotations');
  return annotations
    ? insertEntry(yaml, annotations, off)
    : metadata && insertEntry(yaml, metadata, { annotations: off }, ['name', 'namespace', 'labels']);
}

function unpin(finding: Finding, context: FixContext): readonly Fix[] {
  const service = serviceOf(finding, context);
  const yaml = yamlOf(context, finding.place.path);
  const map = yaml && mapAround(yaml, finding.place);
  const pinned = service && findPin(service, finding.place);
  if (!service || !pinned || !needsNoPin(service) || !yaml || !map) return [];
  const title = 'Remove the pin: sessions are kept where all replicas find them';
  if (pinned.value.byDefault) return makeFix(title, false, [switchOffCookie(yaml, finding.place)]);
  if (!isPinAlone(yaml, finding.place)) return [];
  const keys = pinKeys(map, finding.place, yaml);
  return makeFix(
    title,
    false,
    (keys.length > 0 ? keys : [finding.place]).map((place) => removeEntry(yaml, place)),
  );
}
const findPin = (service: Service, place: Place): Fact<'sticky-routing'> | undefined =>
  service.deployments.flatMap(({ sticky }) => sticky).find((fact) => samePlace(fact.place, place));

export const sessionSticky: FixMaker = {
  rule: 'session-sticky',
  offers: [{ what: 'remove the pin of a service whose sessions are shared already', safe: false }],
  make: (finding, context) => (finding.messageId === 'pinned' ? unpin(finding, context) : []),
};
