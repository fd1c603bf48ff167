import type { Entry } from '../languages/language.ts';
import type { Fact } from '../types.ts';
import type { Sources } from './sources.ts';

/** Files of workspaces whose projects need no package.json of their own: Nx, and monorepos of the Nest CLI. */
const workspaceFiles = ['nx.json', 'workspace.json', 'nest-cli.json'];
const mainFile = /^apps\/(?:[\w-]+\/){1,2}src\/main\.[jt]s$/;
const startsServer = /\bNestFactory\.create|\.listen\s*\(|\bcreateServer\s*\(/;
const longestMain = 50_000;

/** Programs of the projects of a workspace, which share its package.json: `apps/api/src/main.ts`. */
export function findProjects(fact: Fact<'package'>, sources: Sources): readonly Entry[] {
  const { root } = fact.value;
  const inRoot = (path: string) => (root === '' ? path : `${root}/${path}`);
  if (!workspaceFiles.some((name) => sources.files.has(inRoot(name)))) return [];
  return sources.files.under(inRoot('apps')).flatMap((path) => {
    const inside = root === '' ? path : path.slice(root.length + 1);
    if (!mainFile.test(inside) || sources.packageAbove(path) !== fact || sources.roleOf(path) !== 'production') return [];
    const starts = startsServer.test(sources.files.text(path)?.slice(0, longestMain) ?? '');
    return starts ? [{ path, because: `${ofProject}${inside.split('/').slice(1, -2).join('/')}` }] : [];
  });
}
const ofProject = 'it is the program of the project ';

/** The project that an entry is the program of. */
export const projectOf = ({ because }: Entry): string | undefined =>
  because.startsWith(ofProject) ? because.slice(ofProject.length) : undefined;
