/** Heights within columns: as near to the neighbours as order and distances allow. */

export interface ToPlace {
  /** Vertices by column, in order. */
  readonly layers: readonly (readonly number[])[];
  /** From left to right. */
  readonly edges: readonly (readonly [number, number])[];
  /** Height of each vertex. */
  readonly heights: readonly number[];
  readonly gap: number;
}

const rounds = 6;

/** The middle of each vertex, from 0 at the top. */
export function placeLayers(input: ToPlace): readonly number[] {
  const { layers, edges, heights } = input;
  const middles = new Array<number>(heights.length).fill(0);
  for (const layer of layers) {
    const offsets = offsetsOf(layer, input);
    layer.forEach((vertex, index) => {
      middles[vertex] = offsets[index]!;
    });
  }
  const left = heights.map((): number[] => []);
  const right = heights.map((): number[] => []);
  for (const [from, to] of edges) {
    right[from]!.push(to);
    left[to]!.push(from);
  }
  // Seen from the left, only what belongs to one alone bends its row: a store that many share would gather their rows around itself.
  const own = right.map((others) => others.filter((other) => left[other]!.length === 1));
  for (let round = 0; round < rounds; round++) {
    const columns = layers.map((_, column) => column);
    for (const column of columns)
      settle(layers[column]!, (vertex) => wish(left[vertex]!, middles) ?? wish(right[vertex]!, middles), input, middles);
    if (round === rounds - 1) break;
    for (const column of columns.reverse())
      settle(layers[column]!, (vertex) => wish(own[vertex]!, middles) ?? middles[vertex], input, middles);
  }
  const top = Math.min(...middles.map((middle, vertex) => middle - heights[vertex]! / 2));
  return middles.map((middle) => Math.round(middle - top));
}

/** Middles of a column whose members stand as close as they may. */
function offsetsOf(layer: readonly number[], { heights, gap }: ToPlace): readonly number[] {
  let y = 0;
  return layer.map((vertex) => {
    const middle = y + heights[vertex]! / 2;
    y += heights[vertex]! + gap;
    return middle;
  });
}

/** The median of the neighbours: one that is far away does not bend a chain. */
function wish(others: readonly number[], middles: readonly number[]): number | undefined {
  if (others.length === 0) return undefined;
  const sorted = others.map((other) => middles[other]!).sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/**
 * Least squares under a fixed order and least distances: pool adjacent violators (Ayer et al. 1955).
 * What wishes for nothing follows what stands before it.
 */
function settle(layer: readonly number[], wanted: (vertex: number) => number | undefined, input: ToPlace, middles: number[]): void {
  const offsets = offsetsOf(layer, input);
  const wishes = layer.map((vertex, index) => {
    const middle = wanted(vertex);
    return middle === undefined ? undefined : middle - offsets[index]!;
  });
  const blocks: { readonly sum: number; readonly size: number }[] = [];
  let last = wishes.find((shift) => shift !== undefined) ?? 0;
  for (const shift of wishes) {
    last = shift ?? last;
    let block = { sum: last, size: 1 };
    for (let above = blocks.at(-1); above && above.sum / above.size > block.sum / block.size; above = blocks.at(-1)) {
      blocks.pop();
      block = { sum: above.sum + block.sum, size: above.size + block.size };
    }
    blocks.push(block);
  }
  let index = 0;
  for (const { sum, size } of blocks)
    for (const end = index + size; index < end; index++) middles[layer[index]!] = sum / size + offsets[index]!;
}
