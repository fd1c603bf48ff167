import type { Entry } from '../languages/language.ts';
import type { Fact } from '../types.ts';
import { findBuiltServer } from './built-servers.ts';
import { findNamedGoProgram } from './links/go-builds.ts';
import { hasServerDependency, isOrchestrator } from './packages.ts';
import { pathBelow } from './path-tree.ts';
import { readProcess } from './process/chain.ts';
import type { Surroundings } from './process/reading.ts';
import type { Sources } from './sources.ts';
import { findProjects } from './workspace-projects.ts';

/** Scripts that start a program, those for production first. */
const startScripts = ['start:prod', 'start:production', 'prod', 'production', 'start', 'start:server', 'server', 'serve'];
/** Where only those for developers start anything: what they run is the server all the same. */
const developerScripts = ['dev', 'start:dev', 'dev:start', 'devstart', 'dev-start', 'dev:server', 'server:dev', 'develop', 'watch'];
/** Scripts that start one of several programs: `start:api`, `worker:start`. */
const startsNamed = /^(?:start|serve|run)[:_-]|[:_-]start$/;
const isForDevelopers =
  /(?:^|[:_.-])(?:dev\w*|debug\w*|inspect|watch|local\w*|tests?|e2e|ci|mocks?|stub\w*|demo|examples?|storybook|docs?|docker|db|database|infra|web|client|ui|front-?end|ios|android|electron|desktop|emulators?|seed|build|clean|all|stop|preview)(?:$|[:_.-])/i;
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
  if (isDesktopProgram(fact) || isLibraryOrTool(fact, sources)) return undefined;
  const isOwn = ({ path }: Entry) => sources.packageAbove(path) === fact && isProductive(path, fact, sources);
  const projects = findProjects(fact, sources);
  for (const name of hasServerDependency(fact) ? [...startScripts, ...developerScripts] : startScripts) {
    const entries = readScript(fact, name, sources).filter((entry) => isOwn(entry) && !isMissingMain(entry, fact, sources));
    if (entries.length > 0) return entries.some((entry) => isOfProjects(entry, fact)) && projects.length > 1 ? projects : entries;
  }
  if (projects.length > 0) return projects;
  const named = Object.keys(fact.value.scripts).filter((name) => startsNamed.test(name) && !isForDevelopers.test(name));
  const several = onceEach(named.flatMap((name) => readScript(fact, name, sources)).filter(isOwn));
  if (several.length > 0) return several;
  const built = findBuiltServer(fact, sources);
  if (built) return [built];
  if (!hasServerDependency(fact) || isOrchestrator(fact, sources)) return undefined;
  const others = Object.keys(fact.value.scripts).filter((name) => !isForDevelopers.test(name));
  const serving = others.flatMap((name) => readScript(fact, name, sources)).filter((entry) => isOwn(entry) && opens(entry.path, sources));
  if (serving.length > 0) return onceEach(serving);
  const started = findUnscripted(fact, sources);
  return started && isOwn(started) ? [started] : undefined;
}

const onceEach = (entries: readonly Entry[]): readonly Entry[] =>
  entries.filter((entry, index) => entries.findIndex(({ path }) => path === entry.path) === index);

/** `node dist/apps/api/main`: one of the projects of a workspace, which are built alike. */
const builtProject = /^dist\/(apps\/[\w-]+)\/(?:src\/)?main(?:\.js)?$/;
const isOfProjects = ({ path }: Entry, { value }: Fact<'package'>): boolean => builtProject.test(pathBelow(path, value.root));

/** `nest start` of a monorepo starts a project that its settings name; a script may name one that is gone. */
function isMissingMain({ path }: Entry, { value }: Fact<'package'>, sources: Sources): boolean {
  const below = pathBelow(path, value.root);
  const project = builtProject.exec(below)?.[1];
  const main = project === undefined ? path : `${value.root === '' ? '' : `${value.root}/`}${project}/src/main`;
  return (below === 'src/main' || project !== undefined) && !endings.some((ending) => sources.tree.hasFile(main + ending));
}

/** A compiled program is judged by the place of its source: `dist/jobs/main.js` by `jobs/main.js`. */
function isProductive(path: string, { value }: Fact<'package'>, sources: Sources): boolean {
  if (path === value.root) return sources.roleOf(path === '' ? 'package.json' : path) === 'production';
  const role = sources.roleOf(path);
  if (role !== 'generated') return role === 'production';
  const inside = pathBelow(path, value.root).replace(outputFolder, '');
  return sources.roleOf(value.root === '' ? inside : `${value.root}/${inside}`) === 'production';
}
const outputFolder = /^(?:dist|build|out)\//;

