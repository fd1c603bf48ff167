import { posix } from 'node:path';
import type { PackageManifest } from '../../facts.ts';
import type { Entry, FileAccess } from '../language.ts';
import type { Builds } from './builds/index.ts';
import { dependenciesOf } from './built-frameworks.ts';
import type { ModuleResolver } from './resolve-modules.ts';

/** Folders that compilers write to; their content is the same path below the source folder. */
const outputFolders = /^(?:dist|build|lib|out|output|\.output|built|compiled|js)\/(?:src\/)?/;
const sourceFolders = ['src/', '', 'lib/', 'server/', 'app/', 'source/'];
/** Less usual ones, also below a folder of its own: `.dist/start.js`, `server/dist/index.js`, `dist-server/main.js`, `.build/api.js`. */
const otherOutputFolders = /^((?:[\w-]+\/)*?)\.?(?:dist|build|out|output|built|compiled|target|release|bin)(?:[-_.]\w+)?\/(?:src\/)?/;

/**
 * Maps a program as a command names it (`dist/main.js`, `.`, `server`) to its source file: by what the package's builds say,
 * else by the usual folders, else to the one source that is built to a place nobody tells.
 */
export function sourceOfEntry(path: string, root: string, resolver: ModuleResolver, builds: Builds): string | undefined {
  const isWritten = resolver.files.has(path) && !outputFolders.test(pathWithin(path, root));
  if (isWritten) return /\.json$/.test(path) ? undefined : path;
  return builds.sourceOf(path) ?? sourceByFolder(path, root, resolver) ?? builds.onlySource();
}

const pathWithin = (path: string, root: string): string =>
  root && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path === root ? '' : path;

