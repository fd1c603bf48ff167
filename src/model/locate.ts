import { groupBy } from '../text/group-by.ts';
import type { AnyFact, Fact, NotAssessed } from '../types.ts';
import { joinAzdServices } from './azd-services.ts';
import { isForProduction, readImages } from './built-images.ts';
import { fillCloudFoundryVariables } from './cloud-foundry-variables.ts';
import { mergeComposeOverlays } from './compose-overlays.ts';
import { markHelpers } from './compose-roles.ts';
import { fillComposeVariables } from './compose-variables.ts';
import { comparePlaces, compareText } from './fact-index.ts';
import { OwnUnits, runsByItself } from './own-units.ts';
import { findOwnPrograms, repositorySurroundings } from './package-programs.ts';
import { folderOf, lastSegment } from './path-tree.ts';
import { type PlacedContainer, Placer } from './placements.ts';
import { readContainerProcess } from './process/container-process.ts';
import { type ProcessReading, unknownProcess } from './process/reading.ts';
import { markScheduled } from './scheduled-units.ts';
import type { Sources } from './sources.ts';
import { splitPrograms } from './split-programs.ts';
import { imageRepository, knownProduct } from './third-party.ts';
import { isProduction, type Unit } from './units.ts';

export interface Located {
  readonly units: readonly Unit[];
  /** Workloads as they run: overlays laid over their bases. */
  readonly workloads: readonly Fact<'workload'>[];
  readonly notAssessed: readonly NotAssessed[];
}

/** Finds the services of a repository: what its images, packages and workloads are and which of them belong together. */
export function locateUnits(facts: readonly AnyFact[], sources: Sources): Located {
  const counts = ({ place }: AnyFact) => sources.roleOf(place.path) === 'production';
  const written = facts.filter((fact) => fact.kind === 'workload').filter(counts);
  const filled = fillCloudFoundryVariables(fillComposeVariables(written, facts), facts);
  const workloads = markHelpers(mergeComposeOverlays(markScheduled(joinAzdServices(filled), facts)));
  const images = readImages(
    facts.filter((fact) => fact.kind === 'image').filter((fact) => counts(fact) && fact.value.stages.length > 0),
    workloads,
    sources,
  );
  const units = new OwnUnits(sources);
  for (const image of images.all) if (runsByItself(image, sources)) units.ofImage(image);
  addPackages(facts.filter((fact) => fact.kind === 'package').filter(counts), units, sources);
  addFunctions(facts.filter((fact) => fact.kind === 'function-handler').filter(counts), units, sources);
  const placer = new Placer(images, units, sources);
  placer.place(workloads);
  for (const image of images.all) if (!runsByItself(image, sources)) units.adopt(image);
  const own = units.all().flatMap(splitPrograms).filter(isWorthNaming);
  for (const unit of own) if (isUnnamed(unit) && unit.root === '') unit.name = workloadNameOf(unit) ?? unit.name;
  const foreign = unitsOfOthers(placer.loose, sources).filter((unit) => unit.kind !== undefined || unit.placements.some(isProduction));
  const all = [...own, ...foreign].sort((a, b) => compareText(a.root ?? '~', b.root ?? '~') || compareText(a.name, b.name));
  nameUnits(all);
  return { units: all, workloads, notAssessed: all.flatMap(whatIsMissing) };
}

/** Files of Python seldom name what they belong to. */
const isUnnamed = ({ package: own }: Unit): boolean =>
  own === undefined || (own.value.ecosystem !== undefined && own.value.name === undefined);

/** Source without a package that only development manifests build is a tool of the developers. */
const isWorthNaming = (unit: Unit): boolean =>
  unit.package !== undefined || unit.placements.some(isProduction) || unit.images.some(isForProduction);

const workloadNameOf = ({ placements }: Unit): string | undefined => (placements.find(isProduction) ?? placements[0])?.workload.value.name;

/** Packages that start a program and that no image runs already. */
function addPackages(packages: readonly Fact<'package'>[], units: OwnUnits, sources: Sources): void {
  const covered = new Set(
    units.all().flatMap(({ images }) => images.flatMap(({ reading }) => reading.entries.map(({ path }) => sources.packageAbove(path)))),
  );
  for (const fact of [...packages].sort((a, b) => comparePlaces(a.place, b.place))) {
    const chosen = sources.packages.get(fact.value.root);
    const saysLess = fact.value.build !== undefined && chosen?.value.build !== undefined && chosen !== fact;
    if (!saysLess && !covered.has(fact) && findOwnPrograms(fact, sources)) units.ofPackage(fact);
  }
}

