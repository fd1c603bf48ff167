/** Folders and files of the repository, to ask for existence without touching the disk. Paths have `/` and no leading slash. */
export interface PathTree {
  hasFile(path: string): boolean;
  hasFolder(path: string): boolean;
  readonly files: readonly string[];
}

export function buildPathTree(files: readonly string[]): PathTree {
  const known = new Set(files);
  const folders = new Set<string>(['']);
  for (const file of files) {
    let folder = folderOf(file);
    while (folder && !folders.has(folder)) {
      folders.add(folder);
      folder = folderOf(folder);
    }
  }
  return { hasFile: (path) => known.has(path), hasFolder: (path) => folders.has(path), files };
}

/** The folder that holds a path; `''` is the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Joins and resolves `.` and `..`; `undefined` when the result leaves the root. */
export function joinPath(folder: string, path: string): string | undefined {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** True when `path` is `folder` or below it. */
export const isWithin = (path: string, folder: string): boolean => folder === '' || path === folder || path.startsWith(`${folder}/`);

/** What of `path` lies below `folder`; `''` when they are the same. */
export const pathBelow = (path: string, folder: string): string =>
  folder === '' ? path : path === folder ? '' : path.slice(folder.length + 1);
