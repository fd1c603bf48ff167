/** A result that is given again says what a fresh run says, byte by byte, and only while nothing that it rests on has changed. */
import { chmodSync, cpSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readBaseline, readConfig } from '../src/opening.ts';
import { analyseOrRepeat } from '../src/repeat.ts';
import { reporters } from '../src/reporters/index.ts';
import { type AnalyseOptions, analyse, analyseFolder } from '../src/session.ts';
import type { Result } from '../src/types.ts';
import { makeFolder, shop, writeFiles } from './temporary-repository.ts';

const apps = join(import.meta.dirname, '../fixtures/apps');
const style = { color: false, width: 100, links: false, version: '0', verbose: true };
const printAll = (result: Result): readonly string[] => reporters.map((reporter) => reporter.render(result, style));
const nameOf = (app: { readonly name: string; isDirectory(): boolean }): string[] => (app.isDirectory() ? [app.name] : []);

type Asked = Partial<AnalyseOptions> & { readonly fixes?: boolean };
/** Whether the answer was repeated shows by the steps of the run. */
async function ask(
  root: string,
  { fixes = true, ...options }: Asked = {},
): Promise<{ readonly result: Result; readonly repeated: boolean }> {
  const steps: string[] = [];
  const onProgress = (step: string): void => void steps.push(step);
  const result = await analyseOrRepeat({ root, git: false, ...options, onProgress }, { fixes });
  return { result, repeated: !steps.includes('Judging') };
}
async function expectRepeated(root: string, options: Asked = {}): Promise<void> {
  expect((await ask(root, options)).repeated).toBe(true);
}
/** And what it says is what a run without any memory says. */
async function expectAnew(root: string, options: Asked = {}): Promise<void> {
  const { result, repeated } = await ask(root, options);
  expect(repeated).toBe(false);
  const { fixes: _, ...plain } = options;
  expect(printAll(result)).toEqual(printAll(await analyseFolder({ root, git: false, ...plain, cache: false })));
}
const cacheFile = (): string => {
  const folder = join(process.env['XDG_CACHE_HOME']!, 'cloudworthy');
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.answer'))!);
};

