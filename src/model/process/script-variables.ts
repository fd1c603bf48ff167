/** Command lines that a script first keeps in a variable and then runs: `CMD="gunicorn app:app"`, later `exec $CMD` or `eval "$CMD"`. */
import type { ScriptCommand } from '../../facts.ts';
import { splitCommands } from '../../text/shell-words.ts';

/** `exec $CMD`, `eval "exec ${CMD}"`, `$CMD "$@"`: what stands before the variable, its name, what stands behind. */
const call = /^(\s*(?:eval\s+)?["']?(?:exec\s+)?)(["']?)\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})\2(?=["'\s]|$)/;
const callOf = (line: string): string | undefined => {
  const found = call.exec(line);
  return found?.[3] ?? found?.[4];
};

/** Begins with a command, not with a variable or what a program prints. */
const namesProgram = (text: string): boolean => /^(?:exec\s+)?[A-Za-z./][\w./-]*(?:\s|$)/.test(text);

/**
 * What a variable is set to. What is added to it later (`CMD="$CMD --reload"`, `CMD="su app -c '$CMD'"`) leaves the program as it is;
 * where branches set it to different things, nothing is known.
 */
function readVariable(name: string, commands: readonly ScriptCommand[]): string | undefined {
  const values = new Set<string>();
  for (const { line } of commands) {
    if (!line.includes(`${name}=`)) continue;
    for (const { words, assignments } of splitCommands(line)) {
      const given = words.length === 0 ? assignments : [];
      const declared = /^(?:export|local|readonly)$/.test(words[0] ?? '') ? words.slice(1).map(splitAssignment) : [];
      for (const one of [...given, ...declared]) {
        const extends_ = new RegExp(`\\$\\{?${name}\\b`).test(one.value);
        if (one.name === name && !extends_) values.add(one.value.trim());
      }
    }
  }
  const [value] = values;
  return values.size === 1 && namesProgram(value!) ? value : undefined;
}

const splitAssignment = (word: string): { readonly name: string; readonly value: string } => {
  const at = word.indexOf('=');
  return { name: at < 0 ? word : word.slice(0, at), value: at < 0 ? '' : word.slice(at + 1) };
};

/** The commands of a script with each call of a variable written out, as far as its value is known. */
export function writeOutCalls(commands: readonly ScriptCommand[]): readonly ScriptCommand[] {
  return commands.map((command) => {
    const name = callOf(command.line);
    const value = name === undefined ? undefined : readVariable(name, commands);
    if (value === undefined) return command;
    const line = command.line.replace(call, (_, before: string) => `${/\bexec\s/.test(before) ? 'exec ' : ''}${value}`);
    return { ...command, line: line.replace(/^([^"]*)"\s*$/, '$1') };
  });
}

/** True for a line that runs what nobody can read: `eval "$CMD"` with a value that comes from elsewhere. */
export const runsUnknown = (line: string): boolean => /^\s*eval\s/.test(line) && callOf(line) !== undefined;
