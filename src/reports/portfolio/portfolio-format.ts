import type { Language } from '../../locales/index.ts';
import type { Portfolio } from '../../portfolio/types.ts';

export interface PortfolioOptions {
  readonly lang: Language;
  /** Of cloudworthy. */
  readonly version: string;
}

/** Prints a portfolio; returns the whole text. */
export interface PortfolioFormat {
  readonly id: string;
  render(portfolio: Portfolio, options: PortfolioOptions): string;
}
