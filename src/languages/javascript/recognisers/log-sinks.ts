import type { Condition, FactValues, Value } from '../../../facts.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { addressAmong, alternatives, anchored, objectsOf, option, textOf } from './databases-options.ts';
import { isScratch, pathValue } from './file-writes-paths.ts';

type Sink = FactValues['log-sink'];
interface Found {
  readonly call: CallSite;
  readonly sink: Sink['sink'];
  readonly library: string;
  readonly target?: Value;
  /** Points at the setting that says so; the call otherwise. */
  readonly at?: Value;
  readonly when?: readonly Condition[];
}

/** Calls that make a sink by themselves, by their way from the package. */
const makers: Readonly<Record<string, readonly (readonly [RegExp, Sink['sink']])[]>> = {
  winston: [
    [/(?:^|\.)transports\.(?:File|DailyRotateFile)$/, 'file'],
    [/(?:^|\.)transports\.Console$/, 'console'],
    [/(?:^|\.)transports\.(?:Http|Stream|Syslog)$/, 'network'],
    [/(?:^|\.)add$/, 'unknown'],
  ],
  'winston-daily-rotate-file': [[/^(?:default)?$/, 'file']],
  'rotating-file-stream': [[/^(?:default\.)?(?:createStream)?$/, 'file']],
  'file-stream-rotator': [[/^(?:default\.)?getStream$/, 'file']],
  tracer: [[/^(?:default\.)?dailyfile$/, 'file']],
  'simple-node-logger': [[/^(?:default\.)?create(?:SimpleFile|RollingFile)Logger$/, 'file']],
  'log-to-file': [[/^(?:default)?$/, 'file']],
  'pino-roll': [[/^(?:default)?$/, 'file']],
};
const targetNames = ['filename', 'file', 'logFilePath', 'path', 'dest', 'destination', 'root'];

function madeSinks(program: ProgramView): Found[] {
  return Object.entries(makers).flatMap(([library, kinds]) =>
    program.callsOf(library).flatMap((call): Found[] => {
      const sink = call.how === 'decorator' ? undefined : kinds.find(([path]) => path.test(call.path))?.[1];
      if (!sink || sink === 'unknown') return [];
      const options = call.args.flatMap((argument) => objectsOf(argument, program))[0]?.object;
      const named = options ? option(options, ...targetNames) : addressAmong(call);
      return [{ call, sink, library, ...(named && sink === 'file' ? { target: named } : {}) }];
    }),
  );
}

/** A stream that `fs.createWriteStream(path)` opened, as the place that a logger writes to. */
const streamSinks = (stream: Value | undefined, library: string, call: CallSite, when: readonly Condition[]): Found[] =>
  alternatives(stream).flatMap(({ value, when: chosen }): Found[] => {
    const origin = originOf(value);
    if (origin?.package !== 'fs' || value.is !== 'made' || !/createWriteStream\(\)$/.test(origin.path)) return [];
    const [target] = value.args;
    return [{ call, sink: 'file', library, when: [...when, ...chosen], ...(target ? { target } : {}) }];
  });

/** log4js: `appenders` is an object in newer versions, a list in old ones. */
function log4jsSinks(program: ProgramView): Found[] {
  return program.callsOf('log4js').flatMap((call) => {
    if (!/(?:^|\.)configure$/.test(call.path)) return [];
    return call.args
      .flatMap((argument) => objectsOf(argument, program))
      .flatMap(({ object, when }) => {
        const appenders = option(object, 'appenders');
        const items = appenders?.is === 'list' ? appenders.items : appenders?.is === 'object' ? Object.values(appenders.properties) : [];
        return items
          .flatMap((item) => objectsOf(item, program))
          .map((appender): Found => {
            const type = textOf(option(appender.object, 'type')) ?? '';
            const sink = /^(?:file|dateFile|multiFile|fileSync)$/.test(type)
              ? 'file'
              : /^(?:console|stdout|stderr)$/.test(type)
                ? 'console'
                : 'unknown';
            const target = option(appender.object, 'filename', 'base');
            return { call, sink, library: 'log4js', at: appender.object, when: [...when, ...appender.when], ...(target ? { target } : {}) };
          });
      });
  });
}

/** Destinations of pino: standard output unless a path is named (getpino.io, "pino.destination", "pino/file"). */
function destinationSink(value: Value | undefined): Sink['sink'] {
  if (!value) return 'console';
  if (value.is === 'literal') return typeof value.value === 'string' && !/^\/dev\//.test(value.value) ? 'file' : 'console';
  return value.is === 'env' ||
    value.is === 'text' ||
    (value.is === 'made' && /(?:^|\.)(?:join|resolve)$/.test(originOf(value.callee)?.path ?? ''))
    ? 'file'
    : 'unknown';
}

