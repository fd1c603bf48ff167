import type { FactValues, Value } from '../../../facts.ts';
import { isTested } from '../options.ts';
import { anchor, type CallSite, type Emit, isNil, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { typeOf } from '../value-shapes.ts';
import { addressOf } from './addresses.ts';
import { isRouter, routersIn } from './router-tree.ts';
import { unreadFrameworks } from './unread-frameworks.ts';

interface Starter {
  readonly library: string;
  /** Position of the address. */
  readonly address?: number;
  /** Position of the listener that was made before. */
  readonly listener?: number;
  readonly handler?: number;
  /** The address is a field of what the method is called on. */
  readonly field?: true;
}
const starters: Readonly<Record<string, Starter>> = {
  'net/http.ListenAndServe': { library: 'net/http', address: 0, handler: 1 },
  'net/http.ListenAndServeTLS': { library: 'net/http', address: 0, handler: 3 },
  'net/http.Serve': { library: 'net/http', listener: 0, handler: 1 },
  'net/http.Server.ListenAndServe': { library: 'net/http', field: true },
  'net/http.Server.ListenAndServeTLS': { library: 'net/http', field: true },
  'net/http.Server.Serve': { library: 'net/http', field: true, listener: 0 },
  'net/http.Server.ServeTLS': { library: 'net/http', field: true, listener: 0 },
  'gin.Engine.Run': { library: 'gin', address: 0 },
  'gin.Engine.RunTLS': { library: 'gin', address: 0 },
  'gin.Engine.RunListener': { library: 'gin', listener: 0 },
  'echo.Echo.Start': { library: 'echo', address: 0 },
  'echo.Echo.StartTLS': { library: 'echo', address: 0 },
  'echo.Echo.StartAutoTLS': { library: 'echo', address: 0 },
  'echo.Echo.StartH2CServer': { library: 'echo', address: 0 },
  'fiber.App.Listen': { library: 'fiber', address: 0 },
  'fiber.App.ListenTLS': { library: 'fiber', address: 0 },
  'fiber.App.Listener': { library: 'fiber', listener: 0 },
  'grpc.Server.Serve': { library: 'grpc', listener: 0 },
  'github.com/valyala/fasthttp.ListenAndServe': { library: 'fasthttp', address: 0 },
  'github.com/valyala/fasthttp.Server.ListenAndServe': { library: 'fasthttp', address: 0 },
  'github.com/kataras/iris.Application.Listen': { library: 'iris', address: 0 },
  'github.com/fvbock/endless.ListenAndServe': { library: 'endless', address: 0, handler: 1 },
};

const aside = /metric|pprof|debug|profil|prometheus|telemetry|health|probe|admin|diagnos|internal_?server|expvar|readiness|liveness/i;
const asidePaths = /^\/(?:metrics|debug|pprof|health\w*|ready\w*|live\w*|status|ping|varz|-)/i;

/** The address of a listener: `net.Listen("tcp", ":8080")`. */
function listenerAddress(value: Value | undefined): Value | undefined {
  if (value?.is === 'choice') return value.options.map((option) => listenerAddress(option.value)).find(Boolean);
  if (value?.is !== 'made') return undefined;
  const isListen =
    value.callee.is === 'package' && /^(?:net|crypto\/tls)$/.test(value.callee.package) && /^Listen(?:TCP)?$/.test(value.callee.path);
  const isConfigured = value.callee.is === 'member' && value.callee.name === 'Listen';
  const [network] = value.args;
  const isSocket = network?.is === 'literal' && network.value === 'unix';
  if (isListen && !isSocket) return value.args[1];
  if (isConfigured) return value.args[2];
  // `netutil.LimitListener(l, n)`, `cmux.New(l)`.
  return value.args.map(listenerAddress).find(Boolean);
}

/** A field of a server that was made with a literal, or set later. */
function fieldOf(program: ProgramView, server: Value | undefined, name: string): Value | undefined {
  const options = server?.is === 'choice' ? server.options.map(({ value }) => value) : server ? [server] : [];
  for (const one of options) {
    const given = one.is === 'made' ? one.args[0] : undefined;
    if (given?.is === 'object' && Object.hasOwn(given.properties, name)) return given.properties[name];
  }
  const set = program.evaluator.index
    .fields(name)
    .map((one) => ({ one, holder: program.evaluator.name(one.own.target[0]!, one.path, one.own.within) }));
  const found = set.find(
    ({ holder }) =>
      holder &&
      typeOf(holder) === 'net/http.Server' &&
      options.some(({ place }) => place.line === holder.place.line && place.path === holder.place.path),
  );
  if (found) return program.evaluator.assignedOption(found.one).value;
  const literals = program.literalsOf('net/http.Server');
  return options.some((one) => one.is === 'made' && one.args.length > 0)
    ? undefined
    : literals.length === 1
      ? literals[0]!.field(name)
      : undefined;
}

export interface Listening {
  readonly call: CallSite;
  readonly library: string;
  readonly address: Value | undefined;
  readonly handler: Value | undefined;
  /** Serves metrics, profiles or probes only. */
  readonly isAside: boolean;
  /** Some option decides whether it listens. */
  readonly isOption: boolean;
}

function readStarter(call: CallSite, { library, address, listener, handler, field }: Starter, program: ProgramView): Listening {
  const { args, on } = call;
  const given = listener === undefined ? undefined : listenerAddress(args[listener]);
  const written = address === undefined ? undefined : args[address];
  const ofField = field && listener === undefined ? fieldOf(program, on, 'Addr') : undefined;
  const served = field ? fieldOf(program, on, 'Handler') : handler === undefined ? on : args[handler];
  const own = program.functions.find(({ id }) => id === call.within)?.own.name ?? '';
  const isAside = aside.test(own) || servesAside(served, program) || /autocert|acme/i.test(JSON.stringify(served ?? ''));
  return {
    call,
    library,
    address: written ?? given ?? ofField,
    handler: served,
    isAside,
    isOption: isTested(call.written.when) || program.isOption(call.within),
  };
}

/** What the handler of the whole process answers: `http.Handle("/metrics", …)`, and profiles once they are imported. */
function defaultServesAside(program: ProgramView): boolean {
  const registered = program.called('net/http.Handle', 'net/http.HandleFunc');
  const isProfiled = program.imported('net/http/pprof') !== undefined;
  const isAside = registered.every(({ args }) => asidePaths.test((textOf(args[0]) ?? '').replace(/^GET /, '')));
  return isAside && (registered.length > 0 || isProfiled);
}

/** All that the handler answers is there for operators. */
function servesAside(handler: Value | undefined, program: ProgramView): boolean {
  if (handler && isNil(handler)) return defaultServesAside(program);
  if (handler?.is === 'made' && /promhttp\.Handler/.test(targetText(handler))) return true;
  const routers = new Set(routersIn(handler).map(({ place }) => `${place.path}:${place.line}:${place.column}`));
  if (routers.size === 0) return false;
  const registered = program.calls.filter(
    ({ name, on }) =>
      /^Handle(?:Func)?$|^(?:GET|Get)$/.test(name) &&
      routersIn(on).some(({ place }) => routers.has(`${place.path}:${place.line}:${place.column}`)),
  );
  return registered.length > 0 && registered.every(({ args }) => asidePaths.test((textOf(args[0]) ?? '').replace(/^GET /, '')));
}
const targetText = (value: Extract<Value, { is: 'made' }>): string =>
  value.callee.is === 'package' ? `${value.callee.package}.${value.callee.path}` : '';

const known = new WeakMap<ProgramView, readonly Listening[]>();
/** Where the program accepts connections. */
export function findListening(program: ProgramView): readonly Listening[] {
  const found = known.get(program) ?? readListening(program);
  known.set(program, found);
  return found;
}

function readListening(program: ProgramView): readonly Listening[] {
  const all = program.calls.flatMap((call) => {
    const starter = call.target !== undefined && Object.hasOwn(starters, call.target) ? starters[call.target] : undefined;
    return starter ? [readStarter(call, starter, program)] : [];
  });
  const started = all.filter(({ call }) => program.runsAtStart(call.within));
  const chosen = started.length > 0 ? started : all;
  // One of them is what the program is there for, unless a server that is not read is.
  const isAllAside = chosen.every(({ isAside }) => isAside) && program.importedLike(unreadFrameworks) === undefined;
  return isAllAside ? chosen.map((one) => ({ ...one, isAside: false })) : chosen;
}

/** The framework behind a handler. */
const frameworkOf = (handler: Value | undefined): string | undefined =>
  routersIn(handler)
    .map((value) => typeOf(value)?.split('.')[0])
    .find((name) => name !== undefined && isRouter(name));

function emitListening(
  { call, library, address, handler, isAside, isOption }: Listening,
  hasOthers: boolean,
  isDefault: (value: Value | undefined) => boolean,
  emit: Emit,
): void {
  const at = { ...anchor(call), place: call.namePlace };
  const framework = library === 'net/http' ? (frameworkOf(handler) ?? library) : library;
  const given = library === 'gin' && call.name === 'Run' && !address ? ginDefault(call) : addressOf(address);
  // What a file of settings may replace says nothing certain.
  const [port, host] = [given.port, given.host].map((one) => (isDefault(one) ? undefined : one));
  const purpose: FactValues['listen']['purpose'] = isAside ? 'metrics' : 'main';
  // Beside another address, the ports of the web are for redirects and certificates.
  const isSecond = hasOthers && port?.is === 'literal' && (Number(port.value) === 80 || Number(port.value) === 443);
  const isKnownHost = host && !isOption && !(host.is === 'literal' && host.value === '');
  emit(
    'listen',
    at,
    { library: framework, port: port ?? { is: 'unknown', place: call.place }, ...(isKnownHost ? { host } : {}), purpose },
    isOption || isSecond ? 'guess' : 'certain',
  );
  if (!isAside && library !== 'grpc') emit('http-server', at, { library: framework });
}

/** `Run()` listens on the port that `PORT` gives, or on 8080 (gin, `resolveAddress`). */
const ginDefault = ({ place }: CallSite): { readonly port: Value; readonly host?: Value } => ({
  port: { is: 'env', name: 'PORT', fallback: { is: 'literal', value: 8080, place }, place },
});

/** What serves requests, and on which address. */
export const servers: Recogniser = {
  id: 'servers',
  recognise(program, emit) {
    const all = findListening(program);
    const { settings } = program.evaluator;
    const isDefault = (value: Value | undefined): boolean =>
      value?.is === 'choice' && value.options.some(({ value: one }) => one.is === 'literal' && settings?.isDefault(one.place) === true);
    for (const one of all) emitListening(one, all.length > 1, isDefault, emit);
    const unread = all.length > 0 && all.every(({ isAside }) => isAside) ? program.importedLike(unreadFrameworks) : undefined;
    // Beside what serves operators, a server listens that nobody has read.
    if (unread)
      emit('listen', { place: unread }, { library: 'net/http', port: { is: 'unknown', place: unread }, purpose: 'main' }, 'guess');
  },
};
