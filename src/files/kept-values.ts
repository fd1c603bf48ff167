/** What a session keeps in memory although it could be made again, below a limit of bytes. */

const headerBytes = 24;
const fieldBytes = 12;

/** About what plain data takes on the heap. What it holds twice counts twice: too much, never too little. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return headerBytes + value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = headerBytes;
  if (Array.isArray(value)) for (const item of value) bytes += fieldBytes + sizeOf(item);
  else for (const key in value) bytes += fieldBytes + sizeOf(value[key as keyof typeof value]);
  return bytes;
}

interface Kept {
  readonly value: unknown;
  readonly bytes: number;
  /** The last run that asked for it. */
  used: number;
}

/**
 * Values by path and kind. Where they do not fit, those go that no run has asked for in the longest time; what the run at work asked
 * for stays, and more is not taken: every run asks for the same again, so that the latest is worth no more than the first.
 */
export class KeptValues {
  readonly #limit: number;
  readonly #byPath = new Map<string, Map<string, Kept>>();
  #run = 0;
  #bytes = 0;
  #reserved = 0;
  /** Nothing of earlier runs is left to make room with. */
  #full = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes + this.#reserved;
  }

  beginRun(): void {
    this.#run++;
    this.#full = false;
  }

  /** Bytes that something else takes. */
  reserve(bytes: number): void {
    this.#reserved = bytes;
    if (this.bytes > this.#limit) this.#makeRoom(0, this.#run);
  }

  get(path: string, kind: string): { readonly value: unknown } | undefined {
    const kept = this.#byPath.get(path)?.get(kind);
    if (kept) kept.used = this.#run;
    return kept;
  }

  has(path: string, kind: string): boolean {
    return this.#byPath.get(path)?.has(kind) ?? false;
  }

  set(path: string, kind: string, value: unknown): void {
    this.#drop(path, kind);
    if (this.#full) return;
    const bytes = sizeOf(value) + headerBytes;
    if (this.bytes + bytes > this.#limit && !this.#makeRoom(bytes, this.#run - 1)) {
      this.#full = true;
      return;
    }
    const values = this.#byPath.get(path) ?? new Map<string, Kept>();
    this.#byPath.set(path, values.set(kind, { value, bytes, used: this.#run }));
    this.#bytes += bytes;
  }

  forget(path: string): void {
    for (const kind of this.#byPath.get(path)?.keys() ?? []) this.#drop(path, kind);
  }

  #drop(path: string, kind: string): void {
    const values = this.#byPath.get(path);
    const kept = values?.get(kind);
    if (!kept) return;
    this.#bytes -= kept.bytes;
    values!.delete(kind);
    if (!values!.size) this.#byPath.delete(path);
  }

  /** Drops the oldest up to a run, and a tenth more, so that it is not asked again for each. */
  #makeRoom(bytes: number, until: number): boolean {
    const all = [...this.#byPath].flatMap(([path, values]) => [...values].map(([kind, { used }]) => ({ path, kind, used })));
    const old = all.filter(({ used }) => used <= until).sort((a, b) => a.used - b.used);
    for (const { path, kind } of old) {
      if (this.bytes + bytes <= this.#limit * 0.9) break;
      this.#drop(path, kind);
    }
    return this.bytes + bytes <= this.#limit;
  }
}
