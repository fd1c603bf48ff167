/** How lines run between boxes: curves from column to column, and lanes behind a column for what stands in the same one. */
import type { MapEdge } from '../../../assessment/types.ts';

/** A place in a column: a box, or the gap that a line needs to pass. */
export interface Vertex {
  readonly column: number;
  readonly height: number;
}
export interface Route {
  readonly edge: MapEdge;
  /** Vertices from left to right, one a column; within one column, from its start to its end. */
  readonly stops: readonly number[];
  /** It runs from right to left. */
  readonly backward: boolean;
}
export interface Geometry {
  /** Middle of each vertex. */
  readonly ys: readonly number[];
  /** Left side of each column. */
  readonly xs: readonly number[];
  readonly boxWidth: number;
}

const passHeight = 4;
const firstLane = 16;
/** Lines of lanes leave above the middle of a box and arrive below it. */
const sideStep = 7;
const laneGap = 11;
const maxLanes = 12;

/** Appends to `vertices` a thin one for each column that an edge passes. */
export function routeEdges(ends: readonly (readonly [MapEdge, number, number])[], vertices: Vertex[]): readonly Route[] {
  return ends.map(([edge, from, to]) => {
    const backward = vertices[from]!.column > vertices[to]!.column;
    const [left, right] = backward ? [to, from] : [from, to];
    const stops = [left];
    for (let column = vertices[left]!.column + 1; column < vertices[right]!.column; column++) {
      stops.push(vertices.length);
      vertices.push({ height: passHeight, column });
    }
    return { edge, backward, stops: [...stops, right] };
  });
}

export interface Lanes {
  readonly of: ReadonlyMap<Route, number>;
  /** How many lanes are behind each column. */
  readonly counts: readonly number[];
}

/** Lines that leave one box share a lane and are read as a tree; trees that overlap get lanes of their own, short ones the inner lanes. */
export function takeLanes(routes: readonly Route[], vertices: readonly Vertex[], ys: readonly number[], columns: number): Lanes {
  const of = new Map<Route, number>();
  const lanes: number[][][] = Array.from({ length: columns }, () => []);
  const trees = new Map<number, Route[]>();
  for (const route of routes) {
    const [start, end] = route.stops;
    if (route.stops.length !== 2 || vertices[start!]!.column !== vertices[end!]!.column) continue;
    trees.set(start!, [...(trees.get(start!) ?? []), route]);
  }
  const byLength = [...trees.values()]
    .map((tree, index) => ({ tree, index, span: spanOf(tree, ys) }))
    .sort((a, b) => a.span[1] - a.span[0] - (b.span[1] - b.span[0]) || a.index - b.index);
  for (const { tree, span } of byLength) {
    const own = lanes[vertices[tree[0]!.stops[0]!]!.column]!;
    const free = own.findIndex((spans) => !overlaps(spans, span));
    const lane = free >= 0 ? free : own.push([]) - 1;
    own[lane]!.push(...span);
    for (const route of tree) of.set(route, lane % maxLanes);
  }
  return { of, counts: lanes.map((own) => Math.min(own.length, maxLanes)) };
}

type Span = readonly [number, number];
function spanOf(tree: readonly Route[], ys: readonly number[]): Span {
  const ends = tree.flatMap(({ stops }) => stops.map((stop) => ys[stop]!));
  return [Math.min(...ends), Math.max(...ends)];
}
/** `spans` holds tops and bottoms in turn. */
const overlaps = (spans: readonly number[], [top, bottom]: Span): boolean =>
  spans.some((start, index) => index % 2 === 0 && start < bottom && spans[index + 1]! > top);

/** Room that lanes need behind their column. */
export const laneWidth = (count: number): number => (count === 0 ? 0 : firstLane + count * laneGap);

/** Path data of a route. */
export function drawRoute(route: Route, vertices: readonly Vertex[], { ys, xs, boxWidth }: Geometry, lane: number | undefined): string {
  const { stops, backward } = route;
  const leftOf = (stop: number): number => xs[vertices[stop]!.column]!;
  if (lane !== undefined)
    return drawLane(leftOf(stops[0]!) + boxWidth, ys[stops[0]!]! - sideStep, ys[stops[1]!]! + sideStep, firstLane + lane * laneGap);
  const points = stops.flatMap((stop, index): Point[] => {
    const left: Point = [leftOf(stop), ys[stop]!];
    const right: Point = [leftOf(stop) + boxWidth, ys[stop]!];
    return [...(index > 0 ? [left] : []), ...(index < stops.length - 1 ? [right] : [])];
  });
  return drawCurve(backward ? points.reverse() : points);
}

type Point = readonly [number, number];

/** Level where it meets boxes, so that arrows point along it. */
function drawCurve(points: readonly Point[]): string {
  let [x, y] = points[0]!;
  let path = `M${x} ${y}`;
  for (const [nextX, nextY] of points.slice(1)) {
    const middle = Math.round((x + nextX) / 2);
    path += y === nextY ? `H${nextX}` : `C${middle} ${y} ${middle} ${nextY} ${nextX} ${nextY}`;
    [x, y] = [nextX, nextY];
  }
  return path;
}

/** Out of the right side, along the lane, and back into the right side of the other box. */
function drawLane(x: number, from: number, to: number, reach: number): string {
  const radius = Math.min(6, Math.abs(to - from) / 2);
  const turn = to > from ? radius : -radius;
  const lane = x + reach;
  return `M${x} ${from}H${lane - radius}Q${lane} ${from} ${lane} ${from + turn}V${to - turn}Q${lane} ${to} ${lane - radius} ${to}H${x}`;
}
