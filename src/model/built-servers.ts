import type { Entry } from '../languages/language.ts';
import type { Fact } from '../types.ts';
import type { Sources } from './sources.ts';

/** Frameworks that build a server which no script of the package has to start. */
const adapters: Readonly<Record<string, string>> = {
  '@sveltejs/adapter-node': 'SvelteKit',
  'svelte-adapter-bun': 'SvelteKit',
  '@astrojs/node': 'Astro',
};
const buildsNuxt = /\b(?:nuxt|nuxi|nitro(?:pack)?)\s+build\b/;

/** The program that a framework builds of a package: its adapter is a server, or it has code that only a server runs. */
export function findBuiltServer({ value }: Fact<'package'>, sources: Sources): Entry | undefined {
  const dependencies = { ...value.dependencies, ...value.devDependencies };
  const adapter = Object.keys(adapters).find((name) => Object.hasOwn(dependencies, name));
  const below = (folder: string) => sources.files.under(value.root === '' ? folder : `${value.root}/${folder}`);
  const isNuxt = Object.values(value.scripts).some(({ command }) => buildsNuxt.test(command)) && below('server').length > 0;
  const framework = adapter === undefined ? (isNuxt ? 'Nuxt' : undefined) : adapters[adapter];
  return framework === undefined ? undefined : { path: value.root, because: `${framework} builds a server of it` };
}
