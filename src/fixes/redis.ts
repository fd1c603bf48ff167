/** Redis as the one place for what all copies share: its client and store in the file, the packages, and `REDIS_URL` in the manifests. */
import type { Node } from '@babel/types';
import type { Edit, Place, Service } from '../types.ts';
import type { FixContext } from './fix-maker.ts';
import { addDependencies } from './packages.ts';
import {
  addProperty,
  type Call,
  importDefault,
  importLine,
  insertBefore,
  isCall,
  isModule,
  nodesAround,
  propertyOf,
  quote,
  replaceNode,
  semicolon,
  textOf,
  usedNames,
  walk,
} from './script-edit.ts';
import type { Script } from './scripts.ts';
import { declareVariable, findRedis, nameSecrets, type Variable } from './variables.ts';

/** A package that talks to Redis. Ranges are the last ones that run on Node 18 as well. */
export interface Client {
  readonly package: string;
  readonly range: string;
  readonly imported: string;
  /** What it is called in the file. */
  readonly name: string;
  readonly made: string;
  /** Whether it has to be told to connect. */
  readonly connects: boolean;
}
export const nodeRedis: Client = {
  package: 'redis',
  range: '^5.8.0',
  imported: 'createClient',
  name: 'redisClient',
  made: 'createClient({ url: process.env.REDIS_URL })',
  connects: true,
};
export const ioredis: Client = {
  package: 'ioredis',
  range: '^5.8.0',
  imported: 'Redis',
  name: 'redis',
  made: 'new Redis(process.env.REDIS_URL)',
  connects: false,
};

export interface Store {
  /** Package with the store; absent: the library brings its own. */
  readonly package?: { readonly name: string; readonly range: string };
  /** The name that the file imports, and what it is called when that is taken. */
  readonly imported?: { readonly name: string; readonly alias: string; readonly isDefault?: true };
  /** What takes the store, from which major version on. */
  readonly host?: { readonly package: string; readonly from: number };
  /** The client that it is given, from which major version on; absent: it makes its own. */
  readonly client?: { readonly of: Client; readonly from: number };
  /** What the package needs beside it. */
  readonly needs?: Readonly<Record<string, string>>;
}

/** The client of an earlier fix serves again. */
const hasClient = ({ text }: Script, { name, made }: Client): boolean => text.includes(`const ${name} = ${made}`);

function clientLines(script: Script, { name, made, connects }: Client): readonly string[] {
  const end = semicolon(script);
  return [
    `const ${name} = ${made}${end}`,
    `${name}.on(${quote(script, 'error')}, console.error)${end}`,
    ...(connects ? [`${name}.connect().catch(console.error)${end}`] : []),
  ];
}

interface Plan {
  /** What the store is called in the file. */
  readonly local: string;
  readonly head: readonly Edit[];
}
/** Imports and client at the head of the file; `undefined` when a name is taken. */
function planHead(script: Script, use: Place, { package: from, imported, client: needed }: Store): Plan | undefined {
  const used = usedNames(script);
  const client = needed && !hasClient(script, needed.of) ? needed.of : undefined;
  if (client && (used.has(client.name) || used.has(client.imported))) return undefined;
  const local = imported && used.has(imported.name) ? imported.alias : (imported?.name ?? '');
  if (used.has(local)) return undefined;
  const imports = [
    ...(imported && from ? [importStore(script, imported, local, from.name)] : []),
    ...(client ? [importLine(script, client.imported, client.package)] : []),
  ];
  const statements = client ? clientLines(script, client) : [];
  if (imports.length === 0) return { local, head: [] };
  return { local, head: insertBefore(script, script.lines.offset(use.line, use.column), imports, statements) };
}
function importStore(script: Script, { name, isDefault }: NonNullable<Store['imported']>, local: string, from: string): string {
  if (isDefault) return importDefault(script, local, from);
  return importLine(script, local === name ? name : isModule(script) ? `${name} as ${local}` : `${name}: ${local}`, from);
}

/** The first major version of a range; `undefined`: not a plain version. */
const majorOf = (range: string | undefined): number | undefined => {
  const major = /^[~^]?v?(\d{1,4})\b/.exec(range ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
};
/** What is there already has to have the interface that the new lines use, and what they are given to has to know it. */
function fitsService(service: Service, { package: own, host, client }: Store): boolean {
  const dependencies = service.package?.value.dependencies ?? {};
  const isAbsent = (name: string): boolean => dependencies[name] === undefined;
  const major = (name: string): number | undefined => majorOf(dependencies[name]?.range);
  const hostMajor = host && major(host.package);
  return (
    (!own || isAbsent(own.name) || major(own.name) === majorOf(own.range)) &&
    (!client || isAbsent(client.of.package) || (major(client.of.package) ?? 0) >= client.from) &&
    (hostMajor === undefined || hostMajor >= host!.from)
  );
}

function redisUrl(service: Service, context: FixContext): Variable {
  const value = findRedis(service, context);
  return { name: 'REDIS_URL', ...(value ? { value } : {}) };
}
export const redisTitle = (what: string, service: Service, context: FixContext): string =>
  nameSecrets(`${what}; then install the new packages`, service, redisUrl(service, context), context);

/** @param edit the edits that use the store, which is called `local` */
export function withRedis(
  script: Script,
  service: Service,
  store: Store,
  context: FixContext,
  use: Place,
  edit: (local: string) => readonly (Edit | undefined)[],
): readonly (Edit | undefined)[] {
  const plan = fitsService(service, store) ? planHead(script, use, store) : undefined;
  const wanted = {
    ...(store.package ? { [store.package.name]: store.package.range } : {}),
    ...(store.client ? { [store.client.of.package]: store.client.of.range } : {}),
    ...store.needs,
  };
  const packages = addDependencies(service, wanted, context);
  const variables = declareVariable(service, redisUrl(service, context), context);
  if (!plan || !packages || !variables) return [undefined];
  return [...edit(plan.local), ...plan.head, ...packages, ...variables];
}

/** An option of a call, where its options are written out; in place of a value that `replaces`. */
export function setOption(
  script: Script,
  options: Node | undefined,
  name: string,
  value: string,
  replaces: RegExp = /MemoryStore/,
): Edit | undefined {
  if (options?.type !== 'ObjectExpression' || options.properties.some(({ type }) => type === 'SpreadElement')) return undefined;
  const given = propertyOf(options, name);
  const property = name === value ? name : `${name}: ${value}`;
  if (!given) return addProperty(script, options, property);
  if (!replaces.test(textOf(script, given))) return undefined;
  // `{ name }` is a key and its value in one.
  const holder = options.properties.find((each) => each.start === given.start);
  return replaceNode(script, given, holder ? property : value);
}

/** `app.register(plugin, options)`: the call around the plugin, or the only one that takes it by a name like this. */
export function registrationAt(script: Script, place: Place, name: RegExp): Call | undefined {
  const isRegister = (node: Node): node is Call =>
    isCall(node) &&
    node.callee.type === 'MemberExpression' &&
    node.callee.property.type === 'Identifier' &&
    node.callee.property.name === 'register';
  const around = nodesAround(script, place).findLast(isRegister);
  if (around) return around;
  const named = [...walk(script.file)].filter(
    (node): node is Call => isRegister(node) && name.test(node.arguments[0] ? textOf(script, node.arguments[0]) : ''),
  );
  return named.length === 1 ? named[0] : undefined;
}
