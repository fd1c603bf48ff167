/** Pages in the Chromium of this machine, where there is one. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** `CHROMIUM` names another one. */
export const chromiumPath = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== undefined && existsSync(path));

export const openBrowser = (): Promise<Browser> =>
  // Containers have no user namespaces for root's sandbox; the pages are our own.
  chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });

export interface Visit {
  readonly page: Page;
  /** Addresses that the page asked for, other than its own. */
  readonly requests: string[];
  /** What the console and the page complained of; breaches of the content security policy are among it. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** Opens a page as a user does: from a file. */
export async function visit(browser: Browser, text: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudworthy-page-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, text);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  const address = pathToFileURL(file).href;
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address && !request.url().startsWith('data:')) requests.push(request.url());
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address, { waitUntil: 'load' });
  const close = async (): Promise<void> => {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { page, requests, complaints, close };
}
