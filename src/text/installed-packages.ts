/** System packages that RUN commands of an image install. */
import { splitCommands } from './shell-words.ts';

/** Command, subcommand of the package managers. */
const installers: Readonly<Record<string, readonly string[]>> = {
  apk: ['add'],
  apt: ['install'],
  'apt-get': ['install'],
  aptitude: ['install'],
  dnf: ['install'],
  microdnf: ['install'],
  yum: ['install'],
  zypper: ['install', 'in'],
  tdnf: ['install'],
};
const prefixes = new Set(['sudo', 'env', 'exec', 'command']);
/** Options that take the next word. */
const withValue = new Set(['-t', '--virtual', '--repository', '-X', '-o', '--target-release']);

/** Packages that one RUN command installs, without versions. */
export function readInstalledPackages(command: string): readonly string[] {
  return splitCommands(command).flatMap(({ words }) => {
    const rest = prefixes.has(words[0] ?? '') ? words.slice(1) : words;
    const subcommands = installers[rest[0]?.split('/').at(-1) ?? ''];
    const at = subcommands ? rest.findIndex((word) => subcommands.includes(word)) : -1;
    if (at < 0) return [];
    return rest
      .slice(at + 1)
      .filter((word, index, all) => !word.startsWith('-') && !withValue.has(all[index - 1] ?? '') && !word.startsWith('.'))
      .map((word) => word.split(/[=<>~@:]/)[0]!.toLowerCase());
  });
}
