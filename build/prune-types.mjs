/** Keeps of dist/types only what index.d.ts leads to: declarations of inner modules are no part of the package. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../dist/types');
const specifier = /(?:from|import\()\s*['"](\.[^'"]+)\.(?:ts|js)['"]/g;

function collectReachable(file, reached = new Set()) {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(specifier)) collectReachable(join(dirname(file), `${path}.d.ts`), reached);
  return reached;
}

const kept = collectReachable(join(folder, 'index.d.ts'));
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (entry.isFile() && !kept.has(file)) rmSync(file);
}
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).reverse()) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isDirectory() && readdirSync(path).length === 0) rmSync(path, { recursive: true });
}
