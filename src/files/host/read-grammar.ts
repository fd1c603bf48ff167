/** Grammars that ship with the product: beside the bundle, or in the packages that they come from while it is developed. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Packages that lie in a scope. */
const scopes: Readonly<Record<string, string>> = { 'tree-sitter-kotlin': '@tree-sitter-grammars/' };

/** WebAssembly that is not named after its package. */
const files: Readonly<Record<string, string>> = { 'tree-sitter-c-sharp': 'tree-sitter-c_sharp' };

/** The WebAssembly of a tree-sitter package, by the package's name. */
export function readGrammar(name: string): Uint8Array {
  const beside = ['./grammars/', '../grammars/'].map((folder) => new URL(`${folder}${name}.wasm`, import.meta.url));
  const bundled = beside.find((url) => existsSync(url));
  return readFileSync(bundled ?? createRequire(import.meta.url).resolve(`${scopes[name] ?? ''}${name}/${files[name] ?? name}.wasm`));
}
