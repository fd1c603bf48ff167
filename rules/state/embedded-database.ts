import { findServerImage } from '../../src/text/server-images.ts';
import { type Keeping, keepingOf, writtenAt } from '../../src/text/written-files.ts';
import type { Fact, Place, Related, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

const titles: Readonly<Record<string, string>> = {
  sqlite: 'SQLite',
  nedb: 'NeDB',
  lowdb: 'lowdb',
  lokijs: 'LokiJS',
  leveldb: 'LevelDB',
  lmdb: 'LMDB',
  pouchdb: 'PouchDB',
  dirty: 'DirtyDB',
  h2: 'H2',
  hsqldb: 'HSQLDB',
  derby: 'Derby',
  'ef-in-memory': 'EF Core InMemory',
};
/** Databases that run inside of the program, in memory unless a file is named. */
const inProcess = new Set(['h2', 'hsqldb', 'derby', 'ef-in-memory']);
const nameOf = (technology: string): string => titles[technology] ?? technology;

/** Servers whose own configuration names a database, with those that read the same files. */
const readers: Readonly<Record<string, readonly string[]>> = {
  'WebSphere Liberty': ['WebSphere Liberty'],
  JBoss: ['JBoss'],
  WebLogic: ['WebLogic'],
  Tomcat: ['Tomcat', 'TomEE'],
};
/** The images run another server, which never reads that configuration: it waits for whoever runs the first. */
function isOfOtherServer({ value }: Fact<'backing-service'>, { images }: Service): boolean {
  const own = Object.hasOwn(readers, value.library) ? readers[value.library]! : undefined;
  const runs = images.map(({ lineage }) => findServerImage(lineage)?.server);
  return own !== undefined && runs.length > 0 && runs.every((server) => server !== undefined && !own.includes(server));
}

/** Another file: beside the client everybody sees it. */
const isElsewhere = (place: Place, { path }: Place): boolean => place.path !== path;

export default defineRule({
  summary: 'the database is a file of one copy',
  factors: [6, 4],
  level: 'error',
  effort: 5,
  docs: {
    what: 'The store of the service in production is a library that keeps its data in local files: SQLite, NeDB, LokiJS, lowdb, LevelDB and others. Databases that only development or tests use, a default that the deployment overrides, and databases in memory are left out.',
    why: 'Each copy has a database of its own, so users see other data depending on who answers; without a volume a deploy deletes it.',
    how: 'Use a database server (PostgreSQL, MySQL, MongoDB) and take its address from the environment.',
    bad: "const db = new Database('data/app.db');",
    good: 'const db = new Pool({ connectionString: process.env.DATABASE_URL });',
    references: ['https://12factor.net/backing-services', 'https://www.sqlite.org/whentouse.html'],
  },
  messages: {
    lost: {
      text: '{database} keeps the data of this service in a file of one copy ({library}).',
      consequence: 'Every copy has data of its own, and a deploy deletes it.',
      next: 'Move the data to a database server, and take its address from the environment.',
    },
    process: {
      text: '{database} keeps the data of this service inside of the process ({library}).',
      consequence: 'Every copy has data of its own, and a restart or deploy deletes it.',
      next: 'Move the data to a database server, and take its address from the environment.',
    },
    machine: {
      text: '{database} keeps the data of this service in a file on a volume of one machine ({library}).',
      consequence: 'Only one copy can run: a second one would work on other data or damage the file.',
      next: 'Move the data to a database server before you scale it.',
    },
  },
  checkService(service, report) {
    if (service.kind === 'job') return;
    // A guess is one of several kinds that a setting chooses.
    const embedded = service.code
      .all('backing-service')
      .filter(({ value, confidence }) => value.embedded && value.inMemory !== true && confidence !== 'guess');
    const byTechnology = new Map<string, Fact<'backing-service'>[]>();
    for (const fact of embedded) byTechnology.set(fact.value.technology, [...(byTechnology.get(fact.value.technology) ?? []), fact]);
    for (const [technology, [first, ...others]] of byTechnology) {
      if (!first) continue;
      const keeping: Keeping = technology === 'ef-in-memory' ? { how: 'lost' } : keepingOf(service, first.value.address);
      if (keeping.how === 'scratch') continue;
      const isKept = keeping.how !== 'lost';
      const isOther = [first, ...others].every((fact) => isOfOtherServer(fact, service));
      const written = writtenAt(first.value.address);
      const related: Related[] = [
        ...(keeping.place ? [{ place: keeping.place, message: 'the volume that keeps it' }] : []),
        ...(written && isElsewhere(written, first.place) ? [{ place: written, message: 'its address is written here' }] : []),
        ...others.slice(0, 20).map(({ place }) => ({ place, message: 'opened here as well' })),
        ...(service.copies.count === 'many' && !isOther ? service.copies.evidence : []),
      ];
      report({
        message: isKept ? 'machine' : inProcess.has(technology) ? 'process' : 'lost',
        data: { database: nameOf(technology), library: first.value.library },
        place: first.place,
        related,
        level: isOther || (isKept && service.copies.count !== 'many') ? 'warning' : 'error',
        confidence: first.confidence,
        subject: technology,
      });
    }
  },
});
