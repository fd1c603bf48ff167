import { chainTo, commandText, onePerPlace, programOf, runProcesses } from '../../src/text/process-questions.ts';
import type { ProcessStep } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Programs that keep other processes running, or run several at once. */
const managers = new Set([
  'pm2',
  'pm2-runtime',
  'pm2-docker',
  'forever',
  'supervisord',
  'supervisor',
  's6-svscan',
  'runsvdir',
  'monit',
  'strong-pm',
  'slc',
  'sl-run',
  'nodemon-prod',
  'concurrently',
  'run-p',
  'npm-run-all',
  'foreman',
  'honcho',
  'nf',
  'overmind',
  'hivemind',
  'multirun',
]);

/** Programs that stay until they are stopped. */
const programs =
  /^(?:node|python[\d.]*|gunicorn|uvicorn|hypercorn|daphne|celery|rq|arq|dramatiq|huey_consumer(?:\.py)?|java|dotnet|ruby|bundle|puma|sidekiq|php-fpm|npm|yarn|pnpm|nginx|supercronic|crond?)$/;
/** `celery worker &` before the server: two programs that live and die in one container. */
const isAside = (step: ProcessStep): boolean => {
  const words = step.words.slice(programOf(step) === 'poetry' || programOf(step) === 'uv' ? 2 : 0);
  return (
    step.background === true && step.ends === true && programs.test(words[0]?.split('/').at(-1) ?? '') && !runsOnce.test(words.join(' '))
  );
};
const runsOnce = /\b(?:migrat\w*|upgrade|seed\w*|wait\S*|init\w*|collectstatic|loaddata|install|build|ci|check\w*)\b/;

/** npm-run-all runs one after another unless asked for parallel work. */
const runsSeveral = (step: ProcessStep): boolean => {
  const name = programOf(step);
  return name !== 'npm-run-all' || step.words.some((word) => word === '-p' || word === '--parallel');
};

export default defineRule({
  summary: 'a process manager runs inside the container',
  factors: [8, 9],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'The container is started by pm2, forever, supervisord, honcho, concurrently or by `cluster.fork()`, or its start script leaves another program in the background: several processes run inside one container.',
    why: 'The platform is the process manager. One that sits inside hides crashes from it, doubles memory and connections behind the back of the autoscaler, and makes one container of several things that scale differently.',
    how: 'Start one program for each container and let replicas, restart policy and autoscaler do the rest. Programs that belong to one image but do different work become two workloads with different commands.',
    bad: 'CMD ["pm2-runtime", "ecosystem.config.js"]',
    good: 'CMD ["node", "server.js"]',
    references: ['https://12factor.net/concurrency', 'https://12factor.net/disposability'],
  },
  messages: {
    manager: {
      text: '`{command}` manages processes inside {where}.',
      consequence: 'Crashes and load stay hidden from the platform, and the autoscaler counts copies that it does not know.',
      next: 'Start one program for each container, and let the platform restart and multiply it.',
    },
    aside: {
      text: '`{command}` runs in the background of another program in {where}.',
      consequence:
        'The platform watches the program in the foreground only: when this one dies, nobody restarts it, and both scale together.',
      next: 'Start it as a workload of its own, from the same image with its own command.',
    },
    fork: {
      text: 'The program forks copies of itself inside its container.',
      consequence: 'The autoscaler adds replicas on top of copies that it does not know; memory and connections multiply.',
      next: 'Run one process for each container and scale by replicas.',
    },
  },
  checkService(service, report) {
    const found = runProcesses(service)
      .filter(({ by }) => by !== 'host')
      .flatMap(({ process, where }) =>
        process.steps
          .filter((step) => !step.ends && managers.has(programOf(step)) && runsSeveral(step))
          .map((step) => ({ step, process, where })),
      );
    const [first, ...others] = onePerPlace(found);
    if (first) {
      report({
        message: 'manager',
        data: { command: commandText(first.step), where: first.where },
        place: first.step.place,
        related: [
          ...chainTo(first.process, first.step),
          ...others.map(({ step }) => ({ place: step.place, message: `\`${commandText(step)}\` is started here as well` })),
        ],
        subject: `manager:${programOf(first.step)}`,
      });
      return;
    }
    const beside = runProcesses(service)
      .filter(({ by }) => by !== 'host')
      .flatMap(({ process, where }) => process.steps.filter(isAside).map((step) => ({ step, where })));
    const [aside, ...more] = onePerPlace(beside);
    if (aside) {
      report({
        message: 'aside',
        data: { command: commandText(aside.step), where: aside.where },
        place: aside.step.place,
        related: more.map(({ step }) => ({ place: step.place, message: `\`${commandText(step)}\` is started here as well` })),
        subject: `aside:${programOf(aside.step)}`,
      });
      return;
    }
    const [fork] = service.code.all('process-manager');
    if (fork && service.images.length > 0)
      report({
        message: 'fork',
        place: fork.place,
        related: [{ place: service.images[0]!.stage.place, message: 'this image runs it' }],
        subject: `fork:${fork.value.library}`,
      });
  },
});
