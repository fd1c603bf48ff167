/** The VS Code extension, as far as it goes without VS Code: its manifest, what is shown of services, links of the report. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isBelow, linkPlaces, placeLink } from '../../editors/vscode/src/report-page.ts';
import { type Line, linesOf, type Service, serviceAt, statusOf } from '../../editors/vscode/src/services.ts';
import { tellServices } from '../../src/lsp/services.ts';
import { analyse } from '../../src/session.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'editors/vscode');
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const manifest = JSON.parse(read('package.json'));

describe('the manifest', () => {
  const text = JSON.stringify(manifest);
  const sources = ['extension.ts', 'report.ts', 'views.ts', 'report-page.ts', 'program.ts'].map((name) => read(`src/${name}`)).join('\n');

  it('names files that are there, or that the build makes', () => {
    const files = [manifest.icon, ...(text.match(/"(?:images|walkthrough)\/[^"]+"/g) ?? []).map((name) => JSON.parse(name))];
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((name) => !existsSync(join(folder, name)))).toEqual([]);
    const build = read('build.mjs');
    expect(build).toContain("'extension.js'");
    expect(build).toContain("'config.schema.json'");
  });
  it('names commands that are registered, and no others', () => {
    const declared = manifest.contributes.commands.map(({ command }: { command: string }) => command);
    expect(declared.filter((id: string) => !sources.includes(`command('${id}'`))).toEqual([]);
    const used = [...text.matchAll(/command:(cloudworthy\.\w+)/g), ...text.matchAll(/onCommand:([\w.]+)/g)].map(([, id]) => id);
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((id) => !declared.includes(id))).toEqual([]);
    const inMenus = manifest.contributes.menus['view/title'].map(({ command }: { command: string }) => command);
    expect(inMenus.filter((id: string) => !declared.includes(id))).toEqual([]);
  });
  it('has a setting for each that is read, with the default that is read', () => {
    const settings = manifest.contributes.configuration.properties;
    const asked = [...sources.matchAll(/\.get(?:<\w+>)?\('([\w.]+)', ('?)(\w+)\2\)/g)];
    expect(asked.length).toBeGreaterThan(4);
    for (const [, name, , value] of asked) expect(String(settings[`cloudworthy.${name}`]?.default), name).toBe(value);
  });
  it('says why it works where the workspace is not trusted', () => {
    expect(manifest.capabilities.untrustedWorkspaces).toMatchObject({ supported: true, description: expect.stringContaining('executed') });
  });
  it('has the version and the licence of the product', () => {
    const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect([manifest.version, manifest.license]).toEqual([version, license]);
    expect(read('LICENSE')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });
});

const shop = analyse({ root: join(root, 'fixtures/apps/shop'), cache: false, git: false });
const services: readonly Service[] = JSON.parse(JSON.stringify(tellServices(shop, (path) => `file:///shop/${path}`)));
const repositories = [{ folder: '/shop', services }];
const flat = (lines: readonly Line[]): readonly Line[] => lines.flatMap((line) => [line, ...flat(line.children)]);

describe('what is shown of services', () => {
  it('is the service of the file: by folder, by manifest, or none', () => {
    const at = (file: string) => serviceAt(repositories, file)?.name;
    expect(at('/shop/web/src/app.js')).toBe('web');
    expect(at('/shop/k8s/orders.yaml')).toBe('orders');
    expect(at('/shop/README.md')).toBeUndefined();
    expect(at('/shopping/web/src/app.js')).toBeUndefined();
  });
  it('is the answer in the status bar, for all where no service is meant', () => {
    expect(statusOf(repositories, '/shop/web/src/app.js')?.text).toBe('$(error) web: No: 5 blockers');
    expect(statusOf(repositories, undefined)?.text).toBe('$(error) cloudworthy: 2 of 2 blocked');
    expect(statusOf([], undefined)).toBeUndefined();
  });
  it('draws no icon that a name asks for', () => {
    const odd = [{ folder: '/shop', services: services.map((service) => ({ ...service, name: '$(flame)' })) }];
    expect(statusOf(odd, '/shop/web/src/app.js')?.text).not.toContain('$(flame)');
  });
  it('lists each finding of a service once, below its gate, and leaves out what is below the least level', () => {
    const errors = flat(linesOf(repositories, 'error')).filter(
      ({ icon, children, location }) => icon === 'error' && !children.length && location,
    );
    expect(errors).toHaveLength(shop.findings.filter(({ level }) => level === 'error').length);
    expect(flat(linesOf(repositories, 'error')).some(({ icon }) => icon === 'info')).toBe(false);
    expect(flat(linesOf(repositories, 'note')).some(({ icon }) => icon === 'info')).toBe(true);
    const ids = flat(linesOf([...repositories, { folder: '/other', services }], 'note')).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('links of the report', () => {
  const page = (path: string, line = '7') => `<a href="${placeLink.replace('{path}', path).replace('{line}', line)}">x</a>`;
  it('become commands with their place', () => {
    const link = linkPlaces(page('web/src/a%20b.js'), "/it's");
    const words = /href="command:cloudworthy\.openPlace\?([^"]*)"/.exec(link)?.[1] ?? '';
    expect(JSON.parse(decodeURIComponent(words))).toEqual(["/it's", 'web/src/a b.js', 7]);
  });
  it.each(['..%2Fout', '%2Fetc%2Fpasswd', 'a/..%5C..%5Cb', 'C%3A/x', '%ZZ', 'a%00b', ''])('lead nowhere with the path %s', (path) => {
    expect(linkPlaces(page(path), '/shop')).toBe('<a href="#">x</a>');
  });
  it('keep to paths below the root', () => {
    expect([isBelow('a/b'), isBelow('..a/b'), isBelow('a/../../b')]).toEqual([true, true, false]);
  });
});

it('is bundled', { timeout: 180_000 }, () => {
  const installed = spawnSync(process.execPath, [join(folder, '../../build/vscode.mjs'), '--install'], { encoding: 'utf8' });
  expect(installed.status, installed.stderr).toBe(0);
  const made = spawnSync(process.execPath, [join(folder, 'build.mjs'), '--check'], { encoding: 'utf8' });
  expect(made.stderr).toBe('');
  expect(made.status).toBe(0);
});
