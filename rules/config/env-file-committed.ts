import { findGitIgnore } from '../../src/text/ignore-patterns.ts';
import { holdsSecret } from '../../src/text/secret-shapes.ts';
import type { Repository } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** In version control; without git, a .gitignore decides. */
function isCommitted(path: string, repository: Repository): boolean {
  if (repository.tracked) return repository.tracked.has(path);
  return !repository.facts.all('ignore-list').some(({ value }) => {
    const inside = value.root === '' || path.startsWith(`${value.root}/`);
    return (
      value.kind === 'git' &&
      inside &&
      findGitIgnore(value.patterns, value.root === '' ? path : path.slice(value.root.length + 1)) !== undefined
    );
  });
}

/** Compose files hand it to tests alone. */
function servesTests(path: string, repository: Repository): boolean {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const users = repository.services.flatMap(({ deployments }) =>
    deployments.filter(
      ({ workload, container }) =>
        workload.place.path.startsWith(folder) &&
        container.envFrom.some(({ kind, name }) => kind === 'env-file' && (name === path || folder + name.replace(/^\.\//, '') === path)),
    ),
  );
  return users.length > 0 && users.every(({ purpose }) => purpose === 'test' || purpose === 'development');
}

export default defineRule({
  summary: 'a .env file with real values is committed',
  factors: [3, 15],
  level: 'error',
  effort: 1,
  securitySeverity: '7.5',
  docs: {
    what: 'Version control holds a `.env` file whose entries are secrets: passwords, keys, connection strings with a password. Samples, tests and placeholders do not count.',
    why: 'Everyone with access to the repository, its forks or its images has the secret, for ever. Each environment needs values of its own.',
    how: 'Remove the file, ignore it, keep a `.env.example` with empty values, give the values through the platform, and change the secrets.',
    bad: '# .env (committed)\nDATABASE_URL=postgres://app:s3cret-pw@db/app',
    good: '# .env.example (committed)\nDATABASE_URL=',
    references: ['https://12factor.net/config'],
  },
  messages: {
    committed: {
      text: 'The `.env` file with {count} is part of the repository: `{name}`.',
      consequence: 'Everyone who can read the repository has the value, and every environment shares it.',
      next: 'Remove the file from version control, change the values, and commit a `.env.example` without them.',
    },
  },
  checkRepository(repository, report) {
    for (const { place, value } of repository.facts.all('env-file')) {
      const other =
        value.sample || value.purpose === 'test' || value.purpose === 'development' || repository.roleOf(place.path) === 'tooling';
      if (other || !isCommitted(place.path, repository) || servesTests(place.path, repository)) continue;
      const secrets = value.entries.filter((entry) => holdsSecret(entry.value));
      const [first, ...others] = secrets;
      if (!first) continue;
      const names = secrets.slice(0, 3).map(({ name }) => name);
      report({
        message: 'committed',
        data: {
          name: [...names, ...(secrets.length > 3 ? ['…'] : [])].join('`, `'),
          count: others.length === 0 ? 'a secret' : `${others.length + 1} secrets`,
        },
        place: first.place,
        related: others.map((entry) => ({ place: entry.place, message: `\`${entry.name}\` is one, too` })),
        subject: place.path,
      });
    }
  },
});
