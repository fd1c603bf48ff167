/** What reads manifests, and what it is given and gives back. */
import type { Purpose } from '../facts.ts';
import type { AnyFact, Place, PlaceMap } from '../types.ts';

/** What a file is, by name and first bytes. `ignored` kinds never reach an adapter. */
export interface Artifact {
  readonly path: string;
  /** Adapter id, e.g. `javascript`, `dockerfile`, `kubernetes`, `package-json`. */
  readonly adapter: string;
  /** Why its findings count less or not at all. */
  readonly role: 'production' | 'test' | 'example' | 'documentation' | 'generated' | 'vendored' | 'tooling' | 'browser';
}

/** Something that could not be read or judged; it is always shown, never dropped. */
export interface NotAssessed {
  /** Machine-readable reason, kebab-case: `syntax-error`, `too-large`, `binary`, `template`, `unreadable`, `link-outside`, `too-deep`, `no-manifest`, `no-code`… */
  readonly reason: string;
  readonly message: string;
  readonly place?: Place;
  readonly service?: string;
  /** A damaged file, as opposed to a form that the product does not analyse: counts for `--strict`. */
  readonly failed: boolean;
}

/** What one adapter read from one file. Depends on that file alone, so it can be cached by content. */
export interface Extraction {
  readonly facts: readonly AnyFact[];
  readonly notAssessed: readonly NotAssessed[];
}

/** Turns one kind of file into facts. */
export interface Adapter {
  readonly id: string;
  /** Decides by path, and by the first bytes where the path does not tell (`undefined` while they have not been read). */
  classify(path: string, head?: string): boolean;
  /** True when `classify` needs the text. */
  readonly needsText?: (path: string) => boolean;
  /** The name says all: the file is not read, `extract` gets an empty text. */
  readonly nameSuffices?: boolean;
  extract(file: SourceFile): Extraction;
}
/** A document that no file holds as it is: several files make it. */
export interface VirtualDocument extends SourceFile {
  readonly places: PlaceMap;
  /** See `Fact.set`; unique in the repository. Absent: it is the same in every set of its root. */
  readonly set?: string;
  /** What the set is for; `unknown` where it does not tell. */
  readonly purpose?: Purpose;
  /** It is not deployed: values switch it off. */
  readonly isSwitchedOff?: true;
}

/** What an expander made of one root. */
export interface Expansion {
  readonly documents: readonly VirtualDocument[];
  /** What its own files show, and no document does. */
  readonly facts?: readonly AnyFact[];
  /** Paths that are not to be read by themselves. */
  readonly consumed: readonly string[];
  readonly notAssessed: readonly NotAssessed[];
}

/** The files that an expander may read: decoded, bounded, never out of the repository. */
export interface ExpanderFiles {
  /** The files without the record of what one root reads: for what `restsOn` tells. */
  readonly whole?: ExpanderFiles;
  has(path: string): boolean;
  /** Everything below a folder, sorted. */
  under(folder: string): readonly string[];
  text(path: string): string | undefined;
  /** What `make` reads from one file alone, as plain data: kept between runs. `kind` names the maker. */
  derive<T>(path: string, kind: string, make: (file: SourceFile) => T): T | undefined;
  /** Texts of a gzipped tar, by path inside of it. */
  archive?(path: string): ReadonlyMap<string, string> | undefined;
}

/** Makes manifests of several files: a chart with its values, an overlay with its bases. */
export interface Expander {
  readonly id: string;
  /** Paths of the files that each stand for one thing to expand (`chart/Chart.yaml`), in order. */
  roots(paths: readonly string[], files: ExpanderFiles): readonly string[];
  expand(root: string, files: ExpanderFiles): Expansion;
  /** What decides besides the texts that `expand` reads, as a text; without one, what a root comes to is not kept between runs. */
  readonly restsOn?: (root: string, files: ExpanderFiles) => string | undefined;
}

/** Turns files that only mean something together (a Terraform module and what it calls) into facts. */
export interface TreeAdapter {
  readonly id: string;
  /** Decides by path alone. */
  owns(path: string): boolean;
  extract(files: TreeFiles): Extraction;
}
/** What such an adapter may see: the files that it owns, and texts that they name. */
export interface TreeFiles {
  /** Files that the adapter owns, sorted. */
  readonly paths: readonly string[];
  has(path: string): boolean;
  text(path: string): string | undefined;
}
/** A decoded file: BOM removed, UTF-16 decoded, line ends as they are. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Absent: the text is that of the file at `path`. */
  readonly places?: PlaceMap;
}
