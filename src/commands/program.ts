/** The command line: what it accepts. Everything that does work is loaded when its command runs. */
import { Argument, Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import type { BaselineFlags } from './baseline.ts';
import type { CheckFlags } from './check.ts';
import type { ExplainFlags } from './explain.ts';
import type { PortfolioFlags } from './portfolio.ts';
import type { ReportFlags } from './report.ts';
import type { RulesFlags } from './rules.ts';
import { findLanguage, said, speak } from './say.ts';
import { failure, guardStreams, usageExit } from './streams.ts';

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];
const list = (flags: string, description: string): Option => new Option(flags, description).argParser(collect);

function parseWidth(value: string): number {
  const width = Number(value);
  if (!Number.isInteger(width) || width < 20 || width > 1000) throw new InvalidArgumentError('A number from 20 to 1000 is expected.');
  return width;
}

function parsePositive(value: string): number {
  const count = parseCount(value);
  if (count === 0) throw new InvalidArgumentError('A whole number above 0 is expected.');
  return count;
}

function parseCount(value: string): number {
  const count = Number(value);
  if (value.trim() === '' || !Number.isInteger(count) || count < 0) throw new InvalidArgumentError('A whole number is expected.');
  return count;
}

const languageOption = (): Option => new Option('--lang <language>', 'language of what is said').choices(['en', 'ko']).default('en');

const checkOptions: readonly Option[] = [
  list(
    '-f, --format <name[=file]>',
    'output format, repeatable: pretty, concise, json, sarif, github, gitlab, junit, checkstyle, rdjson, markdown, csv, agent',
  ),
  new Option('-c, --config <file>', 'use this configuration'),
  new Option('--no-config', 'use no configuration'),
  new Option('--fail-on <level>', 'exit 1 when there is a finding of this level or worse (default: error)').choices([
    'error',
    'warning',
    'note',
    'never',
  ]),
  new Option('--max-warnings <count>', 'exit 1 when there are more warnings than this').argParser(parseCount),
  new Option('--baseline <file>', 'leave out the findings that this file knows (see the command baseline)'),
  new Option('--no-baseline', 'use no baseline'),
  new Option('--changed', 'report only what was changed since the branch left the default branch'),
  new Option('--since <ref>', 'as --changed, but since this commit or branch'),
  new Option('--compare-to <ref>', 'say what is new since this commit; only that counts for the exit code').conflicts(['changed', 'since']),
  new Option('--exit-zero', 'exit 0 whatever is found'),
  new Option('--strict', 'exit 2 when a file could not be read or a rule failed'),
  new Option('--min-severity <level>', 'leave out findings below').choices(['error', 'warning', 'note']),
  new Option('--min-confidence <level>', 'leave out findings less sure').choices(['certain', 'likely', 'guess']),
  list('--rule <id>', 'run only this rule, repeatable'),
  list('--ignore-rule <id>', 'leave this rule out, repeatable'),
  list('--service <name>', 'report only this service, repeatable'),
  list('--target <platform>', 'platform that counts as production, repeatable').choices([
    'kubernetes',
    'compose',
    'cloud-foundry',
    'ecs',
    'cloud-run',
    'heroku',
    'other',
  ]),
  new Option('--fix', 'apply the safe fixes, then report what is left'),
  new Option('--fix-unsafe', 'apply also those that need a look'),
  new Option('--diff', 'show what the fixes would change (with --fix-unsafe: all); exit 1 when there is something'),
  languageOption(),
  new Option('--no-cache', 'read every file again'),
  new Option('--no-git', 'list files without git'),
  new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'),
  new Option('--width <columns>', 'width of the output').argParser(parseWidth),
  new Option('-v, --verbose', 'show links, evidence and everything that was not assessed'),
  new Option('-q, --quiet', 'no progress'),
];

const reportOptions: readonly Option[] = [
  list('-f, --format <name[=file]>', 'form of the report, repeatable: html, markdown, csv, json (default: markdown)'),
  languageOption(),
  new Option('--since <file>', 'show what changed since this saved result (JSON)'),
  new Option('--from <file>', 'judge this saved result (JSON) instead of a folder'),
  list('--service <name>', 'only this service, repeatable'),
  new Option('--name <name>', 'what the system is called (default: the name of its folder)'),
  new Option('--date <date>', 'a date to print; without it the same input gives the same report'),
  new Option('--source-link <address>', 'where sources can be read, with {path} and {line}, for links in html'),
  new Option('-c, --config <file>', 'use this configuration'),
  new Option('--no-config', 'use no configuration'),
  new Option('--no-cache', 'read every file again'),
  new Option('--no-git', 'list files without git'),
  new Option('-q, --quiet', 'no progress'),
];

