/** Manifests that a pipeline holds itself (`deployManifest` with text): objects of Kubernetes as any other, told with their places in the pipeline. */
import { type JsonNode, readJson } from '../../text/json-document.ts';
import { LineMap } from '../../text/positions.ts';
import type { AnyFact, Expander, Expansion, VirtualDocument } from '../../types.ts';
import { looksLikePipeline, mayBePipeline, pipelinesOf, textOf } from './pipelines.ts';

interface Inline {
  readonly manifest: JsonNode;
  /** Spinnaker puts the image of a build in the place of the one that is written. */
  readonly bindsImages: boolean;
}

function inlineOf(pipeline: JsonNode): readonly Inline[] {
  const expects = (pipeline.get('expectedArtifacts')?.items().length ?? 0) > 0;
  return pipeline
    .get('stages')!
    .items()
    .filter((stage) => textOf(stage.get('type')) === 'deployManifest' && textOf(stage.get('source')) !== 'artifact')
    .flatMap((stage) => {
      const bound = ['requiredArtifactIds', 'requiredArtifacts'].some((key) => (stage.get(key)?.items().length ?? 0) > 0);
      return (stage.get('manifests')?.items() ?? [])
        .filter((manifest) => manifest.get('kind') && manifest.get('apiVersion'))
        .map((manifest) => ({ manifest, bindsImages: bound || expects }));
    });
}

/** The text of a value without its indentation, which is YAML as it stands (no text of JSON spans lines), with the way back to its places. */
function documentOf({ place }: JsonNode, whole: LineMap): VirtualDocument {
  const start = whole.offset(place.line, place.column);
  const lines = whole.text.slice(start, whole.offset(place.endLine, place.endColumn)).split('\n');
  const starts: number[] = [];
  let offset = start;
  for (const line of lines) {
    starts.push(offset + line.length - line.trimStart().length);
    offset += line.length + 1;
  }
  const text = lines.map((line) => line.trimStart()).join('\n');
  const own = new LineMap(whole.path, text);
  const original = (at: number): number => {
    const { line, column } = own.at(at);
    return starts[line - 1]! + column - 1;
  };
  return { path: `${whole.path}.yaml`, text, places: { place: (from, to) => whole.place(original(from), original(to)) } };
}

const bound = ({ manifest }: Inline): AnyFact[] => {
  const name = textOf(manifest.get('metadata')?.get('name'));
  const kind = textOf(manifest.get('kind')) ?? '';
  return name === undefined
    ? []
    : [{ kind: 'workload-patch', place: manifest.place, confidence: 'certain', value: { kind, name, sets: ['image'] } }];
};

export const inlineManifestExpander: Expander = {
  id: 'spinnaker-manifests',
  roots: (paths, files) =>
    paths.filter((path) => {
      const text = mayBePipeline(path) ? files.text(path) : undefined;
      return text?.includes('"deployManifest"') === true && looksLikePipeline(text);
    }),
  expand(root, files): Expansion {
    const lines = new LineMap(root, files.text(root) ?? '');
    const document = readJson({ path: root, text: lines.text }, true);
    const inline = 'root' in document ? pipelinesOf(document.root).flatMap(inlineOf) : [];
    return {
      documents: inline.map(({ manifest }) => documentOf(manifest, lines)),
      facts: inline.filter(({ bindsImages }) => bindsImages).flatMap(bound),
      consumed: [],
      notAssessed: [],
    };
  },
};
