import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blankDefinitions } from '../../src/text/blank-definitions.ts';

const definition = 'apiVersion: apiextensions.k8s.io/v1\r\nkind: CustomResourceDefinition\r\nmetadata: {name: x}\n';
it('leaves other documents and all offsets as they are', () => {
  const text = `kind: A\n---\n${definition}---\nkind: B\n`;
  const blank = blankDefinitions(text);
  expect(blank.replace(/\s+/g, ' ')).toBe('kind: A --- kind: B ');
  expect(blank.indexOf('kind: B')).toBe(text.indexOf('kind: B'));
});
it('keeps length and lines of any text', () => {
  const part = fc.constantFrom('---\n', definition, 'kind: A\n', '  kind: CustomResourceDefinition\n', '# 한\n', 'a: |\n  ---\n');
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('');
      const blank = blankDefinitions(text);
      expect(blank).toHaveLength(text.length);
      expect(blank.split('\n')).toHaveLength(text.split('\n').length);
    }),
  );
});
