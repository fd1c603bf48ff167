/** Autoscalers, disruption budgets and spread, for workloads that may have more copies. */
import type { YAMLMap } from 'yaml';
import { joinInserts } from '../text/text-edits.ts';
import { appendDocument, insertEntry, mapBelow, pairOf, removeEntry, replaceScalar, scalarAt, type YamlText } from '../text/yaml-edit.ts';
import type { YamlData } from '../text/yaml-print.ts';
import type { Deployment, Edit, Finding, Fix, Place, Service } from '../types.ts';
import { deploymentAt, type FixContext, type FixMaker, makeFix, repeatedPlaces, serviceOf } from './fix-maker.ts';
import { manifestMap, yamlOf } from './manifests.ts';

interface FoundWorkload {
  readonly service: Service;
  readonly deployment: Deployment;
  readonly yaml: YamlText;
  /** The whole manifest. */
  readonly map: YAMLMap;
  readonly labels: Readonly<Record<string, YamlData>>;
}

function findWorkload(place: Place, service: Service | undefined, context: FixContext): FoundWorkload | undefined {
  const deployment = deploymentAt(service, place);
  const yaml = deployment && yamlOf(context, place.path);
  const map = yaml && manifestMap(yaml, place);
  const selector = mapBelow(map, 'spec', 'selector', 'matchLabels');
  if (!service || !deployment || !yaml || !map || !selector || deployment.platform !== 'kubernetes') return undefined;
  // A name that only a chart can tell may not be readable here: no cluster takes an object without one.
  if (typeof mapBelow(map, 'metadata')?.get('name') !== 'string') return undefined;
  return { service, deployment, yaml, map, labels: selector.toJSON() as Record<string, YamlData> };
}
const workloadsOf = (finding: Finding, context: FixContext): readonly (FoundWorkload | undefined)[] =>
  repeatedPlaces(finding).map((place) => findWorkload(place, serviceOf(finding, context), context));

/** Nothing that is known of the code goes wrong because there is a second copy. */
function mayMultiply(service: Service): boolean {
  const { code } = service;
  const local = (stores: Parameters<Service['possibleStores']>[0]) =>
    service.possibleStores(stores).some(({ kind }) => kind === 'memory' || kind === 'file');
  return !(
    code.all('session').some(({ value }) => local(value.stores)) ||
    code.all('socket-server').some(({ value }) => value.broadcasts !== false && (value.adapters.length === 0 || local(value.adapters))) ||
    code.all('backing-service').some(({ value }) => value.embedded) ||
    code.all('scheduled-job').some(({ value }) => value.effect === 'work' && !value.guard) ||
    code.all('file-write').some(({ value }) => !value.temporary && value.duringRequest === true)
  );
}

/** As the file says it: overlays may add to the name, and then do so here as well. */
const metadataOf = ({ map }: FoundWorkload): Readonly<Record<string, YamlData>> => {
  const metadata = mapBelow(map, 'metadata')?.toJSON() as Readonly<Record<string, YamlData>> | undefined;
  const namespace = metadata?.['namespace'];
  return { name: metadata?.['name'] ?? '', ...(namespace ? { namespace } : {}) };
};

const budgetFor = (found: FoundWorkload): YamlData => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: metadataOf(found),
  spec: { maxUnavailable: 1, selector: { matchLabels: found.labels } },
});

/** A preference only: pods start also where it cannot be met. */
const spreadFor = ({ labels }: FoundWorkload): YamlData =>
  ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: labels },
  }));

function addSpread(found: FoundWorkload): Edit | undefined {
  const pod = mapBelow(found.map, 'spec', 'template', 'spec');
  return pod && insertEntry(found.yaml, pod, { topologySpreadConstraints: spreadFor(found) });
}

