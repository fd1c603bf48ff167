import { checks } from './checks.ts';
import type { SuiteTest } from './read-suite.ts';

const introduction = `# KubeLinter's suite

KubeLinter tests each of its checks with one manifest and an exact number of findings. Those manifests are not part of this repository;
\`KUBE_LINTER=<checkout of stackrox/kube-linter> npx vitest run test/suites\` reads them from a checkout, and \`-u\` writes this page anew.
A check is covered when a rule of the catalogue asks the same question. Then the numbers agree, and no object named \`dont-fire…\` fires.
`;

/** Both tables of docs/kube-linter.md. */
export function renderTable(suite: readonly SuiteTest[], found: ReadonlyMap<string, number>): string {
  const rows = [...suite].sort((a, b) => (a.check < b.check ? -1 : 1));
  const covered = rows.flatMap(({ check, count }) => {
    const known = checks[check]!;
    if (!('by' in known)) return [];
    const how = known.counts === 'places' ? ' (one finding, its places counted)' : '';
    return [`| ${check} | ${known.by.map((rule) => `\`${rule}\``).join(', ')}${how} | ${count} | ${found.get(check) ?? ''} |`];
  });
  const others = rows.flatMap(({ check }) => {
    const known = checks[check]!;
    return 'because' in known ? [`| ${check} | ${known.because} |`] : [];
  });
  return [
    introduction,
    `## Covered: ${covered.length} of ${rows.length}\n`,
    '| Check | Rule | KubeLinter | cloudworthy |',
    '| --- | --- | --- | --- |',
    ...covered,
    `\n## Out of scope: ${others.length}\n`,
    '| Check | Why |',
    '| --- | --- |',
    ...others,
    '',
  ].join('\n');
}
