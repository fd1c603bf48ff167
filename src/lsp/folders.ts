/** The open repositories, and which of them a file belongs to. */
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { findTarget, pathExists } from '../files/host/find-root.ts';
import { Folder, type Host } from './folder.ts';
import { pathBelow, toFile, toUri } from './uris.ts';

export interface Located {
  readonly folder: Folder;
  readonly path: string;
}
interface Opened {
  readonly folder: Folder;
  /** The root as the client names it: links are not resolved. */
  readonly shown: string;
  /** URIs of the workspace folders that lie in it. */
  readonly uris: Set<string>;
}

/** Folders that hold more than one project: nobody wants them read because a file in them was opened. */
const isTooWide = (folder: string): boolean => folder === homedir() || folder === dirname(folder);

export class OpenFolders {
  readonly #host: Host;
  #opened: Opened[] = [];
  /** What clients call files, where it differs from what we would. */
  readonly #names = new Map<string, string>();

  constructor(host: Host) {
    this.#host = host;
  }

  byRoot(root: string): Folder | undefined {
    return this.#opened.find(({ folder }) => folder.root === root)?.folder;
  }

  /** A workspace folder; `undefined` when it is no folder of the disk. */
  add(uri: string): Folder | undefined {
    const file = toFile(uri);
    if (file === undefined || !pathExists(file)) return undefined;
    const { root, paths } = findTarget([file]);
    const known = this.#opened.find(({ folder }) => folder.root === root);
    if (known && (known.folder.covers(paths) || known.uris.has(uri))) {
      known.uris.add(uri);
      return known.folder;
    }
    const both = known ? [...known.folder.bases, ...paths] : paths;
    const folder = new Folder(root, both, this.#host);
    if (known) {
      known.folder.close();
      this.#opened = this.#opened.filter((one) => one !== known);
    }
    this.#opened.push({ folder, shown: shownRoot(file, root, paths[0]), uris: new Set([...(known?.uris ?? []), uri]) });
    this.#opened.sort((a, b) => b.folder.root.length - a.folder.root.length);
    return folder;
  }

  /** A file that lies in no workspace folder: its own repository is opened. */
  adopt(uri: string): Located | undefined {
    const file = toFile(uri);
    const folder = file === undefined ? undefined : dirname(file);
    if (folder === undefined || !pathExists(folder) || isTooWide(findTarget([folder]).root)) return undefined;
    const root = findTarget([folder]).root;
    this.add(toUri(root, ''));
    return this.locate(uri);
  }

  /** Folders that no workspace folder needs any more. */
  remove(uri: string): readonly Folder[] {
    for (const { uris } of this.#opened) uris.delete(uri);
    const gone = this.#opened.filter(({ uris }) => uris.size === 0);
    this.#opened = this.#opened.filter(({ uris }) => uris.size > 0);
    return gone.map(({ folder }) => folder);
  }

  locate(uri: string): Located | undefined {
    const file = toFile(uri);
    if (file === undefined) return undefined;
    for (const { folder, shown } of this.#opened) {
      const path = pathBelow(shown, file) ?? pathBelow(folder.root, file);
      if (path === undefined || /(?:^|\/)(?:node_modules|\.git)\//.test(path)) continue;
      this.#remember(folder.root, path, uri, shown);
      return { folder, path };
    }
    return undefined;
  }

  #remember(root: string, path: string, uri: string, shown: string): void {
    const key = `${root}\0${path}`;
    if (toUri(shown, path) !== uri) this.#names.set(key, uri);
  }

  /** The name that the client uses for an open file, else the usual one. */
  uriOf(root: string, path: string, isOpen: (uri: string) => boolean): string {
    const named = this.#names.get(`${root}\0${path}`);
    if (named !== undefined && isOpen(named)) return named;
    return toUri(this.#opened.find(({ folder }) => folder.root === root)?.shown ?? root, path);
  }
}

/** `/link/project` stays that, although the folder's real path is another. */
function shownRoot(file: string, root: string, below: string | undefined): string {
  const given = file.replace(/\/+$/, '');
  if (below === undefined) return given;
  return given.endsWith(`/${below}`) ? given.slice(0, -below.length - 1) : root;
}