function addAutoscaler(found: FoundWorkload): readonly Fix[] {
  const { service, deployment, yaml, map } = found;
  const { value } = deployment.workload;
  const requestsCpu = value.containers.every(({ resources }) => resources.cpuRequest ?? resources.cpuLimit);
  if (!requestsCpu || !mayMultiply(service) || value.replicas?.known === false) return [];
  const min = value.replicas?.known ? value.replicas.value : 1;
  const autoscaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadataOf(found),
    spec: {
      scaleTargetRef: {
        apiVersion: String(pairOf(map, 'apiVersion')?.value ?? 'apps/v1'),
        kind: value.kind,
        name: metadataOf(found)['name'] ?? value.name,
      },
      minReplicas: min,
      maxReplicas: Math.max(4, 2 * min),
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
    },
  };
  const spread = value.spread ? [] : [addSpread(found)];
  const fixed = value.replicas ? [removeEntry(yaml, value.replicas.place)] : [];
  const edits = [...fixed, ...spread];
  if (edits.some((edit) => edit === undefined)) return [];
  const made = edits.filter((edit) => edit !== undefined);
  const title = 'Add a HorizontalPodAutoscaler on CPU to start from';
  return makeFix(title, false, joinInserts([...made, appendDocument(yaml, value.namePlace, autoscaler)]));
}

export const autoscalerMissing: FixMaker = {
  rule: 'autoscaler-missing',
  offers: [
    { what: 'add a HorizontalPodAutoscaler on CPU to start from, with spread over nodes, in place of fixed `replicas`', safe: false },
  ],
  make(finding, context) {
    const found = findWorkload(finding.place, serviceOf(finding, context), context);
    return found && finding.related.length === 0 ? addAutoscaler(found) : [];
  },
};

export const disruptionBudgetMissing: FixMaker = {
  rule: 'disruption-budget-missing',
  offers: [{ what: 'add a PodDisruptionBudget that lets one copy be away', safe: false }],
  make: (finding, context) =>
    makeFix(
      'Add a PodDisruptionBudget with `maxUnavailable: 1`',
      false,
      workloadsOf(finding, context).map(
        (found) => found && appendDocument(found.yaml, found.deployment.workload.value.namePlace, budgetFor(found)),
      ),
    ),
};

export const spreadMissing: FixMaker = {
  rule: 'spread-missing',
  offers: [{ what: 'prefer other nodes and zones for each copy (`topologySpreadConstraints` with `ScheduleAnyway`)', safe: true }],
  make: (finding, context) =>
    makeFix(
      'Spread the copies over zones and nodes where that is possible',
      true,
      workloadsOf(finding, context).map((found) => found && addSpread(found)),
    ),
};

export const disruptionBudgetBlocks: FixMaker = {
  rule: 'disruption-budget-blocks',
  offers: [{ what: 'let one pod be away', safe: false }],
  make(finding, context) {
    const yaml = yamlOf(context, finding.place.path);
    const spec = yaml && mapBelow(manifestMap(yaml, finding.place), 'spec');
    const max = pairOf(spec, 'maxUnavailable')?.value;
    const scalar = yaml && scalarAt(yaml, finding.place);
    if (!yaml || !spec || !scalar) return [];
    if (max === scalar) return makeFix('Let one pod be away', false, [replaceScalar(yaml, scalar, 1)]);
    const key = pairOf(spec, 'minAvailable')?.key;
    if (!key?.range || max || finding.messageId === 'copies') return [];
    const end = scalar.range![1];
    return makeFix('Let one pod be away', false, [{ place: yaml.lines.place(key.range[0], end), text: 'maxUnavailable: 1' }]);
  },
};

function fixRange(finding: Finding, context: FixContext): readonly Fix[] {
  const yaml = yamlOf(context, finding.place.path);
  const scalar = yaml && scalarAt(yaml, finding.place);
  const max = 2 * Math.max(1, Number(finding.data['min']));
  if (!scalar || typeof scalar.value !== 'number') return [];
  return makeFix(`Let it add copies: \`maxReplicas: ${max}\``, false, [replaceScalar(yaml!, scalar, max)]);
}

export const autoscalerBroken: FixMaker = {
  rule: 'autoscaler-broken',
  offers: [
    { what: 'remove `replicas` from a workload that an autoscaler scales', safe: false },
    { what: 'raise a maximum that equals the minimum', safe: false },
  ],
  make(finding, context) {
    if (finding.messageId === 'fixed') return fixRange(finding, context);
    if (finding.messageId !== 'replicas') return [];
    const yaml = yamlOf(context, finding.place.path);
    return makeFix('Leave the number of copies to the autoscaler', false, [yaml && removeEntry(yaml, finding.place)]);
  },
};
