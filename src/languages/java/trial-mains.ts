/** `main` methods by which somebody tries a class: a program of Spring is started by another, a WAR by its server. */
import type { Place } from '../../types.ts';
import type { MethodView } from './names.ts';
import type { Method } from './summary.ts';
import { inFiles } from './views.ts';

const mains = inFiles(({ methods }) => methods.filter(({ method }) => method.name === 'main'));

const startsSpring = ({ calls, creations }: Method): boolean =>
  calls.some(({ name, on }) => name === 'runApplication' || (name === 'run' && on !== undefined)) ||
  creations.some(({ type }) => /Spring(?:Boot|Cloud)?Application/.test(type));

interface Lines {
  readonly first: number;
  readonly last: number;
}
const linesOf = ({ at, calls, creations, locals, assignments }: Method): Lines => ({
  first: at[0],
  last: Math.max(at[2], ...[...calls, ...creations, ...locals, ...assignments].map((part) => part.at[2])),
});

/** An archive for a server may carry one of its own: `new Server(8080).start()`. */
const startsServer = ({ calls, creations }: Method): boolean =>
  calls.some(({ name }) => /^(?:start\w*|run|join|serve|listen|await|deploy\w*)$/.test(name)) ||
  creations.some(({ type }) => /(?:Server|Tomcat|Jetty|Launcher|Main)$/.test(type));

/** Tells whether a place lies in such a method. */
export function trialMains(program: Parameters<typeof mains>[0], by: 'spring' | 'server' | undefined): (place: Place) => boolean {
  const all: readonly MethodView[] = by ? mains(program) : [];
  const trials = all.filter(({ method }) => !startsSpring(method) && (by === 'spring' || !startsServer(method)));
  if (trials.length === 0 || (by === 'spring' && trials.length === all.length)) return () => false;
  const lines = new Map<string, readonly Lines[]>();
  for (const { path, method } of trials) lines.set(path, [...(lines.get(path) ?? []), linesOf(method)]);
  return ({ path, line }) => lines.get(path)?.some(({ first, last }) => line >= first && line <= last) ?? false;
}
