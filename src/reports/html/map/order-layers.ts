/** Order within columns: the fewest crossings that sweeps by barycentre find (Sugiyama, Tagawa, Toda 1981). */

type Edge = readonly [number, number];
type Order = readonly (readonly number[])[];
type Neighbours = ReadonlyMap<number, readonly number[]>;

const sweeps = 12;

/**
 * @param layers vertices by column
 * @param edges between neighbouring columns, from left to right
 */
export function orderLayers(layers: Order, edges: readonly Edge[]): Order {
  const left = neighbours(edges.map(([from, to]) => [to, from]));
  const right = neighbours(edges);
  let order: Order = layers;
  let best: Order = layers;
  let fewest = countCrossings(layers, right);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    order = sweep % 2 === 0 ? sweepOver(order, left, 1) : sweepOver(order, right, -1);
    const crossings = countCrossings(order, right);
    if (crossings < fewest) [best, fewest] = [order, crossings];
  }
  return best;
}

function neighbours(edges: readonly Edge[]): Neighbours {
  const found = new Map<number, number[]>();
  for (const [from, to] of edges) {
    const known = found.get(from);
    if (known) known.push(to);
    else found.set(from, [to]);
  }
  return found;
}

const positionsIn = (layer: readonly number[]): ReadonlyMap<number, number> => new Map(layer.map((vertex, index) => [vertex, index]));

/** Sorts each column by the mean place of its neighbours in the column before; what has none stays where it was. */
function sweepOver(order: Order, fixedSide: Neighbours, step: 1 | -1): Order {
  const result = order.map((layer) => [...layer]);
  for (let index = step === 1 ? 1 : result.length - 2; index >= 0 && index < result.length; index += step) {
    const fixed = positionsIn(result[index - step]!);
    const layer = result[index]!;
    const keys = new Map(layer.map((vertex, place) => [vertex, { place, mean: meanShare(vertex, place, layer.length, fixed, fixedSide) }]));
    result[index] = layer.sort((a, b) => keys.get(a)!.mean - keys.get(b)!.mean || keys.get(a)!.place - keys.get(b)!.place);
  }
  return result;
}

/** Columns differ in length, so places are compared as shares of their column. */
function meanShare(vertex: number, place: number, length: number, fixed: ReadonlyMap<number, number>, fixedSide: Neighbours): number {
  const places = (fixedSide.get(vertex) ?? []).flatMap((other) => fixed.get(other) ?? []);
  if (places.length === 0) return (place + 0.5) / length;
  return places.reduce((sum, at) => sum + (at + 0.5) / fixed.size, 0) / places.length;
}

function countCrossings(order: Order, right: Neighbours): number {
  let crossings = 0;
  for (let index = 0; index + 1 < order.length; index++) {
    const places = positionsIn(order[index + 1]!);
    const ends = order[index]!.flatMap((vertex) => (right.get(vertex) ?? []).flatMap((to) => places.get(to) ?? []).sort((a, b) => a - b));
    crossings += countInversions(ends, order[index + 1]!.length);
  }
  return crossings;
}

/** Two edges cross when their ends stand in the other order than their starts (Barth, Jünger, Mutzel 2002), counted with a Fenwick tree. */
function countInversions(ends: readonly number[], size: number): number {
  const tree = new Array<number>(size + 1).fill(0);
  let inversions = 0;
  ends.forEach((end, seen) => {
    let notAfter = 0;
    for (let node = end + 1; node > 0; node -= node & -node) notAfter += tree[node]!;
    inversions += seen - notAfter;
    for (let node = end + 1; node <= size; node += node & -node) tree[node]!++;
  });
  return inversions;
}
