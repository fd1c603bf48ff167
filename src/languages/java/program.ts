/** Reads one program: its module with those that it depends on, their settings and descriptors, and the classes that can matter. */

import type { AnyFact } from '../../types.ts';
import { emitInto } from '../emit.ts';
import { nothingRead, type Program, type ProgramRequest, parserNotLoaded } from '../language.ts';
import {
  bootVersionOf,
  buildProfilesOf,
  closureOf,
  dependenciesOf,
  filledBy,
  isBootBuild,
  type Module,
  parseVersion,
  readModule,
} from './build.ts';
import { CallGraph } from './call-graph.ts';
import { chosenBeans } from './chosen-beans.ts';
import { withServed } from './config-repositories.ts';
import { type CallView, type MethodView, Names, type TypeView } from './names.ts';
import { readPages } from './pages.ts';
import { isParserLoaded } from './parser.ts';
import type { Emit, ProgramView } from './recogniser.ts';
import { recognisers } from './recognisers/index.ts';
import { isBean, isReached, isWork, servesRequest } from './roles.ts';
import { readSettings } from './settings.ts';
import { JavaSources } from './sources.ts';
import { trialMains } from './trial-mains.ts';
import { type FileViews, viewsOf } from './views.ts';

export function readProgram(request: ProgramRequest): Program {
  const packages = request.roots ?? new Map();
  const module = request.package && readModule(request.package, packages, request.files);
  if (!module) return nothingRead([]);
  if (!isParserLoaded()) return parserNotLoaded('Java', module.root);
  const modules = closureOf(module, packages, request.files);
  const sources = new JavaSources(modules, request.files, [...packages.keys()]);
  const facts: AnyFact[] = [];
  const { view, graph } = makeView(module, modules, sources, request);
  const put = emitInto(facts);
  const chosen = chosenBeans(view);
  const isTried = trialMains(view, view.boot !== undefined ? 'spring' : view.needsServer ? 'server' : undefined);
  const emit: Emit = (kind, place, value, { confidence, when, ...around } = {}) => {
    // A password is known to all readers, whether or not the line ever runs.
    if (kind !== 'secret' && isTried(place)) return;
    const all = [...(when ?? []), ...chosen.of(place.path, around.within)];
    put(kind, { place, ...around, ...(all.length > 0 ? { when: all } : {}) }, value, confidence);
  };
  for (const recogniser of recognisers) recogniser.recognise(view, emit);
  return {
    entries: request.entries,
    complete: sources.errors.length === 0,
    files: sources.read.map(({ path }) => path),
    facts,
    notAssessed: sources.errors,
    reached: (functions) => graph.reached(functions),
  };
}

/** No other module lies between a file and the module above it. */
function isNearest(path: string, root: string, roots: { has(root: string): boolean }): boolean {
  for (let end = path.lastIndexOf('/'); end > root.length; end = path.lastIndexOf('/', end - 1))
    if (roots.has(path.slice(0, end))) return false;
  return true;
}

/** Manifests that belong to the program: those beside its sources and in its resources, not those of other modules below it. */
function manifestFactsOf(modules: readonly Module[], request: ProgramRequest): readonly AnyFact[] {
  const roots = request.roots ?? new Map();
  const first = new Map<string, string>();
  return modules.flatMap(({ root }) => {
    const own = (request.manifestsUnder?.(root) ?? []).filter(({ place }) => isNearest(place.path, root, roots));
    return own.filter((fact) => {
      if (fact.kind !== 'settings' || !/^(?:application|bootstrap)$/.test(fact.value.name)) return true;
      // The class path holds one file of a name: that of the module which comes first.
      const name = fact.place.path.slice(fact.place.path.lastIndexOf('/') + 1);
      if (!first.has(name)) first.set(name, root);
      return first.get(name) === root;
    });
  });
}

const configClient = /spring-cloud-starter-config$|spring-cloud-config-client/;
/** Clients of other servers that keep settings: Consul, Nacos, Apollo. */
const remoteSettings =
  /spring-cloud-starter-(?:consul|zookeeper|vault)-config|nacos-config|apollo-client|spring-cloud-azure-starter-appconfiguration|spring-cloud-starter-kubernetes|spring-cloud-kubernetes-\w+-config/;

