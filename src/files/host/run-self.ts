/** Runs this program again in a process of its own: what goes wrong there, a full memory included, goes wrong there alone. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface RunEnd {
  /** `undefined`: a signal ended it. */
  readonly code: number | undefined;
  readonly timedOut: boolean;
  /** The end of what it wrote to the standard error. */
  readonly said: string;
}

const saidLimit = 8 * 1024;
const children = new Set<ChildProcess>();
/** The parent's end is the children's: nobody waits for them any more. */
function endChildren(): void {
  for (const child of children) child.kill('SIGKILL');
}

export function runSelf(words: readonly string[], timeoutMs: number): Promise<RunEnd> {
  if (children.size === 0) process.once('exit', endChildren);
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  });
  children.add(child);
  let said = '';
  let timedOut = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-saidLimit);
  });
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  return new Promise((resolve) => {
    const end = (code: number | null, error?: Error): void => {
      clearTimeout(timer);
      children.delete(child);
      if (children.size === 0) process.removeListener('exit', endChildren);
      resolve({ code: code ?? undefined, timedOut, said: error ? error.message : said });
    };
    child.once('error', (error) => end(null, error));
    child.once('close', (code) => end(code));
  });
}
