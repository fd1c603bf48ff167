/** The action, bundled from the sources as they are. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
let folder: string | undefined;

/** Made once for each process, away from every installed package. */
export function makeBundle(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), 'cloudworthy-action-'));
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(root, 'build/build-action.mjs'), `--outdir=${made}`], { cwd: root, stdio: 'inherit' });
  folder = made;
  return made;
}
