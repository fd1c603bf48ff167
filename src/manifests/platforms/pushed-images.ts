/** Pipelines → the images that they push without a version: `docker push acme/cart`, and `tags: acme/cart:latest` of an action that builds. */
import { LineMap } from '../../text/positions.ts';
import type { Adapter, AnyFact, SourceFile } from '../../types.ts';

const pipeline =
  /^\.github\/workflows\/[^/]+\.ya?ml$|(?:^|\/)(?:Jenkinsfile|\.gitlab-ci\.yml|\.travis\.yml|azure-pipelines\.ya?ml|cloudbuild\.ya?ml)$/;
const pushed = [
  /^[^#]{0,300}?\bdocker (?:image )?push +["']?([\w.-]+(?:\/[\w.-]+)*)(?::latest)?["']?\s*(?:$|["'&;|\]])/,
  /^\s{0,40}tags: +["']?([\w.-]+(?:\/[\w.-]+)+)(?::latest)?["']?\s*$/,
];
const maxImages = 200;

function extract({ path, text }: SourceFile) {
  const lines = new LineMap(path, text);
  const facts: AnyFact[] = [];
  for (let line = 1; line <= lines.lineCount && facts.length < maxImages; line++) {
    const written = lines.line(line).slice(0, 500);
    const name = pushed.map((pattern) => pattern.exec(written)?.[1]).find((one) => one !== undefined);
    const start = name === undefined ? -1 : written.lastIndexOf(name);
    if (name !== undefined)
      facts.push({
        kind: 'pushed-image',
        value: { name: name.replace(/^(?:index\.)?docker\.io\//, '') },
        place: { path, line, column: start + 1, endLine: line, endColumn: start + 1 + name.length },
        confidence: 'certain',
      });
  }
  return { facts, notAssessed: [] };
}

export const pushedImageAdapter: Adapter = { id: 'pushed-image', classify: (path) => pipeline.test(path), extract };
