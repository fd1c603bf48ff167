/** `cloudworthy check`: one analysis, any number of outputs. */
import { resolve } from 'node:path';
import type { Config } from '../config/load-config.ts';
import type { Platform } from '../facts.ts';
import { findTarget, pathExists, type Target } from '../files/host/find-root.ts';
import { writeFile } from '../files/host/write.ts';
import { type Language, localeOf, localise } from '../locales/index.ts';
import { type AnalyseOptions, readBaseline, readConfig, UsageError } from '../opening.ts';
import { analyseOrRepeat } from '../repeat.ts';
import { reporters } from '../reporters/index.ts';
import { findNearest } from '../text/nearest.ts';
import type { Confidence, Finding, Level, Reporter, Result } from '../types.ts';
import type { FixFlags } from './fix.ts';
import { type Output, parseOutputs } from './outputs.ts';
import { makeProgress } from './progress.ts';
import { said } from './say.ts';
import { outputWidth, printError, printFixFailure, printOut, usageExit, wantsColor } from './streams.ts';

export interface CheckFlags extends FixFlags {
  readonly format?: readonly string[];
  readonly lang: Language;
  /** False with `--no-config`. */
  readonly config?: string | boolean;
  readonly failOn?: Level | 'never';
  readonly maxWarnings?: number;
  /** False with `--no-baseline`. */
  readonly baseline?: string | boolean;
  readonly changed?: boolean;
  readonly since?: string;
  readonly compareTo?: string;
  readonly exitZero?: boolean;
  readonly strict?: boolean;
  readonly minSeverity?: Level;
  readonly minConfidence?: Confidence;
  readonly rule?: readonly string[];
  readonly ignoreRule?: readonly string[];
  readonly service?: readonly string[];
  readonly target?: readonly Platform[];
  readonly cache: boolean;
  readonly git: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly width?: number;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}
const names = { one: 'format', many: 'Formats', example: 'sarif=out.sarif' };

function checkPaths(paths: readonly string[], commands: readonly string[]): readonly string[] {
  for (const path of paths) {
    if (pathExists(path)) continue;
    const near = path.includes('/') ? undefined : findNearest(path, commands);
    throw new UsageError(`There is no file or folder "${path}".${near ? ` Did you mean the command "${near}"?` : ''}`);
  }
  return paths.length ? paths : ['.'];
}

function render(outputs: readonly Output<Reporter>[], found: Result, flags: CheckFlags): void {
  const result = localise(found, localeOf(flags.lang));
  for (const { form: reporter, file } of outputs) {
    const isTerminal = file === undefined && process.stdout.isTTY === true;
    const color = file === undefined ? wantsColor({ flag: flags.color, env: process.env, isTerminal }) : flags.color === 'always';
    const width = outputWidth(flags.width);
    const text = reporter.render(result, {
      color,
      width,
      links: color && isTerminal,
      version: __VERSION__,
      verbose: flags.verbose ?? false,
      lang: flags.lang,
    });
    if (file === undefined) printOut(text);
    else writeFile(resolve(file), text.endsWith('\n') || text === '' ? text : `${text}\n`);
  }
}

const rank: Readonly<Record<Level | 'never', number>> = { never: -1, error: 0, warning: 1, note: 2 };

function exitCode(result: Result, flags: CheckFlags, config: Config): number {
  const failed = result.notAssessed.filter((note) => note.failed);
  if (flags.strict && failed.length) {
    printError(`${failed.length} ${failed.length === 1 ? 'part' : 'parts'} could not be read or judged (--strict).`);
    return usageExit;
  }
  if (flags.exitZero) return 0;
  const counted = findCounted(result, flags);
  const warnings = counted.filter(({ level }) => level === 'warning').length;
  const maxWarnings = flags.maxWarnings ?? config.maxWarnings ?? Number.POSITIVE_INFINITY;
  if (warnings > maxWarnings) {
    printError(`${warnings} ${warnings === 1 ? 'warning' : 'warnings'} found, more than the ${maxWarnings} that --max-warnings allows.`);
    return 1;
  }
  const failOn = flags.failOn ?? config.failOn ?? 'error';
  return counted.some(({ level }) => rank[level] <= rank[failOn]) ? 1 : 0;
}

/** With `--compare-to`, what was there before is shown but is nobody's fault now. */
const findCounted = ({ findings }: Result, { compareTo }: CheckFlags): readonly Finding[] =>
  compareTo === undefined ? findings : findings.filter(({ status }) => status === 'new');

const changeOptions = ({ changed, since, compareTo }: CheckFlags) => ({
  ...(changed || since !== undefined ? { changed: { since } } : {}),
  ...(compareTo === undefined ? {} : { compareTo }),
});

const isEmpty = ({ services, counts, findings }: Result): boolean => !services.length && !findings.length && counts.parsed === 0;

function makeOptions({ root, paths }: Target, flags: CheckFlags, config: Config): AnalyseOptions {
  const baseline = typeof flags.baseline === 'string' ? flags.baseline : undefined;
  return {
    root,
    paths,
    rules: flags.rule,
    ignoreRules: flags.ignoreRule,
    services: flags.service,
    minSeverity: flags.minSeverity,
    minConfidence: flags.minConfidence,
    targets: flags.target,
    config: flags.config === false ? false : config,
    cache: flags.cache,
    git: flags.git,
    baseline: flags.baseline === false ? undefined : readBaseline(root, config, baseline),
    ...changeOptions(flags),
  };
}

async function withProgress<T>(flags: CheckFlags, run: (step: (name: string) => void) => Promise<T>): Promise<T> {
  const progress = makeProgress(!flags.quiet);
  try {
    return await run(progress.step);
  } finally {
    progress.end();
  }
}

const analyseOrFix = (options: AnalyseOptions, flags: CheckFlags, fixes: boolean): Promise<Result> =>
  withProgress(flags, async (onProgress) =>
    flags.fix || flags.fixUnsafe
      ? (await import('./fix.ts')).fixFiles({ ...options, onProgress }, flags)
      : analyseOrRepeat({ ...options, onProgress }, { fixes }),
  );

/** Returns the exit code. */
export async function check(given: readonly string[], flags: CheckFlags, commands: readonly string[]): Promise<number> {
  const target = findTarget(checkPaths(given, commands));
  const config = readConfig(target.root, flags.config === false ? false : typeof flags.config === 'string' ? flags.config : undefined);
  const outputs = parseOutputs(flags.format ?? config.formats ?? ['pretty'], reporters, names);
  const options = makeOptions(target, flags, config);
  if (flags.diff) return (await import('./fix.ts')).showFixes(options, flags);
  const result = await analyseOrFix(
    options,
    flags,
    outputs.some(({ form }) => form.asksForFixes),
  );
  if (isEmpty(result)) {
    render(
      outputs.filter(({ form: reporter, file }) => file !== undefined || reporter.id !== 'pretty'),
      result,
      flags,
    );
    for (const { place, message } of result.notAssessed) printError(`${place ? `${place.path}:${place.line}: ` : ''}${said(message)}`);
    printError(`nothing to analyse in ${given.join(', ') || '.'}: no code, image or manifest was found.`);
    return usageExit;
  }
  render(outputs, result, flags);
  if (!flags.fix && !flags.fixUnsafe) for (const failure of result.fixFailures()) printFixFailure(failure);
  return exitCode(result, flags, config);
}
