/** What a run from nothing says of the same contents, in the words of the server. */
import type { Diagnostic } from 'vscode-languageserver/node';
import { ConfigError } from '../../../src/config/load-config.ts';
import { listFiles } from '../../../src/files/host/list-files.ts';
import { readClient } from '../../../src/lsp/client.ts';
import { collectDiagnostics } from '../../../src/lsp/diagnostics.ts';
import { analyse } from '../../../src/session.ts';
import type { Result } from '../../../src/types.ts';
import type { ConfigProblem } from '../../../src/workspace.ts';
import { capabilities } from '../editors.ts';
import type { ScriptedEditor } from './editor.ts';

type Shown = Readonly<Record<string, readonly Diagnostic[]>>;

const isConfig = (path: string): boolean => /(?:^|\/)cloudworthy\.ya?ml$/.test(path);

export class FreshRuns {
  /** Texts of the configuration files when all were right. */
  #right = new Map<string, string>();

  constructor(readonly editor: ScriptedEditor) {
    this.expected();
  }

  /** An open file that .gitignore excludes adds nothing. */
  #buffers(): readonly (readonly [string, string])[] {
    const listed = new Set(listFiles(this.editor.client.root, { git: true, wanted: [] }).paths);
    return [...this.editor.buffers].filter(([path]) => listed.has(path) || this.editor.onDisk(path) === undefined);
  }

  #run(configs: ReadonlyMap<string, string>): Result {
    return analyse({ root: this.editor.client.root, overlay: new Map([...this.#buffers(), ...configs]), cache: false });
  }

  /** A configuration that did not count (its folder was excluded) was never read, and may be wrong. */
  #runRight(configs: ReadonlyMap<string, string>): Result {
    try {
      return this.#run(configs);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return this.#run(new Map([...configs, ...error.problems.map(({ place }) => [place.path, '{}\n'] as const)]));
    }
  }

  #configs(): Map<string, string> {
    const known = [...this.editor.buffers.keys(), 'cloudworthy.yml', 'orders/cloudworthy.yml', 'services/orders/cloudworthy.yml'].filter(
      isConfig,
    );
    return new Map(known.flatMap((path) => (this.editor.text(path) === undefined ? [] : [[path, this.editor.text(path)!] as const])));
  }

  #judge(): { readonly result: Result; readonly problems: readonly ConfigProblem[] } {
    try {
      const result = this.#run(new Map());
      this.#right = this.#configs();
      return { result, problems: [] };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const empty = [...this.#configs().keys()].map((path) => [path, '{}\n'] as const);
      return { result: this.#runRight(new Map([...empty, ...this.#right])), problems: error.problems };
    }
  }

  expected(): Shown {
    const judged = this.#judge();
    const { client, editor } = this.editor;
    const byPath = collectDiagnostics(judged, {
      client: readClient({ processId: null, rootUri: null, capabilities: capabilities[editor] }),
      rules: new Map(judged.result.rules.map((rule) => [rule.id, rule])),
      uriOf: (path) => client.uri(path),
    });
    return JSON.parse(JSON.stringify(Object.fromEntries(byPath)));
  }
}

/** In front of a wrong configuration the fresh run has the last right one, so what is said of its text is left aside. */
export function withoutConfigs(shown: Shown): Shown {
  const isWrong = Object.values(shown).some((all) => all.some(({ code }) => code === 'configuration'));
  if (!isWrong) return shown;
  const kept = Object.entries(shown).map(
    ([path, all]) => [path, isConfig(path) ? all.filter(({ code }) => code === 'configuration') : all] as const,
  );
  return Object.fromEntries(kept.filter(([, all]) => all.length));
}