function sourceByFolder(path: string, root: string, resolver: ModuleResolver): string | undefined {
  const within = posix
    .normalize(pathWithin(path, root) || '.')
    .replace(/^\.\//, '')
    .replace(/^\.$/, '');
  const at = (candidate: string): string | undefined => {
    const found = resolver.file(posix.join(root, candidate));
    return found && !/\.json$/.test(found) ? found : undefined;
  };
  const compiled = outputFolders.test(within);
  const stem = compiled ? stemOf(within.replace(outputFolders, '')) : '';
  // A compiler that also reads a folder beside the package keeps the package's own name: `out/server/app/www.js`.
  const own = `${posix.basename(root)}/`;
  const inside = stem.startsWith(own) ? stem.slice(own.length) : undefined;
  const mapped = compiled
    ? (sourceBelow('', stem, at) ?? (inside ? sourceBelow('', inside.replace(/^src\//, ''), at) : undefined))
    : undefined;
  return mapped ?? at(within) ?? (compiled ? undefined : at(`src/${within}`)) ?? otherOutput(within, at);
}

const stemOf = (path: string): string => path.replace(/\.(?:bundle\.)?[cm]?js$/, '');

type Find = (candidate: string) => string | undefined;

/** The source of a compiled file; builds of several projects keep the project's folder: `dist/apps/api/main.js` is `apps/api/src/main.ts`. */
function sourceBelow(folder: string, stem: string, at: Find): string | undefined {
  const project = /^((?:apps|packages|services|libs)\/.+)\/([^/]+)$/.exec(stem);
  const candidates = [...sourceFolders.map((source) => `${source}${stem}`), ...(project ? [`${project[1]}/src/${project[2]}`] : [])];
  for (const candidate of candidates) {
    const found = at(folder + candidate);
    if (found) return found;
  }
  return undefined;
}

function otherOutput(within: string, at: Find): string | undefined {
  const output = otherOutputFolders.exec(within);
  if (!output) return undefined;
  const below = within.slice(output[0].length);
  // `build/dist/main.js`: what is packed after it was compiled.
  const packed = outputFolders.test(below) ? sourceBelow(output[1]!, stemOf(below.replace(outputFolders, '')), at) : undefined;
  return packed ?? sourceBelow(output[1]!, stemOf(below), at);
}

/** Files that a framework loads by convention, on the server. */
const conventions: readonly { readonly dependency: string; readonly pattern: RegExp; readonly because: string }[] = [
  {
    dependency: 'next',
    pattern:
      /^(?:src\/)?(?:pages\/|app\/(?:.*\/)?(?:route|page|layout|template|default|error|not-found|loading|sitemap|robots)\.|middleware\.|proxy\.|instrumentation\.|next\.config\.)/,
    because: 'Next.js loads it by its path',
  },
  { dependency: 'nuxt', pattern: /^(?:server|src\/server)\//, because: 'Nuxt loads its server folder' },
  {
    dependency: 'nitropack',
    pattern: /^(?:server\/)?(?:api|routes|plugins|middleware|tasks|utils)\//,
    because: 'Nitro loads it by its path',
  },
  {
    dependency: '@sveltejs/kit',
    pattern: /^src\/(?:hooks\.server\.|routes\/(?:.*\/)?\+(?:server|page\.server|layout\.server)\.)/,
    because: 'SvelteKit loads it by its path',
  },
  { dependency: '@remix-run/node', pattern: /^app\/(?:entry\.server\.|root\.|routes\/)/, because: 'Remix loads it by its path' },
  { dependency: '@react-router/node', pattern: /^app\/(?:entry\.server\.|root\.|routes\/)/, because: 'React Router loads it by its path' },
  { dependency: 'astro', pattern: /^src\/(?:pages\/.*\.[jt]s$|middleware\.|actions\/)/, because: 'Astro loads it by its path' },
  { dependency: '@strapi/strapi', pattern: /^(?:src\/(?!admin\/)|config\/)/, because: 'Strapi loads it by its path' },
  { dependency: 'sails', pattern: /^(?:api|config)\//, because: 'Sails loads it by its path' },
  {
    dependency: 'egg',
    pattern: /^(?:app\/(?:router|controller|service|middleware|schedule|extend|io)|config\/|app\.[jt]s|agent\.[jt]s)/,
    because: 'Egg loads it by its path',
  },
  {
    dependency: '@adonisjs/core',
    pattern: /^(?:start|config|providers)\/|^app\/Controllers\//,
    because: 'AdonisJS loads it by its path',
  },
  {
    dependency: 'moleculer',
    pattern:
      /^(?:(?:src|backend|server)\/)?services\/|^(?!(?:client|frontend|web|public|tests?)\/).*\.(?:service|svc)\.[cm]?[jt]s$|^(?:src\/)?moleculer\.config\.[cm]?[jt]s$/,
    because: 'moleculer-runner loads the services folder',
  },
];

export function conventionEntries(root: string, manifest: PackageManifest | undefined, files: FileAccess): Entry[] {
  const dependencies = dependenciesOf(manifest);
  const present = conventions.filter(({ dependency }) => dependencies.has(dependency));
  if (present.length === 0) return [];
  const below = files
    .under(root)
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !path.endsWith('.d.ts') && !/\.(?:test|spec|stories)\./.test(path));
  return below.flatMap((path) => {
    const inside = root ? path.slice(root.length + 1) : path;
    const convention = present.find(({ pattern }) => pattern.test(inside));
    return convention ? [{ path, because: convention.because }] : [];
  });
}

/** When no command names a program: files at the usual places that start a server. */
const usualEntries = [
  'src/main',
  'src/index',
  'src/server',
  'src/app',
  'server',
  'app',
  'index',
  'main',
  'bin/www',
  'server/index',
  'server/main',
  'server/server',
  'backend/server',
  'backend/index',
  'src/bin/www',
  'src/server/index',
  'src/www',
];
const startsServer = /\.listen\s*\(|createServer\s*\(|NestFactory\.create|\bserve\s*\(/;

export function guessEntries(root: string, resolver: ModuleResolver, files: FileAccess): Entry[] {
  for (const candidate of usualEntries) {
    const path = resolver.file(posix.join(root, candidate));
    if (path && !path.endsWith('.json') && startsServer.test(files.text(path) ?? ''))
      return [{ path, because: 'it starts a server and stands at a usual place' }];
  }
  return [];
}
