/**
 * Walks `fixtures/rules/<id>/{bad,good}-<case>/`: tiny projects, each judged with that one rule only.
 * `bad-*` holds `findings.txt`, one line a finding: `path:line level [<- path:line …]`, written by hand before the rule.
 * `good-*` must be silent. What is said has to be Korean with `--lang ko`. Lines that start with `#` are comments.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import rules from 'virtual:rules';
import { describe, expect, it } from 'vitest';
import { localeOf, localise } from '../src/locales/index.ts';
import { analyse } from '../src/session.ts';
import type { Finding } from '../src/types.ts';
import { findEnglish } from './locales/english-left.ts';

const fixtures = join(import.meta.dirname, '../fixtures/rules');
const printFinding = (finding: Finding): string => {
  const related = finding.related.map(({ place }) => `${place.path}:${place.line}`);
  return `${finding.place.path}:${finding.place.line} ${finding.level}${related.length ? ` <- ${related.join(' ')}` : ''}`;
};
const expected = (folder: string): string[] =>
  readFileSync(join(folder, 'findings.txt'), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'));

for (const { id } of rules) {
  describe(id, () => {
    const folder = join(fixtures, id);
    const cases = existsSync(folder) ? readdirSync(folder).filter((name) => /^(bad|good)-/.test(name)) : [];
    it('has a bad and a good fixture', () => {
      expect(cases.some((name) => name.startsWith('bad-'))).toBe(true);
      expect(cases.some((name) => name.startsWith('good-'))).toBe(true);
    });
    it.each(cases)('%s', (name) => {
      const root = join(folder, name);
      const result = analyse({ root, rules: [id], cache: false, git: false });
      const found = result.findings.map(printFinding).sort();
      expect(found).toEqual(name.startsWith('bad-') ? expected(root).sort() : []);
      expect(findEnglish(localise(result, localeOf('ko')))).toEqual([]);
    });
  });
}

describe('a process that judges one repository after another', () => {
  const cases = rules.flatMap(({ id }) => {
    const folder = join(fixtures, id);
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  });
  const told = (root: string): string => JSON.stringify(analyse({ root, cache: false, git: false }).findings);
  it('says the same of each again', () => {
    const some = cases.filter((_, index) => index % 20 === 0);
    const module = join(fixtures, 'embedded-database/good-gradle-module-of-folder');
    for (const root of [module, ...some]) expect(told(root), root).toBe(told(root));
  });
});
