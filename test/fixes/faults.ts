/** What is wrong with a fix: shared by the tests of all fixes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import rules from 'virtual:rules';
import { analyse } from '../../src/session.ts';
import { applyEdits } from '../../src/text/text-edits.ts';
import type { Finding, Fix, Result } from '../../src/types.ts';

export const fixtures = join(import.meta.dirname, '../../fixtures/rules');

export type Texts = ReadonlyMap<string, string>;
export const judge = (root: string, overlay: Texts): Result => analyse({ root, cache: false, git: false, overlay });

export function applyFix(result: Result, texts: Texts, { edits }: Fix): Texts {
  const changed = new Map(texts);
  for (const path of new Set(edits.map(({ place }) => place.path)))
    changed.set(
      path,
      applyEdits(
        path,
        result.text(path) ?? '',
        edits.filter(({ place }) => place.path === path),
      ),
    );
  return changed;
}

export const textsOf = (root: string, change: (text: string, path: string) => string): Texts =>
  new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'findings.txt')
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(root.length + 1), change(readFileSync(file, 'utf8'), file)]),
  );

const describeFinding = ({ rule, place, text }: Finding): string => `${place.path}:${place.line} ${rule}: ${text}`;
export const failures = ({ notAssessed }: Result): readonly string[] =>
  notAssessed.filter(({ failed }) => failed).map(({ message, place }) => `${place?.path}: ${message}`);

/** What is wrong with a fix; nothing: it is good. */
export function faultsOf(root: string, texts: Texts, before: Result, finding: Finding, fix: Fix): readonly string[] {
  const fixed = applyFix(before, texts, fix);
  const after = judge(root, fixed);
  const known = new Set(before.findings.map(({ fingerprint }) => fingerprint));
  const knownWords = new Set(before.findings.map(({ rule, messageId, service }) => `${rule} ${messageId} ${service}`));
  const isNew = (each: Finding) => !known.has(each.fingerprint) && !knownWords.has(`${each.rule} ${each.messageId} ${each.service}`);
  const name = `${describeFinding(finding)}\n  ${fix.title}\n  `;
  return [
    ...failures(after)
      .filter((failure) => !failures(before).includes(failure))
      .map((failure) => `${name}breaks ${failure}`),
    ...after.findings.filter(({ fingerprint }) => fingerprint === finding.fingerprint).map(() => `${name}does not remove it`),
    ...after.findings.filter(isNew).map((each) => `${name}brings ${describeFinding(each)}`),
    ...mixedLineEnds(texts, fixed).map((path) => `${name}mixes line ends in ${path}`),
  ];
}
const mixedLineEnds = (before: Texts, after: Texts): readonly string[] =>
  [...after].filter(([path, text]) => before.get(path)?.includes('\r\n') && /(?<!\r)\n/.test(text)).map(([path]) => path);

/** Every bad fixture: `rule/bad-name`. */
export const cases = rules.flatMap(({ id }) =>
  readdirSync(join(fixtures, id))
    .filter((name) => name.startsWith('bad-'))
    .map((name) => `${id}/${name}`),
);
