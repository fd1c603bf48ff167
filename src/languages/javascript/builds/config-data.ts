import type { Node } from '@babel/types';
import { parseModule } from '../parse.ts';
import { codeKeys } from '../visitor-keys.ts';

/** Texts, lists and objects that a file of settings or a build script writes down; what is computed is `undefined`. */
export type Data = string | boolean | readonly Data[] | { readonly [key: string]: Data } | undefined;

/** Stands for the folder of the file itself (`__dirname`) at the start of a path. */
export const ownFolder = '<own folder>';

export interface ConfigData {
  /** What the file exports by default. */
  readonly exported?: Data;
  /** Settings that the file hands to a bundler's function (`esbuild.build({…})`). */
  readonly built: readonly Data[];
  /** Files that look like entries and stand anywhere in the file under a name that says so. */
  readonly mentioned: readonly string[];
}

export const entryKeys = ['entryPoints', 'entrypoints', 'entryPoint', 'entry', 'entries', 'input'];
const buildCalls = /^(?:build|buildSync|context|rollup|webpack|rspack|ncc|Parcel|bundle|rolldown)$/;
const maxDepth = 20;
/** Values looked at in one file; names that lead to each other in circles end here. */
const maxReads = 5_000;

/** Reads a configuration or a build script without running it. */
export function readConfigData(path: string, text: string): ConfigData {
  const { file } = parseModule(path, text);
  if (!file) return { built: [], mentioned: [] };
  const reader = new DataReader();
  visit(file.program as Node, (node) => reader.note(node));
  return reader.finish();
}

class DataReader {
  readonly #variables = new Map<string, Node | undefined>();
  readonly #calls: Node[] = [];
  readonly #entries: Node[] = [];
  #exported: Node | undefined;
  #budget = maxReads;

  note(node: Node): void {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') {
      const known = this.#variables.has(node.id.name);
      this.#variables.set(node.id.name, known ? undefined : ((node.init as Node | null) ?? undefined));
    } else if (node.type === 'ExportDefaultDeclaration') this.#exported = node.declaration as Node;
    else if (node.type === 'AssignmentExpression' && memberText(node.left as Node) === 'module.exports')
      this.#exported = node.right as Node;
    else if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      if (buildCalls.test(memberText(node.callee as Node).replace(/^.*\./, ''))) this.#calls.push(node as Node);
    } else if (node.type === 'ObjectProperty' && entryKeys.includes(keyOf(node as Node) ?? '')) this.#entries.push(node.value as Node);
  }

  finish(): ConfigData {
    const built = this.#calls.flatMap((call) => (call as { arguments: Node[] }).arguments.map((argument) => this.#read(argument, 0)));
    const mentioned = this.#entries.flatMap((node) => textsOf(this.#read(node, 0)));
    return { exported: this.#exported && this.#read(this.#exported, 0), built, mentioned: [...new Set(mentioned)] };
  }

  #read(node: Node | null | undefined, depth: number): Data {
    if (!node || depth > maxDepth || this.#budget-- <= 0) return undefined;
    const read = (inner: Node | null | undefined): Data => this.#read(inner, depth + 1);
    switch (node.type) {
      case 'StringLiteral':
        return node.value;
      case 'BooleanLiteral':
        return node.value;
      case 'TemplateLiteral':
        return this.#template(node as Extract<Node, { type: 'TemplateLiteral' }>, depth);
      case 'Identifier':
        return node.name === '__dirname' ? ownFolder : read(this.#variables.get(node.name));
      case 'MemberExpression':
        return this.#member(node as Extract<Node, { type: 'MemberExpression' }>, depth);
      case 'ArrayExpression':
        return node.elements.map((element) => read(element as Node | null));
      case 'ObjectExpression':
        return this.#object(node as Extract<Node, { type: 'ObjectExpression' }>, depth);
      case 'CallExpression':
      case 'NewExpression':
        return this.#call(node as Extract<Node, { type: 'CallExpression' }>, depth);
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'FunctionDeclaration':
        return node.body.type === 'BlockStatement' ? read(returned(node.body as Node)) : read(node.body as Node);
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'ParenthesizedExpression':
      case 'AwaitExpression':
        return read(((node as { expression?: Node; argument?: Node }).expression ?? (node as { argument?: Node }).argument) as Node);
      case 'LogicalExpression':
        return node.operator === '&&' ? undefined : (read(node.left as Node) ?? read(node.right as Node));
      default:
        return undefined;
    }
  }

  #template({ quasis, expressions }: Extract<Node, { type: 'TemplateLiteral' }>, depth: number): Data {
    let text = '';
    for (const [index, quasi] of quasis.entries()) {
      text += quasi.value.cooked ?? '';
      if (index === quasis.length - 1) continue;
      const value = this.#read(expressions[index] as Node, depth + 1);
      if (typeof value !== 'string') return undefined;
      text += value;
    }
    return text;
  }

  #member(node: Extract<Node, { type: 'MemberExpression' }>, depth: number): Data {
    if (/^import\.meta\.dir(?:name)?$/.test(memberText(node as Node))) return ownFolder;
    const value = this.#read(node.object as Node, depth + 1);
    const key = node.property.type === 'Identifier' && !node.computed ? node.property.name : undefined;
    return key !== undefined && isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }

  #object({ properties }: Extract<Node, { type: 'ObjectExpression' }>, depth: number): Data {
    const found: Record<string, Data> = Object.create(null) as Record<string, Data>;
    for (const property of properties) {
      if (property.type === 'SpreadElement') {
        const spread = this.#read(property.argument as Node, depth + 1);
        if (isRecord(spread)) Object.assign(found, spread);
      } else {
        const key = keyOf(property as Node);
        if (key !== undefined) found[key] = this.#read((property.type === 'ObjectProperty' ? property.value : property) as Node, depth + 1);
      }
    }
    return found;
  }

  /** Paths that are joined; else the settings among the arguments (`defineConfig({…})`, `merge(common, {…})`). */
  #call(node: Extract<Node, { type: 'CallExpression' }>, depth: number): Data {
    const name = memberText(node.callee as Node);
    const values = node.arguments.map((argument) => this.#read(argument as Node, depth + 1));
    if (name === 'process.cwd') return '.';
    if (/(?:^|\.)(?:join|resolve)$/.test(name) && name !== 'require.resolve')
      return values.every((value) => typeof value === 'string') ? joinTexts(values) : undefined;
    if (/(?:^|\.)(?:fileURLToPath|require\.resolve|normalize)$/.test(name)) return values[0];
    if (name === 'URL') return typeof values[0] === 'string' ? `${ownFolder}/${values[0]}` : undefined;
    const settings = values.filter((value) => isRecord(value) || Array.isArray(value));
    return settings.length > 1 && settings.every(isRecord) ? Object.assign({}, ...settings) : settings[0];
  }
}

