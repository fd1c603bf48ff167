import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { type EnvSighting, envSyntax } from './env-syntax.ts';
import { placeAt } from './secrets.ts';

type Wrapper = EnvSighting & { topic: 'wrapper' };
type Read = EnvSighting & { topic: 'read' };

const requires = /^(?:joi|zod|yup|envalid|@t3-oss\/env-|valibot|@sinclair\/typebox|@hapi\/joi)/;

/** Modules that apply a schema to the environment, with the variables that it names. */
function schemaFiles(program: ProgramView): ReadonlyMap<string, ReadonlySet<string>> {
  const files = new Map<string, Set<string>>();
  if (![...program.imports.keys()].some((name) => requires.test(name))) return files;
  const sightings = program.pass<EnvSighting>(envSyntax.id);
  const validating = new Set(sightings.filter(({ item }) => item.topic === 'validates').map(({ path }) => path));
  for (const { path, item } of sightings) {
    if (item.topic !== 'read' || item.by !== 'schema' || !validating.has(path)) continue;
    const names = files.get(path) ?? new Set();
    files.set(path, names.add(item.name));
  }
  return files;
}

/**
 * What Nest's `ConfigModule.forRoot({ validationSchema })` says of variables: it puts its defaults into the environment
 * before anything reads it, wherever the schema is written.
 */
function nestSchema(program: ProgramView): ReadonlyMap<string, Pick<Read, 'hasDefault' | 'optional'>> {
  const said = new Map<string, Pick<Read, 'hasDefault' | 'optional'>>();
  const modules = program.callsOf('@nestjs/config').filter(({ name }) => name === 'forRoot');
  const files = new Set(
    modules.flatMap(({ args: [options] }) =>
      options?.is === 'object' && options.properties['validationSchema'] ? [options.properties['validationSchema'].place.path] : [],
    ),
  );
  if (files.size === 0) return said;
  for (const { path, item } of program.pass<EnvSighting>(envSyntax.id))
    if (item.topic === 'read' && item.by === 'schema' && files.has(path)) said.set(item.name, item);
  return said;
}

/** Keys that the functions of `ConfigModule.forRoot({ load: [settings] })` return: Nest's service looks there, too. */
function loadedKeys(program: ProgramView): ReadonlySet<string> {
  const modules = program.callsOf('@nestjs/config').filter(({ name }) => name === 'forRoot' || name === 'forFeature');
  const loaded = modules.flatMap(({ args: [first] }) => {
    if (first?.is === 'function') return [first];
    const list = first?.is === 'object' ? first.properties['load'] : undefined;
    return list?.is === 'list' ? list.items : [];
  });
  return new Set(
    loaded.flatMap((value) => {
      const settings = value.is === 'function' ? program.evaluator.returned(value.id, [], value.place) : undefined;
      return settings?.is === 'object' ? Object.keys(settings.properties) : [];
    }),
  );
}

