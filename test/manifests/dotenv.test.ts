import { describe, expect, it } from 'vitest';
import { dotenvAdapter } from '../../src/manifests/dotenv/index.ts';
import { judgeValue, maskCommand, maskConnection, secretKindOf } from '../../src/text/secret-shapes.ts';
import { factsOf, knownOf, read } from './read.ts';

describe('.env files', () => {
  it.each([
    ['.env', false, 'unknown'],
    ['.env.example', true, 'unknown'],
    ['.env.production', false, 'production'],
    ['.env.local', false, 'development'],
    ['.env.test', false, 'test'],
    ['config/web.env', false, 'unknown'],
    ['env.sample', true, 'unknown'],
  ])('%s', (path, sample, purpose) => {
    expect(factsOf(read(dotenvAdapter, path, 'A=1\n'), 'env-file')[0]!.value).toMatchObject({ sample, purpose });
  });
  it.each(['env.ts', '.env.js', '.envrc', '.env.vault', 'environment'])('leaves %s', (path) => {
    expect(dotenvAdapter.classify(path)).toBe(false);
  });
  it('reads quotes, comments, several lines and CRLF', () => {
    const text = '# c\r\nA=1 # one\r\nexport B="x # y"\r\nC=\'multi\nline\'\r\nD=\nE: f\n  G = h\nbad line\nH=a#b\n';
    const { entries } = factsOf(read(dotenvAdapter, '.env', text), 'env-file')[0]!.value;
    expect(entries.map(({ name, value, place }) => [name, knownOf(value), place.line])).toEqual([
      ['A', '1', 2],
      ['B', 'x # y', 3],
      ['C', 'multi\nline', 4],
      ['D', '', 6],
      ['E', 'f', 7],
      ['G', 'h', 8],
      ['H', 'a#b', 10],
    ]);
  });
  it('masks secrets and names them', () => {
    const extraction = read(
      dotenvAdapter,
      '.env',
      'PORT=80\nJWT_SECRET=hunter2-x\nX=ghp_0123456789abcdefghijABCDEFGHIJ012345\nS=changeme\nURL=redis://:hunter2-x@c:6379\n',
    );
    expect(JSON.stringify(extraction)).not.toMatch(/hunter2|ghp_/);
    expect(factsOf(extraction, 'secret').map(({ value }) => [value.env, value.provider, value.holder])).toEqual([
      ['JWT_SECRET', undefined, 'env-file'],
      ['X', 'GitHub', 'env-file'],
      ['URL', undefined, 'env-file'],
    ]);
  });
  it.each([
    ['an open quote', `A="${'x\n'.repeat(50_000)}`],
    ['many open quotes', 'A="\n'.repeat(4000)],
    ['a long line', `A=${'#'.repeat(1_000_000)}`],
    ['blanks', `A=${' '.repeat(200_000)}x`],
  ])('is bounded for %s', (_, text) => {
    const started = performance.now();
    read(dotenvAdapter, '.env', text);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('secret names', () => {
  it.each([
    'DB_PASSWORD',
    'apiKey',
    'JWT_SECRET',
    'MYSQL_ROOT_PASSWORD',
    'AUTH_TOKEN',
    'privateKey',
    'SESSION_KEY',
    'PGPASSWORD2',
    'SMTP_PASS',
  ])('%s', (name) => {
    expect(secretKindOf(name)).toBeDefined();
  });
  it.each([
    'PASSWORD_MIN_LENGTH',
    'TOKEN_URL',
    'SECRET_NAME',
    'DB_PASSWORD_FILE',
    'NEXT_PUBLIC_API_KEY',
    'KEYBOARD',
    'PRIMARY_KEY',
    'PORT',
    'MYSQL_ALLOW_EMPTY_PASSWORD',
    'JWT_EXPIRES',
    'COMPASS',
    'PUBLIC_KEY',
  ])('not %s', (name) => {
    expect(secretKindOf(name)).toBeUndefined();
  });
  it.each([
    ['', 'empty'],
    ['changeme', 'placeholder'],
    ['<your key>', 'placeholder'],
    ['${DB_PASSWORD}', 'reference'],
    ['/run/secrets/db', 'reference'],
    ['********', 'placeholder'],
    ['admin', 'secret'],
    ['hunter2-x', 'secret'],
  ])('a password %j is %s', (value, shape) => {
    expect(judgeValue('DB_PASSWORD', value).shape).toBe(shape);
  });
});

describe('masking', () => {
  it.each([
    ['postgres://u:p4ss-x@h:5432/d?sslmode=require', 'postgres://u:***@h:5432/d?sslmode=require'],
    ['mongodb://u:p4ss-x@a:1,b:2/d', 'mongodb://u:***@a:1,b:2/d'],
    ['postgres://u:p4/ss-x@h/d', 'postgres://u:***@h/d'],
    ['http://host:8080/path@2', 'http://host:8080/path@2'],
    ['u:p4ss-x@tcp(db:3306)/d', 'u:***@tcp(db:3306)/d'],
    ['Server=db;User Id=sa;Password=p4ss-x;', 'Server=db;User Id=sa;Password=***;'],
    ['postgres://u:${PW}@h/d', 'postgres://u:${PW}@h/d'],
    ['https://example.com/a', 'https://example.com/a'],
  ])('%s', (value, expected) => {
    expect(maskConnection(value).text).toBe(expected);
  });
  it('masks commands', () => {
    expect(maskCommand('run --db-password p4ss-x --port 80 API_KEY="p4ss-x" PORT=80')).toBe(
      'run --db-password *** --port 80 API_KEY=*** PORT=80',
    );
  });
});
