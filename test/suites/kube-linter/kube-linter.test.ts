/**
 * KubeLinter's own suite, read from a checkout that KUBE_LINTER names (it is not part of this repository):
 * `KUBE_LINTER=~/kube-linter npx vitest run test/suites`; `-u` writes docs/kube-linter.md anew.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/session.ts';
import { itemsOf, nodeAt, textOf } from '../../../src/text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../../src/text/yaml-document.ts';
import type { Finding, Place } from '../../../src/types.ts';
import { makeFolder } from '../../temporary-repository.ts';
import { type Covered, checks } from './checks.ts';
import { readSuite } from './read-suite.ts';
import { renderTable } from './render-table.ts';

const folder = process.env.KUBE_LINTER;
const suite = folder === undefined ? [] : readSuite(folder);
const found = new Map<string, number>();
const page = join(import.meta.dirname, '../../../docs/kube-linter.md');

const isCovered = (check: (typeof checks)[string] | undefined): check is Covered => check !== undefined && 'by' in check;

function findingsOf(text: string, { by, messages }: Covered): readonly Finding[] {
  const repository = makeFolder({ 'k8s/app.yaml': text });
  const result = analyse({ root: repository, rules: by, git: false, cache: false, config: false });
  return result.findings.filter(({ messageId }) => messages?.includes(messageId) ?? true);
}

/** The finding's own place, and those of its repetitions where the cause is told once. */
const placesOf = (finding: Finding, { counts }: Covered): readonly Place[] => [
  finding.place,
  ...(counts === 'places' ? finding.related.map(({ place }) => place) : []),
];

/** Lines of the objects and containers that must stay silent. */
function silentLines(text: string): ReadonlySet<number> {
  const isSilent = (node: YamlNode | undefined) => textOf(node)?.startsWith('dont-fire') === true;
  const lines = new Set<number>();
  const add = ({ place }: YamlNode) => {
    for (let line = place.line; line < place.endLine; line++) lines.add(line);
  };
  for (const root of readYaml({ path: 'app.yaml', text }).documents) {
    if (isSilent(nodeAt(root, 'metadata', 'name'))) add(root);
    for (const container of itemsOf(nodeAt(root, 'spec', 'template', 'spec', 'containers'))) {
      if (isSilent(nodeAt(container, 'name'))) add(container);
    }
  }
  return lines;
}

describe.skipIf(folder === undefined)('KubeLinter (KUBE_LINTER names no checkout: skipped)', () => {
  it('has single-check tests, and each of its checks is in the table', () => {
    expect(suite.length).toBeGreaterThanOrEqual(61);
    expect([...new Set(suite.map(({ check }) => check))].filter((check) => !(check in checks))).toEqual([]);
  });

  const covered = suite.flatMap((test) => {
    const check = checks[test.check];
    return isCovered(check) ? [{ ...test, covered: check }] : [];
  });
  it.each(covered)('$check fires $count times, never on an object that must not fire', ({ check, manifest, count, covered: how }) => {
    const text = readFileSync(manifest, 'utf8');
    const places = findingsOf(text, how).flatMap((finding) => placesOf(finding, how));
    const silent = silentLines(text);
    found.set(check, places.length);
    expect(places.filter(({ line }) => silent.has(line))).toEqual([]);
    expect(places).toHaveLength(count);
  });

  it('agrees with docs/kube-linter.md', async () => {
    await expect(renderTable(suite, found)).toMatchFileSnapshot(page);
  });
});

describe('docs/kube-linter.md', () => {
  it.each(Object.keys(checks))('tells of %s', (check) => {
    const line = readFileSync(page, 'utf8')
      .split('\n')
      .find((text) => text.startsWith(`| ${check} |`));
    const known = checks[check]!;
    expect(line).toContain(isCovered(known) ? `\`${known.by[0]}\`` : known.because);
  });
});
