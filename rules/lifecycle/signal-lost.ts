import { isDevelopment } from '../../src/text/development-tools.ts';
import { migrationCommand } from '../../src/text/migration-commands.ts';
import { chainTo, commandText, onePerPlace, programOf, type RunProcess, runProcesses } from '../../src/text/process-questions.ts';
import type { ProcessStep } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Package managers start the program as their child and do not reliably pass signals on. */
const packageManagers = new Set(['npm', 'npx', 'yarn', 'pnpm', 'bun', 'bunx', 'corepack']);
const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh']);
/** Wrappers that start the program as their child without passing SIGTERM on. */
const wrappers = new Set(['cross-env', 'cross-env-shell', 'dotenv', 'env-cmd', 'npm-run-all', 'run-s', 'run-p', 'concurrently']);

/** They stay process 1 and pass signals on. */
const inits = new Set(['dumb-init', 'tini', 'tini-static', 'catatonit', 'honcho', 'foreman', 'nf', 'overmind', 'hivemind', 'supervisord']);

/** Commands that do one thing and end, so that nobody waits for their requests, and shells of Windows, which knows no SIGTERM. */
const ending = new Set(
  'terraform tofu pulumi kubectl oc helm kustomize firebase gcloud aws az cf flyctl eksctl ansible ansible-playbook flyway liquibase migrate goose psql mysql mongosh mongo pg_dump mysqldump mongodump restic rclone rsync curl wget git make lintian dpkg-buildpackage dpkg-deb debuild rpmbuild rpmlint fpm powershell powershell.exe pwsh'.split(
    ' ',
  ),
);

const ends = (step: ProcessStep): boolean =>
  ending.has(programOf(step)) || migrationCommand(step.words) !== undefined || step.words.some((word) => /^(?:db:)?seed$/.test(word));

/** Steps that do not end, up to an init: what it starts gets its signals from it. */
function stepsToServer({ steps }: RunProcess['process']): readonly ProcessStep[] {
  const chain = steps.filter((step) => !step.ends);
  const init = chain.findIndex((step) => inits.has(programOf(step)));
  return init < 0 ? chain : chain.slice(0, init + 1);
}

/** The step that keeps process 1 although the server is another process. */
function findHolder({ process, init, by }: RunProcess): ProcessStep | undefined {
  const chain = stepsToServer(process);
  const server = chain.at(-1);
  // Heroku signals every process of a dyno (Dev Center: "Dyno shutdown behavior").
  if (init || by === 'heroku' || !server || chain.length < 2) return undefined;
  // The shell shows a log; whatever it is that the script started before, it is no process 1.
  const tailed = process.tails ? chain.findIndex(({ form }) => form === 'script') : -1;
  if (tailed > 0 && !chain.slice(0, tailed).some((step) => inits.has(programOf(step)))) return chain[tailed - 1];
  if ((!process.known && !inits.has(programOf(server))) || ends(server)) return undefined;
  // What `exec` or an init hands over to is the same process; the first step that stays is process 1.
  const child = chain.findIndex((step, index) => index > 0 && !step.replaces);
  const first = chain[child - 1];
  if (!first || chain.slice(0, child).some((step) => inits.has(programOf(step)))) return undefined;
  const name = programOf(first);
  const stays = packageManagers.has(name) || shells.has(name) || wrappers.has(name) || chain[child]!.form === 'script';
  return stays ? first : undefined;
}

const kindOf = (step: ProcessStep): 'packageManager' | 'shell' | 'wrapper' => {
  const name = programOf(step);
  return packageManagers.has(name) ? 'packageManager' : wrappers.has(name) ? 'wrapper' : 'shell';
};

export default defineRule({
  summary: 'SIGTERM does not reach the server',
  factors: [9],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'Process 1 of the container is a shell, a package manager or another wrapper that starts the server as its child.',
    why: 'The platform sends SIGTERM to process 1 only. A shell ignores it and `npm` does not pass it on reliably: the server never hears of it and is killed after the grace period, in the middle of its requests.',
    how: 'Start the program itself in exec form: `CMD ["node", "server.js"]`. In an entrypoint script end with `exec "$@"`. Where a shell is needed, put an init such as tini in front.',
    bad: 'CMD ["npm", "start"]',
    good: 'CMD ["node", "server.js"]',
    references: [
      'https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#cmd',
      'https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example',
    ],
  },
  messages: {
    packageManager: {
      text: '`{command}` is process 1 of {where}, and the server is its child.',
      consequence: 'SIGTERM stops at the package manager: the server is killed in the middle of its requests.',
      next: 'Start the program itself: `CMD ["node", "…"]`.',
    },
    shell: {
      text: 'A shell is process 1 of {where}, and it runs `{program}` as its child.',
      consequence: 'The shell does not pass SIGTERM on: the server is killed in the middle of its requests.',
      next: 'Use the exec form, or put `exec` before the last command.',
    },
    wrapper: {
      text: '`{command}` is process 1 of {where}, and the server is its child.',
      consequence: 'SIGTERM may never reach the server, which is then killed in the middle of its requests.',
      next: 'Start the program itself, or put an init such as tini in front.',
    },
  },
  checkService(service, report) {
    const found = runProcesses(service).flatMap((run) => {
      const step = isDevelopment(run, service) ? undefined : findHolder(run);
      return step ? [{ run, step }] : [];
    });
    for (const { run, step } of onePerPlace(found)) {
      const program = stepsToServer(run.process).at(-1)!;
      report({
        message: kindOf(step),
        data: { command: commandText(step), where: run.where, program: commandText(program) },
        place: step.place,
        related: [
          ...chainTo(run.process, program).filter(({ place }) => place.line !== step.place.line || place.path !== step.place.path),
          { place: program.place, message: 'the program is started here' },
        ].filter(({ place }) => place.path !== step.place.path || place.line !== step.place.line),
        subject: `${kindOf(step)}:${commandText(step)}`,
      });
    }
  },
});
