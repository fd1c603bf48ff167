/** The gate before the parser and the walk behind it leave out only what no recogniser could see. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as types from '@babel/types';
import { describe, expect, it } from 'vitest';
import { recognisers } from '../../src/languages/javascript/recognisers/index.ts';
import { fileMatters } from '../../src/languages/javascript/recognisers/interests.ts';
import { scanImports } from '../../src/languages/javascript/scan-imports.ts';
import { summarise } from '../../src/languages/javascript/summarise.ts';
import { codeKeys } from '../../src/languages/javascript/visitor-keys.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');
const sources = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.[cm]?[jt]s$/.test(path) && !path.endsWith('.d.ts'),
);
const packages = new Set(recognisers.flatMap((recogniser) => recogniser.packages ?? []));

describe('the gate', () => {
  it('passes every file that imports a known package or reads the environment', () => {
    const held = sources.filter((path) => {
      const text = readFileSync(join(fixtures, path), 'utf8');
      if (fileMatters(text, scanImports(text))) return false;
      const { imports, envReads, passes } = summarise(path, text);
      const known = imports.some(({ specifier }) => packages.has(specifier.replace(/^node:/, '')));
      return known || envReads.length > 0 || Object.keys(passes).some((id) => id !== 'request-functions' && id !== 'config-literals');
    });
    expect(sources.length).toBeGreaterThan(100);
    expect(held).toEqual([]);
  });

  it('holds back files in which nothing can matter', () => {
    expect(fileMatters('export const add = (a, b) => a + b;\n', [])).toBe(false);
  });
});

describe('the walk', () => {
  const typeKeys =
    /^(?:typeAnnotation|typeParameters|returnType|superTypeParameters|typeArguments|superTypeArguments|implements|directives|interpreter|predicate|mixins)$/;
  it.each(Object.keys(codeKeys))('%s: knows all properties that hold code', (type) => {
    const expected = (types.VISITOR_KEYS[type] ?? []).filter(
      (key) => !typeKeys.test(key) && !(type === 'TSModuleDeclaration' && key === 'id'),
    );
    expect(codeKeys[type]).toEqual(expected);
  });

  it('leaves out no node type that code consists of', () => {
    const code = [...types.FLIPPED_ALIAS_KEYS['Expression']!, ...types.FLIPPED_ALIAS_KEYS['Statement']!].filter(
      (type) => !types.FLIPPED_ALIAS_KEYS['Flow']!.includes(type),
    );
    const missing = code.filter(
      (type) =>
        (types.VISITOR_KEYS[type] ?? []).some((key) => !typeKeys.test(key)) && !(type in codeKeys) && !/^(?:TS|Enum|Declare)/.test(type),
    );
    expect(missing).toEqual([]);
  });
});
