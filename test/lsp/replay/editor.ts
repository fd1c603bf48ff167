/** The repository as an editor's user leaves it: files on the disk, buffers in front of them; every act is told to the server. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from 'vscode-languageserver/node';
import type { TestClient } from '../client.ts';
import type { Editor } from '../editors.ts';

interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The part of a text that another replaces: what an editor sends of an edit. */
function changeBetween(before: string, after: string): Change {
  let from = 0;
  while (from < before.length && before[from] === after[from]) from++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - from && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { from, to: before.length - end, text: after.slice(from, after.length - end) };
}

const positionAt = (text: string, offset: number) => {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length - 1, character: lines.at(-1)!.length };
};

export class ScriptedEditor {
  readonly buffers = new Map<string, string>();
  readonly #versions = new Map<string, number>();

  constructor(
    readonly client: TestClient,
    readonly editor: Editor,
  ) {}

  get #pulls(): boolean {
    return this.editor === 'vscode' || this.editor === 'neovim-0.12';
  }
  get #watches(): boolean {
    return this.editor === 'vscode' || this.editor === 'helix' || this.editor === 'eglot';
  }

  #file(path: string): string {
    return join(this.client.root, path);
  }
  #send(method: string, path: string, more: object = {}): Promise<void> {
    const version = this.#versions.get(path);
    const textDocument = { uri: this.client.uri(path), ...(version === undefined ? {} : { version }) };
    return this.client.connection.sendNotification(`textDocument/${method}`, { textDocument, ...more });
  }
  #watched(path: string, type: 1 | 2 | 3): Promise<void> {
    return this.#watches ? this.client.watched(path, type) : Promise.resolve();
  }

  onDisk(path: string): string | undefined {
    return existsSync(this.#file(path)) ? readFileSync(this.#file(path), 'utf8') : undefined;
  }
  text(path: string): string | undefined {
    return this.buffers.get(path) ?? this.onDisk(path);
  }

  async open(path: string): Promise<void> {
    if (this.buffers.has(path)) return;
    const text = this.onDisk(path) ?? '';
    this.buffers.set(path, text);
    this.#versions.set(path, 1);
    await this.client.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: this.client.uri(path), languageId: 'plaintext', version: 1, text },
    });
  }

  async edit(path: string, text: string): Promise<void> {
    await this.open(path);
    const before = this.buffers.get(path)!;
    if (before === text) return;
    const { from, to, text: inserted } = changeBetween(before, text);
    this.buffers.set(path, text);
    this.#versions.set(path, this.#versions.get(path)! + 1);
    const range = { start: positionAt(before, from), end: positionAt(before, to) };
    await this.#send('didChange', path, { contentChanges: [{ range, text: inserted }] });
  }

  async save(path: string): Promise<void> {
    const text = this.buffers.get(path);
    if (text === undefined) return;
    const isNew = !existsSync(this.#file(path));
    this.#write(path, text);
    await this.#send('didSave', path);
    await this.#watched(path, isNew ? 1 : 2);
  }

  async close(path: string): Promise<void> {
    if (!this.buffers.delete(path)) return;
    await this.#send('didClose', path);
    this.#versions.delete(path);
  }

  /** Another program writes the file. */
  async writeOutside(path: string, text: string): Promise<void> {
    const isNew = !existsSync(this.#file(path));
    this.#write(path, text);
    await this.#watched(path, isNew ? 1 : 2);
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(this.#file(path)), { recursive: true });
    writeFileSync(this.#file(path), text);
  }

  async remove(path: string): Promise<void> {
    if (!existsSync(this.#file(path))) return;
    rmSync(this.#file(path));
    await this.#watched(path, 3);
  }

  /** The buffer moves with the file, unsaved edits included. */
  async rename(path: string, to: string): Promise<void> {
    if (!existsSync(this.#file(path)) || existsSync(this.#file(to)) || this.buffers.has(to)) return;
    const text = this.buffers.get(path);
    await this.close(path);
    mkdirSync(dirname(this.#file(to)), { recursive: true });
    renameSync(this.#file(path), this.#file(to));
    await this.#watched(path, 3);
    await this.#watched(to, 1);
    if (text !== undefined) await this.edit(to, text);
  }

  /** Watchers of editors tell of the folder alone, without its files. */
  async renameFolder(from: string, to: string): Promise<void> {
    if (!existsSync(this.#file(from)) || existsSync(this.#file(to))) return;
    const moved = [...this.buffers].filter(([path]) => path.startsWith(`${from}/`));
    for (const [path] of moved) await this.close(path);
    mkdirSync(dirname(this.#file(to)), { recursive: true });
    renameSync(this.#file(from), this.#file(to));
    await this.#watched(from, 3);
    await this.#watched(to, 1);
    for (const [path, text] of moved) await this.edit(`${to}${path.slice(from.length)}`, text);
  }

  /** A client that does not watch is told of the disk by the next save. */
  async settle(): Promise<void> {
    if (!this.#watches) {
      const open = [...this.buffers.keys()][0];
      if (open === undefined) await this.open('package.json');
      await this.save(open ?? 'package.json');
    }
    // Asked for by hand, actions wait for an analysis, and what it found is told before.
    await this.client.actions('package.json', 1, undefined, 1);
  }

  /** What the user sees, by path. */
  async shown(): Promise<Readonly<Record<string, readonly Diagnostic[]>>> {
    const base = this.client.uri('');
    const shown: Record<string, readonly Diagnostic[]> = {};
    for (const [uri, diagnostics] of this.client.pushed)
      if (diagnostics.length) shown[decodeURIComponent(uri.slice(base.length))] = diagnostics;
    if (!this.#pulls) return shown;
    for (const path of this.buffers.keys()) {
      if (shown[path]) throw new Error(`${path} is open: what a client asks for must not be pushed, too`);
      const { items } = (await this.client.connection.sendRequest('textDocument/diagnostic', {
        textDocument: { uri: this.client.uri(path) },
      })) as { items: readonly Diagnostic[] };
      if (items.length) shown[path] = items;
    }
    return shown;
  }
}
