import type { Node } from '@babel/types';
import type { Value } from '../../../facts.ts';
import type { SyntaxPass } from '../context.ts';
import { memberPath } from '../node-shapes.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';

/** Packages that close servers when the process is told to stop, with the option that holds the time they take and its unit. */
const helpers: Readonly<Record<string, { readonly option?: string; readonly milliseconds?: number }>> = {
  'close-with-grace': { option: 'delay', milliseconds: 10_000 },
  'http-graceful-shutdown': { option: 'timeout', milliseconds: 30_000 },
  '@godaddy/terminus': { option: 'timeout', milliseconds: 1_000 },
  'http-terminator': { option: 'gracefulTerminationTimeout', milliseconds: 5_000 },
  lightship: { option: 'shutdownHandlerTimeout', milliseconds: 5_000 },
  'fastify-graceful-shutdown': { option: 'timeout' },
  'hapi-pulse': { option: 'timeout', milliseconds: 5_000 },
  exiting: {},
  '@gquittet/graceful-server': { option: 'timeout' },
  'node-graceful-shutdown': {},
  'node-graceful': {},
  'koa-graceful-shutdown': {},
  'express-graceful-shutdown': {},
  'express-graceful-exit': {},
  'server-destroy': {},
  'async-exit-hook': {},
  'exit-hook': {},
  'nestjs-graceful-shutdown': {},
  'moleculer-runner': {},
};

/** Frameworks whose own start command stops on SIGTERM, when no custom server takes its place. */
const frameworks: readonly string[] = [
  'next',
  'nuxt',
  'nuxt3',
  'nitropack',
  '@sveltejs/adapter-node',
  '@strapi/strapi',
  '@adonisjs/core',
  'moleculer',
  'egg',
  'sails',
  '@fastify/cli',
  'fastify-cli',
  '@react-router/serve',
  '@remix-run/serve',
];

/** `await once(process, 'SIGTERM')`: what follows runs when the process is told to stop. */
const waiting: Readonly<Record<string, RegExp>> = { events: /(?:^|\.)once$/, 'p-event': /^(?:default|pEvent)?$/ };

