import type { Node } from '@babel/types';
import { type Context, guarded, type Read } from './context.ts';
import { keyName, unwrap } from './expressions.ts';
import { memberPath } from './node-shapes.ts';
import { atOf, type OpenBinding, type Scope } from './scopes.ts';
import { startFolderMark } from './start-folder.ts';
import type { At, Call, Expression, Guard, ImportSummary } from './summary.ts';

/** The start of a path: `./commands`, or below the folder in which the program is started. */
interface Start {
  readonly path: string;
  /** More follows that nobody can read; a parameter may be the next part. */
  readonly open: boolean;
  readonly next?: Expression;
}
interface Sighting {
  readonly value: Expression;
  readonly at: At;
  readonly when?: readonly Guard[];
}

/** The folder in which the program is started. */
const inStart = `${startFolderMark}.`;
const maximumDepth = 8;
const longestList = 20;
const lists = /^(?:readdir|readdirSync)$/;

/**
 * Folders whose modules a program loads by names that it finds there: `const path = join(folder, file); require(path)`,
 * `readdirSync(folder).map((file) => join(folder, file)).forEach((path) => require(path))`. Read when the whole module is known.
 */
export class ListedFolders {
  readonly #loads: Sighting[] = [];
  readonly #listed: Sighting[] = [];
  readonly #started: Sighting[] = [];

  constructor(readonly read: Read) {}

  /** A call that may load something by a computed name, or list a folder. */
  see(node: Node & { type: 'CallExpression' | 'ImportExpression' }, context: Context): void {
    const argument = (node.type === 'CallExpression' ? node.arguments[0] : node.source) as Node | undefined;
    if (!argument) return;
    const found = isLoad(node, context.scope) ? this.#loads : isList(node) ? this.#listed : undefined;
    found?.push({ value: this.read(argument, context), at: atOf(node), ...guarded(context) });
  }

  /** `fork('./mailer.js')`, `new Worker(new URL('./resize.js', import.meta.url))`: a module that runs in a process or thread beside this one. */
  seeStart(node: Node & { type: 'CallExpression' | 'NewExpression' }, context: Context): void {
    for (const path of startedBy(node)) this.#started.push({ value: this.read(path, context), at: atOf(node), ...guarded(context) });
  }

  finish(bindings: readonly OpenBinding[], calls: readonly Call[]): ImportSummary[] {
    const found: ImportSummary[] = [];
    const add = (path: string, { at, when }: Sighting, how: ImportSummary['how'] = 'folder'): void => {
      found.push({ specifier: how === 'folder' ? `${path}/` : path, how, at, ...(when ? { when } : {}) });
    };
    for (const started of this.#started) {
      const start = new Starts(bindings, inStart).of(started.value);
      if (start && !start.open && /[\w)]\.[cm]?[jt]s$/.test(start.path)) add(start.path, started, 'require');
    }
    let isUnknown = false;
    for (const load of this.#loads) {
      const start = new Starts(bindings, './').of(load.value);
      const names = start?.next ? textsGiven(start.next, calls, bindings) : [];
      if (!start) isUnknown = true;
      else if (!start.open) add(start.path, load, 'require');
      else for (const path of names.length > 0 ? names.map((name) => `${start.path}/${name}`) : [start.path]) add(path, load);
    }
    if (!isUnknown) return found;
    for (const list of this.#listed.slice(0, longestList)) {
      const start = new Starts(bindings, inStart).of(list.value);
      if (start && !start.open) add(start.path, list);
      else if (start?.next) for (const name of textsGiven(start.next, calls, bindings)) add(`${start.path}/${name}`, list);
    }
    return found;
  }
}

function isLoad(node: Node & { type: 'CallExpression' | 'ImportExpression' }, scope: Scope): boolean {
  if (node.type === 'ImportExpression') return true;
  const callee = unwrap(node.callee as Node);
  return callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require' && !scope.lookup('require'));
}
function isList(node: Node & { type: 'CallExpression' | 'ImportExpression' }): boolean {
  if (node.type !== 'CallExpression') return false;
  return lists.test(calledName(node.callee as Node) ?? '');
}

const startedAt: Readonly<Record<string, readonly number[]>> = {
  fork: [0],
  // The second of BullMQ's.
  Worker: [0, 1],
  StaticPool: [0],
  ShardingManager: [0],
  ClusterManager: [0],
};
/** The key of the options that names the module. */
const startedAs: Readonly<Record<string, string>> = {
  setupPrimary: 'exec',
  setupMaster: 'exec',
  Piscina: 'filename',
  Tinypool: 'filename',
};

function startedBy(node: Node & { type: 'CallExpression' | 'NewExpression' }): readonly Node[] {
  const name = calledName(node.callee as Node);
  const given = node.arguments as Node[];
  const key = name === undefined || !Object.hasOwn(startedAs, name) ? undefined : startedAs[name];
  const [options] = given;
  if (key !== undefined && options?.type === 'ObjectExpression')
    return options.properties.flatMap((property) =>
      property.type === 'ObjectProperty' && keyName(property.key as Node, property.computed) === key ? [property.value as Node] : [],
    );
  const places = name === undefined || !Object.hasOwn(startedAt, name) ? [] : startedAt[name]!;
  return places.flatMap((index) => given[index] ?? []);
}

