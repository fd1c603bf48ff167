/** Values of a Cloud Foundry manifest; `((name))` is given by a variables file, and kept as written to be completed from one. `${name}` of an MTA is given by its descriptor. */
import type { Setting } from '../../facts.ts';
import { numberOf, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';

const units: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };
const because = 'a variables file gives it';

const unknown = (node: YamlNode): Setting<never> => ({ known: false, because, place: node.place, written: textOf(node) ?? '' });

/** `1G`, `512M`, `512MB`. */
function bytesOf(text: string): number | undefined {
  const match = /^(\d{1,9})\s*([KMGT])B?$/i.exec(text);
  return match ? Number(match[1]) * units[match[2]!.toUpperCase()]! : undefined;
}

export function readNumber(node: YamlNode | undefined): Setting<number> | undefined {
  const value = numberOf(node);
  if (value !== undefined) return { known: true, value, place: node!.place };
  return node && scalarOf(node) ? unknown(node) : undefined;
}

export function readBytes(node: YamlNode | undefined): Setting<number> | undefined {
  const text = textOf(node);
  if (!node || text === undefined) return undefined;
  const value = bytesOf(text);
  return value === undefined ? unknown(node) : { known: true, value, place: node.place };
}

const isOpen = (text: string): boolean => text.includes('((') || text.includes('${') || text.includes('~{');

export const readPath = (node: YamlNode): Setting<string> => {
  const text = textOf(node) ?? '/';
  return isOpen(text) ? unknown(node) : { known: true, value: text, place: node.place };
};

export function readText(node: YamlNode | undefined): Setting<string> | undefined {
  const text = textOf(node);
  if (!node || text === undefined) return undefined;
  return isOpen(text) ? unknown(node) : { known: true, value: text, place: node.place };
}
