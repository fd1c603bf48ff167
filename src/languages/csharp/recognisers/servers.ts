import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { CallView } from '../names.ts';
import { isOnIis, isWeb } from '../projects.ts';
import { argumentOf, type Emit, lambdaOf, optionOf, type ProgramView, placeAt, placeOf, type Recogniser } from '../recogniser.ts';
import { variableOf } from '../settings.ts';
import { type Listening, readListening } from './addresses.ts';

export const library = 'ASP.NET Core';
/** What the model makes of ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS, `--urls` and the base image (`model/dotnet-ports.ts`). */
const givenPort = 'ASPNETCORE_URLS:port';

const hostBuilders =
  /^(?:CreateBuilder|CreateSlimBuilder|CreateEmptyBuilder|CreateDefaultBuilder|CreateApplicationBuilder|WebHostBuilder|HostBuilder)$/;
const hostTypes = /^(?:WebApplication|WebHost|Host)$/;

/** Where the program makes its host. */
export const hostCalls = (view: ProgramView): readonly CallView[] =>
  view
    .callsNamed('CreateBuilder', 'CreateSlimBuilder', 'CreateEmptyBuilder', 'CreateDefaultBuilder', 'CreateApplicationBuilder')
    .filter(({ call }) => hostBuilders.test(call.name) && call.on?.is === 'name' && hostTypes.test(call.on.path.at(-1) ?? ''));

export function serverPlace(view: ProgramView): Place | undefined {
  const hosts = hostCalls(view);
  const web =
    hosts.find(({ call }) => call.on?.is === 'name' && /^Web/.test(call.on.path.at(-1) ?? '')) ??
    view.callsNamed('ConfigureWebHostDefaults', 'ConfigureWebHost', 'UseKestrel', 'UseStartup')[0];
  if (web) return placeOf(web);
  // A tool may be built of a web application without being one.
  return isWeb(view.project.dotnet) && hosts[0] ? placeOf(hosts[0]) : undefined;
}

const seconds: Readonly<Record<string, number>> = { FromSeconds: 1, FromMinutes: 60, FromMilliseconds: 0.001 };
/** `TimeSpan.FromSeconds(30)`. */
export function secondsOf(value: Value | undefined): number | undefined {
  if (value?.is !== 'made' || value.callee.is !== 'package') return undefined;
  const unit = seconds[value.callee.path.replace(/^.*\./, '')];
  const [first] = value.args;
  return unit !== undefined && first?.is === 'literal' && typeof first.value === 'number' ? first.value * unit : undefined;
}

