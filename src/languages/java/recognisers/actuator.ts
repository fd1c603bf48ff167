/** Where Spring Boot Actuator answers health requests: paths, groups and port as its settings put them (Spring Boot reference, "Endpoints"). */
import type { FactValues, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Settings } from '../settings.ts';

type Helper = FactValues['health-helper'];

/** Actuator itself, and starters that bring it with them. */
export const actuatorLibraries =
  /^org\.springframework\.boot:spring-boot-(?:starter-)?actuator|spring-cloud-starter-(?:security|oauth2|netflix-(?:eureka-server|zuul|turbine|turbine-stream)|bus|stream|config-server)|spring-cloud-config-server|spring-boot-admin-starter/;

/** Settings of Actuator are written for an Actuator that some other library brings. */
const actuatorPlace = (view: ProgramView): Place | undefined =>
  view.dependency(actuatorLibraries)?.place ??
  (view.boot ? view.settings.matching(/^management\.(?:endpoints?|server|health)\./)[0]?.place : undefined);

const isOff = ({ settings }: ProgramView): boolean =>
  settings.is('management.endpoint.health.enabled', /^false$/i) ||
  settings.is('management.endpoint.health.access', /^none$/i) ||
  settings.is('endpoints.health.enabled', /^false$/i) ||
  settings.is('management.endpoints.web.exposure.exclude', /\*|health/);

const trimmed = (path: string): string => path.replace(/\/$/, '');
const firstText = ({ settings }: ProgramView, ...keys: readonly string[]): string | undefined =>
  keys.map((key) => settings.text(key)).find((text) => text !== undefined);

const contextKeys = ['server.servlet.context-path', 'server.context-path', 'spring.webflux.base-path'];
const portKeys = ['management.server.port', 'management.port'];
const ownPathKeys = ['management.server.base-path', 'management.server.servlet.context-path'];
const pathKeys = [
  ...contextKeys,
  ...ownPathKeys,
  'management.endpoints.web.base-path',
  'management.context-path',
  'management.endpoints.web.path-mapping.health',
];

/** Boot 1 serves actuators at the root, later versions below `/actuator`. */
function webBase(view: ProgramView): string {
  const usual = typeof view.boot === 'object' && view.boot.major < 2 ? '' : '/actuator';
  return trimmed(firstText(view, 'management.endpoints.web.base-path', 'management.context-path') ?? usual);
}

const hasOwnPort = ({ settings }: ProgramView): boolean =>
  portKeys.some((key) => settings.of(key).some(({ text }) => text !== settings.text('server.port')));

const withoutPlaceholder = (path: string): string => (path.includes('$') ? '' : trimmed(path));
/** With a port of its own, Actuator does not lie below the context path of the program. */
const prefixOf = (view: ProgramView, isOwn: boolean): string =>
  withoutPlaceholder(firstText(view, ...(isOwn ? ownPathKeys : contextKeys)) ?? '');

/** All profiles agree, and no placeholder stands in between. */
const isSettled = (settings: Settings, key: string): boolean => {
  const all = settings.of(key);
  return (
    all.length === 0 ||
    (all.some(({ profile }) => profile === undefined) && new Set(all.map(({ text }) => text)).size === 1 && !all[0]!.text.includes('$'))
  );
};

/** Its paths are known: no profile, config server or unread version decides them. */
const isSure = ({ boot, settings, hasOtherSettings }: ProgramView): boolean =>
  typeof boot === 'object' &&
  boot.major >= 2 &&
  !hasOtherSettings &&
  [...pathKeys, ...probeKeys, additionalKey].every((key) => isSettled(settings, key)) &&
  settings
    .matching(/^management\.endpoints\.web\.exposure\.include/)
    .every(({ profile, text }) => profile === undefined && !text.includes('$'));

/** Where a setting gives it a port; a profile alone leaves it open. */
function portOf({ settings }: ProgramView): Value | undefined {
  const all = portKeys.flatMap((key) => settings.of(key));
  const main = all.find(({ profile }) => profile === undefined);
  const [first] = all;
  if (!first) return undefined;
  const differs = new Set(all.map(({ text }) => text)).size > 1;
  return !main || differs || /^(?:-1|0)$/.test(main.text) ? { is: 'unknown', place: first.place } : settings.value(main);
}

const probeKeys = ['management.endpoint.health.probes.enabled', 'management.health.probes.enabled'];
const additionalKey = 'management.endpoint.health.probes.add-additional-paths';
const groupKey = /^management\.endpoint\.health\.group\.([\w-]+)\./;

