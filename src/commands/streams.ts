/** What all commands share: where text goes, and what an error looks like. */
import { makeVisible } from '../reporters/visible-text.ts';
import type { FixFailure } from '../types.ts';
import { said } from './say.ts';

/** Wrong usage or configuration, an internal error, or nothing to analyse. */
export const usageExit = 2;

/** A reader that stops reading (`| head`) is no error. */
export function guardStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(process.exitCode ?? 0);
    });
  }
}

export const printOut = (text: string): void => void process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`);

/** Messages may hold names from the analysed repository: nothing in them may move the cursor. */
export function printError(message: string): void {
  for (const line of message.split('\n')) process.stderr.write(`cloudworthy: ${makeVisible(said(line))}\n`);
}

/** The run goes on without the fix; that it is missing is said. */
export const printFixFailure = ({ rule, place, why }: FixFailure): void =>
  printError(`no fix could be made: ${rule} in ${place.path}:${place.line} (${why})`);

const expected = new Set(['UsageError', 'ConfigError', 'SavedResultError', 'ListError']);

/** Names the mistake; what nobody expected comes with its trace, for a bug report. */
export function failure(error: unknown): number {
  if (!(error instanceof Error)) printError(String(error));
  else if (expected.has(error.name) || 'code' in error) printError(error.message);
  else printError(`internal error: ${error.stack ?? error.message}`);
  return usageExit;
}

export interface ColorInput {
  readonly flag: 'auto' | 'always' | 'never';
  readonly env: NodeJS.ProcessEnv;
  readonly isTerminal: boolean;
}
/** The flag, then NO_COLOR (no-color.org), then FORCE_COLOR, then whether it is a terminal. */
export function wantsColor({ flag, env, isTerminal }: ColorInput): boolean {
  if (flag !== 'auto') return flag === 'always';
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

const defaultWidth = 100;
/** Columns of the terminal, or of what the caller says. */
export function outputWidth(asked: number | undefined): number {
  const columns = asked ?? process.stdout.columns ?? Number(process.env['COLUMNS']);
  return Number.isInteger(columns) && columns >= 20 ? columns : defaultWidth;
}
