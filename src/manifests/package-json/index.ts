/** package.json → `package` facts; pnpm-workspace.yaml and lerna.json → `workspace` facts. */
import { posix } from 'node:path';
import type { PackageManifest } from '../../facts.ts';
import { type JsonNode, readJson } from '../../text/json-document.ts';
import { maskCommand } from '../../text/secret-shapes.ts';
import { itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
const textValue = (node: JsonNode | undefined): string | undefined => (typeof node?.value === 'string' ? node.value : undefined);

/** Text members of an object with the place of each whole member. */
function textMembers(node: JsonNode | undefined): readonly { key: string; text: string; place: Place }[] {
  return (node?.members() ?? []).flatMap(({ key, keyPlace, value }) => {
    const text = textValue(value);
    const { endLine, endColumn } = value.place;
    return text === undefined ? [] : [{ key, text, place: { ...keyPlace, endLine, endColumn } }];
  });
}

const readDependencies = (...groups: readonly (JsonNode | undefined)[]): PackageManifest['dependencies'] =>
  Object.fromEntries(groups.flatMap(textMembers).map(({ key, text, place }) => [key, { range: text, place }]));

function readBin(node: JsonNode | undefined, name: string | undefined): Readonly<Record<string, string>> {
  const single = textValue(node);
  if (single !== undefined) return { [name?.split('/').at(-1) ?? 'bin']: single };
  return Object.fromEntries(textMembers(node).map(({ key, text }) => [key, text]));
}

/** Files below one entry of `exports`, whatever the conditions are called and however they nest (Node.js, "Conditional exports"). */
const exportedFiles = (node: JsonNode, depth = 0): readonly string[] => {
  const own = textValue(node);
  if (own !== undefined) return [own];
  const inner = node.isObject ? node.members().map(({ value }) => value) : node.items();
  return depth > 5 ? [] : inner.flatMap((value) => exportedFiles(value, depth + 1));
};

/** By subpath; a lone file or a lone set of conditions is what `.` stands for. */
function readExports(node: JsonNode | undefined): PackageManifest['exports'] {
  if (!node) return undefined;
  const bySubpath = node.members().some(({ key }) => key.startsWith('.'));
  return bySubpath ? Object.fromEntries(node.members().map(({ key, value }) => [key, exportedFiles(value)])) : { '.': exportedFiles(node) };
}

/** An array, or `{ packages: [] }` (Yarn 1, Bun catalogs). */
const readWorkspaces = (node: JsonNode | undefined): readonly string[] => {
  const list = node?.isObject ? node.get('packages') : node;
  return (list?.items() ?? []).flatMap((item) => textValue(item) ?? []);
};

/** Paths that a value of `imports` may lead to: a text, a list, or an object of conditions. */
const pathsOf = (node: JsonNode, depth = 0): readonly string[] => {
  const text = textValue(node);
  if (text !== undefined) return text.startsWith('.') ? [text] : [];
  return depth > 3 ? [] : [...node.items(), ...node.members().map(({ value }) => value)].flatMap((inner) => pathsOf(inner, depth + 1));
};

/** `#lib/*` as written; a name of module-alias stands for itself and for what lies below it. */
function readAliases(root: JsonNode): PackageManifest['aliases'] {
  const imports = (root.get('imports')?.members() ?? []).map(({ key, value }) => [key, pathsOf(value)] as const);
  const aliases = textMembers(root.get('_moduleAliases')).flatMap(({ key, text }) => [
    [key, [text]] as const,
    [`${key}/*`, [`${text}/*`]] as const,
  ]);
  const all = [...imports.filter(([, paths]) => paths.length > 0), ...aliases];
  return all.length > 0 ? Object.fromEntries(all) : undefined;
}

function readPackage(root: JsonNode, path: string): PackageManifest {
  const nameNode = root.get('name');
  const name = textValue(nameNode);
  const main = root.get('main');
  const mainPath = textValue(main);
  const version = textValue(root.get('version'));
  const manager = textValue(root.get('packageManager'));
  const aliases = readAliases(root);
  const exported = readExports(root.get('exports'));
  const start = { ...root.place, endLine: root.place.line, endColumn: root.place.column + 1 };
  return {
    ...(name === undefined ? {} : { name }),
    root: folderOf(path),
    ...(version === undefined ? {} : { version }),
    private: root.get('private')?.value === true,
    type: textValue(root.get('type')) === 'module' ? 'module' : 'commonjs',
    ...(main && mainPath !== undefined ? { main: { path: posix.normalize(mainPath), place: main.place } } : {}),
    ...(exported ? { exports: exported } : {}),
    bin: readBin(root.get('bin'), name),
    scripts: Object.fromEntries(
      textMembers(root.get('scripts')).map(({ key, text, place }) => [key, { command: maskCommand(text), place }]),
    ),
    dependencies: readDependencies(root.get('optionalDependencies'), root.get('dependencies')),
    devDependencies: readDependencies(root.get('devDependencies')),
    workspaces: readWorkspaces(root.get('workspaces')),
    ...(aliases === undefined ? {} : { aliases }),
    ...(manager === undefined ? {} : { packageManager: manager }),
    namePlace: nameNode?.place ?? start,
  };
}

function extractJson(file: SourceFile): Extraction {
  const document = readJson(file);
  if (!('root' in document)) return { facts: [], notAssessed: [document] };
  const { root } = document;
  if (!root.isObject) {
    const note = { reason: 'syntax-error', message: 'The JSON is no object.', place: root.place, failed: true };
    return { facts: [], notAssessed: [note] };
  }
  if (baseName(file.path) === 'lerna.json') {
    const packages = readWorkspaces(root.get('packages'));
    return { facts: packages.length > 0 ? [workspaceFact(file.path, 'lerna', packages, root.place)] : [], notAssessed: [] };
  }
  const value = readPackage(root, file.path);
  return { facts: [{ kind: 'package', place: value.namePlace, confidence: 'certain', value }], notAssessed: [] };
}

const workspaceFact = (path: string, manager: 'pnpm' | 'lerna', packages: readonly string[], place: Place): AnyFact => ({
  kind: 'workspace',
  place,
  confidence: 'certain',
  value: { manager, root: folderOf(path), packages },
});

function extractPnpm(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const [root] = documents;
  const packages = itemsOf(nodeAt(root, 'packages')).flatMap((item) => textOf(item) ?? []);
  return { facts: root ? [workspaceFact(file.path, 'pnpm', packages, root.place)] : [], notAssessed };
}

const isPnpm = (path: string): boolean => /^pnpm-workspace\.ya?ml$/.test(baseName(path));

export const packageJsonAdapter: Adapter = {
  id: 'package-json',
  classify: (path) => ['package.json', 'lerna.json'].includes(baseName(path)) || isPnpm(path),
  extract: (file) => (isPnpm(file.path) ? extractPnpm(file) : extractJson(file)),
};
