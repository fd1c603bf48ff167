import type { Value } from '../../../facts.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { plainServers, serverKey } from './routes-http.ts';
import { routerPackages, routerTree } from './routes-tree.ts';
import { emitListen, hostAndPort, listenAddress } from './servers-listen.ts';
import { emitMicroservices, isNowhere, startsMicroservicesOnly } from './servers-nest.ts';

/** Servers that are no router: how their values are made, and the library that they count for. */
const serverOrigins: readonly (readonly [string, RegExp, string])[] = [
  ['http', /^(?:createServer|Server)\(/, 'http'],
  ['https', /^(?:createServer|Server)\(/, 'https'],
  ['http2', /^create(?:Secure)?Server\(/, 'http2'],
  ['net', /^(?:createServer|Server)\(/, 'net'],
  ['tls', /^createServer\(/, 'tls'],
  ['@nestjs/core', /^NestFactory\.create/, '@nestjs/core'],
  ['apollo-server', /^ApolloServer\(/, 'apollo-server'],
  ['graphql-yoga', /^(?:GraphQLServer|createServer)\(/, 'graphql-yoga'],
  ['@feathersjs/express', /^\(/, '@feathersjs/express'],
  ['@feathersjs/koa', /^koa\(/, '@feathersjs/koa'],
  ['socket.io', /^(?:Server)?\(/, 'socket.io'],
  ['vite-express', /^/, 'vite-express'],
  ['serve-handler', /^/, 'http'],
];
const rawProtocols = new Set(['net', 'tls', 'socket.io', 'ws', '@grpc/grpc-js', 'grpc']);
const plainLibraries = new Set(['net', 'tls', 'http', 'https']);
const literal = (value: string, at: Value): Value => ({ is: 'literal', value, place: at.place });

/** The library and identity of what `listen` is called on. */
function listener(call: CallSite, program: ProgramView): { library: string; server?: string; value?: Value } | undefined {
  const tree = routerTree(program);
  const [ref] = tree.resolve(call.on);
  if (ref) {
    const library = tree.library(ref.key)!;
    const [mounting] = tree.mountings(ref.key);
    return { library, server: mounting?.server ?? ref.key, ...(call.on ? { value: call.on } : {}) };
  }
  const origin = call.on && originOf(call.on);
  const known = origin && serverOrigins.find(([name, path]) => name === origin.package && path.test(origin.path));
  if (!known || !call.on) return undefined;
  return { library: known[2], value: call.on, ...(rawProtocols.has(known[2]) ? {} : { server: serverKey(call.on) }) };
}

/** True for NestFactory.create(Module, new FastifyAdapter()): Fastify's defaults hold. */
function hasFastifyAdapter(value: Value | undefined): boolean {
  if (value?.is !== 'made') return false;
  return value.args.some((argument) => originOf(argument)?.package === '@nestjs/platform-fastify');
}

/** Fastify listens on localhost alone unless a host is named (fastify.dev/docs, Reference/Server#listen). */
function withDefaultHost(
  library: string,
  value: Value | undefined,
  call: CallSite,
  address: NonNullable<ReturnType<typeof listenAddress>>,
) {
  const isFastify = library === 'fastify' || (library === '@nestjs/core' && hasFastifyAdapter(value));
  return isFastify && !address.host && address.port
    ? { ...address, host: literal('localhost', { is: 'unknown', place: call.namePlace }) }
    : address;
}

/** `server.listen(port, () => server.close())`: it only tries whether the port is free. */
function onlyTries(server: Value | undefined, program: ProgramView): boolean {
  if (server === undefined) return false;
  const key = serverKey(server);
  const isSame = ({ on }: CallSite): boolean => on !== undefined && serverKey(on) === key;
  const callbacks = new Set(
    program
      .callsNamed('listen', 'on', 'once')
      .filter((call) => isSame(call) && (call.name === 'listen' || (call.args[0]?.is === 'literal' && call.args[0].value === 'listening')))
      .flatMap(({ args }) => args.flatMap((arg) => (arg.is === 'function' ? [arg.id] : []))),
  );
  return (
    callbacks.size > 0 &&
    program.callsNamed('close').some((call) => call.within !== undefined && callbacks.has(call.within) && isSame(call))
  );
}

/** The only server of a program that hands it through a container or a context of its own: who else could listen? */
function onlyServer(call: CallSite, program: ProgramView): { library: string } | undefined {
  const [port] = call.args;
  const isPort =
    port !== undefined && (port.is !== 'literal' || /^\d+$/.test(String(port.value))) && port.is !== 'function' && port.is !== 'list';
  if (!isPort || !call.on || (call.package !== undefined && !containers.has(call.package))) return undefined;
  const made = plainServers(program);
  return made.length > 0 && namesServer.test(serverName(call, program)) ? { library: 'http' } : undefined;
}
/** They hand out what a program puts into them. */
const containers = new Set(['awilix', 'typedi', 'inversify', 'tsyringe', 'bottlejs']);
const namesServer = /(?:^|[._])(?:http|https|web|api)?_?(?:server|app)$/i;
/** What stands before `.listen(`. */
function serverName(call: CallSite, program: ProgramView): string {
  const line = program.lines(call.namePlace.path)[call.namePlace.line - 1] ?? '';
  return /[\w$.]*(?=\??\.$)/.exec(line.slice(0, call.namePlace.column - 1))?.[0] ?? '';
}

function readListens(program: ProgramView, emit: Emit): void {
  const calls = program.callsNamed('listen', 'listenAsync').filter(({ how }) => how === 'call');
  const isTraced = calls.some((call) => listener(call, program) !== undefined);
  for (const call of calls) {
    const found: ReturnType<typeof listener> = listener(call, program) ?? (isTraced ? undefined : onlyServer(call, program));
    const address = found && listenAddress(call.args);
    if (!found || !address) continue;
    if (found.library === 'socket.io' && call.args[0]?.is !== 'literal' && call.args[0]?.is !== 'env') continue;
    if (found.library === '@nestjs/core' && isNowhere(call.args[0])) continue;
    if (plainLibraries.has(found.library) && onlyTries(found.value, program)) continue;
    const { library, server } = found;
    emitListen(
      call,
      { library, address: withDefaultHost(library, found.value, call, address), ...(server ? { server } : {}) },
      program,
      emit,
    );
  }
}

const property = (value: Value | undefined, name: string): Value | undefined =>
  value?.is === 'object' ? value.properties[name] : undefined;

/** Listens that an options object starts, by package and path: where the options are and what holds the application. */
const configured: readonly {
  readonly package: string;
  readonly path: RegExp;
  readonly library: string;
  options(call: CallSite): Value | undefined;
  app?(call: CallSite): Value | undefined;
}[] = [
  { package: '@hapi/hapi', path: /^[sS]erver$/, library: '@hapi/hapi', options: (call) => call.args[0] },
  { package: 'hapi', path: /^[sS]erver$/, library: 'hapi', options: (call) => call.args[0] },
  // Before version 17 the server is made first, and told its port then.
  { package: 'hapi', path: /^[sS]erver\(\)\.connection$/, library: 'hapi', options: (call) => call.args[0], app: (call) => call.on },
  {
    package: '@hono/node-server',
    path: /^serve$/,
    library: 'hono',
    options: (call) => call.args[0],
    app: (call) => property(call.args[0], 'fetch') ?? call.args[0],
  },
  { package: 'srvx', path: /^serve$/, library: 'srvx', options: (call) => call.args[0] },
  {
    package: '@apollo/server',
    path: /^standalone\.startStandaloneServer$/,
    library: '@apollo/server',
    options: (call) => property(call.args[1], 'listen') ?? call.args[1],
  },
  { package: 'ws', path: /^(?:WebSocketServer|Server|WebSocket\.Server)$/, library: 'ws', options: (call) => call.args[0] },
  { package: 'uws', path: /^Server$/, library: 'ws', options: (call) => call.args[0] },
];
const defaultPorts: Readonly<Record<string, number>> = { hono: 3000, '@apollo/server': 4000, srvx: 3000 };

function readConfigured(program: ProgramView, emit: Emit): void {
  const tree = routerTree(program);
  for (const { package: name, path, library, options, app } of configured) {
    for (const call of program.callsOf(name)) {
      if (!path.test(call.path)) continue;
      const given = options(call);
      const address = given?.is === 'object' ? listenAddress([given]) : undefined;
      if (!address || (!address.port && !(library in defaultPorts))) continue;
      const port = address.port ?? { is: 'literal' as const, value: defaultPorts[library]!, place: call.namePlace };
      const [ref] = tree.resolve(app?.(call) ?? { is: 'made', callee: call.callee, args: call.args, place: call.place });
      emitListen(call, { library, address: { ...address, port }, ...(ref ? { server: ref.key } : {}) }, program, emit);
    }
  }
  for (const call of program.callsNamed('bindAsync', 'bind')) {
    const address = /^(?:@grpc\/grpc-js|grpc)$/.test(call.package ?? '') && call.args[0] && hostAndPort(call.args[0]);
    if (address) emitListen(call, { library: '@grpc/grpc-js', address }, program, emit);
  }
}

/** A helper inside of the process: it listens on a port that the system picks, or only tries one. */
const isEphemeral = ({ place }: CallSite, program: ProgramView): boolean =>
  onlyTries({ is: 'unknown', place }, program) ||
  program
    .callsNamed('listen')
    .some(
      ({ on, args: [port] }) => on && serverKey(on) === serverKey({ is: 'unknown', place }) && port?.is === 'literal' && port.value === 0,
    );

/** One http-server for each application and plain server. */
function readServers(program: ProgramView, emit: Emit): void {
  const tree = routerTree(program);
  for (const call of program.callsOf(...routerPackages)) {
    const [ref] = tree.resolve({ is: 'made', callee: call.callee, args: call.args, place: call.place });
    if (ref && call.callee.is === 'package' && tree.mountings(ref.key).some(({ server }) => server === ref.key))
      emit('http-server', { ...call, place: call.namePlace }, { library: tree.library(ref.key)! });
  }
  for (const call of plainServers(program))
    if (!isEphemeral(call, program) && tree.resolve({ is: 'made', callee: call.callee, args: call.args, place: call.place }).length === 0)
      emit('http-server', { ...call, place: call.namePlace }, { library: 'http' });
  for (const call of program.callsOf('@nestjs/core', 'apollo-server', '@apollo/server', '@feathersjs/express')) {
    const starts = /^NestFactory\.create$|^ApolloServer$|startStandaloneServer$|^$/.test(call.path);
    if (call.path === 'NestFactory.create' && startsMicroservicesOnly(program)) continue;
    if (starts && (call.path !== '' || call.package === '@feathersjs/express'))
      emit('http-server', { ...call, place: call.namePlace }, { library: call.package! });
  }
}

/** Where a program accepts connections. */
export const servers: Recogniser = {
  id: 'servers',
  packages: [
    ...new Set([...serverOrigins.map(([name]) => name), ...configured.map((item) => item.package)]),
    '@nestjs/',
    'grpc',
    '@grpc/grpc-js',
  ],
  methods: ['listen', 'listenAsync', 'set', 'bindAsync', 'connectMicroservice', 'startAllMicroservices', 'startAllMicroservicesAsync'],
  // The application often comes from a module of its own.
  text: [/\.\s*listen(?:Async)?\s*\(/],
  recognise(program, emit) {
    readServers(program, emit);
    readListens(program, emit);
    readConfigured(program, emit);
    emitMicroservices(program, emit);
  },
};
