/** What editors say that they can do: the parts of their `initialize` that decide how the server behaves. */
import type { ClientCapabilities } from 'vscode-languageserver/node';

export type Editor = 'vscode' | 'neovim-0.7' | 'neovim-0.12' | 'helix' | 'eglot';

const literals = { codeActionLiteralSupport: { codeActionKind: { valueSet: ['', 'quickfix', 'source', 'source.fixAll'] } } };
const edits = { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'] as ('create' | 'rename' | 'delete')[] };

export const capabilities: Readonly<Record<Editor, ClientCapabilities>> = {
  vscode: {
    general: { positionEncodings: ['utf-16'] },
    textDocument: {
      publishDiagnostics: { relatedInformation: true, versionSupport: false, codeDescriptionSupport: true, dataSupport: true },
      diagnostic: { dynamicRegistration: true, relatedDocumentSupport: false },
      hover: { contentFormat: ['markdown', 'plaintext'] },
      codeAction: { ...literals, isPreferredSupport: true, dataSupport: true, resolveSupport: { properties: ['edit'] } },
      codeLens: { dynamicRegistration: true },
    },
    workspace: {
      workspaceFolders: true,
      workspaceEdit: edits,
      didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
      diagnostics: { refreshSupport: true },
      codeLens: { refreshSupport: true },
    },
    window: { workDoneProgress: true, showDocument: { support: true } },
  },
  'neovim-0.7': {
    textDocument: {
      publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } },
      hover: { contentFormat: ['markdown', 'plaintext'] },
      codeAction: { ...literals, dataSupport: true, resolveSupport: { properties: ['edit'] } },
    },
    workspace: { workspaceFolders: true, workspaceEdit: { resourceOperations: ['rename', 'create', 'delete'] } },
    window: { workDoneProgress: true, showDocument: { support: false } },
  },
  'neovim-0.12': {
    general: { positionEncodings: ['utf-8', 'utf-16', 'utf-32'] },
    textDocument: {
      publishDiagnostics: { relatedInformation: true, dataSupport: true },
      diagnostic: { dynamicRegistration: true },
      hover: { contentFormat: ['markdown', 'plaintext'] },
      codeAction: { ...literals, dataSupport: true, resolveSupport: { properties: ['edit', 'command'] } },
      codeLens: { dynamicRegistration: false },
    },
    workspace: {
      workspaceFolders: true,
      workspaceEdit: edits,
      didChangeWatchedFiles: { dynamicRegistration: false, relativePatternSupport: true },
      diagnostics: { refreshSupport: true },
      codeLens: { refreshSupport: true },
    },
    window: { workDoneProgress: true, showDocument: { support: true } },
  },
  helix: {
    general: { positionEncodings: ['utf-8', 'utf-32', 'utf-16'] },
    textDocument: {
      publishDiagnostics: { versionSupport: true, tagSupport: { valueSet: [1, 2] } },
      diagnostic: { dynamicRegistration: false },
      hover: { contentFormat: ['markdown'] },
      codeAction: { ...literals, isPreferredSupport: true, dataSupport: true, resolveSupport: { properties: ['edit', 'command'] } },
    },
    workspace: { workspaceFolders: true, workspaceEdit: edits, didChangeWatchedFiles: { dynamicRegistration: true } },
    window: { workDoneProgress: true },
  },
  eglot: {
    textDocument: {
      publishDiagnostics: { relatedInformation: false, codeDescriptionSupport: false },
      hover: { contentFormat: ['markdown', 'plaintext'] },
      codeAction: { ...literals, isPreferredSupport: true },
    },
    workspace: { workspaceFolders: true, workspaceEdit: { documentChanges: true }, didChangeWatchedFiles: { dynamicRegistration: true } },
    window: { workDoneProgress: true, showDocument: { support: true } },
  },
};
