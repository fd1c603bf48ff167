/** Settings of Spring applications: graceful shutdown, and secrets that the environment gives. */
import { isMap, isScalar } from 'yaml';
import { LineMap } from '../text/positions.ts';
import { readProperties } from '../text/properties-document.ts';
import { createFile, lineEnd, replaceRange } from '../text/text-edits.ts';
import { insertEntry, mapAround, mapBelow, nodesAround, pairOf, replaceScalar } from '../text/yaml-edit.ts';
import type { Edit, Finding, Fix, Place, Service } from '../types.ts';
import { appendLines } from './environment.ts';
import { type FixContext, type FixMaker, makeFix, serviceOf } from './fix-maker.ts';
import { waitFor } from './grace-periods.ts';
import { manifestMap, yamlOf } from './manifests.ts';
import { declareVariable, nameSecrets } from './variables.ts';

const resourcesOf = ({ root }: Service): string => `${root ? `${root}/` : ''}src/main/resources/`;

/** The settings that hold under every profile; a new file where there is none. */
function setShutdown(service: Service, context: FixContext): Edit | undefined {
  const folder = resourcesOf(service);
  const settings = context.repository.facts
    .all('settings')
    .filter(({ place, value }) => place.path.startsWith(folder) && value.name === 'application' && value.profile === undefined);
  const [first] = settings;
  if (!first) {
    const isThere = ['properties', 'yml', 'yaml'].some((end) => context.has(`${folder}application.${end}`));
    return isThere ? undefined : createFile(`${folder}application.properties`, 'server.shutdown=graceful\n');
  }
  const { path } = first.place;
  if (path.endsWith('.properties')) {
    const file = context.source(path);
    return file && settings.length === 1 ? appendLines(path, file.text, 'server.shutdown=graceful') : undefined;
  }
  const yaml = yamlOf(context, path);
  const root = yaml && manifestMap(yaml, first.place);
  if (!root) return undefined;
  const server = mapBelow(root, 'server');
  if (server) return insertEntry(yaml, server, { shutdown: 'graceful' });
  return pairOf(root, 'server') ? undefined : insertEntry(yaml, root, { server: { shutdown: 'graceful' } });
}

/** Boot knows the setting from 2.3 on. */
function isTooOld({ package: manifest }: Service): boolean {
  const parent = manifest?.value.build?.parent;
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})/.exec((parent?.group === 'org.springframework.boot' && parent.version) || '') ?? [];
  return major !== undefined && (Number(major) < 2 || (Number(major) === 2 && Number(minor) < 3));
}

/** Seconds that Spring waits for each phase (`spring.lifecycle.timeout-per-shutdown-phase`). */
const defaultPhase = 30;

export const springShutdown: FixMaker = {
  rule: 'shutdown-not-graceful',
  offers: [{ what: 'set `server.shutdown=graceful` (Spring Boot)', safe: true }],
  make(finding, context) {
    const service = finding.messageId === 'spring' ? serviceOf(finding, context) : undefined;
    if (!service || isTooOld(service)) return [];
    const edits = [setShutdown(service, context), ...waitFor(defaultPhase, service, context)];
    return makeFix('Set `server.shutdown=graceful`', true, edits);
  },
};

/** The value of the setting whose key stands at a place. */
function editSetting(place: Place, text: string, context: FixContext): Edit | undefined {
  if (/\.ya?ml$/.test(place.path)) {
    const yaml = yamlOf(context, place.path);
    const map = yaml && mapAround(yaml, place);
    const offset = yaml?.lines.offset(place.line, place.column);
    const pair = map?.items.find(({ key }) => isScalar(key) && key.range?.[0] === offset);
    return yaml && isScalar(pair?.value) && !isMap(pair.value) ? replaceScalar(yaml, pair.value, text) : undefined;
  }
  const file = place.path.endsWith('.properties') ? context.source(place.path) : undefined;
  if (!file) return undefined;
  const lines = new LineMap(file.path, file.text);
  const start = lines.offset(place.line, 1);
  const line = file.text.slice(start, lineEnd(file.text, start));
  const head = /^\s*[\w.[\]-]+\s*[=:]\s*/.exec(line)?.[0];
  return head && !line.endsWith('\\') ? replaceRange(lines, start + head.length, start + line.length, text) : undefined;
}

