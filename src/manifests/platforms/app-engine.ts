/**
 * app.yaml of App Engine → a workload (cloud.google.com/appengine/docs/standard/reference/app-yaml and
 * …/flexible/reference/app-yaml). Both environments scale by themselves unless manual scaling is written.
 */
import type { Container, Probe, Workload } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { entriesOf, entryAt, nodeAt, numberOf, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';
import {
  autoscaler,
  baseName,
  emptyContainer,
  entryPlace,
  envEntry,
  folderOf,
  given,
  known,
  numberSetting,
  shellCommand,
  textSetting,
  unknown,
  workload,
} from './facts.ts';

const kind = 'App Engine service';
/** Instance classes of the standard environment and their memory in MB ("Instance classes"). */
const classes: Readonly<Record<string, number>> = {
  F1: 384,
  F2: 768,
  F4: 1536,
  F4_1G: 3072,
  B1: 384,
  B2: 768,
  B4: 1536,
  B4_1G: 3072,
  B8: 3072,
};

const isFlexible = (root: YamlNode): boolean => /^flex/i.test(textOf(nodeAt(root, 'env')) ?? '') || textOf(nodeAt(root, 'vm')) === 'true';

/** `initial_delay_sec`… on a path; the flexible environment asks it of the application once it is written. */
function readCheck(root: YamlNode, name: string): Probe | undefined {
  const check = nodeAt(root, name);
  const path = textSetting(nodeAt(check, 'path'));
  return check && path ? { type: 'http', path, place: check.place } : undefined;
}

function readResources(root: YamlNode): Container['resources'] {
  const classNode = nodeAt(root, 'instance_class');
  const size = classes[textOf(classNode)?.toUpperCase() ?? ''];
  const resources = nodeAt(root, 'resources');
  const gigabytes = numberOf(nodeAt(resources, 'memory_gb'));
  const memory =
    gigabytes !== undefined
      ? known(gigabytes * 1024 ** 3, nodeAt(resources, 'memory_gb')!.place)
      : size !== undefined && classNode
        ? known(size * 1024 ** 2, classNode.place)
        : undefined;
  const cpu = numberSetting(nodeAt(resources, 'cpu'));
  return given<Container['resources']>({
    cpuRequest: cpu,
    cpuLimit: cpu,
    memoryRequest: memory,
    memoryLimit: memory,
    place: resources?.place ?? classNode?.place,
  });
}

/** Automatic scaling is the default; `max_num_instances` is 20 in the flexible environment where nothing is said. */
function readScaling(root: YamlNode, of: Workload): AnyFact | undefined {
  if (nodeAt(root, 'manual_scaling')) return undefined;
  const automatic = nodeAt(root, 'automatic_scaling');
  const basic = nodeAt(root, 'basic_scaling');
  const min = nodeAt(automatic, 'min_instances') ?? nodeAt(automatic, 'min_num_instances');
  const max = nodeAt(automatic, 'max_instances') ?? nodeAt(automatic, 'max_num_instances') ?? nodeAt(basic, 'max_instances');
  const place = (automatic ? entryAt(root, 'automatic_scaling') : basic && entryAt(root, 'basic_scaling'))?.keyPlace ?? of.namePlace;
  return autoscaler(
    of,
    {
      kind: basic ? 'App Engine basic scaling' : 'App Engine automatic scaling',
      name: of.name,
      min: numberSetting(min) ?? known(isFlexible(root) ? 2 : 0, place),
      max: numberSetting(max) ?? unknown('the platform decides', place),
      otherMetrics: ['requests'],
    },
    place,
  );
}

function readAffinity(root: YamlNode, name: string, file: string, namePlace: Place): readonly AnyFact[] {
  const node = nodeAt(root, 'network', 'session_affinity');
  if (textOf(node)?.toLowerCase() !== 'true') return [];
  const address = `App Engine ${name}`;
  return [
    {
      kind: 'exposure',
      place: namePlace,
      confidence: 'certain',
      value: {
        name: address,
        selector: { 'app-engine': `${file}:${name}` },
        ports: [],
        headless: false,
        purpose: purposeOf(file),
        namePlace,
      },
    },
    {
      kind: 'sticky-routing',
      place: node!.place,
      confidence: 'certain',
      value: { how: 'session affinity of App Engine', to: [address], purpose: purposeOf(file) },
    },
  ];
}

/** Services of static files only have handlers without a script. */
function isProgram(root: YamlNode): boolean {
  const handlers = nodeAt(root, 'handlers');
  if (nodeAt(root, 'entrypoint') || handlers?.kind !== 'list' || handlers.items.length === 0) return true;
  return handlers.items.some((handler) => nodeAt(handler, 'script') !== undefined) || !handlers.items.some(catchesAll);
}
const catchesAll = (handler: YamlNode): boolean => /^\/(?:\.\*|\(\.\*\)|\(\.\+\)|\.\+)?$/.test(textOf(nodeAt(handler, 'url')) ?? '');

/** Python of the standard environment serves `app` of `main.py` where no entrypoint is written ("Python 3 runtime environment"). */
const defaultCommand = (root: YamlNode, runtime: YamlNode): Container['command'] =>
  /^python3\d{0,2}$/.test(textOf(runtime) ?? '') && !isFlexible(root)
    ? known(['exec gunicorn --bind :$PORT main:app'], runtime.place)
    : undefined;

function readApp(root: YamlNode, file: string): readonly AnyFact[] {
  const runtimeEntry = entryAt(root, 'runtime');
  if (!runtimeEntry || !isProgram(root)) return [];
  const serviceNode = nodeAt(root, 'service') ?? nodeAt(root, 'module');
  const name = textOf(serviceNode) ?? 'default';
  const namePlace = serviceNode?.place ?? runtimeEntry.value.place;
  const command = shellCommand(nodeAt(root, 'entrypoint')) ?? defaultCommand(root, runtimeEntry.value);
  const manual = numberSetting(nodeAt(root, 'manual_scaling', 'instances'));
  const readiness = readCheck(root, 'readiness_check');
  const container = given<Container>({
    ...emptyContainer(name, root.place, namePlace),
    command,
    shell: command ? true : undefined,
    env: [...entriesOf(nodeAt(root, 'env_variables')), ...entriesOf(nodeAt(root, 'build_env_variables'))].map((entry) =>
      envEntry(entry.key, entry.value, entryPlace(entry)),
    ),
    readiness,
    liveness: readCheck(root, 'liveness_check'),
    resources: readResources(root),
  });
  const of = workload(
    given<Parameters<typeof workload>[0]>({
      kind,
      name,
      purpose: purposeOf(file),
      containers: [container],
      namePlace,
      labels: { 'app-engine': `${file}:${name}` },
      replicas: manual,
      build: given<NonNullable<Workload['build']>>({
        context: folderOf(file),
        native: textOf(runtimeEntry.value) === 'custom' ? undefined : true,
        args: {},
        place: runtimeEntry.value.place,
      }),
    }),
    namePlace,
  );
  const scaler = readScaling(root, of.value as Workload);
  return [of, ...(scaler ? [scaler] : []), ...readAffinity(root, name, file, namePlace)];
}

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  return { facts: documents.slice(0, 1).flatMap((root) => readApp(root, file.path)), notAssessed };
}

