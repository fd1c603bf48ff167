/** Module calls, variables, locals and outputs of one root folder. */
import type { Place, TreeFiles } from '../../../types.ts';
import { decidedElsewhere, type Node, textOf, unknown } from '../node.ts';
import { joinPath } from '../paths.ts';
import { Evaluator, pairsOf, type Resolver, type Scope } from './evaluate.ts';
import { fileOfText, renderTemplate } from './functions.ts';
import { attributeOf, headerPlace, type Instance, type LocatedBlock, type ModuleSource, placeOf } from './module.ts';
import type { VariableValues } from './variables.ts';

const maxModuleDepth = 12;
const maxInstances = 400;
/** Instances of one `for_each` that are told apart. */
export const maxKeys = 30;

const noNames: ReadonlyMap<string, Node> = new Map();
export const scopeOf = (instance: Instance, block: LocatedBlock, names = noNames): Scope => ({ instance, file: block.file, names });

export interface OpenCall {
  readonly source: string;
  readonly place: Place;
}

export class Tree implements Resolver {
  readonly files: TreeFiles;
  readonly evaluator: Evaluator;
  readonly root: Instance;
  /** Calls of modules that the repository does not hold. */
  readonly foreign: OpenCall[] = [];
  /** Folders that were called. */
  readonly called = new Set<string>();
  readonly #modules: ReadonlyMap<string, ModuleSource>;
  #instances = 0;

  constructor(
    root: ModuleSource,
    modules: ReadonlyMap<string, ModuleSource>,
    files: TreeFiles,
    values: VariableValues,
    isLibrary: boolean,
  ) {
    this.files = files;
    this.#modules = modules;
    this.evaluator = new Evaluator(this);
    this.root = {
      source: root,
      address: '',
      root: root.folder,
      isLibrary,
      given: new Map([...values].map(([name, value]) => [name, () => value])),
      known: new Map(),
      children: new Map(),
      depth: 0,
    };
  }

  variable(name: string, { instance }: Scope): Node | undefined {
    const block = instance.source.variables.get(name);
    if (!block) return undefined;
    return this.#once(instance, `var.${name}`, headerPlace(block), () => {
      const given = instance.given.get(name);
      if (given) return given();
      const value = attributeOf(block.it, 'default');
      if (!value) return unknown(`variable \`${name}\` is set outside of the repository`, headerPlace(block));
      const node = this.evaluator.evaluate(value, scopeOf(instance, block));
      const isEmpty = ['null', '', '[]', '{}'].includes(describeEmpty(node));
      return instance.isLibrary && isEmpty ? unknown(`callers of the module set \`${name}\``, node.place) : node;
    });
  }

  local(name: string, { instance }: Scope): Node | undefined {
    const local = instance.source.locals.get(name);
    if (!local) return undefined;
    const scope: Scope = { instance, file: local.file, names: noNames };
    return this.#once(instance, `local.${name}`, placeOf(local.file, local.it), () => this.evaluator.evaluate(local.it, scope));
  }

  output(name: string, key: string | undefined, output: string, { instance }: Scope): Node | undefined {
    const children = this.children(name, instance);
    const child = children.find(({ address }) => key !== undefined && address.endsWith(`["${key}"]`)) ?? children[0];
    const value = child?.source.outputs.get(output);
    if (!child || !value) return undefined;
    const scope: Scope = { instance: child, file: value.file, names: noNames };
    return this.#once(child, `output.${output}`, placeOf(value.file, value.it), () => this.evaluator.evaluate(value.it, scope));
  }

  data(type: string, name: string, attribute: string, { instance }: Scope): Node | undefined {
    if (type !== 'template_file' || attribute !== 'rendered') return undefined;
    const block = instance.source.data.find(({ it }) => it.labels[0] === type && it.labels[1] === name);
    return block && this.#once(instance, `data.${type}.${name}`, headerPlace(block), () => this.#renderTemplateFile(instance, block));
  }

  #renderTemplateFile(instance: Instance, block: LocatedBlock): Node | undefined {
    const scope = scopeOf(instance, block);
    const template = attributeOf(block.it, 'template');
    const text = template && this.evaluator.evaluate(template, scope);
    const file = fileOfText(text, this.evaluator);
    if (!file) return text;
    const vars = attributeOf(block.it, 'vars')
      ? this.evaluator.evaluate(attributeOf(block.it, 'vars')!, scope)
      : this.#oldVariables(block, scope);
    return renderTemplate(file, vars, scope, this.evaluator);
  }
  /** Terraform 0.11 writes `vars { … }`. */
  #oldVariables({ it, file }: LocatedBlock, scope: Scope): Node | undefined {
    const block = it.body.blocks.find(({ type }) => type === 'vars');
    if (!block) return undefined;
    const entries = block.body.attributes.map((attribute) => ({
      key: attribute.name,
      keyPlace: file.lines.place(attribute.start, attribute.nameEnd),
      value: this.evaluator.evaluate(attribute.value, scope),
    }));
    return { is: 'map', entries, place: placeOf(file, block) };
  }

  /** A value that needs itself is unknown. */
  #once(instance: Instance, key: string, place: Place, make: () => Node | undefined): Node | undefined {
    if (instance.known.has(key)) return instance.known.get(key);
    instance.known.set(key, unknown('it is defined by itself', place));
    const node = make();
    if (node) instance.known.set(key, node);
    else instance.known.delete(key);
    return node;
  }

  /** What a call becomes: one instance, one for each key, or none. */
  children(name: string, parent: Instance): readonly Instance[] {
    const known = parent.children.get(name);
    if (known) return known;
    parent.children.set(name, []);
    const block = parent.source.calls.find(({ it }) => it.labels[0] === name);
    const children = block ? this.#call(block, parent) : [];
    parent.children.set(name, children);
    return children;
  }

  #call(block: LocatedBlock, parent: Instance): readonly Instance[] {
    const scope = scopeOf(parent, block);
    const sourceNode = attributeOf(block.it, 'source');
    const source = sourceNode && textOf(this.evaluator.evaluate(sourceNode, scope));
    if (source === undefined) return [];
    if (!source.startsWith('.')) {
      this.foreign.push({ source, place: headerPlace(block) });
      return [];
    }
    const folder = joinPath(parent.source.folder, source);
    const module = folder === undefined ? undefined : this.#modules.get(folder);
    if (!module) return [];
    this.called.add(module.folder);
    if (parent.depth >= maxModuleDepth) return [];
    const { keys } = multiply(block, scope, this.evaluator);
    return keys.flatMap(({ key, names }) => {
      if (++this.#instances > maxInstances) return [];
      return [this.#instantiate(module, block, parent, { key, names })];
    });
  }

  #instantiate(module: ModuleSource, block: LocatedBlock, parent: Instance, { key, names }: Multiple): Instance {
    const scope = scopeOf(parent, block, names);
    const name = `module.${block.it.labels[0]}${key === undefined ? '' : `["${key}"]`}`;
    const given = block.it.body.attributes
      .filter((attribute) => !metaArguments.has(attribute.name))
      .map((attribute) => [attribute.name, () => this.evaluator.evaluate(attribute.value, scope)] as const);
    const header = headerPlace(block);
    return {
      source: module,
      address: parent.address === '' ? name : `${parent.address}.${name}`,
      root: parent.root,
      isLibrary: parent.isLibrary,
      given: new Map(given),
      calledAt: parent.calledAt ? decidedElsewhere(header, parent.calledAt) : header,
      known: new Map(),
      children: new Map(),
      depth: parent.depth + 1,
    };
  }
}

