import type { Value } from '../../../facts.ts';
import type { CallSite, Emit, ProgramView } from '../recogniser.ts';
import { emitRoute } from './routes-emit.ts';
import { functionsIn } from './routes-mounts.ts';
import { pathsOf } from './routes-paths.ts';
import type { RouterRef, RouterTree } from './routes-tree.ts';

const maximumObjects = 500;

/** Objects of a value that may be one, a list of them, or lists joined by `concat`. */
function objectsIn(value: Value | undefined, depth = 0): readonly (Value & { is: 'object' })[] {
  if (!value || depth > 5) return [];
  switch (value.is) {
    case 'object':
      return [value];
    case 'list':
      return value.items.flatMap((item) => objectsIn(item, depth + 1));
    case 'choice':
      return value.options.flatMap((option) => objectsIn(option.value, depth + 1));
    case 'made': {
      const { callee } = value;
      if (callee.is === 'member' && (callee.name === 'concat' || callee.name === 'flat'))
        return [callee.of, ...value.args].flatMap((item) => objectsIn(item, depth + 1));
      return [];
    }
    default:
      return [];
  }
}

const methodsOf = (value: Value | undefined): readonly string[] =>
  pathsOf(value).flatMap(({ text, complete }) => (complete && text !== '*' ? [text.toUpperCase()] : []));

/** `fastify.route({ method, url, handler })`, `server.route([{ method, path, handler }])` of hapi. */
export function emitRouteObject(tree: RouterTree, call: CallSite, on: readonly RouterRef[], emit: Emit): void {
  const [argument] = call.args;
  const objects = objectsIn(argument).slice(0, maximumObjects);
  for (const object of objects) {
    const path = object.properties['url'] ?? object.properties['path'];
    if (!path && !object.open) continue;
    const method = object.properties['method'];
    const handler = object.properties['handler'];
    const files = handler?.is === 'object' && (handler.properties['directory'] || handler.properties['file']);
    emitRoute(
      tree,
      { ...call, namePlace: path?.place ?? call.namePlace },
      {
        on,
        paths: pathsOf(path),
        methods: method ? methodsOf(method) : [],
        handlers: functionsIn(object),
        ...(files ? { answers: 'files' as const } : {}),
      },
      emit,
    );
  }
  if (objects.length === 0 && argument && argument.is !== 'literal')
    emitRoute(tree, call, { on, paths: [{ text: '*', complete: false }], methods: [], handlers: [], fallback: true }, emit);
}

/** Routes that hapi gets with the server's own plugins by name cannot be read: they may answer anything. */
export function emitHapiRoutes(tree: RouterTree, program: ProgramView, emit: Emit): void {
  for (const call of program.callsNamed('register')) {
    const on = tree.resolve(call.on);
    const library = on[0] && tree.library(on[0].key);
    const [argument] = call.args;
    const file = argument?.is === 'package' && /static/.test(argument.package) ? argument.package : undefined;
    if (library !== 'fastify' || !file) continue;
    const options = call.args[1];
    const prefix = options?.is === 'object' ? options.properties['prefix'] : undefined;
    const paths = prefix ? pathsOf(prefix).map((path) => ({ ...path, text: `${path.text}/*` })) : [{ text: '*', complete: true }];
    emitRoute(tree, call, { on, paths, methods: ['GET'], handlers: [], fallback: true, answers: 'files', library: file }, emit);
  }
}