const stopSignals = new Set(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']);
/** Calls by which a handler lets work end. */
const closingNames =
  /^(?:close|stop|shutdown|shutDown|destroy|end|quit|disconnect|terminate|drain|lower|dispose|cleanup|cleanUp|gracefulShutdown|onShutdown|onExit)$/i;

/** `app.closeServer()`, `pool.endAll()`: what is called may be anything, but its name says what it does. */
const closingVerbs = /^(?:close|stop|shut_?down|destroy|disconnect|terminate|drain|dispose|clean_?up|tear_?down)/i;
/** Numbers of the functions that call something by such a name, whatever it is called on. */
export const closingFunctions: SyntaxPass = {
  id: 'closing-functions',
  text: [/\bSIGTERM\b|\bSIGINT\b/],
  run: (view) => [
    ...new Set(
      view.nodes('CallExpression', 'OptionalCallExpression').flatMap((node) => {
        const { within } = view.contextOf(node);
        const name = within === undefined ? undefined : memberPath(node.callee as Node)?.path.at(-1);
        return within !== undefined && name !== undefined && closingVerbs.test(name) ? [within] : [];
      }),
    ),
  ],
};

const literalText = (value: Value | undefined): string | undefined =>
  value?.is === 'literal' && typeof value.value === 'string' ? value.value : undefined;

/** Signals that `process.on(signal, …)` names; those of a loop over names are found by the text of the file. */
function signalsOf(first: Value | undefined, call: CallSite, program: ProgramView): string[] {
  const named = literalText(first);
  if (named !== undefined) return stopSignals.has(named) ? [named] : [];
  if (first?.is === 'literal') return [];
  const text = program.text(call.place.path) ?? '';
  return [...stopSignals].filter((signal) => text.includes(signal));
}

/** Longest literal delay of a timer in the handler, in seconds: the moment at which it gives up. */
function secondsOf(calls: readonly CallSite[]): number | undefined {
  const delays = calls.flatMap((call) => {
    const delay = call.package === '' && call.path === 'setTimeout' ? call.args[1] : undefined;
    return delay?.is === 'literal' && typeof delay.value === 'number' ? [delay.value / 1000] : [];
  });
  return delays.length > 0 ? Math.max(...delays) : undefined;
}

/** What the handler does, over the functions that it calls. */
function readHandler(value: Value | undefined, program: ProgramView): { closes: boolean | 'unknown'; seconds?: number } {
  if (value?.is !== 'function') return { closes: 'unknown' };
  const reached = program.reached([value.id]);
  const calls = program.calls.filter((call) => call.within !== undefined && reached.has(call.within));
  const seconds = secondsOf(calls);
  const closes = calls.some((call) => closingNames.test(call.name));
  const leaves = calls.some((call) => call.package === '' && /^process\.(?:exit|kill|abort)$/.test(call.path));
  // A handler without a call that could be read may close what a parameter or a library gives it.
  const others = calls.some((call) => call.package !== '' || !/^(?:process|console|setTimeout)/.test(call.path));
  const named = program.pass<number>(closingFunctions.id).some(({ path, item }) => reached.has(`${path}#${item}`));
  return { closes: closes ? true : leaves && !others && !named ? false : 'unknown', ...(seconds === undefined ? {} : { seconds }) };
}

function optionSeconds(call: CallSite, option: string | undefined, fallback: number | undefined): number | undefined {
  const options = call.args.find((argument) => argument.is === 'object');
  const given = option && options?.is === 'object' ? options.properties[option] : undefined;
  if (given?.is === 'literal' && typeof given.value === 'number') return given.value / 1000;
  return given || fallback === undefined ? undefined : fallback / 1000;
}

/** Who listens to SIGTERM: `process.on`, Nest's shutdown hooks, helper packages, frameworks. */
export const shutdown: Recogniser = {
  id: 'shutdown',
  packages: [
    ...Object.keys(helpers),
    '@nestjs/core',
    '@apollo/server',
    'apollo-server',
    'apollo-server-core',
    'stoppable',
    'death',
    'http-shutdown',
    'process',
  ],
  methods: ['enableShutdownHooks', 'close', 'stop', 'shutdown', 'destroy', 'terminate'],
  text: [/\bSIGTERM\b|\bSIGINT\b/],
  passes: [closingFunctions],
  recognise(program, emit) {
    for (const call of program.callsNamed('on', 'once', 'addListener', 'addSignalListener', 'prependListener')) {
      const isOnProcess =
        (call.package === '' && call.path.startsWith('process.')) || (call.package === 'process' && !call.path.includes('.'));
      const signals = isOnProcess ? signalsOf(call.args[0], call, program) : [];
      if (signals.length > 0)
        emit(
          'shutdown-handler',
          { ...call, place: call.namePlace },
          { library: 'process', signals, ...readHandler(call.args[1], program) },
        );
    }
    for (const call of program.callsNamed('enableShutdownHooks')) {
      emit(
        'shutdown-handler',
        { ...call, place: call.namePlace },
        { library: '@nestjs/core', signals: ['SIGTERM', 'SIGINT'], closes: true },
      );
    }
    for (const [library, { option, milliseconds }] of Object.entries(helpers)) {
      const [call] = program.callsOf(library);
      // A plugin is only handed over: `server.register(pulse)`.
      const place = call?.namePlace ?? program.imports.get(library);
      if (!place) continue;
      const seconds = call && optionSeconds(call, option, milliseconds);
      emit(
        'shutdown-handler',
        { ...call, place },
        { library, signals: ['SIGTERM'], closes: true, ...(seconds === undefined ? {} : { seconds }) },
      );
    }
    emitAwaited(program, emit);
    for (const call of program.callsOf('death'))
      emit(
        'shutdown-handler',
        { ...call, place: call.namePlace },
        { library: 'death', signals: ['SIGTERM', 'SIGINT'], ...readHandler(call.args[0], program) },
      );
    emitApollo(program, emit);
    emitFrameworks(program, emit);
  },
};

const isProcess = (value: Value | undefined): boolean =>
  value?.is === 'package' && (value.package === '' ? value.path === 'process' : value.package === 'process' && value.path === '');

function emitAwaited(program: ProgramView, emit: Emit): void {
  for (const [library, path] of Object.entries(waiting)) {
    for (const call of program.callsOf(library)) {
      if (!path.test(call.path) || !isProcess(call.args[0])) continue;
      const signals = signalsOf(call.args[1], call, program);
      if (signals.length > 0) emit('shutdown-handler', { ...call, place: call.namePlace }, { library, signals, closes: 'unknown' });
    }
  }
}

/**
 * Apollo Server stops on SIGTERM unless `stopOnTerminationSignals` is false, and drains the HTTP server that it started itself or that
 * a plugin was given (apollographql.com/docs, "API Reference: ApolloServer").
 */
function emitApollo(program: ProgramView, emit: Emit): void {
  const calls = program.callsOf('@apollo/server', 'apollo-server', 'apollo-server-core');
  const drains = calls.find(
    ({ path, package: library, name }) =>
      /(?:^|\.)(?:startStandaloneServer|ApolloServerPluginDrainHttpServer)$/.test(path) ||
      (library === 'apollo-server' && name === 'listen'),
  );
  const isOff = calls.some(({ path, args: [options] }) => {
    const given =
      /(?:^|\.)ApolloServer$/.test(path) && options?.is === 'object' ? options.properties['stopOnTerminationSignals'] : undefined;
    return given !== undefined && !(given.is === 'literal' && given.value === true);
  });
  if (!drains || isOff) return;
  emit(
    'shutdown-handler',
    { ...drains, place: drains.namePlace },
    { library: drains.package!, signals: ['SIGTERM', 'SIGINT'], closes: true },
  );
}

function emitFrameworks(program: ProgramView, emit: Emit): void {
  const ownServer = program.calls.some((call) => call.name === 'listen' && call.package !== undefined && call.package !== '@adonisjs/core');
  const [entry] = program.files;
  const framework = frameworks.find((name) => program.dependencies.has(name));
  if (!framework || ownServer || entry === undefined) return;
  const place = program.imports.get(framework) ?? { path: entry, line: 1, column: 1, endLine: 1, endColumn: 1 };
  emit('shutdown-handler', { place }, { library: framework, signals: ['SIGTERM'], closes: true }, 'likely');
}
