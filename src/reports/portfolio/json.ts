import { printJson } from '../../reporters/visible-text.ts';
import type { PortfolioFormat } from './portfolio-format.ts';

/** All of it as data. No time and no paths of the machine, so that equal results give equal bytes. */
export const json: PortfolioFormat = {
  id: 'json',
  render: (portfolio, { version }) => printJson({ version: '1.1', tool: { name: 'cloudworthy', version }, ...portfolio }),
};
