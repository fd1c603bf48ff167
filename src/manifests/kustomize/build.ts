/** `kustomize build` as far as files of the repository tell, with the place of every value. */
import { entryAt, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { ExpanderFiles, NotAssessed } from '../../types.ts';
import { applyGenerators } from './generate.ts';
import { applyLabels } from './labels.ts';
import { findKustomization, isRemote, Layer, type Reading } from './layer.ts';
import { applyPatches } from './patches.ts';
import { followFormerNames } from './references.ts';
import { applyReplacements, applyVariables } from './replacements.ts';
import { identityOf, type Resource, readResources } from './resource.ts';
import { applyAnnotations, applyImages, applyNames, applyNamespace, applyReplicas } from './transform.ts';

export interface Build {
  readonly resources: readonly Resource[];
  readonly used: ReadonlySet<string>;
  readonly notes: readonly NotAssessed[];
}

const maxDepth = 30;
const maxLayers = 1000;
const maxResources = 5000;

/** Parts that need programs or the network. */
const notBuilt: Readonly<Record<string, string>> = {
  helmCharts: 'charts are fetched and rendered by Helm',
  helmChartInflationGenerator: 'charts are fetched and rendered by Helm',
  generators: 'generator plugins are programs',
  transformers: 'transformer plugins are programs',
};

/** What one build shares among its layers. */
class Builder {
  readonly reading: Reading;
  readonly #open: string[] = [];
  readonly #variables: YamlNode[] = [];
  #layers = 0;
  constructor(files: ExpanderFiles) {
    this.reading = { files, used: new Set(), notes: [] };
  }

  /** A kustomization alone, or a component laid over what is there. */
  apply(path: string, before: readonly Resource[], from?: { readonly layer: Layer; readonly node: YamlNode }): readonly Resource[] {
    const refuse = (reason: string, message: string): readonly Resource[] => {
      from?.layer.note(reason, message, from.node.place);
      return before;
    };
    if (this.#open.includes(path)) return refuse('cycle', `\`${path}\` leads back to itself.`);
    if (this.#open.length >= maxDepth) return refuse('too-deep', `Kustomizations are nested more than ${maxDepth} deep.`);
    if (++this.#layers > maxLayers) return refuse('too-large', `The overlay takes more than ${maxLayers} kustomizations.`);
    this.#open.push(path);
    try {
      return this.#applyLayer(new Layer(path, this.reading), before);
    } finally {
      this.#open.pop();
    }
  }

  finish(resources: readonly Resource[]): readonly Resource[] {
    return applyVariables(followFormerNames(resources), this.#variables);
  }

  #applyLayer(layer: Layer, before: readonly Resource[]): readonly Resource[] {
    const { root } = layer;
    if (!root) return before;
    for (const [key, why] of Object.entries(notBuilt)) {
      const entry = entryAt(root, key);
      if (entry && !isEmpty(entry.value)) layer.note('overlay', `\`${key}\` of this overlay is not built: ${why}.`, entry.keyPlace);
    }
    const own = this.#collect(layer);
    let all: readonly Resource[] = [...before, ...own];
    all = applyGenerators(all, root, layer);
    for (const node of itemsOf(nodeAt(root, 'components'))) all = this.#applyReference(layer, node, all) ?? all;
    all = applyPatches(all, layer, 'patchesStrategicMerge');
    all = applyPatches(all, layer, 'patches');
    all = applyNamespace(all, root);
    all = applyNames(all, root);
    all = applyLabels(all, root);
    all = applyAnnotations(all, root);
    all = applyPatches(all, layer, 'patchesJson6902');
    all = applyReplicas(all, root);
    all = applyImages(all, root);
    all = applyReplacements(all, layer);
    this.#variables.push(...itemsOf(nodeAt(root, 'vars')));
    return all;
  }

  #collect(layer: Layer): readonly Resource[] {
    const found = new Map<string, Resource>();
    for (const list of ['resources', 'bases']) {
      for (const node of itemsOf(nodeAt(layer.root, list))) {
        for (const resource of this.#read(layer, node)) {
          const id = identityOf(resource);
          if (found.size >= maxResources || found.has(id))
            layer.note('overlay', 'An object is given twice, or there are too many.', node.place);
          else found.set(id, resource);
        }
      }
    }
    return [...found.values()];
  }

  #read(layer: Layer, node: YamlNode): readonly Resource[] {
    const applied = this.#applyReference(layer, node, []);
    if (applied) return applied;
    const path = layer.resolve(textOf(node) ?? '');
    if (path === undefined || !layer.reading.files.has(path)) return [];
    return layer.yaml(path).flatMap((root) => readResources(root, path));
  }

  /** The kustomization of a folder, applied; `undefined` when the reference names a file or nothing that is here. */
  #applyReference(layer: Layer, node: YamlNode, before: readonly Resource[]): readonly Resource[] | undefined {
    const reference = textOf(node) ?? '';
    const path = layer.resolve(reference);
    const own = path === undefined ? undefined : findKustomization(path, layer.reading.files);
    if (own !== undefined) return this.apply(own, before, { layer, node });
    if (path !== undefined && layer.reading.files.has(path)) return undefined;
    if (isRemote(reference))
      layer.note('overlay', `The remote base \`${shorten(reference)}\` is not fetched: what it holds is not judged.`, node.place);
    else if (path === undefined) layer.note('link-outside', `\`${shorten(reference)}\` leads out of the repository.`, node.place);
    else layer.note('overlay', `\`${shorten(reference)}\` is not there.`, node.place);
    return undefined;
  }
}

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text).replace(/[\r\n`]/g, ' ');
const isEmpty = (node: YamlNode): boolean =>
  node.kind === 'list' ? node.items.length === 0 : node.kind === 'scalar' && node.value === null;

export function build(path: string, files: ExpanderFiles): Build {
  const builder = new Builder(files);
  const resources = builder.finish(builder.apply(path, []));
  const { used, notes } = builder.reading;
  return { resources, used, notes };
}
