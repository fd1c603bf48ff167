/** Names of container images: `registry/path/name:tag@digest` (OCI distribution specification). */

export interface ImageReference {
  /** Without tag and digest, lower case; `docker.io/library/` is dropped. */
  readonly repository: string;
  /** Last segment of the repository. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
  /** `IMAGE_NAME`: names are lower case, so something else is put in its place, tag and all. */
  readonly isReplaced?: true;
}

export function parseImage(image: string): ImageReference {
  const [rest = '', digest] = image.trim().split('@', 2);
  const slash = rest.lastIndexOf('/');
  const colon = rest.indexOf(':', slash + 1);
  const written = colon < 0 ? rest : rest.slice(0, colon);
  const repository = written
    .toLowerCase()
    .replace(/^(?:index\.)?docker\.io\//, '')
    .replace(/^library\//, '');
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  const name = repository.split('/').at(-1)!;
  const isReplaced = colon < 0 && /^[A-Z][A-Z0-9_]*$/.test(written.slice(slash + 1));
  return { repository, name, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}), ...(isReplaced ? { isReplaced } : {}) };
}

/** Distributions that an image is built on: no version of the product. */
const variants =
  /^(?:alpine|slim|bullseye|bookworm|trixie|buster|stretch|jessie|wheezy|focal|jammy|noble|bionic|xenial|debian|ubuntu|ubi|windowsservercore|nanoserver|perl|otel|fpm|apache|cli|zts)[\d.]*$/i;
/** For these the codename of a release is its version. */
const distributions = new Set(['debian', 'ubuntu', 'buildpack-deps', 'golang-builder']);
/** Release lines of Node.js that are named by a codename (nodejs.org/en/about/previous-releases). */
const nodeLines = /^(?:argon|boron|carbon|dubnium|erbium|fermium|gallium|hydrogen|iron|jod|krypton)$/i;
/** Products whose minor number is the release line: the major alone moves between incompatible releases. */
const minorIsRelease = new Set(['python', 'golang', 'ruby', 'php', 'perl', 'rust', 'alpine', 'pypy']);

/** Branches and release channels. */
const channels =
  /^(?:stable|edge|main|master|nightly|lts|current|mainline|rolling|dev|devel|develop|development|next|canary|beta|alpha|rc|release|snapshot|unstable|testing|experimental|insiders|head|trunk|prod|production|staging|jre|jdk|lite|full|minimal)$/i;
const wellFormed = /^[\w.\-/:@+]+$/;
/** A name begins with a letter or a digit; `__IMAGE__` is replaced by something. */
const isName = (repository: string): boolean => wellFormed.test(repository) && /^[a-z\d]/.test(repository);
/** `APP_VERSION`: a text that a script replaces. */
const replaced = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** Why an image may change without a change in the repository; `undefined` when it names a version or a digest. */
export function findMovingTag({
  name,
  repository,
  tag,
  digest,
  isReplaced,
}: ImageReference): 'no tag' | 'latest' | 'no version' | 'major only' | undefined {
  if (
    digest ||
    isReplaced ||
    repository === 'scratch' ||
    !isName(repository) ||
    (tag !== undefined && (!wellFormed.test(tag) || replaced.test(tag)))
  )
    return undefined;
  // Distroless images carry the version in their name: nodejs22-debian12.
  if (repository.includes('distroless') && /\d/.test(name)) return undefined;
  if (tag === undefined) return 'no tag';
  if (tag === 'latest') return 'latest';
  const parts = tag.split(/[-_]/).filter((part) => !variants.test(part));
  if (parts.some((part) => /\d/.test(part))) {
    const major = minorIsRelease.has(repository) && /^\d$/.test(parts[0] ?? '') && parts.length === 1;
    return major ? 'major only' : undefined;
  }
  if (distributions.has(name) && tag.split(/[-_]/).some((part) => variants.test(part) && !/^(?:slim|debian|ubuntu)$/i.test(part)))
    return undefined;
  if (name === 'node' && parts.some((part) => nodeLines.test(part))) return undefined;
  // Words of one's own (`secure`, `elastic`) may be as fixed as a version: only channels and bare variants move for sure.
  const official = !repository.includes('/');
  const moves = parts.every((part) => channels.test(part) || part === 'latest') || parts.at(-1) === 'latest';
  return official || parts.length === 0 || moves ? 'no version' : undefined;
}
