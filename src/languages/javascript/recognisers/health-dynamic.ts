import { isHealthPath } from '../../../text/health-path.ts';
import type { Emit, ProgramView } from '../recogniser.ts';

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
  const texts = program.files.map((path) => program.text(path) ?? '');
  if (texts.some((text) => computedRoute.test(text))) emitWritten(program.files, written, program, emit);
  if (texts.some((text) => computedLoad.test(text))) emitWritten(unreached(program), registered, program, emit);
}

function unreached(program: ProgramView): readonly string[] {
  const reached = new Set(program.files);
  const below = program.evaluator.graph.files
    .under(program.root)
    .filter((path) => /\.[cm]?[jt]s$/.test(path) && !skipped.test(path) && !reached.has(path));
  return below.slice(0, maximumFiles);
}

function emitWritten(paths: readonly string[], pattern: RegExp, program: ProgramView, emit: Emit): void {
  for (const path of paths) {
    const lines = (program.text(path) ?? '').split('\n');
    lines.forEach((line, index) => {
      for (const [, at] of line.length > 1_000 ? [] : line.matchAll(pattern)) {
        if (!isHealthPath(at!)) continue;
        const place = { path, line: index + 1, column: 1, endLine: index + 1, endColumn: line.length + 1 };
        emit('route', { place }, { methods: ['GET'], path: at!, complete: false, handlers: [], fallback: false, library: '' }, 'guess');
      }
    });
  }
}
