/**
 * Opens the sample in a real VS Code in headless Chromium, clicks through what the extension shows, and takes pictures to look at.
 *
 *   npm run package:vscode
 *   npm install --prefix DIR code-server        with the Node that it asks for (24; its addons need make, g++ and libkrb5-dev)
 *   NODE=path/to/node24 node editors/vscode/test/try-in-browser.mjs DIR/node_modules/code-server PICTURES
 *
 * `CHROMIUM` names the browser. Everything else happens in a temporary folder. Exits with 1 when something is not there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const [codeServer, pictures = 'pictures'] = process.argv.slice(2);
if (!codeServer) {
  console.error('Which code-server? node try-in-browser.mjs FOLDER PICTURES');
  process.exit(2);
}
mkdirSync(pictures, { recursive: true });
const root = resolve(import.meta.dirname, '../../..');
const home = mkdtempSync(join(tmpdir(), 'cloudworthy-vscode-'));
const folder = join(home, 'shop');
const nodeBinary = process.env.NODE ?? process.execPath;
const program = join(resolve(codeServer), 'out/node/entry.js');
const env = { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'data'), PATH: `${dirname(nodeBinary)}:${process.env.PATH}` };

/** A sample without saving behind the user's back, and without the panes of others. */
function prepare() {
  cpSync(join(root, 'fixtures/apps/shop'), folder, { recursive: true });
  for (const words of [
    ['init', '-q'],
    ['add', '-A'],
    ['-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'Sample'],
  ])
    spawnSync('git', words, { cwd: folder, env });
  const user = join(home, 'data/code-server/User');
  mkdirSync(user, { recursive: true });
  const settings = { 'files.autoSave': 'off', 'chat.disableAIFeatures': true, 'workbench.secondarySideBar.defaultVisibility': 'hidden' };
  writeFileSync(join(user, 'settings.json'), JSON.stringify({ ...settings, 'workbench.startupEditor': 'none' }));
  const vsix = join(root, 'editors/vscode/cloudworthy.vsix');
  const { status, stdout, stderr } = spawnSync(nodeBinary, [program, '--install-extension', vsix], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
}

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

async function serve() {
  const address = `127.0.0.1:${await freePort()}`;
  const words = ['--auth', 'none', '--bind-addr', address, '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'];
  const server = spawn(nodeBinary, [program, ...words], { env, stdio: 'ignore' });
  for (let tries = 0; tries < 60; tries++) {
    const answer = await fetch(`http://${address}/healthz`).catch(() => undefined);
    if (answer?.ok) return { server, address: `http://${address}` };
    await new Promise((wake) => setTimeout(wake, 1000));
  }
  throw new Error('code-server does not start.');
}

prepare();
const { server, address } = await serve();
process.on('exit', () => {
  server.kill();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});
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

const palettes = () => page.locator('.quick-input-widget input').first();
async function ask(key, text) {
  // A key that is pressed while the last palette closes is lost.
  for (let tries = 0; tries < 10 && !(await palettes().isVisible()); tries++) {
    await page.keyboard.press(key);
    await page.waitForTimeout(500);
  }
  await palettes().fill(text);
}
/** Only into the palette: a key that reaches the editor would write there. */
async function palette(text, { asks } = {}) {
  await ask('F1', `>${text}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
  if (!asks) await palettes().waitFor({ state: 'hidden' });
}
const tree = () => page.locator('.pane-body .monaco-list-row');
const status = () => page.locator('.statusbar-item', { hasText: /web:|orders:|blocked/ });
/** By the tree, because searching for files needs ripgrep, which not every code-server has. */
async function open(finding, file) {
  await tree().filter({ hasText: finding }).first().click();
  await page.locator('.tab.active').filter({ hasText: file }).waitFor();
  await page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
}
async function goTo(line) {
  await ask('Control+g', `:${line}`);
  await palettes().press('Enter');
  await palettes().waitFor({ state: 'hidden' });
}
async function setReplicas(count) {
  await open('The readiness probe asks', 'web.yaml');
  await goTo(8);
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await page.keyboard.type(count);
}
const onDisk = (path) => readFileSync(join(folder, path), 'utf8');
const report = () => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

await page.goto(`${address}/?folder=${encodeURIComponent(folder)}`);
await page.locator('.monaco-workbench').waitFor();

await step('the status bar tells of all services', () => page.locator('.statusbar-item', { hasText: /\d of \d blocked/ }).waitFor());
await step('the tree lists services with answers', async () => {
  await palette('cloudworthy: Show Services');
  await tree().filter({ hasText: 'No: 5 blockers' }).first().waitFor();
});
await step('a click on a blocker opens its place', () => open('express-session keeps', 'app.js'));
await step('the status bar tells of the service of the file', () => status().filter({ hasText: 'web: No: 5 blockers' }).waitFor());
await step('a hover tells the chain of evidence', async () => {
  await palette('Show or Focus Hover');
  await page.locator('.monaco-hover', { hasText: 'session-in-memory' }).filter({ hasText: 'k8s/web.yaml:8' }).waitFor();
});
await page.keyboard.press('Escape');
await step('problems stand in the code', async () => {
  await palette('Problems: Focus on Problems View');
  await page.locator('.viewpane-filter input').first().fill('express-session');
  await page.locator('.markers-panel .monaco-list-row', { hasText: 'express-session' }).first().waitFor();
});
await page.keyboard.press('Control+j');
await step('an edited manifest changes the answer, unsaved', async () => {
  await setReplicas('1');
  await page.locator('.statusbar-item', { hasText: /web: (?!No: 5 blockers)/ }).waitFor();
  if (!onDisk('k8s/web.yaml').includes('replicas: 3')) throw new Error('it was saved');
});
await step('edited back, it is as it was', async () => {
  await setReplicas('3');
  await status().filter({ hasText: 'web: No: 5 blockers' }).waitFor();
});
await step('a lens stands above the workload', async () => {
  await goTo(1);
  await page.locator('.codelens-decoration', { hasText: 'web: can it autoscale? No: 5 blockers' }).first().waitFor();
});
await step('fixes are offered', async () => {
  await open('The readiness probe asks', 'web.yaml');
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget', { hasText: 'Ask `/health`' }).waitFor();
});
await step('a fix is taken and saved, and the finding is gone', async () => {
  await page.locator('.action-widget .monaco-list-row', { hasText: 'Ask `/health`' }).first().click();
  await status().filter({ hasText: 'web: No: 4 blockers' }).waitFor();
  await palette('File: Save All');
  for (let tries = 0; tries < 20 && onDisk('k8s/web.yaml').includes('/ready'); tries++) await page.waitForTimeout(250);
  if (onDisk('k8s/web.yaml').includes('/ready')) throw new Error('the file has the old route');
});
await step('nothing was said to have failed', async () => {
  if (await page.locator('.notification-toast', { hasText: /not found|failed/ }).count()) throw new Error('a message of a failure');
});
await step('the report opens in a tab', async () => {
  await palette('cloudworthy: Open Migration Report');
  await page.locator('.tab', { hasText: 'Report:' }).waitFor();
  await report().locator('h1').first().waitFor();
});
await step('the report lists findings', () => report().locator('#findings').scrollIntoViewIfNeeded());
await step('a place in the report opens in the editor', async () => {
  await report().locator('a[href^="command:"]:visible').first().click();
  await page.locator('.tab.active').filter({ hasNotText: 'Report:' }).waitFor();
});
await step('the settings are there', async () => {
  await palette('Preferences: Open Settings (UI)');
  await page.locator('.settings-editor .suggest-input-container').first().click();
  await page.keyboard.type('@ext:cloudworthy.cloudworthy');
  await page.locator('.settings-editor .setting-item', { hasText: 'Debounce' }).first().waitFor();
});
// The settings lie above everything else.
for (let times = 0; times < 3; times++) await page.keyboard.press('Escape');
await step('the walkthrough opens', async () => {
  await palette('Welcome: Open Walkthrough', { asks: true });
  await palettes().fill('Can it autoscale');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Can it autoscale' }).first().waitFor();
  await palettes().press('Enter');
  await page.locator('.getting-started-step, .getting-started-category', { hasText: 'Ask each service' }).first().waitFor();
});
await browser.close();
console.log(missing.length ? `${missing.length} missing` : 'all there');
process.exitCode = missing.length ? 1 : 0;
