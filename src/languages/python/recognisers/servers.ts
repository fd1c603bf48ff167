import type { FactValues, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { Entry } from '../../language.ts';
import { type CallSite, type Emit, isTrue, type ProgramView, type Recogniser } from '../recogniser.ts';
import { readBinding } from './server-commands.ts';

/** Applications by what makes them. */
const applications: readonly (readonly [RegExp, string])[] = [
  [/^flask\.(?:app\.)?Flask$/, 'flask'],
  [/^quart\.Quart$/, 'quart'],
  [/^fastapi\.(?:applications\.)?FastAPI$/, 'fastapi'],
  [/^starlette\.applications\.Starlette$/, 'starlette'],
  [/^aiohttp\.web\.Application$/, 'aiohttp'],
  [/^sanic\.(?:app\.)?Sanic$/, 'sanic'],
  [/^tornado\.web\.Application$/, 'tornado'],
  [/^bottle\.Bottle$/, 'bottle'],
  [/^falcon\.(?:App|API|asgi\.App)$/, 'falcon'],
  [/^litestar\.Litestar$/, 'litestar'],
  [/^connexion\.(?:App|FlaskApp|AsyncApp|FlaskApp)$/, 'connexion'],
  [/^dash\.Dash$/, 'dash'],
  [/^http\.server\.(?:HTTPServer|ThreadingHTTPServer)$/, 'http.server'],
  [/^django\.core\.(?:wsgi\.get_wsgi_application|asgi\.get_asgi_application)$/, 'django'],
];
export const applicationLibrary = (dotted: string | undefined): string | undefined =>
  dotted === undefined ? undefined : applications.find(([pattern]) => pattern.test(dotted))?.[1];

/** Commands whose process takes work from a queue and serves no requests. */
const workers =
  /^(?:celery|rq|rqworker|dramatiq|arq|huey_consumer(?:\.py)?|taskiq|faust|qcluster|process_tasks|run_huey|celery_worker|runworker|procrastinate)$/;
export const isWorker = ({ command }: Entry): boolean =>
  (command?.words ?? []).some((word) => workers.test(word.slice(word.lastIndexOf('/') + 1)));

/** True when some command serves the program, or may do so. */
export const servesHttp = ({ entries }: ProgramView): boolean => entries.some((entry) => !isWorker(entry));

/** Calls that start to listen in the code itself. */
interface Starter {
  readonly pattern: RegExp;
  readonly library: string;
  readonly host: number;
  readonly port: number;
  readonly defaultPort?: number;
  readonly defaultHost?: string;
  /** Listens to SIGTERM by itself and lets requests end. */
  readonly graceful?: true;
  readonly purpose?: FactValues['listen']['purpose'];
}
const starters: readonly Starter[] = [
  { pattern: /^flask\.Flask\(\)\.run$/, library: 'flask', host: 0, port: 1, defaultPort: 5000, defaultHost: '127.0.0.1' },
  { pattern: /^quart\.Quart\(\)\.run$/, library: 'quart', host: 0, port: 1, defaultPort: 5000, defaultHost: '127.0.0.1' },
  {
    pattern: /^flask_socketio\.SocketIO\(\)\.run$/,
    library: 'flask-socketio',
    host: 1,
    port: 2,
    defaultPort: 5000,
    defaultHost: '127.0.0.1',
  },
  {
    pattern: /^uvicorn\.(?:run|Config)$/,
    library: 'uvicorn',
    host: 1,
    port: 2,
    defaultPort: 8000,
    defaultHost: '127.0.0.1',
    graceful: true,
  },
  { pattern: /^aiohttp\.web\.run_app$/, library: 'aiohttp', host: 1, port: 2, defaultPort: 8080, graceful: true },
  {
    pattern: /^sanic\.(?:app\.)?Sanic\(\)\.run$/,
    library: 'sanic',
    host: 0,
    port: 1,
    defaultPort: 8000,
    defaultHost: '127.0.0.1',
    graceful: true,
  },
  { pattern: /^waitress\.serve$/, library: 'waitress', host: 9, port: 9, defaultPort: 8080 },
  { pattern: /^bottle\.(?:Bottle\(\)\.)?run$/, library: 'bottle', host: 9, port: 9, defaultPort: 8080, defaultHost: '127.0.0.1' },
  { pattern: /^tornado\.(?:web\.Application|httpserver\.HTTPServer)\(\)\.listen$/, library: 'tornado', host: 1, port: 0 },
  { pattern: /^dash\.Dash\(\)\.run(?:_server)?$/, library: 'dash', host: 0, port: 1, defaultPort: 8050, defaultHost: '127.0.0.1' },
  {
    pattern: /^prometheus_client\.(?:exposition\.)?(?:start_http_server|start_wsgi_server)$/,
    library: 'prometheus_client',
    host: 1,
    port: 0,
    purpose: 'metrics',
  },
];
/** Servers that take `(host, port)`. */
const pairStarters: readonly (readonly [RegExp, string])[] = [
  [/^gevent\.pywsgi\.WSGIServer$/, 'gevent'],
  [/^http\.server\.(?:HTTPServer|ThreadingHTTPServer)$/, 'http.server'],
  [/^wsgiref\.simple_server\.make_server$/, 'wsgiref'],
  [/^eventlet\.listen$/, 'eventlet'],
];
/** Servers whose own handling of SIGTERM was not looked into. */
const anySignals = ['SIGTERM', 'SIGINT'];

const literal = (value: string | number, place: Place): Value => ({ is: 'literal', value, place });

/** `uvicorn.run('shop:app', reload=True)` in the file that a command starts. */
const reloads = (call: CallSite, program: ProgramView): boolean =>
  isTrue(call.named('reload')) && program.entries.some(({ path, command }) => command !== undefined && path === call.path);

function emitStarter(call: CallSite, starter: Starter, program: ProgramView, emit: Emit): void {
  const place = call.namePlace;
  const port =
    call.argument('port', starter.port) ??
    (starter.defaultPort === undefined || call.written.call.open ? undefined : literal(starter.defaultPort, place));
  const host =
    call.argument('host', starter.host) ??
    call.named('address') ??
    (starter.defaultHost === undefined || call.written.call.open ? undefined : literal(starter.defaultHost, place));
  const at = { ...anchor(call), place };
  emit('listen', at, {
    library: starter.library,
    ...(port ? { port } : {}),
    ...(host ? { host } : {}),
    purpose: starter.purpose ?? 'main',
    ...(reloads(call, program) && { reloads: true as const }),
  });
  if (starter.purpose !== 'metrics')
    emit('shutdown-handler', at, { library: starter.library, signals: anySignals, closes: starter.graceful ? true : 'unknown' });
}

function emitPair(call: CallSite, library: string, emit: Emit): void {
  const [first, second] = call.args;
  const [host, port] = first?.is === 'list' ? first.items : library === 'wsgiref' ? [first, second] : [];
  const at = { ...anchor(call), place: call.namePlace };
  const isAll = host?.is === 'literal' && host.value === '';
  emit('listen', at, { library, ...(port ? { port } : {}), ...(host && !isAll ? { host } : {}), purpose: 'main' });
  emit('shutdown-handler', at, { library, signals: anySignals, closes: 'unknown' });
}

export const anchor = (call: CallSite) => ({
  place: call.place,
  when: call.when,
  ...(call.within === undefined ? {} : { within: call.within }),
});

/** `bind` and the like of the configuration file that gunicorn reads. */
function fromConfig(program: ProgramView, entry: Entry): Value | undefined {
  const { words = [] } = entry.command ?? {};
  const at = words.findIndex((word) => word === '-c' || word === '--config');
  const named = (at >= 0 ? words[at + 1] : undefined) ?? words.find((word) => word.startsWith('--config='))?.slice(9) ?? 'gunicorn.conf.py';
  const file = named.replace(/^(?:python:|file:)|^\.?\/+(?:\w+\/)*/g, '');
  const path = [program.root === '' ? file : `${program.root}/${file}`].find((one) => program.has(one));
  if (path === undefined)
    return at >= 0 || words.some((word) => word.startsWith('--config=')) ? { is: 'unknown', place: entry.command!.place } : undefined;
  return program.evaluator.name('bind', path);
}

function emitCommand(program: ProgramView, entry: Entry, emit: Emit): void {
  const { command } = entry;
  const binding =
    command && readBinding(command, () => fromConfig(program, entry), program.imported('django', 'flask_script') !== undefined);
  if (!command || !binding) return;
  const { library, port, host, graceful } = binding;
  const at = { place: command.place };
  emit('listen', at, { library, ...(port ? { port } : {}), ...(host ? { host } : {}), purpose: 'main' });
  emit('shutdown-handler', at, { library, signals: anySignals, closes: graceful ? true : 'unknown' });
}

function emitDjango(program: ProgramView, emit: Emit): void {
  const [urls] = program.settings('ROOT_URLCONF');
  if (urls && !program.calls.some(({ dotted }) => /^django\.core\.(?:wsgi|asgi)\./.test(dotted ?? '')))
    emit('http-server', urls, { library: 'django' });
}

/** What serves requests, on which address: in the code, or as its command says. */
export const servers: Recogniser = {
  id: 'servers',
  recognise(program, emit) {
    for (const call of program.calls) {
      if (call.dotted === undefined) continue;
      if (call.dotted === 'signal.signal' || call.dotted.endsWith('.add_signal_handler')) emitSignal(call, emit);
      if (!servesHttp(program)) continue;
      const library = applicationLibrary(call.dotted);
      if (library) emit('http-server', { ...anchor(call), place: call.namePlace }, { library });
      if (!program.runsAtStart(call.within)) continue;
      const starter = starters.find(({ pattern }) => pattern.test(call.dotted!));
      if (starter) emitStarter(call, starter, program, emit);
      const pair = pairStarters.find(([pattern]) => pattern.test(call.dotted!));
      if (pair) emitPair(call, pair[1], emit);
      if (/^grpc\.(?:aio\.)?server\(\)\.add_(?:in)?secure_port$/.test(call.dotted)) emitGrpc(call, emit);
    }
    if (!servesHttp(program)) return;
    emitDjango(program, emit);
    for (const entry of program.entries) emitCommand(program, entry, emit);
  },
};

function emitSignal(call: CallSite, emit: Emit): void {
  const name = /SIG\w+/.exec(JSON.stringify(call.written.call.args[0] ?? ''))?.[0];
  if (name) emit('shutdown-handler', anchor(call), { library: 'signal', signals: [name], closes: 'unknown' });
}

function emitGrpc(call: CallSite, emit: Emit): void {
  const [address] = call.args;
  const text = address?.is === 'literal' ? /:(\d+)$/.exec(String(address.value))?.[1] : undefined;
  const last = address?.is === 'text' ? address.parts.at(-1) : undefined;
  const port = text ? literal(Number(text), address!.place) : last;
  const at = { ...anchor(call), place: call.namePlace };
  emit('listen', at, { library: 'grpc', ...(port ? { port } : { port: { is: 'unknown', place: call.place } }), purpose: 'main' });
  emit('shutdown-handler', at, { library: 'grpc', signals: anySignals, closes: 'unknown' });
}
