/** How long a platform waits for a shutdown, in the form of each manifest that can say it. */
import { hclAsTree } from '../text/hcl-tree.ts';
import { LineMap } from '../text/positions.ts';
import { insertLines, lineStart, nextLine, replaceRange } from '../text/text-edits.ts';
import { readToml } from '../text/toml-document.ts';
import { nodeAt, scalarOf } from '../text/yaml-access.ts';
import type { YamlNode } from '../text/yaml-document.ts';
import { insertEntry, mapAround, mapBelow, replaceScalar, scalarAt } from '../text/yaml-edit.ts';
import type { Deployment, Edit, Place, Service, SourceFile } from '../types.ts';
import { type FixContext, type FixMaker, makeFix, repeatedPlaces, samePlace, serviceOf } from './fix-maker.ts';
import { addTopLevelKey } from './fly.ts';
import { manifestMap, valueOfKey, yamlOf } from './manifests.ts';

interface Wanted {
  /** Where the setting stands, or what it belongs to. */
  readonly place: Place;
  readonly isSet: boolean;
  readonly seconds: number;
  readonly context: FixContext;
}
type Editor = (wanted: Wanted) => Edit | undefined;

/** A number in YAML; without one an entry of the mapping that `holder` finds. */
function editYaml({ place, isSet, seconds, context }: Wanted, key: string, of: typeof valueOfKey, unit = ''): Edit | undefined {
  const yaml = yamlOf(context, place.path);
  const value = unit === '' ? seconds : `${seconds}${unit}`;
  const scalar = yaml && isSet ? scalarAt(yaml, place) : undefined;
  if (yaml && scalar) return replaceScalar(yaml, scalar, value);
  const map = yaml && !isSet ? of(yaml, place) : undefined;
  return yaml && map && insertEntry(yaml, map, { [key]: value });
}

