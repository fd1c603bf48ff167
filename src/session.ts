/** The pipeline: the one entry for the command line, the library, and every other face. */
import { type Config, type FolderConfig, settingFor } from './config/load-config.ts';
import { extractManifests, type Manifests } from './extract/extract-manifests.ts';
import { freePurpose } from './extract/free-purpose.ts';
import { guardLanguage } from './extract/guard-language.ts';
import { rememberPrograms } from './extract/remember-programs.ts';
import { selectFiles } from './extract/select-files.ts';
import type { Platform } from './facts.ts';
import { openFiles, type RepositoryFiles } from './files/access.ts';
import { type Cache, openCache, recallOnly } from './files/cache.ts';
import { findComparedCommit } from './files/compared-commit.ts';
import { type EarlierTree, openEarlierTree } from './files/earlier-tree.ts';
import { readGrammar } from './files/host/read-grammar.ts';
import { makeTouches } from './findings/changed.ts';
import type { EarlierFindings } from './findings/compare.ts';
import { type FinishInput, finish, secretPlaces } from './findings/finish.ts';
import { makeScope } from './findings/scope.ts';
import type { FixRun } from './fixes/apply-fixes.ts';
import { languages } from './languages/index.ts';
import { makeExpanders, manifestAdapters, treeAdapters } from './manifests/index.ts';
import { buildRepository } from './model/index.ts';
import { type AnalyseOptions, basesOf, findOrigin, type Origin, UsageError } from './opening.ts';
import { loadRules } from './rules/load-rules.ts';
import { runRules } from './rules/run-rules.ts';
import { atOnce, type Steps } from './steps.ts';
import { findNearest } from './text/nearest.ts';
import type { AnyFact, Place, Repository, Result, Rule } from './types.ts';

export { type Baseline, printBaseline, pruneBaseline } from './findings/baseline.ts';
export {
  type AnalyseOptions,
  listRules,
  readBaseline,
  readConfig,
  readGivenFile,
  UsageError,
} from './opening.ts';

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

interface Source extends Origin {
  readonly cache?: Cache;
}
interface Opened extends Source {
  readonly files: RepositoryFiles;
  readonly repository: Repository;
  readonly parsed: number;
  readonly sets: Manifests['sets'];
  readonly sources: Manifests['sources'];
}

function withCache({ keeper, cache }: AnalyseOptions, origin: Origin): Source {
  return { ...origin, cache: keeper ? keeper.cache : (cache ?? true) ? openCache(origin.listing.root, __VERSION__) : undefined };
}

function* openRepository(options: AnalyseOptions, origin: Source): Steps<Opened> {
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
function* judgeEarlier(judging: Judging, now: Source, tree: EarlierTree): Steps<EarlierFindings> {
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
  return (await analyseOrigin(options, findOrigin(options))).result;
}

/** A result, and what it rests on. @internal */
export interface Analysis {
  readonly result: Result;
  /** Where secrets stand, by path. */
  readonly secrets: ReadonlyMap<string, readonly Place[]>;
  /** Files that were looked at, with success or without. */
  readonly restsOn: readonly string[];
}

/** Like `analyseFolder`, when files and settings were looked at already. @internal */
export async function analyseOrigin(options: AnalyseOptions, origin: Origin): Promise<Analysis> {
  checkRuleIds([...(options.rules ?? []), ...(options.ignoreRules ?? [])]);
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
  return (yield* analyseFrom(options, findOrigin(options))).result;
}

function* analyseFrom(options: AnalyseOptions, found: Origin): Steps<Analysis> {
  const origin = withCache(options, found);
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
  return { result, secrets: secretPlaces(repository), restsOn: files.lookedAt() };
}
