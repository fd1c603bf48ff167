import type { FileAccess, Language, Program } from '../languages/language.ts';
import type { Steps } from '../steps.ts';
import { groupBy } from '../text/group-by.ts';
import type { AnyFact, Artifact, Fact, NotAssessed, Repository } from '../types.ts';
import { assumePackages } from './assumed-packages.ts';
import { setBuildComposeAside } from './build-compose.ts';
import { collectVariableSources } from './environment.ts';
import { indexFacts } from './fact-index.ts';
import { locateUnits } from './locate.ts';
import { adoptLonePatches } from './lone-patches.ts';
import { takeOverriddenEntries } from './overridden-compose.ts';
import { indexPlatform } from './platform-index.ts';
import { setReplacedComposeAside } from './replaced-compose.ts';
import { type BuiltService, buildService, type Workshop } from './service.ts';
import { collectSources } from './sources.ts';

export interface ModelInput {
  /** Facts of all manifests. */
  readonly facts: readonly AnyFact[];
  readonly files: FileAccess;
  readonly languages: readonly Language[];
  readonly roleOf: (path: string) => Artifact['role'];
  readonly tracked?: ReadonlySet<string>;
  readonly notAssessed: readonly NotAssessed[];
}

/** Joins the facts of all manifests, and of the code that they run, into services. */
export function* buildRepository(input: ModelInput): Steps<Repository> {
  const { files, languages, roleOf } = input;
  const written = takeOverriddenEntries(
    setBuildComposeAside(
      setReplacedComposeAside(
        adoptLonePatches(input.facts, (path) => files.has(path)),
        files,
      ),
    ),
  );
  const facts = assumePackages(written, files, roleOf, languages);
  const sources = collectSources(facts, files, roleOf, languages);
  const { units, workloads, notAssessed } = locateUnits(facts, sources);
  const workshop: Workshop = {
    sources,
    languages,
    platform: indexPlatform(facts, workloads),
    variables: collectVariableSources(facts),
    patches: groupBy(
      facts.filter((fact): fact is Fact<'workload-patch'> => fact.kind === 'workload-patch' && roleOf(fact.place.path) === 'production'),
      ({ value }) => `${value.kind}/${value.name}`,
    ),
    programs: new Map(),
  };
  const built: BuiltService[] = [];
  for (const unit of units) {
    yield;
    built.push(yield* buildService(unit, workshop));
  }
  return {
    services: built.map(({ service }) => service),
    facts: indexFacts([...facts, ...factsOfPrograms([...workshop.programs.values()].flat(), new Set(facts.map(({ value }) => value)))]),
    notAssessed: [...input.notAssessed, ...notAssessed, ...built.flatMap((one) => one.notAssessed)],
    tracked: input.tracked,
    exists: (path) => files.has(path),
    roleOf,
  };
}

/** Files that more than one program speaks of. */
function sharedPaths(programs: readonly Program[]): ReadonlySet<string> {
  const first = new Map<string, Program>();
  const shared = new Set<string>();
  for (const program of programs) {
    for (const { place } of program.facts) {
      const owner = first.get(place.path);
      if (owner === undefined) first.set(place.path, program);
      else if (owner !== program) shared.add(place.path);
    }
  }
  return shared;
}

/** Programs share modules: a fact that several of them hold counts once, and so do those that manifests gave. */
function factsOfPrograms(programs: readonly Program[], known: ReadonlySet<AnyFact['value']>): readonly AnyFact[] {
  const shared = sharedPaths(programs);
  const owners = new Map<string, Program>();
  return programs.flatMap((program) =>
    program.facts.filter((fact) => {
      if (known.has(fact.value)) return false;
      const { kind, place } = fact;
      const { path, line, column, endLine, endColumn } = place;
      if (!shared.has(path)) return true;
      const key = `${kind} ${path}:${line}:${column}-${endLine}:${endColumn}`;
      const owner = owners.get(key) ?? program;
      owners.set(key, owner);
      return owner === program;
    }),
  );
}