function shutdownSeconds(view: ProgramView): number | undefined {
  for (const call of view.callsNamed('Configure', 'UseShutdownTimeout')) {
    const value = call.call.name === 'Configure' ? optionOf(view, call, 'ShutdownTimeout') : view.evaluator.value(call.call.args[0], call);
    const found = secondsOf(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Ports that the code itself names. */
function ownListens(view: ProgramView): readonly { readonly call: CallView; readonly listening: Listening | undefined }[] {
  const listens: { call: CallView; listening: Listening | undefined }[] = [];
  const add = (call: CallView, value: Value) => {
    const read = readListening(value);
    if (read) for (const listening of read) listens.push({ call, listening });
    else listens.push({ call, listening: undefined });
  };
  for (const call of view.callsNamed('UseUrls')) for (const argument of call.call.args) add(call, view.evaluator.value(argument, call));
  for (const call of view.callsNamed('Run', 'RunAsync')) {
    const [first] = call.call.args;
    if (first && call.call.args.length === 1 && first.is !== 'lambda' && /^(?:literal|text|name|else)$/.test(first.is)) {
      const value = view.evaluator.value(first, call);
      if (readListening(value)) add(call, value);
    }
  }
  for (const call of view.callsNamed('Add'))
    if (call.call.on?.is === 'name' && call.call.on.path.at(-1) === 'Urls') add(call, view.evaluator.value(call.call.args[0], call));
  for (const call of view.callsNamed('ListenAnyIP', 'ListenLocalhost', 'Listen')) {
    const isPlain = call.call.name !== 'Listen';
    const port = view.evaluator.value(argumentOf(call, isPlain ? 0 : 1, 'port'), call);
    const { place } = port;
    const host: Value | undefined = call.call.name === 'ListenLocalhost' ? { is: 'literal', value: 'localhost', place } : undefined;
    const lambda = lambdaOf(view, call);
    const isSecure = lambda?.method.calls.some((one) => one.call.name === 'UseHttps') === true;
    if (isPlain || call.call.args.length > 1) listens.push({ call, listening: { port, ...(host ? { host } : {}), isSecure } });
  }
  return listens;
}

/** Endpoints that appsettings.json names win over addresses. */
const settingListens = (view: ProgramView): readonly { readonly value: Value; readonly place: Place; readonly variable: string }[] =>
  view.settings.all
    .filter(
      ({ key, profile }) => /^(?:Kestrel:Endpoints:[^:]+:Url|urls)$/i.test(key) && (profile === undefined || /^production$/i.test(profile)),
    )
    .map((setting) => ({
      value: { is: 'literal', value: setting.text, place: setting.place },
      place: setting.place,
      variable: variableOf(setting.key),
    }));

const isGuarded = ({ written, method }: CallView): boolean => (written.when ?? method.when ?? []).length > 0;

function emitListens(view: ProgramView, place: Place, emit: Emit): void {
  const settings = settingListens(view).flatMap(({ value, place: at, variable }) =>
    (readListening(value) ?? []).map((listening) => ({ listening, at, variable })),
  );
  const own = ownListens(view);
  for (const { listening, at, variable } of settings) {
    const purpose = 'main';
    // A variable wins over the file: `Kestrel__Endpoints__Http__Url`.
    emit('listen', at, { library, purpose, ...partsOf(listening) }, { when: [{ env: variable, test: 'unset' }] });
    emit('listen', at, { library, purpose }, { when: [{ env: variable, test: 'set' }] });
  }
  for (const { call, listening } of own)
    emit(
      'listen',
      placeOf(call),
      { library, purpose: 'main', ...(listening ? partsOf(listening) : {}) },
      // Under a test that says nothing here, it may be for developers alone.
      { when: view.conditions(call), confidence: isGuarded(call) && view.conditions(call).length === 0 ? 'guess' : 'certain' },
    );
  const isSettled = settings.length > 0 || own.some(({ call }) => !isGuarded(call) && view.conditions(call).length === 0);
  if (!isSettled) emit('listen', place, { library, purpose: 'main', port: { is: 'env', name: givenPort, place } });
}
const partsOf = ({ port, host }: Listening) => ({ ...(port ? { port } : {}), ...(host ? { host } : {}) });

/** A server of the base library that stands by itself. */
function emitBareListener(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('Add')) {
    if (call.call.on?.is !== 'name' || call.call.on.path.at(-1) !== 'Prefixes') continue;
    const [listening] = readListening(view.evaluator.value(call.call.args[0], call)) ?? [];
    emit('http-server', placeOf(call), { library: 'HttpListener' });
    emit('listen', placeOf(call), { library: 'HttpListener', purpose: 'main', ...(listening ? partsOf(listening) : {}) });
  }
}

/** Hosts close their servers and services by themselves when they are asked to stop. */
function emitShutdown(view: ProgramView, place: Place, emit: Emit): void {
  const limit = shutdownSeconds(view);
  emit('shutdown-handler', place, {
    library: '.NET host',
    signals: ['SIGTERM', 'SIGINT'],
    closes: true,
    ...(limit === undefined ? {} : { seconds: limit }),
  });
}

/** Handlers that a program without a host registers for itself. */
function emitOwnHandlers(view: ProgramView, emit: Emit): void {
  for (const { path, method } of view.running)
    for (const { target, how, at } of method.assignments) {
      const signals =
        target.at(-1) === 'CancelKeyPress'
          ? ['SIGINT']
          : target.at(-1) === 'ProcessExit' || target.at(-1) === 'Unloading'
            ? ['SIGTERM']
            : [];
      if (how === 'change' && signals.length > 0)
        emit('shutdown-handler', placeAt(path, at), { library: 'process', signals, closes: 'unknown' });
    }
  for (const call of view.callsNamed('Create'))
    if (call.call.on?.is === 'name' && call.call.on.path.at(-1) === 'PosixSignalRegistration')
      emit('shutdown-handler', placeOf(call), { library: 'process', signals: ['SIGTERM'], closes: 'unknown' });
}

/** The server of ASP.NET Core, its ports, and how its host stops. */
export const servers: Recogniser = {
  text: [
    'UseUrls',
    'ListenAnyIP',
    'ListenLocalhost',
    '.Urls.Add',
    'Prefixes.Add',
    'CreateBuilder',
    'CreateDefaultBuilder',
    'ConfigureWebHost',
    'UseKestrel',
    'ShutdownTimeout',
    'CancelKeyPress',
    'ProcessExit',
    'PosixSignalRegistration',
  ],
  recognise(view, emit) {
    const place = serverPlace(view);
    if (isOnIis(view.project.dotnet)) {
      // IIS listens for it, and stops it.
      emit('http-server', view.start, { library: 'IIS' });
      emit('shutdown-handler', view.start, { library: 'IIS', signals: ['SIGTERM'], closes: true });
    } else if (place) {
      emit('http-server', place, { library });
      emitListens(view, place, emit);
    } else emitBareListener(view, emit);
    const host = place ?? hostCalls(view).map(placeOf)[0];
    if (host && !isOnIis(view.project.dotnet)) emitShutdown(view, host, emit);
    else if (!isOnIis(view.project.dotnet)) emitOwnHandlers(view, emit);
  },
};
