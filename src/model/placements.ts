import type { Container, Workload } from '../facts.ts';
import { purposeOf } from '../text/purpose.ts';
import { namesStore } from '../text/workload-questions.ts';
import type { Confidence, Fact, Link, Place } from '../types.ts';
import { type BuiltImage, type ImageCatalogue, isForProduction } from './built-images.ts';
import { findMountedSource } from './links/bind-mount.ts';
import { type BuildMention, dockerfileOf, findBuildMentions } from './links/build-mentions.ts';
import { namesOfRoles, ProjectFolders } from './links/doubtful-names.ts';
import { findHostSource } from './links/host-unit.ts';
import { isRuntime, matchContainer, NameIndex, type NameMatch } from './links/image-names.ts';
import { unseenContainer } from './lone-patches.ts';
import { type OwnUnits, roleOfDockerfile } from './own-units.ts';
import { repositorySurroundings } from './package-programs.ts';
import { isOrchestrator } from './packages.ts';
import { folderOf, lastSegment } from './path-tree.ts';
import { readProcess } from './process/chain.ts';
import { readContainerProcess } from './process/container-process.ts';
import type { Surroundings } from './process/reading.ts';
import type { Sources } from './sources.ts';
import { imageRepository, knownProduct } from './third-party.ts';
import type { Unit } from './units.ts';

/** A container of one workload. */
export interface PlacedContainer {
  readonly workload: Fact<'workload'>;
  readonly container: Container;
}

interface Why {
  readonly because: string;
  readonly confidence: Confidence;
  readonly to: string;
  readonly place: Place;
}

const containersOf = (workload: Fact<'workload'>): readonly Container[] =>
  workload.value.containers.length > 0 ? workload.value.containers : [unseenContainer(workload)];

/** Puts every container into the unit that it runs; `loose` are those of which no source is here. */
export class Placer {
  readonly loose: PlacedContainer[] = [];
  readonly #images: ImageCatalogue;
  readonly #units: OwnUnits;
  readonly #sources: Sources;
  readonly #mentions: readonly BuildMention[];
  readonly #tags = new NameIndex<Unit>();
  /** Stand for images that only test, whatever they are called: what runs them is no unit that merely has a like name. */
  readonly #aside = new Set<Unit>();
  constructor(images: ImageCatalogue, units: OwnUnits, sources: Sources) {
    this.#images = images;
    this.#units = units;
    this.#sources = sources;
    this.#mentions = findBuildMentions(sources.files);
  }

  place(workloads: readonly Fact<'workload'>[]): void {
    const others: PlacedContainer[] = [];
    for (const workload of workloads) {
      for (const container of containersOf(workload)) {
        const one = { workload, container };
        const unit = this.#byBuild(one) ?? this.#byMount(one) ?? this.#byProcfile(one) ?? this.#byHost(one);
        if (!unit) others.push(one);
        else if (workload.value.build && container.image?.known) this.#tags.add(imageName(container.image.value), unit);
      }
    }
    this.#placeByNames(others, workloads);
    this.#guessTheOnlyOne();
  }

  #byBuild(one: PlacedContainer): Unit | undefined {
    const { build, name } = one.workload.value;
    if (!build) return undefined;
    const image = this.#images.ofBuild(one.workload);
    const home = image ? undefined : this.#homeOf(build);
    const started = image ? undefined : (this.#startedBy(one, build.context) ?? home);
    const unit = image ? this.#units.ofImage(image) : started && this.#units.ofPackage(started);
    const to = image?.fact.place.path ?? (started?.value.root || build.context || 'the root');
    const around = started === home ? undefined : repositorySurroundings(build.context, this.#sources);
    if (unit) this.#add(unit, one, { because: `${name} builds ${to}`, confidence: 'certain', to, place: build.place }, image, around);
    return unit;
  }

  /** The root of a monorepo that only starts its members is none of them: which one a platform runs, its dashboard says. */
  #homeOf({ context, conventional, native }: NonNullable<Workload['build']>): Fact<'package'> | undefined {
    const home = this.#sources.packages.get(context);
    return home && (conventional || native) && isOrchestrator(home, this.#sources) ? undefined : home;
  }

  /** What is built at the root of a monorepo belongs to the package whose program its command starts. */
  #startedBy({ container: { command, shell } }: PlacedContainer, context: string): Fact<'package'> | undefined {
    if (!command?.known || !shell) return undefined;
    const [first] = readProcess(command.value, 'shell', command.place, repositorySurroundings(context, this.#sources)).entries;
    const started = first && this.#sources.packageAbove(first.path);
    if (started && isOrchestrator(started, this.#sources) && !this.#sources.tree.hasFile(first.path)) return undefined;
    return started && this.#units.ofPackage(started) ? started : undefined;
  }

  #byMount(one: PlacedContainer): Unit | undefined {
    const mounted = findMountedSource(one.workload, one.container, this.#sources);
    const unit = mounted && this.#units.ofPackage(mounted.package);
    if (!mounted || !unit) return undefined;
    const to = unit.root || 'the root';
    this.#add(
      unit,
      one,
      { because: `it mounts ${to} as its source`, confidence: 'certain', to, place: mounted.place },
      undefined,
      mounted.surroundings,
    );
    return unit;
  }

  #byProcfile(one: PlacedContainer): Unit | undefined {
    if (one.workload.value.platform !== 'heroku') return undefined;
    const home = this.#sources.packageAbove(folderOf(one.workload.place.path));
    const unit = home && this.#units.ofPackage(home);
    if (unit)
      this.#add(unit, one, {
        because: 'the Procfile lies in its folder',
        confidence: 'certain',
        to: unit.root || 'the root',
        place: one.workload.value.namePlace,
      });
    return unit;
  }

