import type { Container } from '../../facts.ts';
import type { Place } from '../../types.ts';
import { asArguments, type BuiltImage } from '../built-images.ts';
import { absolute } from '../image-files.ts';
import { readProcess } from './chain.ts';
import { type ProcessReading, type Surroundings, unknownProcess } from './reading.ts';

/**
 * What a container starts. `command` replaces ENTRYPOINT and CMD of the image, `args` replaces CMD alone
 * (Kubernetes, "Define a Command and Arguments for a Container"; Compose `entrypoint` and `command` are the same).
 */
export function readContainerProcess(
  container: Container,
  image: BuiltImage | undefined,
  around: Surroundings | undefined,
): ProcessReading {
  const { command, args, workingDir, shell } = container;
  const isAsked = container.env.some(({ name }) => image?.reading.asks?.has(name));
  if (!command && !args && (!workingDir || !image) && !isAsked) {
    return image?.reading ?? unknownProcess;
  }
  const base = around ?? image?.surroundings;
  const words = commandWords(container, image);
  if (!base || words === undefined || words.words.length === 0 || workingDir?.known === false) return unknownProcess;
  const inFolder = {
    ...base,
    workdir: workingDir?.known ? absolute(workingDir.value, base.workdir) : base.workdir,
    env: withContainer(base.env, container),
  };
  return readProcess(words.words, shell ? 'shell' : words.form, words.place, inFolder);
}

function commandWords(
  container: Container,
  image: BuiltImage | undefined,
): { words: readonly string[]; form: 'exec' | 'shell'; place: Place } | undefined {
  const { command, args } = container;
  if (command?.known === false || args?.known === false) return undefined;
  if (command) return { words: [...command.value, ...(args?.value ?? [])], form: 'exec', place: command.place };
  const entrypoint = image?.command.entrypoint;
  if (args) {
    if (!entrypoint) return { words: args.value, form: 'exec', place: args.place };
    if (entrypoint.form === 'shell') return { words: entrypoint.words, form: 'shell', place: entrypoint.place };
    return { words: [...entrypoint.words, ...args.value], form: 'exec', place: args.place };
  }
  const first = entrypoint ?? image?.command.cmd;
  if (!first) return undefined;
  const words = entrypoint?.form === 'exec' ? [...entrypoint.words, ...asArguments(image?.command.cmd)] : first.words;
  return { words, form: first.form, place: first.place };
}

function withContainer(env: ReadonlyMap<string, string>, container: Container): ReadonlyMap<string, string> {
  const known = new Map(env);
  for (const { name, value } of container.env) {
    if (value?.known) known.set(name, value.value);
    else known.delete(name);
  }
  return known;
}