/** The scalar at a place in other forms than YAML, in its own quotes. */
function rewrite(file: SourceFile, { place }: YamlNode, text: string): Edit {
  const lines = new LineMap(file.path, file.text);
  const start = lines.offset(place.line, place.column);
  const quote = /["']/.exec(file.text[start]!)?.[0];
  return { place, text: quote ? quote + text + quote : JSON.stringify(text) };
}

const editFly: Editor = ({ place, seconds, context }) => {
  const file = context.source(place.path);
  const root = file?.path.endsWith('.toml') ? readToml(file).root : undefined;
  if (!file || !root || seconds > 300) return undefined;
  const given = scalarOf(nodeAt(root, 'kill_timeout'));
  if (given) return rewrite(file, given, `${seconds}s`);
  return addTopLevelKey(file, root, `kill_timeout = "${seconds}s"`);
};

/** Clients of Nomad cut the time at 30 seconds unless their `max_kill_timeout` says more. */
const editNomad: Editor = ({ place, seconds, context }) => {
  const file = context.source(place.path);
  if (!file || seconds > 30) return undefined;
  const task = taskAt(hclAsTree(file).root, place);
  const given = scalarOf(nodeAt(task, 'kill_timeout'));
  if (given) return rewrite(file, given, `${seconds}s`);
  const driver = scalarOf(nodeAt(task, 'driver'));
  if (!driver) return undefined;
  const lines = new LineMap(file.path, file.text);
  const start = lineStart(file.text, lines.offset(driver.place.line, driver.place.column));
  const indent = /^[ \t]*/.exec(file.text.slice(start))![0];
  return insertLines(lines, nextLine(file.text, start), `\n${indent}kill_timeout = "${seconds}s"`);
};

/** The task whose block or `kill_timeout` stands at a place. */
function taskAt(root: YamlNode, place: Place): YamlNode | undefined {
  const below = (nodes: readonly YamlNode[], type: string): readonly YamlNode[] =>
    nodes.flatMap((node) => {
      const blocks = nodeAt(node, type);
      return blocks?.kind === 'list' ? blocks.items : [];
    });
  const tasks = below(below(below([root], 'job'), 'group'), 'task');
  return tasks.find((task) => [task, nodeAt(task, 'kill_timeout')].some((node) => node && samePlace(node.place, place)));
}

const editRailway: Editor = (wanted) => {
  const { place, isSet, seconds, context } = wanted;
  if (!isSet) return undefined;
  if (!place.path.endsWith('.toml')) return editYaml(wanted, 'drainingSeconds', () => undefined);
  const file = context.source(place.path);
  const lines = file && new LineMap(file.path, file.text);
  if (!file || !lines) return undefined;
  const start = lines.offset(place.line, place.column);
  const digits = /^\d+/.exec(file.text.slice(start, start + 10))?.[0];
  return digits ? replaceRange(lines, start, start + digits.length, String(seconds)) : undefined;
};

/** "Must be between 1 and 300" (Render, `maxShutdownDelaySeconds`). */
const editRender: Editor = (wanted) =>
  wanted.seconds > 300 ? undefined : editYaml(wanted, 'maxShutdownDelaySeconds', (yaml, place) => mapAround(yaml, place));

const editorOf = ({ platform, workload: { value } }: Deployment): Editor | undefined => {
  if (platform === 'compose') return (wanted) => editYaml(wanted, 'stop_grace_period', valueOfKey, 's');
  if (platform === 'kubernetes')
    return (wanted) =>
      editYaml(wanted, 'terminationGracePeriodSeconds', (yaml, place) => mapBelow(manifestMap(yaml, place), 'spec', 'template', 'spec'));
  if (value.kind === 'Fly app') return editFly;
  if (value.kind === 'Nomad group') return editNomad;
  if (value.kind === 'Railway service') return editRailway;
  return value.kind.startsWith('Render ') ? editRender : undefined;
};

function editGrace(place: Place, seconds: number, service: Service | undefined, context: FixContext): Edit | undefined {
  const deployment = service?.deployments.find(({ workload: { value } }) => samePlace(value.gracePeriod?.place ?? value.namePlace, place));
  const given = deployment?.workload.value.gracePeriod;
  // Some platforms tell their default as if it were written, at the name of what it belongs to.
  const isSet = given !== undefined && !samePlace(given.place, deployment!.workload.value.namePlace);
  return deployment && editorOf(deployment)?.({ place, isSet, seconds, context });
}

/** Seconds that platforms wait when a manifest says nothing: Kubernetes 30, Compose 10. */
const defaults: Readonly<Record<string, number>> = { kubernetes: 30, compose: 10 };

/** For a shutdown that takes this long from now on: longer where the platform would not wait for it. */
export function waitFor(seconds: number, service: Service, context: FixContext): readonly (Edit | undefined)[] {
  // A workload may stand for several sets of values.
  const each = service.deployments.filter(
    ({ workload }, index, all) => all.findIndex((other) => samePlace(other.workload.value.namePlace, workload.value.namePlace)) === index,
  );
  return each.flatMap(({ platform, purpose, container: { preStop }, workload: { value } }) => {
    const given = value.gracePeriod?.known ? value.gracePeriod.value : value.gracePeriod ? undefined : defaults[platform];
    const needed = seconds + (preStop?.seconds ?? 0);
    const isShort = given !== undefined && given < needed && value.longRunning && purpose !== 'development' && purpose !== 'test';
    return isShort ? [editGrace(value.gracePeriod?.place ?? value.namePlace, needed + 5, service, context)] : [];
  });
}

export const gracePeriodShort: FixMaker = {
  rule: 'grace-period-short',
  offers: [{ what: 'wait longer than the shutdown may take (Kubernetes, Compose, Fly, Nomad, Render, Railway)', safe: true }],
  make(finding, context) {
    const seconds = Number(finding.data['needed']) + 5;
    const service = serviceOf(finding, context);
    if (!Number.isInteger(seconds)) return [];
    const edits = repeatedPlaces(finding).map((place) => editGrace(place, seconds, service, context));
    return makeFix(`Wait ${seconds} seconds before the kill`, true, edits);
  },
};
