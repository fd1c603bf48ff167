import { describe, expect, it } from 'vitest';
import { internalAddress } from '../../src/text/addresses.ts';
import { isAcceptedSecret, judgeFallback, judgeNamed, judgeShape, judgeUse } from '../../src/text/secret-literals.ts';

const join = (...parts: string[]): string => parts.join('');

describe('literals under a name', () => {
  it.each([
    ['dbPassword', 'Tulip-9031'],
    ['JWT_SECRET', 'grandmother'],
    ['apiKey', 'q7Zt20LmPx81Rw4v'],
    ['url', 'postgres://app:k1ngfisher@db/app'],
    ['anything', join('gh', 'p_', 'a1B2c3D4e5'.repeat(4))],
    ['pem', '-----BEGIN PRIVATE KEY-----\nMIIB'],
  ])('%s holds a secret', (name, value) => expect(judgeNamed(name, value)).toBeDefined());

  it.each([
    ['password', 'Password is required'],
    ['RESET_PASSWORD', 'resetPassword'],
    ['tokenType', 'Bearer'],
    ['token', 'access'],
    ['password', 'password'],
    ['secretName', 'orders-db-1'],
    ['apiKey', 'your-api-key-here'],
    ['SECRET_FILE', '/run/secrets/a1b2'],
    ['password', '${DB_PASSWORD}'],
    ['POSTHOG_API_KEY', 'phc_a1B2c3D4e5F6g7H8i9'],
    ['MESSAGE_PASS_LIST', 'accept-changes-1'],
    ['passwordField', '#password-1'],
    ['password_salt', 'any text of your choice'],
    ['admin.passwordMtime', '2024-05-01T08:00:00Z'],
    ['url', 'postgresql+asyncpg://{user}:{pass_word}@{host}:{port}/{name}'],
    ['url', 'mysql://%(user)s:%(pw)s@db/stock'],
    ['url', 'amqp://%s:%s@%s:5672/'],
    ['dsn', '%s:%[2]v@tcp(db:3306)/stock'],
    ['connection', 'Server=db;User Id=app;Password={0};'],
    ['url', 'jdbc:postgresql://db/stock?user=app&password=@db.password@'],
  ])('%s holds none: %s', (name, value) => expect(judgeNamed(name, value)).toBeUndefined());
});

describe('fallbacks of variables', () => {
  it.each([
    ['JWT_SECRET', 'secret'],
    ['SESSION_SECRET', 'keyboard cat'],
    ['ADMIN_PASSWORD', 'Tulip-9031'],
    ['DATABASE_URL', 'mysql://app:k1ngfisher@db.internal/app'],
  ])('%s', (name, value) => expect(judgeFallback(name, value)).toBeDefined());
  it.each([
    ['DB_PASSWORD', 'postgres'],
    ['WEATHER_API_KEY', '123456'],
    ['DATABASE_URL', 'mysql://app:k1ngfisher@localhost/app'],
    ['GITHUB_CLIENT_SECRET', 'client-secret'],
    ['PAGE_SIZE', '20'],
  ])('%s may fall back to %s', (name, value) => expect(judgeFallback(name, value)).toBeUndefined());
});

describe('what libraries take', () => {
  it('signs with any text, and opens with anything but a placeholder', () => {
    expect(judgeUse('signing', 'cat')).toBeDefined();
    expect(judgeUse('password', 'club')).toBeDefined();
    expect(judgeUse('password', 'changeme')).toBeUndefined();
    expect(judgeUse('hash', 'invite-token')).toBeUndefined();
    expect(judgeUse('signing', '')).toBeUndefined();
  });
  it('knows formats of issuers, and leaves public ones', () => {
    expect(judgeShape(join('sk_', 'live_', 'a1B2c3D4e5F6g7H8'))).toMatchObject({ provider: 'Stripe' });
    expect(judgeShape(join('AIza', 'a'.repeat(35)))).toBeUndefined();
  });
  it('honours comments of other scanners', () => {
    expect(isAcceptedSecret(["const key = 'x'; // gitleaks:allow"], 1)).toBe(true);
    expect(isAcceptedSecret(['// secretlint-disable-next-line', "const key = 'x';"], 2)).toBe(true);
    expect(isAcceptedSecret(["const other = 'y'; // gitleaks:allow", "const key = 'x';"], 2)).toBe(false);
  });
});

describe('addresses', () => {
  it.each([
    ['redis://127.0.0.1:6379', { host: '127.0.0.1', port: 6379, loopback: true }],
    ['http://orders', { host: 'orders', loopback: false }],
    ['http://orders%s/items', { host: 'orders', loopback: false }],
    ['postgres://a:b@db.shop.svc.cluster.local/x', { host: 'db.shop.svc.cluster.local', loopback: false }],
    ['amqp://10.0.0.8', { host: '10.0.0.8', loopback: false }],
  ])('%s is internal', (text, address) => expect(internalAddress(text)).toMatchObject(address));
  it.each(['https://api.github.com/users', 'orders', 'file:///tmp/x', 'not a url', 'https://11.0.0.8/'])('%s is not', (text) =>
    expect(internalAddress(text)).toBeUndefined(),
  );
  it('stays fast on hostile text', () => {
    const start = performance.now();
    for (const text of ['a:'.repeat(50_000), '://'.repeat(50_000), `http://${'a.'.repeat(50_000)}`, 'x'.repeat(200_000)]) {
      internalAddress(text, true);
      judgeNamed('password', text);
    }
    expect(performance.now() - start).toBeLessThan(500);
  });
});
