/** What a client can do, from the parameters of `initialize`. */
import type { InitializeParams } from 'vscode-languageserver/node';

export interface Client {
  /** Diagnostics of open documents are asked for. Without refresh, an edit in one file could not renew those of another. */
  readonly pulls: boolean;
  readonly watches: boolean;
  readonly showsDocuments: boolean;
  readonly showsProgress: boolean;
  readonly refreshesLenses: boolean;
  readonly markdown: boolean;
  readonly relatedInformation: boolean;
  readonly documentChanges: boolean;
  readonly createsFiles: boolean;
  /** Code actions as literals with edits, not only commands. */
  readonly actionLiterals: boolean;
  /** It asks for the edit of an action when somebody takes it. */
  readonly resolvesEdits: boolean;
  readonly movesFolders: boolean;
  /** It shows services, and wants to be told of them. */
  readonly showsServices: boolean;
  /** Milliseconds of silence before an analysis. */
  readonly debounce: number;
  /** Bytes that each repository keeps between analyses. */
  readonly keep: number | undefined;
}

const defaultDebounce = 200;
const longestDebounce = 5000;
const megabyte = 1024 * 1024;

interface Options {
  readonly debounce?: unknown;
  /** Megabytes. */
  readonly memory?: unknown;
  readonly services?: unknown;
}

type ActionSupport = NonNullable<InitializeParams['capabilities']['textDocument']>['codeAction'];
const resolvesEdits = (support: ActionSupport): boolean =>
  support?.dataSupport === true && (support.resolveSupport?.properties.includes('edit') ?? false);

export function readClient({ capabilities, initializationOptions }: InitializeParams): Client {
  const { textDocument, workspace, window } = capabilities;
  const options = (initializationOptions ?? {}) as Options;
  const asked = Number(options.debounce ?? defaultDebounce);
  return {
    pulls: Boolean(textDocument?.diagnostic && workspace?.diagnostics?.refreshSupport),
    watches: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    showsDocuments: window?.showDocument?.support === true,
    showsProgress: window?.workDoneProgress === true,
    refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    markdown: textDocument?.hover?.contentFormat?.includes('markdown') ?? false,
    relatedInformation: textDocument?.publishDiagnostics?.relatedInformation ?? textDocument?.diagnostic?.relatedInformation ?? false,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    createsFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') ?? false,
    actionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    resolvesEdits: resolvesEdits(textDocument?.codeAction),
    movesFolders: workspace?.workspaceFolders === true,
    showsServices: options.services === true,
    debounce: Number.isFinite(asked) ? Math.min(Math.max(0, asked), longestDebounce) : defaultDebounce,
    keep: typeof options.memory === 'number' && options.memory >= 0 ? options.memory * megabyte : undefined,
  };
}
