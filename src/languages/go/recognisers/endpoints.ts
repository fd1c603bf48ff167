import type { FactValues, Value } from '../../../facts.ts';
import { defaultPortOf, internalAddress } from '../../../text/addresses.ts';
import { isDescriptivePath } from '../../../text/secret-literals.ts';
import { isPlaceholder } from '../../../text/secret-shapes.ts';
import { isDevelopmentFile, isDevelopmentOnly } from '../development.ts';
import { type Anchor, alternativesOf, anchor, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';

interface Client {
  readonly role: FactValues['endpoint']['role'];
  readonly index: number;
  /** The argument is `host:port`, not a URL. */
  readonly bare?: true;
  readonly port?: number;
}
const clients: Readonly<Record<string, Client>> = {
  'redis.ParseURL': { role: 'cache', index: 0, port: 6379 },
  'github.com/gomodule/redigo/redis.Dial': { role: 'cache', index: 1, bare: true, port: 6379 },
  'github.com/jackc/pgx/pgxpool.New': { role: 'database', index: 1, port: 5432 },
  'github.com/jackc/pgx.Connect': { role: 'database', index: 1, port: 5432 },
  'database/sql.Open': { role: 'database', index: 1 },
  'sqlx.Open': { role: 'database', index: 1 },
  'sqlx.Connect': { role: 'database', index: 1 },
  'gorm.io/driver/postgres.Open': { role: 'database', index: 0, port: 5432 },
  'gorm.io/driver/mysql.Open': { role: 'database', index: 0, port: 3306 },
  'go.mongodb.org/mongo-driver/mongo/options.ClientOptions.ApplyURI': { role: 'database', index: 0, port: 27017 },
  'github.com/streadway/amqp.Dial': { role: 'broker', index: 0, port: 5672 },
  'github.com/rabbitmq/amqp091-go.Dial': { role: 'broker', index: 0, port: 5672 },
  'github.com/nats-io/nats.Connect': { role: 'broker', index: 0, port: 4222 },
  'net/http.Get': { role: 'http', index: 0 },
  'net/http.Post': { role: 'http', index: 0 },
  'net/http.NewRequest': { role: 'http', index: 1 },
  'net/http.NewRequestWithContext': { role: 'http', index: 2 },
  'grpc.Dial': { role: 'http', index: 0, bare: true },
  'grpc.NewClient': { role: 'http', index: 0, bare: true },
};

/** What is written down of a text; a sign that stands in no address for what is filled in. */
const writtenText = (value: Value): string | undefined =>
  value.is === 'text' ? value.parts.map((part) => (part.is === 'literal' ? String(part.value) : '\0')).join('') : textOf(value);

/** `host=localhost port=5432` of PostgreSQL, `user:password@tcp(localhost:3306)/shop` of MySQL. */
function fromDsn(text: string): string | undefined {
  const mysql = /@tcp\(([\w.-]{1,200}(?::\d{1,5})?)\)/.exec(text)?.[1];
  if (mysql) return mysql;
  const host = /(?:^|\s)host=([\w.-]{1,200})(?=\s|$)/.exec(text)?.[1];
  const port = /(?:^|\s)port=(\d{1,5})(?=\s|$)/.exec(text)?.[1];
  return host && (port ? `${host}:${port}` : host);
}

class EndpointReader {
  readonly #seen = new Set<string>();
  constructor(
    readonly program: ProgramView,
    readonly emit: Emit,
  ) {}

  read(value: Value | undefined, { role, bare, port }: Client, at: Anchor): void {
    const all = alternativesOf(value);
    if (all.some(({ value: one, env }) => one.is === 'env' || env !== undefined)) return;
    for (const { value: one, when } of all) {
      const text = writtenText(one);
      if (text === undefined) continue;
      const dsn = text.includes('://') ? undefined : fromDsn(text);
      if (!bare && dsn === undefined && !text.includes('://')) continue;
      const address = internalAddress(dsn ?? text, bare === true || dsn !== undefined);
      const { path, line } = one.place;
      const key = `${path}:${line}`;
      if (!address || this.#seen.has(key) || isPlaceholder(address.host) || isDevelopmentOnly(when)) continue;
      if (isDevelopmentFile(path, this.program.root) || isDescriptivePath(path, this.program.root)) continue;
      if (isDefault(this.program, one)) continue;
      this.#seen.add(key);
      const known = address.port ?? defaultPortOf(address.scheme) ?? port;
      this.emit(
        'endpoint',
        { ...at, place: one.place, when: [...(at.when ?? []), ...when] },
        {
          host: address.host,
          overridable: false,
          role,
          ...(known === undefined ? {} : { port: known }),
          ...(address.scheme ? { scheme: address.scheme } : {}),
        },
      );
    }
  }
}

/** A file of settings may replace it. */
const isDefault = ({ evaluator: { settings } }: ProgramView, { place }: Value): boolean => settings?.isDefault(place) === true;

/** Addresses of backing services and peers that no variable can replace. */
export const endpoints: Recogniser = {
  id: 'endpoints',
  recognise(program, emit) {
    const reader = new EndpointReader(program, emit);
    for (const call of program.calls) {
      const client = call.target !== undefined && Object.hasOwn(clients, call.target) ? clients[call.target] : undefined;
      if (client && (program.runsAtStart(call.within) || program.servesRequest(call.within)))
        reader.read(call.args[client.index], client, anchor(call));
    }
    for (const one of program.literalsOf('redis.Options'))
      reader.read(one.field('Addr'), { role: 'cache', index: 0, bare: true, port: 6379 }, one);
  },
};