function pinoTargets(value: Value | undefined, program: ProgramView, call: CallSite): Found[] {
  return objectsOf(value, program).flatMap(({ object, when }) => {
    const targets = option(object, 'targets');
    if (targets?.is === 'list') return targets.items.flatMap((item) => pinoTargets(item, program, call));
    const name = textOf(option(object, 'target'));
    const destination = option(object, 'options.destination', 'options.file');
    const sink =
      name === 'pino-roll'
        ? 'file'
        : name === 'pino/file'
          ? destinationSink(destination)
          : name === 'pino-pretty'
            ? destinationSink(destination)
            : 'unknown';
    return [{ call, sink, library: 'pino', at: object, when, ...(destination && sink === 'file' ? { target: destination } : {}) }];
  });
}

function pinoSinks(program: ProgramView): Found[] {
  return program.callsOf('pino', 'fastify', 'pino-http', 'nestjs-pino').flatMap((call): Found[] => {
    const [first, second] = call.args;
    if (call.package === 'fastify') {
      if (!/^(?:default|fastify)?$/.test(call.path)) return [];
      return objectsOf(first, program).flatMap(({ object, when }) => {
        const file = option(object, 'logger.file');
        const given = file ? [{ call, sink: 'file' as const, library: 'pino', at: file, target: file, when }] : [];
        return [...given, ...streamSinks(option(object, 'logger.stream'), 'pino', call, when)];
      });
    }
    if (/^(?:default\.|pino\.)?destination$/.test(call.path)) {
      const named = first?.is === 'object' ? option(first, 'dest') : first;
      return alternatives(named).flatMap(({ value, when }): Found[] => [
        { call, sink: destinationSink(value), library: 'pino', target: value, when },
      ]);
    }
    if (/^(?:default\.|pino\.)?transport$/.test(call.path)) return pinoTargets(first, program, call);
    if (!/^(?:default|pino)?$/.test(call.path)) return [];
    const file =
      second && (second.is === 'literal' || second.is === 'text')
        ? [{ call, sink: destinationSink(second), library: 'pino', target: second }]
        : streamSinks(second, 'pino', call, []);
    return [...objectsOf(first, program).flatMap(({ object }) => pinoTargets(option(object, 'transport'), program, call)), ...file];
  });
}

function bunyanSinks(program: ProgramView): Found[] {
  return program.callsOf('bunyan').flatMap((call) => {
    if (!/(?:^|\.)createLogger$/.test(call.path)) return [];
    return call.args
      .flatMap((argument) => objectsOf(argument, program))
      .flatMap(({ object, when }) => {
        const streams = option(object, 'streams');
        const items = streams?.is === 'list' ? streams.items.flatMap((item) => objectsOf(item, program)) : [{ object, when: [] }];
        return items.map((item): Found => {
          const path = option(item.object, 'path');
          return {
            call,
            sink: path ? 'file' : 'console',
            library: 'bunyan',
            at: item.object,
            when: [...when, ...item.when],
            ...(path ? { target: path } : {}),
          };
        });
      });
  });
}

/** morgan writes to standard output unless it gets a stream. */
function morganSinks(program: ProgramView): Found[] {
  return program.callsOf('morgan').flatMap((call) => {
    if (!/^(?:default)?$/.test(call.path)) return [];
    return call.args
      .flatMap((argument) => objectsOf(argument, program))
      .flatMap(({ object, when }) => streamSinks(option(object, 'stream'), 'morgan', call, when));
  });
}

const samePlace = (a: Found, b: Found): boolean => a.call.place.path === b.call.place.path;

function emitSinks(found: readonly Found[], program: ProgramView, emit: Emit): void {
  for (const one of found) {
    const target = one.target && pathValue(one.target, program.root);
    if (one.sink === 'file' && target && one.target && isScratch(one.target, target)) continue;
    const also = new Set(
      found
        .filter((other) => other !== one && other.sink !== one.sink && other.sink !== 'unknown' && samePlace(one, other))
        .map(({ sink }) => sink),
    );
    const anchor = anchored(one.call, one.when);
    const place = one.at ? { ...one.at.place, endLine: one.at.place.line, endColumn: one.at.place.column + 1 } : anchor.place;
    emit(
      'log-sink',
      { ...anchor, place: one.at && one.at.place.endLine === one.at.place.line ? one.at.place : place },
      {
        library: one.library,
        sink: one.sink,
        ...(target ? { target } : {}),
        ...(also.size > 0 ? { also: [...also].sort() } : {}),
      },
    );
  }
}

/** Where log lines go. */
export const logSinks: Recogniser = {
  id: 'log-sinks',
  packages: [...Object.keys(makers), 'log4js', 'pino', 'pino-http', 'nestjs-pino', 'fastify', 'bunyan', 'morgan'],
  recognise(program, emit) {
    emitSinks(
      [...madeSinks(program), ...log4jsSinks(program), ...pinoSinks(program), ...bunyanSinks(program), ...morganSinks(program)],
      program,
      emit,
    );
  },
};
