/** `cloudworthy portfolio`: many repositories in one report. Each is scanned in a process of its own, so that none stops another. */
import { basename, dirname, join, resolve } from 'node:path';
import { assess, readSavedResult } from '../assessment/index.ts';
import { pathExists } from '../files/host/find-root.ts';
import { runSelf } from '../files/host/run-self.ts';
import { makeTemporaryFolder, processorCount } from '../files/host/temporary-folder.ts';
import { writeFile } from '../files/host/write.ts';
import { type Language, localeOf, localise, sayOf } from '../locales/index.ts';
import { listRules, readGivenFile, UsageError } from '../opening.ts';
import { combine } from '../portfolio/combine.ts';
import { type JobKind, writeJob } from '../portfolio/jobs.ts';
import { fileNameOf, type ListEntry, parseList, takeShard } from '../portfolio/list-file.ts';
import type { Outcome } from '../portfolio/types.ts';
import { portfolioFormats } from '../reports/portfolio/index.ts';
import { parseOutputs } from './outputs.ts';
import { makeProgress } from './progress.ts';
import { said } from './say.ts';
import { printError, printOut, usageExit } from './streams.ts';

export interface PortfolioFlags {
  readonly list?: string;
  readonly out?: string;
  readonly resume?: boolean;
  readonly jobs?: number;
  /** Seconds. */
  readonly timeout: number;
  readonly shards?: number;
  readonly shardIndex?: number;
  readonly emit?: JobKind;
  readonly image: string;
  readonly format?: readonly string[];
  readonly lang: Language;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** Where the result of a repository comes from. */
interface Task {
  readonly entry: ListEntry;
  /** The folder to scan; absent: `result` is there already, or nowhere. */
  readonly folder?: string;
  readonly result: string;
}

const names = { one: 'form', of: 'of a portfolio', many: 'Forms', example: 'html=portfolio.html' };

const readList = (path: string): readonly ListEntry[] => parseList(path, readGivenFile(path));

/** Results that are given, else folders that are given, else the list. Of given results, the list names teams and what is missing. */
function makeTasks(inputs: readonly string[], flags: PortfolioFlags, out: string): readonly Task[] {
  for (const path of inputs) if (!pathExists(path)) throw new UsageError(`There is no file or folder "${path}".`);
  const listed = flags.list === undefined ? [] : readList(flags.list);
  const results = inputs.filter((path) => path.endsWith('.json'));
  const folders = inputs.filter((path) => !path.endsWith('.json'));
  const scanned =
    folders.length > 0 || results.length > 0 ? folders.map((path) => ({ name: basename(resolve(path)), path: resolve(path) })) : listed;
  const base = scanned === listed && flags.list !== undefined ? dirname(resolve(flags.list)) : '';
  const shard = takeShard(scanned, flags.shardIndex ?? 0, flags.shards ?? 1);
  const given = new Set(results.map((path) => basename(path)));
  const missing = results.length > 0 ? listed.filter(({ name }) => !given.has(fileNameOf(name))) : [];
  const byFile = new Map(listed.map((entry) => [fileNameOf(entry.name), entry]));
  const tasks = [
    ...results.map((result) => ({ entry: byFile.get(basename(result)) ?? { name: basename(result, '.json') }, result })),
    ...missing.map((entry) => ({ entry, result: '' })),
    ...shard.map((entry) => ({ entry, folder: resolve(base, entry.path ?? entry.name), result: join(out, fileNameOf(entry.name)) })),
  ];
  const names = new Set<string>();
  for (const { entry } of tasks) {
    if (names.has(entry.name)) throw new UsageError(`Two repositories are called "${entry.name}": name them in a list (--list).`);
    names.add(entry.name);
  }
  return tasks.sort((a, b) => (a.entry.name < b.entry.name ? -1 : 1));
}

/** Scans one repository into its file; says why when that did not go well. */
async function scan({ folder, result }: Task, { timeout }: PortfolioFlags): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  if (!pathExists(folder)) return `There is no folder "${basename(folder)}" where the list says.`;
  const { code, timedOut, said } = await runSelf(['report', folder, '--format', `json=${result}`, '--quiet'], timeout * 1000);
  if (code === 0) return undefined;
  if (timedOut) return `It took more than ${timeout} seconds.`;
  const reason =
    said
      .trim()
      .split('\n')[0]
      ?.replace(/^cloudworthy: /, '')
      .replaceAll(folder, '.') ?? '';
  return reason || 'The process that read it was ended, as when memory runs out.';
}

