import type { EnvEntry, EnvSource } from '../facts.ts';
import { sharesSet } from '../text/sets.ts';
import type { AnyFact, Deployment, Fact } from '../types.ts';
import type { BuiltImage } from './built-images.ts';
import { mergeByName } from './compose-overlays.ts';
import { listenPort } from './dotnet-ports.ts';
import { javaProperties } from './java-properties.ts';
import { folderOf, joinPath } from './path-tree.ts';
import type { ProcessReading } from './process/reading.ts';

export type Environment = Deployment['environment'];

/** ConfigMaps, Secrets and env files by the names under which containers ask for them. */
export interface VariableSources {
  readonly configs: ReadonlyMap<string, readonly Fact<'config-source'>[]>;
  readonly files: ReadonlyMap<string, Fact<'env-file'>>;
}

export function collectVariableSources(facts: readonly AnyFact[]): VariableSources {
  const configs = new Map<string, Fact<'config-source'>[]>();
  const files = new Map<string, Fact<'env-file'>>();
  for (const fact of facts) {
    if (fact.kind === 'env-file') files.set(fact.place.path, fact);
    else if (fact.kind === 'config-source') {
      const key = `${fact.value.kind}/${fact.value.name}`;
      const list = configs.get(key);
      if (list) list.push(fact);
      else configs.set(key, [fact]);
    }
  }
  return { configs, files };
}

interface Draft {
  given: readonly EnvEntry[];
  complete: boolean;
  readonly missing: string[];
}

/** Platforms whose variables are set outside of the repository. */
const setElsewhere = new Set(['heroku', 'cloud-foundry', 'ecs', 'cloud-run', 'other']);

/** Everything that a container's process finds in its environment; later sources win: image, sources, entries, the command itself. */
export function readEnvironment(
  workload: Fact<'workload'>,
  container: Deployment['container'],
  image: BuiltImage | undefined,
  reading: ProcessReading,
  sources: VariableSources,
): Environment {
  const draft: Draft = {
    given: imageVariables(image),
    complete: image !== undefined && !setElsewhere.has(workload.value.platform),
    missing: [],
  };
  for (const source of container.envFrom) addSource(draft, source, workload, sources);
  draft.given = mergeByName(draft.given, lastOfEach(container.env.map((entry) => resolveReference(draft, entry, workload, sources))));
  draft.given = mergeByName(draft.given, commandVariables(reading));
  draft.given = mergeByName(draft.given, lastOfEach(javaProperties(reading, draft.given)));
  draft.given = mergeByName(draft.given, listenPort(draft.given, image?.lineage ?? [], reading));
  return draft;
}

/** Variables of an image, nearest stage last. */
export const imageVariables = (image: BuiltImage | undefined): readonly EnvEntry[] =>
  [...(image?.lineage ?? [])].reverse().reduce<readonly EnvEntry[]>((given, stage) => mergeByName(given, lastOfEach(stage.env)), []);

/** `NODE_ENV=production node …`, cross-env and what shell scripts export before the program. */
function commandVariables({ process }: ProcessReading): readonly EnvEntry[] {
  const entries = process.steps
    .filter(({ ends }) => !ends)
    .flatMap(({ env, place }) => Object.entries(env ?? {}).map(([name, value]) => toEntry(name, value, place)));
  return lastOfEach(entries);
}

const toEntry = (name: string, value: string, place: EnvEntry['place']): EnvEntry => ({
  name,
  value: value.includes('$') ? { known: false, because: 'a shell decides it', place } : { known: true, value, place },
  place,
});

function addSource(draft: Draft, source: EnvSource, workload: Fact<'workload'>, sources: VariableSources): void {
  const entries = source.kind === 'env-file' ? fileEntries(source, workload, sources) : configEntries(source, workload, sources);
  if (entries === undefined) {
    draft.complete = false;
    if (source.kind === 'env-file') draft.given = mergeByName(draft.given, sampleEntries(source, workload, sources));
    if (!source.optional) draft.missing.push(source.name);
    return;
  }
  if (entries.open) draft.complete = false;
  const named = source.prefix ? entries.list.map((entry) => ({ ...entry, name: source.prefix + entry.name })) : entries.list;
  draft.given = mergeByName(draft.given, lastOfEach(named));
}

