import { csv } from './csv.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import type { PortfolioFormat } from './portfolio-format.ts';

/** Every form of a portfolio; the id is its name on the command line. */
export const portfolioFormats: readonly PortfolioFormat[] = [html, markdown, csv, json];
