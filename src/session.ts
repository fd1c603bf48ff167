/** The pipeline: the one entry for the command line, the library, and every other face. */
import {
  type Config,
  type ConfigContext,
  ConfigError,
  type FolderConfig,
  loadConfig,
  loadNestedConfigs,
  settingFor,
} from './config/load-config.ts';
import { extractManifests, isLeftOut, type Manifests } from './extract/extract-manifests.ts';
import { freePurpose } from './extract/free-purpose.ts';
import { guardLanguage } from './extract/guard-language.ts';
import { rememberPrograms } from './extract/remember-programs.ts';
import { selectFiles } from './extract/select-files.ts';
import type { Platform } from './facts.ts';
import { type FileSource, openFiles, type RepositoryFiles } from './files/access.ts';
import { type Cache, openCache, recallOnly } from './files/cache.ts';
import { findComparedCommit } from './files/compared-commit.ts';
import { type EarlierTree, openEarlierTree } from './files/earlier-tree.ts';
import { type Listing, type ListOptions, listFiles } from './files/host/list-files.ts';
import { readGrammar } from './files/host/read-grammar.ts';
import { readTextFile } from './files/read-text-file.ts';
import { type Baseline, parseBaseline } from './findings/baseline.ts';
import { makeTouches, type Touches } from './findings/changed.ts';
import type { EarlierFindings } from './findings/compare.ts';
import { type FinishInput, finish } from './findings/finish.ts';
import { makeScope } from './findings/scope.ts';
import type { FixRun } from './fixes/apply-fixes.ts';
import { languages } from './languages/index.ts';
import { makeExpanders, manifestAdapters, treeAdapters } from './manifests/index.ts';
import { buildRepository } from './model/index.ts';
import { loadRules } from './rules/load-rules.ts';
import { runRules } from './rules/run-rules.ts';
import { atOnce, type Steps } from './steps.ts';
import { findNearest } from './text/nearest.ts';
import type { Adapter, AnyFact, Artifact, Confidence, Level, Repository, Result, Rule } from './types.ts';

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

/** One version of the files, and what they are judged by. */
interface Origin {
  readonly listing: Listing;
  readonly roleOf: (path: string) => Artifact['role'];
  readonly overlay: ReadonlyMap<string, string>;
  readonly source?: FileSource;
  readonly cache?: Cache;
  readonly config: Config;
  readonly nested: readonly FolderConfig[];
  readonly baseline?: Baseline;
}
interface Opened extends Origin {
  readonly files: RepositoryFiles;
  readonly repository: Repository;
  readonly parsed: number;
  readonly sets: Manifests['sets'];
  readonly sources: Manifests['sources'];
}
const basesOf = ({ paths }: AnalyseOptions): readonly string[] => (paths ?? []).filter((path) => path !== '');

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
    const judged = [...new Set([...listing.paths, ...overlay.keys()])].filter((path) => !isLeftOut(roleOf(path)));
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

/** The work tree, with its settings. */
function findOrigin(options: AnalyseOptions): Origin {
  options.onProgress?.('Listing files');
  const { keeper } = options;
  const how = { git: options.git ?? true, wanted: basesOf(options) };
  const listed = keeper ? keeper.list(how) : listFiles(options.root, how);
  const source = keeper?.source(listed);
  const texts = options.overlay ?? new Map<string, string>();
  const { listing, overlay, roleOf, config, nested, baseline } = readSettings(options, listed, texts, source);
  const cache = keeper ? keeper.cache : (options.cache ?? true) ? openCache(listing.root, __VERSION__) : undefined;
  return { listing, roleOf, overlay, source, cache, config, nested, baseline };
}

function* openRepository(options: AnalyseOptions, origin: Origin): Steps<Opened> {
  const { listing, roleOf, overlay, config, cache, source } = origin;
  const files = openFiles({ listing, overlay, cache, source });
  options.onProgress?.('Reading manifests');
  const manifests = yield* extractManifests({
    adapters: manifestAdapters,
    candidates: options.keeper?.candidates,
    trees: treeAdapters,
    expanders: makeExpanders(config.helm?.sets),
    files,
    memory: files.memory,
    paths: files.under('').filter((path) => !listing.aliases.has(path)),
    roleOf,
    derive: (path, kind, make, matters) => files.derive(path, kind, make, matters),
  });
  options.onProgress?.('Reading code');
  const repository = yield* buildRepository({
    facts: manifests.facts.map(freePurpose(basesOf(options))).map(aimAt(options.targets ?? config.targets ?? [])),
    files,
    languages: languages.map(guardLanguage).map(rememberPrograms(files.memory)),
    roleOf,
    tracked: listing.tracked,
    notAssessed: [...listing.notAssessed, ...manifests.notAssessed],
  });
  return { ...origin, files, repository, parsed: manifests.parsed, sets: manifests.sets, sources: manifests.sources };
}

function checkServices(wanted: readonly string[], repository: Repository): void {
  const known = repository.services.map(({ name }) => name);
  const wrong = wanted.find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new UsageError(`There is no service "${wrong}".${didYouMean(wrong, known)} Found: ${known.join(', ') || 'none'}.`);
}

export { type Baseline, printBaseline, pruneBaseline } from './findings/baseline.ts';

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

