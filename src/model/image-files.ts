import type { ImageStage } from '../facts.ts';
import { isWithin, joinPath, lastSegment, type PathTree, pathBelow } from './path-tree.ts';

/** Stages that copy from each other in a circle are invalid; deeper chains are not real. */
const maxStages = 20;

/** `stage` and the stages that it is built from, nearest first. */
export function lineageOf(stages: readonly ImageStage[], stage: ImageStage): readonly ImageStage[] {
  const lineage: ImageStage[] = [];
  for (let at: ImageStage | undefined = stage; at && !lineage.includes(at) && lineage.length < maxStages; ) {
    lineage.push(at);
    at = at.baseStage === undefined ? undefined : stages[at.baseStage];
  }
  return lineage;
}

/** Where common bases begin, by their repository (their Dockerfiles in docker-library, sclorg and oven-sh). */
const startFolders: readonly (readonly [RegExp, string])[] = [
  [/^(?:library\/)?golang$/, '/go'],
  [/^(?:library\/)?tomcat$/, '/usr/local/tomcat'],
  [/^oven\/bun$/, '/home/bun/app'],
  [/^(?:registry\.access\.redhat\.com|registry\.redhat\.io)\/ubi\d+\/(?:nodejs|python)-\d+$/, '/opt/app-root/src'],
  [/^public\.ecr\.aws\/lambda\/|^amazon\/aws-lambda-/, '/var/task'],
];
function startFolderOf(base: ImageStage['base'] | undefined): string {
  if (!base?.known) return '/';
  const repository = base.value
    .replace(/@.*$/, '')
    .replace(/:[^/:]*$/, '')
    .replace(/^docker\.io\//, '');
  return startFolders.find(([pattern]) => pattern.test(repository))?.[1] ?? '/';
}

/** The working directory when the image starts, as far as it is known: an absolute container path. */
export const workdirOf = (lineage: readonly ImageStage[]): string => folderAfter(lineage, startFolderOf(lineage.at(-1)?.base));

function folderAfter(stages: readonly ImageStage[], start: string): string {
  let folder = start;
  for (const stage of [...stages].reverse()) {
    if (stage.workdir?.known) folder = absolute(stage.workdir.value, folder);
  }
  return folder;
}

/** The working directory that a stage starts with. */
const inheritedWorkdir = (lineage: readonly ImageStage[], stage: ImageStage): string =>
  folderAfter(lineage.slice(lineage.indexOf(stage) + 1), startFolderOf(lineage.at(-1)?.base));

/** Resolves a container path against a container folder. */
export const absolute = (path: string, folder: string): string =>
  `/${(path.startsWith('/') ? joinPath('', path) : joinPath(folder, path)) ?? ''}`;

/** Finds where the files of an image come from. */
export interface ImageFiles {
  /** Repository paths that a container path may have been copied from, most specific first. */
  sourcesOf(containerPath: string): readonly string[];
}

/** Copies looked at for one question; stages that copy from each other in circles end here. */
const maxCopies = 2000;

type Copy = ImageStage['copies'][number];

export function traceImageFiles(
  stages: readonly ImageStage[],
  lineage: readonly ImageStage[],
  context: string,
  tree: PathTree,
): ImageFiles {
  let budget = 0;
  const trace = (from: readonly ImageStage[], path: string, depth: number): readonly string[] => {
    const found: { readonly length: number; readonly paths: readonly string[] }[] = [];
    for (const [stage, copy] of from.flatMap((one) => [...one.copies].reverse().map((each) => [one, each] as const))) {
      const target = absolute(copy.target, copy.workdir ?? inheritedWorkdir(from, stage));
      for (const source of copy.sources) {
        if (budget-- <= 0 || hasWildcard(source)) continue;
        const rest = restBelow(path, target, source, copy);
        if (rest === undefined) continue;
        const paths =
          copy.from === undefined
            ? inContext(context, source, rest, receives(copy) && path === target, tree)
            : inStage(copy.from, source, rest, depth);
        if (paths.length > 0) found.push({ length: target.length, paths });
      }
    }
    const paths = found.sort((a, b) => b.length - a.length).flatMap((one) => one.paths);
    return paths.length > 0 || depth === 0 ? paths : besideManifest(from, path, context);
  };
  const inStage = (name: string, source: string, rest: string, depth: number): readonly string[] => {
    const stage = stageNamed(stages, name);
    if (!stage || depth >= maxStages) return [];
    const from = lineageOf(stages, stage);
    const whole = absolute(rest === '' ? source : `${source}/${rest}`, source.startsWith('/') ? '/' : workdirOf(from));
    const found = trace(from, whole, depth + 1);
    return standalone.test(whole) ? [...trace(from, whole.replace(standalone, ''), depth + 1), ...found] : found;
  };
  return {
    sourcesOf(path) {
      budget = maxCopies;
      return [...new Set(trace(lineage, path, 0))];
    },
  };
}

/** Next.js writes there what a server needs, the manifest of the package among it (nextjs.org/docs, "output"). */
const standalone = /\/\.next\/standalone(?=\/|$)/;

/** Where a path of an image was copied from in other stages. */
export function copiedFrom(
  stages: readonly ImageStage[],
  lineage: readonly ImageStage[],
  path: string,
): readonly { readonly lineage: readonly ImageStage[]; readonly path: string }[] {
  return lineage.flatMap((stage) =>
    [...stage.copies].reverse().flatMap((copy) => {
      const other = copy.from === undefined ? undefined : stageNamed(stages, copy.from);
      if (!other || other === stage) return [];
      const target = absolute(copy.target, copy.workdir ?? inheritedWorkdir(lineage, stage));
      const from = lineageOf(stages, other);
      return copy.sources.flatMap((source) => {
        const rest = hasWildcard(source) ? undefined : restBelow(path, target, source, copy);
        const whole =
          rest === undefined
            ? undefined
            : absolute(rest === '' ? source : `${source}/${rest}`, source.startsWith('/') ? '/' : workdirOf(from));
        return whole === undefined ? [] : [{ lineage: from, path: whole }];
      });
    }),
  );
}

const stageNamed = (stages: readonly ImageStage[], name: string): ImageStage | undefined =>
  stages.find((one) => one.name?.toLowerCase() === name.toLowerCase()) ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined);

