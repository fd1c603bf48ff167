/** The least that any analysis costs: list a tree with git and read every file. `node read-tree.mjs PATH` */
import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = process.argv[2];
const paths = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
}).split('\0');
let files = 0;
let bytes = 0;
for (const path of paths) {
  const file = join(root, path);
  if (path === '' || !lstatSync(file, { throwIfNoEntry: false })?.isFile()) continue;
  bytes += readFileSync(file).length;
  files++;
}
console.log(JSON.stringify({ files, bytes }));
