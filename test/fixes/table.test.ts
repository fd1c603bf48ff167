/**
 * Every fix that is offered for a bad fixture, applied alone: its files can be read, the finding is gone, nothing new is found
 * by any rule, and applying what is still offered for the same rule changes nothing more. Again with CRLF line ends.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cases, faultsOf, fixtures, judge, textsOf } from './faults.ts';

describe.each([
  ['LF', (text: string) => text.replaceAll('\r\n', '\n')],
  ['CRLF', (text: string) => text.replaceAll(/\r?\n/g, '\r\n')],
] as const)('fixes of the bad fixtures with %s', (_, change) => {
  it.each(cases)('%s', (name) => {
    const root = join(fixtures, name);
    const texts = textsOf(root, change);
    const before = judge(root, texts);
    const faults = before.findings.flatMap((finding) =>
      before.fixes(finding).flatMap((fix) => faultsOf(root, texts, before, finding, fix)),
    );
    expect(faults).toEqual([]);
  });
});
