import type { FileAccess } from '../../languages/language.ts';
import { groupBy } from '../../text/group-by.ts';
import { tokenizeShell } from '../../text/shell-words.ts';
import { folderOf, joinPath, lastSegment } from '../path-tree.ts';
import { imageRepository } from '../third-party.ts';

/** An image name and the folder or Dockerfile that some script or configuration builds it from. */
export interface BuildMention {
  readonly image: string;
  readonly context: string;
  readonly path: string;
}

const maxFiles = 100;
const maxLines = 5000;

/** Reads `skaffold.yaml`, and `docker build -t NAME PATH` in CI files, Makefiles, scripts and package.json. */
export function findBuildMentions(files: FileAccess): readonly BuildMention[] {
  const candidates = files.under('').filter(isCandidate).slice(0, maxFiles);
  return candidates.flatMap((path) => readMentions(path, files));
}

/** The Dockerfile that it is built from; a folder stands for the one of the plain name. */
export const dockerfileOf = ({ context }: BuildMention): string =>
  /(?:^|[./-])Dockerfile(?:$|[.-])/i.test(context) ? context : context === '' ? 'Dockerfile' : `${context}/Dockerfile`;

const pipeline = /^\.github\/workflows\/|(?:^|\/)(?:Jenkinsfile|\.gitlab-ci\.yml|\.travis\.yml|azure-pipelines\.yml|cloudbuild\.ya?ml)$/;
/** Dockerfiles that pipelines build. */
export const builtByPipelines = (files: FileAccess): ReadonlySet<string> =>
  new Set(
    findBuildMentions(files)
      .filter(({ path }) => pipeline.test(path))
      .map(dockerfileOf),
  );

function isCandidate(path: string): boolean {
  const name = lastSegment(path);
  return (
    /^skaffold(?:\.[\w-]+)?\.ya?ml$/.test(name) ||
    /^(?:Makefile|makefile|Jenkinsfile|\.gitlab-ci\.yml|\.travis\.yml|azure-pipelines\.yml|cloudbuild\.ya?ml|package\.json)$/.test(name) ||
    /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path) ||
    /^(?:build|release|publish|docker|deploy)[\w-]*\.sh$/.test(name)
  );
}

function readMentions(path: string, files: FileAccess): readonly BuildMention[] {
  const text = files.text(path);
  if (text === undefined) return [];
  const lines = text.split('\n', maxLines);
  return /skaffold/.test(lastSegment(path)) ? readSkaffold(path, lines) : lines.flatMap((line) => readBuildLine(path, line));
}

/** `- image: name` followed by `context: path`, and by `dockerfile: path` within it (skaffold.yaml, build.artifacts). */
function readSkaffold(path: string, lines: readonly string[]): readonly BuildMention[] {
  const mentions: BuildMention[] = [];
  let image: string | undefined;
  for (const line of lines) {
    const [, key, value] = /^\s*(?:- )?(image|context|dockerfile): *["']?([^\s"'#]+)/.exec(line.slice(0, 500)) ?? [];
    const last = mentions.at(-1);
    if (key === 'image') image = value;
    else if (key === 'context' && image && value) {
      const context = joinPath(folderOf(path), value);
      if (context !== undefined) mentions.push({ image: lastSegment(imageRepository(image)), context, path });
      image = undefined;
    } else if (key === 'dockerfile' && last && value && !image) {
      const file = joinPath(last.context, value);
      if (file !== undefined) mentions.splice(-1, 1, { ...last, context: file });
    }
  }
  // Several images of one folder, made by commands of their own: which of its programs each runs is not written here.
  const images = groupBy(mentions, ({ context }) => context);
  return mentions.filter(({ context }) => new Set(images.get(context)!.map((mention) => mention.image)).size === 1);
}

function readBuildLine(path: string, line: string): readonly BuildMention[] {
  const at = line.length < 2000 ? line.search(/docker (?:buildx |image )?build /) : -1;
  if (at < 0) return [];
  // `cd cart && docker build .`
  const [, folderOfStep = ''] = /(?:^|[\s;&|"'])cd +["']?([\w./-]{1,200})["']? *(?:&&|;) *$/.exec(line.slice(0, at)) ?? [];
  const tokens = tokenizeShell(line.slice(at).replace(/",?\s*$/, ''));
  const end = tokens.findIndex(({ kind }) => kind === 'operator');
  const words = (end < 0 ? tokens : tokens.slice(0, end)).map(({ text }) => text).slice(2);
  let image: string | undefined;
  let context: string | undefined;
  let file: string | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === '-t' || word === '--tag') image ??= words[++index];
    else if (word.startsWith('--tag=')) image ??= word.slice(6);
    else if (word === '-f' || word === '--file') file = words[++index];
    else if (/^--?(?:build-arg|target|platform|cache-from|cache-to|label|network|progress)$/.test(word)) index++;
    else if (!word.startsWith('-')) context ??= word;
  }
  const from = file ?? context;
  if (!image || !from || /\$/.test(from)) return [];
  const name = lastSegment(imageRepository(image));
  const folder = joinPath(folderOfStep, from);
  return folder === undefined || !/^[\w.-]+$/.test(name) ? [] : [{ image: name, context: folder, path }];
}
