/**
 * The VS Code extension, from the root: its packages have their own lock file, and are installed when they are missing or old.
 * `--check` checks its types, `--install` stops after the packages, `--package` makes editors/vscode/cloudworthy.vsix; only that needs the packager.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'editors/vscode');
const wantsPackage = process.argv.includes('--package');

function run(command, words, cwd = folder) {
  // npm is a script of the shell on Windows; no word comes from outside.
  const { status } = spawnSync(command, words, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

function isInstalled(name) {
  const installed = join(folder, 'node_modules', name, 'package.json');
  if (!existsSync(installed)) return false;
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  return packages[`node_modules/${name}`].version === JSON.parse(readFileSync(installed, 'utf8')).version;
}

const needed = ['@types/vscode', 'vscode-languageclient', ...(wantsPackage ? ['@vscode/vsce'] : [])];
if (!needed.every(isInstalled)) {
  run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', ...(wantsPackage ? [] : ['--omit=optional'])]);
}
if (wantsPackage) {
  run('npm', ['run', 'package']);
  const file = join(folder, 'cloudworthy.vsix');
  console.log(`editors/vscode/cloudworthy.vsix: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
} else if (!process.argv.includes('--install'))
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', folder]);
