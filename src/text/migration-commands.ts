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
const otherDirection = /(?:^|[:._-])(?:down|undo|rollback|revert|create|generate|make|new|status|test|check|wait)(?=$|[:._-])/i;

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
  const [first, second] = names;
  const started =
    first === 'node' || first === 'ts-node' || first === 'tsx' ? words.slice(1).find((word) => !word.startsWith('-')) : undefined;
  if (started && migrationName.test(started.replace(/\.[cm]?[jt]s$/, '')) && !otherDirection.test(baseName(started)))
    return `${first} ${started}`;
  const script = managers.has(first ?? '') ? (second === 'run' ? names[2] : second) : undefined;
  return script && migrationName.test(script) && !otherDirection.test(script) ? `${first} run ${script}` : undefined;
}
