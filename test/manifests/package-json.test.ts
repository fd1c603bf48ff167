import { describe, expect, it } from 'vitest';
import { ignoreFileAdapter } from '../../src/manifests/ignore-file/index.ts';
import { lockFileAdapter } from '../../src/manifests/lock-file/index.ts';
import { packageJsonAdapter } from '../../src/manifests/package-json/index.ts';
import { findDockerIgnore, findGitIgnore } from '../../src/text/ignore-patterns.ts';
import { factsOf, read } from './read.ts';

describe('package.json', () => {
  const text = `{
  "name": "@acme/shop",
  "version": "1.2.3",
  "type": "module",
  "main": "./dist/../dist/main.js",
  "bin": "cli.js",
  "workspaces": { "packages": ["apps/*"] },
  "packageManager": "pnpm@9.1.0",
  "scripts": { "start": "DB_PASSWORD=hunter2-x node dist/main.js",
    "dev": "nodemon" },
  "dependencies": {
    "express": "^4.18.0"
  },
  "optionalDependencies": { "fsevents": "2" },
  "devDependencies": { "jest": "29" }
}`;
  const fact = factsOf(read(packageJsonAdapter, 'apps/shop/package.json', text), 'package')[0]!;
  it('keeps places', () => {
    expect(fact.value).toMatchObject({
      name: '@acme/shop',
      root: 'apps/shop',
      type: 'module',
      private: false,
      main: { path: 'dist/main.js', place: { line: 5 } },
      bin: { shop: 'cli.js' },
      workspaces: ['apps/*'],
      packageManager: 'pnpm@9.1.0',
      namePlace: { line: 2, column: 11 },
    });
    expect(fact.value.scripts['dev']).toMatchObject({ command: 'nodemon', place: { line: 10, column: 5 } });
    expect(fact.value.dependencies['express']).toMatchObject({ range: '^4.18.0', place: { line: 12 } });
    expect(Object.keys(fact.value.dependencies)).toEqual(['fsevents', 'express']);
  });
  it('masks secrets of scripts', () => {
    expect(fact.value.scripts['start']!.command).toBe('DB_PASSWORD=*** node dist/main.js');
  });
  it.each([
    ['{ "name": "a", }', 'syntax-error'],
    ['', 'syntax-error'],
    ['[1]', 'syntax-error'],
    ['<<<<<<< HEAD\n{}\n', 'syntax-error'],
    [`{"a":${'['.repeat(10_000)}`, 'too-deep'],
    ['{"name":"\0"', 'syntax-error'],
  ])('names what it cannot read: %#', (broken, reason) => {
    expect(read(packageJsonAdapter, 'package.json', broken)).toMatchObject({ facts: [], notAssessed: [{ reason, failed: true }] });
  });
  it('survives odd types and prototype keys', () => {
    const odd = '{ "name": 5, "scripts": [], "dependencies": { "__proto__": "1", "a": 2 }, "workspaces": "x" }';
    const { value } = factsOf(read(packageJsonAdapter, 'package.json', odd), 'package')[0]!;
    expect(value).toMatchObject({ root: '', workspaces: [], scripts: {} });
    expect(Object.getPrototypeOf(value.dependencies)).toBe(Object.prototype);
    expect(Object.keys(value.dependencies)).toEqual(['__proto__']);
  });
});

it('reads workspaces of pnpm and lerna', () => {
  expect(factsOf(read(packageJsonAdapter, 'pnpm-workspace.yaml', 'packages:\n  - apps/*\n  - "!apps/x"\n'), 'workspace')[0]!.value).toEqual(
    {
      manager: 'pnpm',
      root: '',
      packages: ['apps/*', '!apps/x'],
    },
  );
  expect(factsOf(read(packageJsonAdapter, 'a/lerna.json', '{"packages": ["libs/*"]}'), 'workspace')[0]!.value.root).toBe('a');
});

it('sees lock files without parsing them', () => {
  expect(factsOf(read(lockFileAdapter, 'a/yarn.lock', '{{{'), 'lock-file')[0]!.value).toEqual({ manager: 'yarn', root: 'a' });
});

describe('ignore files', () => {
  it('keeps patterns with their lines', () => {
    const { value } = factsOf(read(ignoreFileAdapter, 'a/.dockerignore', '# c\n\n node_modules \r\n!b\n'), 'ignore-list')[0]!;
    expect(value).toEqual({ kind: 'docker', root: 'a', patterns: ['node_modules', '!b'], lines: [3, 4] });
  });
  it.each([
    [['.env'], '.env', '.env'],
    [['.env'], 'a/.env', undefined],
    [['**/.env*'], 'a/b/.env.local', '**/.env*'],
    [['**'], 'x', '**'],
    [['*', '!.env'], '.env', undefined],
    [['a'], 'a/b/c', 'a'],
    [['a/**/c'], 'a/c', 'a/**/c'],
    [['./a/'], 'a/b', './a/'],
  ])('%j for %s', (patterns, path, expected) => {
    expect(findDockerIgnore(patterns, path)).toBe(expected);
  });
  it('matches names of .gitignore at any depth', () => {
    expect(findGitIgnore(['*.lock', '!yarn.lock'], 'a/bun.lock')).toBe('*.lock');
    expect(findGitIgnore(['*.lock', '!yarn.lock'], 'a/yarn.lock')).toBeUndefined();
    expect(findGitIgnore(['/package-lock.json'], 'a/package-lock.json')).toBeUndefined();
  });
  it('is linear in stars', () => {
    const started = performance.now();
    findDockerIgnore([`${'*a'.repeat(2000)}b`], 'a'.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
