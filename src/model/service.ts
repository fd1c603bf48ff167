import type { Entry, Language } from '../languages/language.ts';
import type { Steps } from '../steps.ts';
import { isTaskProgram } from '../text/job-names.ts';
import { unreadLanguageOf } from '../text/programming-languages.ts';
import { isWorkerCommand } from '../text/worker-commands.ts';
import type { Deployment, Fact, NotAssessed, Place, Service } from '../types.ts';
import { type BuiltImage, isForProduction } from './built-images.ts';
import { type CodeReading, type ProgramCache, readCode } from './code.ts';
import { possibleStores } from './conditions.ts';
import { countCopies } from './copies.ts';
import { readDeployments } from './deployments.ts';
import { listenPort } from './dotnet-ports.ts';
import { type Environment, imageVariables, type VariableSources } from './environment.ts';
import { readLiterals } from './literals.ts';
import { servesClient } from './own-units.ts';
import type { PlatformIndex } from './platform-index.ts';
import type { Sources } from './sources.ts';
import { isProduction, type Placement, type Unit } from './units.ts';

/** Everything that services are made of, read once for all of them. */
export interface Workshop {
  readonly sources: Sources;
  readonly languages: readonly Language[];
  readonly platform: PlatformIndex;
  readonly variables: VariableSources;
  readonly patches: ReadonlyMap<string, readonly Fact<'workload-patch'>[]>;
  readonly programs: ProgramCache;
}

export interface BuiltService {
  readonly service: Service;
  readonly notAssessed: readonly NotAssessed[];
}

/** Where nothing is found of what an image starts, what the package starts by itself tells at least what its code does. */
function* readEntries(unit: Unit, entries: readonly Entry[], environments: readonly Environment[], workshop: Workshop): Steps<CodeReading> {
  const { languages, sources, programs } = workshop;
  const code = yield* readCode(unit, entries, environments, languages, sources, programs);
  const isOwn =
    unit.kind === 'job' || unit.ownEntries.length === 0 || unit.ownEntries.every((own) => entries.some(({ path }) => path === own.path));
  if (code.entries.length > 0 || entries.length === 0 || isOwn) return code;
  return { ...(yield* readCode(unit, unit.ownEntries, environments, languages, sources, programs)), codeRead: false };
}

export function* buildService(unit: Unit, workshop: Workshop): Steps<BuiltService> {
  const deployments = readDeployments(unit, workshop.platform, workshop.variables);
  const environments = productionEnvironments(unit, deployments);
  const code = yield* readEntries(unit, entriesOf(unit), environments, workshop);
  const service: Service = {
    name: unit.name,
    root: unit.root,
    kind: kindOf(unit, code, deployments),
    place: placeOf(unit, code, deployments),
    code: code.code,
    codeRead: code.codeRead && !hasForeignProgram(unit),
    ...unreadLanguage(unit, code, workshop),
    entries: code.entries,
    package: unit.package,
    images: unit.images,
    deployments,
    copies: countCopies(deployments, managersOf(unit), workshop.patches),
    links: [...unit.links, ...unit.placements.flatMap(({ links }) => links)],
    possibleStores: (stores) => possibleStores(stores, environments),
    literals: (value, deployment) => readLiterals(value, deployment ? [deployment.environment] : environments),
    reachedFrom: code.reachedFrom,
  };
  return { service, notAssessed: code.notAssessed.map((note) => ({ service: unit.name, ...note })) };
}

/** The environments of production deployments; without one, what the images themselves give. */
function productionEnvironments(unit: Unit, deployments: readonly Deployment[]): readonly Environment[] {
  const production = deployments.filter(({ purpose }) => purpose === 'production' || purpose === 'unknown');
  if (production.length > 0) return production.map(({ environment }) => environment);
  return productionImages(unit).map((image) => {
    const given = imageVariables(image);
    return { given: [...given, ...listenPort(given, image.lineage, image.reading)], complete: false, missing: [] };
  });
}

const productionImages = (unit: Unit): readonly BuiltImage[] => {
  const judged = unit.images.filter(isForProduction);
  return judged.length > 0 ? judged : unit.images;
};

