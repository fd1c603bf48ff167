import type { Workload } from '../facts.ts';
import { groupBy } from '../text/group-by.ts';
import { namesTask } from '../text/job-names.ts';
import type { Fact } from '../types.ts';

/** `test_unit`, `e2e`, `lint`: services of a Compose file that only try the others. */
const testName = /^(?:.*[_-])?(?:tests?|e2e|lint|cypress|playwright|sut)(?:[_-].*)?$/;
/** The command runs tests: `npm test`, `yarn run test:unit`, `jest`, `mocha`. */
const testScript = /^(?:test|e2e|lint)(?:[:_-]|$)|^(?:jest|mocha|vitest|pytest|cypress|playwright|ava|tap)$/;
const managers = /^(?:npm|yarn|pnpm|bun|npx|make)$/;

/** Says what Compose services are for where their own file does not: tests, and jobs that end. */
export function markHelpers(workloads: readonly Fact<'workload'>[]): readonly Fact<'workload'>[] {
  const marked = workloads.map((fact) => (isCompose(fact) ? { ...fact, value: markOne(fact.value) } : fact));
  const files = groupBy(marked.filter(isCompose), ({ place }) => place.path);
  const testFiles = new Set([...files].filter(([, services]) => onlyTests(services)).map(([path]) => path));
  return marked.map((fact) =>
    isCompose(fact) && testFiles.has(fact.place.path) && fact.value.purpose === 'unknown'
      ? { ...fact, value: { ...fact.value, purpose: 'test' } }
      : fact,
  );
}

const isCompose = ({ value }: Fact<'workload'>): boolean => value.platform === 'compose';

function markOne(value: Workload): Workload {
  if (value.purpose === 'unknown' && (testName.test(value.name) || runsTests(value))) return { ...value, purpose: 'test' };
  const stays = value.restart !== undefined && /^(?:always|unless-stopped)/.test(value.restart);
  const serves = value.containers.some(({ ports }) => ports.length > 0);
  if (endsAtOnce(value) || (!serves && runsOnce(value))) return { ...value, longRunning: false };
  // No other service need wait for its end.
  return (namesTask(value.name) || /(?:^|[-_])setup$/i.test(value.name)) && !stays && !serves ? { ...value, longRunning: false } : value;
}

/** Work that is done once, by a word at either end of its name: `migrate-db`, `seed_users`, `setup-buckets`. */
const namesWork = (name: string): boolean =>
  namesTask(name) || /^(?:db[-_])?(?:migrate|seed|init|setup|create|load|import)[-_]/i.test(name);
/** `restart: 'no'` is the default: who writes it for such work means that it ends. */
const runsOnce = ({ name, restart }: Workload): boolean => /^(?:no|false)$/.test(restart ?? '') && namesWork(name);

/** `entrypoint: /bin/true`: the container is there for its volumes. */
function endsAtOnce({ containers }: Workload): boolean {
  const { command, args } = containers[0] ?? {};
  const first = command ?? args;
  return first?.known === true && /^(?:\/(?:usr\/)?bin\/)?(?:true|echo)$/.test(first.value[0] ?? '');
}

function runsTests({ containers }: Workload): boolean {
  const { command, args } = containers[0] ?? {};
  const words = [command, args].flatMap((part) => (part?.known ? part.value : []));
  const plain = words.flatMap((word) => word.split(/\s+/)).filter((word) => !word.startsWith('-') && word !== 'run');
  const at = plain.findIndex((word) => managers.test(word));
  return testScript.test(plain[at + 1] ?? '');
}

/** All that such a file builds are tests; the rest are what they need. */
const onlyTests = (services: readonly Fact<'workload'>[]): boolean =>
  services.some(({ value }) => value.purpose === 'test') &&
  services.every(({ value }) => value.purpose === 'test' || value.build === undefined || !value.longRunning);
