/** What `npm pack` makes, used away from the repository, with nothing else installed: the bundle has to be whole. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const { version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string; bin: { cloudworthy: string } };
const consumer = realpathSync(mkdtempSync(join(tmpdir(), 'cloudworthy-package-')));
const installed = join(consumer, 'node_modules/cloudworthy');
const sample = join(root, 'fixtures/apps/shop');

function run(command: string, words: readonly string[], cwd = consumer) {
  const env = { ...process.env, XDG_CACHE_HOME: join(consumer, 'cache'), NO_COLOR: '1', FORCE_COLOR: undefined };
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

beforeAll(() => {
  const made = run('npm', ['run', 'build'], root);
  expect(made.status, made.stdout + made.stderr).toBe(0);
  const pack = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', consumer], root);
  expect(pack.status, pack.stderr).toBe(0);
  packed = JSON.parse(pack.stdout)[0];
  mkdirSync(join(consumer, 'node_modules'));
  expect(run('tar', ['-xzf', packed.filename]).status).toBe(0);
  renameSync(join(consumer, 'package'), installed);
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
}, 300_000);
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

describe('the package', () => {
  it('holds what runs, its types, schemas and licences, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    const unexpected = paths.filter(
      (path) => !/^(?:package\.json|README\.md|LICENSE|schemas\/.*\.json|dist\/.*\.(?:js|d\.ts|txt)|dist\/grammars\/.*\.wasm)$/.test(path),
    );
    expect(unexpected).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'dist/third-party-licences.txt', 'dist/types/index.d.ts']));
  });

  it('is small', () => {
    expect(packed.size).toBeLessThan(3_000_000);
  });

  it('names every bundled package with its licence', () => {
    const licences = readFileSync(join(installed, 'dist/third-party-licences.txt'), 'utf8');
    expect(licences).toMatch(/^yaml \d+\.\d+\.\d+ \(ISC\)$/m);
    // saxes names its licence (ISC) in package.json and ships no text of it.
    expect(licences.match(/^.*holds no licence text.*$/gm) ?? []).toEqual(['Its package holds no licence text; it names ISC.']);
  });
});

describe('its command', () => {
  const cli = join(installed, bin.cloudworthy);

  it('can be started as it lies there', () => {
    expect(statSync(cli).mode & 0o111).not.toBe(0);
    expect(run(cli, ['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('judges the sample', () => {
    const { status, stdout, stderr } = run(cli, ['check', sample, '--format', 'json']);
    expect(stderr).toBe('');
    expect(status).toBe(1);
    const { services, findings } = JSON.parse(stdout);
    expect(services.map(({ name, verdict }: { name: string; verdict: string }) => `${name} ${verdict}`)).toContain('web blocked');
    expect(findings.map(({ rule }: { rule: string }) => rule)).toContain('session-in-memory');
  });
});

describe('its library', () => {
  const program = `import { analyse, listRules, reporters, type Finding, type Result } from 'cloudworthy';
const result: Result = analyse({ root: process.argv[2] ?? '.', cache: false });
const errors: readonly Finding[] = result.findings.filter(({ level }) => level === 'error');
const concise = reporters.find(({ id }) => id === 'concise');
const text: string = concise?.render(result, { color: false, width: 80, links: false, version: '', verbose: false }) ?? '';
console.log(JSON.stringify({ errors: errors.length, rules: listRules().length, lines: text.split('\\n').length }));
`;

  it('has types that a strict consumer can use, and refuse what is wrong', () => {
    writeFileSync(
      join(consumer, 'use.ts'),
      `declare const process: { argv: string[] };\ndeclare const console: { log(text: string): void };\n${program}`,
    );
    writeFileSync(join(consumer, 'misuse.ts'), "import { analyse } from 'cloudworthy';\nanalyse({ folder: '.' });\n");
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck', 'false'];
    const compile = (file: string) =>
      run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, '--outDir', 'out', file]);
    expect(compile('use.ts')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(compile('misuse.ts').stdout).toMatch(/^misuse\.ts\(2,11\): error TS2353/);
  });

  it('analyses', () => {
    const { status, stdout, stderr } = run(process.execPath, ['out/use.js', sample]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { errors, rules, lines } = JSON.parse(stdout);
    expect(errors).toBeGreaterThanOrEqual(5);
    expect(rules).toBeGreaterThan(30);
    expect(lines).toBeGreaterThan(errors);
  });

  it('lends its schemas to others by name', () => {
    const read = "console.log(require('cloudworthy/schemas/config.schema.json').title)";
    expect(run(process.execPath, ['--input-type=commonjs', '-e', read]).stdout).toBe('cloudworthy configuration\n');
  });
});
