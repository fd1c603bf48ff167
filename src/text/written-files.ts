/** Where files that code writes end up when it runs in a container: on the disk of one copy, or on a volume. */
import type { Setting, Value, Volume } from '../facts.ts';
import type { Deployment, Place, Service } from '../types.ts';
import { mountsSource } from './compose-questions.ts';
import { isProduction } from './workload-questions.ts';

/** `lost` with the container, `scratch` that is meant to be lost, kept on one `machine`, `shared` by all copies. */
export interface Keeping {
  readonly how: 'lost' | 'scratch' | 'machine' | 'shared' | 'unknown';
  /** The mount that says so. */
  readonly place?: Place;
}
const worstFirst: readonly Keeping['how'][] = ['lost', 'scratch', 'machine', 'unknown', 'shared'];

/** `Data Source=/data/shop.db;Cache=Shared` of SQLite names a file. */
const fileOfConnection = (text: string): string =>
  /^(?:data ?source|datasource|filename)\s{0,5}=/i.test(text) ? text.replace(/^[^=]*=\s*/, '').replace(/;.*$/s, '') : text;

/** What a path begins with where the service is deployed, or in one of its deployments; `''` when nothing of it can be read. */
export function writtenPaths(service: Service, target: Value | undefined, deployment?: Deployment): readonly string[] {
  if (!target) return [''];
  const whole = service.literals(target, deployment).values.map(({ value }) => fileOfConnection(String(value)));
  if (whole.length > 0) return [...new Set(whole)];
  if (target.is === 'choice') return [...new Set(target.options.flatMap(({ value }) => writtenPaths(service, value, deployment)))];
  if (target.is !== 'text') return [''];
  let start = '';
  for (const part of target.parts) {
    const [only, ...more] = service.literals(part, deployment).values;
    // The name that goes on with something unknown is no folder yet.
    if (!only || more.length > 0) return [start.slice(0, start.lastIndexOf('/') + 1)];
    start += String(only.value);
  }
  return [start];
}

/** Where the text that a value begins with is written: a constant, a setting, the default of a variable. */
export function writtenAt(value: Value | undefined, depth = 0): Place | undefined {
  if (!value || depth > 6) return undefined;
  if (value.is === 'literal') return value.value === '' || value.value === null ? undefined : value.place;
  if (value.is === 'env') return writtenAt(value.fallback, depth + 1);
  const inner = value.is === 'text' ? value.parts : value.is === 'choice' ? value.options.map((option) => option.value) : [];
  for (const one of inner) {
    const place = writtenAt(one, depth + 1);
    if (place) return place;
  }
  return undefined;
}

/**
 * True when the code tells where the path comes from: written, a variable of the environment, or a setting.
 * A parameter that no caller explains may as well be a temporary folder.
 */
export function hasKnownRoot(target: Value | undefined, depth = 0): boolean {
  if (!target || depth > 6) return false;
  const again = (inner: Value | undefined): boolean => hasKnownRoot(inner, depth + 1);
  switch (target.is) {
    case 'literal':
      return target.value !== '' && target.value !== null;
    case 'env':
    case 'package':
    case 'class':
    case 'object':
      return true;
    case 'text':
      return again(target.parts.find((part) => part.is !== 'literal' || part.value !== ''));
    case 'choice':
      return target.options.some(({ value }) => again(value));
    case 'member':
      return again(target.of) || (namesFolder(target.name) && isSetting(target));
    default:
      return false;
  }
}

const namesFolder = (name: string): boolean => /dir|path|folder|root/i.test(name);
/** A field of something that holds more, or of a file of settings that was read: `JSON.parse(readFileSync('settings.json')).uploadPath`. */
function isSetting(target: Extract<Value, { is: 'member' }>): boolean {
  const { of, name } = target;
  if (of.is === 'member') return !startsAtParameter(target);
  const isRead =
    of.is === 'made' && of.callee.is === 'package' && of.callee.package === 'fs' && /^(?:promises\.)?readFile/.test(of.callee.path);
  return isRead && !/te?mp|cache/i.test(name);
}

