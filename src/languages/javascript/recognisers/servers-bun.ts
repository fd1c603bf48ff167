import type { Value } from '../../../facts.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { emitCompared } from './routes-http.ts';
import { functionsIn } from './routes-mounts.ts';
import { comparedPaths } from './routes-plain-http.ts';
import { routerTree } from './routes-tree.ts';
import { type Address, emitListen, listenAddress } from './servers-listen.ts';

type Place = Value['place'];
/** Where a server is made: a call, or the export that Bun serves by itself. */
type Site = Pick<CallSite, 'namePlace' | 'when' | 'within'>;

/** Where nothing names a port, Bun takes `PORT`, else 3000 (bun.com/docs, HTTP server). */
const defaultPort = (place: Place): Value => ({ is: 'env', name: 'PORT', fallback: { is: 'literal', value: 3000, place }, place });

/** What a server does with requests: it hands them to a router, or its own function tells them apart. */
function emitServer(program: ProgramView, emit: Emit, site: Site, options: Value & { is: 'object' }): void {
  const { fetch, routes, unix } = options.properties;
  if (unix) return;
  const place = site.namePlace;
  const tree = routerTree(program);
  const [ref] = fetch ? tree.resolve(fetch) : [];
  const address: Address = listenAddress([options]) ?? {};
  const server = ref?.key ?? `${place.path}:${place.line}:${place.column}`;
  const library = (ref && tree.library(ref.key)) ?? 'bun';
  emitListen(site, { library, address: { ...address, port: address.port ?? defaultPort(place) }, server }, program, emit);
  if (ref) return;
  emit('http-server', { ...site, place }, { library });
  const shared = { methods: [], library, server } as const;
  if (routes?.is === 'object')
    for (const [path, value] of Object.entries(routes.properties))
      emit(
        'route',
        { place: value.place },
        { ...shared, path, complete: true, handlers: functionsIn(value), fallback: path.endsWith('*') },
      );
  const listeners = fetch ? functionsIn(fetch) : [];
  emitCompared(program, program.pass(comparedPaths.id), listeners, emit, server);
  // What the function does with other paths nobody can list.
  const isOpen = options.open || (routes && (routes.is !== 'object' || routes.open)) || (fetch && listeners.length === 0);
  if (fetch || isOpen) emit('route', { place }, { ...shared, path: '/*', complete: !isOpen, handlers: listeners, fallback: true });
}

/** `export default { port, fetch: app.fetch }` of the file that Bun starts. */
function servedExports(program: ProgramView): readonly (Value & { is: 'object' })[] {
  return program.files.slice(0, program.started.length).flatMap((path, index) => {
    if (!/\bbun\b/.test(program.started[index]!) || !/\bexport\s+default\b/.test(program.text(path) ?? '')) return [];
    const place = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
    const value = program.evaluator.exported(path, 'default', place);
    return value.is === 'object' && value.properties['fetch'] ? [value] : [];
  });
}

/** Servers of Bun: `Bun.serve()`, and what a file that it starts exports. */
export const bunServers: Recogniser = {
  id: 'bun-servers',
  packages: ['bun'],
  text: [/\bBun\s?\.\s?serve\s?\(/, /^export default \{(?=[^}]{0,200}\bfetch\b)/m],
  passes: [comparedPaths],
  recognise(program, emit) {
    for (const call of program.callsNamed('serve')) {
      const isBun = (call.package === '' && call.path === 'Bun.serve') || (call.package === 'bun' && call.path === 'serve');
      const [options] = call.args;
      if (isBun && options?.is === 'object') emitServer(program, emit, call, options);
    }
    for (const options of servedExports(program)) emitServer(program, emit, { namePlace: options.place, when: [] }, options);
  },
};
