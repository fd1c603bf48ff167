import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFiles } from '../src/files/access.ts';
import { openCache } from '../src/files/cache.ts';
import { chooseRoles } from '../src/files/classify.ts';
import { decodeText } from '../src/files/decode.ts';
import { cacheFolder } from '../src/files/host/cache-folder.ts';
import { findTarget } from '../src/files/host/find-root.ts';
import { listFiles } from '../src/files/host/list-files.ts';
import { git, makeFolder, makeWorkTree, writeFiles } from './temporary-repository.ts';

const list = (root: string, useGit: boolean) => listFiles(root, { git: useGit, wanted: [] });

describe('listing', () => {
  const files = { 'a.js': '', 'deep/b.js': '', 'deep/ignored.log': '', 'deep/kept.log': '', 'node_modules/x/index.js': '', 'out/c.js': '' };
  const ignores = { '.gitignore': '*.log\nout/\nnode_modules\n', 'deep/.gitignore': '!kept.log\n' };
  const expected = ['.gitignore', 'a.js', 'deep/.gitignore', 'deep/b.js', 'deep/kept.log'];

  it('is the same with and without git', () => {
    const root = makeFolder({ ...files, ...ignores });
    expect(list(root, false).paths).toEqual(expected);
    expect(list(root, false).tracked).toBeUndefined();
    git(root, 'init', '-q');
    expect(list(root, true).paths).toEqual(expected);
    expect(list(root, true).tracked?.size).toBe(0);
    git(root, 'add', 'a.js');
    expect([...list(root, true).tracked!]).toEqual(['a.js']);
  });

  it('lists an ignored folder that was asked for by name', () => {
    const root = makeWorkTree({ 'a.js': '', 'out/c.js': '', '.gitignore': 'out/\n' });
    expect(list(root, true).paths).not.toContain('out/c.js');
    expect(listFiles(root, { git: true, wanted: ['out'] }).paths).toContain('out/c.js');
  });

  it.each([true, false])('follows no link out of the root or around in it (git: %s)', (useGit) => {
    const outside = makeFolder({ secret: 'hidden' });
    const root = makeFolder({ 'real/a.js': 'a' });
    symlinkSync(join(outside, 'secret'), join(root, 'leak.js'));
    symlinkSync(outside, join(root, 'leak-folder'));
    symlinkSync('..', join(root, 'real/up'));
    symlinkSync('self', join(root, 'self'));
    symlinkSync('nowhere', join(root, 'gone'));
    symlinkSync('real/a.js', join(root, 'alias.js'));
    if (useGit) git(root, 'init', '-q');
    const listing = list(root, useGit);
    expect(listing.paths).toEqual(['alias.js', 'real/a.js']);
    expect([...listing.aliases]).toEqual([['alias.js', 'real/a.js']]);
    expect(Object.fromEntries(listing.notAssessed.map(({ reason, place }) => [place!.path, reason]))).toEqual({
      'leak.js': 'link-outside',
      'leak-folder': 'link-outside',
      'real/up': 'link-loop',
      self: 'link-loop',
      gone: 'link-broken',
    });
  });

  it('leaves out what was deleted, although git still tracks it', () => {
    const root = makeWorkTree({ 'a.yml': 'a: 1\n', 'b.yml': 'b: 1\n' });
    rmSync(join(root, 'a.yml'));
    const { paths, tracked } = list(root, true);
    expect(paths).toEqual(['b.yml']);
    expect(tracked).toContain('a.yml');
  });

  it('starts nothing that the configuration of the repository names', () => {
    const root = makeWorkTree({ 'a.js': '' });
    const trace = join(root, 'started');
    writeFileSync(join(root, 'hook.sh'), `#!/bin/sh\ntouch ${trace}\n`);
    chmodSync(join(root, 'hook.sh'), 0o755);
    git(root, 'config', 'core.fsmonitor', join(root, 'hook.sh'));
    expect(list(root, true).paths).toEqual(['a.js', 'hook.sh']);
    expect(existsSync(trace)).toBe(false);
  });

  it('ignores a GIT_DIR of the caller', () => {
    const root = makeWorkTree({ 'a.js': '' });
    const other = makeWorkTree({ 'b.js': '' });
    process.env['GIT_DIR'] = join(other, '.git');
    try {
      expect(list(root, true).paths).toEqual(['a.js']);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  it('keeps odd names as they are', () => {
    const names = ['line\nbreak.js', 'esc\u001b[31m.js', '<script>.js', 'ünï "quoted".js'];
    const root = makeWorkTree(Object.fromEntries(names.map((name) => [name, 'x'])));
    expect([...list(root, true).paths].sort()).toEqual([...names].sort());
    expect([...list(root, false).paths].sort()).toEqual([...names].sort());
  });
});

describe('targets', () => {
  it('are relative to the work tree from wherever they are given', () => {
    const root = makeWorkTree({ 'services/api/a.js': '' });
    expect(findTarget([join(root, 'services/api')])).toEqual({ root, paths: ['services/api'] });
    expect(findTarget([root, join(root, 'services')])).toEqual({ root, paths: [] });
  });
  it('outside of git are below their common folder', () => {
    const root = makeFolder({ 'a/x.js': '', 'b/y.js': '' });
    expect(findTarget([join(root, 'a')])).toEqual({ root: join(root, 'a'), paths: [] });
    expect(findTarget([join(root, 'a'), join(root, 'b')])).toEqual({ root, paths: ['a', 'b'] });
  });
  it('may not lie in two repositories', () => {
    expect(() => findTarget([makeWorkTree({ a: '' }), makeWorkTree({ b: '' })])).toThrow(/different repositories/);
  });
});

describe('decoding', () => {
  const utf16 = Buffer.from('\ufeffhäh', 'utf16le');
  it.each([
    ['UTF-8 with a mark', Buffer.from('\ufeffhäh'), 'häh'],
    ['UTF-16 little endian', utf16, 'häh'],
    ['UTF-16 big endian', Buffer.from(utf16).swap16(), 'häh'],
    ['CRLF', Buffer.from('a\r\nb'), 'a\r\nb'],
    ['binary', Buffer.from([1, 0, 2]), undefined],
  ])('reads %s', (_, bytes, text) => {
    expect(decodeText(bytes)).toBe(text);
  });
});

describe('file access', () => {
  const open = (root: string, overlay = new Map<string, string>()) => openFiles({ listing: list(root, false), overlay });

  it('names each file that cannot be read, once', () => {
    const root = makeFolder({ 'binary.js': new Uint8Array([65, 0, 66]), 'large.js': 'x'.repeat(3 * 1024 * 1024), 'fine.js': 'ok' });
    const files = open(root);
    for (const path of ['binary.js', 'large.js', 'fine.js', 'binary.js']) files.text(path);
    expect(files.text('fine.js')).toBe('ok');
    expect(files.text('missing.js')).toBeUndefined();
    expect(files.notAssessed.map(({ reason, place }) => [place!.path, reason])).toEqual([
      ['binary.js', 'binary'],
      ['large.js', 'too-large'],
    ]);
  });

  it('says nothing of large files that do not matter', () => {
    const root = makeFolder({ 'data.yaml': `rows:\n${'- 1\n'.repeat(800_000)}` });
    const files = open(root);
    expect(
      files.derive(
        'data.yaml',
        'k',
        () => 1,
        (head) => head.includes('kind:'),
      ),
    ).toBeUndefined();
    expect(files.notAssessed).toEqual([]);
  });

  it('finds what lies below a folder, and overlays', () => {
    const root = makeFolder({ 'a/x.js': '1', 'a-b/y.js': '', 'a.js': '' });
    const files = open(
      root,
      new Map([
        ['a/new.js', 'n'],
        ['a/x.js', '2'],
      ]),
    );
    expect(files.under('a')).toEqual(['a/new.js', 'a/x.js']);
    expect(files.under('')).toHaveLength(4);
    expect([files.text('a/x.js'), files.text('a/new.js'), files.has('a/new.js')]).toEqual(['2', 'n', true]);
  });

  it('forgets files that are listed but gone', () => {
    const root = makeFolder({ 'a.js': '' });
    const files = open(root);
    rmSync(join(root, 'a.js'));
    expect(files.text('a.js')).toBeUndefined();
    expect([files.has('a.js'), files.notAssessed]).toEqual([false, []]);
  });
});

describe('cache', () => {
  const old = new Date('2024-01-01');
  function setUp() {
    process.env['XDG_CACHE_HOME'] = makeFolder();
    const root = makeFolder({ 'a.js': 'one' });
    utimesSync(join(root, 'a.js'), old, old);
    let made = 0;
    /** One run: what was derived, and how often the maker was called so far. */
    const run = () => {
      const cache = openCache(root, 'test');
      const files = openFiles({ listing: list(root, false), overlay: new Map(), cache });
      const value = files.derive('a.js', 'upper', ({ text }) => {
        made++;
        return { text: text.toUpperCase() };
      });
      cache.save((path) => files.has(path));
      return [value?.text, made];
    };
    return { root, run };
  }

  it('makes a value once for the same content, and again for another', () => {
    const { root, run } = setUp();
    expect([run(), run()]).toEqual([
      ['ONE', 1],
      ['ONE', 1],
    ]);
    writeFiles(root, { 'a.js': 'two' });
    expect([run(), run()]).toEqual([
      ['TWO', 2],
      ['TWO', 2],
    ]);
  });

  it('is not fooled by an edit that keeps size and time', () => {
    const { root, run } = setUp();
    run();
    writeFiles(root, { 'a.js': 'two' });
    utimesSync(join(root, 'a.js'), old, old);
    expect(run()).toEqual(['TWO', 2]);
  });

  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, -3)],
    ['changed', (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('ONE', 'XXX'), 'latin1')],
    ['foreign', () => Buffer.from('{"key":1}\n[]')],
    ['empty', () => Buffer.alloc(0)],
  ])('that was %s counts as empty', (_, damage) => {
    const { run } = setUp();
    run();
    const folder = cacheFolder()!;
    const file = join(folder, readdirSync(folder)[0]!);
    const before = readFileSync(file);
    expect(before.includes('ONE')).toBe(true);
    writeFileSync(file, damage(before));
    expect(run()).toEqual(['ONE', 2]);
  });

  it('that is parked reads values from the disk, and makes them anew when another has taken its place', () => {
    const { root, run } = setUp();
    run();
    const cache = openCache(root, 'test');
    cache.park();
    const derive = () => {
      const files = openFiles({ listing: list(root, false), overlay: new Map(), cache });
      return files.derive('a.js', 'upper', () => ({ text: 'made anew' }))?.text;
    };
    expect([derive(), derive()]).toEqual(['ONE', 'ONE']);
    const file = join(cacheFolder()!, readdirSync(cacheFolder()!)[0]!);
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from(' ')]));
    expect(derive()).toBe('made anew');
    rmSync(file);
    expect(derive()).toBe('made anew');
  });

  it('that cannot be written costs nothing else', () => {
    const { run } = setUp();
    const blocked = join(makeFolder({ file: '' }), 'file');
    process.env['XDG_CACHE_HOME'] = join(blocked, 'below');
    expect(run()[0]).toBe('ONE');
  });
});

