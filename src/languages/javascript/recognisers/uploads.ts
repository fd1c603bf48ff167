import type { Condition, FactValues, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { moduleOf } from '../values.ts';
import { alternatives, anchored, objectsOf, option } from './databases-options.ts';
import { isScratch, pathValue, uploadsPassOn } from './file-writes-paths.ts';

/** Packages with the interface of multer. */
const multers = ['multer', 'koa-multer', '@koa/multer', 'fastify-multer'];
const interceptors = /^(?:(?:Any)?Files?Interceptor|FileFieldsInterceptor|MulterModule\.register(?:Async)?)$/;
const formPackages = [
  'formidable',
  'koa-body',
  'koa-better-body',
  'express-formidable',
  'express-form-data',
  'multiparty',
  'connect-multiparty',
];
const folderOptions = ['uploadDir', 'formidable.uploadDir'];

function emitUpload(
  program: ProgramView,
  emit: Emit,
  at: CallSite,
  when: readonly Condition[],
  library: string,
  api: string,
  target?: Value,
): void {
  const path = target && pathValue(target, program.root);
  const value: FactValues['file-write'] = {
    library,
    api,
    ...(path ? { target: path } : {}),
    content: 'upload',
    temporary: (target !== undefined && path !== undefined && isScratch(target, path)) || uploadsPassOn(program),
    duringRequest: true,
  };
  emit('file-write', anchored(at, when), value);
}

const callback = /\b\w{1,40}\(\s*(?:null|undefined|void 0)\s*,\s*(['"`])([^'"`\n$]{1,200})\1\s*,?\s*\)/;
const joined =
  /\b\w{1,40}\(\s*(?:null|undefined)\s*,\s*(?:path\.)?(?:join|resolve)\(\s*(?:__dirname|process\.cwd\(\))\s*,\s*(['"`])([^'"`\n$]{1,200})\1\s*\)/;

/** The folder that `destination(req, file, cb)` hands to its callback. */
function calledBackFolder(fn: Value & { is: 'function' }, program: ProgramView): Value {
  const at = program.functionOf(fn.id)?.at;
  const path = moduleOf(fn.id);
  const text =
    at &&
    program
      .lines(path)
      .slice(at[0] - 1, at[2])
      .join('\n')
      .slice(0, 4_000);
  const folder = text ? (callback.exec(text)?.[2] ?? joined.exec(text)?.[2]) : undefined;
  return folder === undefined ? { is: 'unknown', place: fn.place } : { is: 'literal', value: folder, place: fn.place };
}

/** Conditions under which one of the calls takes this storage. */
function chosenWhen(place: Place, calls: readonly CallSite[], program: ProgramView): readonly Condition[] {
  for (const call of calls) {
    for (const { object, when } of call.args.flatMap((argument) => objectsOf(argument, program))) {
      const found = alternatives(option(object, 'storage')).find(
        ({ value }) => value.place.path === place.path && value.place.line === place.line && value.place.column === place.column,
      );
      if (found) return [...when, ...found.when];
    }
  }
  return [];
}

function emitDiskStorage(call: CallSite, users: readonly CallSite[], program: ProgramView, emit: Emit): void {
  const when = chosenWhen(call.place, users, program);
  const [options] = call.args.flatMap((argument) => objectsOf(argument, program));
  const destination = option(options?.object, 'destination');
  // Without a destination multer takes the folder of the system for temporary files.
  if (!destination && options && !options.object.open) return;
  const target = destination?.is === 'function' ? calledBackFolder(destination, program) : destination;
  emitUpload(program, emit, call, when, call.package ?? 'multer', 'diskStorage', target);
}

function emitDestinations(calls: readonly CallSite[], names: readonly string[], program: ProgramView, emit: Emit): void {
  for (const call of calls) {
    const seen = new Set<string>();
    for (const { object, when } of call.args.flatMap((argument) => objectsOf(argument, program))) {
      if (option(object, 'storage')) continue;
      for (const folder of alternatives(option(object, ...names))) {
        const key = JSON.stringify(folder.when);
        if (folder.value.is === 'literal' && typeof folder.value.value !== 'string') continue;
        if (!seen.has(key))
          emitUpload(program, emit, call, [...when, ...folder.when], call.package ?? call.name, call.name || 'dest', folder.value);
        seen.add(key);
      }
    }
  }
}

/** `file.mv(path)` of express-fileupload. */
function emitMoves(program: ProgramView, emit: Emit): void {
  if (!program.imports.has('express-fileupload')) return;
  for (const call of program.callsNamed('mv')) {
    const [target] = call.args;
    if (target && (call.package === undefined || call.package === 'express-fileupload') && originOf(target)?.package !== 'fs')
      emitUpload(program, emit, call, [], 'express-fileupload', 'mv', target);
  }
}

/** Uploads that a library writes into a folder. */
export const uploads: Recogniser = {
  id: 'uploads',
  packages: [...multers, ...formPackages, '@nestjs/platform-express', '@webundsoehne/nest-fastify-file-upload', 'express-fileupload'],
  methods: ['mv'],
  // A controller that moves `req.files.image` imports none of them.
  text: [/\.mv\s*\(/],
  recognise(program, emit) {
    const made = program.callsOf(...multers);
    const plain = made.filter(({ path }) => /^(?:default)?$/.test(path));
    const nest = program.callsOf('@nestjs/platform-express').filter(({ path }) => interceptors.test(path));
    for (const call of made) if (/^(?:default\.)?diskStorage$/.test(call.path)) emitDiskStorage(call, [...plain, ...nest], program, emit);
    emitDestinations([...plain, ...nest], ['dest'], program, emit);
    emitDestinations(program.callsOf(...formPackages), folderOptions, program, emit);
    emitMoves(program, emit);
  },
};
