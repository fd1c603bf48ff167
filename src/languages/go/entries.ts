/** Maps programs as commands name them to the folder of a `package main`. */
import { isGoMain } from '../../text/go-programs.ts';
import type { Entry, ProgramRequest } from '../language.ts';
import { folderOf, type Workspace } from './workspace.ts';

export function findEntries({ entries }: ProgramRequest, workspace: Workspace): readonly Entry[] {
  const found = entries.flatMap((entry) => {
    const folder = entry.path.endsWith('.go') ? folderOf(entry.path) : entry.path;
    const path = mainFile(folder, workspace);
    return path === undefined ? [] : [{ ...entry, path }];
  });
  return found.filter((entry, index) => found.findIndex(({ path }) => path === entry.path) === index);
}

/** The file of a folder that holds `func main`. */
export function mainFile(folder: string, workspace: Workspace): string | undefined {
  const files = workspace.filesIn(folder);
  return files.find((path) => isGoMain(workspace.text(path)));
}
