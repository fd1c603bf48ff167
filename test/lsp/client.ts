/** A scripted editor: speaks the protocol with a server in this process. */
import { existsSync, readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import {
  type CodeAction,
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  ProposedFeatures,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Server } from '../../src/lsp/server.ts';
import { capabilities, type Editor } from './editors.ts';

const serverRequests = [
  'client/registerCapability',
  'window/workDoneProgress/create',
  'window/showDocument',
  'workspace/codeLens/refresh',
  'workspace/diagnostic/refresh',
];

export class TestClient {
  /** Pushed diagnostics by URI. */
  readonly pushed = new Map<string, readonly Diagnostic[]>();
  readonly texts = new Map<string, { version: number; text: string }>();
  readonly requests: string[] = [];
  readonly messages: string[] = [];
  readonly shown: string[] = [];
  refreshes = 0;
  #waiting: (() => void)[] = [];

  constructor(
    readonly connection: ProtocolConnection,
    readonly root: string,
  ) {}

  uri(path: string): string {
    return pathToFileURL(`${this.root}/${path}`).href;
  }

  listen(): void {
    const { connection } = this;
    const heard = (): void => {
      for (const wake of this.#waiting.splice(0)) wake();
    };
    connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => {
      this.pushed.set(uri, diagnostics);
      heard();
    });
    connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      this.messages.push(message);
      heard();
    });
    const answer = (method: string, params: unknown): unknown => {
      this.requests.push(method);
      if (method === 'workspace/diagnostic/refresh') this.refreshes++;
      if (method === 'window/showDocument') this.shown.push((params as { uri: string }).uri);
      heard();
      return method === 'window/showDocument' ? { success: true } : null;
    };
    for (const method of serverRequests) connection.onRequest(method, (params: unknown) => answer(method, params));
    connection.listen();
  }

  /** Waits until something holds; each message of the server is a reason to look again. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const end = Date.now() + 20_000;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`It never came to hold: ${JSON.stringify([...this.pushed], null, 1)}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, 500);
      });
    }
  }

  codes(path: string): unknown[] {
    return (this.pushed.get(this.uri(path)) ?? []).map(({ code }) => code);
  }

  open(path: string, text: string): Promise<void> {
    const uri = this.uri(path);
    this.texts.set(uri, { version: 1, text });
    return this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'plaintext', version: 1, text } });
  }

  edit(path: string, text: string): Promise<void> {
    const uri = this.uri(path);
    const version = (this.texts.get(uri)?.version ?? 0) + 1;
    this.texts.set(uri, { version, text });
    return this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  async close(path: string): Promise<void> {
    this.texts.delete(this.uri(path));
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: this.uri(path) } });
  }

  save(path: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didSave', { textDocument: { uri: this.uri(path) } });
  }

  watched(path: string, type: 1 | 2 | 3): Promise<void> {
    return this.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: this.uri(path), type }] });
  }

  async actions(path: string, line: number, only?: readonly string[], triggerKind?: 1 | 2): Promise<readonly CodeAction[]> {
    const position = { line: line - 1, character: 0 };
    const range = { start: position, end: position };
    const params = { textDocument: { uri: this.uri(path) }, range, context: { diagnostics: [], ...(only ? { only } : {}), triggerKind } };
    return ((await this.connection.sendRequest('textDocument/codeAction', params)) as CodeAction[] | null) ?? [];
  }

  /** Applies an edit as an editor would: files that are not open or not there are opened. */
  async apply(edit: WorkspaceEdit): Promise<void> {
    for (const change of edit.documentChanges ?? []) {
      if (!('textDocument' in change)) continue;
      const { uri } = change.textDocument;
      const path = decodeURIComponent(uri.slice(this.uri('').length));
      const file = `${this.root}/${path}`;
      if (!this.texts.has(uri)) await this.open(path, existsSync(file) ? readFileSync(file, 'utf8') : '');
      const document = TextDocument.create(uri, '', 0, this.texts.get(uri)!.text);
      await this.edit(path, TextDocument.applyEdits(document, change.edits as TextEdit[]));
    }
  }
}

export interface StartOptions {
  readonly editor?: Editor;
  readonly folders?: readonly string[];
  readonly debounce?: number;
  /** Megabytes. */
  readonly memory?: number;
}

/** An editor with a root folder, initialised. */
export async function startClient(
  root: string,
  { editor = 'vscode', folders = [root], debounce = 0, memory }: StartOptions = {},
): Promise<TestClient> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const serverConnection = createConnection(ProposedFeatures.all, new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  new Server(serverConnection).listen();
  const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  onTestFinished(() => {
    connection.dispose();
    serverConnection.dispose();
  });
  const client = new TestClient(connection, root);
  client.listen();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: pathToFileURL(root).href,
    capabilities: capabilities[editor],
    initializationOptions: { debounce, memory },
    workspaceFolders: folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder })),
  });
  await connection.sendNotification('initialized', {});
  return client;
}
