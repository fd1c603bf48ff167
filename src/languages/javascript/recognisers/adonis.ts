import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { isScratch, pathValue } from './file-writes-paths.ts';
import { functionsIn } from './routes-mounts.ts';
import { normalisePath, pathsOf } from './routes-paths.ts';

const core = '@adonisjs/core';
/** The router of version 5 has a name that the framework gives it. */
const routers: readonly (readonly [string, RegExp])[] = [
  [core, /^services\.router\.\w+$/],
  ['@ioc:Adonis/Core', /^Route\.\w+$/],
];
const verbs: Readonly<Record<string, readonly string[]>> = {
  get: ['GET'],
  post: ['POST'],
  put: ['PUT'],
  patch: ['PATCH'],
  delete: ['DELETE'],
  any: [],
};

const literal = (value: number | string, place: Place): Value => ({ is: 'literal', value, place });
const env = (name: string, fallback: number | string, place: Place): Value => ({
  is: 'env',
  name,
  fallback: literal(fallback, place),
  place,
});

/** `new Ignitor(…).httpServer().start()` listens where PORT and HOST say (docs.adonisjs.com, "Application lifecycle"). */
function emitServer(program: ProgramView, emit: Emit): void {
  const [call] = program.callsNamed('httpServer').filter(({ package: library }) => library === core);
  if (!call) return;
  const { namePlace: place } = call;
  emit('http-server', { ...call, place }, { library: core });
  emit(
    'listen',
    { ...call, place },
    { library: core, port: env('PORT', 3333, place), host: env('HOST', '0.0.0.0', place), purpose: 'main' },
    'likely',
  );
}

/** Routes of a group have a prefix that is told behind it. */
function emitRoute(call: CallSite, emit: Emit): void {
  const [path, handler] = call.args;
  const methods = verbs[call.name];
  if (!methods || !path) return;
  const isGrouped = call.within !== undefined;
  for (const { text, complete } of pathsOf(path))
    emit(
      'route',
      { ...call, place: call.namePlace },
      {
        methods,
        path: normalisePath(text),
        complete: complete && !isGrouped,
        handlers: handler ? functionsIn(handler) : [],
        fallback: text.endsWith('*'),
        library: core,
      },
    );
}

/** `file.move(folder, { name })` of an upload, and `moveToDisk`, whose disk the settings of the program choose. */
function emitUploads(program: ProgramView, emit: Emit): void {
  for (const call of program.callsNamed('move')) {
    const [folder] = call.args;
    const takesFile = /\.(?:file|files|allFiles)\s*\(/.test(program.text(call.place.path) ?? '');
    if (!takesFile || !folder || call.package !== undefined || call.within === undefined) continue;
    const target = pathValue(folder, program.root);
    emit(
      'file-write',
      { ...call, place: call.namePlace },
      {
        library: core,
        api: 'move',
        ...(target ? { target } : {}),
        content: 'upload',
        temporary: target !== undefined && isScratch(folder, target),
        duringRequest: true,
      },
      'likely',
    );
  }
}

/** AdonisJS: the server that its ignitor starts, its routes, and uploads that it moves. */
export const adonis: Recogniser = {
  id: 'adonis',
  packages: ['@adonisjs/core', '@ioc:Adonis/Core'],
  methods: ['httpServer', 'move'],
  text: [/\bHttpContext(?:Contract)?\b/],
  recognise(program, emit) {
    if (!program.dependencies.has(core)) return;
    emitServer(program, emit);
    for (const [library, path] of routers)
      for (const call of program.callsOf(library)) if (call.how === 'call' && path.test(call.path)) emitRoute(call, emit);
    emitUploads(program, emit);
  },
};
