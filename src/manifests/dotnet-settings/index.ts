/**
 * Settings files of .NET → settings of the program, and secrets that are written in them: `appsettings.json` and its environments, connection strings and
 * settings of `web.config` and `app.config`, the mode of session state, and the targets of NLog and log4net. https://learn.microsoft.com/aspnet/core/fundamentals/configuration/
 */
import type { SettingEntry } from '../../facts.ts';
import { type JsonNode, readJson } from '../../text/json-document.ts';
import { purposeOf } from '../../text/purpose.ts';
import { isGuestOfBroker, isSecretId, judgeValue, mask, maskConnection, secretKindOf } from '../../text/secret-shapes.ts';
import { readXml, type XmlElement } from '../../text/xml-document.ts';
import type { Adapter, Extraction, Fact, Place, SourceFile } from '../../types.ts';
import { loggingName, logSinks } from './logging.ts';

interface Setting {
  readonly path: readonly string[];
  readonly text: string;
  /** Written as a text: only those are judged as secrets. */
  readonly isText?: true;
  readonly place: Place;
}

const settingsName = /(?:^|\/)appsettings(?:\.[\w-]+){0,3}\.json$/i;
const configName = /(?:^|\/)(?:web|app)(?:\.[\w-]+){0,2}\.config$/i;
const maxDepth = 20;

/** Servers that run beside the developer. */
const localServer = /(?:server|data source|host|address|addr)\s?=\s?(?:tcp:)?(?:\(local(?:db)?\)|localhost|127\.0\.0\.1|\.(?=[;\\,]))/i;
/** Names that only speak of secrets. */
const describing =
  /(?:expir\w*|validity|policy|enabled|length|header|algorithm|store|provider|url|uri|path|file|type|name|id|role|claim)$/i;
/** The account of the machine signs in; a password beside it is not read (Microsoft.Data.SqlClient, "Integrated Security"). */
const asWindowsUser = /(?:integrated security|trusted_connection) {0,5}= {0,5}(?:true|yes|sspi)\b/i;

/** `Jwt:Key` says by its section what `Key` alone does not. */
const short = /^(?:key|secret|salt|value)$/i;
/** `JwtSettings` is the section of `Jwt`, `Tokens` and `Authentication` those of tokens that are signed. */
const sectionOf = (name: string): string =>
  name
    .replace(/[_-]?(?:settings?|options?|config(?:uration)?s?|section|parameters?)$/i, '')
    .replace(/^(?:tokens?|authentication)$/i, 'jwt');
const ofTokens = /jwt|bearer|token/i;
const signingKey = /^(?:(?:issuer)?signing|secret|security|private|symmetric(?:security)?|access(?:token)?|jwt|token)?_?(?:key|secret)$/i;
/** Asks for another text, or names where it comes from; a sentence that only says what it is signs as well as any other. */
const asksForKey =
  /your|chang|replac|place_?holder|insert|to_?do|fill|provide|here\b|enter|example|sample|dummy|mock|redact|\.{3}|[<>]|x{4}|generat|configur|overrid|environment|user.?secret|vault|set\b/i;
/** HMAC-SHA256 of Microsoft.IdentityModel refuses keys below 256 bits. */
const shortestKey = 32;
const signsTokens = ([...path]: readonly string[], text: string): boolean =>
  signingKey.test(path.pop() ?? '') &&
  ofTokens.test(sectionOf(path.pop() ?? '')) &&
  text.length >= shortestKey &&
  text.length <= 500 &&
  !asksForKey.test(text);

function secretOf({ path, text }: Setting, isShipped: boolean): { readonly what: string; readonly provider?: string } | undefined {
  const leaf = path.at(-1) ?? '';
  const full = path.join('_');
  const isId = isSecretId(full);
  if ((describing.test(leaf) && !isId) || isGuestOfBroker(full, text)) return undefined;
  const name = isId ? full : short.test(leaf) && path.length > 1 ? `${sectionOf(path.at(-2)!)}_${leaf}` : leaf;
  const isConnection = maskConnection(text).secret;
  // The settings that every environment starts from ship with the program; those of a desktop's IIS do not, nor one named for developers.
  if (isConnection && localServer.test(text) && (!isShipped || /dev|local/i.test(leaf) || asWindowsUser.test(text))) return undefined;
  const judged = judgeValue(name, text);
  if (judged.shape === 'placeholder' && signsTokens(path, text)) return { what: 'signing secret' };
  if (judged.shape !== 'secret' || /^(?:true|false)$/i.test(text)) return undefined;
  const what = isConnection ? 'connection string' : (judged.what ?? secretKindOf(name) ?? 'secret');
  return { what, ...(judged.provider ? { provider: judged.provider } : {}) };
}

/** `{ "Enabled": false, "Connection": "Server=localhost;…" }`: one of several databases that a developer may try. */
function withoutSpares(settings: readonly Setting[]): readonly Setting[] {
  const parentOf = ({ path }: Setting): string => path.slice(0, -1).join(':');
  const off = new Set(settings.filter(({ path, text }) => path.at(-1) === 'Enabled' && text === 'false').map(parentOf));
  return settings.filter((setting) => !(off.has(parentOf(setting)) && localServer.test(setting.text)));
}

function toFact(setting: Setting, filePath: string): Fact<'secret'>[] {
  const secret = secretOf(setting, settingsName.test(filePath));
  if (!secret) return [];
  const value = { ...secret, origin: 'literal', env: setting.path.join(':'), holder: 'manifest', purpose: purposeOf(filePath) } as const;
  return [{ kind: 'secret', place: setting.place, confidence: 'certain', value }];
}

