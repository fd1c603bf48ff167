/** Terraform and OpenTofu: every folder that somebody applies, or that is a module for others, becomes a stack of resources. */
import { purposeOf } from '../../../text/purpose.ts';
import type { AnyFact, Extraction, NotAssessed, TreeAdapter, TreeFiles } from '../../../types.ts';
import { joinPath } from '../paths.ts';
import { readStack, wantedTypes } from '../read-stack.ts';
import { makeStack } from '../resource.ts';
import { findImageDefaults } from './image-defaults.ts';
import { attributeOf, type ModuleSource, readHclFile, readModules } from './module.ts';
import { readResources } from './resources.ts';
import { findSecrets } from './secrets.ts';
import { type OpenCall, Tree } from './tree.ts';
import { readVariableFiles } from './variables.ts';

const isTerraform = (path: string): boolean => /\.(?:tf|tofu|tfvars)$/.test(path);

/** Folders that others call, as written: `source = "../modules/x"`. */
function calledFolders({ folder, calls }: ModuleSource): readonly string[] {
  return calls.flatMap(({ it }) => {
    const source = attributeOf(it, 'source');
    const text = source?.is === 'literal' ? String(source.value) : '';
    return text.startsWith('.') ? (joinPath(folder, text) ?? []) : [];
  });
}

/** Folders nobody calls, and one of each circle of calls. */
function findRoots(modules: ReadonlyMap<string, ModuleSource>, isGiven: (folder: string) => boolean): readonly ModuleSource[] {
  const called = new Set<string>();
  for (const module of modules.values()) for (const folder of calledFolders(module)) if (folder !== module.folder) called.add(folder);
  const roots = [...modules.values()].filter(({ folder, isApplied }) => !called.has(folder) || (isApplied && isGiven(folder)));
  const reached = new Set<string>();
  const reach = (start: ModuleSource) => {
    const pending = [start];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (reached.has(next.folder)) continue;
      reached.add(next.folder);
      for (const folder of calledFolders(next)) if (modules.has(folder)) pending.push(modules.get(folder)!);
    }
  };
  for (const root of roots) reach(root);
  for (const module of modules.values()) {
    if (reached.has(module.folder)) continue;
    roots.push(module);
    reach(module);
  }
  return roots;
}

/** A module of a registry or another repository: what it makes is not in sight. */
const noteForeign = (calls: readonly OpenCall[]): NotAssessed[] => {
  const bySource = new Map(calls.map((call) => [call.source, call] as const).reverse());
  return [...bySource.values()].map(({ source, place }) => ({
    reason: 'external-module',
    message: `The module \`${source.slice(0, 120)}\` is not in this repository: what it makes is not judged.`,
    place,
    failed: false,
  }));
};

function extract(files: TreeFiles): Extraction {
  const parsed = files.paths.flatMap((path) => {
    const text = files.text(path);
    return text === undefined ? [] : [readHclFile(path, text)];
  });
  const modules = readModules(parsed);
  const variables = readVariableFiles(parsed, files);
  const facts: AnyFact[] = [...findSecrets(parsed), ...findImageDefaults(parsed, modules)];
  const notAssessed: NotAssessed[] = parsed.flatMap((file) => file.notAssessed);
  const foreign: OpenCall[] = [];
  for (const root of findRoots(modules, (folder) => variables.for(folder).any)) {
    const { values, any } = variables.for(root.folder);
    const isLibrary = !root.isApplied && !any && root.variables.size > 0;
    const tree = new Tree(root, modules, files, values, isLibrary);
    const purpose = purposeOf(`${root.folder}/main.tf`);
    const stack = makeStack(readResources({ tree, wanted: (type) => wantedTypes.has(type), purpose }));
    facts.push(...readStack(stack));
    foreign.push(...tree.foreign);
    if (tree.evaluator.exhausted) notAssessed.push(noteExhausted(root));
  }
  return { facts, notAssessed: [...notAssessed, ...noteForeign(foreign)] };
}

function noteExhausted({ folder, resources, calls, data }: ModuleSource): NotAssessed {
  const block = resources[0] ?? calls[0] ?? data[0];
  const place = block?.file.lines.place(0, 0);
  return {
    reason: 'too-complex',
    message: `The Terraform in \`${folder || '.'}\` takes too long to work out: some values are left open.`,
    ...(place ? { place } : {}),
    failed: true,
  };
}

export const terraformAdapter: TreeAdapter = { id: 'terraform', owns: isTerraform, extract };
