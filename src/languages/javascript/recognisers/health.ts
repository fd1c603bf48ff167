import type { FactValues, Value } from '../../../facts.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { emitDynamicHealth } from './health-dynamic.ts';
import { builtInHealth, healthLibraries } from './health-libraries.ts';
import { readRootAnswers, rootAnswers } from './health-root.ts';
import { functionsIn } from './routes-mounts.ts';
import { joinPath, normalisePath, pathsOf } from './routes-paths.ts';
import { routerTree } from './routes-tree.ts';

type Helper = FactValues['health-helper'];
const property = (value: Value | undefined, name: string): Value | undefined =>
  value?.is === 'object' ? value.properties[name] : undefined;

function emitHelper(at: CallSite, helper: Helper, emit: Emit): void {
  emit('health-helper', { ...at, place: at.namePlace }, helper);
}
/** A path that a helper answers on the main application, with the functions that it asks. */
function emitHelperRoute(at: CallSite, path: string, handlers: readonly string[], library: string, emit: Emit): void {
  emit(
    'route',
    { ...at, place: at.namePlace },
    { methods: ['GET'], path: normalisePath(path), complete: true, handlers, fallback: false, library },
  );
}

/** createTerminus(server, { healthChecks: { '/healthz': check } }). */
function readTerminus(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf('@godaddy/terminus')) {
    const checks = property(call.args[1], 'healthChecks');
    if (!/^(?:createTerminus)?$/.test(call.path) || checks?.is !== 'object') continue;
    const paths = Object.keys(checks.properties).filter((path) => path.startsWith('/'));
    emitHelper(call, { library: '@godaddy/terminus', paths }, emit);
    for (const path of paths) emitHelperRoute(call, path, functionsIn(checks.properties[path]!), '@godaddy/terminus', emit);
  }
}

/** createLightship({ port }) answers on a port of its own. */
function readLightship(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf('lightship')) {
    if (call.path !== 'createLightship') continue;
    const port = property(call.args[0], 'port') ?? { is: 'literal' as const, value: 9000, place: call.namePlace };
    emitHelper(call, { library: 'lightship', paths: ['/health', '/live', '/ready'], port }, emit);
  }
}

/** Middleware and plugins of one purpose: at a path of their own, of an option, or where `use` puts them. */
function readLibraries(program: ProgramView, emit: Emit): void {
  for (const [library, { paths, option, requires }] of Object.entries(healthLibraries)) {
    const uses = [
      ...program.callsOf(library).filter((call) => call.how !== 'decorator'),
      ...program.callsNamed('register').filter((call) => call.args[0]?.is === 'package' && call.args[0].package === library),
    ];
    for (const call of uses) {
      const options = call.args.find((argument) => argument.is === 'object');
      const asked = requires ? property(options, requires) : undefined;
      if (requires && (!asked || (asked.is === 'literal' && asked.value === false))) continue;
      const given = property(options, option ?? '') ?? property(asked, 'url') ?? (asked?.is === 'literal' ? asked : undefined);
      const named = given ? pathsOf(given).flatMap(({ text, complete }) => (complete && text.startsWith('/') ? [text] : [])) : [];
      const at = named.length > 0 ? named : paths;
      emitHelper(call, { library, paths: at }, emit);
      for (const path of at) emitHelperRoute(call, path, [], library, emit);
    }
  }
}

/** A health package that `app.use('/health', …)` mounts. */
function readMounted(program: ProgramView, emit: Emit): void {
  const tree = routerTree(program);
  for (const call of program.callsNamed('use')) {
    if (tree.resolve(call.on).length === 0 || call.args.length < 2) continue;
    const made = call.args
      .slice(1)
      .find((value) => value.is === 'made' && value.callee.is === 'package' && /health|actuator|liveness|probe/.test(value.callee.package));
    if (made?.is !== 'made' || made.callee.is !== 'package') continue;
    const paths = tree
      .resolve(call.on)
      .flatMap(({ key }) => tree.mountings(key))
      .flatMap((mounting) => pathsOf(call.args[0]).map((path) => joinPath(mounting.path, path)))
      .flatMap(({ text, complete }) => (complete ? [text] : []));
    emitHelper(call, { library: made.callee.package, paths: [...new Set(paths)] }, emit);
  }
}

/** A method of a Nest controller with `@HealthCheck()`. */
function readNestTerminus(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf('@nestjs/terminus')) {
    if (call.path === 'HealthCheck' && call.how === 'decorator') emitHelper(call, { library: '@nestjs/terminus', paths: [] }, emit);
  }
}

/** Frameworks that answer health requests without being asked. */
function readBuiltIn(program: ProgramView, emit: Emit): void {
  for (const [library, paths] of Object.entries(builtInHealth)) {
    const place = program.imports.get(library);
    if (!place) continue;
    emit('health-helper', { place }, { library, paths });
    for (const path of paths)
      emit('route', { place }, { methods: ['GET'], path, complete: false, handlers: [], fallback: false, library }, 'likely');
  }
}

/** Libraries that answer health requests. */
export const health: Recogniser = {
  id: 'health',
  packages: [
    '@godaddy/terminus',
    'lightship',
    '@cloudnative/',
    '@nestjs/terminus',
    ...Object.keys(healthLibraries),
    ...Object.keys(builtInHealth),
  ],
  methods: ['register'],
  passes: [rootAnswers],
  recognise(program, emit) {
    let found = false;
    const watched: Emit = (kind, at, value, confidence) => {
      found = true;
      emit(kind, at, value, confidence);
    };
    readTerminus(program, watched);
    readLightship(program, watched);
    readLibraries(program, watched);
    readMounted(program, watched);
    readNestTerminus(program, watched);
    readBuiltIn(program, watched);
    readRootAnswers(program, watched);
    if (!found) emitDynamicHealth(program, emit);
  },
};
