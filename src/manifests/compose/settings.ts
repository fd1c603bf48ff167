/** Settings from YAML nodes of a Compose file, interpolated. */
import { posix } from 'node:path';
import type { Setting } from '../../facts.ts';
import { booleanOf, entriesOf, itemsOf, scalarOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Place } from '../../types.ts';
import { interpolate } from './interpolate.ts';

/** `!reset` takes back what an earlier file gave. */
export const present = (node: YamlNode | undefined): YamlNode | undefined =>
  node && node.tag !== '!reset' && !(node.kind === 'scalar' && node.value === null) ? node : undefined;

/** A text as a setting; unknown when a variable has no default. */
export function settingOf(text: string, place: Place): Setting<string> {
  const { text: value, unknown } = interpolate(text);
  return unknown.length > 0
    ? { known: false, because: `${unknown[0]} comes from the shell or a .env file`, place }
    : { known: true, value, place };
}

export const textSetting = (node: YamlNode | undefined): Setting<string> | undefined => {
  const scalar = scalarOf(present(node));
  return scalar && settingOf(scalar.text, scalar.place);
};

/** A name of an image or a path: what is written stays readable where a variable is missing. */
export function nameSetting(node: YamlNode | undefined): Setting<string> | undefined {
  const setting = textSetting(node);
  return setting && !setting.known ? { ...setting, written: scalarOf(present(node))!.text } : setting;
}

/** Applies `read` to a known text; unreadable becomes unknown. */
export function parsedSetting<T>(setting: Setting<string> | undefined, read: (text: string) => T | undefined): Setting<T> | undefined {
  if (!setting?.known) return setting;
  const value = read(setting.value);
  return value === undefined ? { known: false, because: 'it has an unexpected form', place: setting.place } : { ...setting, value };
}

const toNumber = (text: string): number | undefined => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined);
export const numberSetting = (node: YamlNode | undefined): Setting<number> | undefined => parsedSetting(textSetting(node), toNumber);

export const booleanSetting = (node: YamlNode | undefined): Setting<boolean> | undefined => {
  const value = booleanOf(present(node));
  if (value !== undefined) return { known: true, value, place: node!.place };
  return parsedSetting(textSetting(node), (text) => (/^(?:true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined));
};

const units: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
/** Compose byte values: `512m`, `1gb`, `2048k` count in 1024. */
export const bytesSetting = (node: YamlNode | undefined): Setting<number> | undefined =>
  parsedSetting(textSetting(node), (text) => {
    const [, amount, unit = 'b'] = /^(\d{1,15}(?:\.\d{1,9})?)\s?([bkmgt])?(?:i?b)?$/i.exec(text.trim()) ?? [];
    return amount === undefined ? undefined : Number(amount) * units[unit.toLowerCase()]!;
  });

/** Compose durations: `1m30s`, `10s`, `500ms`; a bare number is read as seconds. */
export const secondsSetting = (node: YamlNode | undefined): Setting<number> | undefined =>
  parsedSetting(textSetting(node), (text) => {
    const lengths: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86400 };
    if (/^\d{1,9}$/.test(text)) return Number(text);
    const parts = [...text.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(us|ms|s|m|h|d)/g)];
    if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text.trim()) return undefined;
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * lengths[unit!]!, 0);
  });

export interface Pair {
  readonly key: string;
  /** Absent: `- NAME`, or a key without a value. */
  readonly value?: string;
  readonly place: Place;
}
/** `KEY: value` maps and `- KEY=value` lists, which Compose takes in the same places. */
export function pairsOf(node: YamlNode | undefined): readonly Pair[] {
  const given = present(node);
  if (given?.kind === 'list')
    return itemsOf(given).flatMap((item) => {
      const text = scalarOf(item)?.text;
      if (text === undefined) return [];
      const at = text.indexOf('=');
      return [
        at < 0 ? { key: text.trim(), place: item.place } : { key: text.slice(0, at).trim(), value: text.slice(at + 1), place: item.place },
      ];
    });
  return entriesOf(given).map(({ key, keyPlace, value }) => {
    const place =
      value.place.line >= keyPlace.line ? { ...keyPlace, endLine: value.place.endLine, endColumn: value.place.endColumn } : keyPlace;
    const text = scalarOf(value)?.text;
    return text === undefined ? { key, place } : { key, value: text, place };
  });
}

/** One text or a list of them. */
export const textsOf = (node: YamlNode | undefined): readonly { readonly text: string; readonly place: Place }[] => {
  const given = present(node);
  const items = given?.kind === 'list' ? given.items : given ? [given] : [];
  return items.flatMap((item) => {
    const scalar = scalarOf(item);
    return scalar ? [{ text: scalar.text, place: scalar.place }] : [];
  });
};

/** A path of the file's own folder, from the repository's root; `undefined` for URLs, variables and what lies outside. */
export function repositoryPath(folder: string, path: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('/') || path.startsWith('~') || path.startsWith('git@') || path.includes('$'))
    return undefined;
  const joined = posix.normalize(posix.join(folder || '.', path)).replace(/\/$/, '');
  if (joined === '.') return '';
  return joined.startsWith('..') ? undefined : joined;
}
