import { loggedSteps } from '../../src/text/command-logs.ts';
import { commandText, onePerPlace, runProcesses } from '../../src/text/process-questions.ts';
import { isScratchPath, keepingOf, writtenPaths } from '../../src/text/written-files.ts';
import type { Fact, Related, Report, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** What the shell, a manager or an option of the server writes to a file instead of standard output. */
function checkCommands(service: Service, report: (finding: Report) => void): void {
  const found = onePerPlace(
    runProcesses(service)
      .filter(({ by }) => by !== 'host')
      .flatMap(({ process }) => loggedSteps(process)),
  );
  const [first, ...others] = found;
  if (!first || keepingOf(service, { is: 'literal', value: first.path, place: first.step.place }).how === 'scratch') return;
  report({
    message: 'command',
    data: { command: commandText(first.step), path: first.path },
    place: first.step.place,
    related: others.slice(0, 10).map(({ step }) => ({ place: step.place, message: 'a file here as well' })),
    subject: 'command',
  });
}

export default defineRule({
  summary: 'log lines go to files',
  factors: [11],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A logger of the service writes to files in production: a file transport of winston, a file appender of log4js, a path of pino or bunyan, a stream of morgan; or its command sends the output to a log file (`>> app.log`, `stdout_logfile` of Supervisor, `--access-logfile` of gunicorn). When the same lines go to standard output as well, it is a note.',
    why: 'The platform collects standard output. Lines in a file of a container are seen by nobody, are gone with the container, and fill its disk.',
    how: 'Log to standard output and leave files, rotation and shipping to the platform.',
    bad: "new winston.transports.File({ filename: 'logs/app.log' })",
    good: 'new winston.transports.Console()',
    references: ['https://12factor.net/logs', 'https://kubernetes.io/docs/concepts/cluster-administration/logging/'],
  },
  messages: {
    only: {
      text: '{library} writes log lines to a file.',
      consequence: 'The platform collects standard output only: the lines are lost with the container.',
      next: 'Log to standard output instead.',
    },
    command: {
      text: 'The log lines of `{command}` go to the file `{path}`.',
      consequence: 'The platform collects standard output only: the lines are lost with the container.',
      next: 'Let the command write to standard output.',
    },
    both: {
      text: '{library} writes log lines to a file, besides standard output.',
      consequence: 'The file helps nobody in a container, and fills its disk.',
      next: 'Leave the file out in production.',
    },
  },
  checkService(service, report) {
    const sinks = service.code.all('log-sink');
    const files: (Fact<'log-sink'> | Fact<'file-write'>)[] = [
      ...sinks.filter(({ value }) => value.sink === 'file'),
      ...service.code.all('file-write').filter(({ value }) => value.content === 'log' && !value.temporary && value.duringRequest === true),
    ].filter(({ value }) => {
      const paths = writtenPaths(service, value.target);
      return !paths.some(isScratchPath) && keepingOf(service, value.target).how !== 'scratch';
    });
    const [first, ...others] = files;
    if (!first) return checkCommands(service, report);
    const { library } = first.value;
    const also = sinks.some(({ value }) => value.sink === 'console' && value.library === library);
    const related: Related[] = others.slice(0, 10).map(({ place }) => ({ place, message: 'a file here as well' }));
    report({
      message: also ? 'both' : 'only',
      data: { library },
      place: first.place,
      related,
      level: also ? 'note' : 'warning',
      subject: library,
    });
  },
});
