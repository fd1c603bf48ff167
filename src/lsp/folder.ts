/** One repository that is open in the editor: when it is analysed, and what its files are told. */
import type { Diagnostic } from 'vscode-languageserver/node';
import type { Finding, Fix, Rule } from '../types.ts';
import { openWorkspace, type Workspace, type WorkspaceResult } from '../workspace.ts';
import type { Client } from './client.ts';
import { collectDiagnostics } from './diagnostics.ts';

/** What a folder needs of the server. */
export interface Host {
  readonly client: Client;
  uriOf(root: string, path: string): string;
  /** Diagnostics of some paths are new. */
  publish(folder: Folder, changed: readonly string[]): void;
  /** The analysis failed in a way that nobody expected. */
  fail(root: string, error: unknown): void;
  /** Shows that a long step runs; the returned function ends it. */
  begin(root: string): Promise<() => void>;
}

const none: readonly Diagnostic[] = [];
/** Messages that arrived while the analysis ran are taken first. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class Folder {
  readonly workspace: Workspace;
  /** Of the last analysis. */
  last: WorkspaceResult | undefined;
  rules: ReadonlyMap<string, Rule> = new Map();
  readonly #host: Host;
  #diagnostics: ReadonlyMap<string, readonly Diagnostic[]> = new Map();
  /** Counts what was heard; an analysis that began before the last of it is stale. */
  #heard = 0;
  #analysed = -1;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #fixes = new Map<string, readonly Fix[]>();
  #closed = false;

  constructor(
    readonly root: string,
    /** Folders below the root that are reported on; empty: all. */
    readonly bases: readonly string[],
    host: Host,
  ) {
    this.#host = host;
    this.workspace = openWorkspace({ root, paths: bases });
  }

  covers(bases: readonly string[]): boolean {
    return !this.bases.length || (bases.length > 0 && bases.every((base) => this.bases.includes(base)));
  }

  diagnostics(path: string): readonly Diagnostic[] {
    return this.#diagnostics.get(path) ?? none;
  }
  get paths(): readonly string[] {
    return [...this.#diagnostics.keys()];
  }

  /** Something changed: analyses after a time of silence. */
  schedule(): void {
    this.#heard++;
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.settle(), this.#host.client.debounce);
  }

  /** Nothing was heard since the last analysis began: its places are those of the buffers. */
  get isCurrent(): boolean {
    return this.#analysed === this.#heard;
  }

  /** Analyses now, until nothing is left to hear. */
  settle(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#analysed !== this.#heard && !this.#closed) {
      const heard = this.#heard;
      const end = this.last ? undefined : await this.#host.begin(this.root);
      try {
        await breathe();
        const result = await this.workspace.analyse();
        await breathe();
        this.#analysed = heard;
        if (heard !== this.#heard) {
          // Typing goes on: its own timer comes back. One that ran out meanwhile has left the work to this run.
          if (this.#timer) return;
          continue;
        }
        this.#accept(result);
      } catch (error) {
        this.#analysed = heard;
        this.#host.fail(this.root, error);
      } finally {
        end?.();
      }
    }
  }

  #accept(result: WorkspaceResult): void {
    this.last = result;
    this.rules = new Map(result.result.rules.map((rule) => [rule.id, rule]));
    this.#fixes = new Map();
    const uriOf = (path: string): string => this.#host.uriOf(this.root, path);
    const before = this.#diagnostics;
    this.#diagnostics = collectDiagnostics(result, { client: this.#host.client, rules: this.rules, uriOf });
    const paths = new Set([...before.keys(), ...this.#diagnostics.keys()]);
    const isNew = (path: string): boolean => JSON.stringify(before.get(path)) !== JSON.stringify(this.#diagnostics.get(path));
    this.#host.publish(this, [...paths].filter(isNew).sort());
  }

  /** Made once for each finding and analysis. */
  fixes(finding: Finding): readonly Fix[] {
    const key = JSON.stringify([finding.fingerprint, finding.place]);
    const known = this.#fixes.get(key) ?? this.last?.result.fixes(finding) ?? [];
    this.#fixes.set(key, known);
    return known;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#diagnostics = new Map();
  }
}
