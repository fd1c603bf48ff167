/**
 * Units of systemd: a service is a workload of one host, a timer makes the service that it names a job
 * (systemd.service(5), systemd.exec(5), systemd.kill(5), systemd.timer(5)).
 */
import type { Container, EnvEntry, EnvSource, Setting, Workload } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { maskCommand, safeSetting } from '../../text/secret-shapes.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import { readUnitFile, type UnitSetting } from './unit-file.ts';
import { secondsOf, sizeOf } from './values.ts';

const kind = 'systemd unit';
/** `DefaultTimeoutStopSec=90s` (systemd-system.conf(5)). */
const defaultGrace = 90;

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
/** `shop@.service` is `shop`. */
const unitName = (path: string): string => baseName(path).replace(/@?\.(?:service|timer)$/, '');
const isTemplate = (path: string): boolean => path.endsWith('@.service');

type Settings = readonly UnitSetting[];
const allOf = (settings: Settings, ...keys: readonly string[]): Settings =>
  settings.filter(({ section, key }) => section === 'Service' && keys.includes(key));
/** The last one counts; an empty one takes back what was said before. */
function lastOf(settings: Settings, ...keys: readonly string[]): UnitSetting | undefined {
  const found = allOf(settings, ...keys).at(-1);
  return found && found.text !== '' ? found : undefined;
}

