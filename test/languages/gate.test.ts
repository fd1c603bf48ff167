/** The gate before the parser and the walk behind it leave out only what no recogniser could see. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as types from '@babel/types';
import { describe, expect, it } from 'vitest';
import { recognisers } from '../../src/languages/javascript/recognisers/index.ts';
import { interestOf } from '../../src/languages/javascript/recognisers/interests.ts';
import { scanImports } from '../../src/languages/javascript/scan-imports.ts';
import { summarise } from '../../src/languages/javascript/summarise.ts';
import { codeKeys } from '../../src/languages/javascript/visitor-keys.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');
const sources = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.[cm]?[jt]s$/.test(path) && !path.endsWith('.d.ts'),
);
/** Passes whose results say something of a file only beside those of others. */
const besides: ReadonlySet<string> = new Set(['request-functions', 'log-only-functions', 'config-literals', 'handed-calls']);
const packages = new Set(recognisers.flatMap((recogniser) => recogniser.packages ?? []));

describe('the gate', () => {
  it('passes every file that imports a known package or reads the environment', () => {
    const held = sources.filter((path) => {
      const text = readFileSync(join(fixtures, path), 'utf8');
      if (interestOf(text, scanImports(text)) !== 'none') return false;
      // Types leave nothing behind for a program to load.
      const { imports, envReads, passes } = summarise(path, text.replace(/^import type [^;]+;/gm, ''));
      const known = imports.some(({ specifier }) => packages.has(specifier.replace(/^node:/, '')));
      return known || envReads.length > 0 || Object.keys(passes).some((id) => !besides.has(id));
    });
    expect(sources.length).toBeGreaterThan(100);
    expect(held).toEqual([]);
  });

  it('holds back files in which nothing can matter', () => {
    expect(interestOf('export const add = (a, b) => a + b;\n', [])).toBe('none');
  });

  it.each([
    ["a translation of a form's words", "export default { password: 'Mot de passe d\\'accès', token: \"Jeton d'accès\" };\n"],
    ['a word in another script', "export default { password: '密码必须包含数字和字母' };\n"],
    ['a public address', "const apiUrl = 'https://api.stripe.com/v1';\n"],
    [
      'a list that nobody changes',
      "const roles = ['admin', 'user'];\nconst isRole = (role) => roles.includes(role) && role !== roles[0];\n",
    ],
    ['a local list outside of classes', 'function collect() {\n  let found;\n  found = [];\n  return found;\n}\n'],
    ['an endless loop that never waits', 'function scan(next) {\n  while (true) if (!next()) return;\n}\n'],
  ])('holds back %s', (_name, text) => {
    expect(interestOf(text, [])).toBe('none');
  });

  it.each([
    ['a password', "export const dbPassword = 'Tr0ub4dor&3';\n"],
    ['a password in a template', 'export const db = { password: `Tr0ub4dor&3` };\n'],
    ['a fallback under the name of a variable', "const { JWT_SECRET = 'dev' } = settings;\n"],
    ['an address inside a network', "const apiUrl = 'http://orders.prod.svc:8080/v1';\n"],
    ['a list that is changed', 'const rooms = [];\nexport const join = (room) => rooms.push(room);\n'],
    ['an entry over two lines', 'const rooms = new Map();\nconst join = (id, user) =>\n  rooms\n    .get(id)\n    .users.push(user);\n'],
    ['an entry by key', 'const seen = {};\nconst see = (id) => {\n  seen[`user:${id}`] = true;\n};\n'],
    ['a table that another module may change', 'const users = {};\nexport { other, users };\n'],
    ['a field of a class', 'class Hub {\n  clients = new Map();\n}\n'],
    ['a socket that it is handed', "module.exports = (io) => io.to('room').emit('news');\n"],
    ['an endless loop that waits', 'async function work(next) {\n  for (;;) await next();\n}\n'],
  ])('passes %s', (_name, text) => {
    expect(interestOf(text, [])).toBe('found');
  });

  it('follows no import of types over several lines', () => {
    expect(scanImports("import type {\n  A,\n  B,\n} from './types';\nimport {\n  c,\n} from './code';\n")).toEqual(['./code']);
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
