/** One kustomization: its file, and how it reaches others. Nothing leads out of the repository. */
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { ExpanderFiles, NotAssessed, Place, PlaceMap } from '../../types.ts';

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

/** Definitions of custom resources run nothing and are larger than everything else: their lines are left empty. */
function blankDefinitions(text: string): string {
  if (!text.includes('kind: CustomResourceDefinition')) return text;
  return text
    .split(/^(?=---)/m)
    .map((part) => (/^kind: CustomResourceDefinition\b/m.test(part) ? part.replace(/[^\r\n]+/g, '') : part))
    .join('');
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
    const { documents, notAssessed } = readYaml({ path, text: blankDefinitions(text) });
    this.reading.notes.push(...notAssessed);
    return documents;
  }

  /** A patch that stands as a text in the kustomization: its lines are lines of the file. */
  inline(node: YamlNode & { readonly kind: 'scalar' }): readonly YamlNode[] {
    const places = mapBlock(node, this.reading.files.text(node.place.path) ?? '');
    const { documents, notAssessed } = readYaml({ path: node.place.path, text: node.text, places });
    this.reading.notes.push(...notAssessed);
    return documents;
  }

  note(reason: string, message: string, place: Place, failed = false): void {
    this.reading.notes.push({ reason, message, place, failed });
  }
}

/** Lines of a literal block (`|`) stand below its header, indented; any other text is shown as a whole. */
function mapBlock(node: YamlNode & { readonly kind: 'scalar' }, file: string): PlaceMap {
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
