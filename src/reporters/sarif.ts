import { gzipSync } from 'node:zlib';
import type { Notification, Result as SarifResult } from 'sarif';
import type { NotAssessed, Reporter, Result } from '../types.ts';
import { sortBySeverity } from './order.ts';
import { describeLocation } from './sarif/locations.ts';
import { ResultWriter } from './sarif/results.ts';
import { describeRule } from './sarif/rules.ts';
import { countOf, makeVisible, printJson } from './visible-text.ts';

const homepage = 'https://www.npmjs.com/package/cloudworthy';
/** GitHub refuses a run with more results (GitHub docs, "SARIF support for code scanning"). */
const resultLimit = 25_000;
/** GitHub refuses a larger file, gzipped. */
const sizeLimit = 10_000_000;
const notificationLimit = 1000;

/**
 * SARIF 2.1.0 as GitHub code scanning reads it: one run, worst results first, related places linked in the text. Suppressed
 * findings are left out because GitHub ignores `suppressions` and would open alerts for them.
 */
export const sarif: Reporter = {
  id: 'sarif',
  render(result, { version }) {
    const writer = new ResultWriter(result);
    const results = sortBySeverity(result.findings)
      .slice(0, resultLimit)
      .map((finding) => writer.describe(finding));
    return printWithinLimit(result, results, version);
  },
};

/** Leaves out the least severe results until the file is small enough. */
function printWithinLimit(result: Result, results: readonly SarifResult[], version: string): string {
  const text = printJson(describeLog(result, results, version), results.length > 1000 ? 0 : 2);
  if (text.length <= sizeLimit || results.length === 0) return text;
  const size = gzipSync(text).length;
  if (size <= sizeLimit) return text;
  return printWithinLimit(result, results.slice(0, Math.floor((results.length * 0.95 * sizeLimit) / size)), version);
}

function describeLog(result: Result, results: readonly SarifResult[], version: string) {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'cloudworthy',
            informationUri: homepage,
            semanticVersion: version,
            version,
            rules: result.rules.map(describeRule),
          },
        },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: describeNotifications(result, results.length) }],
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}

function describeNotifications(result: Result, shown: number): readonly Notification[] {
  const left = result.findings.length - shown;
  const cut: readonly Notification[] =
    left > 0
      ? [{ level: 'warning', message: { text: `${countOf(left, 'finding')} left out: the file would exceed GitHub's limits.` } }]
      : [];
  return [...cut, ...result.notAssessed.slice(0, notificationLimit).map(describeNotAssessed)];
}

const describeNotAssessed = ({ reason, message, place, failed }: NotAssessed): Notification => ({
  level: failed ? 'warning' : 'note',
  message: { text: makeVisible(`Not assessed (${reason}): ${message}`) },
  ...(place ? { locations: [describeLocation(place)] } : {}),
});
