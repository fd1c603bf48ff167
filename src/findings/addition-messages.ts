/** What merging adds to the text of a finding, as templates. */
import type { Addition } from '../types.ts';

export const additionMessages = {
  'same-line': 'The same line decides it for {names}.',
  'same-line.more': 'The same line decides it for {names} and {count} more.',
  'same-line.count': 'The same line decides it for {count} more.',
  'holds-with': 'It holds with {names}.',
  'holds-with.more': 'It holds with {names} and {count} more.',
} as const;
export type AdditionId = keyof typeof additionMessages;

const mostNames = 3;
/** Three names, and how many there are besides. */
export function addNames(id: 'same-line' | 'holds-with', names: readonly string[]): Addition {
  const shown = names.slice(0, mostNames).map((name) => `\`${name}\``);
  const count = names.length - shown.length;
  return count > 0 ? { id: `${id}.more`, data: { names: shown.join(', '), count } } : { id, data: { names: shown.join(', ') } };
}

/** Names are data, never templates. */
export const renderAddition = ({ id, data }: Addition, messages: Readonly<Record<string, string>> = additionMessages): string =>
  (Object.hasOwn(messages, id) ? messages[id]! : '').replace(/\{(\w+)\}/g, (whole, name: string) => String(data[name] ?? whole));

/** The text of a finding with one more sentence. */
export const withAddition = <T extends { readonly text: string; readonly additions?: readonly Addition[] }>(
  finding: T,
  added: Addition,
): T => ({
  ...finding,
  text: `${finding.text} ${renderAddition(added)}`,
  additions: [...(finding.additions ?? []), added],
});