/** What a stage makes itself (`dist/main.js`) lies where the manifest of the package was copied to, as in the repository. */
function besideManifest(lineage: readonly ImageStage[], path: string, context: string): readonly string[] {
  const homes = lineage.flatMap((stage) =>
    stage.copies.flatMap((copy) => {
      const manifest = copy.from === undefined ? copy.sources.find((source) => /(?:^|\/)package\*?\.json$/.test(source)) : undefined;
      const target = absolute(copy.target, copy.workdir ?? inheritedWorkdir(lineage, stage));
      const folder = joinPath('', target.replace(/\/package\.json$/, '/'));
      return manifest !== undefined && folder !== undefined && isWithin(path.slice(1), folder) ? [{ folder, manifest }] : [];
    }),
  );
  const [outermost] = homes.sort((a, b) => a.folder.length - b.folder.length);
  const home = outermost && joinPath(context, outermost.manifest.replace(/[^/]*$/, ''));
  const found = home === undefined ? undefined : joinPath(home, pathBelow(path.slice(1), outermost!.folder));
  return found === undefined ? [] : [found];
}

/** `bundle.js`, but not `.next`: nothing lies below it. */
const fileName = /[^/.]\.(?:[cm]?[jt]sx?|json|map|sh|ya?ml|toml|txt|md|lock|html|css|conf|cjs|prisma)$/;

/** True when the target is a folder that receives the sources. */
const receives = (copy: Copy): boolean => copy.target.endsWith('/') || copy.sources.length > 1 || /^\.{1,2}$/.test(copy.target);

/** How `path` continues below a copied source: the target is either the source itself or the folder that receives it. */
function restBelow(path: string, target: string, source: string, copy: Copy): string | undefined {
  if (!isWithin(path.slice(1), target.slice(1))) return undefined;
  const rest = pathBelow(path.slice(1), target.slice(1));
  if (rest === '') return rest;
  const isFile = fileName.test(source);
  if (rest === lastSegment(source) && (receives(copy) || isFile)) return '';
  return isFile ? undefined : rest;
}

function inContext(context: string, source: string, rest: string, receiver: boolean, tree: PathTree): readonly string[] {
  const from = joinPath(context, source);
  if (from === undefined) return [];
  if (tree.hasFile(from)) return rest === '' && !receiver ? [from] : [];
  const whole = joinPath(from, rest);
  return whole === undefined ? [] : [whole];
}

const hasWildcard = (source: string): boolean => /[*?[\]$]/.test(source);
