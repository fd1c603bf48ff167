/** Bicep: files that nobody calls, with the modules that they call (learn.microsoft.com/azure/azure-resource-manager/bicep). */

import type { Purpose } from '../../../facts.ts';
import { parseBicep } from '../../../text/bicep/parse.ts';
import type { BicepFile, Declaration, Expression } from '../../../text/bicep/syntax.ts';
import { readJson } from '../../../text/json-document.ts';
import { LineMap } from '../../../text/positions.ts';
import { purposeOf } from '../../../text/purpose.ts';
import type { AnyFact, Extraction, Place, TreeAdapter, TreeFiles } from '../../../types.ts';
import { readResourceManager, wantedResourceTypes } from '../azure/resource-manager.ts';
import { literalSecret, secretFact } from '../literal-secrets.ts';
import { decidedElsewhere, get, type Node, scalar, unknown } from '../node.ts';
import { folderOf, joinPath } from '../paths.ts';
import { makeStack, type Resource } from '../resource.ts';
import { Budget, evaluate, type Scope } from './evaluate.ts';
import { makeVerified } from './verified-modules.ts';

const maxDepth = 12;
const maxResources = 5000;
/** Modules that call several others multiply. */
const maxModules = 1000;

interface Source extends BicepFile {
  readonly path: string;
  readonly lines: LineMap;
}
/** One use of a file: with the values that its caller gives. */
interface Call {
  readonly source: Source;
  readonly values: ReadonlyMap<string, Node>;
  readonly address: string;
  readonly calledAt?: Place;
  readonly depth: number;
  /** Every caller up to the root uses it once. */
  readonly once: boolean;
}
interface Run {
  readonly sources: ReadonlyMap<string, Source>;
  readonly resources: Resource[];
  readonly purpose: Purpose;
  readonly budget: Budget;
  modules: number;
}

const isPublished = ({ target }: Declaration): boolean => /^br[:/]/i.test(target);
const targetOf = (source: Source, { target }: Declaration): string | undefined =>
  /^[a-z]+:|^br\/|^ts\//i.test(target) ? undefined : joinPath(folderOf(source.path), target);

/** Parts for others, kept although nobody uses them. */
const isPart = (path: string): boolean => /(?:^|\/)(?:core|modules?|lib|library|shared)\//i.test(path);

/** Files that no other one calls; of files that only call each other none. */
function rootsOf(sources: ReadonlyMap<string, Source>): readonly Source[] {
  const called = new Set<string>();
  for (const source of sources.values())
    for (const declaration of source.declarations) if (declaration.keyword === 'module') called.add(targetOf(source, declaration) ?? '');
  return [...sources.values()].filter(({ path }) => !called.has(path) && !isPart(path));
}

class Module implements Scope {
  readonly #call: Call;
  readonly #run: Run;
  readonly #modules = new Map<string, Module>();
  readonly #open = new Set<string>();
  readonly #known = new Map<string, Node>();
  constructor(call: Call, run: Run) {
    this.#call = call;
    this.#run = run;
  }

  place(start: number, end: number): Place {
    return this.#call.source.lines.place(start, end);
  }

  lookUp(name: string, place: Place, budget: Budget): Node {
    if (this.#open.has(name)) return unknown('it names itself', place);
    this.#open.add(name);
    const found = this.#find(name, place, budget);
    this.#open.delete(name);
    return found;
  }
  #find(name: string, place: Place, budget: Budget): Node {
    const { source, values, address } = this.#call;
    const given = values.get(name);
    if (given) return given;
    const bound = [...source.parameters, ...source.variables].find((binding) => binding.name === name);
    if (bound?.value) return this.#bind(name, bound.value, budget);
    const module = this.#modules.get(name);
    if (module) return module.outputs(place, budget);
    return source.declarations.some((declaration) => declaration.keyword === 'resource' && declaration.name === name)
      ? { is: 'reference', to: `${address}${name}`, path: [], place }
      : unknown(`\`${name.slice(0, 60)}\` is known only when it is deployed`, place);
  }