const describeEmpty = (node: Node): string => {
  if (node.is === 'list' && !node.items.length) return '[]';
  if (node.is === 'map' && !node.entries.length) return '{}';
  return node.is === 'scalar' ? String(node.value) : '-';
};

export const metaArguments: ReadonlySet<string> = new Set(['source', 'version', 'count', 'for_each', 'providers', 'depends_on']);

export interface Multiple {
  readonly key?: string;
  readonly names: ReadonlyMap<string, Node>;
}
export interface Multiplied {
  readonly keys: readonly Multiple[];
  /** Of each; absent: not known. */
  readonly count?: number;
}

/** `count` and `for_each`. What they are not sure of is there once. */
export function multiply({ it, file }: LocatedBlock, scope: Scope, evaluator: Evaluator): Multiplied {
  const count = attributeOf(it, 'count');
  const each = attributeOf(it, 'for_each');
  if (count) {
    const node = evaluator.evaluate(count, scope);
    const text = textOf(node);
    const number = text === 'true' ? 1 : text === 'false' ? 0 : text === undefined ? undefined : Number(text);
    if (number === 0) return { keys: [], count: 0 };
    const index: Node =
      number === 1 ? { is: 'scalar', value: 0, place: placeOf(file, count) } : unknown('there are several', placeOf(file, count));
    const names = new Map<string, Node>([
      ['count', { is: 'map', entries: [{ key: 'index', keyPlace: index.place, value: index }], place: index.place }],
    ]);
    return { keys: [{ names }], ...(number !== undefined && number > 0 ? { count: number } : {}) };
  }
  if (!each) return { keys: [{ names: noNames }], count: 1 };
  const node = evaluator.evaluate(each, scope);
  const pairs = pairsOf(node);
  const open = unknown('it is made for each of several', node.place);
  if (!pairs) return { keys: [{ names: eachOf(open, open) }] };
  const keys = pairs.list.slice(0, maxKeys).map(([keyNode, value]): Multiple => {
    const key = node.is === 'list' ? value : keyNode;
    return { key: textOf(key) ?? '', names: eachOf(key, value) };
  });
  if (keys.length === 0 && pairs.open) return { keys: [{ names: eachOf(open, open) }] };
  return { keys, count: keys.length === 0 && !pairs.open ? 0 : 1 };
}
const eachOf = (key: Node, value: Node): ReadonlyMap<string, Node> =>
  new Map([
    [
      'each',
      {
        is: 'map',
        entries: [
          { key: 'key', keyPlace: key.place, value: key },
          { key: 'value', keyPlace: value.place, value },
        ],
        place: value.place,
      },
    ],
  ]);
