import { expect, it } from 'vitest';
import { maskLine } from '../../src/findings/excerpt.ts';

/** A line whose part in ⟦⟧ is a secret. */
function shown(marked: string): string {
  const text = marked.replace(/[⟦⟧]/g, '');
  const column = marked.indexOf('⟦') + 1;
  return maskLine(text, 1, [{ path: 'a.js', line: 1, column, endLine: 1, endColumn: marked.indexOf('⟧') }]);
}

it.each([
  ["const url = ⟦'postgres://shop:p4ss-x@db/shop'⟧;", "const url = '***';"],
  ['url: ⟦"postgres://shop:p4ss-x@db/shop"⟧', 'url: "***"'],
  ['⟦DATABASE_URL=postgres://shop:p4ss-x@db/shop⟧', 'DATABASE_URL=***'],
  ['⟦"DATABASE_URL": "postgres://shop:p4ss-x@db/shop"⟧,', '"DATABASE_URL": "***",'],
  ['url: ⟦postgres://shop:p4ss-x@db/shop⟧ # shop', 'url: *** # shop'],
  ["⟦password: 'p4ss-x'⟧", "password: '***'"],
])('masks a secret and keeps the quotes and the key: %s', (marked, expected) => {
  expect(shown(marked)).toBe(expected);
});
