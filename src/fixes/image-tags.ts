/** The version that the repository names elsewhere, for images with a tag that moves. */
import { instructionAt } from '../text/dockerfile-edit.ts';
import { findMovingTag, parseImage } from '../text/image-reference.ts';
import { readJson } from '../text/json-document.ts';
import { replaceRange } from '../text/text-edits.ts';
import { replaceScalar, scalarAt } from '../text/yaml-edit.ts';
import type { Edit, Finding, Place } from '../types.ts';
import { type FixContext, type FixMaker, makeFix } from './fix-maker.ts';
import { dockerfileOf, yamlOf } from './manifests.ts';

interface Named {
  readonly version: string;
  readonly where: string;
}
const nodeLines: Readonly<Record<string, string>> = { fermium: '14', gallium: '16', hydrogen: '18', iron: '20', jod: '22', krypton: '24' };
const inFolder = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);
const firstLine = (text: string): string => text.slice(0, 200).split(/\r?\n/)[0]!.trim();

/** `20`, `v20.11.1`, `lts/iron`. */
function readVersion(text: string): string | undefined {
  const line = nodeLines[text.toLowerCase().replace(/^lts\//, '')];
  return line ?? /^v?(\d{1,3}(?:\.\d{1,4}){0,2})$/.exec(text)?.[1];
}
/** Ranges that stay in one major version. */
function readRange(range: string): string | undefined {
  const text = range.trim();
  const [, major] =
    /^[~^]?v?(\d{1,3})(?:\.(?:\d{1,4}|x|\*)){0,2}$/.exec(text) ??
    /^>=\s?(\d{1,3})[.\d]{0,10}\s+<\s?(?:\d{1,3})[.\d]{0,10}$/.exec(text) ??
    [];
  const upper = /<\s?(\d{1,3})/.exec(text)?.[1];
  if (upper !== undefined && Number(upper) !== Number(major) + 1) return undefined;
  return /^\d{1,3}\.\d{1,4}\.\d{1,4}$/.test(text) ? text : major;
}

/** What the package or its folder says of the Node version, nearest first. */
function nodeVersion(from: string, context: FixContext): Named | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    for (const name of ['.nvmrc', '.node-version']) {
      const text = context.source(inFolder(folder, name))?.text;
      const version = text === undefined ? undefined : readVersion(firstLine(text));
      if (version) return { version, where: name };
    }
    const manifest = context.source(inFolder(folder, 'package.json'));
    const json = manifest && readJson(manifest);
    if (json && 'root' in json) {
      const volta = json.root.get('volta')?.get('node')?.value;
      const engines = json.root.get('engines')?.get('node')?.value;
      if (typeof volta === 'string' && readVersion(volta)) return { version: readVersion(volta)!, where: '`volta` of package.json' };
      if (typeof engines === 'string' && readRange(engines)) return { version: readRange(engines)!, where: '`engines` of package.json' };
    }
    if (folder === '') return undefined;
  }
}

/** Other files that pin the same image. */
function pinnedElsewhere(image: string, context: FixContext): readonly { readonly tag: string; readonly place: Place }[] {
  const { repository } = parseImage(image);
  const used = [
    ...context.repository.facts.all('image').flatMap(({ value }) => value.stages.map(({ base }) => base)),
    ...context.repository.facts
      .all('workload')
      .flatMap(({ value }) => [...value.containers, ...value.initContainers].map((container) => container.image)),
  ];
  return used.flatMap((setting) => {
    if (!setting?.known) return [];
    const other = parseImage(setting.value);
    return other.repository === repository && other.tag && !other.digest && !findMovingTag(other)
      ? [{ tag: other.tag, place: setting.place }]
      : [];
  });
}

/** `alpine` of `lts-alpine`: what the image is built on. */
const variantOf = (tag: string | undefined): string =>
  (tag ?? '')
    .split('-')
    .filter((part) => !/^(?:latest|lts|current|stable|\d[\w.]*)$/.test(part) && !(part.toLowerCase() in nodeLines))
    .join('-');

function chooseTag(finding: Finding, context: FixContext): { tag: string; where: string } | undefined {
  const image = String(finding.data['image']);
  const { repository, tag } = parseImage(image);
  const variant = variantOf(tag);
  const pinned = pinnedElsewhere(image, context).filter((other) => variantOf(other.tag) === variant);
  const tags = new Set(pinned.map((other) => other.tag));
  if (tags.size === 1) return { tag: pinned[0]!.tag, where: pinned[0]!.place.path };
  if (repository !== 'node' || pinned.length > 0) return undefined;
  const folder = finding.place.path.slice(0, Math.max(0, finding.place.path.lastIndexOf('/')));
  const named = nodeVersion(folder, context);
  return named && { tag: variant ? `${named.version}-${variant}` : named.version, where: named.where };
}

function editUse(place: Place, image: string, fixed: string, context: FixContext): Edit | undefined {
  if (/\.ya?ml$/i.test(place.path)) {
    const yaml = yamlOf(context, place.path);
    const scalar = yaml && scalarAt(yaml, place);
    return scalar && String(scalar.value) === image ? replaceScalar(yaml, scalar, fixed) : undefined;
  }
  const dockerfile = dockerfileOf(context, place.path);
  const line = dockerfile && instructionAt(dockerfile, place);
  if (!dockerfile || line?.keyword !== 'FROM') return undefined;
  const at =
    line.body.split(/\s+/).find((word) => !word.startsWith('--')) === image ? line.end - line.body.length + line.body.indexOf(image) : -1;
  return at < 0 ? undefined : replaceRange(dockerfile.lines, at, at + image.length, fixed);
}

export const imageTagMutable: FixMaker = {
  rule: 'image-tag-mutable',
  offers: [
    {
      what: 'name the version that the repository names elsewhere: .nvmrc, `volta` or `engines` of package.json, another Dockerfile or manifest',
      safe: false,
    },
  ],
  make(finding, context) {
    const chosen = chooseTag(finding, context);
    const image = String(finding.data['image']);
    if (!chosen) return [];
    const { tag } = parseImage(image);
    const fixed = tag ? `${image.slice(0, -tag.length)}${chosen.tag}` : `${image}:${chosen.tag}`;
    const places = [
      finding.place,
      ...finding.related.filter(({ message }) => message.endsWith('is used here too')).map(({ place }) => place),
    ];
    return makeFix(
      `Use \`${fixed}\`, as ${chosen.where} says`,
      false,
      places.map((place) => editUse(place, image, fixed, context)),
    );
  },
};
