/**
 * How long Chromium takes to open a report: `node bench/open-report.mjs [report.html…]`. Without a file, a report of 5,000 findings is
 * made from a sample (`--findings N` for another number). Needs `npm run build`; CHROMIUM names the browser.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '..');
const runs = 5;
const run = (...words) =>
  execFileSync(process.execPath, [join(root, 'dist/cli.js'), ...words], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** The findings of a sample again and again, each at a line of its own. */
function makeReport(folder, wanted) {
  const result = JSON.parse(run('check', join(root, 'fixtures/apps/shop'), '--format', 'json', '--exit-zero', '--no-config', '--quiet'));
  const findings = Array.from({ length: wanted }, (_, index) => {
    const finding = result.findings[index % result.findings.length];
    const line = index + 1;
    return { ...finding, fingerprint: index.toString(16).padStart(32, '0'), place: { ...finding.place, line, endLine: line } };
  });
  const saved = join(folder, 'saved.json');
  writeFileSync(saved, JSON.stringify({ ...result, findings }));
  const page = join(folder, 'report.html');
  run('report', '--from', saved, '--format', `html=${page}`);
  return page;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

async function measure(browser, page) {
  const times = { painted: [], loaded: [], filtered: [] };
  for (let index = 0; index < runs; index++) {
    const tab = await browser.newPage();
    await tab.goto(pathToFileURL(page).href, { waitUntil: 'load' });
    const [painted, loaded] = await tab.evaluate(
      "[performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN, performance.getEntriesByType('navigation')[0].loadEventEnd]",
    );
    const start = performance.now();
    await tab.locator('input[type=search]').fill('no such text');
    await tab.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    times.painted.push(painted);
    times.loaded.push(loaded);
    times.filtered.push(performance.now() - start);
    await tab.close();
  }
  return Object.entries(times).map(([what, all]) => `${what} ${median(all).toFixed(0)} ms`);
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { findings: { type: 'string', default: '5000' } } });
const folder = mkdtempSync(join(tmpdir(), 'cloudworthy-open-'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const pages = positionals.length > 0 ? positionals.map((page) => resolve(page)) : [makeReport(folder, Number(values.findings))];
  for (const page of pages) {
    const size = (statSync(page).size / 1e6).toFixed(1);
    console.log(
      `${page.startsWith(folder) ? `${values.findings} findings` : page}, ${size} MB: ${(await measure(browser, page)).join(', ')} (median of ${runs})`,
    );
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