const portfolioOptions: readonly Option[] = [
  new Option('--list <file>', 'the repositories, with their teams (YAML or JSON)'),
  new Option('--out <folder>', 'keep the result of each repository here'),
  new Option('--resume', 'do not scan again what has a result in --out'),
  new Option('--jobs <count>', 'processes at a time (default: one for each processor)').argParser(parsePositive),
  new Option('--timeout <seconds>', 'give up a repository after this').argParser(parsePositive).default(600),
  new Option('--shards <count>', 'scan a part of the list: into how many parts').argParser(parsePositive),
  new Option('--shard-index <number>', 'scan a part of the list: which, from 0').argParser(parseCount),
  new Option('--emit <platform>', 'print a job that scans the list on many machines').choices(['kubernetes', 'github']),
  new Option('--image <name>', 'image of that job').default('ghcr.io/OWNER/cloudworthy:0.1.0'),
  list('-f, --format <name[=file]>', 'form of the report, repeatable: html, markdown, csv, json (default: markdown)'),
  languageOption(),
  new Option('--strict', 'exit 2 when a repository could not be read'),
  new Option('-q, --quiet', 'no progress'),
];

/** Options of the default command belong on the first page, too. */
const checkHelp = (program: Command): string => {
  const help = program.commands.find((command) => command.name() === 'check')?.helpInformation() ?? '';
  const title = said('Options:');
  return `\n${said('Options of check:')}${help.slice(help.indexOf(title) + title.length).trimEnd()}`;
};

function addCheck(program: Command): void {
  const check = program
    .command('check', { isDefault: true })
    .description('analyse a repository (the default command)')
    .argument('[paths...]', 'folders or files to report on; default: the current folder');
  const fix = program
    .command('fix')
    .description('apply the safe fixes, then report what is left (check --fix)')
    .argument('[paths...]', 'folders or files to fix; default: the current folder');
  for (const command of [check, fix]) {
    for (const option of checkOptions) command.addOption(option);
    command.action(async (paths: string[], flags: CheckFlags) => {
      const all = command === fix ? { ...flags, fix: true } : flags;
      const listing = flags.git ? (await import('../files/host/git-list.ts')).startListing(paths) : undefined;
      const { check } = await import('./check.ts');
      await listing;
      process.exitCode = await check(paths, all, commandNames(program));
    });
  }
}

const commandNames = (program: Command): readonly string[] => program.commands.map((command) => command.name());

function addBaseline(program: Command): void {
  const baseline = program.command('baseline').description('keep findings that are known in a file, so that only new ones are shown');
  const configOptions = [new Option('-c, --config <file>', 'use this configuration'), new Option('--no-config', 'use no configuration')];
  const create = baseline
    .command('create')
    .description('write what is found now to a file; never overwrites without --force')
    .argument('[folder]', 'folder of the repository', '.')
    .option('-o, --output <file>', 'the file (default: the one of the configuration, or cloudworthy.baseline.json)')
    .option('--force', 'replace the file when it exists')
    .action(async (folder: string, flags: BaselineFlags) => {
      process.exitCode = (await import('./baseline.ts')).create(folder, flags);
    });
  const prune = baseline
    .command('prune')
    .description('take out what is solved; adds nothing')
    .argument('[folder]', 'folder of the repository', '.')
    .option('--baseline <file>', 'the file (default: the one of the configuration, or cloudworthy.baseline.json)')
    .action(async (folder: string, flags: BaselineFlags) => {
      process.exitCode = (await import('./baseline.ts')).prune(folder, flags);
    });
  for (const command of [create, prune]) {
    for (const option of configOptions) command.addOption(option);
    command.exitOverride();
  }
}

