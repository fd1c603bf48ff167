/**
 * skaffold.yaml, devspace.yaml and Tiltfile → the images that the tool builds, tags and writes into the manifests that name them
 * (skaffold.dev/docs/tagger; devspace.sh/docs/configuration/images; docs.tilt.dev/api).
 */
import { entriesOf, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Place, SourceFile } from '../../types.ts';
import { baseName } from './facts.ts';

const skaffold = /^skaffold(?:\.[\w-]+)?\.ya?ml$/;
const devspace = /^devspace(?:\.[\w-]+)?\.ya?ml$/;
const tilt = /^(?:Tiltfile|[\w-]+\.tiltfile|Tiltfile\.[\w-]+)$/i;
const maxImages = 200;

const tagged = (name: string, tool: string, place: Place): AnyFact => ({
  kind: 'tagged-image',
  value: { name, tool },
  place,
  confidence: 'certain',
});

function imagesIn(nodes: readonly (YamlNode | undefined)[], tool: string): readonly AnyFact[] {
  return nodes.slice(0, maxImages).flatMap((node) => {
    const name = textOf(node);
    return node && name ? [tagged(name, tool, node.place)] : [];
  });
}

const artifactsOf = (root: YamlNode | undefined): readonly (YamlNode | undefined)[] =>
  itemsOf(nodeAt(root, 'build', 'artifacts')).map((item) => nodeAt(item, 'image'));

/** `docker_build('shop', '.')`: Starlark, of which only names that stand there as such are known. */
const built =
  /^[^#\n]*?\b(?:docker_build|custom_build|docker_build_with_restart)\(\s{0,80}(?:ref\s{0,4}=\s{0,4})?(["'])([\w./:-]{1,200})\1/gm;

function readTiltfile({ path, text }: SourceFile): readonly AnyFact[] {
  const found: AnyFact[] = [];
  for (const match of text.matchAll(built)) {
    const before = text.slice(0, match.index + match[0].length - match[2]!.length - 1);
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    found.push(tagged(match[2]!, 'Tilt', { path, line, column, endLine: line, endColumn: column + match[2]!.length }));
    if (found.length >= maxImages) break;
  }
  return found;
}

function extract(file: SourceFile) {
  if (tilt.test(baseName(file.path))) return { facts: readTiltfile(file), notAssessed: [] };
  const { documents, notAssessed } = readYaml(file);
  const isSkaffold = skaffold.test(baseName(file.path));
  const images = documents.flatMap((root) =>
    isSkaffold
      ? [root, ...itemsOf(nodeAt(root, 'profiles'))].flatMap(artifactsOf)
      : entriesOf(nodeAt(root, 'images')).map(({ value }) => nodeAt(value, 'image')),
  );
  return { facts: imagesIn(images, isSkaffold ? 'Skaffold' : 'DevSpace'), notAssessed };
}

export const imageBuilderAdapter: Adapter = {
  id: 'image-builder',
  classify: (path) => [skaffold, devspace, tilt].some((pattern) => pattern.test(baseName(path))),
  extract,
};