/** What everything after the first look at the repository shares. */
interface Judging {
  readonly options: AnalyseOptions;
  readonly rules: readonly Rule[];
  readonly today: string;
}

function* judge(
  { options, rules, today }: Judging,
  opened: Opened,
  known: Pick<FinishInput, 'baseline' | 'earlier' | 'touches'> = {},
): Steps<Result> {
  const { listing, repository, config } = opened;
  const scope = makeScope({
    repository,
    paths: basesOf(options),
    services: options.services ?? [],
    minSeverity: options.minSeverity ?? config.minSeverity ?? 'note',
    minConfidence: options.minConfidence ?? config.minConfidence ?? 'guess',
  });
  return finish({
    ...opened,
    ...known,
    root: listing.root,
    rules,
    known: new Set(loadRules().map(({ id }) => id)),
    run: yield* runRules(rules, repository),
    scope,
    today,
    complete: !basesOf(options).length,
  });
}

function openEarlier({ git, changed, compareTo, onProgress }: AnalyseOptions, root: string): EarlierTree {
  onProgress?.('Reading the earlier version');
  if (git === false) throw new UsageError('Changes are told by git: comparing needs it.');
  const ref = changed?.since ?? compareTo;
  const commit = findComparedCommit(root, ref);
  if (commit === undefined) {
    throw new UsageError(
      ref === undefined
        ? 'There is no commit to compare with.'
        : `git knows no commit "${ref}" here. In a shallow clone it has to be fetched first.`,
    );
  }
  const tree = openEarlierTree(root, commit);
  if (!tree) throw new UsageError(`The files of commit ${commit} cannot be read.`);
  return tree;
}

/** The earlier version is judged by the settings of today, so that only what the files say makes a difference. */
function* judgeEarlier(judging: Judging, now: Origin, tree: EarlierTree): Steps<EarlierFindings> {
  const { options } = judging;
  const selected = selectFiles({ listing: tree.listing, bases: basesOf(options), exclude: now.config.exclude, overlay: new Map() });
  const cache = now.cache && recallOnly(now.cache);
  const opened = yield* openRepository(options, { ...now, ...selected, source: tree, cache });
  return { commit: tree.commit, findings: (yield* judge(judging, opened)).findings };
}

/** Loads the grammars of languages that have files among these paths; without paths, those of all languages. */
export async function prepareLanguages(paths?: readonly string[]): Promise<void> {
  for (const language of languages)
    if (language.prepare && (paths === undefined || paths.some(language.owns))) await language.prepare(readGrammar, paths);
}

/**
 * Analyses a folder. Nothing of it is executed. Grammars are loaded when the folder needs them.
 * @throws UsageError when a rule, service or commit that was asked for does not exist
 * @throws ConfigError when a configuration file is wrong
 */
export async function analyseFolder(options: AnalyseOptions): Promise<Result> {
  checkRuleIds([...(options.rules ?? []), ...(options.ignoreRules ?? [])]);
  const origin = findOrigin(options);
  await prepareLanguages(origin.listing.paths);
  return atOnce(analyseFrom(options, origin));
}

export type { FixedFile, FixRun } from './fixes/apply-fixes.ts';

/**
 * What the fixes make of a folder, in memory: nothing is written. Safe ones only, unless `unsafe`.
 * @throws UsageError as `analyseFolder`
 */
export async function fixFolder(options: AnalyseOptions, { unsafe }: { readonly unsafe: boolean }): Promise<FixRun> {
  const { applyFixes } = await import('./fixes/apply-fixes.ts');
  return applyFixes((texts) => analyseFolder({ ...options, overlay: new Map([...(options.overlay ?? []), ...texts]) }), unsafe);
}

/**
 * Like `analyseFolder`, synchronously: languages other than JavaScript are read when `prepareLanguages` was awaited before,
 * else they are listed as not assessed.
 * @throws UsageError when a rule, service or commit that was asked for does not exist
 * @throws ConfigError when a configuration file is wrong
 */
export const analyse = (options: AnalyseOptions): Result => atOnce(analyseInSteps(options));

/** Like `analyse`: whoever runs the steps may stop between two of them. @internal */
export function* analyseInSteps(options: AnalyseOptions): Steps<Result> {
  checkRuleIds([...(options.rules ?? []), ...(options.ignoreRules ?? [])]);
  return yield* analyseFrom(options, findOrigin(options));
}

function* analyseFrom(options: AnalyseOptions, origin: Origin): Steps<Result> {
  const opened = yield* openRepository(options, origin);
  const { files, repository, config, nested, cache } = opened;
  checkServices(options.services ?? [], repository);
  const judging: Judging = {
    options,
    rules: selectRules(options, config, nested),
    today: options.today ?? new Date().toISOString().slice(0, 10),
  };
  const tree =
    (options.changed && !options.changed.touches) || options.compareTo !== undefined
      ? openEarlier(options, opened.listing.root)
      : undefined;
  const earlier = tree && (yield* judgeEarlier(judging, origin, tree));
  const touches =
    options.changed?.touches ??
    (tree && options.changed && makeTouches({ after: (path) => files.text(path), before: (path) => tree.text(tree.pathBefore(path)) }));
  options.onProgress?.('Judging');
  const result = yield* judge(judging, opened, { baseline: options.baseline ?? origin.baseline, earlier, touches });
  cache?.save((path) => files.has(path));
  files.release();
  return result;
}
