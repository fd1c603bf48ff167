/** YAML that stands as a text inside of YAML. */
import type { PlaceMap } from '../types.ts';
import type { YamlScalar } from './yaml-document.ts';

/** Lines of a literal block (`|`) stand below its header, indented; any other text is shown as a whole. */
export function placesInBlock(node: YamlScalar, file: string): PlaceMap {
  const lines = file.split(/\r\n|\r|\n/);
  const header = lines[node.place.line - 1] ?? '';
  const own = node.text.split('\n');
  const firstLine = own.findIndex((line) => line.trim() !== '');
  const written = lines[node.place.line + firstLine] ?? '';
  const indent = written.length - (own[firstLine] ?? '').length;
  const isBlock = header.slice(node.place.column - 1).startsWith('|') && firstLine >= 0 && indent >= 0 && written.endsWith(own[firstLine]!);
  const starts = [0];
  for (const line of own) starts.push(starts.at(-1)! + line.length + 1);
  const at = (offset: number) => {
    let index = starts.findLastIndex((start) => start <= offset);
    if (index >= own.length) index = own.length - 1;
    const line = Math.min(node.place.line + 1 + index, node.place.endLine);
    return { line, column: offset - starts[index]! + 1 + indent };
  };
  return {
    place(start, end) {
      if (!isBlock) return node.place;
      const from = at(start);
      const to = at(Math.max(start, end));
      return { path: node.place.path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
    },
  };
}
