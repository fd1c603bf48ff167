/** Maps programs as commands name them to source files, and tells where absolute imports start. */
import type { Entry, FileAccess, ProgramRequest } from '../language.ts';
import { folderOf, join } from './modules.ts';

/** `shop/web.py` may be a package; `python -m shop` runs its `__main__`. */
function sourceOf(path: string, files: FileAccess, runsPackage: boolean): string | undefined {
  const stem = path.replace(/\.pyw?$/, '');
  const candidates = runsPackage
    ? [`${stem}.py`, join(stem, '__main__.py'), join(stem, '__init__.py')]
    : [path, `${stem}.py`, join(stem, '__init__.py'), join(stem, '__main__.py')];
  return candidates.find((candidate) => candidate.endsWith('.py') && files.has(candidate));
}

const isModuleRun = ({ command }: Entry): boolean => command?.words.includes('-m') === true;

export function findEntries({ entries, files, root }: ProgramRequest): readonly Entry[] {
  const found = entries
    .filter(({ path }) => /\.pyw?$/.test(path))
    .flatMap((entry) => {
      const inside = root !== '' && entry.path.startsWith(`${root}/`) ? entry.path.slice(root.length + 1) : entry.path;
      const path = sourceOf(entry.path, files, isModuleRun(entry)) ?? sourceOf(join(root, `src/${inside}`), files, isModuleRun(entry));
      return path === undefined ? [] : [{ ...entry, path }];
    });
  return found.filter((entry) => (found.find((one) => one.path === entry.path && serves(one)) ?? first(found, entry.path)) === entry);
}

/** `manage.py process_queue & manage.py runserver`: of several commands of one file, the one that serves. */
const serves = ({ command }: Entry): boolean =>
  command?.words.some((word) => word === 'runserver' || (word !== 'celery' && servers.test(lastPart(word)))) === true;
const first = (entries: readonly Entry[], path: string): Entry | undefined => entries.find((one) => one.path === path);

/** Runs the file itself, so that `__name__` is `__main__`. */
export const isScript = ({ path, command }: Entry): boolean => {
  // What servers load (PEP 3333, ASGI) is seldom run itself.
  if (!command) return !/(?:^|\/)[aw]sgi\.py$/.test(path);
  if (isModuleRun({ path, because: '', command })) return path.endsWith('__main__.py') || !command.words.some((word) => servers.test(word));
  const at = command.words.findIndex((word) => /\.pyw?$/.test(word) && path.endsWith(lastPart(word)));
  // `uwsgi --wsgi-file web.py`: the server loads the file.
  return at >= 0 && !command.words.slice(0, at).some((word) => servers.test(lastPart(word)));
};
const servers = /^(?:gunicorn|uvicorn|hypercorn|daphne|waitress(?:-serve)?|flask|fastapi|celery|uwsgi|granian)$/;
const lastPart = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/** Folders in which absolute imports are looked for, nearest first. */
export function rootsOf(entries: readonly Entry[], root: string): readonly string[] {
  const roots = new Set<string>();
  for (const entry of entries) {
    const folder = startOf(entry) ?? folderOf(entry.path);
    roots.add(folder);
    for (let above = folder; above !== root && above !== ''; ) {
      above = folderOf(above);
      roots.add(above);
    }
  }
  for (const one of [root, join(root, 'src'), ...aboveOf(root), ...aboveOf(root).map((folder) => join(folder, 'src'))]) roots.add(one);
  return [...roots];
}

/** Where the names of a module that a server loads begin: `gunicorn shop.web:app` does not look into `shop` for `logging`. */
function startOf(entry: Entry): string | undefined {
  if (!entry.command || isScript(entry)) return undefined;
  const module = entry.path.replace(/(?:\/__(?:init|main)__)?\.pyw?$/, '');
  for (const word of entry.command.words) {
    const name = word.replace(/:.*$/s, '');
    if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(name)) continue;
    const path = name.replaceAll('.', '/');
    const candidates = [path, path.slice(0, Math.max(0, path.lastIndexOf('/')))].filter((one) => one.includes('/'));
    const found = candidates.find((one) => module === one || module.endsWith(`/${one}`));
    if (found !== undefined) return module === found ? '' : module.slice(0, -found.length - 1);
  }
  return undefined;
}

function aboveOf(root: string): readonly string[] {
  const found: string[] = [];
  for (let folder = root; folder !== ''; ) {
    folder = folderOf(folder);
    found.push(folder);
  }
  return found;
}
