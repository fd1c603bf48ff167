import type { PortfolioService } from '../../portfolio/types.ts';
import { writeRows } from '../../reporters/csv-rows.ts';
import type { PortfolioFormat } from './portfolio-format.ts';

const columns: Readonly<Record<string, (service: PortfolioService) => string | number>> = {
  repository: ({ repository }) => repository,
  team: ({ team }) => team ?? '',
  service: ({ name }) => name,
  kind: ({ kind }) => kind,
  verdict: ({ verdict }) => verdict,
  answer: ({ answer }) => answer,
  blockers: ({ blockers }) => blockers,
  risks: ({ risks }) => risks,
  'story points': ({ effort }) => effort,
  strategy: ({ strategy }) => strategy,
};

/** Services, one a row, in the order of the report. */
export const csv: PortfolioFormat = {
  id: 'csv',
  render: ({ services }) =>
    writeRows([Object.keys(columns), ...services.map((service) => Object.values(columns).map((read) => read(service)))]),
};
