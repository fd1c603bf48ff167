import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listByGit, startListing } from '../../src/files/host/git-list.ts';

let root = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'cloudworthy-test-')));
  execFileSync('git', ['init', '-q'], { cwd: root });
  writeFileSync(join(root, 'first.txt'), '');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a listing that is started ahead', () => {
  it('is taken once; the next one looks again', async () => {
    await startListing([join(root, 'first.txt')]);
    writeFileSync(join(root, 'second.txt'), '');
    expect(listByGit(root)?.paths).toEqual(['first.txt']);
    expect(listByGit(root)?.paths).toEqual(['first.txt', 'second.txt']);
  });
  it('leaves what is wrong with the paths to others', async () => {
    await expect(startListing([join(root, 'nowhere')])).resolves.toBeUndefined();
    await expect(startListing([tmpdir()])).resolves.toBeUndefined();
  });
  it('knows nothing where git refuses', async () => {
    const plain = realpathSync(mkdtempSync(join(tmpdir(), 'cloudworthy-test-')));
    await startListing([plain]);
    expect(listByGit(plain)).toBeUndefined();
    rmSync(plain, { recursive: true });
  });
});
