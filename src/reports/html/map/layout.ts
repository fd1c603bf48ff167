/** Where the parts of the services map stand. Pure numbers; the same map gives the same layout. */
import type { MapEdge, MapNode, ServicesMap } from '../../../assessment/types.ts';
import { orderLayers } from './order-layers.ts';
import { placeLayers } from './place-layers.ts';
import { drawRoute, laneWidth, routeEdges, takeLanes, type Vertex } from './routes.ts';
import { wrapLabel } from './wrap-label.ts';

export interface Box {
  readonly node: MapNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
}
export interface Line {
  readonly edge: MapEdge;
  /** Its ends, by their place in `boxes`. */
  readonly from: number;
  readonly to: number;
  /** Path data of SVG. */
  readonly path: string;
}
export interface Column {
  readonly kinds: readonly MapNode['kind'][];
  readonly x: number;
}
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly Column[];
  /** In the order of the map's nodes. */
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

/** From left to right; stores and what lies outside share the last column. */
const columnOfKind: Readonly<Record<MapNode['kind'], number>> = { code: 0, image: 1, workload: 2, service: 3, store: 4, external: 4 };
const boxWidth = 168;
export const lineHeight = 16;
const padding = 11;
/** Cells of 12 px text in a box, and what the mark of a verdict takes of them. */
const cellsOfBox = 22;
const cellsOfMark = 3;
/** The lid of a drum, above its label. */
export const drumRim = 10;
const rowGap = 14;
const columnGap = 50;
const headHeight = 34;
const margin = 8;

/** Cells of a line in the box of a node. */
export const roomIn = ({ verdict }: MapNode): number => (verdict === undefined ? cellsOfBox : cellsOfBox - cellsOfMark);

export function layOut({ nodes, edges }: ServicesMap): Layout {
  const used = [...new Set(nodes.map(({ kind }) => columnOfKind[kind]))].sort((a, b) => a - b);
  const labels = nodes.map((node) => wrapLabel(node.label, roomIn(node)));
  const vertices: Vertex[] = nodes.map(({ kind }, index) => ({
    height: labels[index]!.length * lineHeight + 2 * padding + (kind === 'store' ? drumRim : 0),
    column: used.indexOf(columnOfKind[kind]),
  }));
  const ends = findEnds(nodes, edges);
  const routes = routeEdges(ends, vertices);
  const steps = routes
    .flatMap(({ stops }) => stops.slice(1).map((to, index) => [stops[index]!, to] as const))
    .filter(([from, to]) => vertices[from]!.column !== vertices[to]!.column);
  const columns = used.map((_, column) => vertices.flatMap((vertex, index) => (vertex.column === column ? [index] : [])));
  const heights = vertices.map(({ height }) => height);
  const middles = placeLayers({ layers: orderLayers(columns, steps), edges: steps, heights, gap: rowGap });
  const ys = middles.map((middle) => headHeight + middle);
  const lanes = takeLanes(routes, vertices, ys, used.length);
  const xs = columnStarts(lanes.counts);
  const geometry = { ys, xs, boxWidth };
  return {
    width: (xs.at(-1) ?? 0) + boxWidth + laneWidth(lanes.counts.at(-1) ?? 0) + margin,
    height: Math.ceil(Math.max(headHeight, ...ys.map((y, index) => y + heights[index]! / 2))) + margin,
    columns: used.map((column, index) => ({ x: xs[index]!, kinds: kindsIn(nodes, column) })),
    boxes: nodes.map((node, index) => {
      const { height, column } = vertices[index]!;
      return { node, height, lines: labels[index]!, width: boxWidth, x: xs[column]!, y: ys[index]! - height / 2 };
    }),
    lines: routes.map((route, index) => {
      const [edge, from, to] = ends[index]!;
      return { edge, from, to, path: drawRoute(route, vertices, geometry, lanes.of.get(route)) };
    }),
  };
}

/** Edges with the places of their nodes; one to a node that is not there, or to itself, cannot be drawn. */
function findEnds(nodes: readonly MapNode[], edges: readonly MapEdge[]): readonly (readonly [MapEdge, number, number])[] {
  const index = new Map(nodes.map(({ id }, at) => [id, at]));
  return edges.flatMap((edge) => {
    const [from, to] = [index.get(edge.from), index.get(edge.to)];
    return from === undefined || to === undefined || from === to ? [] : [[edge, from, to] as const];
  });
}

const kindsIn = (nodes: readonly MapNode[], column: number): readonly MapNode['kind'][] =>
  [...new Set(nodes.map(({ kind }) => kind))].filter((kind) => columnOfKind[kind] === column).sort();

function columnStarts(laneCounts: readonly number[]): readonly number[] {
  let x = margin;
  return laneCounts.map((count) => {
    const start = x;
    x += boxWidth + columnGap + laneWidth(count);
    return start;
  });
}
