/** What is looked at before anything is analysed: options, the list of files, settings. Loads nothing that reads code or manifests. */
import {
  type Config,
  type ConfigContext,
  ConfigError,
  type FolderConfig,
  isConfigName,
  loadConfig,
  loadNestedConfigs,
} from './config/load-config.ts';
import { isLeftOut } from './extract/extract-manifests.ts';
import { selectFiles } from './extract/select-files.ts';
import type { Platform } from './facts.ts';
import { type FileSource, openFiles } from './files/access.ts';
import type { Cache } from './files/cache.ts';
import { type Listing, type ListOptions, listFiles } from './files/host/list-files.ts';
import { readTextFile } from './files/read-text-file.ts';
import { type Baseline, parseBaseline } from './findings/baseline.ts';
import type { Touches } from './findings/changed.ts';
import { loadRules } from './rules/load-rules.ts';
import type { Adapter, Artifact, Confidence, Level, Rule } from './types.ts';

export interface AnalyseOptions {
  /** Folder to analyse. */
  readonly root: string;
  /** Folders or files below the root (`/` as separator) whose services and findings are reported; absent or empty: all. */
  readonly paths?: readonly string[];
  /** Only these rules. */
  readonly rules?: readonly string[];
  readonly ignoreRules?: readonly string[];
  /** Only these services, by name. */
  readonly services?: readonly string[];
  /** Findings below this level are left out of the result; verdicts still count them. */
  readonly minSeverity?: Level;
  /** Findings less sure than this are left out of the result. */
  readonly minConfidence?: Confidence;
  /** Platforms whose workloads count as production; absent or empty: all. */
  readonly targets?: readonly Platform[];
  /** Settings, already loaded; `false`: none; absent: read from the root. */
  readonly config?: Config | false;
  /** Keep facts between runs in the user's cache folder; default true. */
  readonly cache?: boolean;
  /** List files with git where the folder is a work tree; default true. */
  readonly git?: boolean;
  /** Texts that replace or add files: unsaved buffers of an editor. */
  readonly overlay?: ReadonlyMap<string, string>;
  /** Findings that are known and left out (`readBaseline`); verdicts still count them. */
  readonly baseline?: Baseline;
  /** A git commit, or a branch that HEAD left: says of every finding whether it is new since then. */
  readonly compareTo?: string;
  /**
   * Compares as `compareTo` does, by default with the default branch, and leaves out what the change since then does not concern.
   * `touches`: the caller knows what the change touches; then git is not asked, and nothing is told to be new.
   */
  readonly changed?: { readonly since?: string; readonly touches?: Touches };
  /** Set by `openWorkspace`. @internal */
  readonly keeper?: Keeper;
  /** The day that expiry dates are compared with, `YYYY-MM-DD`; default today (UTC). */
  readonly today?: string;
  /** Called when a step begins. */
  readonly onProgress?: (step: string) => void;
}

/** What the configuration files of the repository say. */
export interface Settings {
  readonly config: Config;
  readonly nested: readonly FolderConfig[];
  readonly baseline?: Baseline;
}
/** What a long-lived session lends to each of its analyses (`workspace.ts`). @internal */
export interface Keeper {
  readonly cache: Cache;
  /** Adapters that could own a path, by path. */
  readonly candidates: Map<string, readonly Adapter[]>;
  list(options: ListOptions): Listing;
  source(listing: Listing): FileSource;
  /** The root's configuration file, an unsaved one included. */
  readConfig(path: string): string | undefined;
  /** Settings that were read whole are remembered. */
  remember(settings: Settings): void;
  /** A configuration file is wrong: the settings to go on with. */
  recover(error: ConfigError): Settings;
}

