/** Pipelines of Spinnaker as JSON, and dinghyfiles → `pipeline-deployment` facts, one for each cluster that a stage deploys. */
import type { FactValues, Purpose } from '../../facts.ts';
import { type JsonNode, readJson } from '../../text/json-document.ts';
import { purposeOf } from '../../text/purpose.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';
import { looksLikePipeline, mayBePipeline, nameOfPipeline, numberOf, pipelinesOf, textOf } from './pipelines.ts';

type Deployment = FactValues['pipeline-deployment'];

/** `min = max` fixes the number of copies; the source's own capacity may be anything. */
function readCapacity(cluster: JsonNode): Deployment['capacity'] | undefined {
  const capacity = cluster.get('capacity');
  if (!capacity?.isObject || cluster.get('useSourceCapacity')?.value === true) return undefined;
  const [min, max] = [numberOf(capacity.get('min')), numberOf(capacity.get('max'))];
  return min === undefined || max === undefined ? undefined : { min, max, place: capacity.get('max')!.place };
}

/** Zones by region on AWS, one zone or a whole region on Google Cloud. */
function readZones(cluster: JsonNode): Deployment['zones'] | undefined {
  const byRegion = cluster.get('availabilityZones');
  const zones = byRegion?.members().flatMap(({ value }) => value.items()) ?? [];
  if (byRegion && zones.length > 0) {
    const names = zones.map(textOf);
    if (names.some((name) => name === undefined || name.includes('${'))) return undefined;
    return { names: names as string[], place: zones[0]!.place };
  }
  const zone = cluster.get('zone');
  const name = textOf(zone);
  return name && !name.includes('${') && cluster.get('regional')?.value !== true ? { names: [name], place: zone!.place } : undefined;
}

/** Whether the copies before stay long enough to go back to them. */
function readWayBack(cluster: JsonNode): Deployment['wayBack'] {
  const strategy = textOf(cluster.get('strategy'))?.toLowerCase();
  if (strategy === undefined || strategy === '' || strategy === 'none' || strategy.includes('${')) return 'unknown';
  if (cluster.get('rollback')?.get('onFailure')?.value === true) return 'kept';
  if (strategy === 'highlander') return 'destroyed';
  if (strategy !== 'redblack') return strategy === 'rollingredblack' || strategy === 'monitored' ? 'kept' : 'unknown';
  return numberOf(cluster.get('maxRemainingAsgs')) === 1 ? 'destroyed' : 'kept';
}

/** The health that a deploy waits for when only the cloud is asked: a machine or container runs, whatever the program in it does. */
const providers: ReadonlySet<string> = new Set(['Amazon', 'Google', 'Azure', 'Titus', 'Openstack']);

function readUnasked(cluster: JsonNode): Deployment['unasked'] {
  const names = cluster.get('interestingHealthProviderNames');
  const asked = names?.items().map(textOf) ?? [];
  if (names && asked.length > 0 && asked.every((name) => name !== undefined && providers.has(name)))
    return { how: 'interestingHealthProviderNames', place: names.place };
  const balanced = ['loadBalancers', 'targetGroups'].some((key) => (cluster.get(key)?.items().length ?? 0) > 0);
  const type = cluster.get('healthCheckType');
  return balanced && textOf(type) === 'EC2' ? { how: 'healthCheckType', place: type!.place } : undefined;
}

const rollbackStages = /^(?:rollbackCluster|rollbackServerGroup|undoRolloutManifest|enableServerGroup)$/;

function purposeOfCluster(cluster: JsonNode, stage: string, pipeline: string, path: string): Purpose {
  const names = [textOf(cluster.get('stack')), textOf(cluster.get('account')), stage, pipeline];
  const purposes = names.map((name) => purposeOf(`${name ?? ''}.json`));
  return purposes.find((purpose) => purpose !== 'unknown') ?? purposeOf(path);
}

