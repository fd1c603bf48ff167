import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { pathValue } from './file-writes-paths.ts';

/** Drivers of servers; a Strapi that has one may be told to use it. */
const serverDrivers = ['pg', 'mysql', 'mysql2', 'mariadb', 'oracledb', 'tedious'];
const sqliteDrivers = ['better-sqlite3', 'sqlite3', 'vscode-sqlite3'];
/** Packages that keep uploads elsewhere, by how their names are made. */
const strapiProvider = /(?:^|[/-])provider-upload-|upload-provider/;
const payloadStorage = /^@payloadcms\/(?:storage-|plugin-cloud)|cloudinary|uploadthing|payload-s3|s3-upload/;

interface Found {
  readonly place: Place;
}
/** The first line of a file that a pattern matches. */
function lineWith(program: ProgramView, path: string, pattern: RegExp): Found | undefined {
  const lines = program.text(path)?.slice(0, 100_000).split('\n') ?? [];
  const index = lines.findIndex((line) => line.length < 500 && pattern.test(line));
  const line = lines[index];
  if (line === undefined) return undefined;
  const column = line.length - line.trimStart().length + 1;
  return { place: { path, line: index + 1, column, endLine: index + 1, endColumn: line.trimEnd().length + 1 } };
}
const filesOf = (program: ProgramView, pattern: RegExp): readonly string[] => {
  const start = program.root === '' ? 0 : program.root.length + 1;
  return program.files.filter((path) => pattern.test(path.slice(start)));
};
const named = (value: string, place: Place, program: ProgramView): Value => pathValue({ is: 'literal', value, place }, program.root);

const emitUploads = (emit: Emit, { place }: Found, library: string, target?: Value): void =>
  emit(
    'file-write',
    { place },
    { library, api: 'upload', content: 'upload', temporary: false, duringRequest: true, ...(target ? { target } : {}) },
    'likely',
  );

/** Strapi keeps its media library in `public/uploads` unless a provider is installed (docs.strapi.io, "Media Library providers"). */
function readStrapi(program: ProgramView, emit: Emit): void {
  const packages = [...program.dependencies.keys()];
  const settings = filesOf(program, /^config\//);
  const choosesProvider = settings.some(
    (path) => /\bproviders?\b/i.test(program.text(path) ?? '') && /upload/i.test(program.text(path) ?? ''),
  );
  const anchor = lineWith(program, settings.find((path) => /\/plugins\./.test(path)) ?? settings[0] ?? '', /\S/);
  if (anchor && !choosesProvider && !packages.some((name) => strapiProvider.test(name)))
    emitUploads(emit, anchor, '@strapi/strapi', named('public/uploads', anchor.place, program));
  const driver = sqliteDrivers.find((name) => program.dependencies.has(name));
  if (driver === undefined || serverDrivers.some((name) => program.dependencies.has(name))) return;
  const database = settings.flatMap((path) => (/\/database\./.test(path) ? (lineWith(program, path, /\bsqlite\b/) ?? []) : []))[0];
  if (database)
    emit('backing-service', database, {
      technology: 'sqlite',
      library: driver,
      embedded: true,
      inMemory: false,
      address: named('.tmp/data.db', database.place, program),
    });
}

/** A collection with `upload` keeps its files in a folder unless a plugin for storage is installed (payloadcms.com, "Uploads"). */
function readPayload(program: ProgramView, emit: Emit): void {
  if ([...program.dependencies.keys()].some((name) => payloadStorage.test(name))) return;
  const collections = program.evaluator.graph.files
    .under(program.root)
    .filter((path) => /(?:^|\/)collections?\/.*\.[cm]?[jt]s$/i.test(path) && !/\.(?:test|spec|d)\./.test(path))
    .slice(0, 500);
  for (const path of collections) {
    const isCollection = /\bslug\s*:/.test(program.text(path) ?? '');
    const found = isCollection ? lineWith(program, path, /^\s*upload\s*:\s*(?:true\b|\{)/) : undefined;
    if (found) return emitUploads(emit, found, 'payload');
  }
}

/** Content management systems that keep what their editors upload, and their data, beside the program unless told otherwise. */
export const contentSystems: Recogniser = {
  id: 'content-systems',
  packages: ['payload'],
  recognise(program, emit) {
    if (program.dependencies.has('@strapi/strapi')) readStrapi(program, emit);
    if (program.dependencies.has('payload')) readPayload(program, emit);
  },
};
