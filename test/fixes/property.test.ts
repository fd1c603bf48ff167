/**
 * Bad fixtures in other clothes: with other line ends and indentation, with comments, blank lines and further documents. The same
 * is found, the same fixes are offered, each does what it is for, and what is applied in rounds leaves nothing for a second run.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { check, fixable } from './mutated.ts';
import { mutation } from './mutations.ts';

const runs = Number(process.env['FIX_RUNS'] ?? 120);
const seed = Number(process.env['FIX_SEED'] ?? 20_251);

describe('fixes of bad fixtures', () => {
  it('do not depend on what means nothing', { timeout: 600_000 }, async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...fixable), mutation, check), { numRuns: runs, seed, endOnFailure: false });
  });
});
