/** What has to hold for a bad fixture in other clothes. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { applyFixes } from '../../src/fixes/apply-fixes.ts';
import type { Result } from '../../src/types.ts';
import { cases, faultsOf, fixtures, judge, type Texts, textsOf } from './faults.ts';
import { type Mutation, mutate } from './mutations.ts';

const offered = (result: Result): readonly string[] =>
  result.findings
    .flatMap((finding) => [
      `${finding.rule} ${finding.messageId}`,
      ...result.fixes(finding).map(({ title }) => `${finding.rule}: ${title}`),
    ])
    .sort();
const plain = new Map<string, readonly string[]>();
function offeredPlainly(root: string): readonly string[] {
  const known =
    plain.get(root) ??
    offered(
      judge(
        root,
        textsOf(root, (text) => text),
      ),
    );
  plain.set(root, known);
  return known;
}
export const fixable = cases.filter((name) => offeredPlainly(join(fixtures, name)).some((line) => line.includes(': ')));

export async function check(name: string, how: Mutation): Promise<void> {
  const root = join(fixtures, name);
  const texts = textsOf(root, (text, path) => mutate(path, text, how));
  const before = judge(root, texts);
  expect(offered(before)).toEqual(offeredPlainly(root));
  const faults = before.findings.flatMap((finding) => before.fixes(finding).flatMap((fix) => faultsOf(root, texts, before, finding, fix)));
  expect(faults).toEqual([]);
  const together = (base: Texts) => applyFixes(async (changed) => judge(root, new Map([...base, ...changed])), true);
  const first = await together(texts);
  expect(first.refused.map(({ fix }) => fix.title)).toEqual([]);
  expect(first.failures).toEqual([]);
  const again = await together(new Map([...texts, ...first.files.map(({ path, after }) => [path, after] as const)]));
  expect(again.files).toEqual([]);
}
