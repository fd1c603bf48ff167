/**
 * Bad fixtures in other clothes: with other line ends and indentation, with comments, blank lines and further documents. The same
 * is found, the same fixes are offered, each does what it is for, and what is applied in rounds leaves nothing for a second run.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { check, fixable } from './mutated.ts';
import { mutation } from './mutations.ts';

const numRuns = Number(process.env['FIX_RUNS'] ?? 1);

/** A seed for each fixture: new ones change nothing for the others. */
const seedOf = (name: string): number => [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);

describe('fixes of bad fixtures do not depend on what means nothing', () => {
  it.each(fixable)('%s', { timeout: 120_000 }, async (name) => {
    await fc.assert(
      fc.asyncProperty(mutation, (how) => check(name, how)),
      { numRuns, seed: seedOf(name) },
    );
  });
});
