/** What a release of an operator installs, kept in a repository as its authors made it: nobody edits it there. */
import type { PlaceMap, SourceFile } from '../types.ts';
import { LineMap } from './positions.ts';

const definition = /^kind:[ \t]*CustomResourceDefinition\b/m;
/** A word against edits at its head; what a generator of code or `helm template` writes into each object. */
const marks: readonly ((text: string) => boolean)[] = [
  (text) => /^#.{0,200}\bdo not (?:manually )?edit\b/im.test(text.slice(0, 600)),
  (text) => text.includes('controller-gen.kubebuilder.io/version:'),
  (text) => /^# Source: [\w.-]{1,80}\/(?:templates|crds)\//m.test(text),
];
/** With definitions of its resources in the same file: those of one's own operator lie apart from what runs it. */
const isRelease = (text: string): boolean => definition.test(text) && marks.some((shows) => shows(text));

/** Places that cannot be opened, for a file that is a release; `undefined` for all others. */
export function placesOfRelease({ path, text }: Pick<SourceFile, 'path' | 'text'>): PlaceMap | undefined {
  if (!text.includes('kind: CustomResourceDefinition') || !isRelease(text)) return undefined;
  const lines = new LineMap(path, text);
  return { place: (start, end) => ({ ...lines.place(start, end), inArchive: true }) };
}
