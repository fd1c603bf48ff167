import type { ImageStage } from '../../facts.ts';
import { withoutMajorVersion } from '../../text/go-module.ts';
import { findGoMains, type GoBuild, goMainIn, isGoMain, readGoBuild } from '../../text/go-programs.ts';
import { splitCommands } from '../../text/shell-words.ts';
import type { Fact } from '../../types.ts';
import { absolute, copiedFrom, type ImageFiles, traceImageFiles, workdirOf } from '../image-files.ts';
import { isWithin, lastSegment } from '../path-tree.ts';
import type { Sources } from '../sources.ts';

/** What is known of an image when a binary in it is looked for. */
export interface BuiltIn {
  readonly stages: readonly ImageStage[];
  readonly lineage: readonly ImageStage[];
  readonly context: string;
  /** The package that it is about. */
  readonly home?: Fact<'package'>;
}

/** Where commands lie that are called by their names alone. */
const searchPath = ['/usr/local/bin', '/usr/bin', '/bin', '/go/bin', '/usr/local/go/bin', '/', '/usr/sbin', '/sbin'];

/** The Go source of the binary that a command starts: what a stage builds under its name, else the program of that name. */
export function findGoProgram(command: string, cwd: string, image: BuiltIn, sources: Sources): string | undefined {
  if (/[$*]/.test(command) || !sources.tree.files.some((path) => path.endsWith('.go'))) return undefined;
  const paths = command.includes('/') ? [absolute(command, cwd)] : [...searchPath, cwd].map((folder) => absolute(command, folder));
  for (const path of paths) {
    const found = new Tracer(image, sources).trace(image.lineage, path, 0);
    if (found !== undefined) return found;
  }
  return byName(command, image, sources);
}

/** `go build dispatcher.go` makes `dispatcher`. */
const isFileNamed = (written: string, name: string): boolean => lastSegment(written) === `${name}.go`;

class Tracer {
  readonly #image: BuiltIn;
  readonly #sources: Sources;
  constructor(image: BuiltIn, sources: Sources) {
    this.#image = image;
    this.#sources = sources;
  }

