/**
 * Do findings keep their identity over the history of real repositories while the code that they concern does not change?
 *
 *   node bench/fingerprint-stability.mjs [--commits 80] [--distance 1,20] [--dist DIR] REPOSITORY...
 *
 * The newest commits that touch code or manifests are taken. Each repository is cloned (objects are shared, nothing is written to it) into a temporary folder, where one commit after the
 * other is checked out and analysed by the library in `dist/`. For each pair of commits, a finding counts when no line of its
 * place was changed between them and it is still there: a finding of the same rule stands on the moved line, or one with the
 * same subject elsewhere. It has kept its identity when its fingerprint is still found, and it is known again when the matching
 * of baselines recognises it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    commits: { type: 'string', default: '80' },
    distance: { type: 'string', default: '1,20' },
    dist: { type: 'string', default: join(import.meta.dirname, '../dist') },
    verbose: { type: 'boolean', default: false },
  },
});
const work = mkdtempSync(join(tmpdir(), 'cloudworthy-stability-'));
process.env.XDG_CACHE_HOME = join(work, 'cache');
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const { analyse, printBaseline, pruneBaseline, readBaseline } = await import(pathToFileURL(resolve(values.dist, 'index.js')).href);

const git = (cwd, ...words) =>
  execFileSync('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false', ...words], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });

/** Large pictures and archives may be absent from a mirror, and hold no findings. */
const media = 'png jpg jpeg gif svg ico webp pdf mp3 mp4 mov zip gz woff woff2 ttf eot otf wasm jar onnx bin bcmap'.split(' ');
const withoutMedia = ['--', '.', ...media.map((extension) => `:(exclude,icase)*.${extension}`)];

/** A commit that changes none of these cannot change a finding. */
const relevant = ['*.js', '*.mjs', '*.cjs', '*.ts', '*.tsx', '*.json', '*.yml', '*.yaml', '*Dockerfile*', '*.env*', '*.sh', '*Procfile'];

/** For each changed file of the earlier commit: its later path, and its hunks as [line, removed, line later, added]. */
function readDiff(clone, before, after) {
  const files = new Map();
  let from;
  for (const line of git(clone, 'diff', '-M', '-U0', '--no-color', '--no-ext-diff', '--no-textconv', before, after, ...withoutMedia).split(
    '\n',
  )) {
    if (line.startsWith('diff --git ')) {
      const [, old, now] = / a\/(.*) b\/(.*)$/.exec(line) ?? [];
      from = old;
      files.set(old, { path: now, hunks: [] });
    } else if (line === '+++ /dev/null') files.get(from).path = undefined;
    else if (line.startsWith('@@ ')) {
      const [, start, removed = '1', now, added = '1'] = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
      files.get(from).hunks.push([start, removed, now, added].map(Number));
    }
  }
  return files;
}

/** Where an unchanged line stands later; `undefined`: it was changed. */
function moveLine(diff, { path, line }) {
  const file = diff.get(path);
  if (!file) return { path, line };
  if (!file.path) return undefined;
  let shift = 0;
  for (const [start, removed, , added] of file.hunks) {
    if (removed && line >= start && line < start + removed) return undefined;
    if (removed ? line >= start + removed : line > start) shift += added - removed;
  }
  return { path: file.path, line: line + shift };
}

function comparePair(clone, earlier, later) {
  const diff = readDiff(clone, earlier.commit, later.commit);
  const prints = new Set(later.findings.map(({ fingerprint }) => fingerprint));
  const before = new Set(earlier.findings.map(({ fingerprint }) => fingerprint));
  const fresh = later.findings.filter(({ fingerprint }) => !before.has(fingerprint));
  const count = { unchanged: 0, kept: 0, edited: 0, gone: 0, lost: [] };
  for (const finding of earlier.findings) {
    const place = moveLine(diff, finding.place);
    if (prints.has(finding.fingerprint)) {
      if (place) count.unchanged++;
      if (place) count.kept++;
      else count.edited++;
      continue;
    }
    const again = fresh.find(
      ({ rule, subject, place: now }) =>
        rule === finding.rule && ((place && now.path === place.path && now.line === place.line) || subject === finding.subject),
    );
    if (!place) count.edited++;
    else if (!again) count.gone++;
    else {
      count.unchanged++;
      count.lost.push({ finding, again });
    }
  }
  return { ...count, known: count.kept + countKnown(earlier, later, count.lost) };
}