  #bind(name: string, value: Expression, budget: Budget): Node {
    const known = this.#known.get(name) ?? evaluate(value, this, budget);
    this.#known.set(name, known);
    return known;
  }

  /** `module.outputs.x`. */
  outputs(place: Place, budget: Budget): Node {
    const entries = this.#call.source.outputs.flatMap(({ name, value }) =>
      value ? [{ key: name, keyPlace: place, value: evaluate(value, this, budget) }] : [],
    );
    return { is: 'map', entries: [{ key: 'outputs', keyPlace: place, value: { is: 'map', entries, place } }], place };
  }

  /** Modules first: resources use what they give back. */
  read(): void {
    const { declarations } = this.#call.source;
    for (const declaration of declarations) if (declaration.keyword === 'module') this.#enter(declaration);
    for (const declaration of declarations) if (declaration.keyword === 'resource' && !declaration.existing) this.#addResource(declaration);
  }
  #enter(declaration: Declaration): void {
    const { source, address, depth, once } = this.#call;
    if (isPublished(declaration)) return this.#addVerified(declaration);
    const path = targetOf(source, declaration);
    const target = path === undefined ? undefined : this.#run.sources.get(path);
    if (!target || depth >= maxDepth || this.#run.modules++ >= maxModules) return;
    const given = get(evaluate(declaration.body, this, this.#run.budget), 'params');
    const values = new Map(given?.is === 'map' ? given.entries.map(({ key, value }) => [key, value] as const) : []);
    const calledAt = this.place(declaration.start, declaration.end);
    const isOne = once && declaration.when === 'always';
    const call = { source: target, values, address: `${address}${declaration.name}/`, calledAt, depth: depth + 1, once: isOne };
    const module = new Module(call, this.#run);
    module.read();
    this.#modules.set(declaration.name, module);
  }
  #addResource(declaration: Declaration): void {
    const type = declaration.target.split('@')[0]!.toLowerCase();
    if (wantedResourceTypes.has(type)) this.#add(declaration, type, evaluate(declaration.body, this, this.#run.budget));
  }
  #addVerified(declaration: Declaration): void {
    const params = get(evaluate(declaration.body, this, this.#run.budget), 'params');
    const made = makeVerified(declaration.target, params, this.place(declaration.start, declaration.end));
    if (made) this.#add(declaration, made.type, made.body);
  }
  #add(declaration: Declaration, type: string, body: Node): void {
    const { address, calledAt, once } = this.#call;
    const { resources, purpose } = this.#run;
    if (resources.length >= maxResources) return;
    const header = this.place(declaration.start, declaration.end);
    resources.push({
      type,
      label: declaration.name,
      address: `${address}${declaration.name}`,
      body,
      place: calledAt ? decidedElsewhere(header, calledAt) : header,
      ...(once && declaration.when === 'always' ? { count: 1 } : {}),
      isOff: false,
      isLibrary: false,
      purpose,
    });
  }
}

/** Defaults of secret parameters, told once for each file. */
function findSecrets(source: Source): readonly AnyFact[] {
  return source.parameters.flatMap(({ name, value, decorators }) => {
    if (value?.is !== 'literal' || typeof value.value !== 'string') return [];
    const secret = literalSecret(decorators.includes('secure') ? `${name}_password` : name, value.value);
    return secret ? [secretFact({ ...secret, env: name }, source.lines.place(value.start, value.end))] : [];
  });
}

function readSource(path: string, text: string): Source {
  return { path, lines: new LineMap(path, text), ...parseBicep(text) };
}

/** A file of parameters beside the root decides them: what it says is used, what it takes from elsewhere is open. */
function givenValues(root: Source, files: TreeFiles): ReadonlyMap<string, Node> {
  const path = root.path.replace(/\.bicep$/, '.bicepparam');
  const text = files.has(path) ? files.text(path) : undefined;
  if (text === undefined) return valuesOfJson(root, files);
  const source = readSource(path, text);
  const module = new Module({ source, values: new Map(), address: '', depth: 0, once: true }, emptyRun());
  const budget = new Budget();
  return new Map(source.parameters.flatMap(({ name, value }) => (value ? [[name, evaluate(value, module, budget)] as const] : [])));
}
/** `main.parameters.json`, as azd fills it: `${NAME}` comes from its environment. */
function valuesOfJson(root: Source, files: TreeFiles): ReadonlyMap<string, Node> {
  const path = root.path.replace(/\.bicep$/, '.parameters.json');
  const text = files.has(path) ? files.text(path) : undefined;
  const read = text === undefined ? undefined : readJson({ path, text });
  if (!read || !('root' in read)) return new Map();
  const parameters = read.root.members().find(({ key }) => key === 'parameters')?.value;
  return new Map(
    (parameters?.isObject ? parameters.members() : []).flatMap(({ key, value }) => {
      const written = value.isObject ? value.members().find((member) => member.key === 'value')?.value : undefined;
      const isOpen = written?.value === undefined || (typeof written.value === 'string' && written.value.includes('${'));
      const node = written && (isOpen ? unknown('the environment of azd decides', written.place) : scalar(written.value!, written.place));
      return node ? [[key, node] as const] : [];
    }),
  );
}
const emptyRun = (): Run => ({ sources: new Map(), resources: [], purpose: 'unknown', budget: new Budget(), modules: 0 });

function extract(files: TreeFiles): Extraction {
  const read = files.paths.flatMap((path) => {
    const text = path.endsWith('.bicep') ? files.text(path) : undefined;
    return text === undefined ? [] : [readSource(path, text)];
  });
  const sources = new Map(read.map((source) => [source.path, source] as const));
  const facts: AnyFact[] = read.flatMap(findSecrets);
  for (const root of rootsOf(sources)) {
    const run: Run = { sources, resources: [], purpose: purposeOf(root.path), budget: new Budget(), modules: 0 };
    new Module({ source: root, values: givenValues(root, files), address: '', depth: 0, once: true }, run).read();
    facts.push(...readResourceManager(makeStack(run.resources)));
  }
  const notAssessed = read.flatMap(({ problems, lines }) =>
    problems.map(({ reason, message, offset }) => ({ reason, message, place: lines.place(offset, offset), failed: true })),
  );
  return { facts, notAssessed };
}

export const bicepAdapter: TreeAdapter = { id: 'bicep', owns: (path) => /\.bicep(?:param)?$/.test(path), extract };
