/** `cloudworthy completion SHELL`: made from the program's own description, so that it cannot lag behind. */
import type { CommandDescription } from './program.ts';
import { printOut } from './streams.ts';

const words = (commands: readonly CommandDescription[]): string => commands.map(({ name }) => name).join(' ');
const flagsOf = ({ options }: CommandDescription): string => options.flatMap(({ flags }) => flags).join(' ');
const withChoices = (commands: readonly CommandDescription[]) =>
  commands.flatMap(({ options }) => options).filter(({ choices }) => choices.length);

function bash(commands: readonly CommandDescription[]): string {
  const values = withChoices(commands).map(
    ({ flags, choices }) => `    ${flags.join('|')}) COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$word")); return ;;`,
  );
  const cases = commands.map((command) => `    ${command.name}) flags="${flagsOf(command)}" ;;`);
  const check = commands.find(({ name }) => name === 'check');
  return `_cloudworthy() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" flags="${check ? flagsOf(check) : ''}"
  case "$previous" in
${values.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$flags --help" -- "$word")); return; fi
  COMPREPLY=($(compgen -f -- "$word"))
  if [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY+=($(compgen -W "${words(commands)}" -- "$word")); fi
}
complete -o filenames -F _cloudworthy cloudworthy`;
}

const quote = (text: string): string => text.replaceAll("'", "'\\''").replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', '\\:');

function zsh(commands: readonly CommandDescription[]): string {
  const names = commands.map(({ name, description }) => `    '${name}:${quote(description)}'`);
  const cases = commands.map(({ name, options }) => {
    const specs = options.flatMap(({ flags, description, choices }) =>
      flags.map((flag) => `'*${flag}[${quote(description)}]${choices.length ? `:value:(${choices.join(' ')})` : ''}'`),
    );
    return `    ${name}) _arguments ${specs.join(' ')} '*:file:_files' ;;`;
  });
  return `#compdef cloudworthy
_cloudworthy() {
  local -a commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; _files; return; fi
  case "$words[2]" in
${cases.join('\n')}
    *) _files ;;
  esac
}
compdef _cloudworthy cloudworthy`;
}

function fish(commands: readonly CommandDescription[]): string {
  const lines = commands.map(
    ({ name, description }) => `complete -c cloudworthy -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", "\\'")}'`,
  );
  for (const { name, options } of commands) {
    for (const { flags, description, choices } of options) {
      const parts = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      const values = choices.length ? ` -x -a '${choices.join(' ')}'` : '';
      const condition =
        name === 'check'
          ? `'not __fish_seen_subcommand_from ${words(commands.filter((other) => other.name !== 'check'))}'`
          : `'__fish_seen_subcommand_from ${name}'`;
      lines.push(`complete -c cloudworthy -n ${condition} ${parts.join(' ')}${values} -d '${description.replaceAll("'", "\\'")}'`);
    }
  }
  return lines.join('\n');
}

const makers = { bash, zsh, fish };

export function printCompletion(shell: keyof typeof makers, commands: readonly CommandDescription[]): number {
  printOut(makers[shell](commands));
  return 0;
}
