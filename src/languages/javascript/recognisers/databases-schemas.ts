import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { technologyNamed } from './databases-orm.ts';

interface Line {
  readonly text: string;
  readonly place: Place;
}
const linesOf = (path: string, text: string): Line[] =>
  text
    .slice(0, 200_000)
    .split('\n')
    .map((line, index) => {
      const indent = line.length - line.trimStart().length;
      return {
        text: line.trim(),
        place: { path, line: index + 1, column: indent + 1, endLine: index + 1, endColumn: line.trimEnd().length + 1 },
      };
    });

/** Folders from a file up to the root of the repository. */
function foldersAbove(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, segments.length - index).join('/')).concat('');
}
const firstFile = (program: ProgramView, paths: readonly string[]): { path: string; text: string } | undefined => {
  for (const path of paths) {
    const text = program.text(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
};
const inFolder = (folder: string, name: string): string => (folder ? `${folder}/${name}` : name);

const prismaFiles = ['schema.prisma', 'prisma/schema.prisma', 'src/prisma/schema.prisma', 'db/schema.prisma'];

/** The value of `url = env("DATABASE_URL")` or `url = "file:./dev.db"`. */
function urlOf(line: Line | undefined): Value | undefined {
  const name = /^url\s*=\s*env\(\s*"([A-Za-z_]\w*)"\s*\)/.exec(line?.text ?? '')?.[1];
  if (line && name) return { is: 'env', name, place: line.place };
  const literal = /^url\s*=\s*"([^"]{1,500})"/.exec(line?.text ?? '')?.[1];
  return line && literal ? { is: 'literal', value: literal.replace(/^file:/, ''), place: line.place } : undefined;
}

/** Prisma keeps the kind of its database in a schema file (prisma.io/docs/orm/reference/prisma-schema-reference#datasource). */
function emitPrisma(call: CallSite, program: ProgramView, emit: Emit, seen: Set<string>): void {
  const schema = firstFile(
    program,
    foldersAbove(call.place.path).flatMap((folder) => prismaFiles.map((name) => inFolder(folder, name))),
  );
  if (!schema || seen.has(schema.path)) return;
  seen.add(schema.path);
  const lines = linesOf(schema.path, schema.text);
  const start = lines.findIndex(({ text }) => /^datasource\s/.test(text));
  const source = start < 0 ? [] : lines.slice(start, start + 20);
  const provider = source.find(({ text }) => /^provider\s*=/.test(text));
  const technology = technologyNamed(/^provider\s*=\s*"(\w+)"/.exec(provider?.text ?? '')?.[1] ?? '');
  const address = urlOf(source.find(({ text }) => /^url\s*=/.test(text)));
  if (!provider || !technology) return;
  const embedded = technology === 'sqlite';
  const at = { place: provider.place, when: call.when, ...(call.within === undefined ? {} : { within: call.within }) };
  emit('backing-service', at, {
    technology,
    library: '@prisma/client',
    embedded,
    ...(embedded ? { inMemory: false } : {}),
    ...(address ? { address } : {}),
  });
}

/** TypeORM reads ormconfig.json when nothing is handed over (TypeORM 0.2 documentation, "Using ormconfig.json"). */
function emitTypeOrmFile(call: CallSite, program: ProgramView, emit: Emit): void {
  if (call.args.length > 0) return;
  const file = firstFile(
    program,
    foldersAbove(call.place.path).map((folder) => inFolder(folder, 'ormconfig.json')),
  );
  const line = file && linesOf(file.path, file.text).find(({ text }) => /^"type"\s*:/.test(text));
  const technology = technologyNamed(/^"type"\s*:\s*"([\w-]+)"/.exec(line?.text ?? '')?.[1] ?? '');
  if (!file || !line || !technology) return;
  const embedded = technology === 'sqlite';
  emit(
    'backing-service',
    { place: line.place, when: call.when },
    { technology, library: 'typeorm', embedded, ...(embedded ? { inMemory: false } : {}) },
  );
  const lines = linesOf(file.path, file.text);
  const changed = lines.find(({ text }) => /^"(?:synchronize|migrationsRun)"\s*:\s*true\b/.test(text));
  const how = changed && /^"(\w+)"/.exec(changed.text)?.[1];
  if (changed && how) emit('schema-change', { place: changed.place, when: call.when }, { library: 'typeorm', how: `${how}: true` });
}

/** Databases that libraries read from a file beside the code. */
export const databaseSchemas: Recogniser = {
  id: 'databases-schemas',
  packages: ['@prisma/client', 'typeorm', '@nestjs/typeorm'],
  recognise(program, emit) {
    const seen = new Set<string>();
    const prisma = program.calls.filter(({ name, path, how }) => how === 'new' && (name === 'PrismaClient' || path === 'PrismaClient'));
    for (const call of prisma) emitPrisma(call, program, emit, seen);
    for (const call of program.callsOf('typeorm', '@nestjs/typeorm'))
      if (/^(?:createConnection|TypeOrmModule\.forRoot)$/.test(call.path)) emitTypeOrmFile(call, program, emit);
  },
};
