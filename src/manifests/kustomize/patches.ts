/** Patches of a kustomization, in all the forms in which they are given. */
import { itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Place } from '../../types.ts';
import { applyJsonPatch, PatchProblem } from './json-patch.ts';
import { isRemote, type Layer } from './layer.ts';
import { isPatchFor, matchesTarget } from './match.ts';
import { groupOf, kindOf, type Resource } from './resource.ts';
import { mergeNode } from './strategic-merge.ts';
import { isBounded } from './tree.ts';

interface Patch {
  readonly documents: readonly YamlNode[];
  readonly target?: YamlNode;
  readonly place: Place;
}

/** A patch by its path, or written in the kustomization. */
function readText(node: YamlNode | undefined, layer: Layer, key?: 'patch'): readonly YamlNode[] {
  const scalar = scalarOf(node);
  if (!scalar) return [];
  const isInline = key === 'patch' || scalar.text.includes('\n') || /^\s*[[{]/.test(scalar.text);
  return isInline ? layer.inline(scalar) : readFile(scalar, layer);
}

function readFile(node: YamlNode, layer: Layer): readonly YamlNode[] {
  const text = textOf(node) ?? '';
  if (isRemote(text)) return [];
  const path = layer.resolve(text);
  if (path === undefined) layer.note('link-outside', `\`${text}\` leads out of the repository.`, node.place);
  else if (!layer.reading.files.has(path)) layer.note('overlay', `\`${text}\` is not there.`, node.place);
  else return layer.yaml(path);
  return [];
}

function readPatches(layer: Layer, list: string): readonly Patch[] {
  return itemsOf(nodeAt(layer.root, list)).map((item): Patch => {
    if (item.kind === 'scalar') return { documents: readText(item, layer), place: item.place };
    const path = nodeAt(item, 'path');
    const documents = path ? readFile(path, layer) : readText(nodeAt(item, 'patch'), layer, 'patch');
    const target = nodeAt(item, 'target');
    return { documents, ...(target ? { target } : {}), place: item.place };
  });
}

/** Groups whose lists merge by key; of all others only maps merge. */
const builtIn = (group: string): boolean =>
  group === '' || !group.includes('.') || group.endsWith('.k8s.io') || group === 'apps.openshift.io';

function changeResource(resource: Resource, patch: YamlNode): Resource | undefined {
  if (patch.kind === 'list') {
    const root = applyJsonPatch(resource.root, patch);
    return root.kind === 'map' ? { ...resource, root } : resource;
  }
  const root = mergeNode(resource.root, withoutIdentity(patch), builtIn(groupOf(resource.root)));
  if (root && !isBounded(root)) throw new PatchProblem('the object grows without bound');
  return root?.kind === 'map' ? { ...resource, root } : undefined;
}

/** With a target, kind and name of a patch are placeholders; without one they are the resource's own. */
function withoutIdentity(patch: YamlNode): YamlNode {
  if (patch.kind !== 'map') return patch;
  const entries = new Map(patch.entries);
  entries.delete('apiVersion');
  entries.delete('kind');
  const metadata = entries.get('metadata');
  if (metadata?.value.kind === 'map') {
    const own = new Map(metadata.value.entries);
    own.delete('name');
    own.delete('namespace');
    entries.set('metadata', { ...metadata, value: { ...metadata.value, entries: own } });
  }
  return { ...patch, entries };
}

function applyOne(resources: readonly Resource[], document: YamlNode, patch: Patch, layer: Layer): readonly Resource[] {
  let found = false;
  const result = resources.flatMap((resource) => {
    const fits = patch.target ? matchesTarget(resource, patch.target) : document.kind === 'map' && isPatchFor(document, resource);
    if (!fits) return [resource];
    found = true;
    try {
      return changeResource(resource, document) ?? [];
    } catch (error) {
      if (!(error instanceof PatchProblem)) throw error;
      layer.note('overlay', `The patch of \`${kindOf(resource)}\` does not fit: ${error.message}.`, patch.place);
      return [resource];
    }
  });
  const kind = textOf(nodeAt(document, 'kind'));
  if (!found && !patch.target && kind !== 'CustomResourceDefinition' && !hasRemote(layer)) {
    const name = textOf(nodeAt(document, 'metadata', 'name')) ?? '';
    layer.note('patch-without-target', `The patch names ${kind} \`${name}\`, which its bases do not hold.`, document.place);
  }
  return result;
}

/** What a remote base holds is not known: a patch may be for it. */
const hasRemote = (layer: Layer): boolean => layer.reading.notes.some(({ reason }) => reason === 'overlay');

/** Applies the patches of one of the lists in which a kustomization gives them. */
export function applyPatches(resources: readonly Resource[], layer: Layer, list: string): readonly Resource[] {
  let result = resources;
  for (const patch of readPatches(layer, list)) {
    for (const document of patch.documents) result = applyOne(result, document, patch, layer);
  }
  return result;
}
