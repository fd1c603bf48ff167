import type { Condition, PackageManifest } from '../facts.ts';
import type { Steps } from '../steps.ts';
import type { AnyFact, NotAssessed, Place, SourceFile } from '../types.ts';

/** What a language may see of the repository. Reads are bounded, decoded and cached by the pipeline. */
export interface FileAccess {
  /** True when the repository holds a readable file at this path. */
  has(path: string): boolean;
  /** Paths below a folder (`''` is the root), sorted. */
  under(folder: string): readonly string[];
  /** The decoded text; `undefined` when missing, too large, binary or unreadable (each is noted once by the pipeline). */
  text(path: string): string | undefined;
  /**
   * What `make` reads from one file alone. `kind` names the maker and its version: the result is cached by content,
   * so it must be plain data and depend on nothing but the file.
   */
  derive<T>(path: string, kind: string, make: (file: SourceFile) => T): T | undefined;
  /** Says that a program rests on a file, where what was made of it is at hand already. */
  touch?(path: string): void;
}

export interface Entry {
  readonly path: string;
  readonly because: string;
  /** The command that names it, where one does: for servers of others that load a program (`gunicorn shop.web:app`). */
  readonly command?: EntryCommand;
}
export interface EntryCommand {
  readonly words: readonly string[];
  readonly place: Place;
  /** Variables in force that choose what a framework loads. */
  readonly chosen: Readonly<Record<string, string>>;
}

export interface ProgramRequest {
  /** Source root: the folder of the package. */
  readonly root: string;
  readonly package?: PackageManifest;
  /** Package manifests of the repository by name, for workspace imports. */
  readonly packages: ReadonlyMap<string, PackageManifest>;
  /** Programs as commands name them (`dist/main.js`); the language maps build output back to its source. */
  readonly entries: readonly Entry[];
  readonly files: FileAccess;
  /** Packages of the repository by folder. */
  readonly roots?: PackagesByRoot;
  /** What manifests below a folder say (settings, descriptors, logging), for languages whose programs are configured by them. */
  readonly manifestsUnder?: (folder: string) => readonly AnyFact[];
}

/** One program: the code that a process loads from its entries. */
export interface Program {
  /** Source files that the entries were mapped to; empty when none could be found. */
  readonly entries: readonly Entry[];
  /** True when every entry and every static import was followed, so that an absent fact is absent. */
  readonly complete: boolean;
  readonly files: readonly string[];
  readonly facts: readonly AnyFact[];
  readonly notAssessed: readonly NotAssessed[];
  /** Ids of the functions that the given ones may call, themselves included, across files. */
  reached(functions: readonly string[]): ReadonlySet<string>;
}

/** Bytes of a grammar that ships with the product, by the name of its package. */
export type ReadGrammar = (name: string) => Uint8Array;

/** The packages of the repository by folder. */
export type PackagesByRoot = ReadonlyMap<string, PackageManifest>;

export interface Language {
  readonly id: string;
  owns(path: string): boolean;
  /** True when the package can hold a program of this language. */
  readonly manifests: readonly string[];
  program(request: ProgramRequest): Program;
  /** The same in steps, where reading takes long. */
  programInSteps?(request: ProgramRequest): Steps<Program>;
  /** Programs that a package of this language holds by itself; `undefined` for libraries and for packages of other languages. */
  findPrograms?(manifest: PackageManifest, packages: PackagesByRoot, files: FileAccess): readonly Entry[] | undefined;
  /** Loads what cannot be loaded synchronously; needed before programs of this language are read. */
  prepare?(readGrammar: ReadGrammar, paths?: readonly string[]): Promise<void>;
}

export type { Condition };

/** One step where a language knows no others. */
export function* readInSteps(language: Language, request: ProgramRequest): Steps<Program> {
  return language.programInSteps ? yield* language.programInSteps(request) : language.program(request);
}

/** A program of which no module was read, and why. */
export const nothingRead = (notAssessed: readonly NotAssessed[]): Program => ({
  entries: [],
  complete: false,
  files: [],
  facts: [],
  notAssessed,
  reached: (functions) => new Set(functions),
});

/** Nothing was read, since nobody awaited the grammar. */
export const parserNotLoaded = (language: string, root: string): Program =>
  nothingRead([
    {
      reason: 'parser-not-loaded',
      message: `The ${language} code in ${root || 'the root'} was not read: its parser was not loaded. Await prepareLanguages() before analyse().`,
      failed: true,
    },
  ]);

/** The first part of a file that a grammar could not make sense of. */
export const syntaxErrors = (
  language: string,
  path: string,
  error: readonly [line: number, column: number, ...rest: number[]] | undefined,
) => {
  if (!error) return [];
  const [line, column] = error;
  const place = { path, line, column, endLine: line, endColumn: column + 1 };
  const note: NotAssessed = { reason: 'syntax-error', message: `A part of the ${language} code cannot be parsed.`, place, failed: true };
  return [note];
};
