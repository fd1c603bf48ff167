import type { Stamp } from './host/read.ts';

/** What was made of files in earlier runs. A value is found by the file's stamp (nothing is read) or by its content. */
export interface Cache {
  knows(path: string, kind: string): boolean;
  byStamp<T>(path: string, kind: string, stamp: Stamp): { readonly value: T } | undefined;
  byContent<T>(path: string, kind: string, hash: string, stamp?: Stamp): { readonly value: T } | undefined;
  store(path: string, kind: string, hash: string, stamp: Stamp, value: unknown): void;
  /** Writes to the disk what this run added. Failing to is no error. */
  save(): void;
}
