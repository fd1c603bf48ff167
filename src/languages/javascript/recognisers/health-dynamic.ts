import { isHealthPath } from '../../../text/health-path.ts';
import type { Emit, ProgramView } from '../recogniser.ts';

const computedLoad = /\b(?:require|import)\s*\(\s*(?:\/\*[^*\n]{0,80}\*\/\s*)?[A-Za-z_$[{]/;
const registered = /\.(?:get|all|use|head|route)\s*\(\s*['"`](\/[\w./-]{1,60})['"`]/g;
const maximumFiles = 2_000;
const skipped =
  /(?:^|\/)(?:node_modules|tests?|__tests__|spec|e2e|public|static|client|frontend|docs?|examples?)\/|\.(?:test|spec|min|d)\./;

/**
 * A program that loads modules by a computed name (plugins) may get its health route from a file that was not reached.
 * What the files below its root register is looked up by text then: enough not to call it missing.
 */
export function emitDynamicHealth(program: ProgramView, emit: Emit): void {
  if (!program.files.some((path) => computedLoad.test(program.text(path) ?? ''))) return;
  const reached = new Set(program.files);
  const below = program.evaluator.graph.files
    .under(program.root)
    .filter((path) => /\.[cm]?[jt]s$/.test(path) && !skipped.test(path) && !reached.has(path));
  for (const path of below.slice(0, maximumFiles)) {
    const lines = (program.text(path) ?? '').split('\n');
    lines.forEach((line, index) => {
      for (const [, at] of line.length > 1_000 ? [] : line.matchAll(registered)) {
        if (!isHealthPath(at!)) continue;
        const place = { path, line: index + 1, column: 1, endLine: index + 1, endColumn: line.length + 1 };
        emit('route', { place }, { methods: ['GET'], path: at!, complete: false, handlers: [], fallback: false, library: '' }, 'guess');
      }
    });
  }
}
