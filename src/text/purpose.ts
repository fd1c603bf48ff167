/** What a manifest is for, as its name and folders say. The file's own name wins over its folder, a near folder over a far one. */
import type { Purpose } from '../facts.ts';

const tests = new Set([
  'test',
  'tests',
  'testing',
  'e2e',
  'ci',
  'cypress',
  'playwright',
  'integration',
  'fixtures',
  '__tests__',
  'benchmark',
  'loadtest',
  'circleci',
  'travis',
  'jenkins',
]);
/** Words that say so in the name of a Compose file alone: a folder of specs may hold anything. */
const composeTests = new Set(['spec', 'specs', 'acceptance', 'smoke', 'pa11y', 'axe', 'zap', 'lighthouse', 'sonar', 'sonarqube', 'k6']);
const composeFile = /^(?:docker-)?compose[.-][\w.-]{1,80}\.ya?ml$/i;
const developments = new Set([
  'dev',
  'develop',
  'development',
  'local',
  'debug',
  'devcontainer',
  'localhost',
  'sandbox',
  'gitpod',
  'codespaces',
  'devbox',
  'tilt',
]);
const productions = new Set(['prod', 'production', 'live', 'release', 'staging', 'stage']);

const purposeOfWord = (word: string): Purpose | undefined => {
  if (tests.has(word)) return 'test';
  if (developments.has(word)) return 'development';
  return productions.has(word) ? 'production' : undefined;
};
const wordsOf = (name: string): readonly string[] =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/** They say nothing more beside a word of development: `dev-env`, `local-setup`, `local-k8s`, `docker-dev`. */
const places = new Set([
  ...['env', 'environment', 'environments', 'setup', 'stack', 'machine', 'infra', 'deploy', 'deployment', 'manifests', 'overlay'],
  ...['k8s', 'kubernetes', 'kube', 'cluster', 'kind', 'minikube', 'k3d', 'k3s', 'helm', 'kustomize', 'docker', 'compose'],
]);

/** A folder counts by its whole name (`dev`, `local-dev`), or by a last word that says test (`ws-tests`). */
function purposeOfFolder(name: string): Purpose | undefined {
  const words = wordsOf(name);
  const [first, ...others] = words.filter((word) => !places.has(word)).map(purposeOfWord);
  const whole = words.length === 1 || first === 'development' ? (others.every((other) => other === first) ? first : undefined) : undefined;
  return whole ?? (tests.has(words.at(-1) ?? '') && words.at(-1) !== 'ci' ? 'test' : undefined);
}

/** Purpose of the file at `path`; `unknown` when nothing tells. */
export function purposeOf(path: string): Purpose {
  const segments = path.split('/');
  const name = segments.pop() ?? '';
  for (const word of [...wordsOf(name)].reverse()) {
    const purpose = purposeOfWord(word);
    if (purpose) return purpose;
  }
  if (composeFile.test(name) && wordsOf(name).some((word) => composeTests.has(word))) return 'test';
  // `docker compose up` reads an override file beside the base one: a convention for development.
  if (/^(docker-)?compose\.override\.ya?ml$/i.test(name)) return 'development';
  for (const folder of segments.reverse()) {
    const purpose = purposeOfFolder(folder);
    if (purpose) return purpose;
  }
  return 'unknown';
}

const shows = new Set(['demo', 'demos', 'sample', 'samples', 'example', 'playground', 'tutorial', 'tmp', 'temp', 'ephemeral']);

/** A name of a workload or its namespace that says: nothing in it has to last. */
export const saysThrowaway = (name: string): boolean =>
  wordsOf(name).some((word) => shows.has(word) || tests.has(word) || developments.has(word));
