import type { PackageManifest } from '../../facts.ts';
import { readGoModule } from '../../text/go-module.ts';
import { findGoMains, type GoMain } from '../../text/go-programs.ts';
import type { Entry, FileAccess, PackagesByRoot } from '../language.ts';
import { isNamedForOthers } from './build-constraints.ts';
import { folderOf, join } from './workspace.ts';

const serves =
  /\bListenAndServe(?:TLS)?\(|\bgrpc\.NewServer\(|\bgin\.(?:Default|New)\(|\becho\.New(?:WithConfig)?\(|\bfiber\.New\(|\bhttp\.Serve\(|\bhttp\.Server\{|\.RunTLS\(|\bbeego\.Run\(|\bweb\.Run\(|\bg\.Server\(|\biris\.(?:New|Default)\(|\b(?:rest|zrpc)\.MustNewServer\(/;
/** A tool waits for the browser of whoever signs in. */
const forItself = /"(?:127\.0\.0\.1|localhost):0"|loopback/i;
const mostDepth = 6;

/** The program of a module that serves requests, where no command names one. */
export function findPrograms(manifest: PackageManifest, packages: PackagesByRoot, files: FileAccess): readonly Entry[] | undefined {
  if (manifest.ecosystem !== 'go') return undefined;
  const { root } = manifest;
  const below = root === '' ? '' : `${root}/`;
  const nested = [...packages].flatMap(([folder, { ecosystem }]) =>
    ecosystem === 'go' && folder !== root && folder.startsWith(below) ? [folder] : [],
  );
  const mains = findGoMains(root, nested, files);
  const modules = modulesOf(root, packages, files);
  const serving = mains.filter(({ path }) => servesRequests(path, modules, files));
  const atRoot = serving.find(({ folder }) => folder === root);
  const named = serving.find(
    ({ folder }) =>
      /(?:^|[-_/])(?:server|api|app|web|service|httpd?)$/i.test(folder) || folder.endsWith(`/${lastSegment(manifest.name ?? '')}`),
  );
  const chosen = atRoot ?? (serving.length === 1 ? serving[0] : named);
  const all = chosen ? [chosen] : equalsBelow(serving);
  return all.length > 0 ? all.map(({ path }) => ({ path, because: 'it serves requests' })) : undefined;
}

const mostEquals = 4;
/** `cmd/orders`, `cmd/payments`: programs of one module, none of them the first. */
const equalsBelow = (serving: readonly GoMain[]): readonly GoMain[] => {
  const deployed = serving.filter(({ folder }) => /(?:^|\/)(?:cmd|apps|services)\/[^/]+$/.test(folder));
  return deployed.length <= mostEquals ? deployed : [];
};

const lastSegment = (path: string): string =>
  path
    .replace(/\/v\d+$/, '')
    .split('/')
    .at(-1)!;

const commandLine = /"github\.com\/(?:spf13\/cobra|urfave\/cli|alecthomas\/kong|jessevdk\/go-flags)|"gopkg\.in\/alecthomas\/kingpin/;
/** A command that is there to serve. */
const serveCommand = /\b(?:Use|Name):\s{0,40}"(?:serve|server|api|web|daemon|http|start|run-server)\b/;
const commandNames = /\bUse:\s{0,40}"([\w-]{1,60})/g;
/** Commands that stand beside the one that the program is there for. */
const sideCommand = /^(?:version|completion|help|licen[cs]es?|docs?|man|migrate|config|healthcheck)$/;

interface GoModule {
  readonly name: string;
  readonly root: string;
}

/** The module, and those of the repository that it may build on: a server is often made by what several programs share. */
const modulesOf = (root: string, packages: PackagesByRoot, files: FileAccess): readonly GoModule[] =>
  [root, ...[...packages].flatMap(([folder, { ecosystem }]) => (ecosystem === 'go' && folder !== root ? [folder] : []))]
    .slice(0, mostModules)
    .flatMap((folder) => {
      const { name } = readGoModule(files.text(join(folder, 'go.mod')) ?? '');
      return name ? [{ name: name.text, root: folder }] : [];
    });
const mostModules = 50;

/** Where an import of one of the modules leads. */
const foldersNamed = (imported: string, modules: readonly GoModule[]): readonly string[] =>
  modules.flatMap(({ name, root }) => (imported.startsWith(`${name}/`) ? [join(root, imported.slice(name.length + 1))] : []));

/** Commands of a command line do many things: one of them, or the only one, has to be there to serve. */
function servesRequests(main: string, modules: readonly GoModule[], files: FileAccess): boolean {
  const seen = new Set<string>();
  let level = [folderOf(main)];
  const found = { serves: false, commands: false, toServe: false, several: false };
  const names = new Set<string>();
  for (let depth = 0; depth < mostDepth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (seen.has(folder) || seen.size > 200) continue;
      seen.add(folder);
      for (const path of files.under(folder)) {
        if (folderOf(path) !== folder || isNamedForOthers(path)) continue;
        const text = files.text(path) ?? '';
        found.serves ||= serves.test(text) && !forItself.test(text);
        found.commands ||= depth < 2 && commandLine.test(text);
        found.toServe ||= serveCommand.test(text);
        if (depth < 2) for (const [, command] of text.matchAll(commandNames)) if (!sideCommand.test(command!)) names.add(command!);
        found.several ||= /\.AddCommand\(|\bCommands:/.test(text);
        for (const [, inner] of text.slice(0, 20_000).matchAll(/^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\n]{1,300})"/gm))
          next.push(...foldersNamed(inner!, modules));
      }
    }
    const isThere = !found.commands || found.toServe || (depth > 1 && names.size === 1);
    if (found.serves && depth > 0 && isThere) return true;
    level = next;
  }
  return found.serves && (!found.commands || found.toServe || !found.several || names.size === 1);
}
