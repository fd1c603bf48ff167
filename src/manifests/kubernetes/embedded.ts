/** Configurations of proxies that stand in a ConfigMap, read where they stand. */
import { LineMap } from '../../text/positions.ts';
import { hasBackend, readHaproxy } from '../../text/proxy/haproxy.ts';
import { hasUpstream, readNginx } from '../../text/proxy/nginx.ts';
import { entriesOf, nodeAt, scalarOf } from '../../text/yaml-access.ts';
import type { YamlEntry } from '../../text/yaml-document.ts';
import type { AnyFact, Place, PlaceMap, SourceFile } from '../../types.ts';
import type { KubernetesObject } from './object.ts';

const maxLength = 256 * 1024;

/** Lines of a block (`key: |`) stand below its key in the file, moved to the right; other forms have the place of their value. */
function placesOf({ keyPlace, value }: YamlEntry, text: string, file: SourceFile): PlaceMap {
  const whole: PlaceMap = { place: () => value.place };
  if (file.places || !text.includes('\n')) return whole;
  const own = new LineMap(file.path, text);
  const rows = file.text.split('\n');
  const first = text.split('\n').find((row) => row.trim() !== '') ?? '';
  const start = rows.findIndex((row, index) => index >= keyPlace.line && row.trim() !== '');
  if (start < 0 || first === '' || !rows[start]!.includes(first)) return whole;
  const indent = rows[start]!.indexOf(first);
  const skipped = text.split('\n').indexOf(first);
  const move = (offset: number): { line: number; column: number } => {
    const { line, column } = own.at(offset);
    return { line: start + line - skipped, column: column + indent };
  };
  return {
    place(from, to): Place {
      const begin = move(from);
      const end = move(Math.max(from, to));
      return { path: file.path, line: begin.line, column: begin.column, endLine: end.line, endColumn: end.column };
    },
  };
}

export function readEmbedded(object: KubernetesObject, file: SourceFile): readonly AnyFact[] {
  if (object.group !== '' || object.kind !== 'ConfigMap') return [];
  return entriesOf(nodeAt(object.root, 'data')).flatMap((entry) => {
    const text = scalarOf(entry.value)?.text ?? '';
    if (text.length > maxLength) return [];
    const read = hasUpstream(text) ? readNginx : hasBackend(text) ? readHaproxy : undefined;
    return read ? read({ path: file.path, text, places: placesOf(entry, text, file) }).facts : [];
  });
}
