/** Files that the action writes: SARIF for the code scanning of whoever uploads it, and the reports that were asked for. */
import { join, resolve } from 'node:path';
import { writeFile } from '../files/host/write.ts';
import { sarif } from '../reporters/sarif.ts';
import { printJson } from '../reporters/visible-text.ts';
import type { Reporter, ReporterOptions, Result } from '../types.ts';
import type { Inputs } from './inputs.ts';

export interface Folders {
  /** What relative paths of inputs are relative to. */
  readonly workspace: string;
  /** The runner's own, outside of the repository. */
  readonly temporary: string;
}
export interface Written {
  readonly sarif: string;
  readonly sarifFile: string;
  /** The first report that was asked for. */
  readonly reportFile?: string;
}

const options: ReporterOptions = { color: false, width: 100, links: false, version: __VERSION__, verbose: false };
const extensions: Readonly<Record<string, string>> = {
  json: 'json',
  sarif: 'sarif',
  gitlab: 'json',
  junit: 'xml',
  checkstyle: 'xml',
  rdjson: 'json',
  markdown: 'md',
  html: 'html',
  csv: 'csv',
};

export const render = (reporter: Reporter, result: Result): string => reporter.render(result, options);

/** GitHub keeps the results of several runs on one commit apart by this id; codeql-action ends it with a slash, too. */
function addCategory(text: string, category: string | undefined): string {
  if (category === undefined) return text;
  const log = JSON.parse(text) as { runs: object[] };
  const id = category.endsWith('/') ? category : `${category}/`;
  return printJson({ ...log, runs: log.runs.map((run) => ({ automationDetails: { id }, ...run })) });
}

/**
 * @param whole everything that was found: alerts of lines that a change does not touch would otherwise be closed
 * @param shown what the other reports hold
 */
export function writeReports(whole: Result, shown: Result, inputs: Inputs, { workspace, temporary }: Folders): Written {
  const text = addCategory(render(sarif, whole), inputs.category);
  const sarifFile = inputs.sarifFile ? resolve(workspace, inputs.sarifFile) : join(temporary, 'cloudworthy.sarif');
  writeFile(sarifFile, text);
  const files = inputs.reports.map(({ reporter, file }) => {
    const target = file ? resolve(workspace, file) : join(temporary, `cloudworthy-${reporter.id}.${extensions[reporter.id] ?? 'txt'}`);
    writeFile(target, reporter.id === sarif.id ? text : render(reporter, shown));
    return target;
  });
  return { sarif: text, sarifFile, reportFile: files[0] };
}
