import type { Container, Probe, Setting, Workload } from '../facts.ts';
import type { AnyFact, Fact, Place } from '../types.ts';
import { folderOf } from './path-tree.ts';

interface Known {
  readonly text: string;
  readonly place: Place;
}
type Variables = ReadonlyMap<string, Known>;
type VariablesFile = Fact<'manifest-variables'>;

const whole = /^\(\(([\w./-]{1,100})\)\)$/;
const units: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };
const isProductionName = /(?:^|[^a-z])(?:prod|production|live)(?:[^a-z]|$)/i;

/** Files beside the manifest or in a folder below it; those for production where some say so. */
function filesOf(manifest: string, files: readonly VariablesFile[]): readonly VariablesFile[] {
  const folder = folderOf(manifest);
  const near = files.filter(({ place, value }) => {
    const own = folderOf(place.path);
    const isNear =
      own === folder || /^(?:vars|variables|config|cf|cloudfoundry|manifests)$/.test(own.slice(folder === '' ? 0 : folder.length + 1));
    return (
      isNear &&
      (folder === '' || own === folder || own.startsWith(`${folder}/`)) &&
      value.purpose !== 'development' &&
      value.purpose !== 'test'
    );
  });
  const named = near.filter(({ place }) => isProductionName.test(place.path.slice(folder.length)));
  return named.length > 0 ? named : near;
}

/** What all of the files that define a name agree on: nothing says which of them is taken. */
function agreedOn(files: readonly VariablesFile[]): Variables {
  const found = new Map<string, Known | undefined>();
  for (const { value } of files) {
    for (const { name, text, place } of value.entries)
      found.set(name, found.has(name) && found.get(name)?.text !== text ? undefined : { text, place });
  }
  return new Map([...found].flatMap(([name, known]) => (known ? [[name, known] as const] : [])));
}

const lookUp = (text: string | undefined, variables: Variables): Known | undefined => {
  const name = whole.exec(text ?? '')?.[1];
  return name === undefined ? undefined : variables.get(name);
};

function fill<T extends string | number>(
  setting: Setting<T> | undefined,
  variables: Variables,
  read: (text: string) => T | undefined,
): Setting<T> | undefined {
  const known = setting && !setting.known ? lookUp(setting.written, variables) : undefined;
  const value = known && read(known.text);
  return known && value !== undefined ? { known: true, value, place: known.place } : setting;
}

const readCount = (text: string): number | undefined => (/^\d{1,5}$/.test(text) ? Number(text) : undefined);
function readSize(text: string): number | undefined {
  const match = /^(\d{1,9})\s*([KMGT]?)B?$/i.exec(text);
  return match?.[2] ? Number(match[1]) * units[match[2].toUpperCase()]! : undefined;
}

function fillContainer(container: Container, variables: Variables): Container {
  const { memoryLimit, memoryRequest, ...others } = container.resources;
  const limit = fill(memoryLimit, variables, readSize);
  const request = fill(memoryRequest, variables, readSize);
  const fillProbe = (probe: Probe | undefined): Probe | undefined => {
    const path = fill(probe?.path, variables, (text) => text);
    return probe && path ? { ...probe, path } : probe;
  };
  const [readiness, liveness] = [fillProbe(container.readiness), fillProbe(container.liveness)];
  return {
    ...container,
    ...(readiness ? { readiness } : {}),
    ...(liveness ? { liveness } : {}),
    resources: { ...others, ...(limit ? { memoryLimit: limit } : {}), ...(request ? { memoryRequest: request } : {}) },
  };
}

function fillWorkload(workload: Workload, variables: Variables): Workload {
  const replicas = fill(workload.replicas, variables, readCount);
  const name = lookUp(workload.name, variables)?.text ?? workload.name;
  return {
    ...workload,
    name,
    ...(replicas ? { replicas } : {}),
    containers: workload.containers.map((container) => ({ ...fillContainer(container, variables), name })),
  };
}

/** Fills what a Cloud Foundry manifest leaves to a variables file (`cf push --vars-file`), as far as only one value is possible. */
export function fillCloudFoundryVariables(workloads: readonly Fact<'workload'>[], facts: readonly AnyFact[]): readonly Fact<'workload'>[] {
  const files = facts.filter((fact): fact is VariablesFile => fact.kind === 'manifest-variables');
  if (files.length === 0) return workloads;
  return workloads.map((fact) => {
    if (fact.value.platform !== 'cloud-foundry') return fact;
    const variables = agreedOn(filesOf(fact.place.path, files));
    return variables.size > 0 ? { ...fact, value: fillWorkload(fact.value, variables) } : fact;
  });
}