  #byHost(one: PlacedContainer): Unit | undefined {
    const found = findHostSource(one.workload, one.container, this.#sources);
    const unit = found && this.#units.ofPackage(found.package);
    if (!found || !unit) return undefined;
    const to = unit.root || 'the root';
    const why: Why = { because: `its command is the program of ${to}`, confidence: 'likely', to, place: found.place };
    this.#add(unit, one, why, undefined, found.surroundings);
    return unit;
  }

  #placeByNames(others: readonly PlacedContainer[], workloads: readonly Fact<'workload'>[]): void {
    const names = this.#nameUnits();
    const matches = others.map((one) => ({ ...one, image: imageNameOf(one.container), match: this.#byName(one, names) }));
    const loose = matches.flatMap((one) =>
      one.match && !one.match.byImage && one.image ? [{ ...one, image: one.image, match: one.match }] : [],
    );
    const folders = new ProjectFolders();
    if (loose.length > 0) {
      for (const { root } of this.#units.all()) folders.addProgram(root ?? '');
      for (const workload of workloads)
        for (const container of workload.value.containers) folders.addManifest(workload, imageNameOf(container) ?? '');
    }
    const roles = namesOfRoles(loose);
    const doubtful = new Set(loose.filter((one) => roles.has(one) || folders.isOfAnother(one)).map(({ container }) => container));
    for (const { workload, container, match } of matches) {
      if (match && this.#aside.has(match.target)) continue;
      if (match && !doubtful.has(container)) this.#addNamed(match.target, { workload, container }, match.because, match.confidence);
      else this.loose.push({ workload, container });
    }
  }

  #byName(one: PlacedContainer, names: NameIndex<Unit>): NameMatch<Unit> | undefined {
    const image = one.container.image?.known ? one.container.image.value : undefined;
    const tagged = image === undefined ? undefined : this.#tags.find(imageName(image));
    if (tagged) return { target: tagged, because: `Compose builds the image ${imageName(image!)}`, confidence: 'likely', byImage: true };
    return image !== undefined && knownProduct(image) ? undefined : matchContainer(one.workload, one.container, names);
  }

  #addNamed(unit: Unit, one: PlacedContainer, because: string, confidence: Confidence): void {
    const place = one.container.image?.place ?? one.container.namePlace;
    const image = this.#builtAs(unit, one.container) ?? productionImage(unit);
    this.#add(unit, one, { because, confidence, to: unit.root || unit.name, place }, image);
  }

  /** The Dockerfile that scripts and pipelines build under the name of a container's image, where they agree. */
  #builtAs(unit: Unit, container: Container): BuiltImage | undefined {
    if (unit.images.length < 2) return undefined;
    const name = imageNameOf(container);
    const files = new Set(this.#mentions.filter(({ image }) => image === name).map(dockerfileOf));
    const built = unit.images.filter((image) => files.has(image.fact.place.path));
    return built.length === 1 && isForProduction(built[0]!) ? built[0] : undefined;
  }

  /** One own unit that nothing runs and one kind of image that nothing explains: most likely they belong together. */
  #guessTheOnlyOne(): void {
    const open = this.loose.filter(({ container: { image }, workload }) => {
      if (namesStore(workload.value.name)) return false;
      return image?.known ? !knownProduct(image.value) && !isRuntime(image.value) : ownRegistry(image) !== undefined;
    });
    const images = new Set(
      open.map(({ container: { image } }) => (image?.known ? imageRepository(image.value) : (ownRegistry(image) ?? ''))),
    );
    const waiting = this.#units
      .all()
      .filter((unit) => unit.placements.length === 0 && unit.kind === undefined && (unit.images.length > 0 || unit.ownEntries.length > 0));
    const [unit] = waiting;
    if (images.size !== 1 || waiting.length !== 1 || !unit || this.#units.all().length > 1) return;
    for (const one of open) this.#addNamed(unit, one, 'it is the only image and this the only source without the other', 'guess');
    this.loose.splice(0, this.loose.length, ...this.loose.filter((one) => !open.includes(one)));
  }

  #add(unit: Unit, { workload, container }: PlacedContainer, why: Why, image?: BuiltImage, mounted?: Surroundings): void {
    const around = mounted ?? (image || !unit.package ? undefined : repositorySurroundings(unit.package.value.root, this.#sources));
    const link: Link = {
      from: `${workload.value.kind} ${workload.value.name}`,
      to: why.to,
      because: why.because,
      confidence: why.confidence,
      places: [why.place],
    };
    unit.placements.push({ workload, container, image, reading: readContainerProcess(container, image, around), links: [link] });
  }

  /** All names that own units go by: packages, folders, Dockerfiles, and what scripts call their images. */
  #nameUnits(): NameIndex<Unit> {
    const names = new NameIndex<Unit>();
    const byFolder = new Map<string, Unit>();
    for (const unit of this.#units.all()) {
      if (isStandIn(unit)) names.addStandIn(unit.name, unit);
      else names.add(unit.name, unit);
      names.add(unit.package?.value.name, unit);
      for (const image of imagesOf(unit, this.#sources)) if (!image.includes('$')) names.add(imageName(image), unit);
      if (unit.root) names.add(lastSegment(unit.root), unit);
      if (unit.root !== undefined) byFolder.set(unit.root, unit);
      for (const { workload, image } of unit.placements) if (image) names.add(workload.value.name, unit);
      for (const image of unit.images) {
        names.add(roleOfDockerfile(image), unit);
        byFolder.set(image.fact.place.path, unit);
        if (!byFolder.has(image.context)) byFolder.set(image.context, unit);
      }
    }
    this.#nameByPackagers(names);
    this.#nameSetAside(names);
    for (const { image, context } of this.#mentions) {
      const unit = byFolder.get(context);
      if (unit) names.add(image, unit);
    }
    return names;
  }

  #nameSetAside(names: NameIndex<Unit>): void {
    const known = new Set(this.#units.all().map(({ root }) => root));
    for (const image of this.#images.all) {
      const root = folderOf(image.fact.place.path);
      const isTest = image.purpose === 'test' && purposeOf(image.fact.place.path) !== 'test';
      if (!isTest || root === '' || known.has(root)) continue;
      const unit: Unit = { name: lastSegment(root), root, kind: undefined, images: [], placements: [], links: [], ownEntries: [] };
      this.#aside.add(unit);
      names.add(unit.name, unit);
    }
  }

  /** A module that only packs another one into an image: the image runs the program of that one. */
  #nameByPackagers(names: NameIndex<Unit>): void {
    const units = this.#units.all().filter((unit) => unit.package?.value.build && unit.ownEntries.length > 0);
    const withPrograms = new Set(units.map((unit) => unit.root));
    for (const { root, build } of this.#sources.manifestsByFolder.values()) {
      if (!build || build.images.length === 0 || withPrograms.has(root)) continue;
      const packed = units.filter(({ package: own }) =>
        build.dependencies.some(({ group, artifact, scope }) => {
          const isSame = group === own?.value.build?.group || group.startsWith('${');
          return isSame && artifact === own?.value.name && scope !== 'test';
        }),
      );
      if (packed.length === 1) for (const image of build.images) if (!image.includes('$')) names.add(imageName(image), packed[0]!);
    }
  }
}

const namesImage = /^"?(?:%prod"?\.)?quarkus\.container-image\.(?:name|image)$/;
/** Images that the build makes of a package: by its plugins, and by the settings that the extension of Quarkus reads. */
function imagesOf({ package: own }: Unit, { manifestsUnder }: Sources): readonly string[] {
  const build = own?.value.build;
  if (!own || !build) return [];
  if (!build.dependencies.some(({ artifact }) => artifact.startsWith('quarkus-container-image'))) return build.images;
  const settings = manifestsUnder(own.value.root).flatMap((fact) => (fact.kind === 'settings' ? fact.value.entries : []));
  return [...build.images, ...settings.flatMap(({ key, text }) => (namesImage.test(key) ? [text] : []))];
}

/** A root whose build file gives it no name. */
const isStandIn = ({ name, root, package: own }: Unit): boolean => name === 'app' && root === '' && !own?.value.name;
/** `${aws_ecr_repository.app.repository_url}:${var.version}`: a registry that the same Terraform makes holds own images. */
const ownRegistry = (image: Container['image']): string | undefined =>
  image?.known === false
    ? /\b(?:aws_ecr_repository|google_artifact_registry_repository|azurerm_container_registry)\.[\w-]{1,80}/.exec(image.written ?? '')?.[0]
    : undefined;
const imageName = (image: string): string => lastSegment(imageRepository(image));
const imageNameOf = ({ image }: Container): string | undefined => (image?.known ? imageName(image.value) : undefined);

/** The image that runs where nothing names one: production before development ones, and those that start something before bases. */
function productionImage(unit: Unit): BuiltImage | undefined {
  const starting = unit.images.filter(({ process }) => process.steps.length > 0);
  const candidates = starting.length > 0 ? starting : unit.images;
  // A stage that only Compose asks for stands before the one that `docker build` makes.
  const isWhole = ({ stage, fact }: BuiltImage): boolean => stage === fact.value.stages.at(-1);
  const deployed = candidates.filter(isForProduction);
  return candidates.find(({ purpose }) => purpose === 'production') ?? deployed.find(isWhole) ?? deployed[0] ?? candidates[0];
}
