import { describe, expect, it } from 'vitest';
import type { PackageManifest } from '../../src/facts.ts';
import { javascript } from '../../src/languages/javascript/index.ts';
import { filesOf } from './harness.ts';

const place = { path: 'package.json', line: 1, column: 1, endLine: 1, endColumn: 1 };
const packageAt = (root: string, scripts: Readonly<Record<string, string>>): PackageManifest => ({
  root,
  private: true,
  type: 'commonjs',
  bin: {},
  scripts: Object.fromEntries(Object.entries(scripts).map(([name, command]) => [name, { command, place }])),
  dependencies: {},
  devDependencies: {},
  workspaces: [],
  namePlace: place,
});

interface Case {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly root?: string;
  readonly above?: Readonly<Record<string, string>>;
}

/** The source files that a started program is read from. */
function sourcesOf(started: string, { scripts = {}, files, root = '', above }: Case): readonly string[] {
  const own = packageAt(root, scripts);
  const roots = new Map([[root, own], ...(above ? [['', packageAt('', above)] as const] : [])]);
  const entries = [{ path: started, because: 'test' }];
  return javascript
    .program({ root, package: own, packages: new Map(), roots, entries, files: filesOf(files) })
    .entries.map(({ path }) => path);
}

const code = 'console.log(1);\n';

describe('programs that bundlers write', () => {
  it.each<[string, string, string]>([
    ['esbuild server/boot.ts --bundle --platform=node --outfile=bundle/bundle.js', 'bundle/bundle.js', 'server/boot.ts'],
    ['esbuild --bundle server/boot.ts --outdir=pack', 'pack/boot.js', 'server/boot.ts'],
    ['esbuild api=server/boot.ts --outdir=pack', 'pack/api.js', 'server/boot.ts'],
    ['rimraf pack && npx @vercel/ncc@latest build ./server/boot.ts -o pack -m', 'pack/index.js', 'server/boot.ts'],
    ['cross-env NODE_ENV=production tsup server/boot.ts --format cjs', 'dist/boot.cjs', 'server/boot.ts'],
    ['tsup --entry.main server/boot.ts', 'dist/main.js', 'server/boot.ts'],
    ['bun build ./server/boot.ts --target=bun --outfile=api.js', 'api.js', 'server/boot.ts'],
    ['rollup server/boot.ts --file pack.cjs --format cjs', 'pack.cjs', 'server/boot.ts'],
    ['vite build --ssr server/boot.ts --outDir dist/node', 'dist/node/boot.js', 'server/boot.ts'],
    ['webpack --entry ./server/boot.ts -o pack', 'pack/main.js', 'server/boot.ts'],
    ['parcel build server/boot.ts --target node --dist-dir pack', 'pack/boot.js', 'server/boot.ts'],
    ['swc server -d pack', 'pack/boot.js', 'server/boot.ts'],
    ['swc server -d pack', 'pack/server/boot.js', 'server/boot.ts'],
    ['babel server --out-dir pack --copy-files', 'pack/boot.js', 'server/boot.ts'],
    ['tsc --outDir pack --rootDir server', 'pack/boot.js', 'server/boot.ts'],
  ])('`%s` writes %s', (build, started, source) => {
    expect(sourcesOf(started, { scripts: { build }, files: { [source]: code, 'src/index.ts': code } })).toEqual([source]);
  });

  it.each<[string, string, string, string, string]>([
    [
      'webpack',
      'webpack.config.js',
      `module.exports = { entry: './server/boot.ts', output: { path: require('path').resolve(__dirname, 'pack'), filename: 'api.js' } };`,
      'pack/api.js',
      'server/boot.ts',
    ],
    [
      'webpack -c hook/wp.js',
      'hook/wp.js',
      `const p = require('path');\nconst out = p.join(__dirname, '..', 'pack');\nmodule.exports = () => ({ entry: { api: './server/boot.ts' }, output: { path: out, filename: '[name].js' } });`,
      'pack/api.js',
      'server/boot.ts',
    ],
    [
      'rollup -c',
      'rollup.config.mjs',
      `export default { input: 'server/boot.ts', output: [{ file: 'pack/api.cjs' }] };`,
      'pack/api.cjs',
      'server/boot.ts',
    ],
    [
      'tsup',
      'tsup.config.ts',
      `import { defineConfig } from 'tsup';\nexport default defineConfig({ entry: ['server/boot.ts'], outDir: 'pack' });`,
      'pack/boot.js',
      'server/boot.ts',
    ],
    ['tsdown', 'tsdown.config.ts', `export default { entry: './server/boot.ts' };`, 'dist/boot.mjs', 'server/boot.ts'],
    [
      'unbuild',
      'build.config.ts',
      `export default defineBuildConfig({ entries: ['./server/boot'], outDir: 'pack' });`,
      'pack/boot.mjs',
      'server/boot.ts',
    ],
    [
      'vite build',
      'vite.config.ts',
      `export default defineConfig({ build: { ssr: true, outDir: 'pack', rollupOptions: { input: 'server/boot.ts' } } });`,
      'pack/boot.js',
      'server/boot.ts',
    ],
    [
      'node pack.mjs',
      'pack.mjs',
      `import * as esbuild from 'esbuild';\nawait esbuild.build({ entryPoints: ['server/boot.ts'], outfile: 'pack/api.js' });`,
      'pack/api.js',
      'server/boot.ts',
    ],
    [
      'tsc -p tsconfig.prod.json',
      'tsconfig.prod.json',
      `{ "compilerOptions": { "outDir": "pack" }, "include": ["server/**/*"] } // and more`,
      'pack/boot.js',
      'server/boot.ts',
    ],
  ])('`%s` reads %s', (build, config, text, started, source) => {
    expect(sourcesOf(started, { scripts: { build }, files: { [config]: text, [source]: code } })).toEqual([source]);
  });

  it('believes the build before the usual folders', () => {
    const files = { 'src/boot.ts': code, 'src/index.ts': code };
    expect(sourcesOf('dist/index.js', { scripts: { build: 'esbuild src/boot.ts --outfile=dist/index.js' }, files })).toEqual([
      'src/boot.ts',
    ]);
  });

  it('follows `extends` of a tsconfig.json', () => {
    const files = {
      'svc/tsconfig.json': '{ "extends": "../tsconfig.base.json", "compilerOptions": { "rootDir": "code" } }',
      'tsconfig.base.json': '{ "compilerOptions": { "outDir": "${configDir}/made" } }',
      'svc/code/boot.ts': code,
    };
    expect(sourcesOf('svc/made/boot.js', { root: 'svc', scripts: { build: 'tsc' }, files })).toEqual(['svc/code/boot.ts']);
  });
});

