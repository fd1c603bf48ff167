/** Recognises commands that change the schema of a database, by the documentation of each tool. */

/** The words after the tool's own name, as one text. */
const tools: Readonly<Record<string, RegExp>> = {
  prisma: /^(?:migrate (?:deploy|dev|reset)|db push)\b/,
  sequelize: /^db:migrate\b/,
  'sequelize-cli': /^db:migrate\b/,
  knex: /\bmigrate:(?:latest|up)\b/,
  typeorm: /\b(?:migration:run|schema:sync)\b/,
  'typeorm-ts-node-commonjs': /\b(?:migration:run|schema:sync)\b/,
  'typeorm-ts-node-esm': /\b(?:migration:run|schema:sync)\b/,
  'mikro-orm': /^(?:migration:up|schema:update)\b/,
  'drizzle-kit': /^(?:migrate|push)\b/,
  'db-migrate': /^up\b/,
  'node-pg-migrate': /\bup\b/,
  'migrate-mongo': /^up\b/,
  umzug: /^up\b/,
  medusa: /^(?:migrations run|db:migrate|db:setup)\b/,
  directus: /^(?:bootstrap|database migrate:latest)\b/,
  rake: /\bdb:(?:migrate|prepare|setup|schema:load)\b/,
  rails: /\bdb:(?:migrate|prepare|setup|schema:load)\b/,
  alembic: /\bupgrade\b/,
  flask: /^db upgrade\b/,
  'manage.py': /^migrate\b/,
  'django-admin': /^migrate\b/,
  artisan: /^migrate\b/,
  ef: /^database update\b/,
  flyway: /\bmigrate\b/,
  liquibase: /\bupdate\b/,
  goose: /\bup\b/,
  migrate: /\b(?:up|goto)\b/,
  dbmate: /\b(?:up|migrate)\b/,
  atlas: /^migrate apply\b/,
  aerich: /^upgrade\b/,
  yoyo: /^apply\b/,
  airflow: /^db (?:init|migrate|upgrade)\b/,
  superset: /^db upgrade\b/,
  payload: /^migrate(?=\s|$)/,
  'sql-migrate': /^up\b/,
  sqlx: /^(?:migrate run|database setup)\b/,
  diesel: /^(?:migration run|database setup|setup)\b/,
  mix: /^ecto\.(?:migrate|setup)\b/,
  console: /\bdoctrine:(?:migrations:migrate|schema:update)\b/,
};
/** Tells what there is to do, and does nothing. */
const onlyLooks = /(?:^|\s)--(?:check|plan|dry-?run|pretend|sql)(?=\s|$)|:status\b/;
/** Programs that run another one: `bundle exec rails`, `python manage.py`, `dotnet ef`, `php artisan`. */
const runners = new Set([
  'bundle',
  'exec',
  'python',
  'python3',
  'php',
  'dotnet',
  'poetry',
  'pipenv',
  'run',
  'uv',
  'npx',
  'yarn',
  'pnpm',
  '-m',
  '-T',
  'bunx',
]);
const managers = new Set(['npm', 'yarn', 'pnpm', 'bun']);
/** A script or program whose name says that it migrates. */
const migrationName = /(?:^|[/:._-])(?:migrat(?:e|ions?)|db-?sync|schema-?sync)(?=$|[:._-])/i;
/** `init_db.py`, `create-tables`, `db:push`: what people call the step that makes the tables. */
const schemaName =
  /(?:^|[/:._-])(?:init(?:iali[sz]e)?[-_]?(?:db|database)|(?:db|database)[-_:]?init|(?:create|make)[-_](?:db|database|tables?|schema)|setup[-_:](?:db|database)|(?:db|database|prisma|schema)[-_:](?:push|deploy|upgrade|setup|sync))(?=$|[:.]|[-_]prod)/i;
const otherDirection = /(?:^|[:._-])(?:down|undo|rollback|revert|create|generate|make|new|status|test|check|wait)(?=$|[:._-])/i;

const changesSchema = (name: string): boolean =>
  schemaName.test(name) || (migrationName.test(name) && !otherDirection.test(baseName(name)));

/** `python init_db.py`, `python -m app.create_tables`, `flask init-db`, `python cli.py create-table`: a program of one's own. */
function ownProgram(words: readonly string[], index: number): string | undefined {
  const [program, command] = words.slice(index, index + 2);
  const name = baseName(program!);
  const isPython = words.slice(0, index).some((word) => /^python[\d.]*$/.test(baseName(word))) || name.endsWith('.py') || name === 'flask';
  if (!isPython) return undefined;
  if (name !== 'flask' && name !== 'manage.py' && changesSchema(program!.replace(/\.py$/, ''))) return `python ${program}`;
  return command !== undefined && /^[\w:-]+$/.test(command) && changesSchema(command) ? `${name} ${command}` : undefined;
}

const baseName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/** The command in short (`prisma migrate deploy`) when it changes a schema. */
export function migrationCommand(words: readonly string[]): string | undefined {
  const names = words.map(baseName);
  let index = 0;
  while (index < names.length && runners.has(names[index]!)) index++;
  const name = names[index];
  if (name === undefined) return undefined;
  const rest = words
    .slice(index + 1)
    .join(' ')
    .slice(0, 500);
  if (onlyLooks.test(rest)) return undefined;
  if (Object.hasOwn(tools, name) && tools[name]!.test(rest)) return [name, ...words.slice(index + 1, index + 3)].join(' ');
  const own = ownProgram(words, index);
  if (own !== undefined) return own;
  const [first] = names;
  const started =
    first === 'node' || first === 'ts-node' || first === 'tsx' ? words.slice(1).find((word) => !word.startsWith('-')) : undefined;
  if (started && changesSchema(started.replace(/\.[cm]?[jt]s$/, ''))) return `${first} ${started}`;
  // `npm run db:push`, `npx turbo run db:deploy`.
  const runner = managers.has(first ?? '') ? first : name === 'turbo' ? name : undefined;
  const given = runner === first ? names.slice(1) : names.slice(index + 1);
  const script = runner === undefined ? undefined : given[0] === 'run' ? given[1] : given[0];
  return script && changesSchema(script) ? `${runner} run ${script}` : undefined;
}
