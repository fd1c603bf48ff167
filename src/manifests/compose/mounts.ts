/** Volumes of a Compose service: short and long syntax, tmpfs (Compose specification, 05-services). */
import type { Container, Volume } from '../../facts.ts';
import { booleanOf, entriesOf, itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Place } from '../../types.ts';
import { interpolate } from './interpolate.ts';
import { present, settingOf, textSetting, textsOf } from './settings.ts';

interface Mounted {
  readonly volume: Volume;
  readonly mount: Container['mounts'][number];
}

const isHostPath = (source: string): boolean => /^(?:\.|\/|~|[A-Za-z]:[\\/]|\$)/.test(source);
const typeOf = (type: string | undefined, source: string | undefined): Volume['type'] => {
  if (type === 'bind' || type === 'tmpfs') return type;
  if (source === undefined || source === '') return 'ephemeral';
  return isHostPath(source) ? 'bind' : 'named';
};

/** A path of the machine stays one, whatever a variable in it says: `/srv/${STACK}/uploads`. */
function sourceOf(source: string, place: Place): NonNullable<Volume['source']> {
  const setting = settingOf(source, place);
  return setting.known || !/^[/~]/.test(source) ? setting : { ...setting, written: source };
}

function mounted(type: Volume['type'], source: string | undefined, target: string, readOnly: boolean, place: Place): Mounted {
  const name = source ?? target;
  return {
    volume: { name, type, ...(source ? { source: sourceOf(source, place) } : {}), ...(readOnly ? { readOnly } : {}), place },
    mount: { volume: name, path: settingOf(target, place), readOnly, place },
  };
}

/** `source:target:mode`; variables may hold colons, and Windows paths a drive. */
function readShort(text: string, place: Place): Mounted | undefined {
  const parts = splitOutsideVariables(text);
  if (parts.length > 1 && /^[A-Za-z]$/.test(parts[0]!) && /^[\\/]/.test(parts[1]!)) parts.splice(0, 2, `${parts[0]}:${parts[1]}`);
  const [first, second, mode = ''] = parts;
  if (!first) return undefined;
  if (second === undefined) return mounted('ephemeral', undefined, first, false, place);
  const filled = interpolate(first).text;
  return mounted(typeOf(undefined, filled), first, second, mode.split(',').includes('ro'), place);
}

/** Splits at colons that are not inside `${…}`. */
export function splitOutsideVariables(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}') depth--;
    else if (text[at] === ':' && depth <= 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function readLong(node: YamlNode): Mounted | undefined {
  const source = textOf(nodeAt(node, 'source')) ?? textOf(nodeAt(node, 'src'));
  const target = textOf(nodeAt(node, 'target')) ?? textOf(nodeAt(node, 'destination')) ?? textOf(nodeAt(node, 'dst'));
  if (target === undefined) return undefined;
  const readOnly = booleanOf(nodeAt(node, 'read_only')) === true;
  return mounted(typeOf(textSettingText(nodeAt(node, 'type')), source), source, target, readOnly, node.place);
}
const textSettingText = (node: YamlNode | undefined): string | undefined => {
  const setting = textSetting(node);
  return setting?.known ? setting.value : undefined;
};

/**
 * Named volumes of a file that are a folder of the machine: the local driver binds it (`o: bind`). Of a share, `device` is no path.
 * https://docs.docker.com/reference/compose-file/volumes/#driver_opts
 */
export function readBound(root: YamlNode): ReadonlyMap<string, Volume['source'] & object> {
  return new Map(
    entriesOf(nodeAt(root, 'volumes')).flatMap(({ key, value }) => {
      const options = textOf(nodeAt(value, 'driver_opts', 'o')) ?? '';
      const device = textSetting(nodeAt(value, 'driver_opts', 'device'));
      const isLocal = (textOf(nodeAt(value, 'driver')) ?? 'local') === 'local';
      return isLocal && device && options.split(',').some((option) => option.trim() === 'bind') ? [[key, device] as const] : [];
    }),
  );
}

/** All mounts of a service with the volume behind each. */
export function readMounts(
  service: YamlNode,
  bound: ReturnType<typeof readBound>,
): { volumes: readonly Volume[]; mounts: Container['mounts'] } {
  const listed = itemsOf(present(nodeAt(service, 'volumes'))).flatMap((item) => {
    const text = scalarOf(item)?.text;
    const result = text === undefined ? readLong(item) : readShort(text, item.place);
    return result ?? [];
  });
  const temporary = textsOf(nodeAt(service, 'tmpfs')).map(({ text, place }) =>
    mounted('tmpfs', undefined, text.split(':')[0]!, false, place),
  );
  const all = [...listed, ...temporary];
  const withSource = (volume: Volume): Volume => {
    const source = volume.type === 'named' ? bound.get(volume.name) : undefined;
    return source ? { ...volume, source, place: source.place } : volume;
  };
  const volumes = new Map(all.toReversed().map(({ volume }) => [volume.name, withSource(volume)] as const));
  return { volumes: [...volumes.values()].reverse(), mounts: all.map(({ mount }) => mount) };
}
