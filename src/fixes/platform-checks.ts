/** Checks that ask the health route of a service, on platforms that have a form of their own for them. */
import { isMap } from 'yaml';
import { declaredPorts } from '../text/container-ports.ts';
import { LineMap } from '../text/positions.ts';
import { insertLines, nextLine } from '../text/text-edits.ts';
import { readToml } from '../text/toml-document.ts';
import { nodeAt, numberOf } from '../text/yaml-access.ts';
import { insertEntry, mapAround, pairOf, replaceScalar, scalarAt } from '../text/yaml-edit.ts';
import { flowWords, type YamlData } from '../text/yaml-print.ts';
import type { Deployment, Edit, Finding, Fix, Place, Service } from '../types.ts';
import { type FixContext, makeFix, repeatedPlaces, samePlace, serviceOf } from './fix-maker.ts';
import {
  appendToBlock,
  appendToObject,
  attributeOf,
  blocksOf,
  type HclText,
  hclOf,
  holds,
  literalOf,
  objectAround,
  offsetAt,
} from './hcl-edit.ts';
import { askCommand, healthRoutes, prefer } from './health-routes.ts';
import { servedPort, yamlOf } from './manifests.ts';

interface Wanted {
  readonly place: Place;
  readonly path: string;
  readonly port: number;
  readonly deployment: Deployment;
  readonly context: FixContext;
}
type Editor = (wanted: Wanted) => readonly (Edit | undefined)[];

