import type { PackageManifest } from '../../facts.ts';

/** Frameworks that are packed into what they build: packages name them among their development dependencies, and they serve all the same. */
const packed = ['@sveltejs/kit', '@sveltejs/adapter-node', 'svelte-adapter-bun', 'nuxt', 'nuxt3', 'nitropack', 'astro', '@astrojs/node'];

/** Dependencies of the running program, with the range of each. */
export function dependenciesOf(manifest: PackageManifest | undefined): ReadonlyMap<string, string> {
  const all = { ...manifest?.dependencies };
  for (const name of packed) {
    const dev = manifest?.devDependencies[name];
    if (dev) all[name] ??= dev;
  }
  return new Map(Object.entries(all).map(([name, { range }]) => [name, range]));
}
