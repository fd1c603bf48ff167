/** What several fix makers ask of manifests. */
import { isMap, type Pair, type YAMLMap } from 'yaml';
import type { Container } from '../facts.ts';
import { type DockerText, openDockerfile } from '../text/dockerfile-edit.ts';
import { mapAround, nodesAround, openYaml, type YamlText } from '../text/yaml-edit.ts';
import type { Deployment, Finding, Place, Service } from '../types.ts';
import { deploymentAt, type FixContext, repeatedPlaces, samePlace, serviceOf } from './fix-maker.ts';

/** Other forms may happen to be YAML as well: TOML, HCL, what templates make. */
const isYaml = (path: string): boolean => /\.(?:ya?ml|json)$/i.test(path);
export const yamlOf = (context: FixContext, path: string): YamlText | undefined =>
  isYaml(path) ? context.parsed(path, 'yaml', openYaml) : undefined;
export const dockerfileOf = (context: FixContext, path: string): DockerText | undefined =>
  context.parsed(path, 'dockerfile', openDockerfile);

export interface FoundContainer {
  readonly service: Service;
  readonly deployment: Deployment;
  readonly container: Container;
  readonly yaml: YamlText;
  /** Its mapping in the manifest. */
  readonly map: YAMLMap;
}

/** The value of the entry whose key stands at a place: a service of Compose. */
export function valueOfKey(yaml: YamlText, place: Place): YAMLMap | undefined {
  const map = mapAround(yaml, place);
  const offset = yaml.lines.offset(place.line, place.column);
  const pair = (map?.items as Pair[] | undefined)?.find(({ key }) => (key as { range?: readonly number[] } | null)?.range?.[0] === offset);
  return isMap(pair?.value) ? (pair.value as YAMLMap) : undefined;
}

function findContainer(place: Place, service: Service, context: FixContext): FoundContainer | undefined {
  const deployment = deploymentAt(service, place);
  const isKnown = deployment?.platform === 'kubernetes' || deployment?.platform === 'compose';
  const yaml = isKnown ? yamlOf(context, place.path) : undefined;
  if (!deployment || !yaml) return undefined;
  const container =
    deployment.workload.value.containers.find((each) =>
      [each.namePlace, each.resources.place].some((other) => other && samePlace(other, place)),
    ) ?? deployment.container;
  const map = mapOfContainer(yaml, { platform: deployment.platform, container });
  return map && { service, deployment, container, yaml, map };
}

/** The containers that a finding and its repetitions name; `undefined` unless all of them can be edited. */
export function containersOf(finding: Finding, context: FixContext): readonly FoundContainer[] | undefined {
  const service = serviceOf(finding, context);
  const found = service && repeatedPlaces(finding).map((place) => findContainer(place, service, context));
  return found?.every((each) => each !== undefined) ? found : undefined;
}

/** The mapping of the container that a deployment runs; operators make containers whose fields stand in no mapping of their own. */
export function mapOfContainer(yaml: YamlText, { platform, container }: Pick<Deployment, 'platform' | 'container'>): YAMLMap | undefined {
  if (platform === 'compose') return valueOfKey(yaml, container.namePlace);
  return container.namePlace.line < container.place.line ? undefined : mapAround(yaml, container.namePlace);
}

/** The mapping of a whole manifest. */
export function manifestMap(yaml: YamlText, place: Place): YAMLMap | undefined {
  const root = nodesAround(yaml, place)[0];
  return isMap(root) ? (root as YAMLMap) : undefined;
}

/** `--port=80`, `--server.port 8080`, `-p 80`, `--bind 0.0.0.0:80`. */
const portFlag = /^(?:-p|-b|--(?:[\w-]+[.-])?(?:port|bind|listen|addr|address)|-Dserver\.port)(?:=(.*))?$/i;

/** Ports that a command line names; `undefined` for one that nobody can read. */
function commandPorts({ process }: Deployment): readonly (number | undefined)[] {
  const words = process.steps.flatMap((step) => step.words);
  return words.flatMap((word, index) => {
    const found = portFlag.exec(word);
    if (!found) return [];
    const value = found[1] ?? words[index + 1] ?? '';
    const port = /^(?:.*:)?(\d{1,5})$/.exec(value)?.[1];
    // `-p` and `-b` mean other things to other programs.
    return port === undefined && /^-[pb]$/.test(word) ? [] : [port === undefined ? undefined : Number(port)];
  });
}

/** The port that a deployment of the service opens: its command decides before the code does. */
export function servedPort(service: Service, deployment: Deployment): number | undefined {
  const named = new Set(commandPorts(deployment));
  const [only] = named;
  if (named.size === 0) return listenPort(service);
  return named.size === 1 ? only : undefined;
}

/** The port that the service listens on, when it is one and known. */
export function listenPort(service: Service): number | undefined {
  const listens = service.code.all('listen');
  const main = listens.filter(({ value }) => value.purpose === 'main');
  const [only, other] = main.length > 0 ? main : listens;
  if (!only || other) return undefined;
  const { values, complete } = service.literals(only.value.port);
  const ports = new Set(values.map(({ value }) => Number(value)));
  const [port] = ports;
  return complete && ports.size === 1 && Number.isInteger(port) ? port : undefined;
}