/** The groups `liveness` and `readiness`: from 2.3 on, by themselves on Kubernetes, everywhere from 4.0 on. */
function probeGroups({ boot, settings }: ProgramView): 'always' | 'on Kubernetes' | 'never' {
  const setting = probeKeys.map((key) => settings.text(key)).find((text) => text !== undefined);
  if (typeof boot === 'object' && (boot.major < 2 || (boot.major === 2 && boot.minor < 3))) return 'never';
  if (setting !== undefined) return /^true$/i.test(setting) ? 'always' : 'never';
  return typeof boot === 'object' && boot.major >= 4 ? 'always' : 'on Kubernetes';
}

/** `include: info,prometheus` leaves health out; without a list it is in. */
const isExposed = ({ settings }: ProgramView): boolean => {
  const listed = settings.matching(/^management\.endpoints\.web\.exposure\.include(?:\[\d+\])?$/);
  return listed.length === 0 || listed.some(({ text }) => /\*|health|\$/.test(text));
};

const moving = [
  'managementendpoint',
  'managementhealth',
  'managementserver',
  'managementport',
  'servercontextpath',
  'serverservlet',
  'springwebflux',
  'springconfig',
  'springapplicationjson',
  'springcloudconfig',
];

/** Paths that groups add: below health, and on the main or the management port where they say so. */
function groupPaths({ settings }: ProgramView, health: string): { readonly own: readonly string[]; readonly server: readonly string[] } {
  const groups = new Set(settings.matching(groupKey).map(({ key }) => groupKey.exec(key)![1]!));
  const extra = settings.matching(/^management\.endpoint\.health\.group\.[\w-]+\.additional-path$/).map(({ text }) => text);
  const at = (scheme: string): readonly string[] => extra.flatMap((text) => (text.startsWith(scheme) ? [text.slice(scheme.length)] : []));
  return { own: [...[...groups].map((group) => `${health}/${group}`), ...at('management:')], server: at('server:') };
}

export interface ActuatorHealth {
  readonly place: Place;
  readonly helpers: readonly Helper[];
  readonly isSure: boolean;
}

/** What Actuator answers, one helper for each port or platform; `undefined` where there is none or health is switched off. */
export function actuatorHealth(view: ProgramView): ActuatorHealth | undefined {
  const place = actuatorPlace(view);
  if (!place || isOff(view)) return undefined;
  const sure = isSure(view);
  const isOwn = hasOwnPort(view);
  const port = isOwn ? portOf(view) : undefined;
  const helpers = helpersAt(view, prefixOf(view, isOwn), sure).map((helper) => (port ? { ...helper, port } : helper));
  const elsewhere: Value = { is: 'env', name: 'MANAGEMENT_SERVER_PORT', place };
  // Where only the deployment gives it a port, the paths begin anew there.
  const byVariable = port ? [] : helpersAt(view, prefixOf(view, true), sure).map((helper) => ({ ...helper, port: elsewhere }));
  return { place, helpers: [...helpers, ...rootHelpers(view, sure), ...byVariable], isSure: sure };
}

function helpersAt(view: ProgramView, prefix: string, sure: boolean): readonly Helper[] {
  const below = `${prefix}${webBase(view)}`;
  const mapping = view.settings.text('management.endpoints.web.path-mapping.health') ?? 'health';
  const health = `${below}/${mapping.replace(/^\//, '')}`;
  const probes = [`${health}/liveness`, `${health}/readiness`];
  const groups = groupPaths(view, health).own;
  const kind = probeGroups(view);
  const exposed = isExposed(view) || !sure;
  const common = { library: 'Spring Boot Actuator', below, movedBy: moving } as const;
  const absent = [...(exposed ? [] : [health]), ...(kind === 'always' ? [] : probes.filter((path) => !groups.includes(path)))];
  const paths = [...new Set([health, ...(kind === 'always' ? probes : []), ...groups])];
  const always: Helper = { ...common, paths, ...(absent.length > 0 ? { absent } : {}) };
  const onKubernetes: Helper = { ...common, paths: probes, platform: 'kubernetes' };
  return kind === 'on Kubernetes' && exposed ? [always, onKubernetes] : [always];
}

/** `/livez` and `/readyz` on the main port, where settings ask for them. */
function rootHelpers(view: ProgramView, sure: boolean): readonly Helper[] {
  const asked = view.settings.is(additionalKey, /^true$/i) || !sure ? ['/livez', '/readyz'] : [];
  const paths = [...new Set([...asked, ...groupPaths(view, '').server])];
  return paths.length > 0 ? [{ library: 'Spring Boot Actuator', paths, movedBy: moving }] : [];
}
