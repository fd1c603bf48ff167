import { isHealthPath } from '../../../text/health-path.ts';
import type { Emit, ProgramView } from '../recogniser.ts';
import { oncePerFile } from './once-per-file.ts';

const computedLoad = /\b(?:require|import)\s*\(\s*(?:\/\*[^*\n]{0,80}\*\/\s*)?[A-Za-z_$[{]/;
const registered = /\.(?:get|all|use|head|route)\s*\(\s*['"`](\/[\w./-]{1,60})['"`]/g;
/** `router[method](path, …)`, `app[route.verb.toLowerCase()](…)`: which routes there are stands in tables or calls somewhere else. */
const computedRoute =
  /\[(?<=\b(?:app|api|server|fastify|\w{0,40}[Rr]outer?)\s{0,20}\[)\s*[A-Za-z_$][\w$.]{0,80}(?:\.toLowerCase\(\))?\s*\]\s*\(/;
const written = /['"`](\/[\w./-]{1,60})['"`]/g;
const maximumFiles = 2_000;
const skipped =
  /(?:^|\/)(?:node_modules|tests?|__tests__|spec|e2e|public|static|client|frontend|docs?|examples?)\/|\.(?:test|spec|min|d)\./;

/**
 * A program that loads modules by a computed name (plugins), or registers routes by a computed method, may have a health route that
 * was not read. What it writes down is looked up by text then: enough not to call the route missing.
 */
export function emitDynamicHealth(program: ProgramView, emit: Emit): void {
  const computed = program.files.map((path) => computedNames(program, path));
  if (computed.some(({ route }) => route)) emitWritten(program.files, writtenPaths, program, emit);
  if (computed.some(({ load }) => load)) emitWritten(unreached(program), registeredPaths, program, emit);
}

function unreached(program: ProgramView): readonly string[] {
  const reached = new Set(program.files);
  const below = program.evaluator.graph.files
    .under(program.root)
    .filter((path) => /\.[cm]?[jt]s$/.test(path) && !skipped.test(path) && !reached.has(path));
  return below.slice(0, maximumFiles);
}

interface HealthPath {
  readonly at: string;
  readonly line: number;
  readonly length: number;
}
function healthPathsIn(text: string, pattern: RegExp): readonly HealthPath[] {
  // Most files hold none: only those that do are taken apart.
  const isNone = [...text.matchAll(pattern)].every(([, at]) => !isHealthPath(at!));
  if (isNone) return [];
  return text
    .split('\n')
    .flatMap((line, index) =>
      line.length > 1_000
        ? []
        : [...line.matchAll(pattern)].flatMap(([, at]) => (isHealthPath(at!) ? [{ at: at!, line: index + 1, length: line.length }] : [])),
    );
}
const computedNames = oncePerFile((text) => ({ route: computedRoute.test(text), load: computedLoad.test(text) }));
const writtenPaths = oncePerFile((text) => healthPathsIn(text, written));
const registeredPaths = oncePerFile((text) => healthPathsIn(text, registered));

function emitWritten(paths: readonly string[], find: typeof writtenPaths, program: ProgramView, emit: Emit): void {
  for (const path of paths)
    for (const { at, line, length } of find(program, path)) {
      const place = { path, line, column: 1, endLine: line, endColumn: length + 1 };
      emit('route', { place }, { methods: ['GET'], path: at, complete: false, handlers: [], fallback: false, library: '' }, 'guess');
    }
}