/** How many of the lost ones the matching of baselines still recognises. */
function countKnown(earlier, later, lost) {
  if (!lost.length) return 0;
  const file = join(work, 'baseline.json');
  writeFileSync(file, printBaseline(lost.map(({ finding }) => finding)));
  const baseline = readBaseline(work, false, file);
  const taken = new Set(earlier.findings.map(({ fingerprint }) => fingerprint));
  const rest = later.findings.filter(({ fingerprint }) => !taken.has(fingerprint));
  return lost.length - pruneBaseline(baseline, rest).removed;
}

function analyseCommits(repository) {
  const clone = join(work, basename(repository));
  git(work, 'clone', '-q', '--shared', '--no-checkout', resolve(repository), clone);
  git(clone, 'config', 'core.sparseCheckout', 'true');
  writeFileSync(join(clone, '.git/info/sparse-checkout'), ['/*', ...media.map((extension) => `!*.${extension}`), ''].join('\n'));
  const commits = git(clone, 'log', '--first-parent', '--format=%H', `-n${Number(values.commits) + 1}`, '--', ...relevant)
    .split('\n')
    .filter(Boolean);
  const versions = commits.reverse().map((commit, index) => {
    git(clone, 'checkout', '-q', '--force', '--detach', commit);
    if (index % 10 === 0) process.stderr.write(`${basename(repository)} ${index}/${commits.length}\n`);
    return { commit, findings: analyse({ root: clone }).findings };
  });
  return { clone, versions };
}

const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(2)} %` : '–');
const rows = [];
for (const repository of positionals) {
  const { clone, versions } = analyseCommits(repository);
  for (const distance of values.distance.split(',').map(Number)) {
    const sum = { unchanged: 0, kept: 0, edited: 0, gone: 0, known: 0 };
    for (let index = distance; index < versions.length; index++) {
      const pair = comparePair(clone, versions[index - distance], versions[index]);
      for (const key of Object.keys(sum)) sum[key] += pair[key];
      if (values.verbose)
        for (const { finding, again } of pair.lost)
          process.stderr.write(
            `lost ${versions[index].commit.slice(0, 9)} ${finding.rule} [${finding.service}] ${finding.subject} ${finding.place.path}:${finding.place.line} → [${again.service}] ${again.subject} ${again.place.path}:${again.place.line}\n`,
          );
    }
    rows.push({ name: basename(repository).replace('+', '/'), distance, pairs: Math.max(0, versions.length - distance), ...sum });
  }
  rmSync(clone, { recursive: true, force: true });
}

const distances = [...new Set(rows.map(({ distance }) => distance))];
for (const distance of distances) {
  const own = rows.filter((row) => row.distance === distance);
  const total = own.reduce(
    (sum, row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? (sum[key] ?? 0) + value : value])),
    {},
  );
  const print = ({ name, pairs, unchanged, kept, known, edited, gone }) =>
    `| ${name} | ${pairs} | ${unchanged} | ${kept} | ${percent(kept, unchanged)} | ${percent(known, unchanged)} | ${edited} | ${gone} |`;
  console.log(`Commits that lie ${distance} apart:\n`);
  console.log(
    '| repository | pairs of commits | findings whose code did not change | same fingerprint | share | known again by a baseline | code changed | solved elsewhere |',
  );
  console.log('| --- | --: | --: | --: | --: | --: | --: | --: |');
  for (const row of own) console.log(print(row));
  console.log(`${print({ ...total, name: '**all**' })}\n`);
}
