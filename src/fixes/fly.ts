/** Lines of fly.toml. */
import { LineMap } from '../text/positions.ts';
import { insertLines, nextLine } from '../text/text-edits.ts';
import { nodeAt, scalarOf } from '../text/yaml-access.ts';
import type { YamlNode } from '../text/yaml-document.ts';
import type { Edit, SourceFile } from '../types.ts';

/** Top-level keys stand before the tables: below those that every such file has. */
export function addTopLevelKey(file: SourceFile, root: YamlNode, line: string): Edit | undefined {
  const before = ['kill_signal', 'primary_region', 'app'].map((key) => scalarOf(nodeAt(root, key))).find((node) => node !== undefined);
  const lines = new LineMap(file.path, file.text);
  return before && insertLines(lines, nextLine(file.text, lines.offset(before.place.endLine, 1)), line);
}
