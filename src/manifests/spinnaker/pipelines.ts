/** Where pipelines of Spinnaker stand in JSON, and what is asked of their stages. */
import type { JsonNode } from '../../text/json-document.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isDinghyfile = (path: string): boolean => /^dinghyfile(?:[.-][\w.-]+)?$|\.dinghy$/i.test(baseName(path));
export const mayBePipeline = (path: string): boolean =>
  isDinghyfile(path) ||
  (/\.json$/i.test(path) && /pipeline|spinnaker|deploy/i.test(path) && !/(?:^|\/)package(?:-lock)?\.json$/.test(path));

export const looksLikePipeline = (text: string): boolean =>
  /"stages"\s*:/.test(text) &&
  (/"(?:refId|requisiteStageRefIds)"\s*:/.test(text) || /"type"\s*:\s*"(?:deploy|createServerGroup|deployManifest)"/.test(text));

export const textOf = (node: JsonNode | undefined): string | undefined => (typeof node?.value === 'string' ? node.value : undefined);
/** Numbers, also as text; expressions (`${parameters.size}`) are decided elsewhere. */
export function numberOf(node: JsonNode | undefined): number | undefined {
  const value = node?.value;
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}

const maxDepth = 4;
/** Objects that hold `stages`: the file itself, its list, `pipelines` of a dinghyfile, `config` or `pipeline` around one. */
export function pipelinesOf(node: JsonNode, depth = 0): readonly JsonNode[] {
  if (depth > maxDepth) return [];
  if ((node.get('stages')?.items().length ?? 0) > 0) return [node];
  const inner = [...node.items(), ...['pipelines', 'config', 'pipeline', 'spec'].flatMap((key) => node.get(key) ?? [])];
  return inner.flatMap((one) => pipelinesOf(one, depth + 1));
}

export const nameOfPipeline = (pipeline: JsonNode, path: string): string => textOf(pipeline.get('name')) ?? baseName(path);