/** A program without the signs that say how it is started (`-`, `@`, `+`…); `%h` is a home, what else `%` stands for is not known. */
function readCommand(settings: Settings): Container['command'] {
  const start = lastOf(settings, 'ExecStart');
  if (!start) return undefined;
  const [program = '', ...rest] = start.words.map(({ text }) => text.replaceAll('%h', '/home/user').replaceAll('%%', '%'));
  const words = [program.replace(/^[-@:+!|]+/, ''), ...rest];
  const isMade = words[0]!.includes('%') || words.some((word) => /\{\{|@[A-Za-z][\w.]*@|<%/.test(word));
  if (isMade) return { known: false, because: 'it is filled in when the unit is installed', place: start.place };
  return { known: true, value: words.map(maskCommand), place: start.place };
}

function readVariables(settings: Settings): readonly EnvEntry[] {
  const given = allOf(settings, 'Environment');
  const from = given.findLastIndex(({ text }) => text === '') + 1;
  return given.slice(from).flatMap(({ words }) =>
    words.slice(0, 200).flatMap(({ text, place }): EnvEntry[] => {
      const at = text.indexOf('=');
      if (at < 1) return [];
      const name = text.slice(0, at);
      const value = text.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2');
      const isOpen = value.includes('%') && /%[a-zA-Z]/.test(value);
      return [{ name, value: isOpen ? { known: false, because: 'systemd fills it in', place } : safeSetting(name, value, place), place }];
    }),
  );
}

/** Files that hosts hold; one in the working directory is meant to be that of the repository. */
function readFiles(settings: Settings, workdir: string | undefined): readonly EnvSource[] {
  return allOf(settings, 'EnvironmentFile').flatMap(({ text, place }): EnvSource[] => {
    const path = text.replace(/^-/, '');
    if (path === '') return [];
    const inside = workdir !== undefined && path.startsWith(`${workdir}/`) ? path.slice(workdir.length + 1) : path;
    return [{ kind: 'env-file', name: inside, ...(text.startsWith('-') ? { optional: true } : {}), place }];
  });
}

const asSetting = <T>(from: UnitSetting, value: T | undefined): Setting<T> =>
  value === undefined
    ? { known: false, because: 'it has an unexpected form', place: from.place }
    : { known: true, value, place: from.place };

function readResources(settings: Settings): Container['resources'] {
  const memory = lastOf(settings, 'MemoryMax', 'MemoryLimit');
  const quota = lastOf(settings, 'CPUQuota');
  const share = quota && /^(\d{1,6})%$/.exec(quota.text)?.[1];
  return {
    ...(memory ? { memoryLimit: asSetting(memory, sizeOf(memory.text)) } : {}),
    ...(quota ? { cpuLimit: asSetting(quota, share === undefined ? undefined : Number(share) / 100) } : {}),
    ...(memory || quota ? { place: (memory ?? quota)!.place } : {}),
  };
}

function readContainer(settings: Settings, path: string): Container | undefined {
  const start = lastOf(settings, 'ExecStart');
  if (!start) return undefined;
  const folder = lastOf(settings, 'WorkingDirectory');
  const workdir = folder?.text.replace(/^-/, '').replaceAll('%h', '/home/user').replace(/\/+$/, '');
  const isKnown = workdir !== undefined && /^\/[^%@{}<>]*$/.test(workdir);
  const user = lastOf(settings, 'User');
  return {
    name: unitName(path),
    command: readCommand(settings)!,
    ...(isKnown ? { workingDir: { known: true, value: workdir, place: folder!.place } } : {}),
    ports: [],
    env: readVariables(settings),
    envFrom: readFiles(settings, workdir),
    resources: readResources(settings),
    mounts: [],
    security: user ? { runAsUser: { known: true, value: user.text, place: user.place }, place: user.place } : {},
    // "SIGTERM … to all remaining processes in the control group" unless told otherwise (systemd.kill(5), KillMode=).
    init: true,
    place: start.place,
    namePlace: start.place,
  };
}

/** Each instance has a port of its own: so many copies of one program. */
const hasPortForEach = (settings: Settings): boolean =>
  allOf(settings, 'Environment', 'ExecStart').some(({ text }) => /port\w{0,20}["']?[=\s]["']?\d{0,4}%[iI]/i.test(text));

function readService(settings: Settings, path: string): readonly AnyFact[] {
  const container = readContainer(settings, path);
  if (!container) return [];
  const { place } = container;
  const grace = lastOf(settings, 'TimeoutStopSec', 'TimeoutSec');
  const signal = lastOf(settings, 'KillSignal');
  const one: Setting<number> = isTemplate(path)
    ? { known: false, because: 'whoever starts its instances decides', place }
    : { known: true, value: 1, place };
  const value: Workload = {
    platform: 'other',
    kind: isTemplate(path) && hasPortForEach(settings) ? 'systemd template' : kind,
    name: unitName(path),
    purpose: purposeOf(path),
    longRunning: lastOf(settings, 'Type')?.text !== 'oneshot',
    labels: {},
    replicas: one,
    containers: [container],
    initContainers: [],
    volumes: [],
    claimTemplates: [],
    gracePeriod: grace ? asSetting(grace, secondsOf(grace.text)) : { known: true, value: defaultGrace, place },
    ...(signal ? { stopSignal: { known: true, value: signal.text, place: signal.place } } : {}),
    dependsOn: [],
    annotations: {},
    profiles: [],
    namePlace: place,
  };
  return [{ kind: 'workload', place, confidence: 'certain', value }];
}

/** It starts a service of its own name, unless it names one. */
function readTimer(settings: Settings, path: string): readonly AnyFact[] {
  const [first] = settings.filter(({ section }) => section === 'Timer');
  const named = settings.findLast(({ section, key }) => section === 'Timer' && key === 'Unit');
  if (!first) return [];
  const value = { kind, name: unitName(named ? named.text.slice(0, 200) : path), sets: ['schedule'] };
  return [{ kind: 'workload-patch', place: (named ?? first).place, confidence: 'certain', value }];
}

function extract(file: SourceFile): Extraction {
  const { settings, notAssessed } = readUnitFile(file);
  const read = file.path.endsWith('.timer') ? readTimer : readService;
  return { facts: read(settings, file.path), notAssessed };
}

/** Others have files of this ending, too. */
const isUnit = (path: string): boolean => /^[\w.:\\-]+@?\.(?:service|timer)$/.test(baseName(path));

export const systemdAdapter: Adapter = {
  id: 'systemd',
  needsText: isUnit,
  classify: (path, head) =>
    isUnit(path) && head !== undefined && (path.endsWith('.timer') ? /^\[Timer\]/m.test(head) : /^\[Service\]/m.test(head)),
  extract,
};
