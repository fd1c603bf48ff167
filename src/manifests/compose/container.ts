/** The container that a Compose service starts. */
import type { Container, Probe, Setting } from '../../facts.ts';
import { findAcmeStorage } from '../../text/acme-storage.ts';
import { readHealthCommand } from '../../text/health-command.ts';
import { maskCommand, secretKindOf } from '../../text/secret-shapes.ts';
import { splitWords } from '../../text/shell-words.ts';
import { booleanOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlNode } from '../../text/yaml-document.ts';
import { readEnvFiles, readEnvironment } from './environment.ts';
import { interpolate } from './interpolate.ts';
import { readPorts } from './ports.ts';
import { booleanSetting, bytesSetting, nameSetting, numberSetting, parsedSetting, present, textSetting, textsOf } from './settings.ts';

/** `${REDIS_PASSWORD:-a}`: who deploys it sets the variable; the default of a secret is none of the command's own words. */
const withoutDefaults = (text: string): string =>
  text.replace(/(?<!\$)\$\{(\w{1,80}):?-[^{}]{0,200}\}/g, (all, name: string) => (secretKindOf(name) ? `$$${name}` : all));

/** Compose splits a string into words and runs them without a shell; variables without a default stay as they are. */
function commandSetting(node: YamlNode | undefined): Setting<readonly string[]> | undefined {
  const given = present(node);
  if (!given) return undefined;
  const fill = (text: string): string => maskCommand(interpolate(withoutDefaults(text)).text);
  if (given.kind === 'list') return { known: true, value: textsOf(given).map(({ text }) => fill(text)), place: given.place };
  const text = scalarOf(given)?.text;
  return text === undefined ? undefined : { known: true, value: splitWords(fill(text)), place: given.place };
}

/** `test` as a string runs in a shell; a list starts with NONE, CMD or CMD-SHELL. */
function readHealthcheck(node: YamlNode | undefined, names: readonly string[]): (Probe & { readonly disabled?: boolean }) | undefined {
  const given = present(node);
  if (!given) return undefined;
  const { place } = given;
  const test = present(nodeAt(given, 'test'));
  if (booleanOf(nodeAt(given, 'disable')) === true) return { type: 'exec', disabled: true, place };
  if (!test) return undefined;
  const words = textsOf(test).map(({ text }) => maskCommand(interpolate(text).text));
  if (test.kind === 'scalar') return readHealthCommand(words, true, place, names);
  if (words[0] === 'NONE') return { type: 'exec', disabled: true, place };
  return readHealthCommand(words.slice(1), words[0] === 'CMD-SHELL', place, names);
}

function readResources(service: YamlNode): Container['resources'] {
  const limits = nodeAt(service, 'deploy', 'resources', 'limits');
  const reservations = nodeAt(service, 'deploy', 'resources', 'reservations');
  const settings = {
    cpuLimit: numberSetting(nodeAt(limits, 'cpus')) ?? numberSetting(nodeAt(service, 'cpus')),
    memoryLimit: bytesSetting(nodeAt(limits, 'memory')) ?? bytesSetting(nodeAt(service, 'mem_limit')),
    cpuRequest: numberSetting(nodeAt(reservations, 'cpus')),
    memoryRequest: bytesSetting(nodeAt(reservations, 'memory')) ?? bytesSetting(nodeAt(service, 'mem_reservation')),
  };
  const given = Object.fromEntries(Object.entries(settings).filter(([, setting]) => setting));
  const place = nodeAt(service, 'deploy', 'resources')?.place ?? Object.values(settings).find(Boolean)?.place;
  return { ...given, ...(place ? { place } : {}) };
}

function readSecurity(service: YamlNode): Container['security'] {
  const user = parsedSetting<number | string>(textSetting(nodeAt(service, 'user')), (text) => (/^\d+$/.test(text) ? Number(text) : text));
  const privileged = booleanSetting(nodeAt(service, 'privileged'));
  const readOnly = booleanSetting(nodeAt(service, 'read_only'));
  return {
    ...(user ? { runAsUser: user, place: user.place } : {}),
    ...(privileged ? { privileged } : {}),
    ...(readOnly ? { readOnlyRootFilesystem: readOnly } : {}),
  };
}

const optional = <K extends string, T>(key: K, value: T | undefined): { readonly [name in K]?: T } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [name in K]?: T };

/** Reads the container side of a service; `mounts` come with their volumes. */
export function readContainer(entry: YamlEntry, folder: string, mounts: Container['mounts']): Container {
  const { value: service, key, keyPlace } = entry;
  const init = booleanOf(nodeAt(service, 'init'));
  return {
    name: textOf(nodeAt(service, 'container_name')) ?? key,
    ...optional('image', nameSetting(nodeAt(service, 'image'))),
    ...optional('command', commandSetting(nodeAt(service, 'entrypoint'))),
    ...optional('args', commandSetting(nodeAt(service, 'command'))),
    ...optional('workingDir', textSetting(nodeAt(service, 'working_dir'))),
    ports: readPorts(service),
    env: readEnvironment(service, keyPlace.path).env,
    envFrom: readEnvFiles(service, folder),
    ...optional('healthcheck', readHealthcheck(nodeAt(service, 'healthcheck'), [key, textOf(nodeAt(service, 'hostname')) ?? key])),
    resources: readResources(service),
    mounts,
    security: readSecurity(service),
    ...optional('certificates', findAcmeStorage(nodeAt(service, 'command'), nodeAt(service, 'entrypoint'))),
    ...optional('init', init),
    place: service.place,
    namePlace: keyPlace,
  };
}
