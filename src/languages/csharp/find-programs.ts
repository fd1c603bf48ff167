import type { PackageManifest } from '../../facts.ts';
import type { Entry, FileAccess, PackagesByRoot } from '../language.ts';
import { asProject, closureOf, isOnIis, isProgram, sourcesOf } from './projects.ts';

/** The program that a project is by itself: a web application or a worker. */
export function findPrograms(manifest: PackageManifest, packages: PackagesByRoot, files: FileAccess): readonly Entry[] | undefined {
  const project = asProject(manifest);
  if (!project || !isProgram(project.dotnet)) return undefined;
  // Pages alone may lie in a web project, and all code in those that it is built of.
  const all = isOnIis(project.dotnet) ? closureOf(project, packages).projects : [project];
  if (all.every((one) => sourcesOf(one, packages, files).length === 0)) return undefined;
  return [{ path: project.dotnet.path, because: 'its project builds a server' }];
}
