import type { Container } from '../../facts.ts';
import type { Fact, Place } from '../../types.ts';
import { absolute } from '../image-files.ts';
import { findOwnPrograms } from '../package-programs.ts';
import { folderOf, isWithin, joinPath, lastSegment, pathBelow } from '../path-tree.ts';
import { readProcess } from '../process/chain.ts';
import type { Surroundings } from '../process/reading.ts';
import type { Sources } from '../sources.ts';

interface HostSource {
  readonly package: Fact<'package'>;
  readonly surroundings?: Surroundings;
  readonly place: Place;
}

const kinds = new Set(['systemd unit', 'systemd template']);
/** Folders that a build fills: what lies in them is not in the repository. */
const built = /^(?:dist|build|out|output|lib|compiled)\//;

/**
 * Units of systemd name a program by its path on a host (`/opt/shop/api/dist/main.js`). The end of that path tells which package
 * it is: nothing is joined unless the program, or what it is built from, is found there.
 */
export function findHostSource(workload: Fact<'workload'>, container: Container, sources: Sources): HostSource | undefined {
  const { command, workingDir } = container;
  if (!kinds.has(workload.value.kind) || !command?.known) return undefined;
  const archive = command.value.find((word) => word.endsWith('.jar'));
  if (archive !== undefined) return findArchive(archive, command.place, sources);
  const workdir = workingDir?.known ? workingDir.value : undefined;
  const written = command.value.slice(0, 20).find((word, index) => index > 0 && /\.[cm]?[jt]s$/.test(word)) ?? command.value[0]!;
  const program = absolute(written, workdir ?? '/');
  for (const { hostFolder, home } of bases(workdir, program, workload.place.path, sources)) {
    const surroundings: Surroundings = {
      sources,
      workdir: workdir ?? hostFolder,
      env: new Map(),
      locate: (path) =>
        isWithin(path.slice(1), hostFolder.slice(1)) ? [joinPath(home, pathBelow(path.slice(1), hostFolder.slice(1)))!] : [],
    };
    const found = packageOf(command.value, command.place, surroundings);
    if (found) return { package: found, surroundings, place: command.place };
  }
  return undefined;
}

/** The package of what the command starts, where that is really there. */
function packageOf(words: readonly string[], place: Place, around: Surroundings): Fact<'package'> | undefined {
  const { sources } = around;
  const { entries, client } = readProcess(words, 'exec', place, around);
  const isThere = (path: string): boolean => {
    const home = sources.packageAbove(path);
    return home !== undefined && (sources.tree.hasFile(path) || built.test(pathBelow(path, home.value.root)));
  };
  const [entry] = entries.filter(({ path }) => isThere(path));
  return client || !entry ? undefined : sources.packageAbove(entry.path);
}

interface Base {
  readonly hostFolder: string;
  /** The folder of the repository that it is. */
  readonly home: string;
}

/** What a folder of the host may be, best first: the package that its path ends with, the one that holds the unit, the root. */
function bases(workdir: string | undefined, program: string, unit: string, sources: Sources): readonly Base[] {
  const near = sources.packageAbove(folderOf(unit))?.value.root;
  const folders = workdir === undefined ? foldersAbove(program) : [workdir];
  return folders.flatMap((hostFolder) => {
    const named = tailsOf(hostFolder).filter((tail) => sources.packages.has(tail));
    const homes = [...named, ...(near === undefined ? [] : [near]), ''];
    return [...new Set(homes)].map((home) => ({ hostFolder, home }));
  });
}

function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== '' && folders.length < 12; folder = folderOf(folder)) folders.push(folder);
  return folders;
}

/** `/opt/shop/api` ends with `opt/shop/api`, `shop/api` and `api`. */
function tailsOf(path: string): readonly string[] {
  const segments = path.split('/').filter(Boolean).slice(-12);
  return segments.map((_, index) => segments.slice(index).join('/'));
}

/** The module whose jar has that name, or the only one that holds a program. */
function findArchive(path: string, place: Place, sources: Sources): HostSource | undefined {
  const name = lastSegment(path).replace(/\.jar$/, '');
  const programs = [...sources.packages.values()].filter((fact) => fact.value.build && (findOwnPrograms(fact, sources)?.length ?? 0) > 0);
  const called = ({ value }: Fact<'package'>) => [value.name, lastSegment(value.root)].filter(Boolean) as string[];
  const matching = programs.filter((fact) => called(fact).some((own) => name === own || name.replace(/-[\d%*$].*$/, '') === own));
  const found = matching.length === 1 ? matching[0] : programs.length === 1 ? programs[0] : undefined;
  return found && { package: found, place };
}
