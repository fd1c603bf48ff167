/** `--fix`, `--fix-unsafe`, `--diff`: applies what fixes offer, or shows it. */
import { replaceTexts } from '../files/host/replace-text.ts';
import { countOf } from '../reporters/visible-text.ts';
import { type AnalyseOptions, type FixRun, fixFolder, UsageError } from '../session.ts';
import type { Result } from '../types.ts';
import { printDiff } from './diff.ts';
import { said } from './say.ts';
import { printError, printFixFailure, printOut } from './streams.ts';

export interface FixFlags {
  readonly fix?: boolean;
  readonly fixUnsafe?: boolean;
  readonly diff?: boolean;
}

function describeApplied({ applied, files }: FixRun, verb: string): void {
  printError(`${verb} ${countOf(applied.length, 'finding')} in ${countOf(files.length, 'file')}.`);
  for (const { finding, fix } of applied) printError(`  ${finding.place.path}:${finding.place.line} ${finding.rule}: ${said(fix.title)}`);
}

/** Fixes that the run had to do without: nothing of them is in the files. */
function describeFailed({ refused, failures }: FixRun): void {
  for (const failure of failures) printFixFailure(failure);
  for (const { finding, fix } of refused)
    printError(
      `a fix was taken back: ${finding.rule} in ${finding.place.path}:${finding.place.line} ("${said(fix.title)}" did not remove it)`,
    );
}

/** What could still be fixed, so that nobody has to guess which option helps. */
function describeLeft({ after }: FixRun, { fixUnsafe }: FixFlags): void {
  const left = after.findings.filter((finding) => after.fixes(finding).some(({ safe }) => !safe)).length;
  if (left > 0 && !fixUnsafe) printError(`${countOf(left, 'more finding')} can be fixed with --fix-unsafe; look at the changes then.`);
}

/** Applies the fixes and returns what is left. @throws UsageError when a file cannot be written; then none was */
export async function fixFiles(options: AnalyseOptions, flags: FixFlags): Promise<Result> {
  const run = await fixFolder(options, { unsafe: flags.fixUnsafe ?? false });
  const refused = replaceTexts(run.after.root, run.files);
  if (refused.length > 0)
    throw new UsageError(`Nothing was fixed. ${refused.map(({ path, why }) => `${path} is not written: ${why}.`).join(' ')}`);
  if (run.applied.length > 0) describeApplied(run, 'Fixed');
  describeFailed(run);
  describeLeft(run, flags);
  return run.after;
}

/** Prints what the fixes would change; nothing is written. Returns the exit code. */
export async function showFixes(options: AnalyseOptions, flags: FixFlags): Promise<number> {
  const run = await fixFolder(options, { unsafe: flags.fixUnsafe ?? false });
  printOut(run.files.map((file) => printDiff(file, run.before, run.after)).join('\n'));
  if (run.applied.length > 0) describeApplied(run, 'Would fix');
  else printError('There is nothing to fix.');
  describeFailed(run);
  describeLeft(run, flags);
  return run.files.length > 0 ? 1 : 0;
}
