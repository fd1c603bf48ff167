import type { FactValues, Setting, Workload } from '../facts.ts';
import type { AnyFact, Fact } from '../types.ts';
import { folderOf, joinPath } from './path-tree.ts';

type Variables = ReadonlyMap<string, string>;

const variable = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?\?[^{}$]*)?\})/g;
const maxDepth = 4;

/** Replaces variables; `undefined` when one is missing. */
function complete(text: string, variables: Variables, depth = 0): string | undefined {
  if (depth > maxDepth || text.length > 2_000) return undefined;
  let missing = false;
  const result = text.replace(variable, (_, plain: string, braced: string) => {
    const value = variables.get(plain ?? braced);
    const nested = value?.includes('$') ? complete(value, variables, depth + 1) : value;
    missing ||= nested === undefined;
    return nested ?? '';
  });
  return missing || result.includes('${') ? undefined : result;
}

const readEntries = ({ entries }: FactValues['env-file']): Variables =>
  new Map(entries.flatMap(({ name, value }) => (value?.known ? [[name, value.value] as const] : [])));

/**
 * Fills names of images and Dockerfiles from the `.env` file beside a Compose file, which Compose reads by itself
 * (Compose specification, "Interpolation"); a sample of it says the same where it is not committed.
 */
export function fillComposeVariables(workloads: readonly Fact<'workload'>[], facts: readonly AnyFact[]): readonly Fact<'workload'>[] {
  const files = new Map<string, Variables>();
  for (const { kind, place, value } of facts) if (kind === 'env-file') files.set(place.path, readEntries(value));
  if (files.size === 0) return workloads;
  const variablesBeside = (path: string): Variables | undefined =>
    ['.env', '.env.example', '.env.sample', '.env.template', '.env.dist']
      .map((name) => files.get(joinPath(folderOf(path), name) ?? name))
      .find((found) => found !== undefined);
  return workloads.map((fact) => {
    const variables = fact.value.platform === 'compose' ? variablesBeside(fact.place.path) : undefined;
    return variables ? { ...fact, value: fillWorkload(fact.value, variables) } : fact;
  });
}

function fillWorkload(workload: Workload, variables: Variables): Workload {
  const { build } = workload;
  const dockerfile = build?.dockerfile?.includes('$') ? complete(build.dockerfile, variables) : undefined;
  const path = dockerfile === undefined ? undefined : joinPath(build!.context, dockerfile);
  return {
    ...workload,
    containers: workload.containers.map((container) =>
      container.image && !container.image.known ? { ...container, image: fillSetting(container.image, variables) } : container,
    ),
    ...(build && path !== undefined ? { build: { ...build, dockerfile: path } } : {}),
  };
}

function fillSetting(setting: Setting<string> & { known: false }, variables: Variables): Setting<string> {
  const value = setting.written === undefined ? undefined : complete(setting.written, variables);
  return value === undefined ? setting : { known: true, value, place: setting.place };
}
