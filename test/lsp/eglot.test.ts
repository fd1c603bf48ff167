/** The editor door with a real client: Emacs with Eglot, in batch mode. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, makeWorkTree, shop } from '../temporary-repository.ts';

const project = join(import.meta.dirname, '../..');
const dist = join(project, 'node_modules/.cache', `eglot-test-${process.pid}`);
const script = join(import.meta.dirname, 'clients/eglot.el');
const looksForEglot = "(progn (require 'package) (package-initialize) (unless (require 'eglot nil t) (kill-emacs 1)))";
const hasEglot = spawnSync('emacs', ['--batch', '--eval', looksForEglot]).status === 0;
if (!hasEglot) console.warn('Emacs with Eglot is not here: the server is not tried with it.');

describe.skipIf(!hasEglot)('Eglot', () => {
  beforeAll(() => {
    expect(spawnSync(process.execPath, ['build/build.mjs', `--outdir=${dist}`], { cwd: project, encoding: 'utf8' }).stderr).toBe('');
  }, 120_000);
  afterAll(() => rmSync(dist, { recursive: true, force: true }));

  it('sees an unsaved manifest change the finding in the server, and a fix remove it', { timeout: 120_000 }, () => {
    const root = makeWorkTree(shop);
    const report = join(makeFolder(), 'report.txt');
    const { status, stderr } = spawnSync('emacs', ['--batch', '--load', script], {
      env: { ...process.env, ROOT: root, CLI: join(dist, 'cli.js'), NODE: process.execPath, REPORT: report, XDG_CACHE_HOME: makeFolder() },
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect(status, stderr).toBe(0);
    expect(readFileSync(report, 'utf8')).toMatch(/^an error.*\na weaker finding.*\nthe error again\nno finding\n$/);
    expect(readFileSync(join(root, 'server.js'), 'utf8')).toMatch(/connect-redis/);
    expect(readFileSync(join(root, 'package.json'), 'utf8')).toMatch(/connect-redis/);
  });
});
