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

/** True when a recogniser may find something in a file with these imports and this text. */
export function fileMatters(text: string, specifiers: readonly string[]): boolean {
  const imported = specifiers.some((specifier) => {
    if (specifier.startsWith('.')) return false;
    const name = packageName(specifier);
    return packages.has(name) || scopes.some((scope) => name.startsWith(scope));
  });
  return imported || texts.some((pattern) => pattern.test(text));
}
