/** Pipelines of Spinnaker as JSON, and dinghyfiles → `pipeline-deployment` facts, one for each cluster that a stage deploys. */
import type { FactValues, Purpose } from '../../facts.ts';
import { type JsonNode, readJson } from '../../text/json-document.ts';
import { purposeOf } from '../../text/purpose.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';

type Deployment = FactValues['pipeline-deployment'];

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isDinghyfile = (path: string): boolean => /^dinghyfile(?:[.-][\w.-]+)?$|\.dinghy$/i.test(baseName(path));
const mayBePipeline = (path: string): boolean =>
  isDinghyfile(path) ||
  (/\.json$/i.test(path) && /pipeline|spinnaker|deploy/i.test(path) && !/(?:^|\/)package(?:-lock)?\.json$/.test(path));

const textOf = (node: JsonNode | undefined): string | undefined => (typeof node?.value === 'string' ? node.value : undefined);
/** Numbers, also as text; expressions (`${parameters.size}`) are decided elsewhere. */
function numberOf(node: JsonNode | undefined): number | undefined {
  const value = node?.value;
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}

const maxDepth = 4;
/** Objects that hold `stages`: the file itself, its list, `pipelines` of a dinghyfile, `config` or `pipeline` around one. */
function pipelinesOf(node: JsonNode, depth = 0): readonly JsonNode[] {
  if (depth > maxDepth) return [];
  if ((node.get('stages')?.items().length ?? 0) > 0) return [node];
  const inner = [...node.items(), ...['pipelines', 'config', 'pipeline', 'spec'].flatMap((key) => node.get(key) ?? [])];
  return inner.flatMap((one) => pipelinesOf(one, depth + 1));
}

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

const rollbackStages = /^(?:rollbackCluster|rollbackServerGroup|undoRolloutManifest|enableServerGroup)$/;

function purposeOfCluster(cluster: JsonNode, stage: string, pipeline: string, path: string): Purpose {
  const names = [textOf(cluster.get('stack')), textOf(cluster.get('account')), stage, pipeline];
  const purposes = names.map((name) => purposeOf(`${name ?? ''}.json`));
  return purposes.find((purpose) => purpose !== 'unknown') ?? purposeOf(path);
}

function readStage(stage: JsonNode, pipeline: JsonNode, file: SourceFile): readonly AnyFact[] {
  const type = textOf(stage.get('type'));
  if (type !== 'deploy' && type !== 'createServerGroup') return [];
  const name = textOf(stage.get('name')) ?? 'Deploy';
  const pipelineName = textOf(pipeline.get('name')) ?? baseName(file.path);
  const hasRollback = pipeline
    .get('stages')!
    .items()
    .some((other) => rollbackStages.test(textOf(other.get('type')) ?? ''));
  const clusters = type === 'deploy' ? (stage.get('clusters')?.items() ?? []) : [stage];
  return clusters.map((cluster): AnyFact => {
    const capacity = readCapacity(cluster);
    const zones = readZones(cluster);
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
      ...(textOf(strategy) ? { strategy: textOf(strategy)! } : {}),
      wayBack: hasRollback ? 'kept' : readWayBack(cluster),
    };
    return { kind: 'pipeline-deployment', place, confidence: 'certain', value };
  });
}

/** Modules of dinghy are templates (`{{ module "deploy.stage" }}`): what they render to is not known here. */
const isTemplate = (text: string): boolean => /^\s*(?:\{\{|[^"\n]*:\s*\{\{)/m.test(text);

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
  classify: (path, head) =>
    mayBePipeline(path) &&
    head !== undefined &&
    /"stages"\s*:/.test(head) &&
    (/"(?:refId|requisiteStageRefIds)"\s*:/.test(head) || /"type"\s*:\s*"(?:deploy|createServerGroup)"/.test(head)),
  extract,
};