function startsAtParameter(value: Value): boolean {
  let inner = value;
  while (inner.is === 'member') inner = inner.of;
  return inner.is === 'parameter';
}

/** Segments without `.`; `..` takes one away where there is one. */
function segmentsOf(path: string): string[] {
  const segments: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  return segments;
}

const known = (setting: Setting<string> | undefined): string | undefined => (setting?.known ? setting.value : undefined);
const workdirOf = ({ container, image }: Deployment): string | undefined =>
  known(container.workingDir) ?? image?.lineage.map(({ workdir }) => known(workdir)).find((workdir) => workdir !== undefined);

/** Whether a mount holds the path. Where the program lies in the image is often unknown, so names decide as well. */
function holds(mount: string, path: string, workdir: string | undefined): boolean {
  const at = segmentsOf(mount);
  const absolute = path.startsWith('/') ? path : workdir === undefined ? undefined : `${workdir}/${path}`;
  const written = segmentsOf(absolute ?? path);
  if (at.length > 0 && at.every((segment, index) => written[index] === segment)) return true;
  const name = at.at(-1);
  return !path.startsWith('/') && name !== undefined && segmentsOf(path).slice(0, 3).includes(name);
}

function keepingOfVolume(volume: Volume, deployment: Deployment): Keeping['how'] | undefined {
  switch (volume.type) {
    case 'claim': {
      const modes = deployment.claims.find((claim) => claim.volume === volume.name)?.claim?.value.accessModes;
      return modes?.known ? (modes.value.includes('ReadWriteMany') ? 'shared' : 'machine') : 'unknown';
    }
    case 'named':
    case 'host-path':
      return 'machine';
    case 'bind':
      return mountsSource(deployment.workload, volume) ? undefined : 'machine';
    case 'empty-dir':
    case 'tmpfs':
    case 'ephemeral':
      return 'scratch';
    case 'other':
      return 'unknown';
    default:
      return undefined;
  }
}

function keepingIn(deployment: Deployment, path: string): Keeping {
  const { value } = deployment.workload;
  const workdir = workdirOf(deployment);
  const found = deployment.container.mounts.flatMap((mount): (Keeping & { readonly path: string })[] => {
    if (mount.readOnly || !mount.path.known) return [];
    if (path !== '' && !holds(mount.path.value, path, workdir)) return [];
    const volume = value.volumes.find(({ name }) => name === mount.volume);
    const how = value.claimTemplates.includes(mount.volume) ? 'machine' : volume && keepingOfVolume(volume, deployment);
    // A path that cannot be read is somewhere: on a data volume if there is one.
    if (!how || (path === '' && how === 'scratch')) return [];
    return [{ how, place: mount.place, path: mount.path.value }];
  });
  found.sort((a, b) => b.path.length - a.path.length);
  const [nearest] = found;
  return nearest ? { how: nearest.how, place: nearest.place } : { how: 'lost' };
}

/** The worst that happens to files of this path in any production deployment: each has volumes and variables of its own. */
export function keepingOf(service: Service, target: Value | undefined): Keeping {
  const deployments = service.deployments.filter((deployment) => isProduction(deployment) && deployment.workload.value.longRunning);
  const all = deployments.flatMap((deployment) => writtenPaths(service, target, deployment).map((path) => keepingIn(deployment, path)));
  return all.sort((a, b) => worstFirst.indexOf(a.how) - worstFirst.indexOf(b.how))[0] ?? { how: 'lost' };
}

/** Folders of the system that are emptied, and devices. */
export const isScratchPath = (path: string): boolean => /^\/(?:tmp|var\/tmp|run|dev|proc)(?:\/|$)/.test(path);

/** The folder of a path as people name it: `uploads`, `/data/files`. */
export function folderNamed(path: string): string {
  const segments = segmentsOf(path);
  if (segments.length === 0) return '';
  const last = segments.at(-1)!;
  const isFile = !path.endsWith('/') && /\.\w{1,6}$/.test(last);
  return `${path.startsWith('/') ? '/' : ''}${(isFile && segments.length > 1 ? segments.slice(0, -1) : segments).join('/')}`;
}
