/** What is known of widely used base images: the user that they run as and the tools that they bring. */
import { type ImageReference, parseImage } from './image-reference.ts';

/** Official images and runtimes whose default user is root (their Dockerfiles have no USER). */
const rootBases = new Set(
  'node python golang go openjdk java eclipse-temurin temurin amazoncorretto adoptopenjdk ibm-semeru-runtimes sapmachine zulu-openjdk debian ubuntu alpine busybox php ruby rust perl elixir erlang swift maven gradle tomcat buildpack-deps centos fedora rockylinux almalinux amazonlinux oraclelinux archlinux scratch pypy bun deno jre jdk tomee jetty-runner dart haskell clojure sbt julia r-base mono'.split(
    ' ',
  ),
);
/** Registries whose images of these names are something else. */
const ownOrganisation = new Set(['bitnami', 'bitnamilegacy', 'chainguard', 'cgr.dev', 'ubi8', 'ubi9', 'ubi10', 'dhi.io', 'lambda']);
const rootFolders =
  /^(?:mcr\.microsoft\.com\/(?:dotnet|openjdk|playwright)|gcr\.io\/distroless|gcr\.io\/google-appengine|nvidia\/cuda|public\.ecr\.aws\/(?:docker\/library|amazonlinux)|oven\/bun|denoland\/deno|azul\/zulu-openjdk|adoptopenjdk\/|arm(?:32|64)v\d\/|amd64\/|mhart\/alpine-node|keymetrics\/pm2|tiangolo\/)/;

/** The user that an image runs as when nothing sets one; `unknown` for images that nobody can tell from their name. */
export function defaultUserOf(image: string): 'root' | 'other' | 'unknown' {
  const { repository, name, tag = '' } = parseImage(image);
  if (/nonroot|rootless|unprivileged/.test(`${name}:${tag}`)) return 'other';
  if (/chiseled|distroless/.test(tag) && repository.startsWith('mcr.microsoft.com/')) return 'other';
  if (repository.split('/').some((part) => ownOrganisation.has(part))) return 'unknown';
  // Windows has no root.
  if (/nanoserver|windowsservercore/.test(tag) || /(?:^|\/)dotnet\/framework\//.test(repository)) return 'unknown';
  if (rootFolders.test(repository)) return 'root';
  return !repository.includes('/') && rootBases.has(name) ? 'root' : 'unknown';
}

/** What decides which programs are there: `full` Debian images of buildpack-deps, `slim` Debian, Alpine, or images with nothing. */
export type BaseFamily = 'full' | 'slim' | 'alpine' | 'empty' | 'unknown';

/** Official runtimes whose untagged variant is built on buildpack-deps. */
const onBuildpackDeps = new Set([
  'node',
  'python',
  'golang',
  'ruby',
  'rust',
  'perl',
  'openjdk',
  'elixir',
  'erlang',
  'pypy',
  'buildpack-deps',
]);

export function baseFamilyOf(image: string): BaseFamily {
  const { repository, name, tag = '' } = parseImage(image);
  if (repository === 'scratch' || repository.startsWith('gcr.io/distroless/')) return 'empty';
  const official = /^(?:public\.ecr\.aws\/docker\/library\/)?[^/]+$/.test(repository) || /^(?:amd64|arm(?:32|64)v\d)\//.test(repository);
  if (!official) return 'unknown';
  if (name === 'alpine' || /(?:^|-)alpine/.test(tag)) return 'alpine';
  if (name === 'debian' || name === 'ubuntu') return 'slim';
  if (!onBuildpackDeps.has(name)) return 'unknown';
  return /(?:^|-)slim(?:-|$)/.test(tag) ? 'slim' : 'full';
}

/** Tools of buildpack-deps, and of the runtimes on it (github.com/docker-library/buildpack-deps). */
const fullTools = new Set(
  'git hg svn curl wget gpg ssh scp ssh-keygen rsync-ssh python3 perl make gcc g++ cc unzip xz bzip2 patch file convert identify mogrify composite montage mysql_config pg_config openssl tar gzip ps procps'.split(
    ' ',
  ),
);
const debianTools = new Set(
  'perl tar gzip sed awk grep find xargs bash sh df du cat ls cp mv rm mkdir chmod chown date hostname id uname env sleep kill'.split(' '),
);
const alpineTools = new Set(
  'wget unzip tar gzip bzip2 gunzip nc vi ping ps top free sh sed awk grep find xargs df du cat ls cp mv rm mkdir chmod chown date hostname id uname env sleep kill'.split(
    ' ',
  ),
);
const runtimeTools: Readonly<Record<string, readonly string[]>> = {
  node: ['node', 'npm', 'npx', 'yarn', 'corepack'],
  python: ['python', 'python3', 'pip', 'pip3'],
  perl: ['perl'],
  ruby: ['ruby', 'gem', 'bundle'],
  openjdk: ['java', 'javac'],
};

/** True when the base image brings the tool; `undefined` when nobody can tell. */
export function baseHasTool(image: string, tool: string): boolean | undefined {
  const family = baseFamilyOf(image);
  if (family === 'unknown') return undefined;
  if (runtimeTools[parseImage(image).name]?.includes(tool)) return true;
  if (family === 'full') return fullTools.has(tool) || debianTools.has(tool);
  if (family === 'slim') return debianTools.has(tool);
  return family === 'alpine' && alpineTools.has(tool);
}
export type { ImageReference };
