/** One box for what has one name: a workload that several overlays or sets of values make is one part of the system. */
import type { MapEdge, MapNode, ServicesMap } from '../../../assessment/types.ts';

export function mergeAlike({ nodes, edges }: ServicesMap): ServicesMap {
  const first = new Map<string, MapNode>();
  const counts = new Map<string, number>();
  const idOf = new Map<string, string>();
  for (const node of nodes) {
    const key = JSON.stringify([node.kind, node.label, node.service]);
    const known = first.get(key) ?? node;
    first.set(key, known);
    idOf.set(node.id, known.id);
    counts.set(known.id, (counts.get(known.id) ?? 0) + 1);
  }
  const merged = new Map<string, MapEdge>();
  for (const edge of edges) {
    const [from, to] = [idOf.get(edge.from) ?? edge.from, idOf.get(edge.to) ?? edge.to];
    const key = JSON.stringify([from, to, edge.label]);
    if (!merged.has(key)) merged.set(key, { ...edge, from, to });
  }
  return {
    nodes: [...first.values()].map((node) =>
      counts.get(node.id) === 1 ? node : { ...node, label: `${node.label} ×${counts.get(node.id)}` },
    ),
    edges: [...merged.values()],
  };
}