/** What joins to a path, from the last that begins at a folder of its own. */
function joinTexts(values: readonly string[]): string {
  const start = values.findLastIndex((value) => value.startsWith(ownFolder) || value === '.');
  return values.slice(Math.max(start, 0)).join('/');
}

export const isRecord = (value: Data): value is { readonly [key: string]: Data } =>
  typeof value === 'object' && !Array.isArray(value) && value !== null;

export const textsOf = (value: Data): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return (value as readonly Data[]).flatMap(textsOf);
  return isRecord(value) ? Object.values(value).flatMap((inner) => (typeof inner === 'string' ? [inner] : [])) : [];
};

const keyOf = (node: Node): string | undefined => {
  const { key, computed } = node as { key?: { type: string; name?: string; value?: unknown }; computed?: boolean };
  if (!key || computed) return undefined;
  return key.type === 'Identifier' ? key.name : typeof key.value === 'string' ? key.value : undefined;
};

/** `a.b.c` as text; empty for anything else. */
function memberText(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MetaProperty') return `${node.meta.name}.${node.property.name}`;
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return '';
  const object = memberText(node.object as Node);
  return object === '' ? node.property.name : `${object}.${node.property.name}`;
}

const returned = (body: Node): Node | undefined => {
  const last = (body as { body: Node[] }).body.findLast((statement) => statement.type === 'ReturnStatement');
  return ((last as { argument?: Node | null } | undefined)?.argument ?? undefined) as Node | undefined;
};

/** Every node below one, outermost first. */
function visit(root: Node, note: (node: Node) => void): void {
  const waiting: (Node | null)[] = [root];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (!node) continue;
    note(node);
    const fields = node as unknown as Record<string, Node | readonly Node[] | null | undefined>;
    for (const key of codeKeys[node.type] ?? []) waiting.push(...[fields[key] ?? null].flat());
  }
}
