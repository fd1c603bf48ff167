import { describeResult } from '../reporters/json.ts';
import { printJson } from '../reporters/visible-text.ts';
import type { ReportFormat } from './report.ts';

/** The assessment beside the whole result that it judges: `report --from` and `--since` read it again. */
export const json: ReportFormat = {
  id: 'json',
  render: (assessment, result, { version }) =>
    printJson({ ...describeResult(result, version), assessment: { ...assessment, services: assessment.services.map(nameService) } }),
};

/** The result is in the same file: a service is named, not repeated. */
const nameService = ({ service, ...rest }: Parameters<ReportFormat['render']>[0]['services'][number]) => ({
  service: service.name,
  ...rest,
});
