/**
 * railway.json and railway.toml → a workload (docs.railway.com/config-as-code/reference). They override the dashboard, so what they say
 * counts; what they leave out may be set there. Railway has neither sticky sessions nor disks that copies share.
 */
import type { Container, Setting, Workload } from '../../facts.ts';
import { jsonAsTree } from '../../text/json-tree.ts';
import { purposeOf } from '../../text/purpose.ts';
import { readToml } from '../../text/toml-document.ts';
import { entriesOf, itemsOf, nodeAt, numberOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, NotAssessed, Place, SourceFile } from '../../types.ts';
import {
  baseName,
  emptyContainer,
  folderOf,
  given,
  joinBelow,
  known,
  numberSetting,
  shellCommand,
  textSetting,
  unknown,
  workload,
} from './facts.ts';

const kind = 'Railway service';

/** The number of all regions together. */
function replicasOf(deploy: YamlNode | undefined, namePlace: Place): Setting<number> {
  const regions = entriesOf(nodeAt(deploy, 'multiRegionConfig')).flatMap(({ value }) => nodeAt(value, 'numReplicas') ?? []);
  const [first] = regions;
  if (!first) return numberSetting(nodeAt(deploy, 'numReplicas')) ?? unknown('the dashboard decides', namePlace);
  const counts = regions.map(numberOf);
  if (counts.includes(undefined)) return unknown('it is no number', first.place);
  return known(
    (counts as readonly number[]).reduce((sum, count) => sum + count, 0),
    first.place,
  );
}

/** The folder of a service is chosen in the dashboard: by convention that of the file. */
function buildOf(root: YamlNode, folder: string, namePlace: Place): NonNullable<Workload['build']> {
  const build = nodeAt(root, 'build');
  const written = nodeAt(build, 'dockerfilePath');
  const path = textOf(written);
  const isNative = /^(?:nixpacks|railpack|heroku|paketo)$/i.test(textOf(nodeAt(build, 'builder')) ?? '');
  return given<NonNullable<Workload['build']>>({
    context: folder,
    dockerfile: path === undefined ? undefined : joinBelow(path.startsWith('/') ? '' : folder, path),
    native: isNative && path === undefined ? true : undefined,
    conventional: true,
    args: {},
    place: written?.place ?? namePlace,
  });
}

const commandsOf = (node: YamlNode | undefined): readonly YamlNode[] => (node?.kind === 'list' ? itemsOf(node) : node ? [node] : []);

function readService(root: YamlNode, file: string): readonly AnyFact[] {
  const deploy = nodeAt(root, 'deploy');
  if (!deploy && !nodeAt(root, 'build')) return [];
  const folder = folderOf(file);
  const name = folder.split('/').at(-1) || 'railway';
  const namePlace = deploy?.place ?? root.place;
  const head = { ...namePlace, endLine: namePlace.line, endColumn: namePlace.column + 1 };
  const command = shellCommand(nodeAt(deploy, 'startCommand'));
  const path = textSetting(nodeAt(deploy, 'healthcheckPath'));
  const build = buildOf(root, folder, head);
  const container = given<Container>({
    ...emptyContainer(name, namePlace, head),
    command,
    shell: command ? true : undefined,
    readiness: path && { type: 'http', path, place: path.place },
  });
  const shared = { purpose: purposeOf(file), build };
  const of = workload(
    given<Parameters<typeof workload>[0]>({
      ...shared,
      kind,
      name,
      containers: [container],
      namePlace: head,
      longRunning: nodeAt(deploy, 'cronSchedule') === undefined || textOf(nodeAt(deploy, 'cronSchedule')) === undefined,
      replicas: replicasOf(deploy, head),
      gracePeriod: numberSetting(nodeAt(deploy, 'drainingSeconds')),
    }),
    head,
  );
  const releases = commandsOf(nodeAt(deploy, 'preDeployCommand')).flatMap((node): readonly AnyFact[] => {
    const before = shellCommand(node);
    if (!before) return [];
    const step = given<Container>({ ...emptyContainer(`${name}-pre-deploy`, node.place, node.place), command: before, shell: true });
    const parts = { ...shared, kind: 'Railway pre-deploy command', name: `${name}-pre-deploy`, namePlace: node.place };
    return [workload({ ...parts, containers: [step], longRunning: false }, node.place)];
  });
  return [of, ...releases.slice(0, 20)];
}

function extract(file: SourceFile): Extraction {
  const { root, notAssessed } = file.path.endsWith('.toml') ? readToml(file) : asResult(jsonAsTree(file));
  return { facts: root ? readService(root, file.path) : [], notAssessed };
}
const asResult = (read: YamlNode | NotAssessed): { readonly root?: YamlNode; readonly notAssessed: readonly NotAssessed[] } =>
  'reason' in read ? { notAssessed: [read] } : { root: read, notAssessed: [] };

const named = /^railway(?:[._-][\w-]+)*\.(?:json|toml)$/i;

export const railwayAdapter: Adapter = {
  id: 'railway',
  needsText: (path) => named.test(baseName(path)) && !/^railway\.(?:json|toml)$/.test(baseName(path)),
  classify: (path, head) =>
    named.test(baseName(path)) &&
    (/^railway\.(?:json|toml)$/.test(baseName(path)) || (head !== undefined && /railway\.(?:app|com)\/|^\[(?:build|deploy)\]/m.test(head))),
  extract,
};
