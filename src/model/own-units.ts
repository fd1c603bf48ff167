import type { Entry } from '../languages/language.ts';
import type { Fact, Link } from '../types.ts';
import { type BuiltImage, isForProduction } from './built-images.ts';
import { findOwnPrograms } from './package-programs.ts';
import { hasServerDependency, isOrchestrator } from './packages.ts';
import { folderOf, isWithin, lastSegment } from './path-tree.ts';
import type { Sources } from './sources.ts';
import { knownProduct } from './third-party.ts';
import type { Unit } from './units.ts';

/** Units of the repository's own source, by the folder that they come from. */
export class OwnUnits {
  readonly #sources: Sources;
  readonly #byKey = new Map<string, Unit>();
  /** Folders of the programs that units of Go run. */
  readonly #programs = new Map<Unit, string>();
  readonly #byImage = new Map<BuiltImage, Unit>();
  /** Stages of one Dockerfile are one unit in several forms. */
  readonly #byDockerfile = new Map<Fact<'image'>, Unit>();
  constructor(sources: Sources) {
    this.#sources = sources;
  }

  all(): readonly Unit[] {
    return [...this.#byKey.values()];
  }

  /** The unit that an image runs; made when it is the first. */
  ofImage(image: BuiltImage): Unit {
    const known = this.#byImage.get(image);
    if (known) return known;
    const sameFile = this.#byDockerfile.get(image.fact);
    const home = packageOfImage(image, this.#sources);
    const startsOther = image.reading.entries.length > 0 && home !== sameFile?.package;
    if (sameFile && !startsOther) return this.#join(image, sameFile);
    const isClientOfServer =
      home !== undefined &&
      folderOf(image.fact.place.path) !== home.value.root &&
      servesClient(image) &&
      (findOwnPrograms(home, this.#sources)?.length ?? 0) > 0;
    const unit = home && !isClientOfServer ? this.#ofProgram(home, image) : this.#ofFolder(image);
    return this.#join(image, unit);
  }

  /** A module of Go often holds several programs: each that an image starts is a unit of its own. */
  #ofProgram(home: Fact<'package'>, { reading }: BuiltImage): Unit {
    const [entry] = reading.entries;
    const unit = this.ofPackage(home);
    if (home.value.ecosystem !== 'go' || !entry) return unit;
    const folder = folderOf(entry.path);
    const known = this.#programs.get(unit);
    if (known === undefined || known === folder) {
      this.#programs.set(unit, folder);
      return unit;
    }
    if (known !== home.value.root) unit.name = lastSegment(known);
    const key = `package ${home.value.root} ${folder}`;
    const other = this.#byKey.get(key) ?? {
      ...unit,
      name: lastSegment(folder) || unit.name,
      images: [],
      placements: [],
      links: [],
      ownEntries: [],
    };
    this.#byKey.set(key, other);
    return other;
  }

  /** Adds an image that is no service by itself to the unit of its package, where there is one. */
  adopt(image: BuiltImage): void {
    const home = packageOfImage(image, this.#sources);
    const unit = home && this.#byKey.get(`package ${home.value.root}`);
    const isNear = home !== undefined && isWithin(folderOf(image.fact.place.path), home.value.root);
    if (unit && isNear && !this.#byImage.has(image) && !servesClient(image)) this.#join(image, unit);
  }

  #join(image: BuiltImage, unit: Unit): Unit {
    unit.images.push(image);
    unit.links.push(homeLink(image, unit));
    this.#byImage.set(image, unit);
    this.#byDockerfile.set(image.fact, unit);
    return unit;
  }

  ofPackage(fact: Fact<'package'>): Unit {
    const key = `package ${fact.value.root}`;
    const known = this.#byKey.get(key);
    if (known) return known;
    const { root, name } = fact.value;
    const unit: Unit = {
      name: nameOfPackage(root, name),
      root,
      package: fact,
      images: [],
      placements: [],
      links: [],
      ownEntries: findOwnPrograms(fact, this.#sources) ?? [],
    };
    this.#byKey.set(key, unit);
    return unit;
  }

  addEntry(fact: Fact<'package'>, entry: Entry): void {
    const unit = this.ofPackage(fact);
    if (!unit.ownEntries.some(({ path }) => path === entry.path)) unit.ownEntries = [...unit.ownEntries, entry];
  }

  /** Source without a package.json: another language, or only configuration. */
  #ofFolder(image: BuiltImage): Unit {
    const root = folderOfImage(image);
    const suffix = roleOfDockerfile(image);
    const key = `folder ${root} ${suffix}`;
    const known = this.#byKey.get(key);
    if (known) return known;
    const base = image.lineage.at(-1)?.base;
    const product = base?.known ? knownProduct(base.value) : undefined;
    const unit: Unit = {
      name: suffix || nameOfPackage(root, undefined),
      root,
      kind: image.fact.value.stages.length === 1 && image.reading.entries.length === 0 ? product?.kind : undefined,
      images: [],
      placements: [],
      links: [],
      ownEntries: [],
    };
    this.#byKey.set(key, unit);
    return unit;
  }
}

/** The folder names a member of a repository; folders that say nothing, and the root, take the package's name. */
const sayNothing = new Set(['', 'src', 'app', 'source', 'code', 'node', 'www', 'build']);
function nameOfPackage(root: string, name: string | undefined): string {
  const folder = lastSegment(root);
  if (!sayNothing.has(folder)) return folder;
  const telling = root.split('/').findLast((segment) => !sayNothing.has(segment));
  return withoutScope(name) || telling || folder || 'app';
}

const withoutScope = (name: string | undefined): string => (name ?? '').replace(/^@[^/]*\//, '');

/** True for images that can be a service by themselves; bases, tools and images that nothing starts are not. */
export function runsByItself(image: BuiltImage, sources: Sources): boolean {
  if (!isForProduction(image)) return false;
  const home = packageOfImage(image, sources);
  if (image.reading.entries.length > 0 || image.process.steps.length > 0) return true;
  return home !== undefined && (servesClient(image) || (findOwnPrograms(home, sources)?.length ?? 0) > 0);
}

/** The package of its programs when they lie in one, else the package that its Dockerfile is about. */
export function packageOfImage(image: BuiltImage, sources: Sources): Fact<'package'> | undefined {
  const { entries, helpers = [] } = image.reading;
  const foreground = entries.filter((entry) => !helpers.includes(entry));
  const packages = new Set((foreground.length > 0 ? foreground : entries).map(({ path }) => sources.packageAbove(path)));
  const [only] = packages;
  if (packages.size === 1 && only && !(isOrchestrator(only, sources) && image.home)) return only;
  const home = image.home?.package;
  if (home && isForeign(image, home)) return undefined;
  return home;
}

/** A Python or Java program in an image with a package.json beside it (for styles, for a client) is not the package's. */
function isForeign(image: BuiltImage, home: Fact<'package'>): boolean {
  if (home.value.build) return image.reading.entries.length > 0;
  const last = image.process.steps.findLast(({ ends }) => !ends);
  const written = last && lastSegment(last.words[0] ?? '');
  // A script that ends in `exec "$@"` starts what a deployment hands to it.
  const name = written !== undefined && /\.(?:ba)?sh$|entrypoint/i.test(written) ? undefined : written;
  // Where the base image decides what starts, the folder says what it is.
  if (home.value.dotnet) return name !== undefined && (runsPython.test(name) || /^(?:node|java)$/.test(name));
  if (home.value.ecosystem === 'go')
    return image.reading.entries.length === 0 && name !== undefined && (runsPython.test(name) || runsOthers.test(name));
  if (home.value.ecosystem) return name !== undefined && !runsPython.test(name);
  return name !== undefined && (runsPython.test(name) || runsOthers.test(name)) && !hasServerDependency(home);
}
const runsPython =
  /^(?:python[\d.]*|gunicorn|uvicorn|hypercorn|daphne|waitress-serve|uwsgi|flask|fastapi|django-admin|celery|poetry|pipenv|uv|streamlit|manage\.py)$/;
const runsOthers = /^(?:java|dotnet|php|php-fpm|apache2-foreground|ruby|bundle|rails|puma|catalina\.sh)$/;

/** nginx and the like as the base of the last stage: the image serves what the package builds for browsers. */
export function servesClient(image: BuiltImage): boolean {
  const base = image.lineage.at(-1)?.base;
  const product = base?.known ? knownProduct(base.value)?.name : undefined;
  return image.reading.client || (product !== undefined && /^(?:nginx|nginx-unprivileged|httpd|caddy)$/.test(product));
}

const infrastructure =
  /^(?:\.?docker(?:files?)?|builds?|deploy(?:ment)?s?|ops|infra(?:structure)?|ci|containers?|images?|scripts|dev|prod|production|\.devcontainer|tools?)$/i;

function folderOfImage(image: BuiltImage): string {
  const own = folderOf(image.fact.place.path);
  return own === '' || infrastructure.test(lastSegment(own)) || image.context.startsWith(`${own}/`) ? image.context : own;
}

const variants =
  /^(?:dev|develop|development|prod|production|test|ci|local|debug|build|builder|base|alpine|debian|ubuntu|slim|distroless|arm64|arm|amd64|arm32v7|release|latest|node|multi|multistage|k8s|aws|gcp|azure|heroku|cdk|windows|linux|chromium|bun|pnpm|npm|yarn|\d[\w.-]*)$/i;

/** `Dockerfile.worker` and `worker.Dockerfile` name a program; `Dockerfile.prod` does not. */
export function roleOfDockerfile(image: BuiltImage): string {
  const role = lastSegment(image.fact.place.path).replace(/\.?Dockerfile[.-]?/i, '');
  return variants.test(role) ? '' : role;
}

function homeLink(image: BuiltImage, unit: Unit): Link {
  const { fact, home, reading } = image;
  const entry = reading.entries[0];
  const byHome = home && home.package === unit.package;
  return {
    from: fact.place.path,
    to: unit.root || unit.name,
    because: byHome ? home.because : entry ? `it starts ${entry.path}` : `it is built from ${unit.root || 'the root'}`,
    confidence: byHome ? home.confidence : 'likely',
    places: byHome ? home.places : [fact.place],
  };
}
