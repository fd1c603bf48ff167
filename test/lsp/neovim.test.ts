/** The editor door with a real client: Neovim, headless, as Debian packs it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, makeWorkTree, shop } from '../temporary-repository.ts';

const project = join(import.meta.dirname, '../..');
const dist = join(project, 'node_modules/.cache', `neovim-test-${process.pid}`);
const script = join(import.meta.dirname, 'clients/neovim.lua');
const hasNeovim = spawnSync('nvim', ['--version']).status === 0;
if (!hasNeovim) console.warn('Neovim is not here: the server is not tried with it.');

interface Step {
  readonly step: string;
  readonly value: unknown;
}

describe.skipIf(!hasNeovim)('Neovim', () => {
  beforeAll(() => {
    expect(spawnSync(process.execPath, ['build/build.mjs', `--outdir=${dist}`], { cwd: project, encoding: 'utf8' }).stderr).toBe('');
  }, 120_000);
  afterAll(() => rmSync(dist, { recursive: true, force: true }));

  it('sees an unsaved manifest change the finding in the server, and a fix remove it', { timeout: 120_000 }, () => {
    const root = makeWorkTree(shop);
    const report = join(makeFolder(), 'report.jsonl');
    const { status, stderr } = spawnSync('nvim', ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-c', `luafile ${script}`], {
      env: {
        ...process.env,
        ROOT: root,
        CLI: join(dist, 'cli.js'),
        NODE: process.execPath,
        REPORT: report,
        ACTION: 'Redis',
        XDG_CACHE_HOME: makeFolder(),
        XDG_STATE_HOME: makeFolder(),
        XDG_CONFIG_HOME: makeFolder(),
      },
      encoding: 'utf8',
      timeout: 100_000,
    });
    const steps = existsSync(report)
      ? readFileSync(report, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Step)
      : [];
    const of = (step: string) => steps.find((one) => one.step === step)?.value;
    expect(status, `${stderr}\n${JSON.stringify(steps)}`).toBe(0);
    expect(of('opened')).toMatchObject({ line: 4 });
    expect(of('one replica, not saved')).toMatchObject({ modified: true });
    expect(of('fixed')).toBeDefined();
    expect(readFileSync(join(root, 'k8s/deployment.yaml'), 'utf8')).toContain('replicas: 3');
    expect(readFileSync(join(root, 'server.js'), 'utf8')).toMatch(/connect-redis/);
    expect(readFileSync(join(root, 'package.json'), 'utf8')).toMatch(/connect-redis/);
  });
});
