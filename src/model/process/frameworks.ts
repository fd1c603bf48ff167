import type { Meaning } from './meaning.ts';

const plainOf = (words: readonly string[]): readonly string[] => words.filter((word) => !word.startsWith('-'));
const isFile = (word: string | undefined): word is string => word !== undefined && /\.[cm]?[jt]sx?$/.test(word);

/** Commands of server frameworks whose program is found by a convention, with the words that start it. */
const conventional: Readonly<Record<string, readonly string[]>> = {
  next: ['start', 'dev', ''],
  nuxt: ['start', 'dev', 'preview', ''],
  nuxi: ['start', 'dev', 'preview'],
  strapi: ['start', 'develop', 'dev'],
  'react-router': ['dev'],
  remix: ['dev', 'vite:dev'],
  medusa: ['start', 'develop'],
  keystone: ['start', 'dev'],
  blitz: ['start', 'dev'],
  payload: ['serve'],
  directus: ['start'],
  sails: ['lift'],
  adonis: ['serve'],
  moleculer: [],
};
/** Commands whose first file is the program that they load. */
const loadsFile = new Set([
  'fastify',
  'remix-serve',
  'react-router-serve',
  'probot',
  'moleculer-runner',
  'functions-framework',
  'micro',
  'graphql-mesh',
  'artillery',
]);

/** Reads a command of a server framework. */
export function frameworkPrograms(name: string, words: readonly string[]): Meaning | undefined {
  const plain = plainOf(words);
  if (name === 'nest') return plain[0] === 'start' ? { is: 'framework', name, folder: '.', entry: nestEntry(words, plain[1]) } : undefined;
  if (loadsFile.has(name)) {
    const file = plain.find(isFile);
    return file ? { is: 'program', paths: [file] } : { is: 'framework', name, folder: '.' };
  }
  const starts = conventional[name];
  if (!starts?.includes(plain[0] ?? '')) return undefined;
  const folder = plain[1] !== undefined && !isFile(plain[1]) && !/^\d+$/.test(plain[1]) ? plain[1] : '.';
  return { is: 'framework', name, folder };
}

/** `--entryFile` names the compiled file without ending; the default project is `src/main.ts` (Nest CLI). */
function nestEntry(words: readonly string[], project: string | undefined): string {
  const at = words.findIndex((word) => word.startsWith('--entryFile'));
  const named = at < 0 ? undefined : words[at]!.includes('=') ? words[at]!.split('=')[1] : words[at + 1];
  if (named) return `src/${named.replace(/^(?:dist|src)\//, '')}`;
  return project && !project.includes('=') ? `apps/${project}/src/main` : 'src/main';
}

const clients = new Set([
  'vite',
  'react-scripts',
  'react-app-rewired',
  'craco',
  'vue-cli-service',
  'ng',
  'parcel',
  'webpack-dev-server',
  'start-storybook',
  'storybook',
  'docusaurus',
  'vitepress',
  'vuepress',
  'gatsby',
  'expo',
  'react-native',
  'ionic',
  'capacitor',
  'serve',
  'http-server',
  'live-server',
  'lite-server',
  'browser-sync',
  'static-server',
  'superstatic',
  'snowpack',
  'rspack',
  'rsbuild',
  'farm',
  'umi',
  'max',
  'ladle',
  'styleguidist',
  'electron',
  'electron-forge',
  'tauri',
  'wxt',
  'plasmo',
  'mintlify',
  'quasar',
  'preact',
  'ember',
  'nginx',
  'slidev',
  'hexo',
  'eleventy',
  'sirv',
  'astro',
  'wmr',
  'elm-app',
  'poi',
  'stencil',
  'lit-dev',
  'web-dev-server',
  'nodecg',
  'bsb',
  'tsc',
  'tsup',
  'rollup',
  'esbuild',
  'swc',
  'babel',
  'microbundle',
  'tsdx',
  'jest',
  'vitest',
  'mocha',
  'ava',
  'cypress',
  'playwright',
  'eslint',
  'turbo',
  'gulp',
  'grunt',
  'sst',
  'cdk',
  'serverless',
  'wrangler',
  'firebase',
  'sls',
]);

/** True for commands that bundle or serve browser code, watch a compiler, run tests or deploy: they are no server of the repository. */
export const clientTools = (name: string, words: readonly string[]): boolean =>
  clients.has(name) || (name === 'webpack' && words.length > 0);