/** The service whose resources a file belongs to. */
const ownerOf = (path: string, { repository }: FixContext): Service | undefined =>
  repository.services.filter((service) => path.startsWith(resourcesOf(service))).at(-1);

function readSecret(finding: Finding, context: FixContext): readonly Fix[] {
  const key = String(finding.data['name']);
  const service = ownerOf(finding.place.path, context);
  if (!service || !settingFile.test(finding.place.path)) return [];
  const name = variableOf(key);
  if (!/^[A-Z][A-Z\d_]{2,80}$/.test(name)) return [];
  const declared = declareVariable(service, { name }, context);
  const title = `Read it from \`${name}\`; then change the value, which everybody knows`;
  return makeFix(nameSecrets(title, service, { name }, context), false, [
    editSetting(finding.place, `\${${name}}`, context),
    ...(declared ?? [undefined]),
  ]);
}

/** `spring.datasource.url` → `SPRING_DATASOURCE_URL`, which Spring would take for it anyway. */
const variableOf = (key: string): string =>
  key
    .replace(/-/g, '')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toUpperCase();

const settingFile = /(?:^|\/)(?:application|bootstrap)[\w-]*\.(?:properties|ya?ml)$/;

interface Setting {
  readonly key: string;
  readonly value: string;
  /** Where its key stands. */
  readonly place: Place;
}
/** The setting whose key or value stands at a place. */
function settingAt(place: Place, context: FixContext): Setting | undefined {
  const file = context.source(place.path);
  if (file && place.path.endsWith('.properties')) return readProperties(file).find((property) => property.place.line === place.line);
  const yaml = yamlOf(context, place.path);
  const around = yaml ? nodesAround(yaml, place).filter(isMap) : [];
  const offset = yaml?.lines.offset(place.line, place.column) ?? 0;
  const pairs = around.flatMap(({ items }) => {
    const pair = items.findLast(({ key }) => isScalar(key) && key.range && key.range[0] <= offset);
    return pair && isScalar(pair.key) ? [{ key: pair.key, value: pair.value }] : [];
  });
  const last = pairs.at(-1);
  const start = last?.key.range?.[0];
  if (!yaml || !last || start === undefined || !isScalar(last.value)) return undefined;
  return {
    key: pairs.map(({ key }) => String(key.value)).join('.'),
    value: String(last.value.value),
    place: yaml.lines.place(start, start),
  };
}

/** `${NAME:address}`. */
function readAddress({ place, data, related }: Finding, context: FixContext): readonly Fix[] {
  const setting = settingAt(place, context);
  if (!setting || data['count'] !== 1 || related.length > 0 || /[${}]/.test(setting.value)) return [];
  const name = variableOf(setting.key);
  if (!/^[A-Z][A-Z\d_]{2,80}$/.test(name)) return [];
  return makeFix(`Read the address from \`${name}\``, false, [editSetting(setting.place, `\${${name}:${setting.value}}`, context)]);
}

export const springEndpoint: FixMaker = {
  rule: 'hardcoded-endpoint',
  offers: [{ what: 'write `${NAME:address}` in the settings of Spring', safe: false }],
  make: (finding, context) => (settingFile.test(finding.place.path) ? readAddress(finding, context) : []),
};

export const springSecret: FixMaker = {
  rule: 'hardcoded-credential',
  offers: [{ what: 'write `${NAME}` for a secret in the settings of Spring, with its entry in the manifests', safe: false }],
  make: (finding, context) => (finding.messageId === 'manifestValue' ? readSecret(finding, context) : []),
};
