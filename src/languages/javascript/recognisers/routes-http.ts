import type { Value } from '../../../facts.ts';
import { isHealthPath } from '../../../text/health-path.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { moduleOf } from '../values.ts';
import { functionsIn } from './routes-mounts.ts';
import { type ComparedPath, comparedPaths } from './routes-plain-http.ts';
import { routerTree } from './routes-tree.ts';

const httpPackages = new Set(['http', 'https', 'http2']);
const serverPaths = /^(?:createServer|createSecureServer|Server)$/;

export const serverKey = (value: Value): string => `${value.place.path}:${value.place.line}:${value.place.column}`;
/** Calls that make a server of Node's own modules. */
export const plainServers = (program: ProgramView): readonly CallSite[] =>
  program.callsOf(...httpPackages).filter((call) => serverPaths.test(call.path));

/** The functions that answer the requests of a plain server: its listener, and those of `server.on('request', …)`. */
function listenersOf(server: CallSite, program: ProgramView): readonly string[] {
  const key = serverKey({ is: 'unknown', place: server.place });
  const later = program
    .callsOf(...httpPackages)
    .filter((call) => call.name === 'on' && call.on && serverKey(call.on) === key && isLiteral(call.args[0], 'request'))
    .flatMap((call) => call.args.slice(1));
  return [...server.args, ...later].flatMap((value) => (value.is === 'object' ? [] : functionsIn(value)));
}
const isLiteral = (value: Value | undefined, text: string): boolean => value?.is === 'literal' && value.value === text;

const readsUrl = /\breq(?:uest)?\.url\b|\burl\b[^;=]{0,80}\} = req(?:uest)?\b|\.pathname\b/;
const routeTable = /\b(?:routes|endpoints|handlers|routeMap)\s*(?:\?\.)?\s*(?:\[|\.\s*(?:get|find|has|match)\w*\()/;
/** Requests are told apart by a table: its paths are not in the comparisons that were read. */
const asksTable = (functions: ReadonlySet<string>, program: ProgramView): boolean => {
  const files = new Set([...functions].map((id) => moduleOf(id)));
  return [...files].some((path) => {
    const text = program.text(path) ?? '';
    return readsUrl.test(text) && routeTable.test(text);
  });
};

/** Paths that the listener of a plain server, or middleware, compares by hand. */
export const plainRoutes: Recogniser = {
  id: 'plain-routes',
  packages: [...httpPackages, 'connect'],
  passes: [comparedPaths],
  recognise(program, emit) {
    const compared = program.pass<ComparedPath>('compared-paths');
    const tree = routerTree(program);
    const servers = plainServers(program).map((call) => ({ call, listeners: listenersOf(call, program) }));
    const middleware = program
      .callsNamed('use', 'addHook')
      .filter((call) => tree.resolve(call.on).length > 0)
      .flatMap((call) => call.args.flatMap((value) => functionsIn(value)));
    for (const { call, listeners } of servers) {
      if (listeners.length === 0) continue;
      const server = serverKey({ is: 'unknown', place: call.place });
      emitCompared(program, compared, listeners, emit, server);
      emit(
        'route',
        { ...call, place: call.namePlace },
        {
          methods: [],
          path: '/*',
          complete: !asksTable(program.reached(listeners), program),
          handlers: listeners,
          fallback: true,
          library: 'http',
          server,
        },
      );
    }
    if (middleware.length > 0) emitCompared(program, compared, middleware, emit, undefined);
  },
};

export function emitCompared(
  program: ProgramView,
  compared: readonly { path: string; item: ComparedPath }[],
  functions: readonly string[],
  emit: Emit,
  server: string | undefined,
): void {
  if (compared.length === 0) return;
  const reached = program.reached(functions);
  for (const { path: file, item } of compared) {
    const within = `${file}#${item.within}`;
    // Middleware also compares paths to let requests pass: only what asks for health is taken for an answer.
    if (!reached.has(within) || (server === undefined && !isHealthPath(item.path))) continue;
    const [line, column, endLine, endColumn] = item.at;
    emit(
      'route',
      { place: { path: file, line, column, endLine, endColumn }, within },
      {
        methods: [],
        path: item.prefix ? `${item.path.replace(/\/$/, '')}/*` : item.path,
        complete: true,
        handlers: [within],
        fallback: item.prefix,
        library: 'http',
        ...(server ? { server } : {}),
      },
      'likely',
    );
  }
}
