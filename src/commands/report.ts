/** `cloudworthy report`: one assessment in any number of forms. */
import { resolve } from 'node:path';
import { assess, readSavedResult } from '../assessment/index.ts';
import { findTarget, pathExists } from '../files/host/find-root.ts';
import { writeFile } from '../files/host/write.ts';
import { type Language, localeOf, localise, sayOf } from '../locales/index.ts';
import { reportFormats } from '../reports/index.ts';
import { isSourceLink, type ReportFormat } from '../reports/report.ts';
import { analyseFolder, listRules, readConfig, readGivenFile, UsageError } from '../session.ts';
import { findNearest } from '../text/nearest.ts';
import type { Result } from '../types.ts';
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
interface Output {
  readonly format: ReportFormat;
  /** Absent: stdout. */
  readonly file?: string;
}

/** Reads `NAME[=FILE]`. */
function parseFormat(text: string): Output {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const file = equals < 0 ? undefined : text.slice(equals + 1);
  const format = reportFormats.find(({ id }) => id === name);
  if (!format) {
    const ids = reportFormats.map(({ id }) => id);
    const near = findNearest(name, ids);
    throw new UsageError(`There is no form "${name}" of a report.${near ? ` Did you mean "${near}"?` : ''} Forms: ${ids.join(', ')}.`);
  }
  if (file === '') throw new UsageError(`--format ${text} names no file.`);
  return { format, file };
}

function parseFormats(texts: readonly string[]): readonly Output[] {
  const outputs = texts.map(parseFormat);
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError('Only one form can go to the standard output: give the others a file (--format html=report.html).');
  }
  return outputs;
}

const readSaved = (path: string): Result => readSavedResult(path, readGivenFile(path), listRules());

/** Everything counts in a report: neither a baseline nor a level hides anything. */
async function scan(folder: string, flags: ReportFlags): Promise<Result> {
  if (!pathExists(folder)) throw new UsageError(`There is no folder "${folder}".`);
  const target = findTarget([folder]);
  const config = readConfig(target.root, flags.config === false ? false : typeof flags.config === 'string' ? flags.config : undefined);
  const progress = makeProgress(!flags.quiet);
  try {
    return await analyseFolder({
      ...target,
      services: flags.service,
      minSeverity: 'note',
      minConfidence: 'guess',
      config: flags.config === false ? false : config,
      cache: flags.cache,
      git: flags.git,
      onProgress: progress.step,
    });
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
  const outputs = parseFormats(flags.format ?? ['markdown']);
  checkSourceLink(flags.sourceLink);
  const locale = localeOf(flags.lang);
  const earlier = flags.since === undefined ? undefined : localise(readSaved(flags.since), locale);
  const result = localise(flags.from === undefined ? await scan(folder ?? '.', flags) : readSaved(flags.from), locale);
  if (!result.services.length && !result.findings.length && result.counts.parsed === 0) {
    printError(`nothing to report on in ${folder ?? flags.from ?? '.'}: no code, image or manifest was found.`);
    return usageExit;
  }
  const assessment = assess(result, { earlier, say: sayOf(flags.lang) });
  for (const { format, file } of outputs) {
    const { lang, name, date, sourceLink } = flags;
    const text = format.render(assessment, result, { lang, name, date, sourceLink, version: __VERSION__ });
    if (file === undefined) printOut(text);
    else writeFile(resolve(file), text);
  }
  return 0;
}