const calledName = (callee: Node): string | undefined => (callee.type === 'Identifier' ? callee.name : memberPath(callee)?.path.at(-1));

/** Reads where a path starts; `relative` is what a relative path is seen from. */
class Starts {
  constructor(
    readonly bindings: readonly OpenBinding[],
    readonly relative: string,
  ) {}

  of(value: Expression, depth = 0): Start | undefined {
    if (depth > maximumDepth) return undefined;
    switch (value.k) {
      case 'literal':
        return typeof value.value === 'string' && /^[\w.]/.test(value.value) ? known(joined(this.relative, [value.value])) : undefined;
      case 'global':
        return value.name === '__dirname' ? known('.') : undefined;
      case 'local': {
        const binding = this.bindings[value.binding];
        const [only, ...others] = binding?.values ?? [];
        if (binding?.name === '__dirname') return known('.');
        return only && others.length === 0 ? this.of(only.value, depth + 1) : undefined;
      }
      case 'member':
        // `pathToFileURL(path).href`, `import.meta.dirname`.
        if (value.name === 'href') return this.of(value.of, depth + 1);
        return value.name === 'dirname' && value.of.k === 'unknown' ? known('.') : undefined;
      case 'text': {
        const [first] = value.parts;
        const isUrl = first?.k === 'literal' && first.value === 'file://';
        return this.#ofText(isUrl ? value.parts.slice(1) : value.parts, depth);
      }
      case 'call':
        return this.#ofCall(value, depth);
      default:
        return undefined;
    }
  }

  #ofCall({ callee, args }: Expression & { k: 'call' }, depth: number): Start | undefined {
    const name = this.#name(callee);
    const [first, ...rest] = args;
    if (name === 'toString' && callee.k === 'member') return this.of(callee.of, depth + 1);
    if (name === 'cwd') return args.length === 0 ? known(inStart) : undefined;
    if (!first) return undefined;
    if (name === 'URL') return new Starts(this.bindings, './').of(first, depth + 1);
    if (name === 'pathToFileURL' || name === 'normalize') return this.of(first, depth + 1);
    // `dirname(fileURLToPath(import.meta.url))`.
    if (name === 'dirname') return first.k === 'call' && this.#name(first.callee) === 'fileURLToPath' ? known('.') : undefined;
    if (name !== 'join' && name !== 'resolve') return undefined;
    const start = name === 'resolve' && first.k === 'literal' ? new Starts([], inStart).of(first) : this.of(first, depth + 1);
    if (!start || start.open) return start;
    const words = rest.map((word) => this.#text(word));
    const end = words.indexOf(undefined);
    const path = joined(start.path, (end < 0 ? words : words.slice(0, end)) as string[]);
    return end < 0 ? known(path) : { path, open: true, next: rest[end]! };
  }

  /** `${folder}/${file}`, `folder + '/' + file`: what is known ends at its last slash. */
  #ofText(parts: readonly Expression[], depth: number): Start | undefined {
    const [first, ...rest] = parts;
    const start = first && this.of(first, depth + 1);
    if (!start || start.open) return start;
    const words = rest.map((part) => this.#text(part));
    const end = words.indexOf(undefined);
    const text = (end < 0 ? words : words.slice(0, end)).join('');
    if (end < 0) return known(joined(start.path, [text]));
    const isWhole = text === '' || text.endsWith('/');
    return { path: joined(start.path, [text.slice(0, text.lastIndexOf('/') + 1)]), open: true, ...(isWhole ? { next: rest[end]! } : {}) };
  }

  /** What a call is called, whatever it is a method of. */
  #name(callee: Expression): string {
    if (callee.k === 'member' || callee.k === 'global') return callee.name.split('.').at(-1)!;
    return callee.k === 'local' ? (this.bindings[callee.binding]?.name ?? '') : '';
  }

  #text(value: Expression): string | undefined {
    const values = value.k === 'local' ? (this.bindings[value.binding]?.values ?? []) : [{ value }];
    const only = values.length === 1 ? values[0]!.value : undefined;
    return only?.k === 'literal' ? String(only.value) : undefined;
  }
}
const known = (path: string): Start => ({ path, open: false });

const joined = (start: string, words: readonly string[]): string =>
  [start.replace(/\/$/, ''), ...words.map((word) => word.replace(/^(?:\.?\/)+|\/+$/g, ''))].filter(Boolean).join('/');

/** Texts that calls in the same module give for a parameter: `loadRoutes('api')`. */
function textsGiven(value: Expression, calls: readonly Call[], bindings: readonly OpenBinding[]): readonly string[] {
  const given = value.k === 'local' ? bindings[value.binding]?.values[0]?.value : value;
  if (given?.k !== 'parameter') return [];
  const names = calls.flatMap(({ callee, args }) => {
    const called = callee.k === 'local' ? bindings[callee.binding]?.values[0]?.value : callee;
    const argument = called?.k === 'function' && called.id === given.function ? args[given.index] : undefined;
    return argument?.k === 'literal' && typeof argument.value === 'string' ? [argument.value.replace(/^\.?\/+|\/+$/g, '')] : [];
  });
  return [...new Set(names)].slice(0, longestList);
}