interface SourceEntries {
  readonly list: readonly EnvEntry[];
  /** Keys may be set that the repository does not show. */
  readonly open: boolean;
}

/** Compose paths are relative to the Compose file; adapters may have resolved them to the root already. */
function fileEntries(source: EnvSource, workload: Fact<'workload'>, sources: VariableSources): SourceEntries | undefined {
  const beside = joinPath(folderOf(workload.place.path), source.name);
  const fact = (beside === undefined ? undefined : sources.files.get(beside)) ?? sources.files.get(source.name.replace(/^\.\//, ''));
  return fact && { list: fact.value.entries, open: false };
}

const sampleEndings = ['.sample', '-sample', '.example', '-example', '_example', '.template', '-template', '.dist'];

/** `DB=postgres`: which kind of server is asked is the same wherever the file is filled in. */
const namesServer = ({ value }: EnvEntry): boolean =>
  value?.known === true && /^(?:postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|mssql|oracle|redis)$/i.test(value.value);

/**
 * What a sample beside a file that is not kept names is given by that file; its values may be others,
 * but for the kind of a database. SQLite stays a choice.
 */
function sampleEntries(source: EnvSource, workload: Fact<'workload'>, sources: VariableSources): readonly EnvEntry[] {
  const written = source.name.replace(/^\.\//, '');
  const beside = joinPath(folderOf(workload.place.path), written);
  const sample = [beside, written]
    .flatMap((path) => (path === undefined ? [] : sampleEndings.map((ending) => sources.files.get(`${path}${ending}`))))
    .find((fact) => fact !== undefined);
  const says = ({ value }: EnvEntry): boolean => value?.known !== true || (value.value !== '' && !/sqlite/i.test(value.value));
  return lastOfEach(
    (sample?.value.entries ?? []).filter(says).map((entry) => (namesServer(entry) ? entry : { name: entry.name, place: entry.place })),
  );
}

function configEntries(source: EnvSource, workload: Fact<'workload'>, sources: VariableSources): SourceEntries | undefined {
  const fact = findConfig(`${source.kind}/${source.name}`, workload, sources);
  if (!fact) return undefined;
  const listed = new Set(fact.value.entries.map(({ name }) => name));
  const others = (fact.value.keys ?? []).filter((key) => !listed.has(key)).map((name): EnvEntry => ({ name, place: fact.value.namePlace }));
  return { list: [...fact.value.entries, ...others], open: fact.value.keys === undefined };
}

/** The definition in the workload's own folder, else one that is not for development or tests. */
function findConfig(key: string, workload: Fact<'workload'>, sources: VariableSources): Fact<'config-source'> | undefined {
  const { namespace } = workload.value;
  const found = (sources.configs.get(key) ?? []).filter(
    (fact) =>
      sharesSet(fact, workload) && (namespace === undefined || fact.value.namespace === undefined || fact.value.namespace === namespace),
  );
  const folder = folderOf(workload.place.path);
  return (
    found.find(({ place }) => folderOf(place.path) === folder) ??
    found.find(({ value }) => value.purpose === 'production' || value.purpose === 'unknown') ??
    found[0]
  );
}

/** `valueFrom` a ConfigMap of the repository becomes its value; the line of the container stays. */
function resolveReference(draft: Draft, entry: EnvEntry, workload: Fact<'workload'>, sources: VariableSources): EnvEntry {
  const { from } = entry;
  if (entry.value || !from || (from.kind !== 'config-map' && from.kind !== 'secret') || from.name === undefined) return entry;
  const fact = findConfig(`${from.kind}/${from.name}`, workload, sources);
  if (!fact && !from.optional) draft.missing.push(from.name);
  const value = fact?.value.entries.find(({ name }) => name === from.key)?.value;
  return value ? { ...entry, value } : entry;
}

const lastOfEach = (entries: readonly EnvEntry[]): readonly EnvEntry[] => [
  ...new Map(entries.map((entry) => [entry.name, entry])).values(),
];