const header = /^[ \t]*\[{1,2}[ \t]*([\w.-]+)/;
/** `[http_service]` or the only `[[services]]`, with the tables below it: where its lines end. */
function flyTable(text: string, name: string): { readonly end: number; readonly indent: string; readonly below: string } | undefined {
  let end: number | undefined;
  let keys: string | undefined;
  let below: string | undefined;
  let isIn = false;
  for (let at = 0; at < text.length; at = nextLine(text, at)) {
    const line = text.slice(at, nextLine(text, at));
    const table = header.exec(line)?.[1];
    const indent = /^[ \t]*/.exec(line)![0];
    if (table !== undefined) isIn = table === name || table.startsWith(`${name}.`);
    if (!isIn || /^\s*(?:#|$)/.test(line)) continue;
    if (table === undefined) keys ??= indent;
    else if (table !== name) below ??= indent;
    end = nextLine(text, at);
  }
  return end === undefined ? undefined : { end, indent: keys ?? '', below: below ?? keys ?? '' };
}

const addToFly: Editor = ({ place, path, port, context }) => {
  const file = context.source(place.path);
  const root = file?.path.endsWith('.toml') ? readToml(file).root : undefined;
  if (!file || !root) return [undefined];
  const services = nodeAt(root, 'services');
  const several = services?.kind === 'list' ? services.items : services ? [services] : [];
  const http = nodeAt(root, 'http_service');
  const node = http ?? several[0];
  // Another way in may lead to another process.
  if (!node || several.length > (http ? 0 : 1) || (numberOf(nodeAt(node, 'internal_port')) ?? 8080) !== port) return [undefined];
  const table = flyTable(file.text, http ? 'http_service' : 'services');
  if (!table) return [undefined];
  const quote = file.text.split("'").length > file.text.split('"').length ? "'" : '"';
  const unit = table.indent === '' ? '' : table.indent;
  const keys = ['grace_period = "10s"', 'interval = "30s"', 'method = "GET"', `path = "${path}"`, 'timeout = "5s"'];
  const head = `[[${http ? 'http_service.checks' : 'services.http_checks'}]]`;
  const lines = [head, ...keys.map((key) => unit + key.replaceAll('"', quote))].map((line) => table.below + line);
  return [insertLines(new LineMap(file.path, file.text), table.end, `\n${lines.join('\n')}`)];
};

/** The port that a label of a Nomad group leads to inside of the container. */
function labelledPort(hcl: HclText, offset: number, label: string): unknown {
  for (const job of blocksOf(hcl.body, 'job'))
    for (const group of blocksOf(job.body, 'group'))
      for (const network of holds(group, offset) ? blocksOf(group.body, 'network') : []) {
        const port = blocksOf(network.body, 'port').find(({ labels }) => labels[0] === label);
        if (port) return literalOf((attributeOf(port.body, 'to') ?? attributeOf(port.body, 'static'))?.value);
      }
  return undefined;
}

const addToNomad: Editor = ({ place, path, port, context }) => {
  const hcl = hclOf(context, place.path);
  if (!hcl) return [undefined];
  const offset = offsetAt(hcl, place);
  const group = blocksOf(hcl.body, 'job')
    .flatMap(({ body }) => blocksOf(body, 'group'))
    .find((each) => holds(each, offset));
  const task = group && blocksOf(group.body, 'task').find((each) => holds(each, offset));
  const services = [group, task].flatMap((holder) => (holder ? blocksOf(holder.body, 'service') : []));
  const [service] = services;
  const label = service && literalOf(attributeOf(service.body, 'port')?.value);
  if (!service || services.length > 1 || typeof label !== 'string' || labelledPort(hcl, offset, label) !== port) return [undefined];
  const lines = ['check {', '  type     = "http"', `  path     = "${path}"`, '  interval = "10s"', '  timeout  = "2s"', '}'];
  return [appendToBlock(hcl, service, lines)];
};

const timing = { interval: 30, timeout: 5, retries: 3, startPeriod: 10 };
/** `healthCheck` of a container definition: of Terraform, of CloudFormation in YAML. ECS runs the command in the container. */
const addToTask: Editor = ({ place, path, port, deployment, context }) => {
  const command = askCommand(deployment, `http://127.0.0.1:${port}${path}`);
  const hcl = hclOf(context, place.path);
  if (!command) return [undefined];
  if (hcl) {
    const object = objectAround(hcl, offsetAt(hcl, place));
    const words = `[${command.map((word) => JSON.stringify(word)).join(', ')}]`;
    const rest = Object.entries(timing).map(([key, value]) => `  ${key.padEnd(11)} = ${value}`);
    return [object && appendToObject(hcl, object, 'healthCheck', ['{', `  ${'command'.padEnd(11)} = ${words}`, ...rest, '}'])];
  }
  const yaml = yamlOf(context, place.path);
  const map = yaml && mapAround(yaml, place);
  if (!yaml || !map || !isMap(map)) return [undefined];
  const isLower = pairOf(map, 'name') !== undefined;
  const cased = (key: string): string => (isLower ? key : key[0]!.toUpperCase() + key.slice(1));
  const values = Object.fromEntries(Object.entries(timing).map(([key, value]): [string, YamlData] => [cased(key), value]));
  return [insertEntry(yaml, map, { [cased('healthCheck')]: { [cased('command')]: flowWords(command), ...values } })];
};

/** `health-check-type: http`. */
const addToCloudFoundry: Editor = ({ place, path, context }) => {
  const yaml = yamlOf(context, place.path);
  const map = yaml && mapAround(yaml, place);
  if (!yaml || !map || pairOf(map, 'health-check-http-endpoint')) return [undefined];
  const given = pairOf(map, 'health-check-type')?.value;
  const endpoint = { 'health-check-http-endpoint': path };
  if (!given) return [insertEntry(yaml, map, { 'health-check-type': 'http', ...endpoint })];
  const [start = 0] = given.range ?? [];
  const scalar = scalarAt(yaml, yaml.lines.place(start, start));
  return [scalar && replaceScalar(yaml, scalar, 'http'), insertEntry(yaml, map, endpoint, ['health-check-type'])];
};

function editorOf({ platform, workload: { value } }: Deployment): Editor | undefined {
  if (value.kind === 'Fly app') return addToFly;
  if (value.kind === 'Nomad group') return addToNomad;
  if (platform === 'ecs') return addToTask;
  return platform === 'cloud-foundry' ? addToCloudFoundry : undefined;
}

/**
 * The port that gets the requests, which the check then asks as well; `undefined` where the code names others only. That a variable
 * may be set elsewhere says nothing against it: whoever sets it has to keep to this port.
 */
function askedPort(service: Service, deployment: Deployment): number | undefined {
  const named = service.code
    .all('listen')
    .filter(({ value }) => value.purpose === 'main')
    .flatMap(({ value }) => service.literals(value.port).values.map((each) => Number(each.value)));
  // Cloud Foundry gives the port itself.
  if (deployment.platform === 'cloud-foundry') return 8080;
  const declared = declaredPorts(deployment.container) ?? [];
  const port = servedPort(service, deployment) ?? (declared.length === 1 ? declared[0] : undefined);
  const isGiven = port !== undefined && (declared.length === 0 || declared.includes(port));
  return isGiven && (named.length === 0 || named.includes(port)) ? port : undefined;
}

export function addPlatformCheck(finding: Finding, context: FixContext): readonly Fix[] {
  const service = serviceOf(finding, context);
  if (!service) return [];
  const edits = repeatedPlaces(finding).flatMap((place) => {
    const deployment = service.deployments.find(({ container }) => samePlace(container.namePlace, place));
    const path = deployment && prefer(healthRoutes(service, deployment), /read/i)?.path;
    const port = path === undefined ? undefined : askedPort(service, deployment!);
    if (!deployment || path === undefined || port === undefined) return [undefined];
    return editorOf(deployment)?.({ place, path, port, deployment, context }) ?? [undefined];
  });
  return makeFix('Add a health check that asks the route that the service has', true, edits);
}
