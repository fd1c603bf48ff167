import { groupBy } from '../../text/group-by.ts';
import type { ModuleSummary } from './summary.ts';

type Exports = ModuleSummary['exports'];
const known = new WeakMap<ModuleSummary, ReadonlyMap<string, Exports>>();
const none: Exports = [];

/** What a module exports under a name. Modules that export hundreds are asked thousands of times. */
export function exportsNamed(name: string, summary: ModuleSummary): Exports {
  let byName = known.get(summary);
  if (!byName) {
    byName = groupBy(summary.exports, (item) => item.name);
    known.set(summary, byName);
  }
  return byName.get(name) ?? none;
}