describe('scripts that build by themselves', () => {
  const bundler = `const esbuild = require('esbuild');\nconst settings = { entryPoint: 'src/index.ts', outdir: 'bundle' };\nesbuild.build(read(process.argv, settings));\n`;
  const files = { 'tools/bundle.js': bundler, 'svc/src/boot.ts': code, 'svc/src/index.ts': code };

  it('takes the entry that the command hands over', () => {
    const scripts = { bundle: 'node ../tools/bundle.js --entry=src/boot.ts --minify' };
    expect(sourcesOf('svc/bundle/bundle.js', { root: 'svc', scripts, files })).toEqual(['svc/src/boot.ts']);
  });

  it('takes the entry that the script names else', () => {
    expect(sourcesOf('svc/bundle/bundle.js', { root: 'svc', scripts: { bundle: 'node ../tools/bundle.js' }, files })).toEqual([
      'svc/src/index.ts',
    ]);
  });

  it('takes what is built last where one script calls the other', () => {
    const scripts = {
      model: 'node ../tools/bundle.js --entry=src/index.ts && node bundle/bundle.js > model.json',
      bundle: 'npm run model && node ../tools/bundle.js --entry=src/boot.ts',
    };
    expect(sourcesOf('svc/bundle/bundle.js', { root: 'svc', scripts, files })).toEqual(['svc/src/boot.ts']);
  });

  it('does not choose between two', () => {
    const scripts = { one: 'node ../tools/bundle.js --entry=src/index.ts', two: 'node ../tools/bundle.js --entry=src/boot.ts' };
    expect(sourcesOf('svc/bundle/bundle.js', { root: 'svc', scripts, files })).toEqual([]);
  });

  it('takes no script for a build that has nothing to do with one', () => {
    const more = { ...files, 'tools/check.js': code };
    expect(sourcesOf('svc/x.js', { root: 'svc', scripts: { check: 'node ../tools/check.js src/boot.ts' }, files: more })).toEqual([]);
  });
});

describe('projects of workspaces', () => {
  it('reads the executors of Nx', () => {
    const project = {
      targets: { build: { executor: '@nx/webpack:webpack', options: { outputPath: 'dist/back', main: 'back/src/boot.ts' } } },
    };
    const files = { 'nx.json': '{}', 'back/project.json': JSON.stringify(project), 'back/src/boot.ts': code };
    expect(sourcesOf('dist/back/main.js', { files })).toEqual(['back/src/boot.ts']);
  });

  it('reads the projects of Nest', () => {
    const cli = { sourceRoot: 'svc/api/code', projects: { api: { root: 'svc/api', entryFile: 'boot', sourceRoot: 'svc/api/code' } } };
    const files = { 'nest-cli.json': JSON.stringify(cli), 'svc/api/code/boot.ts': code };
    expect(sourcesOf('dist/svc/api/boot.js', { files })).toEqual(['svc/api/code/boot.ts']);
    expect(sourcesOf('apps/api/src/main', { files })).toEqual(['svc/api/code/boot.ts']);
  });

  it('reads builds that the package above runs', () => {
    const files = { 'svc/code/boot.ts': code };
    const above = { build: 'esbuild svc/code/boot.ts --outfile=svc/made/api.js' };
    expect(sourcesOf('svc/made/api.js', { root: 'svc', above, files })).toEqual(['svc/code/boot.ts']);
  });
});