/** Manifests are deployed by a stage of their own, which can replace whole ReplicaSets. */
function readManifestStage(stage: JsonNode, pipeline: JsonNode, file: SourceFile): readonly AnyFact[] {
  const strategy = stage.get('trafficManagement')?.get('options')?.get('strategy');
  if (stage.get('trafficManagement')?.get('enabled')?.value !== true || textOf(strategy) !== 'highlander') return [];
  const name = textOf(stage.get('name')) ?? 'Deploy';
  const pipelineName = nameOfPipeline(pipeline, file.path);
  const value: Deployment = {
    tool: 'Spinnaker',
    pipeline: pipelineName,
    stage: name,
    target: textOf(stage.get('moniker')?.get('app')) ?? name,
    purpose: purposeOfCluster(stage, name, pipelineName, file.path),
    strategy: 'highlander',
    wayBack: hasRollback(pipeline) ? 'kept' : 'destroyed',
  };
  return [{ kind: 'pipeline-deployment', place: strategy!.place, confidence: 'certain', value }];
}

const hasRollback = (pipeline: JsonNode): boolean =>
  pipeline
    .get('stages')!
    .items()
    .some((stage) => rollbackStages.test(textOf(stage.get('type')) ?? ''));

function readStage(stage: JsonNode, pipeline: JsonNode, file: SourceFile): readonly AnyFact[] {
  const type = textOf(stage.get('type'));
  if (type === 'deployManifest') return readManifestStage(stage, pipeline, file);
  if (type !== 'deploy' && type !== 'createServerGroup') return [];
  const name = textOf(stage.get('name')) ?? 'Deploy';
  const pipelineName = nameOfPipeline(pipeline, file.path);
  const clusters = type === 'deploy' ? (stage.get('clusters')?.items() ?? []) : [stage];
  return clusters.map((cluster): AnyFact => {
    const capacity = readCapacity(cluster);
    const zones = readZones(cluster);
    const unasked = readUnasked(cluster);
    const strategy = cluster.get('strategy');
    const place: Place = strategy?.place ?? stage.get('name')?.place ?? stage.place;
    const parts = ['application', 'stack', 'freeFormDetails'].map((key) => textOf(cluster.get(key))).filter(Boolean);
    const value: Deployment = {
      tool: 'Spinnaker',
      pipeline: pipelineName,
      stage: name,
      target: parts.join('-') || name,
      purpose: purposeOfCluster(cluster, name, pipelineName, file.path),
      ...(capacity ? { capacity } : {}),
      ...(zones ? { zones } : {}),
      ...(unasked ? { unasked } : {}),
      ...(textOf(strategy) ? { strategy: textOf(strategy)! } : {}),
      wayBack: hasRollback(pipeline) ? 'kept' : readWayBack(cluster),
    };
    return { kind: 'pipeline-deployment', place, confidence: 'certain', value };
  });
}

/** Modules of dinghy are templates (`{{ module "deploy.stage" }}`): what they render to is not known here. */
const isTemplate = (text: string): boolean => /^[ \t]{0,200}(?:\{\{|[^"\n]{0,200}:[ \t]*\{\{)/m.test(text);

function extract(file: SourceFile): Extraction {
  const document = readJson(file, true);
  if (!('root' in document)) {
    if (!isTemplate(file.text)) return { facts: [], notAssessed: [document] };
    const message = 'This pipeline is a template of dinghy: what its modules render to was not judged.';
    return { facts: [], notAssessed: [{ ...document, reason: 'template', message, failed: false }] };
  }
  const facts = pipelinesOf(document.root).flatMap((pipeline) =>
    pipeline
      .get('stages')!
      .items()
      .flatMap((stage) => readStage(stage, pipeline, file)),
  );
  return { facts, notAssessed: [] };
}

export const spinnakerAdapter: Adapter = {
  id: 'spinnaker',
  needsText: mayBePipeline,
  classify: (path, head) => mayBePipeline(path) && head !== undefined && looksLikePipeline(head),
  extract,
};
