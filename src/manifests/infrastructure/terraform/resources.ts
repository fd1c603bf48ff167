/** The resources that a root folder makes, through the local modules that it calls. */
import type { Purpose } from '../../../facts.ts';
import type { Block, Expression } from '../../../text/hcl/syntax.ts';
import { decidedElsewhere, type Entry, type Node, scalar } from '../node.ts';
import type { Resource } from '../resource.ts';
import { type Evaluator, pairsOf, type Scope } from './evaluate.ts';
import { attributeOf, headerPlace, type Instance, type LocatedBlock, placeOf } from './module.ts';
import { maxKeys, multiply, scopeOf, type Tree } from './tree.ts';

const maxResources = 3000;

export interface ReadOptions {
  readonly tree: Tree;
  /** Types that some reader knows; others are left alone. */
  readonly wanted: (type: string) => boolean;
  readonly purpose: Purpose;
}

export function readResources(options: ReadOptions): Resource[] {
  const resources: Resource[] = [];
  const visit = (instance: Instance) => {
    for (const block of instance.source.resources) {
      if (resources.length >= maxResources) return;
      if (options.wanted(block.it.labels[0]!)) resources.push(...readResource(block, instance, options));
    }
    for (const call of instance.source.calls) resources.push(...readKnownModule(call, instance, options));
    for (const { it } of instance.source.calls) for (const child of options.tree.children(it.labels[0]!, instance)) visit(child);
  };
  visit(options.tree.root);
  return resources;
}

/** Modules of the registry whose arguments are those of the one resource that they are for. */
const knownModules: Readonly<Record<string, string>> = {
  'terraform-aws-modules/autoscaling/aws': 'aws_autoscaling_group',
  'terraform-aws-modules/rds/aws': 'aws_db_instance',
};
function readKnownModule(call: LocatedBlock, instance: Instance, { tree, purpose }: ReadOptions): Resource[] {
  const source = attributeOf(call.it, 'source');
  const type = source?.is === 'literal' ? knownModules[String(source.value)] : undefined;
  if (type === undefined) return [];
  const scope = scopeOf(instance, call);
  const { keys, count } = multiply(call, scope, tree.evaluator);
  const label = call.it.labels[0]!;
  return keys.slice(0, 1).map(({ names }) => ({
    type,
    label,
    address: `${instance.address === '' ? '' : `${instance.address}.`}module.${label}`,
    body: readBody(call.it, { ...scope, names }, tree.evaluator),
    place: headerPlace(call),
    isOff: false,
    isLibrary: instance.isLibrary,
    purpose,
    ...(count === undefined ? {} : { count }),
  }));
}

function readResource(block: LocatedBlock, instance: Instance, { tree, purpose }: ReadOptions): Resource[] {
  const { evaluator } = tree;
  const [type, label] = block.it.labels as [string, string];
  const { keys, count } = multiply(block, scopeOf(instance, block), evaluator);
  const header = headerPlace(block);
  const place = instance.calledAt ? decidedElsewhere(header, instance.calledAt) : header;
  const base = { type, label, place, isLibrary: instance.isLibrary, purpose };
  const address = `${instance.address === '' ? '' : `${instance.address}.`}${type}.${label}`;
  if (keys.length === 0) {
    if (count === 0 && !instance.isLibrary) return [];
    const body = readBody(block.it, scopeOf(instance, block), evaluator);
    return [{ ...base, address, body, isOff: true }];
  }
  return keys.map(({ key, names }) => ({
    ...base,
    address: key === undefined ? address : `${address}["${key}"]`,
    body: readBody(block.it, scopeOf(instance, block, names), evaluator),
    isOff: false,
    ...(count === undefined ? {} : { count }),
  }));
}

/** Attributes, and blocks as lists under their type. */
export function readBody(block: Block, scope: Scope, evaluator: Evaluator): Node {
  const entries: Entry[] = [];
  let open = false;
  const { lines } = scope.file;
  for (const attribute of block.body.attributes) {
    const keyPlace = lines.place(attribute.start, attribute.nameEnd);
    const value = attribute.name === 'ignore_changes' ? namesIn(attribute.value, scope) : evaluator.evaluate(attribute.value, scope);
    entries.push({ key: attribute.name, keyPlace, value });
  }
  const lists = new Map<string, { items: Node[]; first: Block; open: boolean }>();
  for (const inner of block.body.blocks) {
    const dynamic = inner.type === 'dynamic' && inner.labels[0] !== undefined;
    const name = dynamic ? inner.labels[0]! : inner.type;
    const made = dynamic ? readDynamic(inner, scope, evaluator) : { items: [readBody(inner, scope, evaluator)], open: false };
    if (made.open) open = true;
    const list = lists.get(name) ?? { items: [], first: inner, open: false };
    list.items.push(...made.items);
    list.open ||= made.open;
    lists.set(name, list);
  }
  for (const [key, { items, first, open: more }] of lists) {
    if (items.length === 0 && !more) continue;
    const keyPlace = lines.place(first.start, first.headerEnd);
    entries.push({ key, keyPlace, value: { is: 'list', items, ...(more ? { open: true } : {}), place: placeOf(scope.file, first) } });
  }
  return { is: 'map', entries, ...(open ? { open: true } : {}), place: placeOf(scope.file, block) };
}

/** `ignore_changes` lists names of arguments, no values. */
function namesIn(expression: Expression, { file }: Scope): Node {
  const place = placeOf(file, expression);
  const items = expression.is === 'list' ? expression.items : [expression];
  return {
    is: 'list',
    items: items.map((item) => scalar(file.text.slice(item.start, item.end).replace(/"/g, ''), placeOf(file, item))),
    place,
  };
}

/** `dynamic "x" { for_each = …  content { … } }`. */
function readDynamic(block: Block, scope: Scope, evaluator: Evaluator): { items: Node[]; open: boolean } {
  const each = attributeOf(block, 'for_each');
  const content = block.body.blocks.find(({ type }) => type === 'content');
  if (!each || !content) return { items: [], open: true };
  const iteratorName = attributeOf(block, 'iterator');
  const name = iteratorName?.is === 'name' ? iteratorName.name : block.labels[0]!;
  const source = evaluator.evaluate(each, scope);
  const pairs = pairsOf(source);
  const bodyFor = (key: Node, value: Node): Node => {
    const iterator: Node = {
      is: 'map',
      entries: [
        { key: 'key', keyPlace: key.place, value: key },
        { key: 'value', keyPlace: value.place, value },
      ],
      place: value.place,
    };
    return readBody(content, { ...scope, names: new Map(scope.names).set(name, iterator) }, evaluator);
  };
  const left: Node = { is: 'unknown', because: 'whether it is there, is known only when it is applied', place: source.place };
  if (!pairs) return { items: [{ ...bodyFor(left, left), maybe: true } as Node], open: true };
  const items = pairs.list.slice(0, maxKeys).map(([key, value]) => bodyFor(key, value));
  return { items, open: pairs.open };
}
