/** Secrets that stand in Terraform or a Nomad job: they come in by a variable, which has no default. */
import type { Attribute, Block, Body, Expression } from '../text/hcl/syntax.ts';
import { lineEndOf, lineStart, nextLine, replaceRange } from '../text/text-edits.ts';
import type { Edit, Finding, Fix } from '../types.ts';
import { type FixContext, type FixMaker, makeFix } from './fix-maker.ts';
import { attributeOf, blocksOf, type HclText, hclOf, holds, indentAt, indentUnit, literalOf, objectAround, offsetAt } from './hcl-edit.ts';

const isNomad = (path: string): boolean => !path.endsWith('.tf');
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** Files whose variables are one name space: a module of Terraform is a folder, a job of Nomad one file. */
function moduleOf(hcl: HclText, context: FixContext): readonly HclText[] {
  if (isNomad(hcl.path)) return [hcl];
  const folder = folderOf(hcl.path);
  const paths = context.under(folder.slice(0, -1)).filter((path) => path.endsWith('.tf') && folderOf(path) === folder);
  return paths.flatMap((path) => hclOf(context, path) ?? []);
}

/** Others call the module: they would have to give the variable. */
function isCalled(folder: string, context: FixContext): boolean {
  const callers = context.under('').filter((path) => path.endsWith('.tf'));
  return callers.some((path) => {
    const modules = blocksOf(hclOf(context, path)?.body ?? { attributes: [], blocks: [] }, 'module');
    return modules.some(({ body }) => {
      const source = literalOf(attributeOf(body, 'source')?.value);
      return typeof source === 'string' && /^\.\.?\//.test(source) && resolve(folderOf(path), source) === folder;
    });
  });
}
function resolve(folder: string, source: string): string {
  const parts = folder.split('/').slice(0, -1);
  for (const part of source.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.length === 0 ? '' : `${parts.join('/')}/`;
}

interface Found {
  /** Blocks around it, outermost first. */
  readonly blocks: readonly Block[];
  readonly attribute: Attribute;
}
function findAttribute(body: Body, offset: number, blocks: readonly Block[] = []): Found | undefined {
  const attribute = body.attributes.find(({ value }) => holds(value, offset));
  if (attribute) return { blocks, attribute };
  const block = body.blocks.find((each) => holds(each, offset));
  return block && findAttribute(block.body, offset, [...blocks, block]);
}

const snakeCase = (...words: readonly string[]): string =>
  words
    .join('_')
    .replace(/[^A-Za-z\d]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
const isGeneric = (label: string): boolean => /^(?:this|main|default|primary|example|app|server|db)$/i.test(label);

/** `{ name = "DB_PASSWORD", value = "…" }` and `{ DB_PASSWORD = "…" }` say what it is for; else the resource does. */
function nameFor(hcl: HclText, { blocks, attribute }: Found, offset: number): string | undefined {
  const object = objectAround(hcl, offset);
  const items = object?.items ?? [];
  const item = items.find(({ value }) => holds(value, offset));
  const named = items.find(({ key }) => keyText(key) === 'name');
  if (item && named && keyText(item.key) === 'value') return textOf(literalOf(named.value));
  const own = item ? keyText(item.key) : attribute.name;
  if (own === undefined || own.includes('_')) return textOf(own);
  const [type = '', label = ''] = blocks[0]?.labels ?? [];
  // `aws_db_instance` "main" → `db_instance`.
  const owner = label !== '' && !isGeneric(label) ? label : type.replace(/^[a-z\d]+_/, '');
  return textOf(owner === '' ? own : `${owner}_${own}`);
}
const keyText = (key: Expression): string | undefined => {
  const value = key.is === 'name' ? key.name : literalOf(key);
  return typeof value === 'string' ? value : undefined;
};
const textOf = (value: unknown): string | undefined => {
  const name = typeof value === 'string' ? snakeCase(value) : '';
  return /^[a-z][a-z\d_]{2,60}$/.test(name) ? name : undefined;
};

function declaration({ path }: HclText, name: string): readonly string[] {
  return isNomad(path)
    ? [`variable "${name}" {`, '  type = string', '}']
    : [`variable "${name}" {`, '  type      = string', '  sensitive = true', '}'];
}

/** At the end of the variables of the module: in variables.tf, else in the same file. */
function declare(hcl: HclText, name: string, context: FixContext): Edit {
  const own = isNomad(hcl.path) ? undefined : hclOf(context, `${folderOf(hcl.path)}variables.tf`);
  const target = own ?? hcl;
  const { text } = target;
  const lines = declaration(target, name).map((line) => line.replace('  ', indentUnit(target)));
  const last = blocksOf(target.body, 'variable').at(-1);
  if (!last && !own) return replaceRange(target.lines, 0, 0, `${lines.join('\n')}\n\n`.replaceAll('\n', lineEndOf(text)));
  const at = last ? nextLine(text, last.end) : text.length;
  const isEnded = at === 0 || /[\r\n]/.test(text[at - 1]!);
  const block = at === 0 ? `${lines.join('\n')}\n` : `${isEnded ? '' : '\n'}\n${lines.join('\n')}${isEnded ? '\n' : ''}`;
  return replaceRange(target.lines, at, at, block.replaceAll('\n', lineEndOf(text)));
}

const givenAs = (hcl: HclText, name: string): string => (isNomad(hcl.path) ? `NOMAD_VAR_${name}` : `TF_VAR_${name}`);

/** The default goes, the value is kept out of plans. */
function dropDefault(hcl: HclText, { blocks: [block], attribute }: Found, context: FixContext): readonly Fix[] {
  const name = block?.labels[0];
  if (!block || name === undefined || isCalled(folderOf(hcl.path), context)) return [];
  const start = lineStart(hcl.text, attribute.start);
  const end = nextLine(hcl.text, attribute.end);
  const isAlone =
    hcl.text.slice(start, attribute.start).trim() === '' && /^[\t ,]*(?:(?:#|\/\/).*)?\r?\n$/.test(hcl.text.slice(attribute.end, end));
  if (!isAlone) return [];
  const isMarked = isNomad(hcl.path) || attributeOf(block.body, 'sensitive') !== undefined;
  const sign = hcl.text.indexOf('=', attribute.nameEnd);
  const key = 'sensitive '.padEnd(sign - attribute.start);
  const marked = isMarked ? '' : `${indentAt(hcl, attribute.start)}${key}= true${lineEndOf(hcl.text)}`;
  const title = `Give \`${name}\` no default, so that \`${givenAs(hcl, name)}\` has to be set; then change the value, which everybody knows`;
  return makeFix(title, false, [replaceRange(hcl.lines, start, end, marked)]);
}

/** Settings of backends are read before variables are; what an output shows of a sensitive one has to be marked as well. */
const takesNoVariable = /^(?:terraform|output)$/;

function makeFixes({ place, messageId, related }: Finding, context: FixContext): readonly Fix[] {
  const hcl = messageId.startsWith('manifest') ? hclOf(context, place.path) : undefined;
  if (!hcl || related.some(({ message }) => message.endsWith(', too'))) return [];
  const offset = offsetAt(hcl, place);
  const found = findAttribute(hcl.body, offset);
  if (!found) return [];
  if (found.blocks.length === 1 && found.blocks[0]!.type === 'variable')
    return found.attribute.name === 'default' ? dropDefault(hcl, found, context) : [];
  if (takesNoVariable.test(found.blocks[0]?.type ?? '')) return [];
  const name = nameFor(hcl, found, offset);
  const literal = literalAt(hcl, found.attribute.value, offset);
  const taken = moduleOf(hcl, context).flatMap(({ body }) => blocksOf(body, 'variable').map(({ labels }) => labels[0]));
  if (!name || !literal || taken.includes(name) || isCalled(folderOf(hcl.path), context)) return [];
  const title = `Read it from the variable \`${name}\`, which \`${givenAs(hcl, name)}\` sets; then change the value, which everybody knows`;
  return makeFix(title, false, [replaceRange(hcl.lines, literal.start, literal.end, `var.${name}`), declare(hcl, name, context)]);
}

/** A whole text in quotes, not a part of one. */
function literalAt(hcl: HclText, value: Expression, offset: number): Expression | undefined {
  const own = objectAround(hcl, offset)?.items.find((item) => holds(item.value, offset))?.value ?? value;
  return own.is === 'literal' && typeof own.value === 'string' && hcl.text[own.start] === '"' ? own : undefined;
}

export const hclSecret: FixMaker = {
  rule: 'hardcoded-credential',
  offers: [
    { what: 'read a secret of Terraform from a `variable` with `sensitive = true`, or of a Nomad job from a variable', safe: false },
    { what: 'take a fixed secret out of the default of such a variable', safe: false },
  ],
  make: makeFixes,
};
