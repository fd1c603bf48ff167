import type { PackageManifest } from '../facts.ts';
import type { FileAccess, Language } from '../languages/language.ts';
import { withoutScripts } from '../text/package-without-scripts.ts';
import type { AnyFact, Artifact, Fact, Place } from '../types.ts';
import { compareText } from './fact-index.ts';
import { folderOf, isWithin, lastSegment } from './path-tree.ts';

/** Files at which programs begin that are started by hand. */
const usual: Readonly<Record<'python' | 'go', RegExp>> = {
  python: /(?:^|\/)(?:manage|app|main|run|server|wsgi|asgi|application|bot|worker|scheduler)\.py$/,
  go: /(?:^|\/)main\.go$/,
};
/** Folders whose programs nobody deploys. */
const aside =
  /(?:^|\/)(?:[\w-]*(?:mock|stub|fake|dummy|example|sample|demo|tutorial|lesson|exercise|bench|test)[\w-]*|scripts?|tools?|utils?|notebooks?|train(?:ing)?|load-?gen\w*|labs?|snippets?|playground|docs?|hack|ci|[.][^/]*)\//i;
/** Where more than these lie side by side, they are lessons or scripts. */
const mostPrograms = 5;

/**
 * Programs whose folder holds no file of a package manager: Python without a requirements.txt, Go from before modules, web sites of ASP.NET.
 * Their folder is taken for a package, unless one that is written lies at or above it.
 */
export function assumePackages(
  facts: readonly AnyFact[],
  files: FileAccess,
  roleOf: (path: string) => Artifact['role'],
  languages: readonly Language[],
): readonly AnyFact[] {
  const written = facts.filter((fact): fact is Fact<'package'> => fact.kind === 'package');
  const added = (['python', 'go'] as const).flatMap((ecosystem) => {
    const own = written.filter(({ value }) => value.ecosystem === ecosystem).map(({ value }) => value.root);
    const found = findFolders(ecosystem, own, files, roleOf, languages);
    return found.length > mostPrograms ? [] : found;
  });
  const sites = findWebSites(written, files, roleOf);
  const all = [...added, ...(sites.length > mostPrograms ? [] : sites)];
  return all.length === 0 ? facts : [...facts, ...all];
}

/** What Visual Studio writes into projects of web applications. */
const webApplication = '{349c5851-65df-11da-9384-00065b846f21}';
/** Web sites of ASP.NET need no project: a folder with a web.config and pages is one. */
function findWebSites(
  written: readonly Fact<'package'>[],
  files: FileAccess,
  roleOf: (path: string) => Artifact['role'],
): readonly Fact<'package'>[] {
  const projects = written.flatMap(({ value }) => (value.dotnet ? [value.root] : []));
  const found: Fact<'package'>[] = [];
  for (const path of files.under('')) {
    if (!/(?:^|\/)web\.config$/i.test(path) || roleOf(path) !== 'production') continue;
    const root = folderOf(path);
    const isPart = [...projects, ...found.map(({ value }) => value.root)].some((one) => isWithin(root, one) || isWithin(one, root));
    const inside = isPart ? [] : files.under(root);
    const isSite = inside.some((file) => /\.(?:aspx|asmx|ashx|asax|cshtml)$/i.test(file)) && inside.some((file) => file.endsWith('.cs'));
    if (!isSite || !(files.text(path) ?? '').includes('<system.web')) continue;
    const dotnet = {
      path,
      sdks: [],
      assembly: lastSegment(root) || 'site',
      packages: [],
      frameworks: [],
      projects: [],
      properties: { ProjectTypeGuids: webApplication },
      sources: [],
      isOpen: false,
    };
    const manifest = { ...manifestOf(root, path, 'dotnet'), dotnet };
    found.push({ kind: 'package', place: manifest.namePlace, confidence: 'likely', value: manifest });
  }
  return found;
}

function findFolders(
  ecosystem: 'python' | 'go',
  written: readonly string[],
  files: FileAccess,
  roleOf: (path: string) => Artifact['role'],
  languages: readonly Language[],
): readonly Fact<'package'>[] {
  const found: Fact<'package'>[] = [];
  const isTaken = (folder: string): boolean =>
    [...written, ...found.map(({ value }) => value.root)].some((root) => root === '' || isWithin(folder, root));
  const begins = files.under('').filter((path) => usual[ecosystem].test(path) && !aside.test(path) && roleOf(path) === 'production');
  const depth = (path: string): number => path.split('/').length;
  for (const path of [...begins].sort((a, b) => depth(a) - depth(b) || compareText(a, b))) {
    if (found.length > mostPrograms) break;
    const folder = folderOf(path);
    const root = ecosystem === 'go' ? rootOfGo(path, files) : folder;
    if (isTaken(folder) || isTaken(root)) continue;
    const manifest = manifestOf(root, path, ecosystem);
    const holds = languages.some((language) => language.findPrograms?.(manifest, new Map([[root, manifest]]), files) !== undefined);
    if (holds) found.push({ kind: 'package', place: manifest.namePlace, confidence: 'likely', value: manifest });
  }
  return found;
}

function manifestOf(root: string, path: string, ecosystem: 'python' | 'go' | 'dotnet'): PackageManifest {
  const namePlace: Place = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  return {
    root,
    ...withoutScripts,
    ecosystem,
    namePlace,
  };
}

const longestImports = 20_000;
/** `github.com/shop/user/api` is the folder `api` of the repository: its root is where that folder lies. */
function rootOfGo(path: string, files: FileAccess): string {
  const imports = [...(files.text(path) ?? '').slice(0, longestImports).matchAll(/^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\n]{1,300})"/gm)]
    .map(([, inner]) => inner!.split('/'))
    .filter(([host]) => host!.includes('.'));
  const own = folderOf(path);
  const above = own.split('/').map((_, at, parts) => parts.slice(0, at).join('/'));
  const holds = (root: string): boolean =>
    imports.some((parts) =>
      parts.some((_, at) => {
        const inside = at > 0 ? parts.slice(at).join('/') : '';
        const folder = root === '' ? inside : `${root}/${inside}`;
        return inside !== '' && files.under(folder).some((file) => folderOf(file) === folder && file.endsWith('.go'));
      }),
    );
  return above.find(holds) ?? own;
}
