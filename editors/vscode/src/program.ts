/** The product's own program, which comes with the extension: nothing of the workspace decides what is run. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';

const programOf = ({ extensionPath }: ExtensionContext): string => join(extensionPath, 'dist/server/cli.mjs');

/** The editor's Node, and not what options of the environment make of it. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  return { ...rest, ELECTRON_RUN_AS_NODE: '1' };
}

export const startServer = (context: ExtensionContext): ChildProcess =>
  // Half of an analysis's garbage outlives a young generation of the usual size, and is copied for nothing.
  spawn(process.execPath, ['--max-semi-space-size=32', programOf(context), 'lsp', '--stdio'], {
    cwd: context.extensionPath,
    env: environment(),
  });

const longestRun = 300_000;
const mostOutput = 1 << 20;

/** Runs it to its end; rejects with what it said when it fails. */
export const run = (context: ExtensionContext, words: readonly string[], signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const options = { cwd: context.extensionPath, env: environment(), timeout: longestRun, maxBuffer: mostOutput, signal };
    execFile(process.execPath, [programOf(context), ...words], options, (error, _, stderr) =>
      error ? reject(new Error(stderr.trim() || error.message)) : resolve(),
    );
  });