describe('roles', () => {
  const roleIn = (paths: readonly string[], path: string, bases: readonly string[] = []) =>
    chooseRoles({ paths: new Set([...paths, path, 'package.json']), bases })(path);
  it.each([
    ['src/server.js', 'production'],
    ['src/__tests__/server.js', 'test'],
    ['test/docker-compose.yml', 'test'],
    ['src/user.spec.ts', 'test'],
    ['src/test.utils.js', 'test'],
    ['src/testHelpers.ts', 'test'],
    ['core/src/dockerTest/resources/compose.yaml', 'test'],
    ['core/src/it/pom.xml', 'test'],
    ['integration-tests/war/pom.xml', 'test'],
    ['smoke-test/app/pom.xml', 'test'],
    ['services/contest/src/main/java/App.java', 'production'],
    ['src/latest/server.js', 'production'],
    ['src/latest.ts', 'production'],
    ['examples/app/server.js', 'example'],
    ['docs/compose.yml', 'documentation'],
    ['third_party/lib/a.js', 'vendored'],
    ['vendor/lib/a.js', 'vendored'],
    ['services/vendor/app.js', 'production'],
    ['dist/server.js', 'generated'],
    ['build/Dockerfile', 'production'],
    ['public/app.js', 'browser'],
    ['src/app.min.js', 'generated'],
    ['scripts/seed.js', 'tooling'],
    ['vite.config.ts', 'tooling'],
    ['src/client/redis.ts', 'production'],
    ['.env.example', 'production'],
  ] as const)('%s is %s', (path, role) => {
    expect(roleIn(path === 'build/Dockerfile' ? ['build/Dockerfile'] : [], path)).toBe(role);
  });
  it('count from the folder that was asked for', () => {
    expect(roleIn([], 'fixtures/apps/shop/server.js', ['fixtures/apps/shop'])).toBe('production');
    expect(roleIn([], 'fixtures/apps/shop/test/server.js', ['fixtures/apps/shop'])).toBe('test');
  });
  it('do not exclude all that could be deployed', () => {
    const paths = new Set(['examples/app/package.json', 'examples/app/server.js', 'README.md']);
    expect(chooseRoles({ paths, bases: [] })('examples/app/server.js')).toBe('production');
  });
});
