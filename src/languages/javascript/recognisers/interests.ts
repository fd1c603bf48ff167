/** What makes a file worth parsing and a call worth keeping: the sum of what recognisers declare. */
import type { SyntaxPass } from '../context.ts';
import { recognisers } from './index.ts';

/** Globals whose calls are kept for recognisers. */
export const interestingGlobals: ReadonlySet<string> = new Set([
  'fetch',
  'setInterval',
  'setTimeout',
  'setImmediate',
  'clearInterval',
  'clearTimeout',
  'process',
  'require',
  'WebSocket',
  'EventSource',
  'globalThis',
  'Bun',
  'defineEventHandler',
  'eventHandler',
  'defineCachedEventHandler',
  'cachedEventHandler',
]);

/** Modules of Nitro, which imports what they name: handlers, tasks, plugins. */
export const importsItself = /\b(?:(?:define)?(?:[cC]ached)?[eE]ventHandler|defineTask|defineNitroPlugin|defineWebSocketHandler)\s?\(/;

/** Methods that are kept also when the receiver is a parameter or otherwise unknown in its own file. */
export const interestingMethods: ReadonlySet<string> = new Set(recognisers.flatMap((recogniser) => recogniser.methods ?? []));

export const syntaxPasses: readonly SyntaxPass[] = recognisers.flatMap((recogniser) => recogniser.passes ?? []);

const packages = new Set(recognisers.flatMap((recogniser) => recogniser.packages ?? []));
const scopes = [...packages].filter((name) => name.endsWith('/'));
const texts = [
  /process\.env\b|\bprocess\s*\.\s*on\b|\bsetInterval\b|\bfetch\s*\(|\{\s*env\s*\}\s*=\s*process|['"]\$env\/dynamic\//,
  importsItself,
  // A module that is loaded by a computed name.
  /\b(?:require|import)\s*\(\s*[^'")\s]|\bdir\s*:/,
  // A module that runs beside this one.
  /\bfork\s*\(|\bnew (?:Worker|StaticPool|ShardingManager|ClusterManager|Piscina|Tinypool)\s*\(|\bsetup(?:Primary|Master)\s*\(/,
  ...recognisers.flatMap((recogniser) => recogniser.text ?? []),
];

const packageName = (specifier: string): string => {
  const plain = specifier.startsWith('node:') ? specifier.slice(5) : specifier;
  const [first = '', second = ''] = plain.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
};

const nothing = /(?!)/;
/**
 * Of these packages most files take types, entities, fields of messages and conditions of queries alone.
 * Only where one of these words stands does a recogniser see something in the file itself.
 */
const telling: ReadonlyMap<string, RegExp> = new Map([
  ['@nestjs/cqrs', /\w(?:Bus|Handler)\b|\bCqrsModule\b|\bSaga\b/],
  ['@nestjs/swagger', /\b(?:SwaggerModule|DocumentBuilder)\b/],
  ['@nestjs/mapped-types', nothing],
  ['typeorm', /\b(?:new DataSource|\w*ConnectionOptions|DataSourceOptions|createConnections?|runMigrations|synchronize)\b/],
  ['drizzle-orm', /\bdrizzle\s?\(|\bmigrate\b/],
]);
/** Calls of these tell what a job or a handler does, so they are looked at where one is followed. */
const databases: ReadonlySet<string> = new Set(['typeorm', 'drizzle-orm']);

/** What a file can tell: something by itself, something where others ask what its functions do, or nothing. */
export type Interest = 'found' | 'asked' | 'none';

/** What recognisers may find in a file with these imports and this text. */
export function interestOf(text: string, specifiers: readonly string[]): Interest {
  let interest: Interest = 'none';
  for (const specifier of specifiers) {
    if (specifier.startsWith('.')) continue;
    const name = packageName(specifier);
    if (!packages.has(name) && !scopes.some((scope) => name.startsWith(scope))) continue;
    if (telling.get(name)?.test(text) ?? true) return 'found';
    if (databases.has(name)) interest = 'asked';
  }
  return texts.some((pattern) => pattern.test(text)) ? 'found' : interest;
}
