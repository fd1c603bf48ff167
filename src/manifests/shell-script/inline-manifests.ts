/** Manifests that a script hands to the cluster (`kubectl apply -f - <<EOF`): objects of Kubernetes as any other, told with their places in the script. */
import { LineMap } from '../../text/positions.ts';
import type { Expander, Expansion, VirtualDocument } from '../../types.ts';

const opening = /<<(-?)[ \t]*(["']?)([A-Za-z_]\w{0,40})\2/;
const receives =
  /\b(?:kubectl|oc)\b[^|;&\n]{0,200}\b(?:apply|create|replace)\b[^|;&\n]{0,200}(?:-f|--filename)[ =]?(?:-|\/dev\/stdin)(?:\s|$)/;
const most = { length: 512 * 1024, documents: 50 };

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The bodies of here-documents whose line hands them to a client of the cluster. Those of `<<-` are indented with tabs, which YAML refuses. */
function findBodies(text: string): readonly Span[] {
  const found: Span[] = [];
  let [at, body]: [number, { readonly word: string; readonly start: number; readonly counts: boolean } | undefined] = [0, undefined];
  while (at < text.length && found.length < most.documents) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end).replace(/\r$/, '');
    if (body) {
      if (line.trim() === body.word) {
        if (body.counts) found.push({ start: body.start, end: at });
        body = undefined;
      }
    } else if (line.length < 2000 && !/^\s*#/.test(line)) {
      const match = opening.exec(line);
      if (match) body = { word: match[3]!, start: end + 1, counts: match[1] === '' && receives.test(line) };
    }
    at = end + 1;
  }
  return found;
}

function documentOf({ start, end }: Span, whole: LineMap): VirtualDocument {
  const text = whole.text.slice(start, end);
  return { path: `${whole.path}.yaml`, text, places: { place: (from, to) => whole.place(start + from, start + to) } };
}

const isScript = (path: string): boolean => /\.(?:sh|bash)$/i.test(path);

export const scriptManifestExpander: Expander = {
  id: 'script-manifests',
  roots: (paths, files) =>
    paths.filter((path) => {
      const text = isScript(path) ? files.text(path) : undefined;
      return text !== undefined && text.length <= most.length && text.includes('<<') && findBodies(text).length > 0;
    }),
  expand(root, files): Expansion {
    const lines = new LineMap(root, files.text(root) ?? '');
    return { documents: findBodies(lines.text).map((span) => documentOf(span, lines)), facts: [], consumed: [], notAssessed: [] };
  },
};
