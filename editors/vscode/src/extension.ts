/** cloudworthy in VS Code: starts the server that comes with it, and shows what it tells. */
import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type Middleware, State } from 'vscode-languageclient/node';
import { startServer } from './program.ts';
import { openPlace, openReport } from './report.ts';
import { openPlaceCommand } from './report-page.ts';
import type { Level, ServicesParams } from './services.ts';
import { isShown } from './services.ts';
import { leastLevel, openLocation, openLocationCommand, Views } from './views.ts';

const levels: Readonly<Record<number, Level>> = {
  [vscode.DiagnosticSeverity.Error]: 'error',
  [vscode.DiagnosticSeverity.Warning]: 'warning',
};
/** Mistakes in a configuration file have no rule, and are always shown. */
const shown = (diagnostics: readonly vscode.Diagnostic[]): vscode.Diagnostic[] =>
  diagnostics.filter(({ severity, code }) => code === undefined || isShown(levels[severity] ?? 'note', leastLevel()));

const makeMiddleware = (views: Views): Middleware => ({
  handleDiagnostics: (uri, diagnostics, next) => next(uri, shown(diagnostics)),
  provideDiagnostics: async (document, previous, token, next) => {
    const report = await next(document, previous, token);
    return report && 'items' in report ? { ...report, items: shown(report.items) } : report;
  },
  // The tree says more than the message that other editors get.
  executeCommand: (command, words, next) => {
    const asked = words[0] as { root?: string; service?: string } | undefined;
    return command === 'cloudworthy.service' ? views.reveal(asked?.root, asked?.service) : next(command, words);
  },
});

class Extension {
  readonly #context: vscode.ExtensionContext;
  readonly #views = new Views();
  readonly #log = vscode.window.createOutputChannel('cloudworthy', { log: true });
  #client: LanguageClient | undefined;
  /** Starts and stops follow each other. */
  #step: Promise<void> = Promise.resolve();

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    const command = (id: string, run: (...words: never[]) => unknown) => vscode.commands.registerCommand(id, run);
    context.subscriptions.push(
      this.#views,
      this.#log,
      command('cloudworthy.openReport', () => openReport(context, settings().get('report.open', 'editor'))),
      command('cloudworthy.openReportInBrowser', () => openReport(context, 'browser')),
      command('cloudworthy.showServices', () => this.#views.reveal()),
      command('cloudworthy.restart', () => this.restart()),
      command('cloudworthy.showLog', () => this.#log.show()),
      command(openLocationCommand, openLocation),
      command(openPlaceCommand, openPlace),
      vscode.window.onDidChangeActiveTextEditor(() => this.#views.drawStatus()),
      vscode.workspace.onDidChangeConfiguration((change) => this.#configured(change)),
    );
  }

  restart(): Promise<void> {
    this.#step = this.#step.then(() => this.stop()).then(() => this.#start());
    return this.#step;
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.dispose().catch((error: unknown) => this.#log.warn(String(error)));
  }

  async #start(): Promise<void> {
    if (!settings().get('enable', true)) return this.#say('off');
    const client = new LanguageClient('cloudworthy', 'cloudworthy', async () => startServer(this.#context), this.#options());
    this.#client = client;
    client.onNotification('cloudworthy/services', (params: ServicesParams) => {
      if (this.#client !== client) return;
      this.#views.take(params);
      void this.#setState('ready');
    });
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped && this.#client === client) this.#say('failed');
    });
    this.#say('busy');
    try {
      await client.start();
    } catch (error) {
      this.#log.error(String(error));
      this.#say('failed');
    }
  }

  #options(): LanguageClientOptions {
    return {
      // Every file of the repository counts, in whatever language it is written.
      documentSelector: [{ scheme: 'file' }],
      initializationOptions: { services: true, debounce: settings().get('debounce', 200), memory: settings().get('memory', 512) },
      outputChannel: this.#log,
      middleware: makeMiddleware(this.#views),
    };
  }

  #say(state: 'busy' | 'off' | 'failed'): void {
    this.#views.clear(state === 'busy' && Boolean(vscode.workspace.workspaceFolders?.length));
    void this.#setState(state);
  }
  #setState(state: string): Thenable<unknown> {
    return vscode.commands.executeCommand('setContext', 'cloudworthy.state', state);
  }

  #configured(change: vscode.ConfigurationChangeEvent): void {
    const isOf = (name: string): boolean => change.affectsConfiguration(`cloudworthy.${name}`);
    // What is shown already was filtered when it came, so the server says it again.
    if (isOf('enable') || isOf('debounce') || isOf('memory') || isOf('minSeverity')) void this.restart();
    else if (isOf('statusBar')) this.#views.drawStatus();
  }
}

const settings = () => vscode.workspace.getConfiguration('cloudworthy');
let running: Extension | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  running = new Extension(context);
  await running.restart();
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}
