/** Terraform modules: the files of one folder, and what becomes of them where the module is called. */

import { parseHcl } from '../../../text/hcl/parse.ts';
import type { Block, Body, Expression, Span } from '../../../text/hcl/syntax.ts';
import { LineMap } from '../../../text/positions.ts';
import type { NotAssessed, Place } from '../../../types.ts';
import type { Node } from '../node.ts';
import { folderOf } from '../paths.ts';

/** One file of HCL. */
export interface HclFile {
  readonly path: string;
  readonly text: string;
  readonly lines: LineMap;
}
export interface Located<T> {
  readonly file: HclFile;
  readonly it: T;
}
export type LocatedBlock = Located<Block>;
export type LocatedExpression = Located<Expression>;

/** What stands in one folder. */
export interface ModuleSource {
  readonly folder: string;
  readonly resources: readonly LocatedBlock[];
  readonly data: readonly LocatedBlock[];
  readonly calls: readonly LocatedBlock[];
  readonly variables: ReadonlyMap<string, LocatedBlock>;
  readonly locals: ReadonlyMap<string, LocatedExpression>;
  readonly outputs: ReadonlyMap<string, LocatedExpression>;
  /** A provider or backend is configured here: somebody applies this folder. */
  readonly isApplied: boolean;
}

/** A module as it is called once. */
export interface Instance {
  readonly source: ModuleSource;
  /** `` for the root, else `module.a.module.b`. */
  readonly address: string;
  /** The folder where it all starts. */
  readonly root: string;
  /** Nobody in the repository calls or applies it: its variables are what others set. */
  readonly isLibrary: boolean;
  /** What the call passes, or the variable files of a root. */
  readonly given: ReadonlyMap<string, () => Node>;
  /** Header of the call, and of the calls above it. */
  readonly calledAt?: Place;
  readonly known: Map<string, Node>;
  readonly children: Map<string, readonly Instance[]>;
  readonly depth: number;
}

export const placeOf = ({ lines }: HclFile, { start, end }: Span): Place => lines.place(start, end);
export const attributeOf = (block: Block, name: string): Expression | undefined =>
  block.body.attributes.find((attribute) => attribute.name === name)?.value;
export const headerPlace = ({ file, it }: LocatedBlock): Place => file.lines.place(it.start, it.headerEnd);

export interface ParsedHcl {
  readonly file: HclFile;
  readonly body: Body;
  readonly notAssessed: readonly NotAssessed[];
}
export function readHclFile(path: string, text: string): ParsedHcl {
  const { body, problems } = parseHcl(text);
  const file: HclFile = { path, text, lines: new LineMap(path, text) };
  const notAssessed = problems.map(({ reason, message, offset }) => {
    const at = Math.min(offset, text.length);
    return { reason, message, place: file.lines.place(at, at), failed: true };
  });
  return { file, body, notAssessed };
}

const isModuleFile = (path: string): boolean => /\.(?:tf|tofu)$/.test(path);

/** Override files of a folder replace single arguments; which ones takes effect last is left to Terraform. */
const isOverride = (path: string): boolean => /(?:^|[/_])override\.tf$/.test(path);

/** Every folder with `.tf` files. */
export function readModules(files: readonly ParsedHcl[]): ReadonlyMap<string, ModuleSource> {
  const folders = new Map<string, ParsedHcl[]>();
  for (const parsed of files) {
    const { path } = parsed.file;
    if (!isModuleFile(path) || isOverride(path)) continue;
    const folder = folderOf(path);
    const list = folders.get(folder);
    if (list) list.push(parsed);
    else folders.set(folder, [parsed]);
  }
  return new Map([...folders].map(([folder, parsed]) => [folder, readModule(folder, parsed)]));
}

function readModule(folder: string, files: readonly ParsedHcl[]): ModuleSource {
  const blocks = files.flatMap(({ file, body }): LocatedBlock[] => body.blocks.map((it) => ({ file, it })));
  const ofType = (type: string, labels: number) => blocks.filter(({ it }) => it.type === type && it.labels.length >= labels);
  const readValue = ({ file, it }: LocatedBlock): LocatedExpression[] => {
    const value = attributeOf(it, 'value');
    return value ? [{ file, it: value }] : [];
  };
  return {
    folder,
    resources: ofType('resource', 2),
    data: ofType('data', 2),
    calls: ofType('module', 1),
    variables: new Map(ofType('variable', 1).map((block) => [block.it.labels[0]!, block])),
    locals: new Map(
      ofType('locals', 0).flatMap(({ file, it }) => it.body.attributes.map(({ name, value }) => [name, { file, it: value }] as const)),
    ),
    outputs: new Map(ofType('output', 1).flatMap((block) => readValue(block).map((value) => [block.it.labels[0]!, value] as const))),
    isApplied:
      ofType('provider', 1).length > 0 ||
      ofType('terraform', 0).some(({ it }) => it.body.blocks.some(({ type }) => type === 'backend' || type === 'cloud')),
  };
}
