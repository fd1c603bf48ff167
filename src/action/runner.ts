/** How an action speaks to its runner: workflow commands on stdout, outputs and the summary in files (GitHub docs, "Workflow commands"). */
import { randomUUID } from 'node:crypto';
import { appendText } from '../files/host/append.ts';
import { cutText, makeVisible } from '../reporters/visible-text.ts';

/** GitHub cuts an annotation's message at 4,096 characters. */
const messageLimit = 4000;

/** As the runner undoes it (actions/toolkit, command.ts). */
const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

export class Runner {
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** Text whose lines a reporter made: none of them starts with anything of the repository's choice. */
  print(text: string): void {
    process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`);
  }

  /** Shows a message beside the job. Names of the repository may be in it. */
  tell(kind: 'notice' | 'warning' | 'error', message: string): void {
    const lines = message.split('\n').map(makeVisible).join('\n');
    this.print(`::${kind} title=cloudworthy::${escapeData(cutText(lines, messageLimit))}\n`);
  }

  group(title: string, text: string): void {
    this.print(`::group::${escapeData(makeVisible(title))}\n`);
    this.print(text);
    this.print('::endgroup::\n');
  }

  /** A delimiter that nobody can guess keeps a value from setting other outputs. */
  setOutput(name: string, value: string | number): void {
    const file = this.#env['GITHUB_OUTPUT'];
    if (!file) return;
    const delimiter = `cloudworthy-${randomUUID()}`;
    appendText(file, `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
  }

  addSummary(markdown: string): void {
    const file = this.#env['GITHUB_STEP_SUMMARY'];
    if (file) appendText(file, markdown);
  }
}
