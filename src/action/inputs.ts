/** What a workflow says under `with:`. The runner hands it over as INPUT_<NAME>, upper case, hyphens kept. */
import { reporters } from '../reporters/index.ts';
import { UsageError } from '../session.ts';
import { findNearest } from '../text/nearest.ts';
import type { Level, Reporter } from '../types.ts';

export interface Report {
  readonly reporter: Reporter;
  /** Absent: a file of ours in the runner's folder for temporary files. */
  readonly file?: string;
}
export interface Inputs {
  readonly path: string;
  readonly config?: string;
  readonly failOn?: Level | 'never';
  readonly minSeverity?: Level;
  readonly reports: readonly Report[];
  readonly sarifFile?: string;
  readonly category?: string;
  readonly baseline?: string;
  readonly changedOnly: boolean;
  readonly annotations: boolean;
  readonly summary: boolean;
  readonly upload: boolean;
  readonly token?: string;
}

const levels = ['error', 'warning', 'note'] as const;

/** As in YAML 1.2's core schema, which @actions/core asks for, too. */
function readFlag(name: string, value: string | undefined, usual: boolean): boolean {
  if (value === undefined) return usual;
  if (/^(?:true|True|TRUE)$/.test(value)) return true;
  if (/^(?:false|False|FALSE)$/.test(value)) return false;
  throw new UsageError(`Input "${name}" is "${value}": true or false is expected.`);
}

function readChoice<T extends string>(name: string, value: string | undefined, choices: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw new UsageError(`Input "${name}" is "${value}": one of ${choices.join(', ')} is expected.`);
  return choice;
}

/** `NAME` or `NAME=FILE`, several parted by commas or lines. */
function readReports(value: string | undefined): readonly Report[] {
  const entries = (value ?? '').split(/[\n,]/).map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '').map(readReport);
}

function readReport(entry: string): Report {
  const equals = entry.indexOf('=');
  const name = equals < 0 ? entry : entry.slice(0, equals).trim();
  const file = equals < 0 ? undefined : entry.slice(equals + 1).trim();
  const reporter = reporters.find(({ id }) => id === name);
  if (!reporter) {
    const ids = reporters.map(({ id }) => id);
    const near = findNearest(name, ids);
    throw new UsageError(
      `Input "format": there is no format "${name}".${near ? ` Did you mean "${near}"?` : ''} Formats: ${ids.join(', ')}.`,
    );
  }
  if (file === '') throw new UsageError(`Input "format": "${entry}" names no file.`);
  return { reporter, file };
}

/** @throws UsageError that names the input */
export function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const read = (name: string): string | undefined => env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined;
  const flag = (name: string, usual: boolean): boolean => readFlag(name, read(name), usual);
  return {
    path: read('path') ?? '.',
    config: read('config'),
    failOn: readChoice('fail-on', read('fail-on'), [...levels, 'never']),
    minSeverity: readChoice('min-severity', read('min-severity'), levels),
    reports: readReports(read('format')),
    sarifFile: read('sarif-file'),
    category: read('category'),
    baseline: read('baseline'),
    changedOnly: flag('changed-only', true),
    annotations: flag('annotations', true),
    summary: flag('summary', true),
    upload: flag('upload', false),
    token: read('token'),
  };
}