function settingsOf(node: JsonNode, path: readonly string[]): Setting[] {
  if (path.length > maxDepth) return [];
  const { value } = node;
  if (typeof value === 'string') return [{ path, text: value, isText: true, place: node.place }];
  if (typeof value === 'boolean' || typeof value === 'number') return [{ path, text: String(value), place: node.place }];
  return [
    ...node.members().flatMap(({ key, value }) => settingsOf(value, [...path, key])),
    ...node.items().flatMap((item, index) => settingsOf(item, [...path, String(index)])),
  ];
}

function entriesOf(element: XmlElement): Setting[] {
  const key = element.attributes.get('key') ?? element.attributes.get('name');
  const value = element.attributes.get('connectionString') ?? element.attributes.get('value');
  const own =
    element.name === 'add' && key && value ? [{ path: [key.value], text: value.value, isText: true as const, place: value.place }] : [];
  return [...own, ...element.children.flatMap(entriesOf)];
}

/** Keys with which ASP.NET signs cookies and view state, when somebody wrote them down. */
function machineKeys(element: XmlElement, filePath: string, depth = 0): readonly Fact<'secret'>[] {
  if (depth > 10) return [];
  const key = element.name === 'machineKey' ? element.attributes.get('validationKey') : undefined;
  if (!key || !/^[\dA-F]{32,}(?:,|$)/i.test(key.value.trim()))
    return element.children.flatMap((child) => machineKeys(child, filePath, depth + 1));
  const value = { what: 'key', origin: 'literal', env: 'machineKey', holder: 'manifest', purpose: purposeOf(filePath) } as const;
  return [{ kind: 'secret', place: key.place, confidence: 'certain', value }];
}

/** What a program reads of its settings; what may be a secret is masked. */
function shownText(setting: Setting): string {
  const { text, secret } = maskConnection(setting.text);
  if (secret) return text;
  return judgeValue(setting.path.at(-1) ?? '', setting.text).shape === 'secret' ? mask : setting.text;
}

const entryOf = (setting: Setting): SettingEntry => ({ key: setting.path.join(':'), text: shownText(setting), place: setting.place });

/** `appsettings.Production.json` holds in that environment only. */
const environmentOf = (path: string): string | undefined => /appsettings\.(.+)\.json$/i.exec(path)?.[1];

function settingsFact(file: SourceFile, settings: readonly Setting[], place: Place): Fact<'settings'> {
  const profile = environmentOf(file.path);
  const value = { name: 'appsettings', ...(profile === undefined ? {} : { profile }), entries: settings.map(entryOf) };
  return { kind: 'settings', place, confidence: 'certain', value };
}

/** `<sessionState mode="StateServer">`: where ASP.NET keeps sessions. */
function sessionState(element: XmlElement, depth = 0): readonly Fact<'settings'>[] {
  const mode = element.name === 'sessionState' ? element.attributes.get('mode') : undefined;
  if (mode) {
    const entries = [{ key: 'mode', text: mode.value, place: mode.place }];
    return [{ kind: 'settings', place: element.place, confidence: 'certain', value: { name: 'sessionState', entries } }];
  }
  return depth > 10 ? [] : element.children.flatMap((child) => sessionState(child, depth + 1));
}

const mostConnections = 50;
/** `<connectionStrings>` of an application: what each names, with its provider; a password is masked. */
function connections(root: XmlElement): readonly Fact<'settings'>[] {
  const entries = root.children
    .filter(({ name }) => name === 'connectionStrings')
    .flatMap(({ children }) => children.filter(({ name }) => name === 'add'))
    .slice(0, mostConnections)
    .flatMap((one): SettingEntry[] => {
      const [name, text, provider] = ['name', 'connectionString', 'providerName'].map((key) => one.attributes.get(key));
      if (!name || !text) return [];
      const own = { key: name.value, text: maskConnection(text.value).text, place: text.place };
      return provider ? [own, { key: `${name.value}:provider`, text: provider.value, place: provider.place }] : [own];
    });
  return entries.length === 0
    ? []
    : [{ kind: 'settings', place: root.place, confidence: 'certain', value: { name: 'connectionStrings', entries } }];
}

function extract(file: SourceFile): Extraction {
  if (loggingName.test(file.path) || configName.test(file.path)) {
    const xml = readXml(file);
    if ('failed' in xml) return { facts: [], notAssessed: [xml.failed] };
    const secrets = configName.test(file.path)
      ? [...entriesOf(xml.root).flatMap((setting) => toFact(setting, file.path)), ...machineKeys(xml.root, file.path)]
      : [];
    // Transformations of one environment (`Web.Release.config`) replace parts of it.
    const given = /(?:^|\/)web\.config$/i.test(file.path) ? connections(xml.root) : [];
    return { facts: [...secrets, ...logSinks(xml.root, file.path), ...sessionState(xml.root), ...given], notAssessed: [] };
  }
  const json = readJson(file, true);
  if (!('root' in json)) return { facts: [], notAssessed: [json] };
  const settings = settingsOf(json.root, []);
  const used = withoutSpares(settings);
  const secrets = used.filter(({ isText }) => isText).flatMap((setting) => toFact(setting, file.path));
  return { facts: [settingsFact(file, settings, json.root.place), ...secrets], notAssessed: [] };
}

export const dotnetSettingsAdapter: Adapter = {
  id: 'dotnet-settings',
  classify: (path) => settingsName.test(path) || configName.test(path) || loggingName.test(path),
  extract,
};
