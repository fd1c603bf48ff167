import type { Workload } from '../../facts.ts';
import type { Fact } from '../../types.ts';
import { joinPath } from '../path-tree.ts';

/** The Dockerfile that a Compose `build` names: `dockerfile` is relative to the context (Compose specification, build). */
export function findBuiltDockerfile(
  build: NonNullable<Workload['build']>,
  images: ReadonlyMap<string, Fact<'image'>>,
): Fact<'image'> | undefined {
  if (build.native) return undefined;
  const names = build.dockerfile === undefined ? ['Dockerfile', 'dockerfile'] : [build.dockerfile];
  for (const name of names) {
    const inContext = joinPath(build.context, name);
    const fromRoot = build.dockerfile === undefined ? undefined : images.get(name);
    const found = (inContext === undefined ? undefined : images.get(inContext)) ?? fromRoot;
    if (found) return found;
  }
  return undefined;
}