/** What production deployments start, else what the images start, else what the package starts, else what development starts. */
function entriesOf(unit: Unit): readonly Entry[] {
  const groups: readonly (readonly Entry[])[] = [
    deployedEntries(unit.placements.filter(isProduction)),
    productionImages(unit).flatMap(({ reading }) => reading.entries),
    unit.kind === 'job' ? [] : unit.ownEntries,
    unit.placements.flatMap(({ reading }) => reading.entries),
  ];
  const found = groups.find((entries) => entries.length > 0) ?? [];
  // A module that a server loads and a worker, too, is read as the server loads it.
  const ordered = [...found].sort((a, b) => Number(works(b)) - Number(works(a)));
  return [...new Map(ordered.map((entry) => [entry.path, entry])).values()];
}
const works = ({ command }: Entry): boolean =>
  command !== undefined && (isWorkerCommand(command.words) || command.words.includes('flower'));

/** A program that runs elsewhere as well is started there as it is meant to be: Compose files often replace the command. */
function deployedEntries(placements: readonly Placement[]): readonly Entry[] {
  const elsewhere = placements.filter(({ workload }) => workload.value.platform !== 'compose');
  const paths = new Set(elsewhere.flatMap(({ reading }) => reading.entries.map(({ path }) => path)));
  return placements.flatMap((placement) =>
    placement.reading.entries.filter(({ path }) => elsewhere.includes(placement) || !paths.has(path)),
  );
}

/** A process keeps a program in the foreground that was not read: what its code lacks, that one may have. */
const hasForeignProgram = (unit: Unit): boolean =>
  [...unit.placements.filter(isProduction), ...productionImages(unit)].some(({ reading }) => reading.process.foreign);

function unreadLanguage({ root }: Unit, { codeRead, entries }: CodeReading, { sources, languages }: Workshop): { unreadLanguage?: string } {
  if (root === undefined || codeRead || entries.length > 0) return {};
  const own = sources.files.under(root).filter((path) => sources.roleOf(path) === 'production');
  const name = unreadLanguageOf(own, (path) => languages.some((language) => language.owns(path)));
  return name === undefined ? {} : { unreadLanguage: name };
}

/** Process files count where production goes through them. */
const managersOf = (unit: Unit): readonly Fact<'process-file'>[] => [
  ...new Set(
    [...unit.placements.filter(isProduction), ...(unit.placements.length > 0 ? [] : productionImages(unit))].flatMap(
      ({ reading }) => reading.managers,
    ),
  ),
];

function kindOf(unit: Unit, { code, codeRead, entries }: CodeReading, deployments: readonly Deployment[]): Service['kind'] {
  if (unit.kind) return unit.kind;
  const listens = code.all('listen').some(({ value }) => value.purpose !== 'metrics');
  if (listens || code.has('http-server') || code.has('route')) return 'http';
  // The port that its image exposes is that of the program beside it.
  const isTask = deployments.length === 0 && entries.length > 0 && entries.every(({ path }) => isTaskProgram(path));
  if (isTask) return 'job';
  const isExposed = deployments.some(({ container, exposures }) => container.ports.length > 0 || exposures.length > 0);
  if (isExposed || unit.images.some((image) => servesClient(image) || image.lineage.some(({ expose }) => expose.length > 0))) return 'http';
  return codeRead || entries.length > 0 ? 'worker' : 'unknown';
}

/** Where it listens, else its entry, its Dockerfile, its package or its workload. */
function placeOf(unit: Unit, { code, entries }: CodeReading, deployments: readonly Deployment[]): Place {
  const listen = code.all('listen').find(({ value }) => value.purpose !== 'metrics');
  const entry = entries[0];
  const image = productionImages(unit)[0];
  return (
    listen?.place ??
    (entry ? firstLine(entry.path) : undefined) ??
    (image ? firstLine(image.fact.place.path) : undefined) ??
    unit.package?.value.namePlace ??
    deployments[0]?.workload.value.namePlace ??
    firstLine(unit.root ?? '')
  );
}

const firstLine = (path: string): Place => ({ path, line: 1, column: 1, endLine: 1, endColumn: 1 });
