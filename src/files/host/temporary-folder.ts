import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of one's own that `remove` takes away with all that is in it. */
export function makeTemporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'cloudworthy-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Processors that this process may use. */
export const processorCount = availableParallelism;
