/** Shell scripts that an image, a package script or a Procfile may start → `shell-script` facts. Nothing is executed. */
import type { Condition } from '../../facts.ts';
import { LineMap } from '../../text/positions.ts';
import { maskCommand } from '../../text/secret-shapes.ts';
import { shellFunctions } from '../../text/shell-functions.ts';
import { shellGuards } from '../../text/shell-guards.ts';
import { type SimpleCommand, splitCommands } from '../../text/shell-words.ts';
import type { Adapter, SourceFile } from '../../types.ts';
import { secretsOf } from './secrets.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isNamedScript = (path: string): boolean => /\.(?:sh|bash|ash)$/i.test(path);
/** Names without an ending that are never programs. */
const neverScripts =
  /^(?:licen[cs]e|copying|readme|changelog|authors|notice|contributing|codeowners|makefile|gnumakefile|dockerfile|containerfile|procfile|jenkinsfile|vagrantfile|gemfile|rakefile|brewfile|caddyfile|tiltfile|justfile|cname|version|\..*)$/i;
const shebang = /^#![ \t]*(?:\/\S{0,100}\/)?(?:env[ \t]+(?:-S[ \t]+)?)?(?:ba|da|a|k|z)?sh(?:\s|$)/;

const limits = { length: 512 * 1024, commands: 5000 };

interface Group {
  readonly commands: SimpleCommand[];
  readonly when: readonly Condition[];
}

/** Commands of one logical line, joined by `&&`, `;` or pipes, become one entry; those of other branches do not belong to it. */
function groupByLine(text: string, commands: readonly SimpleCommand[]): readonly Group[] {
  const groups: Group[] = [];
  const guardsAt = shellGuards(text);
  let before: SimpleCommand | undefined;
  for (const command of commands) {
    const when = guardsAt(command.start);
    const joins = before && ['&&', '||', '|', '|&'].includes(before.operator);
    const isSame = groups.at(-1)?.when === when;
    if (before && isSame && (joins || !text.slice(before.end, command.start).includes('\n'))) groups.at(-1)!.commands.push(command);
    else groups.push({ commands: [command], when });
    before = command;
  }
  return groups;
}

/** `build() {` is no call of `build`. */
const definesFunction = ([first, ...others]: readonly SimpleCommand[]): boolean =>
  first!.words.length === 1 && first!.operator === '(' && others.every(({ words }) => words.length === 0);

function exportedNames(commands: readonly SimpleCommand[]): readonly string[] {
  const names = new Set<string>();
  for (const { words } of commands) {
    if (words[0] !== 'export' && !(words[0] === 'declare' && words[1] === '-x')) continue;
    for (const word of words.slice(1)) {
      const name = /^([A-Za-z_]\w*)(?:=|$)/.exec(word)?.[1];
      if (name) names.add(name);
    }
  }
  return [...names];
}

function extract(file: SourceFile): ReturnType<Adapter['extract']> {
  const lines = new LineMap(file.path, file.text);
  if (file.text.length > limits.length) {
    const message = `The script is not read: it is longer than ${limits.length / 1024} KiB.`;
    return { facts: [], notAssessed: [{ reason: 'too-large', message, place: lines.place(0, 0), failed: true }] };
  }
  const commands = splitCommands(file.text).slice(0, limits.commands);
  const last = commands.findLast(({ words }) => words.length > 0);
  const functionAt = shellFunctions(file.text);
  const value = {
    commands: groupByLine(file.text, commands).map(({ commands: group, when }) => {
      const start = group[0]!.start;
      const end = group.at(-1)!.end;
      const line = maskCommand(file.text.slice(start, end).replace(/\\\r?\n/g, ' '));
      const isAside = group.at(-1)!.operator === '&';
      const within = functionAt(start);
      return {
        line,
        ...(definesFunction(group) ? { defines: true as const } : {}),
        ...(isAside ? { background: true as const } : {}),
        ...(when.length > 0 ? { when } : {}),
        ...(within === undefined ? {} : { within }),
        place: lines.place(start, end),
      };
    }),
    exports: exportedNames(commands),
    execs: last?.words[0] === 'exec' && last.words.length > 1,
    traps: commands.some(({ words }) => words[0] === 'trap' && words.length > 2),
  };
  const script = { kind: 'shell-script', place: lines.place(0, 0), confidence: 'certain', value } as const;
  return { facts: [script, ...secretsOf(commands, lines)], notAssessed: [] };
}

export const shellScriptAdapter: Adapter = {
  id: 'shell-script',
  needsText: (path) => !baseName(path).includes('.') && !neverScripts.test(baseName(path)),
  classify: (path, head) => isNamedScript(path) || (head !== undefined && !baseName(path).includes('.') && shebang.test(head)),
  extract,
};
