/** One repository that is open in the editor: when it is analysed, and what its files are told. */
import type { Diagnostic } from 'vscode-languageserver/node';
import { breathe } from '../steps.ts';
import type { Rule } from '../types.ts';
import { openWorkspace, type Workspace, type WorkspaceResult } from '../workspace.ts';
import type { Client } from './client.ts';
import { collectDiagnostics } from './diagnostics.ts';
import { ReadyFixes } from './ready-fixes.ts';

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

/** An analysis that was accepted. */
export interface Judged extends WorkspaceResult {
  readonly ready: ReadyFixes;
}

const none: readonly Diagnostic[] = [];
/** Files at work whose fixes are made ahead: a client asks for them whenever the caret moves. */
const mostAttended = 3;
/** Diagnostics wait this long (ms) for the first of them. */
const longestWait = 20;

export class Folder {
  readonly workspace: Workspace;
  /** Of the last analysis. */
  last: Judged | undefined;
  rules: ReadonlyMap<string, Rule> = new Map();
  readonly #host: Host;
  #diagnostics: ReadonlyMap<string, readonly Diagnostic[]> = new Map();
  /** Counts what was heard; an analysis that began before the last of it is stale. */
  #heard = 0;
  #analysed = -1;
  /** What had been heard when the last accepted analysis began. */
  #accepted = -1;
  /** Files at work, the latest first. */
  #attended: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(
    readonly root: string,
    /** Folders below the root that are reported on; empty: all. */
    readonly bases: readonly string[],
    host: Host,
  ) {
    this.#host = host;
    this.workspace = openWorkspace({ root, paths: bases, keep: host.client.keep });
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
    return this.#accepted === this.#heard;
  }

  /** Somebody works on a file. */
  attend(path: string): void {
    if (this.#attended[0] === path) return;
    this.#attended = [path, ...this.#attended.filter((other) => other !== path)].slice(0, mostAttended);
    if (this.last && this.isCurrent) this.#prepare(this.last, this.last.ready.prepare([path]));
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
        const result = await this.workspace.analyse(() => heard === this.#heard && !this.#closed);
        await breathe();
        this.#analysed = heard;
        if (heard !== this.#heard || !result) {
          // Typing goes on: its own timer comes back. One that ran out meanwhile has left the work to this run.
          if (this.#timer) return;
          continue;
        }
        this.#accept(result, heard);
      } catch (error) {
        this.#analysed = heard;
        this.#host.fail(this.root, error);
      } finally {
        end?.();
      }
    }
  }

  #accept(result: WorkspaceResult, heard: number): void {
    const isFirst = !this.last;
    const judged = { ...result, ready: new ReadyFixes(result.result, (path) => this.workspace.text(path)) };
    this.last = judged;
    this.#accepted = heard;
    this.rules = new Map(result.result.rules.map((rule) => [rule.id, rule]));
    const uriOf = (path: string): string => this.#host.uriOf(this.root, path);
    const before = this.#diagnostics;
    this.#diagnostics = collectDiagnostics(result, { client: this.#host.client, rules: this.rules, uriOf });
    const paths = new Set([...before.keys(), ...this.#diagnostics.keys()]);
    const isNew = (path: string): boolean => JSON.stringify(before.get(path)) !== JSON.stringify(this.#diagnostics.get(path));
    this.#prepare(judged, judged.ready.prepare(this.#attended), longestWait);
    this.#host.publish(this, [...paths].filter(isNew).sort());
    if (isFirst) this.#prepare(judged, judged.ready.rehearse());
  }

  /** Makes fixes while nobody asks for anything. */
  #prepare(judged: Judged, steps: Generator<void>, wait = 0): void {
    const until = performance.now() + wait;
    const isOver = (): boolean => this.last !== judged || !this.isCurrent || this.#closed || steps.next().done === true;
    const step = (): void => {
      let over = isOver();
      while (!over && performance.now() < until) over = isOver();
      if (!over) setImmediate(step);
    };
    step();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#diagnostics = new Map();
  }
}
