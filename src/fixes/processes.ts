/** Process 1 is the program itself: no shell or package manager keeps signals from it. */

import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { type DockerLine, type DockerText, execForm, instructionAt } from '../text/dockerfile-edit.ts';
import { LineMap } from '../text/positions.ts';
import { type RunProcess, runProcesses } from '../text/process-questions.ts';
import { lineEndOf, replaceRange } from '../text/text-edits.ts';
import { mapAround, pairOf, replaceScalar, replaceValue } from '../text/yaml-edit.ts';
import { flowWords } from '../text/yaml-print.ts';
import type { Edit, Finding, Fix, ProcessStep, Service } from '../types.ts';
import { type FixContext, type FixMaker, makeFix, samePlace, serviceOf } from './fix-maker.ts';
import { dockerfileOf, valueOfKey, yamlOf } from './manifests.ts';

/** Nothing in it means something to a shell. */
const isPlain = (word: string): boolean => /^[\w@%+=:,./-]+$/.test(word);
const managers = new Set(['npm', 'yarn', 'pnpm']);
const nameOf = (word: string | undefined): string => (word ?? '').split('/').at(-1)!;

interface Started {
  /** What process 1 should be. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}
/** What takes the place of a command. */
interface Successor {
  /** The program, where the command does nothing but start it. */
  readonly whole?: Started;
  /** The program that its last part starts; what stands before that part has to stay. */
  readonly last?: Started;
}

/** `npm start` without hooks before and after it. */
function runsScriptOnly({ words }: ProcessStep, service: Service): boolean {
  const [manager, ...rest] = words;
  const [first, second] = rest;
  const script = first === 'run' || first === 'run-script' ? second : first;
  const length = script === first ? 1 : 2;
  if (!managers.has(nameOf(manager)) || script === undefined || rest.length !== length) return false;
  const scripts = service.package?.value.scripts ?? {};
  return Object.hasOwn(scripts, script) && !Object.hasOwn(scripts, `pre${script}`) && !Object.hasOwn(scripts, `post${script}`);
}

/** The program at the end of a chain in which everything else only starts the next step. */
function plainProgram(steps: readonly ProcessStep[], service: Service): Started | undefined {
  const program = steps.at(-1);
  if (!program || nameOf(program.words[0]) !== 'node' || !program.words.every(isPlain)) return undefined;
  const before = steps.slice(0, -1);
  const carries = before.every(
    (step) =>
      !step.ends &&
      (managers.has(nameOf(step.words[0])) ? runsScriptOnly(step, service) : /^(?:ba|da|a)?sh$|^cross-env$/.test(nameOf(step.words[0]))),
  );
  if (!carries) return undefined;
  const env = Object.assign({}, ...steps.map((step) => step.env ?? {})) as Record<string, string>;
  return Object.values(env).every(isPlain) ? { words: program.words, env } : undefined;
}

/** Other commands, redirections, loops: a shell does more than start one program. */
const doesMore = /[;|&<>\n\r]/;

/** A script whose last command takes the shell's place. */
export function handOver(script: string, started: Started | undefined): string | undefined {
  if (/[|<>`"'\\\n\r]|\$\(|&\s*$/.test(script)) return undefined;
  const cut = Math.max(script.lastIndexOf('&&'), script.lastIndexOf(';') - 1);
  const head = cut < 0 ? '' : script.slice(0, cut + 2);
  const tail = script.slice(head.length);
  const [, space = '', given = '', command = ''] = /^(\s*)((?:\w+=\S*\s+)*)(.*)$/.exec(tail) ?? [];
  if (
    command === '' ||
    /^(?:exec|done|fi|esac|do|then|else|in)\b|^[)}]/.test(command) ||
    /(?<!&)&(?!&)/.test(head) ||
    command.includes('&')
  )
    return undefined;
  const [first] = command.split(/\s+/);
  if (!managers.has(nameOf(first))) return `${head}${space}${given}exec ${command}`;
  const env = Object.entries(started?.env ?? {}).map(([name, value]) => `${name}=${value} `);
  return started && `${head}${space}${given}${env.join('')}exec ${started.words.join(' ')}`;
}

function readWords({ body }: DockerLine): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(body);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    return undefined;
  }
}
const startsShell = (words: readonly string[]): boolean =>
  /^(?:ba|da|a)?sh$/.test(nameOf(words[0])) && words[1] === '-c' && words.length === 3;

function editInstruction(dockerfile: DockerText, line: DockerLine, { whole, last }: Successor): Edit | undefined {
  const write = (body: string, env: Readonly<Record<string, string>> = {}): Edit => {
    const variables = Object.entries(env).map(([name, value]) => `ENV ${name}=${value}${lineEndOf(dockerfile.text)}`);
    return replaceRange(dockerfile.lines, line.start, line.end, `${variables.join('')}${line.written} ${body}`);
  };
  const words = readWords(line);
  const script = words ? (startsShell(words) ? words[2]! : undefined) : line.body.trim();
  if (whole && !doesMore.test(script ?? '')) return write(execForm(whole.words), whole.env);
  const handed = script === undefined ? undefined : handOver(script, last);
  if (handed === undefined) return undefined;
  return write(words ? execForm([...words.slice(0, 2), handed]) : handed);
}

/** A script of the repository is process 1: its last command takes over. */
function editScript(process: RunProcess['process'], context: FixContext): readonly Fix[] {
  const chain = process.steps.filter((step) => !step.ends);
  const child = chain[1];
  const script = child && context.repository.facts.all('shell-script').find(({ place }) => place.path === child.place.path);
  const last = script?.value.commands.at(-1);
  const file = script && context.source(script.place.path);
  if (!child || !last || !file || !samePlace(last.place, child.place) || managers.has(nameOf(child.words[0]))) return [];
  const lines = new LineMap(file.path, file.text);
  const start = lines.offset(last.place.line, last.place.column);
  const text = lines.line(last.place.line).slice(last.place.column - 1);
  if (/[|&;<]/.test(text) || /^\w+=|^exec\b/.test(text)) return [];
  return makeFix('Let the last command of the script take its place', true, [replaceRange(lines, start, start, 'exec ')]);
}

function editManifest(finding: Finding, successor: Successor, context: FixContext): Edit | undefined {
  const yaml = yamlOf(context, finding.place.path);
  const map = yaml && mapAround(yaml, finding.place);
  if (!yaml || !map) return undefined;
  const holder = ['command', 'args', 'entrypoint'].some((key) => pairOf(map, key)) ? map : valueOfKey(yaml, finding.place);
  return holder && editCommand(yaml, holder, successor);
}

function editCommand(yaml: NonNullable<ReturnType<typeof yamlOf>>, map: YAMLMap, { whole, last }: Successor): Edit | undefined {
  const pairs = ['command', 'args', 'entrypoint'].flatMap((key) => pairOf(map, key) ?? []);
  const [pair] = pairs;
  if (!pair || pairs.length !== 1) return undefined;
  const { value } = pair;
  const isAlone = whole !== undefined && Object.keys(whole.env).length === 0;
  if (isScalar(value)) return isAlone && !doesMore.test(String(value.value)) ? replaceValue(yaml, pair, whole.words, true) : undefined;
  if (!isSeq(value) || isMap(value)) return undefined;
  const words = value.items.map((item) => (isScalar(item) ? String(item.value) : ''));
  if (startsShell(words)) {
    const handed = handOver(words[2]!.trim(), last);
    const script = value.items[2];
    return handed !== undefined && isScalar(script) && script.type !== 'BLOCK_LITERAL' ? replaceScalar(yaml, script, handed) : undefined;
  }
  if (!isAlone) return undefined;
  const isQuoted = value.flow === true && value.items.every((item) => isScalar(item) && item.type === 'QUOTE_DOUBLE');
  return replaceValue(yaml, pair, isQuoted ? flowWords(whole.words) : whole.words, value.flow === true);
}

function makeSignalFixes(finding: Finding, context: FixContext): readonly Fix[] {
  const service = serviceOf(finding, context);
  const run =
    service &&
    runProcesses(service).find(({ process }) => process.steps.some((step) => !step.ends && samePlace(step.place, finding.place)));
  if (!service || !run) return [];
  const chain = run.process.steps.filter((step) => !step.ends);
  const started = run.process.steps.some(({ ends }) => ends) ? undefined : plainProgram(chain, service);
  const tail = plainProgram(
    chain.slice(
      Math.max(
        0,
        chain.findIndex(({ words }) => managers.has(nameOf(words[0]))),
      ),
    ),
    service,
  );
  const successor: Successor = { ...(started ? { whole: started } : {}), ...((started ?? tail) ? { last: (started ?? tail)! } : {}) };
  const program = started?.words.join(' ');
  const title = program ? `Run \`${program}\` as process 1` : 'Let the last command take the place of the shell';
  if (chain[1] && chain[1].place.path !== finding.place.path && /\.(?:sh|bash)$/.test(chain[1].place.path))
    return editScript(run.process, context);
  if (/\.ya?ml$/i.test(finding.place.path)) return makeFix(title, true, [editManifest(finding, successor, context)]);
  const dockerfile = dockerfileOf(context, finding.place.path);
  const line = dockerfile && instructionAt(dockerfile, finding.place);
  if (!dockerfile || !line || !/^(?:CMD|ENTRYPOINT)$/.test(line.keyword)) return [];
  if (dockerfile.instructions.some((other) => other.keyword === 'ENTRYPOINT' && other !== line && line.keyword === 'CMD')) return [];
  return makeFix(title, true, [editInstruction(dockerfile, line, successor)]);
}

export const signalLost: FixMaker = {
  rule: 'signal-lost',
  offers: [
    { what: 'run `node server.js` in exec form instead of `npm start` or a shell', safe: true },
    { what: 'put `exec` before the last command of a shell or script', safe: true },
  ],
  make: makeSignalFixes,
};
