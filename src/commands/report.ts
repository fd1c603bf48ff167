/** `cloudworthy report`: one assessment in any number of forms. */
import { resolve } from 'node:path';
import { assess, readSavedResult } from '../assessment/index.ts';
import { findTarget, pathExists } from '../files/host/find-root.ts';
import { writeFile } from '../files/host/write.ts';
import { type Language, localeOf, localise, sayOf } from '../locales/index.ts';
import { listRules, readConfig, readGivenFile, UsageError } from '../opening.ts';
import { analyseOrRepeat } from '../repeat.ts';
import { reportFormats } from '../reports/index.ts';
import { isSourceLink } from '../reports/report.ts';
import type { Result } from '../types.ts';
import { parseOutputs } from './outputs.ts';
import { makeProgress } from './progress.ts';
import { printError, printOut, usageExit } from './streams.ts';

export interface ReportFlags {
  readonly format?: readonly string[];
  readonly lang: Language;
  /** An earlier result. */
  readonly since?: string;
  /** The result to judge, instead of a folder. */
  readonly from?: string;
  /** False with `--no-config`. */
  readonly config?: string | boolean;
  readonly service?: readonly string[];
  readonly name?: string;
  readonly date?: string;
  readonly sourceLink?: string;
  readonly cache: boolean;
  readonly git: boolean;
  readonly quiet?: boolean;
}
const names = { one: 'form', of: 'of a report', many: 'Forms', example: 'html=report.html' };

const readSaved = (path: string): Result => readSavedResult(path, readGivenFile(path), listRules());

/** Everything counts in a report: neither a baseline nor a level hides anything. */
async function scan(folder: string, flags: ReportFlags): Promise<Result> {
  if (!pathExists(folder)) throw new UsageError(`There is no folder "${folder}".`);
  const target = findTarget([folder]);
  const config = readConfig(target.root, flags.config === false ? false : typeof flags.config === 'string' ? flags.config : undefined);
  const progress = makeProgress(!flags.quiet);
  try {
    return await analyseOrRepeat(
      {
        ...target,
        services: flags.service,
        minSeverity: 'note',
        minConfidence: 'guess',
        config: flags.config === false ? false : config,
        cache: flags.cache,
        git: flags.git,
        onProgress: progress.step,
      },
      { fixes: true },
    );
  } finally {
    progress.end();
  }
}

function checkSourceLink(link: string | undefined): void {
  if (link === undefined || (isSourceLink(link) && link.includes('{path}'))) return;
  throw new UsageError(`--source-link ${link} is no address of a page or an editor with {path} in it.`);
}

/** Returns the exit code. */
export async function report(folder: string | undefined, flags: ReportFlags): Promise<number> {
  if (folder !== undefined && flags.from !== undefined)
    throw new UsageError('Either a folder is scanned or a result is judged: --from takes no folder.');
  const outputs = parseOutputs(flags.format ?? ['markdown'], reportFormats, names);
  checkSourceLink(flags.sourceLink);
  const locale = localeOf(flags.lang);
  const earlier = flags.since === undefined ? undefined : localise(readSaved(flags.since), locale);
  const result = localise(flags.from === undefined ? await scan(folder ?? '.', flags) : readSaved(flags.from), locale);
  if (!result.services.length && !result.findings.length && result.counts.parsed === 0) {
    printError(`nothing to report on in ${folder ?? flags.from ?? '.'}: no code, image or manifest was found.`);
    return usageExit;
  }
  const assessment = assess(result, { earlier, say: sayOf(flags.lang) });
  for (const { form, file } of outputs) {
    const { lang, name, date, sourceLink } = flags;
    const text = form.render(assessment, result, { lang, name, date, sourceLink, version: __VERSION__ });
    if (file === undefined) printOut(text);
    else writeFile(resolve(file), text);
  }
  return 0;
}
