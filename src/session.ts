/** The pipeline: the one entry for the command line, the library, and every other face. */
import { type Config, type ConfigContext, type FolderConfig, loadConfig, loadNestedConfigs, settingFor } from './config/load-config.ts';
import { extractManifests, isLeftOut } from './extract/extract-manifests.ts';
import { freePurpose } from './extract/free-purpose.ts';
import { guardLanguage } from './extract/guard-language.ts';
import { selectFiles } from './extract/select-files.ts';
import type { Platform } from './facts.ts';
import { openFiles, type RepositoryFiles } from './files/access.ts';
import { type Cache, openCache } from './files/cache.ts';
import { type Listing, listFiles } from './files/host/list-files.ts';
import { readTextFile } from './files/read-text-file.ts';
import { finish } from './findings/finish.ts';
import { makeScope } from './findings/scope.ts';
import { languages } from './languages/index.ts';
import { manifestAdapters } from './manifests/index.ts';
import { buildRepository } from './model/index.ts';
import { loadRules } from './rules/load-rules.ts';
import { runRules } from './rules/run-rules.ts';
import { findNearest } from './text/nearest.ts';
import type { AnyFact, Confidence, Level, Repository, Result, Rule } from './types.ts';

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
  /** The day that expiry dates are compared with, `YYYY-MM-DD`; default today (UTC). */
  readonly today?: string;
  /** Called when a step begins. */
  readonly onProgress?: (step: string) => void;
}

/** A mistake in the options: names what was asked for and does not exist. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const noConfig: Config = { base: '', rules: {}, ignore: [], exclude: [] };
const didYouMean = (word: string, known: readonly string[]): string => {
  const near = findNearest(word, known);
  return near ? ` Did you mean "${near}"?` : '';
};

function checkRuleIds(ids: readonly string[]): void {
  const known = loadRules().map(({ id }) => id);
  const wrong = ids.find((id) => !known.includes(id));
  if (wrong !== undefined) throw new UsageError(`There is no rule "${wrong}".${didYouMean(wrong, known)}`);
}

function selectRules({ rules, ignoreRules }: AnalyseOptions, config: Config, nested: readonly FolderConfig[]): readonly Rule[] {
  checkRuleIds([...(rules ?? []), ...(ignoreRules ?? [])]);
  const isOff = (id: string): boolean =>
    settingFor(id, '', config, []) === 'off' && nested.every((folder) => (folder.rules[id] ?? 'off') === 'off');
  return loadRules().filter(({ id }) => (rules ? rules.includes(id) : !isOff(id)) && !ignoreRules?.includes(id));
}

/** Workloads of platforms that are not asked about stay as links between code and image, but are not judged. */
const aimAt =
  (targets: readonly Platform[]) =>
  (fact: AnyFact): AnyFact =>
    fact.kind !== 'workload' || !targets.length || targets.includes(fact.value.platform)
      ? fact
      : { ...fact, value: { ...fact.value, purpose: 'development' } };

interface Opened {
  readonly listing: Listing;
  readonly files: RepositoryFiles;
  readonly cache?: Cache;
  readonly repository: Repository;
  readonly parsed: number;
  readonly config: Config;
  readonly nested: readonly FolderConfig[];
}

function openRepository(options: AnalyseOptions): Opened {
  const progress = options.onProgress ?? (() => undefined);
  progress('Listing files');
  const bases = (options.paths ?? []).filter((path) => path !== '');
  const listed = listFiles(options.root, { git: options.git ?? true, wanted: bases });
  const overlay = options.overlay ?? new Map<string, string>();
  const reader = openFiles({ listing: listed, overlay });
  const context: ConfigContext = { read: (path) => reader.text(path), ruleIds: loadRules().map(({ id }) => id) };
  const config = options.config === false ? noConfig : (options.config ?? loadConfig(context));
  const { listing, roleOf } = selectFiles({ listing: listed, bases, exclude: config.exclude, overlay });
  const judged = listing.paths.filter((path) => !isLeftOut(roleOf(path)));
  const nested = options.config === false ? [] : loadNestedConfigs(context, judged, config.path);
  const cache = (options.cache ?? true) ? openCache(listing.root, __VERSION__) : undefined;
  const files = openFiles({ listing, overlay, cache });
  progress('Reading manifests');
  const manifests = extractManifests({
    adapters: manifestAdapters,
    paths: files.under('').filter((path) => !listing.aliases.has(path)),
    roleOf,
    derive: (path, kind, make, matters) => files.derive(path, kind, make, matters),
  });
  progress('Reading code');
  const repository = buildRepository({
    facts: manifests.facts.map(freePurpose(bases)).map(aimAt(options.targets ?? config.targets ?? [])),
    files,
    languages: languages.map(guardLanguage),
    roleOf,
    tracked: listing.tracked,
    notAssessed: [...listing.notAssessed, ...manifests.notAssessed],
  });
  return { listing, files, cache, repository, parsed: manifests.parsed, config, nested };
}

function checkServices(wanted: readonly string[], repository: Repository): void {
  const known = repository.services.map(({ name }) => name);
  const wrong = wanted.find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new UsageError(`There is no service "${wrong}".${didYouMean(wrong, known)} Found: ${known.join(', ') || 'none'}.`);
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
 * Analyses a folder, synchronously. Nothing of it is executed.
 * @throws UsageError when a rule or service that was asked for does not exist
 * @throws ConfigError when a configuration file is wrong
 */
export function analyse(options: AnalyseOptions): Result {
  checkRuleIds([...(options.rules ?? []), ...(options.ignoreRules ?? [])]);
  const { listing, files, cache, repository, parsed, config, nested } = openRepository(options);
  checkServices(options.services ?? [], repository);
  const rules = selectRules(options, config, nested);
  options.onProgress?.('Judging');
  const run = runRules(rules, repository);
  const scope = makeScope({
    repository,
    paths: (options.paths ?? []).filter((path) => path !== ''),
    services: options.services ?? [],
    minSeverity: options.minSeverity ?? config.minSeverity ?? 'note',
    minConfidence: options.minConfidence ?? config.minConfidence ?? 'guess',
  });
  const known = new Set(loadRules().map(({ id }) => id));
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const result = finish({ root: listing.root, rules, known, repository, run, files, parsed, config, nested, scope, today });
  cache?.save((path) => files.has(path));
  return result;
}
