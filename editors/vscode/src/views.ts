/** The tree and the status bar. */
import * as vscode from 'vscode';
import type { Level, Line, Location, Repository, ServicesParams } from './services.ts';
import { linesOf, statusOf } from './services.ts';

export const openLocationCommand = 'cloudworthy.openLocation';

const slashes = (path: string): string => path.replaceAll('\\', '/').replace(/\/+$/, '');
const settings = () => vscode.workspace.getConfiguration('cloudworthy');
export const leastLevel = (): Level => settings().get<Level>('minSeverity', 'note');

export class Views implements vscode.TreeDataProvider<Line>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #repositories = new Map<string, Repository>();
  readonly #tree: vscode.TreeView<Line>;
  readonly #status = vscode.window.createStatusBarItem('cloudworthy.verdict', vscode.StatusBarAlignment.Left, 10);
  #lines: readonly Line[] = [];
  #parents = new Map<string, Line>();
  #busy = false;

  constructor() {
    this.#tree = vscode.window.createTreeView('cloudworthy.services', { treeDataProvider: this, showCollapseAll: true });
    this.#status.name = 'cloudworthy: can it autoscale?';
    this.#status.command = 'cloudworthy.showServices';
  }

  dispose(): void {
    for (const one of [this.#changed, this.#tree, this.#status]) one.dispose();
  }

  take({ root, uri, services }: ServicesParams): void {
    if (uri !== undefined && services) this.#repositories.set(root, { folder: slashes(vscode.Uri.parse(uri).fsPath), services });
    else this.#repositories.delete(root);
    this.#busy = false;
    this.draw();
  }

  /** Nothing is known: before the first analysis, or without a server. */
  clear(busy: boolean): void {
    this.#repositories.clear();
    this.#busy = busy;
    this.draw();
  }

  draw(): void {
    this.drawStatus();
    const lines = linesOf(this.#all(), leastLevel());
    // A tree that is drawn anew loses clicks that are on their way.
    if (JSON.stringify(lines) === JSON.stringify(this.#lines)) return;
    this.#lines = lines;
    this.#parents = new Map();
    const adopt = (line: Line): void => {
      for (const child of line.children) {
        this.#parents.set(child.id, line);
        adopt(child);
      }
    };
    this.#lines.forEach(adopt);
    this.#changed.fire();
  }

  drawStatus(): void {
    const document = vscode.window.activeTextEditor?.document;
    const file = document?.uri.scheme === 'file' ? slashes(document.uri.fsPath) : undefined;
    const status = this.#busy
      ? { text: '$(sync~spin) cloudworthy', tooltip: 'The repository is read for the first time.' }
      : statusOf(this.#all(), file);
    if (!status || !settings().get('statusBar', true)) return this.#status.hide();
    this.#status.text = status.text;
    this.#status.tooltip = status.tooltip;
    this.#status.show();
  }

  /** Shows a service of a repository; without a name, the tree. */
  async reveal(root?: string, name?: string): Promise<void> {
    await vscode.commands.executeCommand('cloudworthy.services.focus');
    const repository = root === undefined ? undefined : this.#repositories.get(root);
    const all = this.#lines.flatMap((line) => [line, ...line.children]);
    const line = repository && all.find(({ id }) => id === `${repository.folder}\0${name}`);
    if (line) await this.#tree.reveal(line, { select: true, focus: true, expand: true });
  }

  getChildren(line?: Line): Line[] {
    return [...(line ? line.children : this.#lines)];
  }
  getParent({ id }: Line): Line | undefined {
    return this.#parents.get(id);
  }
  getTreeItem(line: Line): vscode.TreeItem {
    const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(line.label, !line.children.length ? None : line.open ? Expanded : Collapsed);
    item.id = line.id;
    item.description = line.description;
    item.tooltip = line.tooltip;
    item.iconPath = new vscode.ThemeIcon(line.icon, line.color === undefined ? undefined : new vscode.ThemeColor(line.color));
    if (line.location) item.command = { title: 'Open', command: openLocationCommand, arguments: [line.location] };
    return item;
  }

  #all(): readonly Repository[] {
    return [...this.#repositories.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  }
}

export async function openLocation({ uri, range: { start, end } }: Location): Promise<void> {
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection, preview: true });
}
