import { csv } from './csv.ts';
import { html } from './html/index.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import type { ReportFormat } from './report.ts';

/** Every form of a report; the id is its name on the command line. */
export const reportFormats: readonly ReportFormat[] = [html, markdown, csv, json];
