import type { PackageManifest } from '../../facts.ts';
import { joinPath, lastSegment } from '../path-tree.ts';
import type { Sources } from '../sources.ts';

/** run-script-os runs the script that is named for the system, and containers run Linux. Names: its README. */
const systems = ['linux', 'nix', 'darwin:linux', 'default'];

/** The script that a package manager runs under a name. */
export function scriptOnLinux(scripts: PackageManifest['scripts'], name: string): PackageManifest['scripts'][string] | undefined {
  const script = scripts[name];
  if (!script || !/^(?:npx )?run-(?:script-)?os\b/.test(script.command)) return script;
  return systems.map((system) => scripts[`${name}:${system}`]).find((found) => found !== undefined) ?? script;
}

const runsNode = /^#!\s*(?:\/\S*\/)?(?:env\s+(?:-S\s+)?)?(?:node(?:js)?|tsx|ts-node|bun)\b/;

/** The program behind a file that its package publishes as a command (`bin/run`), or whose first line hands it to Node (`bin/www`). */
export function findCommandFile(candidates: readonly string[], args: readonly string[], sources: Sources): string | undefined {
  for (const path of candidates) {
    const manifest = sources.packageAbove(path)?.value;
    if (!manifest || !sources.tree.hasFile(path)) continue;
    const isPublished = Object.values(manifest.bin).some((bin) => joinPath(manifest.root, bin) === path);
    const program = isPublished ? programOf(manifest, path, args) : undefined;
    if (program !== undefined) return program;
    if (!isPublished && runsNode.test(sources.files.text(path)?.slice(0, 100) ?? '')) return path;
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

/** Where the tasks of gulp and Grunt are written. */
export function taskFilesOf(words: readonly string[]): readonly string[] {
  const runner = lastSegment(words[0] ?? '').replace(/-cli$/, '');
  const stem = runner === 'gulp' ? 'gulpfile' : runner === 'grunt' ? 'Gruntfile' : undefined;
  if (stem === undefined) return [];
  const endings = ['.js', '.babel.js', '.ts', '.mjs', '.cjs', '.esm.js', '.coffee'];
  return endings.flatMap((ending) => [stem + ending, stem.toLowerCase() + ending]);
}
