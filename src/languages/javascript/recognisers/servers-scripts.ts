import type { Place } from '../../../types.ts';
import type { ProgramView } from '../recogniser.ts';

export interface StartScript {
  readonly command: string;
  readonly place: Place;
}

/** Scripts of the package.json beside the program, with their lines. */
export function startScripts(program: ProgramView): readonly StartScript[] {
  const path = program.root ? `${program.root}/package.json` : 'package.json';
  const lines = (program.text(path) ?? '').split('\n');
  const start = lines.findIndex((line) => /^\s*"scripts"\s*:/.test(line));
  return lines.flatMap((line, index) => {
    const found = index > start && start >= 0 ? /^\s*"([\w:.-]{1,60})"\s*:\s*"([^"\n]{1,400})/.exec(line) : undefined;
    if (!found || !/^(?:start|serve|prod)/.test(found[1]!)) return [];
    const column = line.indexOf('"') + 1;
    return [{ command: found[2]!, place: { path, line: index + 1, column, endLine: index + 1, endColumn: column + found[1]!.length + 2 } }];
  });
}

/** True when `fastify start file.js` runs the program: what its entry exports is a plugin. */
export const startsFastify = (program: ProgramView): boolean =>
  program.dependencies.has('fastify-cli') || startScripts(program).some(({ command }) => /\bfastify\s+start\b/.test(command));
