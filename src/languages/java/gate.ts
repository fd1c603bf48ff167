import { recognisers } from './recognisers/index.ts';

/** Part of the cache key: raise it when summaries change. */
export const gateVersion = 30;

let pattern: RegExp | undefined;
const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** True when the text holds something that a recogniser looks for. */
export function gate(text: string): boolean {
  pattern ??= new RegExp([...new Set(recognisers.flatMap((recogniser) => recogniser.text))].map(quote).join('|'));
  return pattern.test(text);
}
