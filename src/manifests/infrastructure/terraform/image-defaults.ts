/** Defaults that leave the version of an image open: `variable "image_tag"` with `latest`, `agent_version = "latest"` of a template. */

import type { Block, Expression } from '../../../text/hcl/syntax.ts';
import { purposeOf } from '../../../text/purpose.ts';
import type { Fact } from '../../../types.ts';
import { type HclFile, type ParsedHcl, placeOf } from './module.ts';

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

export const findImageDefaults = (files: readonly ParsedHcl[]): readonly Fact<'image-default'>[] =>
  files.flatMap(({ file, body }) =>
    body.blocks.flatMap((block) =>
      [...settingsOf(block)].flatMap(({ name, value }) => {
        const moving = otherName.test(name) ? undefined : movingValue(name, value);
        return moving === undefined ? [] : [factOf(file, name, moving, value)];
      }),
    ),
  );
