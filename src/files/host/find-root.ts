/** Where a repository begins. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export interface Target {
  /** Real path of the folder that is analysed: the work tree's top where there is one. */
  readonly root: string;
  /** What was asked for, relative to it, with `/`; empty: all of it. */
  readonly paths: readonly string[];
}

/** The nearest folder around `folder` that holds `.git`. */
function findWorkTree(folder: string): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, '.git'))) return current;
    if (dirname(current) === current) return undefined;
  }
}

export const pathExists = (path: string): boolean => existsSync(path);
const isFolder = (path: string): boolean => statSync(path).isDirectory();

function commonFolder(paths: readonly string[]): string {
  let common = isFolder(paths[0]!) ? paths[0]! : dirname(paths[0]!);
  for (const path of paths)
    while (path !== common && !path.startsWith(common.endsWith(sep) ? common : common + sep)) common = dirname(common);
  return common;
}

/** Paths must exist. Throws when they lie in different repositories. */
export function findTarget(given: readonly string[]): Target {
  const paths = given.map((path) => realpathSync(path));
  const trees = new Set(paths.map((path) => findWorkTree(isFolder(path) ? path : dirname(path))));
  if (trees.size > 1) throw Object.assign(new Error('The paths lie in different repositories: analyse one at a time.'), { code: 'EXDEV' });
  const root = [...trees][0] ?? commonFolder(paths);
  const relatives = paths.map((path) => relative(root, path).split(sep).join('/'));
  return { root, paths: relatives.includes('') ? [] : relatives };
}
