/**
 * Settings files of .NET → secrets that are written in them: `appsettings.json` and its environments, connection strings and
 * settings of `web.config` and `app.config`. https://learn.microsoft.com/aspnet/core/fundamentals/configuration/
 */
import { type JsonNode, readJson } from '../../text/json-document.ts';
import { purposeOf } from '../../text/purpose.ts';
import { judgeValue, maskConnection, secretKindOf } from '../../text/secret-shapes.ts';
import { readXml, type XmlElement } from '../../text/xml-document.ts';
import type { Adapter, Extraction, Fact, Place, SourceFile } from '../../types.ts';

interface Setting {
  readonly path: readonly string[];
  readonly text: string;
  readonly place: Place;
}

const settingsName = /(?:^|\/)appsettings(?:\.[\w-]+){0,3}\.json$/i;
const configName = /(?:^|\/)(?:web|app)(?:\.[\w-]+){0,2}\.config$/i;
const maxDepth = 20;

/** Servers that run beside the developer. */
const localServer = /(?:server|data source|host|address|addr)\s?=\s?(?:tcp:)?(?:\(local(?:db)?\)|localhost|127\.0\.0\.1|\.(?=[;\\,]))/i;
/** Names that only speak of secrets. */
const describing = /(?:expir\w*|validity|policy|enabled|length|header|algorithm|store|provider|url|uri|path|file|type|name|id)$/i;
/** `Jwt:Key` says by its section what `Key` alone does not. */
const short = /^(?:key|secret|salt|value)$/i;

function secretOf({ path, text }: Setting): { readonly what: string; readonly provider?: string } | undefined {
  const leaf = path.at(-1) ?? '';
  if (describing.test(leaf)) return undefined;
  const name = short.test(leaf) && path.length > 1 ? `${path.at(-2)}_${leaf}` : leaf;
  const isConnection = maskConnection(text).secret;
  if (isConnection && localServer.test(text)) return undefined;
  const judged = judgeValue(name, text);
  if (judged.shape !== 'secret' || /^(?:true|false)$/i.test(text)) return undefined;
  const what = isConnection ? 'connection string' : (judged.what ?? secretKindOf(name) ?? 'secret');
  return { what, ...(judged.provider ? { provider: judged.provider } : {}) };
}

function toFact(setting: Setting, filePath: string): Fact<'secret'>[] {
  const secret = secretOf(setting);
  if (!secret) return [];
  const value = { ...secret, origin: 'literal', env: setting.path.join(':'), holder: 'manifest', purpose: purposeOf(filePath) } as const;
  return [{ kind: 'secret', place: setting.place, confidence: 'certain', value }];
}

function settingsOf(node: JsonNode, path: readonly string[]): Setting[] {
  if (path.length > maxDepth) return [];
  if (typeof node.value === 'string') return [{ path, text: node.value, place: node.place }];
  return [
    ...node.members().flatMap(({ key, value }) => settingsOf(value, [...path, key])),
    ...node.items().flatMap((item, index) => settingsOf(item, [...path, String(index)])),
  ];
}

function entriesOf(element: XmlElement): Setting[] {
  const key = element.attributes.get('key') ?? element.attributes.get('name');
  const value = element.attributes.get('connectionString') ?? element.attributes.get('value');
  const own = element.name === 'add' && key && value ? [{ path: [key.value], text: value.value, place: value.place }] : [];
  return [...own, ...element.children.flatMap(entriesOf)];
}

function extract(file: SourceFile): Extraction {
  if (configName.test(file.path)) {
    const xml = readXml(file);
    if ('failed' in xml) return { facts: [], notAssessed: [xml.failed] };
    return { facts: entriesOf(xml.root).flatMap((setting) => toFact(setting, file.path)), notAssessed: [] };
  }
  const json = readJson(file, true);
  if (!('root' in json)) return { facts: [], notAssessed: [json] };
  return { facts: settingsOf(json.root, []).flatMap((setting) => toFact(setting, file.path)), notAssessed: [] };
}

export const dotnetSettingsAdapter: Adapter = {
  id: 'dotnet-settings',
  classify: (path) => settingsName.test(path) || configName.test(path),
  extract,
};
