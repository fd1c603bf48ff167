import { describe, expect, it } from 'vitest';
import { storeOf } from '../../src/text/store-settings.ts';

const place = { path: 'a', line: 1, column: 1, endLine: 1, endColumn: 1 };

describe('the kind of store that a variable names', () => {
  it.each([
    ['DATABASE_URL', 'postgres://u:***@db/shop', 'postgresql'],
    ['DATABASE_URL', 'postgresql+psycopg2://db/shop', 'postgresql'],
    ['DATABASE_URL', 'sqlite:///data/shop.db', 'sqlite'],
    ['DATABASE_URL', 'file:./dev.db', 'sqlite'],
    ['UPLOAD_URL', 'file:./uploads', undefined],
    ['MONGO', 'mongodb+srv://cluster/shop', 'mongodb'],
    ['BROKER', 'amqp://queue', 'rabbitmq'],
    ['SPRING_DATASOURCE_URL', 'jdbc:h2:mem:shop', 'h2'],
    ['SPRING_DATASOURCE_URL', 'jdbc:mysql://db/shop', 'mysql'],
    ['DB_CONNECTION', 'pgsql', 'postgresql'],
    ['DB_ENGINE', 'django.db.backends.sqlite3', 'sqlite'],
    ['LOG_DRIVER', 'mysql', undefined],
    ['SITE', 'https://example.com', undefined],
    ['TIME', '12:30', undefined],
    ['MODE', 'constructor://x', undefined],
  ])('%s=%s', (name, value, expected) => {
    expect(storeOf({ name, value: { known: true, value, place }, place })).toBe(expected);
  });
  it('is unknown where the value is', () => {
    expect(storeOf({ name: 'DATABASE_URL', value: { known: false, because: 'x', place }, place })).toBeUndefined();
  });
});
