import type { ImageCommand, ImageStage, Purpose } from '../facts.ts';
import type { Fact, ServiceImage } from '../types.ts';
import { commandOfBase } from './base-commands.ts';
import { type ImageFiles, lineageOf, traceImageFiles, workdirOf } from './image-files.ts';
import { findBuiltDockerfile } from './links/compose-build.ts';
import { findGoProgram } from './links/go-builds.ts';
import { findImageHome, type ImageHome } from './links/image-home.ts';
import { folderOf, isWithin, joinPath, pathBelow } from './path-tree.ts';
import { readProcess } from './process/chain.ts';
import { type ProcessReading, type Surroundings, unknownProcess } from './process/reading.ts';
import type { Sources } from './sources.ts';
import { knownProduct } from './third-party.ts';

/** A Dockerfile with the stage that is run, what its files come from and what it starts. */
export interface BuiltImage extends ServiceImage {
  readonly files: ImageFiles;
  /** What it is built for: that of its Dockerfile, or of the development manifest that asks for another stage. */
  readonly purpose: Purpose;
  readonly home?: ImageHome;
  readonly surroundings: Surroundings;
  readonly reading: ProcessReading;
  /** What the image gives to `docker run` without more words. */
  readonly command: { readonly entrypoint?: ImageCommand; readonly cmd?: ImageCommand };
}

interface Context {
  readonly folder: string;
  readonly guessed?: true;
}

/** One image for each Dockerfile, and one more for each other stage that Compose builds from it. */
export interface ImageCatalogue {
  readonly all: readonly BuiltImage[];
  /** The image that a Compose `build` makes. */
  ofBuild(workload: Fact<'workload'>): BuiltImage | undefined;
}

export function readImages(facts: readonly Fact<'image'>[], workloads: readonly Fact<'workload'>[], sources: Sources): ImageCatalogue {
  const byPath = new Map(facts.map((fact) => [fact.place.path, fact]));
  const built = new Map<string, BuiltImage>();
  const byWorkload = new Map<Fact<'workload'>, BuiltImage>();
  for (const workload of workloads) {
    const { build } = workload.value;
    const fact = build && findBuiltDockerfile(build, byPath);
    if (!build || !fact) continue;
    const context = build.conventional ? findContext(fact, sources) : { folder: build.context };
    const key = `${fact.place.path}\0${context.folder}\0${build.target ?? ''}`;
    const known = built.get(key);
    const read = known ?? readImage(fact, context, build.target, sources);
    const image = known || !build.target ? read : { ...read, purpose: strictest(fact.value.purpose, workload.value.purpose) };
    built.set(key, image);
    byWorkload.set(workload, image);
  }
  const seen = new Set([...built.values()].filter(isForProduction).map(({ fact }) => fact));
  for (const fact of facts)
    if (!seen.has(fact)) built.set(fact.place.path, readImage(fact, findContext(fact, sources), undefined, sources));
  return { all: [...built.values()], ofBuild: (workload) => byWorkload.get(workload) };
}

/** Production before unknown, development and tests. */
export const isForProduction = ({ purpose }: { readonly purpose: Purpose }): boolean => purpose === 'production' || purpose === 'unknown';

const strictest = (image: Purpose, workload: Purpose): Purpose => (workload === 'development' || workload === 'test' ? workload : image);

function readImage(fact: Fact<'image'>, build: Context, target: string | undefined, sources: Sources): BuiltImage {
  const context = build.folder;
  const { stages } = fact.value;
  const stage = (target && stages.find(({ name }) => name?.toLowerCase() === target.toLowerCase())) || servingStage(stages);
  const lineage = lineageOf(stages, stage);
  const files = traceImageFiles(stages, lineage, context, sources.tree);
  const home = findImageHome({ fact, lineage, context, files }, sources);
  const workdir = workdirOf(lineage);
  const surroundings: Surroundings = {
    sources,
    workdir,
    env: knownVariables(lineage),
    locate: (path) => locateInImage(path, files, workdir, home, sources),
    findBinary: (name, cwd) => findGoProgram(name, cwd, { stages, lineage, context, ...(home ? { home: home.package } : {}) }, sources),
  };
  const written = commandOf(lineage);
  const has = (path: string): boolean => files.sourcesOf(path).some((source) => sources.tree.hasFile(source));
  const served = written.entrypoint || written.cmd ? undefined : commandOfBase(lineage, has);
  const command = served ? { cmd: served } : written;
  const reading = readCommand(withRuntime(command, lineage), surroundings) ?? unknownProcess;
  return {
    fact,
    purpose: fact.value.purpose,
    stage,
    lineage,
    context,
    ...(build.guessed ? { contextGuessed: true } : {}),
    process: reading.process,
    files,
    home,
    surroundings,
    reading,
    command,
  };
}

/**
 * The stage that is run where nobody names one: the last, unless it starts nothing and an earlier one does (`docker build --target`
 * picks that; the last one then holds artifacts or tests).
 */
