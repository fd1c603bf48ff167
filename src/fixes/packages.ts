/** Dependencies in package.json, in order where it has one. */
import { modify } from 'jsonc-parser';
import { readJson } from '../text/json-document.ts';
import { LineMap } from '../text/positions.ts';
import { lineEndOf, lineStart, replaceRange } from '../text/text-edits.ts';
import type { Edit, Place, Service, SourceFile } from '../types.ts';
import type { FixContext } from './fix-maker.ts';

const isSorted = (names: readonly string[]): boolean => names.every((name, index) => index === 0 || names[index - 1]! < name);

/** One edit for all of them; none when they are there already; `undefined` when package.json cannot be changed. */
export function addDependencies(
  service: Service,
  wanted: Readonly<Record<string, string>>,
  context: FixContext,
): readonly Edit[] | undefined {
  const path = service.package?.place.path;
  const file = path === undefined ? undefined : context.source(path);
  const json = file && readJson(file);
  if (!file || !json || !('root' in json) || !file.path.endsWith('.json')) return undefined;
  const dependencies = json.root.get('dependencies');
  const present = dependencies?.members() ?? [];
  const known = present.map(({ key }) => key);
  const missing = Object.entries(wanted).filter(([name]) => !known.includes(name));
  if (missing.length === 0) return [];
  if (present.length === 0) return createDependencies(file, Object.fromEntries(missing));
  const lines = new LineMap(file.path, file.text);
  const sorted = isSorted(known);
  const offsetOf = ({ line, column }: Place): number => lines.offset(line, column);
  const first = present[0]!;
  const opening = offsetOf(dependencies!.place);
  const isMultiline = /[\r\n]/.test(file.text.slice(opening, offsetOf(first.keyPlace)));
  const gap = isMultiline ? lineEndOf(file.text) + indentOf(file.text, offsetOf(first.keyPlace)) : ' ';
  // Those that go before the same member are one edit.
  const byNext = new Map<string | undefined, [string, string][]>();
  for (const entry of missing.toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const next = sorted ? known.find((other) => other > entry[0]) : undefined;
    byNext.set(next, [...(byNext.get(next) ?? []), entry]);
  }
  return [...byNext].map(([next, entries]) => {
    const texts = entries.map(([name, range]) => `${JSON.stringify(name)}: ${JSON.stringify(range)}`);
    const member = present.find(({ key }) => key === next);
    if (member)
      return replaceRange(lines, offsetOf(member.keyPlace), offsetOf(member.keyPlace), texts.map((text) => `${text},${gap}`).join(''));
    const { endLine, endColumn } = present.at(-1)!.value.place;
    const end = lines.offset(endLine, endColumn);
    return replaceRange(lines, end, end, texts.map((text) => `,${gap}${text}`).join(''));
  });
}

/** White space in front of what stands at an offset. */
function indentOf(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return text.slice(start, start + text.slice(start, offset).search(/\S|$/));
}

function createDependencies(file: SourceFile, wanted: Readonly<Record<string, string>>): readonly Edit[] {
  const indent = /\n([ \t]+)"/.exec(file.text.slice(0, 10_000))?.[1] ?? '  ';
  const hasTabs = indent.includes('\t');
  const formattingOptions = { insertSpaces: !hasTabs, tabSize: hasTabs ? 1 : indent.length, eol: lineEndOf(file.text) };
  const lines = new LineMap(file.path, file.text);
  return modify(file.text, ['dependencies'], wanted, { formattingOptions }).map(({ offset, length, content }) =>
    replaceRange(lines, offset, offset + length, content),
  );
}
