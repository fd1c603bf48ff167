/** A session that stays open: an editor says what changed, and each analysis reads again only that. */
import type { ConfigError } from './config/load-config.ts';
import { openCache } from './files/cache.ts';
import { readTextFile } from './files/read-text-file.ts';
import { SessionCache } from './files/session-cache.ts';
import type { AnalyseOptions, Keeper, Settings } from './opening.ts';
import { analyseInSteps, prepareLanguages } from './session.ts';
import { breathe, inSlices } from './steps.ts';
import type { Place, Result } from './types.ts';

export interface ConfigProblem {
  readonly place: Place;
  readonly message: string;
}
export interface WorkspaceResult {
  readonly result: Result;
  /** Mistakes in configuration files; the result is that of the last settings that were right. */
  readonly problems: readonly ConfigProblem[];
}
export interface Workspace {
  /** A buffer was opened or edited; `undefined`: it was closed, and the disk counts again. */
  update(path: string, text: string | undefined): void;
  /** The file was changed on the disk. */
  touch(path: string): void;
  /** Files may have been made or removed. */
  relist(): void;
  /** Anything may have been changed on the disk. */
  distrust(): void;
  /** The text of a file as it stands now, buffers in front of the disk. */
  text(path: string): string | undefined;
  /**
   * Everything else gets its turn between the steps; what is told meanwhile counts for the next analysis.
   * @param isWanted asked between steps; `undefined` is the answer to an analysis that nobody wants any more
   */
  analyse(isWanted?: () => boolean): Promise<WorkspaceResult | undefined>;
  /** What is kept for the next analysis, by estimate. */
  readonly keptBytes: number;
}
export interface WorkspaceOptions extends Omit<AnalyseOptions, 'overlay' | 'keeper' | 'config' | 'changed' | 'compareTo' | 'onProgress'> {
  /** Bytes of facts and results that are kept between analyses; what does not fit is made again. Default 512 MB. */
  readonly keep?: number | undefined;
}
const defaultKeep = 512 * 1024 * 1024;

const noSettings: Settings = { config: { base: '', rules: {}, ignore: [], exclude: [] }, nested: [] };

/** Errors of the baseline name their place in the text alone. */
function problemsOf(error: ConfigError): readonly ConfigProblem[] {
  if (error.problems.length) return error.problems;
  return error.message.split('\n').flatMap((text) => {
    const found = /^([^\n]+?):(\d+): (.*)$/.exec(text);
    if (!found) return [];
    const line = Number(found[2]);
    return [{ place: { path: found[1]!, line, column: 1, endLine: line, endColumn: 1 }, message: found[3]! }];
  });
}

class OpenWorkspace implements Workspace, Keeper {
  readonly cache: SessionCache;
  readonly candidates: Keeper['candidates'] = new Map();
  readonly #options: WorkspaceOptions;
  #settings = noSettings;
  /** Of the analysis at work; they count once it is known that nothing has changed meanwhile. */
  #read: Settings | undefined;
  #problems: readonly ConfigProblem[] = [];
  #persisted = false;
  #running = false;
  /** What changed while an analysis ran. */
  #told: (() => void)[] = [];

  constructor(options: WorkspaceOptions) {
    this.#options = options;
    this.cache = new SessionCache(
      options.root,
      (options.cache ?? true) ? openCache(options.root, __VERSION__) : undefined,
      options.keep ?? defaultKeep,
    );
  }

  get keptBytes(): number {
    return this.cache.keptBytes;
  }
  update(path: string, text: string | undefined): void {
    this.#tell(() => this.cache.update(path, text));
  }
  touch(path: string): void {
    this.#tell(() => this.cache.touch(path));
  }
  relist(): void {
    this.#tell(() => {
      this.candidates.clear();
      this.cache.relist();
    });
  }
  distrust(): void {
    this.#tell(() => this.cache.distrust());
  }
  /** An analysis sees one state of the files from its beginning to its end. */
  #tell(change: () => void): void {
    if (this.#running) this.#told.push(change);
    else change();
  }
  text(path: string): string | undefined {
    return this.cache.buffer(path) ?? readTextFile(this.#options.root, path);
  }

  list: Keeper['list'] = (options) => this.cache.list(options);
  source: Keeper['source'] = (listing) => this.cache.source(listing);
  readConfig: Keeper['readConfig'] = (path) => this.text(path);

  remember(settings: Settings): void {
    this.#read = settings;
    this.#problems = [];
  }
  recover(error: ConfigError): Settings {
    this.#problems = problemsOf(error);
    this.#read = undefined;
    return this.#settings;
  }

  async analyse(isWanted: () => boolean = () => true): Promise<WorkspaceResult | undefined> {
    await prepareLanguages();
    this.#running = true;
    try {
      const made = await inSlices(analyseInSteps({ ...this.#options, keeper: this }), isWanted);
      if (!made) {
        this.cache.abandon();
        return undefined;
      }
      await breathe();
      if (this.#read && isWanted()) this.#settings = this.#read;
      if (!this.#persisted) this.cache.persist();
      this.#persisted = true;
      return { result: made.value, problems: this.#problems };
    } finally {
      this.#running = false;
      for (const change of this.#told.splice(0)) change();
    }
  }
}

export const openWorkspace = (options: WorkspaceOptions): Workspace => new OpenWorkspace(options);