function readOutcome({ entry, result }: Task, failure: string | undefined, lang: Language): Outcome {
  const member = { name: entry.name, ...(entry.team === undefined ? {} : { team: entry.team }) };
  if (failure !== undefined) return { member, failure };
  if (result === '') return { member, failure: said('No result was given for it.') };
  try {
    const read = localise(readSavedResult(basename(result), readGivenFile(result), listRules()), localeOf(lang));
    return { member, result: read, assessment: assess(read, { say: sayOf(lang) }) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { member, failure: said(error.message.split('\n')[0]!) };
  }
}

/** A result of another version judges by other rules: it is made anew. */
function isDone({ folder, result }: Task): boolean {
  if (folder === undefined || !pathExists(result)) return false;
  try {
    return (JSON.parse(readGivenFile(result)) as { tool?: { version?: unknown } }).tool?.version === __VERSION__;
  } catch {
    return false;
  }
}

/** A few at a time; the order in which they end changes nothing. */
async function runTasks(tasks: readonly Task[], flags: PortfolioFlags): Promise<readonly Outcome[]> {
  const progress = makeProgress(!flags.quiet);
  const outcomes = new Map<Task, Outcome>();
  const waiting = [...tasks];
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      const failure = flags.resume && isDone(task) ? undefined : await scan(task, flags).then((why) => why && said(why));
      outcomes.set(task, readOutcome(task, failure, flags.lang));
      progress.step(`${outcomes.size} of ${tasks.length}: ${task.entry.name}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(tasks.length, flags.jobs ?? processorCount()) }, work));
  } finally {
    progress.end();
  }
  return tasks.map((task) => outcomes.get(task)!);
}

function checkFlags(inputs: readonly string[], flags: PortfolioFlags): void {
  const { list, out, resume, shards, shardIndex, emit } = flags;
  if (inputs.length === 0 && list === undefined) throw new UsageError('Nothing to report on: name results, folders, or a list (--list).');
  if (resume && out === undefined) throw new UsageError('--resume needs the folder of the earlier results (--out).');
  if (shardIndex !== undefined && shards === undefined) throw new UsageError('--shard-index needs --shards.');
  if (shardIndex !== undefined && shardIndex >= shards!) throw new UsageError(`--shard-index counts from 0 to ${shards! - 1}.`);
  if (emit !== undefined && list === undefined) throw new UsageError('--emit needs a list (--list).');
}

function emitJob(flags: PortfolioFlags): number {
  const entries = readList(flags.list!);
  const shards = Math.max(1, Math.min(flags.shards ?? 4, entries.length));
  printOut(writeJob(flags.emit!, { entries, shards, image: flags.image }));
  return 0;
}

/** Returns the exit code. */
export async function portfolio(inputs: readonly string[], flags: PortfolioFlags): Promise<number> {
  checkFlags(inputs, flags);
  if (flags.emit) return emitJob(flags);
  const outputs = parseOutputs(flags.format ?? ['markdown'], portfolioFormats, names);
  const temporary = flags.out === undefined ? makeTemporaryFolder() : undefined;
  try {
    const tasks = makeTasks(inputs, flags, resolve(flags.out ?? temporary!.path));
    const outcomes = await runTasks(tasks, flags);
    const failed = outcomes.filter((outcome) => 'failure' in outcome);
    for (const { member, failure } of failed) printError(`${member.name}: ${failure}`);
    const combined = combine(outcomes);
    for (const { form, file } of outputs) {
      const text = form.render(combined, { lang: flags.lang, version: __VERSION__ });
      if (file === undefined) printOut(text);
      else writeFile(resolve(file), text);
    }
    return failed.length === outcomes.length || (flags.strict && failed.length > 0) ? usageExit : 0;
  } finally {
    temporary?.remove();
  }
}
