/** Runs programs and compares them in pairs: noise of the machine hits both sides of a round alike. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const reportMemory = pathToFileURL(join(import.meta.dirname, 'report-memory.mjs')).href;

/** One run of a Node program: seconds from start to exit as its caller sees them, and MiB at the peak. */
export function runOnce({ words, cwd, env = {}, memory = true, isGood = (status) => status === 0, before }) {
  before?.();
  const start = performance.now();
  const { status, signal, output, error } = spawnSync(process.execPath, [...(memory ? ['--import', reportMemory] : []), ...words], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - start) / 1000;
  if (error || signal || !isGood(status))
    throw new Error(`${words.join(' ')} ended with ${error ?? signal ?? status}: ${output?.[2]?.slice(-2000)}`);
  return { seconds, mebibytes: Number(output[3]) / 1024, stdout: output[1] };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs all programs `rounds` times, every other round in reverse order. */
export function compare(programs, rounds) {
  const runs = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const names = Object.keys(programs);
    for (const name of round % 2 ? names.reverse() : names) runs[name].push(runOnce(programs[name]));
  }
  return runs;
}

export const medianSeconds = (runs) => median(runs.map(({ seconds }) => seconds));
/** Median over the rounds of how many times longer `runs` took than `base` in the same round. */
export const medianRatio = (runs, base) => median(runs.map(({ seconds }, round) => seconds / base[round].seconds));
export const peakMemory = (runs) => Math.max(...runs.map(({ mebibytes }) => mebibytes));
