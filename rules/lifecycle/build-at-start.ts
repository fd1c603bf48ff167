import { isDevelopment, mountsSources } from '../../src/text/development-tools.ts';
import { chainTo, commandText, onePerPlace, programOf, runProcesses } from '../../src/text/process-questions.ts';
import type { ProcessStep } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

const installs = /^(?:install|ci|i|add)$/;
const builds = /^(?:build(?:[:_-].*)?|compile|bundle)$/;

const compilers: ReadonlySet<string> = new Set(['dotnet', 'go', 'cargo']);
/** `dotnet run`, `go run`, `cargo run`: they compile what has changed, then start it. */
const buildsAndRuns = (step: ProcessStep): boolean =>
  compilers.has(programOf(step)) && step.words[1] === 'run' && !step.words.includes('--no-build');

/** What a step builds or fetches before the server runs; `undefined` when it does neither. */
function buildWork(step: ProcessStep): string | undefined {
  const name = programOf(step);
  const rest = step.words.slice(1).filter((word) => !word.startsWith('-'));
  const [command = '', script = ''] = rest;
  if (name === 'npm' || name === 'yarn' || name === 'pnpm' || name === 'bun') {
    if (installs.test(command) || (name === 'yarn' && rest.length === 0)) return 'installs dependencies';
    if (builds.test(command === 'run' ? script : command) && (command === 'run' || name !== 'npm')) return 'builds the program';
  }
  if (name === 'git' && /^(?:pull|clone|fetch)$/.test(command)) return 'fetches source code';
  if (
    (name === 'tsc' && !step.words.includes('--watch')) ||
    (name === 'webpack' && command !== 'serve') ||
    name === 'rollup' ||
    name === 'esbuild'
  )
    return 'compiles the program';
  if (
    (name === 'next' || name === 'nuxt' || name === 'nest' || name === 'vite' || name === 'remix' || name === 'strapi') &&
    command === 'build'
  )
    return 'builds the program';
  if (name === 'pip' && command === 'install') return 'installs dependencies';
  if (name === 'dotnet' && command === 'restore') return 'installs dependencies';
  if (buildsAndRuns(step) || (name === 'dotnet' && /^(?:build|publish)$/.test(command))) return 'builds the program';
  return undefined;
}

export default defineRule({
  summary: 'the program is built when it starts',
  factors: [5],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'The start command installs packages, compiles or pulls source code before the server runs.',
    why: 'Each replica builds on its own: it starts in minutes instead of seconds, needs the registry to be up at that moment, and two replicas may run different code. An autoscaler cannot help in time.',
    how: 'Install and compile in the image build. The start command only starts the program.',
    bad: 'CMD npm install && npm run build && node dist/server.js',
    good: 'RUN npm ci && npm run build\nCMD ["node", "dist/server.js"]',
    references: ['https://12factor.net/build-release-run'],
  },
  messages: {
    build: {
      text: '`{command}` {work} each time {where} starts.',
      consequence: 'A new replica needs minutes and the network before it can help, and may run other code than its siblings.',
      next: 'Move this step into the image build.',
    },
  },
  checkService(service, report) {
    const found = runProcesses(service)
      .filter((run) => !isDevelopment(run, service))
      .flatMap(({ by, process, where }) =>
        process.steps.flatMap((step) => {
          // Sources that Compose puts in from the working copy: somebody is working on them.
          const isRun = buildsAndRuns(step) && !(by === 'compose' && service.deployments.some(mountsSources));
          const work = step.ends || isRun ? buildWork(step) : undefined;
          return work ? [{ step, work, process, where }] : [];
        }),
      );
    const [first, ...others] = onePerPlace(found);
    if (!first) return;
    report({
      message: 'build',
      data: { command: commandText(first.step), work: first.work, where: first.where },
      place: first.step.place,
      related: [
        ...chainTo(first.process, first.step),
        ...others.map(({ step, work }) => ({ place: step.place, message: `\`${commandText(step)}\` ${work} as well` })),
      ],
      subject: `build:${first.work}`,
    });
  },
});
