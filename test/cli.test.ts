/** The bundled command line, run as users run it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wantsColor } from '../src/commands/streams.ts';
import { makeFolder, makeWorkTree, shop } from './temporary-repository.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'node_modules/.cache', `cli-test-${process.pid}`);

beforeAll(() => {
  const build = spawnSync(process.execPath, ['build/build.mjs', `--outdir=${dist}`], { cwd: root, encoding: 'utf8' });
  expect(build.stderr).toBe('');
}, 120_000);
afterAll(() => rmSync(dist, { recursive: true, force: true }));

interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}
function run(words: readonly string[], { cwd, env }: RunOptions = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'cli.js'), ...words], {
    cwd: cwd ?? makeFolder(),
    env: { PATH: process.env['PATH'], HOME: makeFolder(), ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
const json = (words: readonly string[], options: RunOptions = {}) => JSON.parse(run(['-f', 'json', ...words], options).stdout);

describe('check', () => {
  it('exits 1 for findings at or above --fail-on, whatever the format', () => {
    const cwd = makeWorkTree(shop);
    for (const format of ['pretty', 'concise', 'json', 'sarif', 'github', 'markdown'])
      expect(run(['-f', format], { cwd }).status, format).toBe(1);
    expect(run(['check', '.', '--fail-on', 'never'], { cwd }).status).toBe(0);
    expect(run(['--exit-zero'], { cwd }).status).toBe(0);
    expect(run(['--rule', 'session-in-memory', '--ignore-rule', 'session-in-memory'], { cwd }).status).toBe(0);
  });

  it('writes several outputs in one run', () => {
    const cwd = makeWorkTree(shop);
    const { stdout, stderr } = run(['-f', 'concise', '-f', 'json=out/result.json', '-f', 'sarif=out.sarif'], { cwd });
    expect(stdout).toMatch(/^server\.js:4:\d+: .*session-in-memory/m);
    expect(stderr).toBe('');
    expect(JSON.parse(readFileSync(join(cwd, 'out/result.json'), 'utf8')).findings.length).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(join(cwd, 'out.sarif'), 'utf8')).version).toBe('2.1.0');
  });

  it('gives the same bytes on every run', () => {
    const cwd = makeWorkTree(shop);
    const env = { XDG_CACHE_HOME: makeFolder() };
    const outputs = [
      ['-f', 'json'],
      ['-f', 'json'],
      ['-f', 'json', '--no-cache'],
    ].map((words) => run(words, { cwd, env }).stdout);
    expect(new Set(outputs).size).toBe(1);
    expect(readdirSync(env.XDG_CACHE_HOME)).toEqual(['cloudworthy']);
  });

  it('names paths from the root of the work tree, also from a folder below', () => {
    const folder = Object.fromEntries(Object.entries(shop).map(([path, text]) => [`services/shop/${path}`, text]));
    const cwd = makeWorkTree({ ...folder, 'services/shop/src/.keep': '' });
    const places = (words: string[], at: string) =>
      json(words, { cwd: at }).findings.map((finding: { place: { path: string } }) => finding.place.path);
    const expected = places([], cwd);
    expect(expected).toContain('services/shop/server.js');
    expect(places([], join(cwd, 'services/shop'))).toEqual(expected);
    expect(places([join(cwd, 'services')], makeFolder())).toEqual(expected);
  });

  it('keeps the result apart from everything else', () => {
    const { stdout, stderr } = run(['-f', 'json'], { cwd: makeWorkTree(shop) });
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stderr).toBe('');
  });

  it('ends quietly when nobody reads on', () => {
    const command = `"${process.execPath}" "${join(dist, 'cli.js')}" -f json | head -c 1`;
    const { stderr, stdout } = spawnSync('sh', ['-c', command], { cwd: makeWorkTree(shop), encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['{', '']);
  });

  it('with --strict exits 2 when a file could not be read', () => {
    const cwd = makeWorkTree({ ...shop, 'k8s/broken.yaml': 'apiVersion: v1\nkind: Service\nmetadata: [\n' });
    expect(run([], { cwd }).status).toBe(1);
    const strict = run(['--strict'], { cwd });
    expect([strict.status, strict.stderr]).toEqual([2, 'cloudworthy: 1 part could not be read or judged (--strict).\n']);
  });
});

describe('wrong usage exits 2 and says what was meant', () => {
  it.each([
    [['--fromat', 'json'], /--format/],
    [['-f', 'jsno'], /Did you mean "json"/],
    [['-f', 'json', '-f', 'sarif'], /Only one format can go to the standard output/],
    [['--fail-on', 'fatal'], /error, warning, note, never/],
    [['--rule', 'session-in-memori'], /Did you mean "session-in-memory"/],
    [['--service', 'shpo'], /Did you mean "shop"/],
    [['explian'], /Did you mean the command "explain"/],
    [['no/such/folder'], /There is no file or folder "no\/such\/folder"/],
    [['explain', 'sesion-in-memory'], /Did you mean "session-in-memory"/],
    [['--config', 'missing.yml'], /missing\.yml:1: the file cannot be read/],
    [['completion', 'tcsh'], /bash, zsh, fish/],
  ])('%j', (words, message) => {
    const { status, stdout, stderr } = run(words, { cwd: makeWorkTree(shop) });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ at .*\.js/);
  });
  it('for a wrong configuration, with file and line', () => {
    const { status, stderr } = run([], { cwd: makeWorkTree({ ...shop, 'cloudworthy.yml': 'rules:\n  session-in-memory: loud\n' }) });
    expect([status, stderr]).toEqual([
      2,
      'cloudworthy: cloudworthy.yml:2: rules.session-in-memory: one of off, on, error, warning, note is expected\n',
    ]);
  });
  it('for an empty folder, and for one with nothing to analyse', () => {
    for (const cwd of [makeFolder(), makeFolder({ 'notes.txt': 'hello' })]) {
      const { status, stderr } = run([], { cwd });
      expect(status).toBe(2);
      expect(stderr).toContain('nothing to analyse');
    }
  });
});

describe('other commands', () => {
  it('--help and --version are quick and exit 0', () => {
    expect(run(['--help']).stdout).toContain('--min-confidence');
    expect(run(['--version']).stdout.trim()).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
  });
  it('explain shows all parts of the documentation', () => {
    const { status, stdout } = run(['explain', 'session-in-memory']);
    expect(status).toBe(0);
    for (const part of ['What\n', 'Why\n', 'What to do\n', 'Bad\n', 'Good\n', 'https://12factor.net']) expect(stdout).toContain(part);
  });
  it('rules are listed as text, JSON and Markdown', () => {
    const { rules } = JSON.parse(run(['rules', '--format', 'json']).stdout);
    expect(rules.map(({ id }: { id: string }) => id)).toContain('session-in-memory');
    const text = run(['rules']).stdout;
    expect(rules.filter(({ id }: { id: string }) => !text.includes(id))).toEqual([]);
    expect(run(['rules', '--format', 'markdown']).stdout).toContain('| `session-in-memory` | state |');
  });
  it('init writes a configuration that is valid, once', () => {
    const cwd = makeWorkTree(shop);
    expect(run(['init'], { cwd })).toMatchObject({ status: 0, stdout: 'Wrote cloudworthy.yml\n' });
    const text = readFileSync(join(cwd, 'cloudworthy.yml'), 'utf8');
    expect(text).toContain('$schema');
    expect(text).toMatch(/#\s+shop/);
    expect(text).toContain('Found: kubernetes.');
    expect(run([], { cwd }).status).toBe(1);
    writeFileSync(join(cwd, 'cloudworthy.yml'), 'failOn: never\n');
    expect(run(['init'], { cwd }).status).toBe(2);
    expect(readFileSync(join(cwd, 'cloudworthy.yml'), 'utf8')).toBe('failOn: never\n');
  });
  it('doctor tells what was found, and what is wrong', () => {
    const cwd = makeWorkTree(shop);
    const good = run(['doctor'], { cwd });
    expect(good.status).toBe(0);
    for (const part of [process.versions.node, 'git version', 'cache ', 'service shop']) expect(good.stdout).toContain(part);
    writeFileSync(join(cwd, 'cloudworthy.yml'), 'failOn: loud\n');
    expect(run(['doctor'], { cwd })).toMatchObject({ status: 2, stdout: expect.stringContaining('BAD  configuration: cloudworthy.yml:1') });
  });
  it.each(['bash', 'zsh', 'fish'])('completion for %s names commands and options', (shell) => {
    const { status, stdout } = run(['completion', shell]);
    expect(status).toBe(0);
    for (const word of ['explain', 'doctor', 'fail-on', 'certain']) expect(stdout).toContain(word);
  });
  it('the bash script completes', () => {
    writeFileSync(join(dist, 'completion.bash'), run(['completion', 'bash']).stdout);
    const script = `source ${join(dist, 'completion.bash')}; COMP_WORDS=(cloudworthy check --fail); COMP_CWORD=2; _cloudworthy; echo "\${COMPREPLY[@]}"`;
    expect(spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim()).toBe('--fail-on');
  });
});

describe('colour', () => {
  it.each([
    ['always', { NO_COLOR: '1' }, false, true],
    ['never', { FORCE_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '' }, true, true],
    ['auto', { FORCE_COLOR: '1' }, false, true],
    ['auto', { FORCE_COLOR: '0' }, true, false],
    ['auto', {}, true, true],
    ['auto', { TERM: 'dumb' }, true, false],
    ['auto', {}, false, false],
  ] as const)('%s with %j, terminal %s: %s', (flag, env, isTerminal, expected) => {
    expect(wantsColor({ flag, env, isTerminal })).toBe(expected);
  });
});

describe('new rule', () => {
  it('makes a rule with fixtures and never overwrites', () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'rules'));
    const make = (...words: string[]) =>
      spawnSync(process.execPath, [join(root, 'build/new-rule.mjs'), ...words], {
        encoding: 'utf8',
        env: { ...process.env, CLOUDWORTHY_ROOT: folder },
      });
    expect(make('rule', 'state/my-rule').status).toBe(0);
    for (const path of [
      'rules/state/my-rule.ts',
      'fixtures/rules/my-rule/bad-first/findings.txt',
      'fixtures/rules/my-rule/good-first/server.js',
    ])
      expect(existsSync(join(folder, path)), path).toBe(true);
    expect(make('rule', 'other/my-rule')).toMatchObject({ status: 2, stderr: expect.stringContaining('exists already') });
    expect(make('rule', '../x').status).toBe(2);
  });
});

describe('report', () => {
  it('writes several forms in one run, and judges what it saved again to the same bytes', () => {
    const cwd = makeWorkTree(shop);
    const { status, stdout } = run(
      ['report', '.', '-f', 'markdown', '-f', 'csv=out/items.csv', '-f', 'json=saved.json', '-f', 'html=r.html'],
      { cwd },
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^# Can it autoscale\?\n/);
    expect(readFileSync(join(cwd, 'out/items.csv'), 'utf8')).toMatch(/^order,id,wave,title/);
    expect(run(['report', '--from', 'saved.json'], { cwd }).stdout).toBe(stdout);
    expect(run(['report', '.', '--since', 'saved.json'], { cwd }).stdout).toMatch(/0 solved, 0 new, [1-9]\d* unchanged/);
    expect(run(['report'], { cwd }).stdout).toBe(stdout);
  });
  it('judges the result of a check', () => {
    const cwd = makeWorkTree(shop);
    run(['-f', 'json=result.json'], { cwd });
    expect(run(['report', '--from', 'result.json'], { cwd }).stdout).toBe(run(['report', '.'], { cwd }).stdout);
  });
  it.each([
    [['report', '-f', 'pdf'], /There is no form "pdf"/],
    [['report', '.', '--from', 'x.json'], /--from takes no folder/],
    [['report', '--from', 'missing.json'], /"missing\.json" cannot be read/],
    [['report', '--from', 'server.js'], /server\.js:1: this is no JSON/],
    [['report', '-f', 'csv', '-f', 'json'], /Only one form/],
    [['report', 'nowhere'], /There is no folder "nowhere"/],
  ])('refuses %j with exit 2', (words, message) => {
    const { status, stderr, stdout } = run(words, { cwd: makeWorkTree(shop) });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