function servingStage(stages: readonly ImageStage[]): ImageStage {
  const last = stages.at(-1)!;
  const starts = (stage: ImageStage) => commandOf(lineageOf(stages, stage));
  const { entrypoint, cmd } = starts(last);
  const base = lineageOf(stages, last).at(-1)!.base;
  if (entrypoint || cmd || (base.known && knownProduct(base.value))) return last;
  const starting = stages.filter((stage) => starts(stage).entrypoint || starts(stage).cmd);
  return starting.findLast(({ name }) => /^(?:release|prod|production|runner|runtime|final|app|server)$/i.test(name ?? '')) ?? last;
}

/** The context is the folder, from the Dockerfile's own upwards, where most of what it copies lies. */
function findContext(fact: Fact<'image'>, sources: Sources): Context {
  const copied = fact.value.stages
    .flatMap(({ copies }) => copies)
    .filter(({ from }) => from === undefined)
    .flatMap((copy) => copy.sources)
    .map((source) => source.replace(/^\.?\/+/, '').replace(/[*?[].*$/, ''))
    .filter((source) => source !== '' && source !== '.');
  const own = folderOf(fact.place.path);
  let best = { folder: own, score: -1 };
  for (let folder = own; ; folder = folderOf(folder)) {
    const score = copied.filter((source) => exists(joinPath(folder, source), sources)).length;
    if (score > best.score) best = { folder, score };
    if (folder === '') break;
  }
  const home = best.score === 0 ? sources.packageAbove(own)?.value.root : undefined;
  return home === undefined ? { folder: best.folder } : { folder: home, ...(home === own ? {} : { guessed: true }) };
}

const exists = (path: string | undefined, sources: Sources): boolean =>
  path !== undefined && (sources.tree.hasFile(path) || sources.tree.hasFolder(path));

/** CMD of a base is dropped by a nearer ENTRYPOINT (Dockerfile reference, CMD and ENTRYPOINT). */
function commandOf(lineage: readonly ImageStage[]): BuiltImage['command'] {
  let cmd: ImageCommand | undefined;
  for (const stage of lineage) {
    cmd ??= stage.cmd;
    if (stage.entrypoint) return { entrypoint: stage.entrypoint, cmd };
  }
  return { cmd };
}

/** The entrypoint of the official images of Node.js puts `node` before options and files (nodejs/docker-node, `docker-entrypoint.sh`). */
function withRuntime(command: BuiltImage['command'], lineage: readonly ImageStage[]): BuiltImage['command'] {
  const { entrypoint, cmd } = command;
  const base = lineage.at(-1)?.base;
  const isNode = base?.known && /^(?:(?:docker\.io|public\.ecr\.aws\/docker)\/)?(?:library\/)?node(?:[:@]|$)/.test(base.value);
  const needsNode = cmd?.form === 'exec' && /^-|^[\w.-]+\.[cm]?js$/.test(cmd.words[0] ?? '');
  return !entrypoint && isNode && needsNode ? { cmd: { ...cmd, words: ['node', ...cmd.words] } } : command;
}

function readCommand({ entrypoint, cmd }: BuiltImage['command'], around: Surroundings): ProcessReading | undefined {
  const first = entrypoint ?? cmd;
  if (!first || first.words.length === 0) return undefined;
  if (first.form === 'shell') return readProcess(first.words, 'shell', first.place, around);
  return readProcess(entrypoint ? [...entrypoint.words, ...asArguments(cmd)] : first.words, 'exec', first.place, around);
}

/** CMD as the arguments of an ENTRYPOINT: the shell form becomes words too. */
export const asArguments = (cmd: ImageCommand | undefined): readonly string[] =>
  cmd === undefined ? [] : cmd.form === 'exec' ? cmd.words : ['/bin/sh', '-c', cmd.words.join(' ')];

function knownVariables(lineage: readonly ImageStage[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const stage of [...lineage].reverse()) for (const { name, value } of stage.env) if (value?.known) known.set(name, value.value);
  return known;
}

/** Copied paths first, those that exist before others; what no COPY explains lies in the package that the image runs. */
function locateInImage(path: string, files: ImageFiles, workdir: string, home: ImageHome | undefined, sources: Sources): readonly string[] {
  const copied = files.sourcesOf(path).map((candidate) => dropMissingFolders(candidate, sources));
  const inRepository = (candidate: string) => exists(candidate, sources);
  const found = [...copied.filter(inRepository), ...copied.filter((candidate) => !inRepository(candidate))];
  if (home && found.length === 0 && isWithin(path.slice(1), workdir.slice(1))) {
    const inHome = joinPath(home.package.value.root, pathBelow(path.slice(1), workdir.slice(1)));
    if (inHome !== undefined) found.push(dropMissingFolders(inHome, sources));
  }
  return [...new Set(found)];
}

/** `out/full/apps/web/server.js` (turbo prune), `pkg/apps/api/dist/main.js`: folders that only the build makes, before a package's own. */
function dropMissingFolders(path: string, sources: Sources): string {
  const segments = path.split('/');
  const missing = segments.findIndex(
    (_, index) => index < segments.length - 1 && !sources.tree.hasFolder(segments.slice(0, index + 1).join('/')),
  );
  if (missing < 0 || segments.length > 40) return path;
  for (let start = Math.max(missing, 1); start < segments.length - 1; start++) {
    for (let end = segments.length; end > start + 1; end--) {
      if (sources.packages.has(segments.slice(start, end).join('/'))) return segments.slice(start).join('/');
    }
  }
  return path;
}
