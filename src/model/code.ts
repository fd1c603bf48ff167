import type { PackageManifest } from '../facts.ts';
import { type Entry, type Language, type Program, readInSteps } from '../languages/language.ts';
import type { Steps } from '../steps.ts';
import { groupBy } from '../text/group-by.ts';
import { isWorkerCommand } from '../text/worker-commands.ts';
import type { AnyFact, FactIndex, NotAssessed, Service } from '../types.ts';
import { canHold } from './conditions.ts';
import type { Environment } from './environment.ts';
import { emptyIndex, indexFacts } from './fact-index.ts';
import { lastSegment } from './path-tree.ts';
import type { Sources } from './sources.ts';
import type { Unit } from './units.ts';

/** The code side of a service. */
export interface CodeReading extends Pick<Service, 'code' | 'codeRead' | 'entries' | 'reachedFrom'> {
  readonly notAssessed: readonly NotAssessed[];
}

const nothing: CodeReading = { code: emptyIndex, codeRead: false, entries: [], reachedFrom: () => emptyIndex, notAssessed: [] };

/** Programs read so far: services that share a program read it once. */
export type ProgramCache = Map<string, readonly Program[]>;

/** Reads what a unit's process loads, and keeps what can run where the unit is deployed. */
export function* readCode(
  unit: Unit,
  entries: readonly Entry[],
  environments: readonly Environment[],
  languages: readonly Language[],
  sources: Sources,
  cache: ProgramCache,
): Steps<CodeReading> {
  if (unit.root === undefined || entries.length === 0) return nothing;
  const groups = groupBy(entries, ({ path }) => (sources.packageAbove(path) ?? unit.package)?.value.root ?? unit.root!);
  const read: (readonly Program[])[] = [];
  for (const [root, own] of groups) read.push(yield* readPrograms(root, sources.packages.get(root)?.value, own, languages, sources, cache));
  const programs = read.flat();
  if (programs.length === 0) return nothing;
  const facts = programs.flatMap((program) => program.facts).filter(({ when }) => canHold(when, environments));
  return {
    code: indexFacts(facts),
    codeRead: read.every(isRead),
    entries: programs.flatMap((program) => program.entries),
    reachedFrom: (functions) => factsWithin(programs, facts, functions),
    notAssessed: programs.flatMap((program) => program.notAssessed),
  };
}

/** Some language found its entries, and followed all that they load. */
const isRead = (programs: readonly Program[]): boolean =>
  programs.some((program) => program.entries.length > 0) && programs.every((program) => program.complete || program.entries.length === 0);

/** The programs of one package, each read with that package's own settings. */
function* readPrograms(
  root: string,
  manifest: PackageManifest | undefined,
  entries: readonly Entry[],
  languages: readonly Language[],
  sources: Sources,
  cache: ProgramCache,
): Steps<readonly Program[]> {
  const works = entries.length > 0 && entries.every(({ command }) => command !== undefined && isWorkerCommand(command.words));
  const key = JSON.stringify([root, entries.map(({ path }) => path), works]);
  const known = cache.get(key);
  if (known) return known;
  const programs: Program[] = [];
  const readers = languages
    .map((language) => ({ language, own: entries.filter(({ path }) => isOwn(path, language, languages)) }))
    .filter(({ language, own }) => own.length > 0 && canHoldProgram(language, root, own, sources));
  for (const { language, own } of readers) {
    const request = {
      root,
      package: manifest,
      packages: sources.manifestsByName,
      entries: own,
      files: sources.files,
      roots: sources.manifestsByFolder,
      manifestsUnder: sources.manifestsUnder,
    };
    programs.push(yield* readInSteps(language, request));
  }
  cache.set(key, programs);
  return programs;
}

/** A file that another language owns is none of its entries. */
const isOwn = (path: string, language: Language, languages: readonly Language[]): boolean =>
  language.owns(path) || !languages.some((other) => other !== language && other.owns(path));

const buildFile =
  /(?:^|\/)(?:pom\.xml|[\w.-]{1,100}\.gradle(?:\.kts)?|WEB-INF\/web\.xml|build\.xml|\.settings\/org\.eclipse\.[\w.]{1,60}\.xml)$/;
/** An entry that is a build file belongs to the language of that build alone. */
const canHoldProgram = (language: Language, root: string, entries: readonly Entry[], { tree }: Sources): boolean => {
  const builds = entries.filter(({ path }) => buildFile.test(path));
  // `shop-web.gradle` in the folder `shop-web` is its build script, too.
  const usual = (path: string): string => lastSegment(path).replace(/^.*(?=\.gradle)/, 'build');
  if (builds.length > 0) return builds.some(({ path }) => language.manifests.includes(usual(path)));
  return holdsLanguage(language, root, entries, tree);
};

const holdsLanguage = (language: Language, root: string, entries: readonly Entry[], tree: Sources['tree']): boolean =>
  language.manifests.some((name) => tree.hasFile(root === '' ? name : `${root}/${name}`)) ||
  entries.some(({ path }) => language.owns(path));

function factsWithin(programs: readonly Program[], facts: readonly AnyFact[], functions: readonly string[]): FactIndex {
  const reached = new Set(programs.flatMap((program) => [...program.reached(functions)]));
  return indexFacts(facts.filter(({ within }) => within !== undefined && reached.has(within)));
}