/** `process.env[key] = settings[key]`: a loop sets variables that nobody can list. */
const setsVariables = /\bprocess\.env\[[^\]'"`\n]{1,60}\]\s*=(?!=)/;

/** Reads of variables that the code writes out. */
function emitDirect(program: ProgramView, emit: Emit): void {
  const schemas = schemaFiles(program);
  const said = nestSchema(program);
  const mayBeSet = program.files.some((path) => setsVariables.test(program.text(path) ?? ''));
  for (const read of program.envReads) {
    // `runtimeEnv: { X: process.env.X }` hands the value to the schema, which decides whether it may be missing.
    const schema = schemas.get(read.place.path);
    if (schema?.has(read.name)) continue;
    emit('env-read', read, {
      name: read.name,
      hasDefault: read.hasDefault || said.get(read.name)?.hasDefault === true,
      optional: read.optional || schema !== undefined || said.get(read.name)?.optional === true || mayBeSet,
      ...(read.fallback ? { fallback: read.fallback } : {}),
    });
  }
}

/** Reads by schemas and by services of libraries, where the program has the library that makes them so. */
function emitSightings(program: ProgramView, emit: Emit): void {
  const sightings = program.pass<EnvSighting>(envSyntax.id);
  const schemas = schemaFiles(program);
  const counts = ({ by }: Read, path: string): boolean => {
    if (by === 'schema') return schemas.has(path);
    if (by === 'config-service') return program.imports.has('@nestjs/config');
    return program.imports.has(by);
  };
  const loaded = loadedKeys(program);
  const excused = new Set(sightings.flatMap(({ item }) => (item.topic === 'excused' ? [item.name] : [])));
  for (const [name, { hasDefault, optional }] of nestSchema(program)) if (hasDefault || optional) excused.add(name);
  for (const { path, item } of sightings) {
    if (item.topic === 'whole') emit('env-read', { place: placeAt(path, item.at) }, { name: '*', hasDefault: true, optional: true });
    if (item.topic !== 'read' || !counts(item, path) || (item.by === 'config-service' && loaded.has(item.name))) continue;
    const at = {
      place: placeAt(path, item.at),
      when: item.when ? program.evaluator.conditions(item.when, path) : [],
      ...(item.within === undefined ? {} : { within: `${path}#${item.within}` }),
    };
    const optional = item.optional || (item.by === 'config-service' && excused.has(item.name));
    emit('env-read', at, { name: item.name, hasDefault: item.hasDefault, optional });
  }
}

/** Calls of the program's own `getEnv('NAME', 'default')`. */
function emitWrapped(program: ProgramView, emit: Emit): void {
  const wrappers = new Map<string, Wrapper[]>();
  for (const { path, item } of program.pass<EnvSighting>(envSyntax.id)) {
    if (item.topic !== 'wrapper') continue;
    const id = `${path}#${item.function}`;
    const known = wrappers.get(id) ?? [];
    // A function that tests the variable before it reads it copes in all of its reads.
    const copes = item.copes || known.some((one) => one.parameter === item.parameter && one.copes);
    wrappers.set(id, [...known.filter((one) => one.parameter !== item.parameter), { ...item, copes }]);
  }
  if (wrappers.size === 0) return;
  for (const call of program.calls) {
    const found = call.callee.is === 'function' ? wrappers.get(call.callee.id) : undefined;
    for (const wrapper of found ?? []) emitCall(call, wrapper, found!.length === 1, emit);
  }
}

const isMissing = (value: Value): boolean =>
  value.is === 'literal' && (value.value === null || value.value === undefined || typeof value.value === 'boolean');
const isFalse = (value: Value): boolean => value.is === 'literal' && value.value === false;

/** A later argument is the default (`read('X', 'a')`, `read('X', required, 'a')`), unless the function reads several variables. */
function emitCall(call: CallSite, wrapper: Wrapper, alone: boolean, emit: Emit): void {
  const name = call.args[wrapper.parameter];
  if (name?.is !== 'literal' || typeof name.value !== 'string') return;
  const others = alone ? call.args.slice(wrapper.parameter + 1) : [];
  const fallback = others.find((value) => !isMissing(value) || (wrapper.takesDefault && value.is === 'literal' && value.value !== null));
  const given = fallback !== undefined;
  emit('env-read', call, {
    name: name.value,
    hasDefault: given,
    optional: !given && (wrapper.copes || call.tried || others.some(isFalse) || /optional|maybe|try|has|isset|bool|flag/i.test(call.name)),
    ...(given ? { fallback } : {}),
  });
}

/** Names that node-config takes from the environment. */
function emitNodeConfig(program: ProgramView, emit: Emit): void {
  if (!program.imports.has('config')) return;
  const base = `${program.root ? `${program.root}/` : ''}config/custom-environment-variables`;
  for (const path of ['json', 'yaml', 'yml'].map((extension) => `${base}.${extension}`)) {
    if (program.text(path) === undefined) continue;
    const names = program.evaluator.exported(path, '=', { path, line: 1, column: 1, endLine: 1, endColumn: 1 });
    // The files beside it hold the defaults.
    for (const { name, place } of variablesIn(names)) emit('env-read', { place }, { name, hasDefault: true, optional: true });
  }
}
function variablesIn(value: Value, depth = 0): readonly { readonly name: string; readonly place: Place }[] {
  if (value.is === 'literal' && typeof value.value === 'string')
    return /^[A-Z][A-Z0-9_]{1,100}$/.test(value.value) ? [{ name: value.value, place: value.place }] : [];
  return value.is === 'object' && depth < 8 ? Object.values(value.properties).flatMap((inner) => variablesIn(inner, depth + 1)) : [];
}

/** `url = env("DATABASE_URL")` of a Prisma schema, which the client reads when it connects. */
function emitPrisma(program: ProgramView, emit: Emit): void {
  if (!program.imports.has('@prisma/client')) return;
  for (const path of prismaSchemas(program)) {
    const text = program.text(path);
    if (text === undefined || text.length > 500_000) continue;
    text.split('\n').forEach((line, index) => {
      const match = /^\s{0,40}(url|directUrl|shadowDatabaseUrl)\s{0,40}=\s{0,40}env\("([A-Z][A-Z0-9_]{1,100})"\)/.exec(line);
      if (!match) return;
      const place = { path, line: index + 1, column: 1, endLine: index + 1, endColumn: line.length + 1 };
      // The others serve migrations only.
      emit('env-read', { place }, { name: match[2]!, hasDefault: false, optional: match[1] !== 'url' });
    });
    return;
  }
}

/** Where a schema may lie: at the usual places of the package, and of every folder above a module that loads the client. */
function prismaSchemas(program: ProgramView): readonly string[] {
  const folders = new Set([program.root]);
  const loaded = program.imports.get('@prisma/client')?.path ?? '';
  for (let at = loaded; at.includes('/'); ) {
    at = at.slice(0, at.lastIndexOf('/'));
    folders.add(at);
  }
  folders.add('');
  return [...folders].flatMap((folder) =>
    ['prisma/schema.prisma', 'schema.prisma', 'src/prisma/schema.prisma'].map((file) => (folder ? `${folder}/${file}` : file)),
  );
}

/** Variables that the program reads, directly, through schemas, services and its own functions. `*`: all of them, or a computed name. */
export const env: Recogniser = {
  id: 'env',
  packages: ['@nestjs/config', '@prisma/client', 'env-var', 'envalid', 'convict', 'config', '@t3-oss/env-core', '@t3-oss/env-nextjs'],
  text: [
    /\bconfig(?:Service)?\s?\.\s?(?:get|getOrThrow)(?:<[^>]{0,40}>)?\(\s{0,20}['"][A-Z]/i,
    /[eE]nv\w{0,30}\(\s{0,20}['"`][A-Z][A-Z0-9_]{2}/,
    // Lines of a schema that another module applies.
    /^\s{1,8}[A-Z][A-Z0-9_]{1,60}\s?:\s?(?:Joi|joi)\s?\.\s?\w/m,
    // Fields of a class that stands for the environment.
    /^\s{1,8}(?:(?:public|readonly)\s)?[A-Z][A-Z0-9]{0,30}_[A-Z0-9_]{0,60}(?:\?\s?:|\s?:[^=;\n]{1,60}=)/m,
  ],
  passes: [envSyntax],
  recognise(program, emit) {
    emitDirect(program, emit);
    emitSightings(program, emit);
    emitWrapped(program, emit);
    emitNodeConfig(program, emit);
    emitPrisma(program, emit);
  },
};
