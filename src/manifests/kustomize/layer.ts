/** One kustomization: its file, and how it reaches others. Nothing leads out of the repository. */
import { blankDefinitions } from '../../text/blank-definitions.ts';
import { placesOfRelease } from '../../text/releases.ts';
import { placesInBlock } from '../../text/yaml-block.ts';
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { ExpanderFiles, NotAssessed, Place } from '../../types.ts';

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
export const isKustomization = (path: string): boolean => names.includes(path.slice(path.lastIndexOf('/') + 1));
export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
export const findKustomization = (folder: string, files: Pick<ExpanderFiles, 'has'>): string | undefined =>
  names.map((name) => (folder === '' ? name : `${folder}/${name}`)).find((path) => files.has(path));

/** A URL, a git host or a pinned revision: fetched by Kustomize, never by this product. */
export const isRemote = (reference: string): boolean =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(reference) ||
  /^(?:git@|git::|[\w.-]+@[\w.-]+:)/.test(reference) ||
  /[?&](?:ref|version|timeout|submodules)=/.test(reference) ||
  /^(?:[\w-]+\.)+(?:com|org|net|io|dev)[/:]/.test(reference);

/** A path below the root, or `undefined` where it leads out. */
export function resolvePath(folder: string, reference: string): string | undefined {
  if (reference.startsWith('/') || reference.includes('\\') || reference.includes('\0')) return undefined;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of reference.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Files read in one build, and what went wrong there. */
export interface Reading {
  readonly files: ExpanderFiles;
  /** Paths that took part. */
  readonly used: Set<string>;
  readonly notes: NotAssessed[];
}

export class Layer {
  readonly folder: string;
  readonly root: YamlNode | undefined;
  constructor(
    readonly path: string,
    readonly reading: Reading,
  ) {
    this.folder = folderOf(path);
    this.root = this.yaml(path)[0];
  }

  resolve(reference: string): string | undefined {
    return resolvePath(this.folder, reference);
  }

  text(path: string): string | undefined {
    if (!this.reading.files.has(path)) return undefined;
    this.reading.used.add(path);
    return this.reading.files.text(path);
  }

  yaml(path: string): readonly YamlNode[] {
    const text = this.text(path);
    if (text === undefined) return [];
    const places = placesOfRelease({ path, text });
    const { documents, notAssessed } = readYaml({ path, text: blankDefinitions(text), ...(places ? { places } : {}) });
    this.reading.notes.push(...notAssessed);
    return documents;
  }

  /** A patch that stands as a text in the kustomization: its lines are lines of the file. */
  inline(node: YamlNode & { readonly kind: 'scalar' }): readonly YamlNode[] {
    const places = placesInBlock(node, this.reading.files.text(node.place.path) ?? '');
    const { documents, notAssessed } = readYaml({ path: node.place.path, text: node.text, places });
    this.reading.notes.push(...notAssessed);
    return documents;
  }

  note(reason: string, message: string, place: Place, failed = false): void {
    this.reading.notes.push({ reason, message, place, failed });
  }
}
