import type { Condition, FactValues, Value } from '../../../facts.ts';
import type { Confidence } from '../../../types.ts';
import { isTested } from '../options.ts';
import { alternativesOf, anchor, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { targetOf } from '../value-shapes.ts';
import { readPools } from './database-pools.ts';

type Service = FactValues['backing-service'];

/** Drivers of `database/sql`, dialects of gorm and ent, and the packages that bring them. */
const technologies: readonly (readonly [RegExp, string])[] = [
  [/^(?:(?:mod)?sqlite3?|sqlite3_\w+|libsql)$/i, 'sqlite'],
  [/^(?:postgres(?:ql)?|pgx|cloudsqlpostgres|cockroach(?:db)?|pq|pg)$/i, 'postgresql'],
  [/^(?:mysql|mariadb)$/i, 'mysql'],
  [/^(?:sqlserver|mssql|azuresql)$/i, 'mssql'],
  [/^(?:oracle|godror|oci8)$/i, 'oracle'],
];
const technologyOf = (name: string): string | undefined => technologies.find(([pattern]) => pattern.test(name))?.[1];

const drivers: readonly (readonly [RegExp, string])[] = [
  [/^(?:github\.com\/(?:mattn\/go-sqlite3|ncruces\/go-sqlite3\/driver|glebarez\/(?:go-)?sqlite)|modernc\.org\/sqlite)$/, 'sqlite'],
  [/^github\.com\/(?:lib\/pq|jackc\/pgx\/stdlib)$/, 'postgresql'],
  [/^github\.com\/go-sql-driver\/mysql$/, 'mysql'],
  [/^github\.com\/(?:denisenkom|microsoft)\/go-mssqldb$/, 'mssql'],
  [/^(?:gorm\.io\/driver|github\.com\/jinzhu\/gorm\/dialects)\/sqlite$/, 'sqlite'],
  [/^(?:gorm\.io\/driver|github\.com\/jinzhu\/gorm\/dialects)\/postgres$/, 'postgresql'],
  [/^(?:gorm\.io\/driver|github\.com\/jinzhu\/gorm\/dialects)\/mysql$/, 'mysql'],
];

/** Calls that take a driver and an address, with the position of the driver. */
const openers: readonly (readonly [RegExp, number, string])[] = [
  [/^database\/sql\.Open$/, 0, 'database/sql'],
  [/^sqlx\.(?:Open|Connect|MustConnect|MustOpen)$/, 0, 'sqlx'],
  [/^sqlx\.ConnectContext$/, 1, 'sqlx'],
  [/^xorm\.io\/xorm\.NewEngine$/, 0, 'xorm'],
  [/^(?:entgo\.io\/ent\/dialect\/sql|(?:.*\/)?ent)\.Open$/, 0, 'ent'],
  [/^github\.com\/XSAM\/otelsql\.Open$/, 0, 'database/sql'],
];
/** Calls that open a file of their own. */
const files: readonly (readonly [RegExp, string])[] = [
  [/^(?:go\.etcd\.io\/bbolt|github\.com\/coreos\/bbolt)\.Open$/, 'bbolt'],
  [/^github\.com\/boltdb\/bolt\.Open$/, 'bolt'],
  [/^github\.com\/dgraph-io\/badger\.Open$/, 'badger'],
  [/^github\.com\/syndtr\/goleveldb\/leveldb\.OpenFile$/, 'leveldb'],
  [/^github\.com\/cockroachdb\/pebble\.Open$/, 'pebble'],
  [/^github\.com\/tidwall\/buntdb\.Open$/, 'buntdb'],
  [/^github\.com\/timshannon\/bolthold\.Open$/, 'bolthold'],
  [/^github\.com\/timshannon\/badgerhold\.Open$/, 'badgerhold'],
  [/^github\.com\/asdine\/storm\.Open$/, 'storm'],
];
/** Clients of stores that run elsewhere: technology, library, and where the address stands. */
const clients: readonly (readonly [RegExp, string, string, number])[] = [
  [/^redis\.New(?:Client|ClusterClient|UniversalClient|FailoverClient)$/, 'redis', 'go-redis', 0],
  [/^github\.com\/gomodule\/redigo\/redis\.Dial$/, 'redis', 'redigo', 1],
  [/^github\.com\/gomodule\/redigo\/redis\.DialURL$/, 'redis', 'redigo', 0],
  [/^mongo\.(?:Connect|NewClient)$/, 'mongodb', 'mongo-driver', 1],
  [/^github\.com\/jackc\/pgx\/pgxpool\.(?:New|NewWithConfig|Connect|ConnectConfig)$/, 'postgresql', 'pgxpool', 1],
  [/^github\.com\/jackc\/pgx\.Connect$/, 'postgresql', 'pgx', 1],
  [/^github\.com\/go-pg\/pg\.Connect$/, 'postgresql', 'go-pg', 0],
  [/^github\.com\/(?:streadway\/amqp|rabbitmq\/amqp091-go)\.Dial$/, 'rabbitmq', 'amqp', 0],
  [/^github\.com\/nats-io\/nats\.Connect$/, 'nats', 'nats.go', 0],
  [/^github\.com\/bradfitz\/gomemcache\/memcache\.New$/, 'memcached', 'gomemcache', 0],
  [/^gopkg\.in\/mgo\.v2\.Dial(?:WithTimeout)?$/, 'mongodb', 'mgo', 0],
];
const dialects = /^(?:gorm\.io\/driver\/(\w+)|github\.com\/glebarez\/(sqlite)|github\.com\/libtnb\/(sqlite))\.(?:Open|New)$/;

interface Opened {
  readonly call: CallSite;
  readonly technology: string;
  readonly library: string;
  readonly address: Value | undefined;
  readonly when: readonly Condition[];
  /** It is one of several that something may choose. */
  readonly isChosen: boolean;
}

/** The address within what a client takes: a field of its options, or `options.Client().ApplyURI(uri)`. */
function addressWithin(value: Value | undefined, depth = 0): Value | undefined {
  if (!value || depth > 4) return undefined;
  if (value.is !== 'made') return value.is === 'member' ? undefined : value;
  const [given] = value.args;
  if (given?.is === 'object') return given.properties['Addr'] ?? given.properties['Addrs'];
  if (value.callee.is === 'member') return value.callee.name === 'ApplyURI' ? given : addressWithin(value.callee.of, depth + 1);
  return /(?:ParseURL|ParseConfig)$/.test(targetOf(value.callee) ?? '') ? given : undefined;
}

/** `gorm.Open(sqlite.Open("a.db"))`, and `gorm.Open("sqlite3", "a.db")` of earlier versions. */
function readGorm(call: CallSite): readonly Opened[] {
  const all = alternativesOf(call.args[0]);
  return all.flatMap(({ value, when }): readonly Opened[] => {
    const isChosen = all.length > 1 && when.length === 0;
    const driver = textOf(value);
    const technology = driver === undefined ? undefined : technologyOf(driver);
    if (technology) return [{ call, technology, library: 'gorm', address: call.args[1], when, isChosen }];
    const [, first, ...others] = dialects.exec(value.is === 'made' ? (targetOf(value.callee) ?? '') : '') ?? [];
    const dialect = technologyOf(first ?? others.find(Boolean) ?? '');
    if (!dialect || value.is !== 'made') return [];
    const [given] = value.args;
    const options = given?.is === 'made' ? given.args[0] : given;
    const address = options?.is === 'object' ? options.properties['DSN'] : given;
    return [{ call, technology: dialect, library: 'gorm', address, when, isChosen }];
  });
}

const isSame = (left: readonly Condition[], right: readonly Condition[]): boolean => JSON.stringify(left) === JSON.stringify(right);

/** A driver that a setting names is known where only one is part of the program. */
function readDriver(call: CallSite, index: number, library: string, brought: ReadonlySet<string>): readonly Opened[] {
  const named = alternativesOf(call.args[index]).flatMap(({ value, when }) => {
    const name = textOf(value) ?? targetOf(value)?.split('.').at(-1);
    const technology = name === undefined ? undefined : technologyOf(name);
    return technology ? [{ technology, when }] : [];
  });
  const [only, ...others] = brought;
  const found = named.length > 0 ? named : only !== undefined && others.length === 0 ? [{ technology: only, when: [] }] : [];
  const distinct = [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
  return distinct.map(({ technology, when }) => {
    const isChosen = distinct.some((other) => other.technology !== technology && isSame(other.when, when));
    return { call, technology, library, address: call.args[index + 1], when, isChosen };
  });
}

function readOpened(call: CallSite, brought: ReadonlySet<string>): readonly Opened[] {
  const { target = '' } = call;
  if (target === 'gorm.Open') return readGorm(call);
  const file = files.find(([pattern]) => pattern.test(target))?.[1];
  if (file !== undefined) {
    const [first] = call.args;
    const isOptions = first?.is === 'made' && /DefaultOptions$/.test(targetOf(first.callee) ?? '');
    return [{ call, technology: file, library: file, address: isOptions ? first.args[0] : first, when: [], isChosen: false }];
  }
  const opener = openers.find(([pattern]) => pattern.test(target));
  if (opener) return readDriver(call, opener[1], opener[2], brought);
  const client = clients.find(([pattern]) => pattern.test(target));
  if (!client) return [];
  const [, technology, library, index] = client;
  // The second version of the driver of MongoDB takes no context.
  const given = technology === 'mongodb' ? (call.args[index] ?? call.args[0]) : call.args[index];
  return [{ call, technology, library, address: addressWithin(given), when: [], isChosen: false }];
}

/** With more, which of them is meant cannot be told. */
const mostAddresses = 6;

const isEmbedded = ({ technology, library }: Opened): boolean => technology === 'sqlite' || library === technology;

function emitEmbedded({ technology, library, address, ...opened }: Opened, when: readonly Condition[], sure: Confidence, emit: Emit): void {
  const at = { ...anchor(opened.call), when: [...when, ...opened.when] };
  const all = alternativesOf(address);
  const alternatives = all.length > mostAddresses ? [{ value: address!, when: [] }] : all;
  for (const { value, when: more } of alternatives) {
    // A variable without a default names what nobody can tell.
    if (value.is === 'env') continue;
    const text = textOf(value) ?? (value.is === 'text' ? value.parts.map((part) => textOf(part) ?? '').join('') : '');
    const inMemory = /:memory:|mode=memory/.test(text);
    const path = textOf(value)
      ?.replace(/^(?:file|sqlite):/, '')
      .replace(/\?.*$/, '');
    const written: Value = path === undefined ? value : { is: 'literal', value: path, place: value.place };
    const fact: Service = { technology, library, embedded: true, ...(inMemory ? { inMemory } : {}), address: written };
    emit('backing-service', { ...at, when: [...at.when, ...more] }, fact, sure);
  }
}

/** A function that copies a database from or to another place. */
const isCopying = ({ evaluator }: ProgramView, within: string | undefined): boolean =>
  within !== undefined && /^(?:do)?(?:backup|restore|import|export|dump|convert)/i.test(evaluator.functionOf(within)?.name ?? '');

class DatabaseReader {
  readonly #pools: ReturnType<typeof readPools>;
  /** Kinds of databases that the program brings drivers for. */
  readonly #brought: ReadonlySet<string>;
  constructor(
    readonly program: ProgramView,
    readonly emit: Emit,
  ) {
    this.#pools = readPools(program);
    this.#brought = new Set(drivers.flatMap(([pattern, technology]) => (program.importedLike(pattern) ? [technology] : [])));
  }

  read(): void {
    const opened = this.program.calls
      .filter(({ target, within }) => target !== undefined && (this.program.runsAtStart(within) || this.program.servesRequest(within)))
      .filter(({ within }) => !isCopying(this.program, within))
      .flatMap((call) => readOpened(call, this.#brought));
    const kinds = new Set(
      [...opened.map(({ technology }) => technology), ...this.#brought].filter((kind) => technologyOf(kind) !== undefined),
    );
    for (const one of opened) this.#emit(one, kinds.size > 1);
  }

  #emit(opened: Opened, isOneOfSeveral: boolean): void {
    const { call, technology, library, address } = opened;
    const around = [...this.program.conditionsAround(call.within), ...call.when];
    const hasCondition = around.length + opened.when.length > 0;
    const isOpen = !hasCondition && (isTested(call.written.when) || this.program.isOption(call.within));
    if (isEmbedded(opened)) {
      const isGuess = isOpen || opened.isChosen || (technology === 'sqlite' && isOneOfSeveral && !hasCondition);
      emitEmbedded(opened, around, isGuess ? 'guess' : 'certain', this.emit);
      return;
    }
    const fact: Service = { technology, library, embedded: false, ...(address ? { address } : {}), ...this.#pools(library) };
    const at = { ...anchor(call), when: [...around, ...opened.when] };
    this.emit('backing-service', at, fact, isOpen || opened.isChosen ? 'guess' : 'certain');
  }
}

/** Databases, caches and brokers that the program uses, and files that it keeps as a database. */
export const databases: Recogniser = {
  id: 'databases',
  recognise(program, emit) {
    new DatabaseReader(program, emit).read();
  },
};
