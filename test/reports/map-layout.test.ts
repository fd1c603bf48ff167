/** The layout of the services map. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MapEdge, MapNode, ServicesMap } from '../../src/assessment/types.ts';
import { type Box, layOut } from '../../src/reports/html/map/layout.ts';
import { orderLayers } from '../../src/reports/html/map/order-layers.ts';
import { wrapLabel } from '../../src/reports/html/map/wrap-label.ts';
import { makeService } from '../reporters/results.ts';
import { makeMap } from './assessments.ts';

const kinds: readonly MapNode['kind'][] = ['code', 'image', 'workload', 'service', 'store', 'external'];

const maps: fc.Arbitrary<ServicesMap> = fc
  .array(fc.record({ kind: fc.constantFrom(...kinds), label: fc.string({ maxLength: 80 }) }), { minLength: 1, maxLength: 30 })
  .chain((made) => {
    const nodes: readonly MapNode[] = made.map((node, index) => ({ ...node, id: `n${index}` }));
    const id = fc.nat(nodes.length).map((index) => `n${index}`);
    const edge: fc.Arbitrary<MapEdge> = fc.record({
      from: id,
      to: id,
      label: fc.constant('uses'),
      because: fc.constant('so'),
      confidence: fc.constantFrom('certain', 'likely', 'guess'),
    });
    return fc.array(edge, { maxLength: 60 }).map((edges) => ({ nodes, edges }));
  });

const touch = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the layout', () => {
  it('puts every part inside the drawing, none upon another, and is the same twice', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const layout = layOut(map);
        expect(layOut(map)).toEqual(layout);
        expect(layout.boxes.map(({ node }) => node)).toEqual(map.nodes);
        layout.boxes.forEach((box, index) => {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.y).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(layout.width);
          expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
          expect(layout.boxes.slice(index + 1).filter((other) => touch(box, other))).toEqual([]);
        });
        const drawable = map.edges.filter(
          ({ from, to }) => from !== to && [from, to].every((id) => map.nodes.some((node) => node.id === id)),
        );
        expect(layout.lines.map(({ edge }) => edge)).toEqual(drawable);
        expect(layout.lines.every(({ path }) => !path.includes('NaN'))).toBe(true);
      }),
    );
  });

  it('draws the chain of a service straight', () => {
    const { boxes, lines } = layOut(makeMap([makeService()]));
    expect(new Set(boxes.map(({ y, height }) => y + height / 2)).size).toBe(1);
    expect(lines.map(({ path }) => path).every((path) => /^M\d+ \d+H\d+$/.test(path))).toBe(true);
  });

  it('keeps the rows of services apart from each other', () => {
    const { boxes } = layOut(makeMap(['a', 'b', 'c', 'd'].map((name) => makeService({ name }))));
    const middle = (id: string) => boxes.filter(({ node }) => node.id === id).map(({ y, height }) => y + height / 2)[0];
    for (const name of ['a', 'b', 'c', 'd']) expect(middle(`code ${name}`)).toBe(middle(`workload ${name}`));
  });

  it('undoes crossings that need not be', () => {
    const order = orderLayers(
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      [
        [0, 5],
        [1, 4],
        [2, 3],
      ],
    );
    const [left, right] = order;
    expect(left!.map((vertex) => right!.indexOf(5 - vertex))).toEqual([0, 1, 2]);
  });
});

describe('labels', () => {
  it.each([
    ['web', ['web']],
    ['registry.example.com/team/shop-orders:1.2.3', ['registry.example.com/', 'team/shop-orders:', '1.2.3']],
    ['a'.repeat(50), ['a'.repeat(21), 'a'.repeat(21), 'a'.repeat(8)]],
    ['an opentelemetrycollectorx', ['an', 'opentelemetrycollectorx']],
    ['org.springframework.samples.petclinic', ['org.springframework.', 'samples.petclinic']],
    ['', ['?']],
  ])('break where parts meet: %s', (label, lines) => expect(wrapLabel(label, 21)).toEqual(lines));
  it('keep start and end of what is too long', () => {
    const lines = wrapLabel('registry.example.com/a/very/long/path/of/many/folders/that/never/ends/orders:1.2', 21);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('registry.example.com/');
    expect(lines[2]).toContain('orders:1.2');
  });
});
