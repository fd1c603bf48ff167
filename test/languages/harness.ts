import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { javascript } from '../../src/languages/javascript/index.ts';
import type { FileAccess, Program } from '../../src/languages/language.ts';

/** Files in memory as a language sees them. */
export function filesOf(contents: Readonly<Record<string, string>>): FileAccess {
  const paths = Object.keys(contents).sort();
  return {
    has: (path) => path in contents,
    under: (folder) => paths.filter((path) => folder === '' || path.startsWith(`${folder}/`)),
    text: (path) => contents[path],
    derive: (path, _kind, make) => (path in contents ? make({ path, text: contents[path]! }) : undefined),
  };
}

/** Reads a program from files in memory. */
export const readProgram = (
  contents: Readonly<Record<string, string>>,
  entries: readonly string[] = ['server.js'],
  root = '',
  files = filesOf(contents),
): Program => javascript.program({ root, packages: new Map(), entries: entries.map((path) => ({ path, because: 'test' })), files });

/** Every file below a folder, for trials on real code. */
export function folderContents(folder: string): Record<string, string> {
  const contents: Record<string, string> = {};
  const walk = (at: string): void => {
    for (const name of readdirSync(at)) {
      if (name === 'node_modules' || name === '.git') continue;
      const path = join(at, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (statSync(path).size < 1_000_000) contents[relative(folder, path)] = readFileSync(path, 'utf8');
    }
  };
  walk(folder);
  return contents;
}
