import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tellOrigins } from '../../src/findings/origins.ts';
import type { RawFinding } from '../../src/rules/run-rules.ts';
import type { Place } from '../../src/types.ts';

const at = (path: string, line: number, over: Partial<Place> = {}): Place => ({
  path,
  line,
  column: 1,
  endLine: line,
  endColumn: 5,
  ...over,
});
const finding = (place: Place, over: Partial<RawFinding> = {}): RawFinding => ({
  rule: 'single-replica',
  category: 'scaling',
  level: 'warning',
  confidence: 'certain',
  service: 'web',
  messageId: 'm',
  data: {},
  text: 'One copy.',
  consequence: 'c',
  next: 'n',
  place,
  related: [],
  subject: 's',
  effort: 1,
  ...over,
});
const sets = [['base', 'prod', 'stage']];
const key = { ...at('values.yaml', 1), key: 'replicaCount' };

describe('findings in text that was made', () => {
  it('name what decided it', () => {
    const [told] = tellOrigins([finding(at('deployment.yaml', 9, { decidedBy: [key] }))], []);
    expect(told?.place).toEqual(at('deployment.yaml', 9));
    expect(told?.related).toEqual([{ place: at('values.yaml', 1), message: '`replicaCount` in values.yaml decides it' }]);
  });

  it('open at the line that a person would edit, and name the other', () => {
    const [told] = tellOrigins([finding(at('deployment.yaml', 9, { decidedBy: [{ ...key, edit: true }] }))], []);
    expect(told?.place).toEqual(at('values.yaml', 1));
    expect(told?.related).toEqual([{ place: at('deployment.yaml', 9), message: '`replicaCount` in values.yaml is used here' }]);
  });

  it('move related places in the same way', () => {
    const related = [{ place: at('deployment.yaml', 9, { decidedBy: [{ ...key, edit: true }] }), message: 'runs three' }];
    expect(tellOrigins([finding(at('a.js', 1), { related })], [])[0]?.related).toEqual([
      { place: at('values.yaml', 1), message: 'runs three' },
    ]);
  });

  it('are told once, with the sets in which they hold', () => {
    const told = tellOrigins(
      ['prod', 'base'].map((set) => finding(at('deployment.yaml', 9, { set }))),
      sets,
    );
    expect(told.map(({ text }) => text)).toEqual(['One copy. It holds with `base`, `prod`.']);
  });

  it('name no set where they hold in all of them, or where there is one', () => {
    const everywhere = sets[0]!.map((set) => finding(at('deployment.yaml', 9, { set })));
    expect(tellOrigins(everywhere, sets).map(({ text }) => text)).toEqual(['One copy.']);
    expect(tellOrigins([finding(at('deployment.yaml', 9, { set: 'base' }))], []).map(({ text }) => text)).toEqual(['One copy.']);
  });

  it('keep the worst level of their sets', () => {
    const told = tellOrigins(
      [finding(at('d.yaml', 1, { set: 'base' })), finding(at('d.yaml', 1, { set: 'prod' }), { level: 'error' })],
      sets,
    );
    expect(told.map(({ level }) => level)).toEqual(['error']);
  });

  it('leave no trace of their making in places, and no finding is lost or doubled', () => {
    const place = fc.record({ line: fc.integer({ min: 1, max: 3 }), set: fc.constantFrom(undefined, 'base', 'prod') });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 12 }), (places) => {
        const told = tellOrigins(
          places.map(({ line, set }) => finding(at('d.yaml', line, set === undefined ? { decidedBy: [key] } : { set }))),
          sets,
        );
        expect(told.map(({ place: { line } }) => line).sort()).toEqual([...new Set(places.map(({ line }) => line))].sort());
        for (const one of told) expect(Object.keys(one.place)).toEqual(['path', 'line', 'column', 'endLine', 'endColumn']);
      }),
    );
  });
});
