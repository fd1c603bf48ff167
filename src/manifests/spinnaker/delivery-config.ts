/** Delivery configs of Spinnaker (managed delivery, `spinnaker.yml`) → `pipeline-deployment` facts. https://spinnaker.io/docs/guides/user/managed-delivery/ */
import type { FactValues, Purpose } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { booleanOf, entriesOf, itemsOf, nodeAt, numberOf, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';

type Deployment = FactValues['pipeline-deployment'];

/** What holds for all regions, then what overrides it in one. */
function readCapacity(spec: YamlNode): Deployment['capacity'] {
  const nodes = [...entriesOf(nodeAt(spec, 'overrides')).map(({ value }) => nodeAt(value, 'capacity')), nodeAt(spec, 'capacity')];
  const capacity = nodes.find((node) => node !== undefined);
  const [min, max] = [numberOf(nodeAt(capacity, 'min')), numberOf(nodeAt(capacity, 'max'))];
  return min === undefined || max === undefined ? undefined : { min, max, place: nodeAt(capacity, 'max')!.place };
}

/** Regions without zones use all of them. */
function readZones(spec: YamlNode): Deployment['zones'] {
  const regions = itemsOf(nodeAt(spec, 'locations', 'regions'));
  const zones = regions.flatMap((region) => itemsOf(nodeAt(region, 'availabilityZones')));
  const names = zones.map(textOf);
  if (zones.length === 0 || !regions.every((region) => nodeAt(region, 'availabilityZones'))) return undefined;
  return names.every((name) => name !== undefined) ? { names: names as string[], place: zones[0]!.place } : undefined;
}

function readWayBack(deployWith: YamlNode | undefined): Deployment['wayBack'] {
  const strategy = textOf(nodeAt(deployWith, 'strategy'));
  if (booleanOf(nodeAt(deployWith, 'rollbackOnFailure')) === true) return 'kept';
  if (strategy === 'highlander') return 'destroyed';
  if (strategy !== 'red-black') return 'unknown';
  return numberOf(nodeAt(deployWith, 'maxServerGroups')) === 1 ? 'destroyed' : 'kept';
}

/** The way back is one of red-black: it is named as pipelines name it. */
const nameStrategy = (deployWith: YamlNode | undefined): string | undefined =>
  textOf(nodeAt(deployWith, 'strategy'))?.replace('red-black', 'redblack');

const purposeOfEnvironment = (name: string, path: string): Purpose => {
  const purpose = purposeOf(`${name}.yml`);
  return purpose === 'unknown' ? purposeOf(path) : purpose;
};

function readResource(resource: YamlNode, environment: string, application: string, file: SourceFile): AnyFact[] {
  const spec = nodeAt(resource, 'spec');
  if (!spec || !/(?:^|\/)cluster(?:@|$)/.test(textOf(nodeAt(resource, 'kind')) ?? '')) return [];
  const deployWith = nodeAt(spec, 'deployWith');
  const [capacity, zones, strategy] = [readCapacity(spec), readZones(spec), nameStrategy(deployWith)];
  const parts = ['app', 'stack', 'detail'].flatMap((key) => textOf(nodeAt(spec, 'moniker', key)) ?? []);
  const value: Deployment = {
    tool: 'Spinnaker',
    pipeline: application,
    stage: environment,
    target: parts.join('-') || application,
    purpose: purposeOfEnvironment(environment, file.path),
    ...(capacity ? { capacity } : {}),
    ...(zones ? { zones } : {}),
    ...(strategy ? { strategy } : {}),
    wayBack: readWayBack(deployWith),
  };
  const place = nodeAt(deployWith, 'strategy')?.place ?? nodeAt(resource, 'kind')!.place;
  return [{ kind: 'pipeline-deployment', place, confidence: 'certain', value }];
}

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap((root) => {
    const application = textOf(nodeAt(root, 'application')) ?? textOf(nodeAt(root, 'name')) ?? 'application';
    return itemsOf(nodeAt(root, 'environments')).flatMap((environment) =>
      itemsOf(nodeAt(environment, 'resources')).flatMap((resource) =>
        readResource(resource, textOf(nodeAt(environment, 'name')) ?? '', application, file),
      ),
    );
  });
  return { facts, notAssessed };
}

const mayBeConfig = (path: string): boolean => /(?:^|\/)(?:spinnaker|(?:[\w-]+-)?delivery-?config)\.ya?ml$/i.test(path);

export const deliveryConfigAdapter: Adapter = {
  id: 'spinnaker-delivery-config',
  needsText: mayBeConfig,
  classify: (path, head) =>
    mayBeConfig(path) && head !== undefined && /^environments\s*:/m.test(head) && /^application\s*:|^name\s*:/m.test(head),
  extract,
};
