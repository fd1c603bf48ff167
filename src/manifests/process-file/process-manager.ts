/** pm2 ecosystem files and nodemon.json → `process-file` facts. */
import { posix } from 'node:path';
import type { Setting } from '../../facts.ts';
import { type JsonNode, readJson } from '../../text/json-document.ts';
import { maskCommand } from '../../text/secret-shapes.ts';
import type { AnyFact, Extraction, NotAssessed, Place, SourceFile } from '../../types.ts';
import { type ConfigNode, readExportedData } from './javascript-file.ts';

/** JSON in the shape that JavaScript files are read to. */
function fromJson(node: JsonNode): ConfigNode {
  const { place, value } = node;
  if (value !== undefined) return { is: 'value', value, place };
  if (node.isObject) return { is: 'object', members: new Map(node.members().map((each) => [each.key, fromJson(each.value)])), place };
  return { is: 'list', items: node.items().map(fromJson), place };
}

function readData(file: SourceFile): ConfigNode | NotAssessed {
  if (!file.path.endsWith('.json')) return readExportedData(file);
  const document = readJson(file, true);
  return 'root' in document ? fromJson(document.root) : document;
}

const child = (node: ConfigNode | undefined, key: string): ConfigNode | undefined =>
  node?.is === 'object' ? node.members.get(key) : undefined;
const textOf = (node: ConfigNode | undefined): string | undefined =>
  node?.is === 'value' && typeof node.value === 'string' ? node.value : undefined;

/** Arguments as one text or as a list. */
function argumentsOf(app: ConfigNode): string | undefined {
  const args = child(app, 'args');
  return args?.is === 'list' ? args.items.map((item) => textOf(item) ?? '').join(' ') : textOf(args);
}

/** `script` below `cwd`; with `args` where they decide what is run: those of a package manager (`npm` with `start`) or of an installed tool (`next`). */
function scriptOf(app: ConfigNode): string | undefined {
  const script = textOf(child(app, 'script')) ?? textOf(child(app, 'exec'));
  if (!script) return undefined;
  const folder = textOf(child(app, 'cwd'));
  const args = argumentsOf(app);
  const withArguments = (program: string): string => maskCommand(args ? `${program} ${args}` : program);
  if (/^(?:npm|yarn|pnpm|bun|npx)$/.test(script)) return withArguments(script);
  const inside = folder && !folder.startsWith('/') && !/\s/.test(script);
  const program = inside ? posix.join(folder, script) : script;
  return program.includes('node_modules/') ? withArguments(program) : maskCommand(program);
}

function instancesOf(app: ConfigNode): Setting<number | string> | undefined {
  const node = child(app, 'instances') ?? child(app, 'exec_mode');
  if (!node) return undefined;
  if (node.is === 'value' && (typeof node.value === 'number' || typeof node.value === 'string'))
    return { known: true, value: node.value, place: node.place };
  return { known: false, because: 'computed when the file is loaded', place: node.place };
}

function namedScript(app: ConfigNode): readonly (readonly [string, string])[] {
  const [name, script] = [textOf(child(app, 'name')), scriptOf(app)];
  return name && script ? [[name, script]] : [];
}

function processFact(manager: string, apps: readonly ConfigNode[], place: Place): AnyFact {
  const scripts = apps.flatMap((app) => scriptOf(app) ?? []);
  const named = Object.fromEntries(apps.flatMap((app) => namedScript(app)));
  const instances = apps.map(instancesOf).find((setting) => setting !== undefined);
  const value = { manager, scripts, ...(Object.keys(named).length > 0 ? { named } : {}), ...(instances ? { instances } : {}) };
  return { kind: 'process-file', place, confidence: 'certain', value };
}

/** `{ apps: […] }`, `{ apps: {…} }`, a bare list, or one app. */
function appsOf(root: ConfigNode): readonly ConfigNode[] {
  const apps = child(root, 'apps') ?? root;
  return apps.is === 'list' ? apps.items : [apps];
}

const outcome = (data: ConfigNode | NotAssessed, make: (root: ConfigNode) => readonly AnyFact[]): Extraction =>
  'is' in data ? { facts: make(data), notAssessed: [] } : { facts: [], notAssessed: [data] };

export const extractPm2 = (file: SourceFile): Extraction =>
  outcome(readData(file), (root) => {
    const apps = appsOf(root).filter((app) => child(app, 'script') || child(app, 'exec'));
    return apps.length > 0 ? [processFact('pm2', apps, apps[0]!.place)] : [];
  });

export const extractNodemon = (file: SourceFile): Extraction =>
  outcome(readData(file), (root) => [processFact('nodemon', [root], root.place)]);

const maxScripts = 500;

/** `{ start: 'node x', build: { default: '…', client: { script: '…' } } }` → `start`, `build`, `build.client` (nps, "scripts"). */
function namedScripts(node: ConfigNode, prefix: string, found: Map<string, string>, depth = 0): void {
  if (node.is !== 'object' || depth > 10) return;
  for (const [key, value] of node.members) {
    const isOwn = key === 'default' || key === 'script';
    const name = isOwn ? prefix || 'default' : prefix ? `${prefix}.${key}` : key;
    const line = textOf(value);
    if (found.size >= maxScripts) return;
    if (line !== undefined && !/^(?:description|hiddenFromHelp)$/.test(key)) found.set(name, maskCommand(line));
    else namedScripts(value, name, found, depth + 1);
  }
}

export const extractNps = (file: SourceFile): Extraction =>
  outcome(readData(file), (root) => {
    const scripts = child(root, 'scripts');
    const found = new Map<string, string>();
    if (scripts) namedScripts(scripts, '', found);
    if (found.size === 0) return [];
    const value = { manager: 'nps', scripts: [], named: Object.fromEntries(found) };
    return [{ kind: 'process-file', place: scripts!.place, confidence: 'certain', value }];
  });
