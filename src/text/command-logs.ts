/** Log files that commands name: where the shell sends their output, and what options of servers say. */
import type { Process, ProcessStep } from '../types.ts';
import { programOf } from './process-questions.ts';

/** Options of servers and workers that take the path of a log (docs.gunicorn.org, "Settings"; docs.celeryq.dev; uwsgi-docs, "Options"). */
const options: Readonly<Record<string, RegExp>> = {
  gunicorn: /^--(?:access-logfile|error-logfile|log-file)$/,
  hypercorn: /^--(?:access-logfile|error-logfile|access-log|error-log|log-file)$/,
  daphne: /^--access-log$/,
  celery: /^(?:-f|--logfile)$/,
  uwsgi: /^--(?:logto2?|logger|req-logger|daemonize2?)$/,
};

/** A name that says so: what else a command writes is its work. */
const looksLikeLog = /\.(?:log|out|err)(?:\.\d+)?$|(?:^|\/)logs?\/|log$/i;
const isLog = (path: string): boolean => looksLikeLog.test(path) && !/^\/(?:dev|proc|tmp|var\/tmp)\/|[$`{%]/.test(path);

function optionOf(step: ProcessStep): string | undefined {
  const known = options[programOf(step)];
  if (!known) return undefined;
  for (const [at, word] of step.words.entries()) {
    const [name = '', value] = word.split(/=(.*)/s);
    if (known.test(name)) return (value ?? step.words[at + 1])?.replace(/^file:/, '');
  }
  return undefined;
}

/** The commands of a process whose lines end up in a file, with the file. */
export const loggedSteps = ({ steps }: Process): readonly { readonly step: ProcessStep; readonly path: string }[] =>
  steps
    .filter(({ ends, background }) => !ends || background)
    .flatMap((step) => {
      const path = [step.output, optionOf(step)].find((candidate) => candidate !== undefined && isLog(candidate));
      return path === undefined ? [] : [{ step, path }];
    });