/** A mistake in the options: names what was asked for and does not exist. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const maxBaselineBytes = 64 * 1024 * 1024;
const maxGivenBytes = 512 * 1024 * 1024;
const noConfig: Config = { base: '', rules: {}, ignore: [], exclude: [] };
/** One version of the files, and what they are judged by. @internal */
export interface Origin {
  readonly listing: Listing;
  readonly roleOf: (path: string) => Artifact['role'];
  readonly overlay: ReadonlyMap<string, string>;
  readonly source?: FileSource;
  readonly config: Config;
  readonly nested: readonly FolderConfig[];
  readonly baseline?: Baseline;
}
/** Folders or files that were asked for by name. @internal */
export const basesOf = ({ paths }: AnalyseOptions): readonly string[] => (paths ?? []).filter((path) => path !== '');

/** Settings from the files of the repository, and which of its files they leave. */
function readSettings(options: AnalyseOptions, listed: Listing, texts: ReadonlyMap<string, string>, source?: FileSource) {
  const reader = openFiles({ listing: listed, overlay: texts, source });
  const ruleIds = loadRules().map(({ id }) => id);
  const context: ConfigContext = { read: (path) => reader.text(path), ruleIds };
  const { keeper } = options;
  const select = ({ exclude }: Config) => selectFiles({ listing: listed, bases: basesOf(options), exclude, overlay: texts });
  const readAll = (): Settings => {
    const config = options.config || loadConfig(keeper ? { read: (path) => keeper.readConfig(path), ruleIds } : context);
    const { listing, overlay, roleOf } = select(config);
    const judged = [...new Set([...listing.paths, ...overlay.keys()])].filter((path) => isConfigName(path) && !isLeftOut(roleOf(path)));
    const nested = loadNestedConfigs(context, judged, config.path);
    return { config, nested, baseline: keeper && readBaseline(listed.root, config) };
  };
  const settings = options.config === false ? { config: noConfig, nested: [] } : keeper ? keepSettings(keeper, readAll) : readAll();
  return { ...settings, ...select(settings.config) };
}

function keepSettings(keeper: Keeper, read: () => Settings): Settings {
  try {
    const settings = read();
    keeper.remember(settings);
    return settings;
  } catch (error) {
    if (error instanceof ConfigError) return keeper.recover(error);
    throw error;
  }
}

/** The work tree, with its settings. @internal */
export function findOrigin(options: AnalyseOptions): Origin {
  options.onProgress?.('Listing files');
  const { keeper } = options;
  const how = { git: options.git ?? true, wanted: basesOf(options) };
  const listed = keeper ? keeper.list(how) : listFiles(options.root, how);
  const source = keeper?.source(listed);
  const texts = options.overlay ?? new Map<string, string>();
  const { listing, overlay, roleOf, config, nested, baseline } = readSettings(options, listed, texts, source);
  return { listing, roleOf, overlay, source, config, nested, baseline };
}
/** Every rule of the product, by id. */
export const listRules: () => readonly Rule[] = loadRules;

/** The configuration of a folder: the file that is named (a path of the caller's, also outside of the folder), or the one at its root. */
export function readConfig(root: string, file?: string | false): Config {
  if (file === false) return noConfig;
  const ruleIds = loadRules().map(({ id }) => id);
  if (file === undefined) return loadConfig({ read: (path) => readTextFile(root, path), ruleIds });
  return loadConfig({ read: (path) => readTextFile('', path), ruleIds }, file);
}

/**
 * Known findings from a file that `cloudworthy baseline create` wrote: the one that is named (a path of the caller's), or the one
 * that the configuration names. `undefined`: neither does.
 */
export function readBaseline(root: string, config: Config | false, file?: string): Baseline | undefined {
  const path = file ?? (config === false ? undefined : config.baseline);
  if (path === undefined) return undefined;
  const text = readTextFile(file === undefined ? root : '', path, maxBaselineBytes);
  if (text === undefined) throw new ConfigError(`${path}:1: the baseline cannot be read`);
  return parseBaseline(path, text);
}

/**
 * A file that the caller names, such as a saved result.
 * @throws UsageError when it cannot be read
 */
export function readGivenFile(path: string): string {
  const text = readTextFile('', path, maxGivenBytes);
  if (text === undefined) throw new UsageError(`The file "${path}" cannot be read.`);
  return text;
}
