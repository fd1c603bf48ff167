import type { Assessment, WorkItem } from '../assessment/types.ts';
import { writeRows } from '../reporters/csv-rows.ts';
import type { ReportFormat } from './report.ts';

interface Row {
  readonly item: WorkItem;
  readonly order: number;
  readonly wave: string;
}
const columns: Readonly<Record<string, (row: Row) => string | number>> = {
  order: ({ order }) => order,
  id: ({ item }) => item.id,
  wave: ({ wave }) => wave,
  title: ({ item }) => item.title,
  next: ({ item }) => item.next,
  level: ({ item }) => item.level,
  services: ({ item }) => item.services.join('; '),
  'story points': ({ item }) => item.effort,
  formula: ({ item }) => item.formula,
  places: ({ item }) => item.occurrences,
  files: ({ item }) => item.files.join('; '),
  'depends on': ({ item }) => item.dependsOn.join('; '),
  fix: ({ item }) => item.fix ?? '',
  gate: ({ item }) => item.gate,
  factors: ({ item }) => item.factors.join('; '),
  rule: ({ item }) => item.rule,
};

/** Items in the order in which they are to be done. */
function listRows({ waves, items }: Assessment): readonly Row[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const ordered = waves.flatMap((wave) => wave.items.flatMap((id) => ({ item: byId.get(id)!, wave: wave.title })));
  return ordered.map((row, index) => ({ ...row, order: index + 1 }));
}

/** Work items, one a row: for a spreadsheet, or to import as issues. */
export const csv: ReportFormat = {
  id: 'csv',
  render(assessment) {
    const rows = listRows(assessment).map((row) => Object.values(columns).map((read) => read(row)));
    return writeRows([Object.keys(columns), ...rows]);
  },
};