  trace(lineage: readonly ImageStage[], path: string, depth: number): string | undefined {
    if (depth > 8) return undefined;
    const { stages, context } = this.#image;
    const files = traceImageFiles(stages, lineage, context, this.#sources.tree);
    for (const stage of lineage) {
      const built = this.#builtIn(stage, lineage, files, path);
      if (built !== undefined) return built;
    }
    for (const origin of copiedFrom(stages, lineage, path)) {
      const found = this.trace(origin.lineage, origin.path, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #builtIn(stage: ImageStage, lineage: readonly ImageStage[], files: ImageFiles, path: string): string | undefined {
    for (const { command } of stage.runs) {
      if (!/\bgo\s+(?:build|install)\b/.test(command)) continue;
      for (const start of this.#workdirs(stage, lineage)) {
        let cwd = start;
        for (const { words } of splitCommands(command.slice(0, 10_000))) {
          if (words[0] === 'cd' && words[1]) cwd = absolute(words[1], cwd);
          const build = readGoBuild(words);
          const source = build && this.#sourceOf(build, cwd, path, files);
          if (source !== undefined) return source;
        }
      }
    }
    return undefined;
  }

  /** A RUN does not say where it runs: the last working directory of the stage, or one of those before. */
  #workdirs(stage: ImageStage, lineage: readonly ImageStage[]): readonly string[] {
    const own = workdirOf(lineage.slice(lineage.indexOf(stage)));
    return [...new Set([own, ...stage.copies.flatMap(({ workdir }) => workdir ?? [])])].slice(0, 6);
  }

  #sourceOf({ output, packages }: GoBuild, cwd: string, path: string, files: ImageFiles): string | undefined {
    const name = lastSegment(path);
    for (const written of packages) {
      const isTree = /(?:^|\/)\.\.\.$/.test(written);
      const folder = written.replace(/\/?\.\.\.$/, '') || '.';
      const inImage = /\.go$/.test(folder) ? absolute(folder.replace(/[^/]*$/, '') || '.', cwd) : absolute(folder, cwd);
      const target = output === undefined ? undefined : absolute(output, cwd);
      const isIt = target === undefined || target === path || absolute(name, target) === path;
      if (!isIt) continue;
      const source = isTree
        ? this.#inTree(files.sourcesOf(inImage), name)
        : (this.#main(written, files.sourcesOf(inImage)) ?? this.#file(written, files.sourcesOf(absolute(written, cwd))));
      const isNamed = target === path || packages.length === 1 || source?.split('/').at(-2) === name;
      if (source !== undefined && isNamed && (target !== undefined || isFileNamed(written, name) || this.#isNamed(source, name)))
        return source;
    }
    return undefined;
  }

  /** Without an output the binary is called after its folder, or after its module. */
  #isNamed(source: string, name: string): boolean {
    const home = this.#sources.packageAbove(source)?.value;
    return (
      source.split('/').at(-2) === name ||
      home?.name === name ||
      (!others.test(name) && (home?.root ?? '') === source.split('/').slice(0, -1).join('/'))
    );
  }

  #inTree(folders: readonly string[], name: string): string | undefined {
    for (const folder of folders) {
      const found = findGoMains(folder, [], this.#sources.files).find((main) => lastSegment(main.folder) === name);
      if (found) return found.path;
    }
    return undefined;
  }

  /** A file that was copied alone. */
  #file(written: string, paths: readonly string[]): string | undefined {
    return written.endsWith('.go') ? paths.find((path) => isGoMain(this.#sources.files.text(path))) : undefined;
  }

  #main(written: string, folders: readonly string[]): string | undefined {
    const direct = folders.map((folder) => goMainIn(folder, this.#sources.files)).find((found) => found !== undefined);
    if (direct !== undefined || written.startsWith('.') || !written.includes('/')) return direct;
    // An import path: the folder that its end names.
    const parts = withoutMajorVersion(written).split('/');
    for (let start = 1; start < parts.length; start++) {
      const found = goMainIn([this.#image.context, ...parts.slice(start)].filter(Boolean).join('/'), this.#sources.files);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Commands that images of every kind start. */
const others =
  /^(?:node|npm|yarn|pnpm|python[\d.]*|java|nginx|httpd|apache2\S*|php\S*|ruby|bundle|sh|bash|ash|go|dlv|air|reflex|CompileDaemon|fresh|realize|modd|tini|dumb-init|caddy|envoy|haproxy|redis-server|postgres|mysqld|mongod?|dotnet|supervisord|cron|crond|s6-svscan|sleep|tail|cat|echo|make|migrate|goose|curl|wget|litefs|litestream)$/;

/** A build that is not read (make, a release tool) leaves a binary under the name of its program. */
function byName(command: string, { stages, lineage, context, home }: BuiltIn, sources: Sources): string | undefined {
  const name = lastSegment(command);
  const module = home?.value.ecosystem === 'go' ? home : goModuleAt(context, sources);
  if (others.test(name)) return undefined;
  if (!module) return besideDockerfile(command, { stages, lineage, context }, sources);
  const nested = [...sources.manifestsByFolder].flatMap(([folder, { ecosystem }]) =>
    ecosystem === 'go' && folder !== module.value.root ? [folder] : [],
  );
  const mains = findGoMains(
    module.value.root,
    nested.filter((folder) => isWithin(folder, module.value.root)),
    sources.files,
  );
  const named = mains.find(({ folder }) => folder !== module.value.root && lastSegment(folder) === name);
  const atRoot = mains.find(({ folder }) => folder === module.value.root);
  if (named) return named.path;
  if (atRoot && module.value.name === name) return atRoot.path;
  const compiles = stages.some(
    ({ base, runs }) => (base.known && /(?:^|\/)golang\b/.test(base.value)) || runs.some(({ command: run }) => /\bgo build\b/.test(run)),
  );
  return mains.length === 1 && (compiles || isBroughtAlong(command, { lineage, context }, sources)) ? mains[0]!.path : undefined;
}

const isThere = (path: string, { tree }: Sources): boolean => tree.hasFile(path) || tree.hasFolder(path);
/** A binary that is no file of the repository: built before the image, and copied into it. */
function isBroughtAlong(command: string, { lineage, context }: Pick<BuiltIn, 'lineage' | 'context'>, sources: Sources): boolean {
  const name = lastSegment(command);
  return lineage.some(({ copies }) =>
    copies.some(
      ({ from, sources: paths, target }) =>
        from === undefined &&
        paths.some(
          (path) =>
            (lastSegment(path) === name || (paths.length === 1 && lastSegment(target) === name)) &&
            !/[*?$]/.test(path) &&
            !isThere(absolute(path.replace(/^\/+/, ''), context).slice(1), sources),
        ),
    ),
  );
}

/** Programs from before modules: a binary that is copied from the folder where its source lies. */
function besideDockerfile(command: string, { lineage, context }: BuiltIn, sources: Sources): string | undefined {
  const name = lastSegment(command);
  const isCopied = lineage.some(({ copies }) =>
    copies.some(({ from, sources: paths }) => from === undefined && paths.some((path) => lastSegment(path) === name)),
  );
  return isCopied && !sources.tree.hasFile([context, name].filter(Boolean).join('/')) ? goMainIn(context, sources.files) : undefined;
}

function goModuleAt(context: string, sources: Sources): Fact<'package'> | undefined {
  const found = sources.packageAbove(context);
  return found?.value.ecosystem === 'go' ? found : undefined;
}

/** `bin/web` outside of an image: what the module of a folder builds under that name (buildpacks, make). */
export const findNamedGoProgram = (command: string, folder: string, sources: Sources): string | undefined =>
  byName(command, { stages: [], lineage: [], context: folder }, sources);
