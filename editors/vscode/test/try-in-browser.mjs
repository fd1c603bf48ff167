/**
 * Opens the sample in a real VS Code in headless Chromium, clicks through what the extension shows, and takes pictures to look at.
 * It needs: a code-server (VS Code 1.100 or newer, `npm install code-server` with the Node that it asks for) into which
 * cloudworthy.vsix was installed (`code-server --install-extension`), started with `--auth none`; and Chromium (`CHROMIUM`).
 *
 *   node editors/vscode/test/try-in-browser.mjs ADDRESS FOLDER PICTURES
 *
 * FOLDER is a copy of fixtures/apps/shop on the machine of code-server. Exits with 1 when something is not there.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [address = 'http://127.0.0.1:8080', folder, pictures = 'pictures'] = process.argv.slice(2);
if (!folder) {
  console.error('Which folder? node try-in-browser.mjs ADDRESS FOLDER PICTURES');
  process.exit(2);
}
mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
page.setDefaultTimeout(30_000);
let number = 0;
const missing = [];

const picture = (name) => page.screenshot({ path: join(pictures, `${String(++number).padStart(2, '0')}-${name}.png`) });
async function step(name, run) {
  try {
    await run();
    console.log(`ok       ${name}`);
  } catch (error) {
    missing.push(name);
    console.log(`MISSING  ${name}: ${String(error).split('\n')[0]}`);
  }
  await picture(name.replaceAll(/[^a-z]+/gi, '-').toLowerCase());
}
async function palette(text) {
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor({ state: 'hidden' });
  // A key that is pressed while the last palette closes is lost.
  for (let tries = 0; tries < 5 && !(await input.isVisible()); tries++) {
    await page.keyboard.press('F1');
    await page.waitForTimeout(500);
  }
  await input.fill(`>${text}`);
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await page.keyboard.press('Enter');
}
/** By the tree, because searching for files needs ripgrep, which not every code-server has. */
async function open(finding, file, line) {
  await tree().filter({ hasText: finding }).first().click();
  await page.locator('.tab.active').filter({ hasText: file }).waitFor();
  await palette('Focus Active Editor Group');
  if (line === undefined) return;
  await page.keyboard.press('Control+g');
  await page.locator('.quick-input-widget input').fill(`:${line}`);
  await page.keyboard.press('Enter');
}
const tree = () => page.locator('.pane-body .monaco-list-row');
const status = () => page.locator('.statusbar-item', { hasText: /web:|orders:|blocked/ });

await page.goto(`${address}/?folder=${encodeURIComponent(folder)}`);
await page.locator('.monaco-workbench').waitFor();

await step('the status bar tells of all services', () => page.locator('.statusbar-item', { hasText: /\d of \d blocked/ }).waitFor());
await step('the tree lists services with answers', async () => {
  await palette('cloudworthy: Show Services');
  await tree().filter({ hasText: 'No: 5 blockers' }).first().waitFor();
});
await step('a click on a blocker opens its place', async () => {
  await tree().filter({ hasText: 'session-in-memory' }).first().click();
  await page.locator('.tab', { hasText: 'app.js' }).waitFor();
});
await step('the status bar tells of the service of the file', async () => {
  await open('express-session keeps', 'app.js');
  await status().filter({ hasText: 'web: No: 5 blockers' }).waitFor();
});
await step('problems stand in the code', async () => {
  await palette('Problems: Focus on Problems View');
  await page.locator('.viewpane-filter input').first().fill('express-session');
  await page.locator('.markers-panel .monaco-list-row', { hasText: 'express-session' }).first().waitFor();
});
async function setReplicas(count) {
  await open('The readiness probe asks', 'web.yaml', 8);
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await page.keyboard.type(count);
}
// A VS Code in the browser saves by itself after a second, unless `files.autoSave` is off.
await step('an edited manifest changes the answer', async () => {
  await setReplicas('1');
  await page.locator('.statusbar-item', { hasText: /web: (?!No: 5 blockers)/ }).waitFor();
});
await step('edited back, it is as it was', async () => {
  await setReplicas('3');
  await status().filter({ hasText: 'web: No: 5 blockers' }).waitFor();
});
await step('nothing was said to have failed', async () => {
  if (await page.locator('.notification-toast', { hasText: /not found|failed/ }).count()) throw new Error('a message of a failure');
});
await step('fixes are offered', async () => {
  await open('The readiness probe asks', 'web.yaml');
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget', { hasText: 'Ask `/health`' }).waitFor();
});
await page.keyboard.press('Escape');
await step('the report opens in a tab', async () => {
  await palette('cloudworthy: Open Migration Report');
  await page.locator('.tab', { hasText: 'Report:' }).waitFor();
  const report = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await report.locator('h1').first().waitFor();
  await report.locator('#findings').scrollIntoViewIfNeeded();
});
await step('a place in the report opens in the editor', async () => {
  const report = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await report.locator('a[href^="command:"]:visible').first().click();
  await page.locator('.tab.active').filter({ hasNotText: 'Report:' }).waitFor();
});
await step('the walkthrough opens', async () => {
  await palette('Welcome: Open Walkthrough');
  await page.locator('.quick-input-widget input').fill('Can it autoscale');
  await page.keyboard.press('Enter');
  await page.locator('.getting-started-step, .getting-started-category', { hasText: 'Ask each service' }).first().waitFor();
});
await browser.close();
console.log(missing.length ? `${missing.length} missing` : 'all there');
process.exitCode = missing.length ? 1 : 0;
