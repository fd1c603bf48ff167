/** Defaults that leave the version of an image open: `variable "image_tag"` with `latest`, `agent_version = "latest"` of a template. */

import type { Block, Expression } from '../../../text/hcl/syntax.ts';
import { purposeOf } from '../../../text/purpose.ts';
import type { Fact } from '../../../types.ts';
import { folderOf, joinPath } from '../paths.ts';
import { attributeOf, type HclFile, type ModuleSource, type ParsedHcl, placeOf } from './module.ts';

const tagName = /(?:image|docker|container|agent|app|service)\w{0,40}(?:tags?|versions?)$|^(?:image_?)?tags?$/i;
const imageName = /(?:^|_)(?:image|images|docker_image)(?:_|$)/i;
/** They say how tags are handled, not which one. */
const otherName = /mutab|immutab|prefix|suffix|pattern|expir|keep|retention|count|filter/i;

const moves = (name: string, text: string): boolean =>
  (tagName.test(name) && text === 'latest') || (imageName.test(name) && /^[^\s:]{1,200}(?::\d+[^\s:]*)?:latest$/.test(text));

/** The literal that leaves it open: the value, or all items of a list. */
function movingValue(name: string, value: Expression | undefined): string | undefined {
  if (value?.is === 'literal') return typeof value.value === 'string' && moves(name, value.value) ? value.value : undefined;
  if (value?.is !== 'list' || value.items.length === 0) return undefined;
  const [first] = value.items.map((item) => movingValue(name, item));
  return first !== undefined && value.items.every((item) => movingValue(name, item) === first) ? first : undefined;
}

function* settingsOf(block: Block): Generator<{ readonly name: string; readonly value: Expression }> {
  const [type, label] = block.labels;
  if (block.type === 'variable' && type !== undefined) {
    const given = block.body.attributes.find(({ name }) => name === 'default');
    if (given) yield { name: type, value: given.value };
  } else if (block.type === 'data' && type === 'template_file' && label !== undefined) {
    for (const { name, value } of block.body.attributes)
      if (name === 'vars' && value.is === 'object')
        for (const item of value.items) if (item.key.is === 'literal') yield { name: String(item.key.value), value: item.value };
    for (const inner of block.body.blocks) if (inner.type === 'vars') yield* inner.body.attributes;
  }
}

const factOf = (file: HclFile, name: string, value: string, span: Expression): Fact<'image-default'> => ({
  kind: 'image-default',
  place: placeOf(file, span),
  confidence: 'certain',
  value: { name, value, purpose: purposeOf(file.path) },
});

/** Arguments that every call of a folder passes: what stands in the variable itself is never used. */
function findGivenAlways(modules: ReadonlyMap<string, ModuleSource>): ReadonlyMap<string, ReadonlySet<string>> {
  const given = new Map<string, ReadonlySet<string>>();
  for (const { folder, calls } of modules.values())
    for (const { it } of calls) {
      const source = attributeOf(it, 'source');
      const text = source?.is === 'literal' ? String(source.value) : '';
      const called = text.startsWith('.') ? joinPath(folder, text) : undefined;
      if (called === undefined || called === folder) continue;
      const names = new Set(it.body.attributes.map(({ name }) => name));
      const before = given.get(called);
      given.set(called, before ? new Set([...before].filter((name) => names.has(name))) : names);
    }
  return given;
}

/** The version of an app may be a label of its telemetry: it is that of an image where it stands behind a colon. */
const isOfApp = /^(?:app|application|service)\w{0,40}versions?$/i;
const namesImage = (name: string): boolean => /image|docker|container|tag/i.test(name);

export function findImageDefaults(
  files: readonly ParsedHcl[],
  modules: ReadonlyMap<string, ModuleSource>,
): readonly Fact<'image-default'>[] {
  const given = findGivenAlways(modules);
  const isTag = (folder: string, name: string): boolean =>
    files.some(({ file }) => folderOf(file.path) === folder && file.text.includes(`:\${var.${name}}`));
  return files.flatMap(({ file, body }) => {
    const folder = folderOf(file.path);
    return body.blocks.flatMap((block) =>
      [...settingsOf(block)].flatMap(({ name, value }) => {
        const moving = otherName.test(name) ? undefined : movingValue(name, value);
        if (moving === undefined || (block.type === 'variable' && given.get(folder)?.has(name))) return [];
        return isOfApp.test(name) && !namesImage(name) && !isTag(folder, name) ? [] : [factOf(file, name, moving, value)];
      }),
    );
  });
}
