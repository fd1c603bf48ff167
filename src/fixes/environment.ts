/** Variables: documented where they are missing, and out of the image. */
import { instructionAt, replaceBody } from '../text/dockerfile-edit.ts';
import { runImages } from '../text/image-questions.ts';
import { LineMap } from '../text/positions.ts';
import { createFile, insertLines, nextLine, replaceRange } from '../text/text-edits.ts';
import { replaceScalar, scalarAt } from '../text/yaml-edit.ts';
import type { Edit, Finding, Fix } from '../types.ts';
import { type FixContext, type FixMaker, makeFix } from './fix-maker.ts';
import { dockerfileOf, yamlOf } from './manifests.ts';

/** Lines at the end of a file. */
export function appendLines(path: string, text: string, block: string): Edit {
  return insertLines(new LineMap(path, text), text.length, block);
}

/** `NAME=` lines in the sample `.env` that stands at a related place. */
function documentNames(finding: Finding, names: readonly string[], context: FixContext): readonly Fix[] {
  const sample = finding.related.find(({ message }) => message === 'this sample documents the variables')?.place;
  const file = sample && context.source(sample.path);
  if (!file || names.length === 0) return [];
  const what = names.length === 1 ? `\`${names[0]}\`` : `${names.length} variables`;
  return makeFix(`List ${what} in ${file.path}`, true, [appendLines(file.path, file.text, names.map((name) => `${name}=`).join('\n'))]);
}

/** One name on both sides: what the code reads. */
function rename(finding: Finding, context: FixContext): readonly Fix[] {
  const { name, similar } = finding.data;
  const place = finding.related.find(({ message }) => message.endsWith('is set here'))?.place;
  const yaml = place && yamlOf(context, place.path);
  const scalar = yaml && scalarAt(yaml, place);
  if (!yaml || !scalar) return [];
  const title = `Set \`${name}\`, which the code reads`;
  const text = String(scalar.value);
  if (text === similar) return makeFix(title, false, [replaceScalar(yaml, scalar, String(name))]);
  return text.startsWith(`${similar}=`)
    ? makeFix(title, false, [replaceScalar(yaml, scalar, name + text.slice(String(similar).length))])
    : [];
}

export const envUndeclared: FixMaker = {
  rule: 'env-undeclared',
  offers: [
    { what: 'list the variable in the sample `.env`', safe: true },
    { what: 'set the name that the code reads instead of a similar one', safe: false },
  ],
  make(finding, context) {
    if (finding.messageId === 'similar') return rename(finding, context);
    const named = finding.messageId === 'several' ? finding.related.map(({ message }) => /^`(\w+)`$/.exec(message)?.[1]) : [];
    const first = finding.messageId === 'one' ? String(finding.data['name']) : /`(\w+)`/.exec(String(finding.data['names']))?.[1];
    const names = [first, ...named].filter((name) => name !== undefined);
    const count = Number(finding.data['count'] ?? 1);
    return names.length === count ? documentNames(finding, names, context) : [];
  },
};

const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** A line in the .dockerignore of the build, which may have to be made. */
function ignoreFile(finding: Finding, context: FixContext): readonly Fix[] {
  const image = runImages(context.repository).find(({ fact }) => fact.place.path === finding.place.path);
  const path = String(finding.data['file']);
  if (!image || (image.context !== '' && !path.startsWith(`${image.context}/`))) return [];
  const entry = image.context === '' ? path : path.slice(image.context.length + 1);
  const own = `${finding.place.path}.dockerignore`;
  const list = context.has(own) ? own : join(image.context, '.dockerignore');
  const title = `Keep ${entry} out of the image`;
  if (!context.has(list)) return makeFix(title, false, [createFile(list, `${entry}\n`)]);
  const file = context.source(list);
  return file ? makeFix(title, false, [appendLines(list, file.text, entry)]) : [];
}

/** The value leaves the image; who starts the container has to give it. */
function dropVariable(finding: Finding, context: FixContext): readonly Fix[] {
  const dockerfile = dockerfileOf(context, finding.place.path);
  const line = dockerfile && instructionAt(dockerfile, finding.place);
  const name = String(finding.data['name']);
  if (!dockerfile || !line || /[\\\n]/.test(line.body)) return [];
  const title = `Take the value of \`${name}\` out of the image`;
  if (line.keyword === 'ARG') return makeFix(title, false, [replaceBody(dockerfile, line, name)]);
  const isOnly = line.keyword === 'ENV' && line.body.startsWith(name) && !/\s\w+=/.test(line.body);
  if (!isOnly) return [];
  return makeFix(title, false, [replaceRange(dockerfile.lines, line.start, nextLine(dockerfile.text, line.end), '')]);
}

export const credentialInImage: FixMaker = {
  rule: 'credential-in-image',
  offers: [
    { what: 'list the `.env` file in .dockerignore', safe: false },
    { what: 'remove the value of ENV or ARG', safe: false },
  ],
  make: (finding, context) => (finding.messageId === 'file' ? ignoreFile(finding, context) : dropVariable(finding, context)),
};