function makeView(
  module: Module,
  modules: readonly Module[],
  sources: JavaSources,
  request: ProgramRequest,
): { view: ProgramView; graph: CallGraph } {
  const files = sources.read.map(({ path, file }) => viewsOf(path, file, request.files));
  const types = files.flatMap((file) => file.types);
  const methods = files.flatMap((file) => file.methods);
  const names = new Names(
    types,
    (name) => sources.load(name),
    (packageName) => sources.topLevel(packageName),
  );
  const graph = new CallGraph(methods, names);
  const dependencies = modules.flatMap(dependenciesOf);
  const version = bootVersionOf(module);
  const usesBoot = isBootBuild(module) || dependencies.some(({ group }) => group === 'org.springframework.boot');
  const labels = dependencies.map(({ group, artifact }) => `${group}:${artifact}`);
  const dependency = (pattern: RegExp) => dependencies[labels.findIndex((label) => pattern.test(label))];
  const { facts: manifestFacts, isComplete } = withServed(manifestFactsOf(modules, request), module, modules, request);
  const settings = readSettings(manifestFacts, { filled: (name) => filledBy(module, name), profiles: buildProfilesOf(module) });
  const byName = callsByName(files);
  const declared = new Set(manifestFacts.flatMap((fact) => (fact.kind === 'declared-beans' ? fact.value.classes : [])));
  const roles = { files, names, declared };
  const view: ProgramView = {
    module,
    modules,
    dependencies,
    dependency,
    ...(usesBoot ? { boot: parseVersion(version) ?? 'unknown' } : {}),
    ...(usesBoot ? { bootPlace: bootPlaceOf(module) } : {}),
    needsServer:
      ['war', 'ear', 'ejb'].includes(module.build.packaging) &&
      !isBootBuild(module) &&
      dependency(/spring-boot-starter-(?:web|tomcat|jetty|undertow)/) === undefined,
    settings,
    hasOtherSettings:
      dependency(remoteSettings) !== undefined ||
      (!isComplete && (dependency(configClient) !== undefined || settings.is('spring.config.import', /configserver:/))) ||
      manifestFacts.some((fact) => fact.kind === 'settings' && fact.value.damaged) ||
      settings.is('spring.config.import', /consul:|nacos:|vault:|zookeeper:/),
    manifestFacts,
    files,
    types,
    methods,
    pages: readPages(modules, request.files),
    names,
    declaredBeans: declared,
    place: module.build.packagingPlace,
    callsNamed: (...wanted) => wanted.flatMap((name) => byName.get(name) ?? []),
    isBean: remembered(
      ({ type }) => type,
      (type: TypeView) => isBean(type, roles),
    ),
    answersRequest: (method) => isReached(method, graph, roles),
    handlesWork: (method) => isWork(method, graph, roles),
    calledFrom: (starts) => {
      const reached = graph.reached(starts.map(({ id }) => id));
      return methods.filter(({ id }) => reached.has(id));
    },
    servesRequest: remembered(
      ({ method }) => method,
      (method: MethodView) => servesRequest(method, graph, roles),
    ),
  };
  return { view, graph };
}

function callsByName(files: readonly FileViews[]): ReadonlyMap<string, readonly CallView[]> {
  const byName = new Map<string, CallView[]>();
  for (const { calls } of files) {
    for (const call of calls) {
      const same = byName.get(call.call.name);
      if (same) same.push(call);
      else byName.set(call.call.name, [call]);
    }
  }
  return byName;
}

/** Asked often, by all recognisers. */
function remembered<View, Key, Answer>(keyOf: (view: View) => Key, answer: (view: View) => Answer): (view: View) => Answer {
  const known = new Map<Key, Answer>();
  return (view) => {
    const key = keyOf(view);
    let found = known.get(key);
    if (found === undefined) {
      found = answer(view);
      known.set(key, found);
    }
    return found;
  };
}

/** Where the build says which Spring Boot it uses. */
function bootPlaceOf(module: Module): ProgramView['place'] {
  for (const { parent, managed, plugins, managedPlugins, dependencies } of [module.build, ...module.parents]) {
    const found =
      (parent?.group === 'org.springframework.boot' ? parent : undefined) ??
      managed.find(({ artifact }) => artifact === 'spring-boot-dependencies') ??
      [...plugins, ...managedPlugins].find(({ artifact, version }) => artifact === 'org.springframework.boot' && version) ??
      dependencies.find(({ artifact }) => artifact === 'spring-boot-gradle-plugin');
    if (found) return found.place;
  }
  return module.build.packagingPlace;
}