function addReport(program: Command): void {
  const report = program
    .command('report')
    .description('the migration report: verdicts, gates, twelve factors, plan')
    .argument('[folder]', 'folder to scan (default: the current one)');
  for (const option of reportOptions) report.addOption(option);
  report.action(async (folder: string | undefined, flags: ReportFlags) => {
    process.exitCode = await (await import('./report.ts')).report(folder, flags);
  });
}

function addPortfolio(program: Command): void {
  const portfolio = program
    .command('portfolio')
    .description('many repositories in one report')
    .argument('[inputs...]', 'results (JSON) or folders of repositories');
  for (const option of portfolioOptions) portfolio.addOption(option);
  portfolio.action(async (inputs: string[], flags: PortfolioFlags) => {
    process.exitCode = await (await import('./portfolio.ts')).portfolio(inputs, flags);
  });
}

function addOthers(program: Command): void {
  addReport(program);
  addPortfolio(program);
  program
    .command('explain')
    .description('what a rule finds, why it matters, what to do')
    .argument('<rule>', 'id of a rule')
    .option('--width <columns>', 'width of the output', parseWidth)
    .addOption(languageOption())
    .action(async (id: string, flags: ExplainFlags) => {
      process.exitCode = (await import('./explain.ts')).explain(id, flags);
    });
  program
    .command('rules')
    .description('list all rules')
    .addOption(new Option('--format <name>', 'output format').choices(['text', 'json', 'markdown']).default('text'))
    .addOption(languageOption())
    .action(async (flags: RulesFlags) => {
      process.exitCode = (await import('./rules.ts')).printRules(flags);
    });
  program
    .command('init')
    .description('write a commented configuration for this repository; never overwrites')
    .argument('[folder]', 'folder of the repository', '.')
    .action(async (folder: string) => {
      process.exitCode = await (await import('./init.ts')).init(folder);
    });
  addBaseline(program);
  program
    .command('doctor')
    .description('what cloudworthy finds on this machine and in this repository, and why')
    .argument('[folder]', 'folder of the repository', '.')
    .action(async (folder: string) => {
      process.exitCode = await (await import('./doctor.ts')).doctor(folder);
    });
  program
    .command('lsp')
    .description('start the language server for editors (see docs/editors)')
    .option('--stdio', 'speak over standard input and output; the only way')
    .action(async () => (await import('../lsp/index.ts')).serve());
  program
    .command('completion')
    .description('print a completion script')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      process.exitCode = (await import('./completion.ts')).printCompletion(shell, describeProgram(program));
    });
}

export interface CommandDescription {
  readonly name: string;
  readonly description: string;
  readonly options: readonly { readonly flags: readonly string[]; readonly description: string; readonly choices: readonly string[] }[];
}
const describeProgram = (program: Command): readonly CommandDescription[] =>
  program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command.options.map(({ short, long, description, argChoices }) => ({
      flags: [short, long].filter((flag) => flag !== undefined),
      description,
      choices: argChoices ?? [],
    })),
  }));

const plain = new Help();
/** Help in the language that was asked for. */
const spokenHelp: Partial<Help> = {
  styleTitle: said,
  commandDescription: (command) => said(plain.commandDescription(command)),
  subcommandDescription: (command) => said(plain.subcommandDescription(command)),
  argumentDescription: (argument) => said(plain.argumentDescription(argument)),
  optionDescription: (option) => said(plain.optionDescription(option)),
};

export function makeProgram(): Command {
  const program: Command = new Command('cloudworthy')
    .description('Reads the code and the manifests of a repository and answers, service by service: can it autoscale?')
    .version(__VERSION__, '-V, --version')
    .showSuggestionAfterError()
    .showHelpAfterError(said('Run "cloudworthy --help" for usage.'))
    .configureHelp(spokenHelp)
    .configureOutput({ writeErr: (text) => process.stderr.write(text), outputError: (text, write) => write(said(text)) })
    .addHelpText('after', () => checkHelp(program))
    .addHelpText(
      'after',
      `\n${said('Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it, 2 wrong usage or configuration, or nothing to analyse.')}`,
    );
  addCheck(program);
  addOthers(program);
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}

/** Runs one command line; returns the exit code. */
export async function runProgram(words: readonly string[]): Promise<number> {
  guardStreams();
  try {
    await speak(findLanguage(words));
    await makeProgram().parseAsync([...words], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExit;
    return failure(error);
  }
}
