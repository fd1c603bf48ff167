import type { ImageStage } from '../../facts.ts';
import type { Confidence, Fact, Link } from '../../types.ts';
import { absolute, type ImageFiles, workdirOf } from '../image-files.ts';
import { hasServerDependency, isOrchestrator } from '../packages.ts';
import { folderOf, isWithin, lastSegment } from '../path-tree.ts';
import type { Sources } from '../sources.ts';
import { knownProduct } from '../third-party.ts';

/** The package that an image runs, and why. */
export interface ImageHome {
  readonly package: Fact<'package'>;
  readonly because: string;
  readonly confidence: Confidence;
  readonly places: Link['places'];
}

export interface ImageSearch {
  readonly fact: Fact<'image'>;
  readonly lineage: readonly ImageStage[];
  readonly context: string;
  readonly files: ImageFiles;
}

/** Finds the package that a Dockerfile builds, by what it copies and names; the surest sign first. */
export function findImageHome(image: ImageSearch, sources: Sources): ImageHome | undefined {
  if (isProxyWithSettings(image)) return undefined;
  return (
    byWorkdir(image, sources) ??
    byFolder(image, sources) ??
    byArchive(image, sources) ??
    byMentions(image, sources) ??
    byName(image, sources) ??
    byWorkdirPath(image, sources) ??
    byCopies(image, sources) ??
    byPacking(image, sources) ??
    byContext(image, sources)
  );
}

const settingsFile = /\.(?:conf|cfg|cnf|ya?ml|toml|htpasswd|crt|pem|key|template|tmpl|j2)$|(?:^|\/)(?:Caddyfile|nginx\.conf[\w.-]*)$/i;

/** `Dockerfile.nginx` beside the one of a program: a proxy that gets nothing but its settings runs no package. */
function isProxyWithSettings({ fact, lineage }: ImageSearch): boolean {
  const base = lineage.at(-1)?.base;
  if (!base?.known || knownProduct(base.value)?.kind !== 'third-party') return false;
  const copies = fact.value.stages.flatMap((stage) => stage.copies);
  const sources = copies.flatMap((copy) => (copy.from === undefined ? copy.sources : ['']));
  return sources.length > 0 && sources.every((source) => settingsFile.test(source));
}

function byWorkdir({ fact, lineage, files }: ImageSearch, sources: Sources): ImageHome | undefined {
  const workdir = workdirOf(lineage);
  const home = files
    .sourcesOf(workdir)
    .map((path) => sources.packages.get(path))
    .find((found) => found !== undefined);
  if (!home || isOrchestrator(home, sources)) return undefined;
  const place = lineage.find(({ workdir: at }) => at)?.workdir?.place ?? fact.place;
  return {
    package: home,
    because: `its working directory ${workdir} is copied from ${folderName(home)}`,
    confidence: 'certain',
    places: [place, home.place],
  };
}

function byFolder({ fact }: ImageSearch, sources: Sources): ImageHome | undefined {
  const folder = folderOf(fact.place.path);
  const home = sources.packages.get(folder);
  if (!home || folder === '' || isOrchestrator(home, sources)) return undefined;
  return { package: home, because: `the Dockerfile lies in ${folder}`, confidence: 'certain', places: [fact.place, home.place] };
}

