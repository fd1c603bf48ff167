/** The migration report: made by the program from what is saved, shown in a tab or in the browser. */
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { run } from './program.ts';
import { isBelow, linkPlaces, openPlaceCommand, placeLink } from './report-page.ts';

/** A folder of the workspace: the only one, the one of the current file, or the one that is chosen. */
async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length < 2) return folders[0];
  const current = vscode.window.activeTextEditor?.document.uri;
  const around = current && vscode.workspace.getWorkspaceFolder(current);
  if (around?.uri.scheme === 'file') return around;
  const items = folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Report on which folder?' }))?.folder;
}

async function makeReport(context: vscode.ExtensionContext, folder: vscode.WorkspaceFolder, file: string, words: readonly string[]) {
  const progress = { location: vscode.ProgressLocation.Notification, title: `Reporting on ${folder.name}`, cancellable: true };
  await vscode.window.withProgress(progress, async (_, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    await run(context, ['report', folder.uri.fsPath, '--format', `html=${file}`, '--quiet', ...words], stop.signal);
  });
}

const inTemporary = async <T>(use: (file: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'cloudworthy-report-'));
  try {
    return await use(join(folder, 'report.html'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The page brings its own policy: only its one script and style sheet, and nothing is loaded or sent. */
async function showInTab(context: vscode.ExtensionContext, folder: vscode.WorkspaceFolder): Promise<void> {
  const page = await inTemporary(async (file) => {
    await makeReport(context, folder, file, ['--source-link', placeLink]);
    return readFile(file, 'utf8');
  });
  const panel = vscode.window.createWebviewPanel('cloudworthy.report', `Report: ${folder.name}`, vscode.ViewColumn.Active, {
    enableScripts: true,
    enableFindWidget: true,
    enableCommandUris: [openPlaceCommand],
    localResourceRoots: [],
  });
  panel.webview.html = linkPlaces(page, folder.uri.fsPath);
}

/** The file stays, because the browser reads it later; the system clears its temporary files. */
async function showInBrowser(context: vscode.ExtensionContext, folder: vscode.WorkspaceFolder): Promise<void> {
  const file = join(await mkdtemp(join(tmpdir(), 'cloudworthy-report-')), 'report.html');
  const scheme = vscode.env.uriScheme;
  const words = /^(?:vscode|vscode-insiders)$/.test(scheme)
    ? ['--source-link', `${scheme}://file/${folder.uri.path.replace(/^\//, '')}/{path}:{line}`]
    : [];
  await makeReport(context, folder, file, words);
  await vscode.env.openExternal(vscode.Uri.file(file));
}

export async function openReport(context: vscode.ExtensionContext, where: 'editor' | 'browser'): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) {
    void vscode.window.showInformationMessage('Open a folder of the disk to report on it.');
    return;
  }
  if (vscode.workspace.textDocuments.some((document) => document.isDirty && vscode.workspace.getWorkspaceFolder(document.uri) === folder)) {
    void vscode.window.showInformationMessage('The report is about what is saved: some files have unsaved changes.');
  }
  try {
    await (where === 'browser' ? showInBrowser : showInTab)(context, folder);
  } catch (error) {
    if ((error as Error).message.includes('aborted')) return;
    void vscode.window.showErrorMessage(`No report: ${(error as Error).message}`);
  }
}

/** Opened from the report, so the words are not trusted: only a file below an open folder, links resolved. */
export async function openPlace(root: unknown, path: unknown, line: unknown): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === root);
  if (!folder || typeof path !== 'string' || typeof line !== 'number' || !isBelow(path)) return;
  const file = join(folder.uri.fsPath, path);
  const inside = relative(await realpath(folder.uri.fsPath), await realpath(file));
  if (!isBelow(inside.split(sep).join('/'))) return;
  const start = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), {
    selection: new vscode.Range(start, start),
    viewColumn: vscode.ViewColumn.Active,
  });
}
