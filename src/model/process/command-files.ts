import type { PackageManifest } from '../../facts.ts';
import { joinPath } from '../path-tree.ts';
import type { Sources } from '../sources.ts';

/** run-script-os runs the script that is named for the system, and containers run Linux. Names: its README. */
const systems = ['linux', 'nix', 'darwin:linux', 'default'];

/** The script that a package manager runs under a name. */
export function scriptOnLinux(scripts: PackageManifest['scripts'], name: string): PackageManifest['scripts'][string] | undefined {
  const script = scripts[name];
  if (!script || !/^(?:npx )?run-(?:script-)?os\b/.test(script.command)) return script;
  return systems.map((system) => scripts[`${name}:${system}`]).find((found) => found !== undefined) ?? script;
}

/** The program behind a file without an ending that its package publishes as a command (`bin/run`). */
export function findCommandFile(candidates: readonly string[], args: readonly string[], sources: Sources): string | undefined {
  for (const path of candidates) {
    const manifest = sources.packageAbove(path)?.value;
    const isPublished = manifest && Object.values(manifest.bin).some((bin) => joinPath(manifest.root, bin) === path);
    const program = isPublished && sources.tree.hasFile(path) ? programOf(manifest, path, args) : undefined;
    if (program !== undefined) return program;
  }
  return undefined;
}

/** `shop start` where a package of the repository publishes the command `shop`. */
export function findPublishedCommand(words: readonly string[], { packages }: Sources): string | undefined {
  const [name = '', ...args] = words;
  for (const { value } of packages.values()) {
    const bin = Object.hasOwn(value.bin, name) ? joinPath(value.root, value.bin[name]!) : undefined;
    if (bin !== undefined) return programOf(value, bin, args);
  }
  return undefined;
}

/** For oclif the first argument names a file of the folder `commands` (oclif docs, "Command discovery"): `run start` is `commands/start`. */
function programOf(manifest: PackageManifest, path: string, [command]: readonly string[]): string | undefined {
  if (!('@oclif/core' in manifest.dependencies) && !('@oclif/command' in manifest.dependencies)) return path;
  const isName = command !== undefined && /^[\w:-]+$/.test(command);
  return isName ? joinPath(manifest.root, `dist/commands/${command.replaceAll(':', '/')}.js`) : undefined;
}