/** Files whose functions a platform calls are programs of their package, beside what it starts by itself. */
function addFunctions(handlers: readonly Fact<'function-handler'>[], units: OwnUnits, sources: Sources): void {
  for (const { value } of handlers) {
    const path = ['.ts', '.mts', '.js', '.mjs', '.cjs'].map((ending) => value.path + ending).find((file) => sources.tree.hasFile(file));
    const home = path === undefined ? undefined : sources.packageAbove(path);
    if (path !== undefined && home) units.addEntry(home, { path, because: `${value.platform} calls its functions` });
  }
}

const writtenAt = ({ container: { namePlace } }: PlacedContainer): string => `${namePlace.path}:${namePlace.line}:${namePlace.column}`;

/** Overlays may prefix names: a container that stands at one place is the same in each, under the shortest of its names that the others end or start with. */
function nameOverSets(loose: readonly PlacedContainer[], nameOf: (one: PlacedContainer) => string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const one of loose) {
    if (one.workload.set === undefined) continue;
    const known = names.get(writtenAt(one));
    const own = nameOf(one);
    if (known === undefined || own.length < known.length) names.set(writtenAt(one), own);
  }
  return names;
}

/** A line of a Procfile runs in its folder, also where the program itself is not read. */
function readLoose({ workload, container }: PlacedContainer, sources: Sources): ProcessReading {
  const isLine = workload.value.platform === 'heroku' && container.command?.known === true && !container.image;
  return isLine
    ? readContainerProcess(container, undefined, repositorySurroundings(folderOf(workload.place.path), sources))
    : unknownProcess;
}

/** Images of others, and workloads whose source is not here: one unit for each name and image. */
function unitsOfOthers(loose: readonly PlacedContainer[], sources: Sources): readonly Unit[] {
  const ownName = ({ workload, container }: PlacedContainer) =>
    workload.value.containers[0] === container ? workload.value.name : container.name;
  const shared = nameOverSets(loose, ownName);
  // Values may give names that have nothing in common: those are several workloads.
  const nameOf = (one: PlacedContainer) => {
    const [own, short] = [ownName(one), shared.get(writtenAt(one))];
    return short !== undefined && own.includes(short) ? short : own;
  };
  const imageOf = ({ container }: PlacedContainer) => (container.image?.known ? lastSegment(imageRepository(container.image.value)) : '');
  // `core1` and `core2` of the same image are copies of one.
  const stemOf = (one: PlacedContainer) => (imageOf(one) === '' ? nameOf(one) : nameOf(one).replace(/(?<=[a-z])[-_]?\d{1,3}$/i, ''));
  const groups = groupBy(loose, (one) => `${stemOf(one)}\0${imageOf(one)}\0${one.workload.value.longRunning}`);
  return [...groups.values()].map((group) => {
    const [first] = group;
    const { workload, container } = first!;
    const product = container.image?.known ? knownProduct(container.image.value) : undefined;
    const isSidecar = workload.value.containers.length > 0 && workload.value.containers[0] !== container;
    return {
      name: new Set(group.map(nameOf)).size > 1 ? stemOf(first!) : nameOf(first!),
      kind: workload.value.longRunning ? (product?.kind ?? (isSidecar ? 'third-party' : undefined)) : 'job',
      images: [],
      placements: group.map((one) => ({ ...one, reading: readLoose(one, sources), links: [] })),
      links: [],
      ownEntries: [],
    };
  });
}

/** Unique and stable: the shortest of name, folder, and a number that tells them apart. */
function nameUnits(units: readonly Unit[]): void {
  const taken = new Set<string>();
  const shared = new Set([...groupBy(units, ({ name }) => name)].filter(([, group]) => group.length > 1).map(([name]) => name));
  for (const unit of units) {
    const candidates =
      shared.has(unit.name) && unit.root && unit.root !== unit.name ? [unit.root, `${unit.root}/${unit.name}`] : [unit.name];
    const free = candidates.find((name) => !taken.has(name));
    let name = free ?? candidates.at(-1)!;
    for (let number = 2; taken.has(name); number++) name = `${candidates.at(-1)!}-${number}`;
    unit.name = name;
    taken.add(name);
  }
}

/** What could not be joined is said, not dropped. */
function whatIsMissing(unit: Unit): readonly NotAssessed[] {
  const { name, root, kind, placements, images } = unit;
  const [first] = placements;
  if (root === undefined && kind === undefined && first) {
    const message = first.workload.value.build
      ? `Which program of this repository ${name} runs is not written: its code was not judged there.`
      : `The source of ${name} is not in this repository: its code was not judged.`;
    return [{ reason: 'no-code', message, place: first.workload.value.namePlace, service: name, failed: false }];
  }
  if (root === undefined || placements.length > 0) return [];
  const place = images[0]?.fact.place ?? unit.package?.value.namePlace;
  const message = `No manifest here runs ${name}: replicas, probes, resources and variables were not judged.`;
  return [{ reason: 'no-manifest', message, place, service: name, failed: false }];
}
