import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../src/config/load-config.ts';
import { guardLanguage } from '../src/extract/guard-language.ts';
import type { FileAccess, Language } from '../src/languages/language.ts';
import { analyse, UsageError } from '../src/session.ts';
import type { Result } from '../src/types.ts';
import { makeFolder, makeWorkTree, shop, writeFiles } from './temporary-repository.ts';

beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = makeFolder();
});

const plain = ({ services, findings, suppressed, notAssessed, counts }: Result) =>
  JSON.parse(JSON.stringify({ services, findings, suppressed, notAssessed, counts }));
const found = (result: Result): string[] => result.findings.map(({ rule, place }) => `${rule} ${place.path}:${place.line}`);
const sessionsOnly = { rules: ['session-in-memory'] };
const fired = 'session-in-memory server.js:4';

describe('a session', () => {
  it('joins code and manifests and judges them', () => {
    const result = analyse({ root: makeWorkTree(shop) });
    const finding = result.findings.find(({ rule }) => rule === 'session-in-memory');
    expect(finding).toMatchObject({ level: 'error', service: 'shop', place: { path: 'server.js', line: 4 } });
    expect(finding!.related.map(({ place }) => `${place.path}:${place.line}`)).toContain('k8s/deployment.yaml:6');
    expect(result.services).toMatchObject([{ name: 'shop', verdict: 'blocked', platforms: ['kubernetes'] }]);
    expect(result.services[0]!.answer).toMatch(/^No: \d+ blockers?$/);
    expect(result.excerpt(finding!.place, 0)).toEqual([{ line: 4, text: 'app.use(session({ secret: process.env.SESSION_SECRET }));' }]);
  });

  it('says which language it does not read', () => {
    const files = { 'web/app.rb': "require 'sinatra'\n", 'web/Dockerfile': 'FROM ruby:3.3\nCOPY . .\nCMD ["ruby", "app.rb"]\n' };
    const [web] = analyse({ root: makeFolder(files) }).services;
    expect(web).toMatchObject({ read: { code: false, unreadLanguage: 'Ruby' }, verdict: 'unknown' });
    expect(web!.answer).toMatch(/^Unknown: Ruby code is not read, only its manifests were/);
  });

  it('gives the same on every run: cold, warm, without cache, without git', () => {
    const root = makeWorkTree(shop);
    for (const path of Object.keys(shop)) utimesSync(join(root, path), new Date(0), new Date(0));
    const runs = [{}, {}, { cache: false }].map((options) => plain(analyse({ root, ...options })));
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
    const withoutGit = plain(analyse({ root, git: false, rules: ['session-in-memory'] }));
    const { services, ...withGit } = plain(analyse({ root, rules: ['session-in-memory'] })) as Result;
    const evidence = services[0]!.evidence.filter(({ id }) => id !== 'under-version-control');
    expect(withoutGit).toEqual({ ...withGit, services: [{ ...services[0]!, evidence }] });
  });

  it('sees unsaved buffers instead of files', () => {
    const root = makeWorkTree(shop);
    const fixed = new Map([
      ['server.js', (shop['server.js'] as string).replace('app.use(session', 'false && (session').replace(/^.*session.*$/gm, '')],
    ]);
    expect(found(analyse({ root, ...sessionsOnly }))).toEqual([fired]);
    expect(found(analyse({ root, ...sessionsOnly, overlay: fixed }))).toEqual([]);
    expect(found(analyse({ root, ...sessionsOnly }))).toEqual([fired]);
  });

  it('takes unsaved buffers of excluded files for excluded, and settings from unsaved files', () => {
    const server = shop['server.js'] as string;
    const overlay = (extra: Record<string, string>) => new Map(Object.entries({ 'server.js': server, ...extra }));
    const root = makeWorkTree(shop);
    expect(found(analyse({ root, ...sessionsOnly, overlay: overlay({ 'cloudworthy.yml': 'exclude: [server.js]\n' }) }))).toEqual([]);
    const below = { 'app/cloudworthy.yml': 'rules:\n  session-in-memori: off\n', 'app/a.js': '' };
    expect(() => analyse({ root, overlay: overlay(below) })).toThrow('app/cloudworthy.yml:2: unknown rule "session-in-memori"');
  });

  it('leaves tests, examples, documentation and vendored code out', () => {
    const copies = ['test', 'examples/app', 'docs', 'third_party/x', 'vendor/y'].flatMap((folder) =>
      Object.entries(shop).map(([path, text]) => [`${folder}/${path}`, text] as const),
    );
    expect(found(analyse({ root: makeWorkTree({ ...shop, ...Object.fromEntries(copies) }), ...sessionsOnly }))).toEqual([fired]);
  });

  it('judges an example when it is asked for, or when there is nothing else', () => {
    const example = Object.fromEntries(Object.entries(shop).map(([path, text]) => [`examples/app/${path}`, text]));
    const expected = ['session-in-memory examples/app/server.js:4'];
    expect(found(analyse({ root: makeWorkTree(example), ...sessionsOnly }))).toEqual(expected);
    const both = makeWorkTree({ ...shop, ...example });
    expect(found(analyse({ root: both, paths: ['examples/app'], ...sessionsOnly }))).toEqual(expected);
    expect(found(analyse({ root: join(both, 'examples/app'), ...sessionsOnly }))).toEqual([fired]);
  });
});

