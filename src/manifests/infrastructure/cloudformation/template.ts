/** A template of CloudFormation as values: parameters by their defaults, intrinsic functions worked out as far as they are sure. */

import { nodeAt } from '../../../text/yaml-access.ts';
import type { YamlNode } from '../../../text/yaml-document.ts';
import type { Place } from '../../../types.ts';
import { decidedElsewhere, type Entry, type Node, numberOf, scalar, type TextPart, textOf, unknown } from '../node.ts';

const maxSteps = 200_000;
const maxDepth = 100;

type Intrinsic = (argument: YamlNode, template: Template, depth: number) => Node;

export class Template {
  readonly root: YamlNode;
  #steps = 0;
  constructor(root: YamlNode) {
    this.root = root;
  }

  /** A value of the template. */
  read(node: YamlNode, depth = 0): Node {
    if (++this.#steps > maxSteps || depth > maxDepth) return unknown('working it out takes too long', node.place);
    const short = node.tag?.startsWith('!') ? node.tag.slice(1) : undefined;
    if (short !== undefined) return this.#apply(short, node, depth);
    if (node.kind === 'scalar') return scalar(node.quoted ? node.text : node.value, node.place);
    if (node.kind === 'list') return { is: 'list', items: node.items.map((item) => this.read(item, depth + 1)), place: node.place };
    const [only] = node.entries.size === 1 ? node.entries.values() : [];
    if (only && (only.key === 'Ref' || only.key.startsWith('Fn::'))) {
      const value = this.#apply(only.key.replace('Fn::', ''), only.value, depth);
      return { ...value, place: decidedElsewhere(node.place, value.place) };
    }
    const entries = [...node.entries.values()].map(
      ({ key, keyPlace, value }): Entry => ({ key, keyPlace, value: this.read(value, depth + 1) }),
    );
    return { is: 'map', entries, place: node.place };
  }

  #apply(name: string, argument: YamlNode, depth: number): Node {
    const apply = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
    const node = apply?.(argument, this, depth) ?? unknown(`\`${name.slice(0, 30)}\` is known only when it is applied`, argument.place);
    return { ...node, place: decidedElsewhere(argument.place, node.place) };
  }

  /** A parameter by its default, else a resource. */
  reference(name: string, path: readonly string[], place: Place): Node {
    const parameter = nodeAt(this.root, 'Parameters', name);
    if (parameter) {
      const value = nodeAt(parameter, 'Default');
      if (value?.kind !== 'scalar') return unknown(`parameter \`${name}\` is set outside of the template`, place);
      const type = nodeAt(parameter, 'Type');
      const isLookedUp = type?.kind === 'scalar' && type.text.startsWith('AWS::SSM::');
      return isLookedUp ? unknown('it is looked up when it is applied', place) : scalar(value.text, value.place);
    }
    return nodeAt(this.root, 'Resources', name)
      ? { is: 'reference', to: name, path, place }
      : unknown(`\`${name.slice(0, 60)}\` is known only when it is applied`, place);
  }
}

/** A tag stays on its node; its arguments are the node without it. */
const plain = (node: YamlNode): YamlNode => ({ ...node, tag: undefined });
const argumentsOf = (node: YamlNode, template: Template, depth: number): readonly Node[] =>
  node.kind === 'list' ? node.items.map((item) => template.read(item, depth + 1)) : [];

const ref: Intrinsic = (node, template) =>
  node.kind === 'scalar' ? template.reference(node.text, [], node.place) : unknown('it names nothing', node.place);

const getAttribute: Intrinsic = (node, template) => {
  const words =
    node.kind === 'list'
      ? node.items.map((item) => (item.kind === 'scalar' ? item.text : ''))
      : node.kind === 'scalar'
        ? node.text.split('.')
        : [];
  const [name, ...path] = words;
  return name ? template.reference(name, path, node.place) : unknown('it names nothing', node.place);
};

/** `!Sub text`, or a list of a text and its own variables. */
const substitute: Intrinsic = (node, template, depth) => {
  const [first, second] = node.kind === 'list' ? node.items : [plain(node)];
  if (first?.kind !== 'scalar') return unknown('it is no text', node.place);
  const own = second?.kind === 'map' ? second.entries : undefined;
  const parts: TextPart[] = [];
  let last = 0;
  for (const match of first.text.matchAll(/\$\{([^}!]{1,200})\}/g)) {
    if (match.index > last) parts.push({ text: first.text.slice(last, match.index), at: () => first.place });
    const [name = '', ...path] = match[1]!.trim().split('.');
    const given = own?.get(name)?.value;
    parts.push({ node: given ? template.read(given, depth + 1) : template.reference(name, path, first.place) });
    last = match.index + match[0].length;
  }
  if (last < first.text.length) parts.push({ text: first.text.slice(last), at: () => first.place });
  return asText(parts, first.place);
};

function asText(parts: readonly TextPart[], place: Place): Node {
  const node: Node = { is: 'text', parts, place };
  const text = textOf(node);
  return text === undefined ? node : scalar(text, place);
}

const join: Intrinsic = (node, template, depth) => {
  const [separator, list] = argumentsOf(node, template, depth);
  const between = textOf(separator);
  if (between === undefined || list?.is !== 'list') return unknown('its parts are not known', node.place);
  const parts = list.items.flatMap((item, index): TextPart[] => [
    ...(index > 0 && between !== '' ? [{ text: between, at: () => node.place }] : []),
    { node: item },
  ]);
  return asText(parts, node.place);
};

/** Which branch is taken depends on parameters that every environment sets. */
const choose: Intrinsic = (node, template, depth) => {
  const [, ...options] = argumentsOf(node, template, depth);
  const text = textOf(options[0]);
  const isSame = text !== undefined && options.every((option) => textOf(option) === text);
  return isSame ? options[0]! : { is: 'either', options, place: node.place };
};

const findInMap: Intrinsic = (node, template, depth) => {
  const [map, first, second] = argumentsOf(node, template, depth).map((argument) => textOf(argument));
  const value = map && first && second ? nodeAt(template.root, 'Mappings', map, first, second) : undefined;
  return value ? template.read(value, depth + 1) : unknown('which entry it is, is known only when it is applied', node.place);
};

const select: Intrinsic = (node, template, depth) => {
  const [index, list] = argumentsOf(node, template, depth);
  const item = list?.is === 'list' ? list.items[numberOf(index) ?? -1] : undefined;
  return item ?? unknown('which element it is, is known only when it is applied', node.place);
};

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: ref,
  GetAtt: getAttribute,
  Sub: substitute,
  Join: join,
  If: choose,
  FindInMap: findInMap,
  Select: select,
  Base64: (node, template, depth) => template.read(plain(node), depth + 1),
};