describe('a repeated result', () => {
  beforeEach(() => {
    vi.stubEnv('XDG_CACHE_HOME', makeFolder());
    // Stamps of files that were written a moment ago are not trusted: these were, an hour ago.
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  it.each(readdirSync(apps, { withFileTypes: true }).flatMap(nameOf))('prints %s as before in every format', async (app) => {
    const root = makeFolder();
    cpSync(join(apps, app), root, { recursive: true });
    const first = await ask(root);
    const second = await ask(root);
    expect([first.repeated, second.repeated]).toEqual([false, true]);
    expect(printAll(second.result)).toEqual(printAll(first.result));
  });

  it('is made anew when a file changed, came, went, or can no longer be read', async () => {
    const root = makeFolder({ ...shop, 'unused.txt': 'nothing' });
    await expectAnew(root);
    await expectRepeated(root);
    const changes: readonly (() => void)[] = [
      () => writeFiles(root, { 'k8s/deployment.yaml': String(shop['k8s/deployment.yaml']).replace('3', '4') }),
      () => writeFiles(root, { 'server.js': `${String(shop['server.js'])}\n` }),
      () => writeFiles(root, { 'more.txt': 'came' }),
      () => rmSync(join(root, 'unused.txt')),
      () => writeFiles(root, { 'cloudworthy.yml': 'rules:\n  session-in-memory: off\n' }),
      () => writeFiles(root, { '.env': 'REDIS_URL=redis://cache:6379\n' }),
      () => chmodSync(join(root, 'server.js'), 0),
    ];
    for (const change of changes) {
      change();
      await expectAnew(root);
      await expectRepeated(root);
    }
  });

  it('is made anew when a file has new content of the same size and time', async () => {
    const root = makeFolder(shop);
    const file = join(root, 'k8s/deployment.yaml');
    const time = new Date(Date.now() - 86_400_000);
    utimesSync(file, time, time);
    await expectAnew(root);
    await expectRepeated(root);
    await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(file, readFileSync(file, 'utf8').replace('3', '5'));
    utimesSync(file, time, time);
    await expectAnew(root);
  });

  it('is made anew when what a link leads to changed', async () => {
    const root = makeFolder({ 'package.json': shop['package.json']!, 'deploy/real.yaml': shop['k8s/deployment.yaml']!, 'server.js': '' });
    mkdirSync(join(root, 'src'));
    writeFileSync(join(root, 'src/real.js'), String(shop['server.js']));
    rmSync(join(root, 'server.js'));
    symlinkSync('src/real.js', join(root, 'server.js'));
    await expectAnew(root);
    await expectRepeated(root);
    writeFileSync(join(root, 'src/real.js'), `${String(shop['server.js'])}// more\n`);
    await expectAnew(root);
  });

  it('answers the very question', async () => {
    const root = makeFolder(shop);
    const questions: readonly Asked[] = [
      {},
      { rules: ['session-in-memory'] },
      { ignoreRules: ['session-in-memory'] },
      { minSeverity: 'error' },
      { minConfidence: 'certain' },
      { targets: ['heroku'] },
      { paths: ['k8s'] },
      { today: '2031-01-01' },
      { config: false },
      { config: { ...readConfig(root), exclude: ['k8s'] } },
    ];
    for (const question of questions) {
      await expectAnew(root, question);
      await expectRepeated(root, question);
    }
  });

  it('knows baselines, and is not for changes, buffers, or whoever wants no cache', async () => {
    const root = makeFolder({ ...shop, 'known.json': '{ "version": 1, "findings": [] }' });
    const baseline = readBaseline(root, false, join(root, 'known.json'));
    await expectAnew(root, { baseline: baseline! });
    await expectRepeated(root, { baseline: baseline! });
    await expectAnew(root, { overlay: new Map([['server.js', 'require("http").createServer().listen(1);\n']]) });
    for (const _ of [1, 2]) expect((await ask(root, { cache: false })).repeated).toBe(false);
  });

  it('of a run that made no fixes is not for whoever asks for them', async () => {
    const root = makeFolder(shop);
    await expectAnew(root, { fixes: false });
    await expectRepeated(root, { fixes: false });
    await expectAnew(root);
    const { result, repeated } = await ask(root);
    expect(repeated).toBe(true);
    const fresh = analyse({ root, git: false, cache: false });
    const titles = ({ findings, fixes }: Result) => findings.map((finding) => fixes(finding).map(({ title }) => title));
    expect(titles(fresh).flat()).not.toEqual([]);
    expect(titles(result)).toEqual(titles(fresh));
    await expectRepeated(root, { fixes: false });
  });

  it('does not come from a damaged file, or from one that another build wrote', async () => {
    const root = makeFolder(shop);
    await ask(root);
    const good = readFileSync(cacheFile(), 'utf8');
    const end = good.indexOf('\n');
    const damages = [
      '',
      '\n',
      'null\nnull',
      good.slice(0, -2),
      good.replace('session', 'sessioN'),
      good.replace(/"key":"[^"]*"/, '"key":"x"'),
      good.slice(end),
    ];
    for (const damaged of damages) {
      writeFileSync(cacheFile(), damaged);
      await expectAnew(root);
      expect(readFileSync(cacheFile(), 'utf8')).toBe(good);
    }
  });

  it('is not kept when a file may have changed under the same stamp', async () => {
    vi.useRealTimers();
    const root = makeFolder(shop);
    for (const _ of [1, 2]) expect((await ask(root)).repeated).toBe(false);
  });

  it('holds for hard links, and tells what was not assessed', async () => {
    const root = makeFolder({ ...shop, 'k8s/broken.yaml': 'apiVersion: apps/v1\nkind: Deployment\nspec: [\n  a: b: c\n' });
    linkSync(join(root, 'k8s/broken.yaml'), join(root, 'k8s/twice.yaml'));
    const first = await ask(root);
    expect(first.result.notAssessed.length).toBeGreaterThan(1);
    const second = await ask(root);
    expect(second.repeated).toBe(true);
    expect(second.result.notAssessed).toEqual(JSON.parse(JSON.stringify(first.result.notAssessed)));
  });
});
