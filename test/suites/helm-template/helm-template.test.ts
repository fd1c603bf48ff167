/**
 * Charts of others, compared with `helm template`: HELM names the binary, CHARTS a folder of charts whose dependencies lie in `charts/`.
 * `HELM=~/bin/helm CHARTS=~/charts npx vitest run test/suites/helm-template`; REPORT names a file for everything that differs.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Comparison, compareChart } from './compare.ts';

const { HELM: helm, CHARTS: folder, REPORT: report } = process.env;

describe.skipIf(helm === undefined || folder === undefined)('charts of others', () => {
  it('come out as `helm template` renders them', { timeout: 1_800_000 }, () => {
    const all = readdirSync(folder!)
      .sort()
      .map((name): readonly [string, Comparison] => [name, compareChart(helm!, join(folder!, name))]);
    const outcomes = all.map(([, { outcome }]) => outcome);
    const summary = [...new Set(outcomes)].map((one) => `${one}: ${outcomes.filter((outcome) => outcome === one).length}`);
    const lines = all.flatMap(([name, { outcome, differences }]) => differences.map((one) => `${name} [${outcome}] ${one}`));
    if (report !== undefined) writeFileSync(report, `${[...summary, ...lines].join('\n')}\n`);
    const different = outcomes.filter((outcome) => outcome === 'different').length;
    expect(different / all.length, summary.join(', ')).toBeLessThanOrEqual(0.02);
  });
});