describe('options', () => {
  const twin = (folder: string) =>
    Object.fromEntries(
      Object.entries(shop).map(([path, text]) => [`${folder}/${path}`, (text as string).replaceAll('shop', folder.split('/').at(-1)!)]),
    );

  it('limit what is reported to folders and services', () => {
    const root = makeWorkTree({ ...twin('services/api'), ...twin('services/web') });
    const web = ['session-in-memory services/web/server.js:4'];
    expect(found(analyse({ root, ...sessionsOnly })).length).toBe(2);
    expect(found(analyse({ root, ...sessionsOnly, paths: ['services/web'] }))).toEqual(web);
    const byName = analyse({ root, ...sessionsOnly, services: ['web'] });
    expect([found(byName), byName.services.map(({ name }) => name)]).toEqual([web, ['web']]);
    expect(() => analyse({ root, services: ['wev'] })).toThrow(UsageError);
  });

  it('choose rules, and name those that do not exist', () => {
    const root = makeWorkTree(shop);
    expect(found(analyse({ root, ignoreRules: ['session-in-memory'] }))).not.toContain(fired);
    expect(() => analyse({ root, rules: ['session-in-memori'] })).toThrow('Did you mean "session-in-memory"?');
  });

  it('hide findings by severity, but not from the verdict', () => {
    const root = makeWorkTree({ ...shop, 'cloudworthy.yml': 'rules: { session-in-memory: warning }' });
    const { findings, services } = analyse({ root, ...sessionsOnly, minSeverity: 'error' });
    expect([findings, services[0]!.verdict]).toEqual([[], 'at risk']);
  });

  it('turn workloads of other platforms into development ones', () => {
    const { services } = analyse({ root: makeWorkTree(shop), targets: ['compose'], rules: ['session-in-memory'] });
    expect(services[0]!.name).toBe('shop');
    const [finding] = analyse({ root: makeWorkTree(shop), targets: ['compose'], ...sessionsOnly }).findings;
    expect(finding!.related.map(({ place }) => place.path)).not.toContain('k8s/deployment.yaml');
  });

  it('fail for a folder that does not exist', () => {
    expect(() => analyse({ root: join(makeFolder(), 'nowhere') })).toThrow(/ENOENT/);
  });
});

describe('configuration and suppressions', () => {
  it('change levels, turn rules off, exclude paths', () => {
    const withConfig = (text: string) =>
      analyse({ root: makeWorkTree({ ...shop, 'cloudworthy.yml': text }), ...(text.includes('off') ? {} : sessionsOnly) });
    expect(withConfig('rules: { session-in-memory: note }').findings.map(({ level }) => level)).toEqual(['note']);
    expect(found(withConfig('rules: { session-in-memory: off }'))).not.toContain(fired);
    expect(found(withConfig('exclude: [server.js]'))).toEqual([]);
    expect(() => withConfig('failOn: loud')).toThrow(ConfigError);
  });

  it('by comment keep the finding out, with the reason; also from the cache', () => {
    const text = (shop['server.js'] as string).replace(
      'app.use(session',
      '// cloudworthy-ignore session-in-memory: one copy only\napp.use(session',
    );
    const root = makeWorkTree({ ...shop, 'server.js': text });
    utimesSync(join(root, 'server.js'), new Date(0), new Date(0));
    for (let run = 0; run < 2; run++) {
      const result = analyse({ root, ...sessionsOnly });
      expect([found(result), result.suppressed.map(({ reason, place }) => [reason, place!.line])]).toEqual([[], [['one copy only', 4]]]);
      expect(result.notAssessed.filter(({ reason }) => reason.includes('suppression'))).toEqual([]);
    }
  });

  it('that do nothing are named', () => {
    const root = makeWorkTree({ ...shop, 'server.js': `// cloudworthy-ignore session-in-memory: nothing here\n\n${shop['server.js']}` });
    const notes = analyse({ root, ...sessionsOnly }).notAssessed.filter(({ reason }) => reason === 'unused-suppression');
    expect(notes.map(({ place }) => `${place!.path}:${place!.line}`)).toEqual(['server.js:1']);
  });
});

describe('a fingerprint', () => {
  it('stays when code moves', () => {
    const root = makeWorkTree(shop);
    const before = analyse({ root, ...sessionsOnly }).findings[0]!;
    writeFiles(root, { 'server.js': `// new first line\n\n${shop['server.js']}` });
    const after = analyse({ root, ...sessionsOnly }).findings[0]!;
    expect([after.place.line - before.place.line, after.fingerprint]).toEqual([2, before.fingerprint]);
  });
});

it('a language that crashes costs one program and is named', () => {
  const crashing: Language = {
    id: 'x',
    manifests: [],
    owns: () => true,
    program() {
      throw new RangeError('stack');
    },
  };
  const program = guardLanguage(crashing).program({ root: 'api', packages: new Map(), entries: [], files: {} as FileAccess });
  expect(program).toMatchObject({ complete: false, facts: [], notAssessed: [{ reason: 'internal-error', failed: true }] });
  expect(program.notAssessed[0]!.message).toBe('Reading the program in api failed: stack');
});

it('an empty folder gives nothing, not success', () => {
  const root = makeFolder();
  mkdirSync(join(root, 'empty'));
  const { services, findings, counts } = analyse({ root });
  expect([services, findings, counts]).toEqual([[], [], { files: 0, read: 0, parsed: 0 }]);
});