/** Libraries of programs that people run by hand. */
const commandLines = new Set([
  'commander',
  'yargs',
  'cac',
  'meow',
  'sade',
  'clipanion',
  '@oclif/core',
  'caporal',
  '@caporal/core',
  'citty',
]);
/** What keeps a program running although nobody asks it over HTTP. */
const keepsRunning =
  /^(?:bull|bullmq|agenda|bree|amqplib|kafkajs|mqtt|nats|node-cron|cron|node-schedule|ws|socket\.io|discord\.js|telegraf|@slack\/bolt)$/;
const isCommandLine = (dependencies: readonly string[]): boolean =>
  dependencies.some((name) => commandLines.has(name)) && !dependencies.some((name) => keepsRunning.test(name));

/** Runs on the machines of its users: `electron .` starts it, or `electron` runs its `main`. */
function isDesktopProgram({ value: { scripts, dependencies, devDependencies } }: Fact<'package'>): boolean {
  if (Object.hasOwn(scripts, 'start')) return /\belectron(?:-forge)?\s+(?:\.|start\b)/.test(scripts['start']!.command);
  return Object.hasOwn(dependencies, 'electron') || Object.hasOwn(devDependencies, 'electron');
}

/** What other packages import, and published commands, are not deployed by themselves; a client imports the types of the server that it calls, too. */
function isLibraryOrTool(fact: Fact<'package'>, sources: Sources): boolean {
  const { root, name = '', bin, private: isPrivate, scripts } = fact.value;
  if (root === '') return false;
  if (Object.keys(bin).length > 0 && !isPrivate) return true;
  if (!hasServerDependency(fact) && isCommandLine(Object.keys(fact.value.dependencies))) return true;
  const isServer =
    hasServerDependency(fact) && ['start:prod', 'start:production', 'start'].some((script) => Object.hasOwn(scripts, script));
  return sources.libraries.has(name) && !isServer;
}

function readScript({ value }: Fact<'package'>, name: string, sources: Sources): readonly Entry[] {
  const script = value.scripts[name];
  if (!script) return [];
  const { entries } = readProcess(['npm', 'run', name], 'exec', script.place, repositorySurroundings(value.root, sources));
  return entries.map(({ path, because }) => ({ path, because: `${because} (script \`${name}\`)` }));
}

/** Published libraries have a `main` too: what is not private is a program when its file is called one, or opens a server itself. */
function findUnscripted({ value }: Fact<'package'>, sources: Sources): Entry | undefined {
  const inRoot = (path: string) => (value.root === '' ? path : `${value.root}/${path}`);
  const isProgram = (path: string): boolean =>
    value.private ||
    (value.root === '' && serverFile.test(pathBelow(path, value.root))) ||
    (Object.keys(value.bin).length === 0 && opens(path, sources));
  const main = value.main?.path.replace(/^\.\//, '');
  if (main && sources.tree.hasFile(inRoot(main)) && isProgram(inRoot(main)))
    return { path: inRoot(main), because: '`main` of package.json names it' };
  const files = usualFiles.flatMap((file) => endings.map((ending) => inRoot(file + ending)));
  const there = files.filter((file) => sources.tree.hasFile(file) && !(main && file === inRoot(main)));
  const start = value.scripts['start']?.command ?? value.scripts['dev']?.command ?? '';
  const found = there.find((file) => opens(file, sources)) ?? (servesBrowsers.test(start) ? undefined : there[0]);
  return found && isProgram(found) ? { path: found, because: 'it is where programs without a start script usually begin' } : undefined;
}
/** What builds for browsers while people develop: `src/main` begins there. */
const servesBrowsers =
  /^(?:[\w-]+=\S+ )*(?:npx )?(?:ng serve|react-scripts start|craco start|vue-cli-service serve|vite(?= |$)|webpack(?:-dev-server| serve)|parcel(?= |$))/;
/** A script of whatever name that runs such a file starts a program. */
const opens = (path: string, sources: Sources): boolean => opensServer.test(sources.files.text(path) ?? '');
/** `app.listen(port)` as a statement of the file, not of a method that others call. */
const opensServer = /^[\t ]{0,8}(?:await )?(?:app|server|api|http|httpServer)\.listen\s*\(/m;
