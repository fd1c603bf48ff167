/** Commands that run programs of .NET: an assembly (`dotnet Shop.dll`), or a project that is built first (`dotnet run`). */
import type { Fact } from '../../types.ts';
import { lastSegment } from '../path-tree.ts';
import type { Sources } from '../sources.ts';
import type { Meaning } from './meaning.ts';

const hostOptionsWithValue = /^(?:--additional-deps|--additionalprobingpath|--depsfile|--runtimeconfig|--fx-version|--roll-forward)$/;

export function readDotnet(name: string, words: readonly string[]): Meaning | undefined {
  if (name !== 'dotnet') return undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (hostOptionsWithValue.test(word)) at++;
    else if (/\.dll$/i.test(word)) return { is: 'assembly', name: lastSegment(word).replace(/\.dll$/i, '') };
    else if (word === 'run' || word === 'watch') return { is: 'project', path: projectOf(words.slice(at + 1)) };
    else if (word !== 'exec' && !word.startsWith('-')) return { is: 'other' };
  }
  return { is: 'other' };
}

function projectOf(words: readonly string[]): string {
  const at = words.findIndex((word) => word === '--project' || word === '-p');
  const joined = words.find((word) => word.startsWith('--project='));
  return (at < 0 ? joined?.slice('--project='.length) : words[at + 1]) ?? '.';
}

/** The project that builds a file of this name. */
export function findAssembly(name: string, { packages, packagesByName }: Sources): string | undefined {
  const known = packagesByName.get(name)?.value.dotnet;
  if (known) return known.path;
  const isIt = ({ value }: Fact<'package'>) => value.dotnet?.assembly.toLowerCase() === name.toLowerCase();
  return name === '' ? undefined : [...packages.values()].find(isIt)?.value.dotnet?.path;
}
