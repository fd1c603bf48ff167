/**
 * How fast cloudworthy is beside a process that only reads, and beside ESLint: `npm run build && npm run bench -- [options] PATH…`
 * `--rounds=N` (5), `--eslint-rounds=N` (1; 0 leaves ESLint out), `--cli=FILE`. PATH is a checkout of any git repository.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compare, medianRatio, medianSeconds, peakMemory, runOnce } from './measure.mjs';

const here = import.meta.dirname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    'eslint-rounds': { type: 'string', default: '1' },
    cli: { type: 'string', default: join(here, '../dist/cli.js') },
  },
});
const rounds = Number(values.rounds);
const eslintRounds = Number(values['eslint-rounds']);
const cli = resolve(values.cli);
const eslint = join(here, 'node_modules/eslint/bin/eslint.js');

const inSeconds = (seconds) => `${seconds.toFixed(2)} s`;
const inMebibytes = (mebibytes) => `${Math.round(mebibytes)} MB`;
const times = (ratio) => `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)}×`;
const printRow = (...cells) => console.log(`| ${cells.join(' | ')} |`);

function installEslint() {
  if (!existsSync(eslint)) execFileSync('npm', ['--prefix', here, 'ci', '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2] });
}

function compareStart() {
  const programs = {
    node: { words: ['-e', '0'], memory: false },
    help: { words: [cli, '--help'], memory: false },
  };
  const { node, help } = compare(programs, Math.max(rounds, 15));
  console.log(
    `\`--help\`: ${inSeconds(medianSeconds(help))}, bare Node: ${inSeconds(medianSeconds(node))}, ratio ${times(medianRatio(help, node))}`,
  );
}

const check = (root, cache, ...words) => ({
  words: [cli, 'check', root, '--format', 'concise', '--exit-zero', '--quiet', ...words],
  env: { XDG_CACHE_HOME: cache },
  // 2: nothing to analyse is a result as well.
  isGood: (status) => status === 0 || status === 2,
});

/** Without the answer of the run before, as after an edit: every part is judged again from what is kept of files and programs. */
function checkAnew(root, cache) {
  const folder = join(cache, 'cloudworthy');
  const forget = () => {
    for (const name of readdirSync(folder)) if (name.endsWith('.answer')) rmSync(join(folder, name));
  };
  return { ...check(root, cache), before: forget };
}

function lint(root) {
  const options = [
    '--no-config-lookup',
    '--config',
    join(here, 'eslint.config.mjs'),
    '--no-inline-config',
    '--no-error-on-unmatched-pattern',
  ];
  const { seconds, mebibytes, stdout } = runOnce({
    words: ['--max-old-space-size=8192', eslint, ...options, '--format', join(here, 'count-messages.mjs'), '.'],
    cwd: root,
    isGood: (status) => status === 0 || status === 1,
  });
  console.error(`ESLint on ${basename(root)}: ${stdout.trim()}`);
  return { seconds, mebibytes };
}

function compareTree(path) {
  const root = resolve(path);
  const [cache, other] = ['a', 'b'].map((name) => mkdtempSync(join(tmpdir(), `cloudworthy-bench-${name}-`)));
  try {
    const reading = { words: [join(here, 'read-tree.mjs'), root] };
    const { files, bytes } = JSON.parse(runOnce(reading).stdout);
    // Stamps of files that were written a moment ago are not trusted: the second run settles them.
    for (const folder of [cache, other]) for (const _ of [1, 2]) runOnce(check(root, folder));
    const programs = {
      read: reading,
      cold: check(root, cache, '--no-cache'),
      anew: checkAnew(root, other),
      warm: check(root, cache),
    };
    const { read, cold, anew, warm } = compare(programs, rounds);
    const size = `${files.toLocaleString('en')} files, ${Math.round(bytes / 1e6)} MB`;
    const row = [basename(root), size, inSeconds(medianSeconds(read))];
    for (const runs of [cold, anew, warm])
      row.push(`${inSeconds(medianSeconds(runs))} (${times(medianRatio(runs, read))})`, inMebibytes(peakMemory(runs)));
    const lints = Array.from({ length: eslintRounds }, () => lint(root));
    const linted = lints.length
      ? [inSeconds(medianSeconds(lints)), times(medianSeconds(lints) / medianSeconds(cold)), inMebibytes(peakMemory(lints))]
      : ['–', '–', '–'];
    printRow(...row, ...linted);
  } finally {
    for (const folder of [cache, other]) rmSync(folder, { recursive: true, force: true });
  }
}

if (!positionals.length) throw new Error('Name at least one checkout.');
if (eslintRounds) installEslint();
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, medians of ${rounds} rounds\n`);
compareStart();
console.log();
printRow('tree', 'size', 'only reading', 'cold', 'memory', 'judged anew', 'memory', 'warm', 'memory', 'ESLint', 'ESLint ÷ cold', 'memory');
printRow('---', '---', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:');
for (const path of positionals) compareTree(path);
