import { readJson } from '../../../text/json-document.ts';
import type { Place } from '../../../types.ts';
import type { ProgramView } from '../recogniser.ts';

export interface StartScript {
  readonly command: string;
  readonly place: Place;
}

/** Scripts of the package.json beside the program that start it, with their places. */
export const startScripts = (program: ProgramView): readonly StartScript[] => scriptsNamed(program, /^(?:start|serve|prod)/);
/** The script that builds the program. */
export const buildScript = (program: ProgramView): StartScript | undefined => scriptsNamed(program, /^build$/)[0];

function scriptsNamed(program: ProgramView, names: RegExp): readonly StartScript[] {
  const path = program.root ? `${program.root}/package.json` : 'package.json';
  const read = readJson({ path, text: program.text(path) ?? '' });
  const scripts = 'root' in read ? read.root.get('scripts')?.members() : undefined;
  return (scripts ?? []).flatMap(({ key, keyPlace, value: { value } }) =>
    typeof value === 'string' && names.test(key) ? [{ command: value, place: keyPlace }] : [],
  );
}

/** True when `fastify start file.js` runs the program: what its entry exports is a plugin. */
export const startsFastify = (program: ProgramView): boolean =>
  program.dependencies.has('fastify-cli') || startScripts(program).some(({ command }) => /\bfastify\s+start\b/.test(command));
