/** `cloudworthy baseline create|prune`. */
import { join, relative, resolve } from 'node:path';
import { findTarget, pathExists } from '../files/host/find-root.ts';
import { writeFile } from '../files/host/write.ts';
import { analyse, printBaseline, pruneBaseline, readBaseline, readConfig, UsageError } from '../session.ts';
import type { Result } from '../types.ts';
import { makeProgress } from './progress.ts';
import { printError, printOut, usageExit } from './streams.ts';

export interface BaselineFlags {
  readonly output?: string;
  readonly force?: boolean;
  readonly baseline?: string;
  /** False with `--no-config`. */
  readonly config?: string | boolean;
}

const defaultFile = 'cloudworthy.baseline.json';
const countOf = (findings: readonly unknown[]): string => `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;

function open(folder: string, flags: BaselineFlags) {
  if (!pathExists(folder)) throw new UsageError(`There is no folder "${folder}".`);
  const { root } = findTarget([folder]);
  const config = readConfig(root, flags.config === false ? false : typeof flags.config === 'string' ? flags.config : undefined);
  const named = flags.output ?? flags.baseline;
  return { root, config, file: named === undefined ? join(root, config.baseline ?? defaultFile) : resolve(named) };
}

function run(options: Parameters<typeof analyse>[0]): Result {
  const progress = makeProgress(true);
  try {
    return analyse({ ...options, minSeverity: 'note', minConfidence: 'guess', onProgress: progress.step });
  } finally {
    progress.end();
  }
}

const show = (file: string): string => relative(process.cwd(), file) || file;

/** Everything that is found now, whatever the configuration hides by severity: showing more later must not bring old findings back. */
export function create(folder: string, flags: BaselineFlags): number {
  const { root, config, file } = open(folder, flags);
  if (pathExists(file) && !flags.force) {
    printError(`${show(file)} exists already; it was left as it is (--force replaces it, "baseline prune" takes out what is solved).`);
    return usageExit;
  }
  const { findings, counts, services } = run({ root, config });
  if (!services.length && counts.parsed === 0) {
    printError('nothing to analyse: no code, image or manifest was found.');
    return usageExit;
  }
  writeFile(file, printBaseline(findings));
  const use =
    config.baseline === undefined ? ` Use it with "baseline: ${relative(root, file)}" in cloudworthy.yml, or with --baseline.` : '';
  printOut(`Wrote ${countOf(findings)} to ${show(file)}.${use}`);
  return 0;
}

/** Adds nothing: what is new stays new. */
export function prune(folder: string, flags: BaselineFlags): number {
  const { root, config, file } = open(folder, flags);
  const baseline = readBaseline(root, false, file)!;
  const { text, removed } = pruneBaseline(baseline, run({ root, config }).findings);
  writeFile(file, text);
  printOut(`Took ${removed} of ${countOf(baseline.findings)} out of ${show(file)}.`);
  return 0;
}