const named = /^(?:app|[\w-]+[._-]app|app[._-][\w.-]+|[\w-]+)\.ya?ml$/i;
const runtimes =
  /^runtime[ \t]*:[ \t]*["']?(?:python(?:-compat|\d{0,3})|nodejs\d{0,2}|java\d{0,2}|go(?:\d{1,3})?|go1\.\d+|php\d{0,2}|ruby\d{0,2}|custom|aspnetcore|dotnet\d*)["']?[ \t]*(?:#.*)?\r?$/m;
/** Something that only App Engine has beside a runtime. */
const marks =
  /^(?:env[ \t]*:[ \t]*["']?(?:flex|flexible|standard)\b|instance_class|handlers|env_variables|automatic_scaling|manual_scaling|basic_scaling|entrypoint|runtime_config|inbound_services|app_engine_apis|beta_settings|liveness_check|readiness_check|vpc_access_connector|threadsafe|default_expiration)/m;

export const appEngineAdapter: Adapter = {
  id: 'app-engine',
  needsText: (path) => named.test(baseName(path)),
  classify(path, head) {
    if (head === undefined || !named.test(baseName(path)) || !runtimes.test(head) || /^(?:apiVersion|services|kind)[ \t]*:/m.test(head))
      return false;
    return /^app[\w.-]*\.ya?ml$/i.test(baseName(path)) || marks.test(head);
  },
  extract,
};
