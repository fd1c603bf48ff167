import { describe, expect, it } from 'vitest';
import { migrationCommand } from '../../src/text/migration-commands.ts';

const read = (line: string): string | undefined => migrationCommand(line.split(' '));

describe('commands that change a schema', () => {
  it.each([
    ['npx prisma migrate deploy --schema=x', 'prisma migrate deploy'],
    ['./node_modules/.bin/sequelize db:migrate --env production', 'sequelize db:migrate --env'],
    ['knex --knexfile k.js migrate:latest', 'knex --knexfile k.js'],
    ['npm run migrate:prod', 'npm run migrate:prod'],
    ['yarn db:migrate', 'yarn run db:migrate'],
    ['node dist/migrate.js', 'node dist/migrate.js'],
    ['python manage.py migrate --noinput', 'manage.py migrate --noinput'],
    ['flask db upgrade', 'flask db upgrade'],
    ['bundle exec rails db:prepare', 'rails db:prepare'],
    ['dotnet ef database update', 'ef database update'],
    ['python init_db.py', 'python init_db.py'],
    ['uv run python -m shop.create_tables', 'python shop.create_tables'],
    ['python cli.py create-table', 'cli.py create-table'],
    ['flask init-db', 'flask init-db'],
    ['npx turbo run db:deploy', 'turbo run db:deploy'],
    ['npm run db:push', 'npm run db:push'],
    ['payload migrate', 'payload migrate'],
  ])('%s', (line, how) => expect(read(line)).toBe(how));
  it.each([
    'npx prisma generate',
    'npm run migrate:create',
    'npm run migrate:undo',
    'npm start',
    'node server.js',
    'node dist/immigration.js',
    'npm run wait-for-migrations-check',
    'typeorm migration:generate',
    'flask run',
    './manage.py migrate --check',
    'python manage.py migrate --plan',
    'php artisan migrate --pretend',
    'bundle exec rails db:migrate:status',
    'alembic upgrade head --sql',
    'python create_database_backup.py',
    'python make_schema_docs.py',
    'python db_sync_worker.py',
    'node create-table-view.js',
    'npm run db:seed',
    'turbo run build',
    'payload migrate:create',
    'initdb -D /data',
  ])('leaves %s alone', (line) => expect(read(line)).toBeUndefined());
});
