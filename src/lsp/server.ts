/** Wires the protocol to the open repositories. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CodeActionTriggerKind,
  type CodeLens,
  CodeLensRefreshRequest,
  type Connection,
  type Diagnostic,
  DidChangeWatchedFilesNotification,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  FileChangeType,
  type FileEvent,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding } from '../types.ts';
import { type Client, readClient } from './client.ts';
import { type ActionContext, commands, fixAllKind, makeActions, resolveAction, uriOfAction } from './code-actions.ts';
import { makeLenses } from './code-lenses.ts';
import { runCommand } from './commands.ts';
import type { Folder, Host, Judged } from './folder.ts';
import { type Located, OpenFolders } from './folders.ts';
import { makeHover } from './hover.ts';
import { type ServicesParams, servicesMethod, tellServices } from './services.ts';
import { toRange } from './uris.ts';

interface Asked extends Located {
  readonly last: Judged;
}

export class Server implements Host {
  client!: Client;
  readonly #connection: Connection;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #folders = new OpenFolders(this);
  /** Documents that are open, by the URI that the client uses. */
  #given: readonly string[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#initialized());
    this.#documents.onDidOpen(({ document }) => this.#opened(document));
    this.#documents.onDidChangeContent(({ document }) => this.#changed(document));
    this.#documents.onDidSave(({ document }) => this.#saved(document));
    this.#documents.onDidClose(({ document }) => this.#closed(document));
    connection.onDidChangeWatchedFiles(({ changes }) => this.#watched(changes));
    connection.onHover(({ textDocument, position }) =>
      this.#ask(textDocument.uri, ({ folder, path, last }) =>
        makeHover(last.ready.findings(path), position, {
          markdown: this.client.markdown,
          rules: folder.rules,
          uriOf: (other) => this.uriOf(folder.root, other),
        }),
      ),
    );
    connection.onCodeAction((params) => this.#actions(params));
    connection.onCodeActionResolve((action) => this.#resolve(action));
    connection.onCodeLens(({ textDocument }): CodeLens[] | null =>
      this.#ask(textDocument.uri, ({ folder, path, last }) => makeLenses(last.result, path, folder.root)),
    );
    connection.onExecuteCommand((params) =>
      runCommand(params, { connection, client: this.client, folder: (root) => this.#folders.byRoot(root) }),
    );
    connection.languages.diagnostics.on((params) => this.#pulled(params.textDocument.uri));
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    this.client = readClient(params);
    const folders = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    this.#given = folders;
    return {
      serverInfo: { name: 'cloudworthy', version: __VERSION__ },
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        hoverProvider: true,
        codeActionProvider: this.client.actionLiterals
          ? { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind], resolveProvider: this.client.resolvesEdits }
          : false,
        codeLensProvider: { resolveProvider: false },
        executeCommandProvider: { commands: Object.values(commands) },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...(this.client.pulls
          ? { diagnosticProvider: { identifier: 'cloudworthy', interFileDependencies: true, workspaceDiagnostics: false } }
          : {}),
      },
    };
  }

  async #initialized(): Promise<void> {
    if (this.client.movesFolders) {
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const { uri } of removed) for (const folder of this.#folders.remove(uri)) this.#clear(folder);
        for (const { uri } of added) this.#open(uri);
      });
    }
    if (this.client.watches) {
      await this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*' }] });
    }
    for (const uri of this.#given) this.#open(uri);
  }

  /** Buffers that were opened before their folder are in it from the start. */
  #open(uri: string): void {
    const folder = this.#folders.add(uri);
    if (!folder) return;
    for (const document of this.#documents.all()) {
      const located = this.#folders.locate(document.uri);
      if (located?.folder === folder) folder.workspace.update(located.path, document.getText());
    }
    folder.schedule();
  }

  #opened(document: TextDocument): void {
    const located = this.#folders.locate(document.uri) ?? this.#folders.adopt(document.uri);
    if (!located) return;
    const { folder, path } = located;
    if (!this.client.watches) folder.workspace.distrust();
    folder.workspace.update(path, document.getText());
    folder.attend(path);
    // From now on the client asks for them.
    if (this.client.pulls) this.#send(document.uri, []);
    else this.#publishOne(folder, path);
    folder.schedule();
  }

  #changed(document: TextDocument): void {
    const located = this.#folders.locate(document.uri);
    if (!located) return;
    located.folder.workspace.update(located.path, document.getText());
    located.folder.attend(located.path);
    located.folder.schedule();
  }

  #saved(document: TextDocument): void {
    const located = this.#folders.locate(document.uri);
    if (!located) return;
    if (this.client.watches) located.folder.workspace.touch(located.path);
    else located.folder.workspace.distrust();
    located.folder.schedule();
  }

  #closed(document: TextDocument): void {
    const located = this.#folders.locate(document.uri);
    if (!located) return;
    located.folder.workspace.update(located.path, undefined);
    this.#send(document.uri, located.folder.diagnostics(located.path));
    located.folder.schedule();
  }

  #watched(changes: readonly FileEvent[]): void {
    for (const { uri, type } of changes) {
      const located = this.#folders.locate(uri);
      if (!located) continue;
      const { workspace } = located.folder;
      workspace.touch(located.path);
      if (type !== FileChangeType.Changed || located.path.endsWith('.gitignore')) workspace.relist();
      located.folder.schedule();
    }
  }

  #ask<T>(uri: string, answer: (asked: Asked) => T): T | null {
    const located = this.#folders.locate(uri);
    if (!located?.folder.last) return null;
    located.folder.attend(located.path);
    return answer({ ...located, last: located.folder.last });
  }

  /** Edits of an older text would land in wrong places: who asks by hand waits for an analysis, a moving caret gets none. */
  async #actions(params: CodeActionParams): Promise<CodeAction[] | null> {
    const folder = this.#folders.locate(params.textDocument.uri)?.folder;
    if (params.context.triggerKind !== CodeActionTriggerKind.Automatic && folder?.last) await folder.settle();
    return this.#ask(params.textDocument.uri, (asked) => makeActions(params, this.#actionContext(asked)));
  }

  async #resolve(action: CodeAction): Promise<CodeAction> {
    const uri = uriOfAction(action);
    const folder = uri === undefined ? undefined : this.#folders.locate(uri)?.folder;
    if (uri === undefined || !folder?.last) return action;
    await folder.settle();
    const resolved = this.#ask(uri, (asked) => resolveAction(action, this.#actionContext(asked)));
    return folder.isCurrent && resolved ? resolved : action;
  }

  #actionContext({ folder, path, last }: Asked): ActionContext {
    return {
      client: this.client,
      path,
      ready: last.ready,
      isCurrent: folder.isCurrent,
      uriOf: (other) => this.uriOf(folder.root, other),
      versionOf: (other) => this.#documents.get(this.uriOf(folder.root, other))?.version ?? null,
      diagnosticOf: (finding) => diagnosticOf(folder, finding),
    };
  }

  async #pulled(uri: string): Promise<DocumentDiagnosticReport> {
    const located = this.#folders.locate(uri);
    if (located && !located.folder.last) await located.folder.settle();
    const items = located ? [...located.folder.diagnostics(located.path)] : [];
    return { kind: DocumentDiagnosticReportKind.Full, items };
  }

  uriOf(root: string, path: string): string {
    return this.#folders.uriOf(root, path, (uri) => this.#documents.get(uri) !== undefined);
  }

  publish(folder: Folder, changed: readonly string[]): void {
    for (const path of changed) this.#publishOne(folder, path);
    this.#tell(folder);
    if (this.client.pulls) this.#connection.languages.diagnostics.refresh().catch(ignoreRefusal);
    if (this.client.refreshesLenses) this.#connection.sendRequest(CodeLensRefreshRequest.type).catch(ignoreRefusal);
  }

  #publishOne(folder: Folder, path: string): void {
    const uri = this.uriOf(folder.root, path);
    const document = this.#documents.get(uri);
    if (document && this.client.pulls) return;
    this.#send(uri, folder.diagnostics(path), document?.version);
  }

  #send(uri: string, diagnostics: readonly Diagnostic[], version?: number): void {
    void this.#connection.sendDiagnostics({ uri, diagnostics: [...diagnostics], ...(version === undefined ? {} : { version }) });
  }

  #tell({ root, last }: Folder): void {
    if (!this.client.showsServices || !last) return;
    const uriOf = (path: string): string => this.uriOf(root, path);
    const params: ServicesParams = { root, uri: uriOf(''), services: tellServices(last.result, uriOf) };
    void this.#connection.sendNotification(servicesMethod, params);
  }

  #clear(folder: Folder): void {
    const closed: ServicesParams = { root: folder.root };
    if (this.client.showsServices) void this.#connection.sendNotification(servicesMethod, closed);
    const paths = folder.paths;
    folder.close();
    for (const path of paths) this.#publishOne(folder, path);
  }

  fail(root: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#connection.console.error(`The analysis of ${root} failed: ${text}`);
  }

  async begin(root: string): Promise<() => void> {
    if (!this.client.showsProgress) return () => undefined;
    const progress = await this.#connection.window.createWorkDoneProgress();
    progress.begin('cloudworthy', undefined, `Reading ${root.split('/').at(-1)}`);
    return () => progress.done();
  }
}

/** A client may refuse a request of the server, or leave before it answers. */
const ignoreRefusal = (): void => undefined;

function diagnosticOf(folder: Folder, finding: Finding): Diagnostic | undefined {
  const { start, end } = toRange(finding.place);
  return folder
    .diagnostics(finding.place.path)
    .find(
      ({ code, range, data }) =>
        code === finding.rule &&
        range.start.line === start.line &&
        range.start.character === start.character &&
        range.end.line === end.line &&
        (data as { fingerprint?: string } | undefined)?.fingerprint === finding.fingerprint,
    );
}