const mention =
  /(?:--filter|--scope|--workspace|-F|-w|turbo prune|workspace|(?:nx|turbo) (?:run )?build|-pl|--projects)(?:=|\s+):?["']?\{?([@\w][@\w./-]*)/g;

/** `pnpm --filter api build`, `turbo prune web`, `yarn workspace api build`: the package named most often. */
function byMentions({ lineage, fact }: ImageSearch, sources: Sources): ImageHome | undefined {
  const counts = new Map<Fact<'package'>, number>();
  const stages = fact.value.stages.length > lineage.length ? fact.value.stages : lineage;
  for (const { command } of stages.flatMap(({ runs }) => runs)) {
    for (const [, written = ''] of command.slice(0, 10_000).matchAll(mention)) {
      const name = written.replace(/\.{3}$/, '').replace(/^\.\//, '');
      const found =
        sources.packagesByName.get(name) ??
        sources.packages.get(name) ??
        (name.includes('/') ? undefined : sources.packagesByFolder.get(name));
      if (found && !isOrchestrator(found, sources)) counts.set(found, (counts.get(found) ?? 0) + 1);
    }
  }
  const best = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  return (
    best && {
      package: best,
      because: `its build names ${best.value.name ?? best.value.root}`,
      confidence: 'likely',
      places: [fact.place, best.place],
    }
  );
}

const ownSource =
  /\.(?:[cm]?[jt]sx?|py|go|rs|rb|php|java|kt|cs|csproj|fs|ex|exs|scala|c|cc|cpp|swift|vue)$|^(?:requirements\.txt|go\.mod|Cargo\.toml|pom\.xml)$/;

/** The folder of the Dockerfile holds a program of its own, and the package is not among what the image is built from. */
function buildsOther({ fact, context }: ImageSearch, home: Fact<'package'>, sources: Sources): boolean {
  if (context !== '' && isWithin(home.value.root, context)) return false;
  const folder = folderOf(fact.place.path);
  return folder !== '' && sources.files.under(folder).some((path) => folderOf(path) === folder && ownSource.test(lastSegment(path)));
}

/** `Dockerfile.web`, `web.Dockerfile`, `docker/web/Dockerfile`. */
function byName(image: ImageSearch, sources: Sources): ImageHome | undefined {
  const { fact } = image;
  const file = lastSegment(fact.place.path);
  const folder = folderOf(fact.place.path);
  for (const name of [file.replace(/\.?Dockerfile\.?/i, ''), lastSegment(folder)]) {
    const home = name === '' ? undefined : sources.packagesByFolder.get(name);
    if (home && !isOrchestrator(home, sources) && !buildsOther(image, home, sources))
      return {
        package: home,
        because: `the Dockerfile is named after ${folderName(home)}`,
        confidence: 'likely',
        places: [fact.place, home.place],
      };
  }
  return undefined;
}

/** `WORKDIR /app/services/api`, where `services/api` is a package: the image keeps the folders of the repository. */
function byWorkdirPath({ fact, lineage }: ImageSearch, sources: Sources): ImageHome | undefined {
  const workdir = workdirOf(lineage);
  const parts = workdir.split('/').filter(Boolean);
  for (let start = 1; start < parts.length - 1; start++) {
    const home = sources.packages.get(parts.slice(start).join('/'));
    if (!home || isOrchestrator(home, sources)) continue;
    const because = `its working directory ${workdir} is named after ${folderName(home)}`;
    const place = lineage.find(({ workdir: at }) => at)?.workdir?.place ?? fact.place;
    return { package: home, because, confidence: 'likely', places: [place, home.place] };
  }
  return undefined;
}

/** The only package folder of the repository that its stages copy by name. */
function byCopies({ fact, lineage, context }: ImageSearch, sources: Sources): ImageHome | undefined {
  const copied = new Set<Fact<'package'>>();
  for (const copy of fact.value.stages.flatMap(({ copies }) => copies)) {
    if (copy.from !== undefined) continue;
    for (const source of copy.sources) {
      const path = absolute(source.replace(/\/package[^/]*\.json$/, ''), `/${context}`).slice(1);
      const home = path === context ? undefined : (sources.packages.get(path) ?? homeOfArchive(path, sources));
      if (home && !isOrchestrator(home, sources)) copied.add(home);
    }
  }
  const [home] = copied;
  if (!home || copied.size !== 1) return undefined;
  return {
    package: home,
    because: `it copies ${folderName(home)}`,
    confidence: 'likely',
    places: [lineage[0]?.place ?? fact.place, home.place],
  };
}

/** `app/target/shop.war` in whatever folder a stage builds it: the module above `target` whose folder the path ends with. */
function byArchive({ fact, lineage, context }: ImageSearch, sources: Sources): ImageHome | undefined {
  const copied = lineage.flatMap(({ copies }) => copies);
  const runs = fact.value.stages.flatMap(({ runs }) => runs.map(({ command }) => command.slice(0, 10_000)));
  for (const texts of [copied.flatMap((copy) => copy.sources), runs]) {
    const folders = texts.flatMap((text) => [...text.matchAll(builtArchive)].map(([, folder]) => folder!.replace(/^\.?\//, '')));
    const homes = new Set(folders.flatMap((folder) => moduleAt(folder, context, sources) ?? []));
    const [home] = homes;
    if (home && homes.size === 1)
      return {
        package: home,
        because: `it copies what ${folderName(home)} builds`,
        confidence: 'likely',
        places: [copied.find((copy) => copy.sources.some((source) => source.search(builtArchive) >= 0))?.place ?? fact.place, home.place],
      };
  }
  return byArchiveName(copied, fact, sources);
}
const builtArchive = /([\w./{}$-]{1,200})\/(?:target|build\/libs)\/[^\s"'/]{1,100}\.(?:war|ear|jar)\b/g;

/** The module whose folder a path ends with, in the repository or in what the image is built from; the longest first. */
const moduleAt = (folder: string, context: string, sources: Sources): Fact<'package'> | undefined =>
  [...sources.packages.values()]
    .filter(({ value: { build, root } }) => {
      const own = context !== '' && root !== context && isWithin(root, context) ? root.slice(context.length + 1) : root;
      return build && own !== '' && (`/${folder}`.endsWith(`/${root}`) || `/${folder}`.endsWith(`/${own}`));
    })
    .filter((one) => !isOrchestrator(one, sources))
    .sort((a, b) => b.value.root.length - a.value.root.length)[0];

/** `COPY --from=build /dist/shop.war`: the only module that packs such an archive, or the one of that name. */
function byArchiveName(copied: readonly ImageStage['copies'][number][], fact: Fact<'image'>, sources: Sources): ImageHome | undefined {
  for (const { sources: paths, target, place } of copied) {
    const [path, name = '', kind = ''] =
      /([^/\s]{1,100})\.(war|ear)$/i.exec(paths.find((one) => /\.(?:war|ear)$/i.test(one)) ?? target) ?? [];
    if (path === undefined) continue;
    const modules = [...sources.packages.values()].filter(({ value }) => value.build?.packaging === kind.toLowerCase());
    const home = modules.find(({ value }) => value.name === name) ?? (modules.length === 1 ? modules[0] : undefined);
    if (home)
      return {
        package: home,
        because: `it copies ${path}, which ${folderName(home)} builds`,
        confidence: 'likely',
        places: [place ?? fact.place, home.place],
      };
  }
  return undefined;
}

/** `target/app.jar` and `build/libs/app.war` are what the module above them builds. */
function homeOfArchive(path: string, sources: Sources): Fact<'package'> | undefined {
  const folder = /^(?:(.*)\/)?(?:target|build\/libs)\/[^/]*$/.exec(path);
  const home = folder ? sources.packages.get(folder[1] ?? '') : undefined;
  return home?.value.build ? home : undefined;
}

/** `node/docker/Dockerfile` of a module without a program of its own: the one module that it depends on and that has one. */
function byPacking({ fact }: ImageSearch, sources: Sources): ImageHome | undefined {
  const folder = folderOf(fact.place.path);
  const packer = folder === '' ? undefined : sources.packages.get(folderOf(folder));
  const build = packer?.value.build;
  if (!packer || !build || build.modules.length > 0 || sources.findPrograms(packer)) return undefined;
  const homes = build.dependencies.flatMap(({ artifact }) => {
    const module = sources.packagesByName.get(artifact);
    return module?.value.build && module !== packer && sources.findPrograms(module) ? [module] : [];
  });
  const [home] = homes;
  if (!home || homes.length !== 1) return undefined;
  const because = `${folderName(packer)} packs what ${folderName(home)} builds`;
  return { package: home, because, confidence: 'likely', places: [fact.place, packer.place, home.place] };
}

/** What it takes from the context lies in its own folder: a package around it that is no server is about something else. */
function copiesOwnFolder({ fact, context }: ImageSearch, around: Fact<'package'>): boolean {
  const own = folderOf(fact.place.path);
  const copied = fact.value.stages.flatMap(({ copies }) => copies.flatMap((copy) => (copy.from === undefined ? copy.sources : [])));
  const isOwn = (source: string): boolean => isWithin(absolute(source, `/${context}`).slice(1), own);
  if (own === context || copied.length === 0) return false;
  return copied.every(isOwn) || (copied.some(isOwn) && !hasServerDependency(around));
}

function byContext(image: ImageSearch, sources: Sources): ImageHome | undefined {
  const { fact, context } = image;
  const home = sources.packages.get(context);
  return home && !copiesOwnFolder(image, home)
    ? { package: home, because: `its build context is ${folderName(home)}`, confidence: 'likely', places: [fact.place, home.place] }
    : undefined;
}

const folderName = ({ value }: Fact<'package'>): string => (value.root === '' ? 'the root' : value.root);
