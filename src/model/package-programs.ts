import type { Entry } from '../languages/language.ts';
import type { Fact } from '../types.ts';
import { findNamedGoProgram } from './links/go-builds.ts';
import { hasServerDependency, isOrchestrator } from './packages.ts';
import { pathBelow } from './path-tree.ts';
import { readProcess, type Surroundings } from './process/chain.ts';
import type { Sources } from './sources.ts';

/** Scripts that start a program, those for production first. */
const startScripts = ['start:prod', 'start:production', 'prod', 'production', 'start', 'start:server', 'server', 'serve'];
/** Where programs without any script usually begin. */
const usualFiles = ['server', 'app', 'index', 'main', 'src/server', 'src/index', 'src/main', 'src/app'];
const endings = ['.js', '.ts', '.mjs', '.cjs', '.mts'];
/** Names that libraries do not give their `main`. */
const serverFile = /^(?:src\/)?(?:server|app|main)\.[cm]?[jt]s$/;

/** The repository itself as a process sees it without an image: the root is `/`. */
export const repositorySurroundings = (root: string, sources: Sources): Surroundings => ({
  sources,
  workdir: `/${root}`,
  env: new Map(),
  locate: (path) => [path.slice(1)],
  findBinary: (command, cwd) => findNamedGoProgram(command, cwd.slice(1), sources),
});

/** Programs that a package starts by its own scripts or `main`; `undefined` for libraries, client apps and roots of workspaces. */
export function findOwnPrograms(fact: Fact<'package'>, sources: Sources): readonly Entry[] | undefined {
  if (fact.value.build || fact.value.ecosystem) return sources.findPrograms(fact);
  if (isLibraryOrTool(fact, sources)) return undefined;
  const isOwn = ({ path }: Entry) =>
    sources.packageAbove(path) === fact && sources.roleOf(path === '' ? 'package.json' : path) === 'production';
  for (const name of hasServerDependency(fact) ? [...startScripts, 'dev'] : startScripts) {
    const entries = readScript(fact, name, sources).filter(isOwn);
    if (entries.length > 0) return entries;
  }
  if (!hasServerDependency(fact) || isOrchestrator(fact, sources)) return undefined;
  const started = findUnscripted(fact, sources);
  return started && isOwn(started) ? [started] : undefined;
}

/** What other packages import, and published commands, are not deployed by themselves. */
const isLibraryOrTool = ({ value }: Fact<'package'>, sources: Sources): boolean =>
  value.root !== '' && (sources.libraries.has(value.name ?? '') || (Object.keys(value.bin).length > 0 && !value.private));

function readScript({ value }: Fact<'package'>, name: string, sources: Sources): readonly Entry[] {
  const script = value.scripts[name];
  if (!script) return [];
  const { entries } = readProcess(['npm', 'run', name], 'exec', script.place, repositorySurroundings(value.root, sources));
  return entries.map(({ path, because }) => ({ path, because: `${because} (script \`${name}\`)` }));
}

/** Published libraries have a `main` too; only private packages are taken for programs. */
function findUnscripted({ value }: Fact<'package'>, sources: Sources): Entry | undefined {
  if (!value.private && value.root !== '') return undefined;
  const inRoot = (path: string) => (value.root === '' ? path : `${value.root}/${path}`);
  const main = value.main?.path.replace(/^\.\//, '');
  if (main && (value.private || serverFile.test(main)) && sources.tree.hasFile(inRoot(main)))
    return { path: inRoot(main), because: '`main` of package.json names it' };
  const files = usualFiles.flatMap((file) => endings.map((ending) => inRoot(file + ending)));
  const found = files.find((file) => sources.tree.hasFile(file) && !(main && file === inRoot(main)));
  const isServer = found !== undefined && serverFile.test(pathBelow(found, value.root));
  return found && (value.private || isServer)
    ? { path: found, because: 'it is where programs without a start script usually begin' }
    : undefined;
}
