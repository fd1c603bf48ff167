import type { Condition, FactValues } from '../../../facts.ts';
import { isInternalHost, isLoopback, parseAddress } from '../../../text/addresses.ts';
import { textOf } from '../evaluate.ts';
import type { MethodView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { At, Expression, Guard } from '../summary.ts';
import { linksOf } from './endpoints-links.ts';
import { serverPlace } from './servers.ts';

type Endpoint = Pick<FactValues['endpoint'], 'host' | 'port' | 'scheme' | 'role'>;

const schemes: readonly (readonly [RegExp, Endpoint['role']])[] = [
  [/^(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?)$/, 'database'],
  [/^rediss?$/, 'cache'],
  [/^(?:amqps?|rabbitmq|nats|kafka)$/, 'broker'],
  [/^(?:https?|wss?|grpc)$/, 'http'],
];
/** What takes a bare `host:port`. */
const bareTakers: Readonly<Record<string, Endpoint['role']>> = {
  ConnectionMultiplexer: 'cache',
  BootstrapServers: 'broker',
  HostName: 'broker',
};
const redisTakers = /^AddStackExchangeRedis(?:Cache|OutputCache)?$/;
const connectionHost = /(?:^|;)\s{0,5}(?:server|host|data source|addr(?:ess)?)\s{0,5}=\s{0,5}(?:tcp:)?([\w.-]{1,200})(?:[,:](\d{1,5}))?/i;
const isConnection = /(?:^|;)\s{0,5}(?:user(?: ?id| ?name)?|uid|password|pwd|database|initial catalog|integrated security|port)\s{0,5}=/i;

/** Calls that take an address and connect to nothing. */
const other =
  /^(?:WithOrigins|AddOrigin|SetIsOriginAllowed|AddServer|Contact|StartsWith|EndsWith|Contains|Replace|Equals|Log\w*|WriteLine|Write|GetSection|GetValue|GetConnectionString|UseUrls|Run|RunAsync|Add|AddRedirectUri|AddSource|Redirect|Link|Produces\w*|Throw\w*)$/;

function readText(text: string, bare: Endpoint['role'] | undefined): Endpoint | undefined {
  const address = parseAddress(text, bare !== undefined);
  if (address) {
    const role = bare ?? schemes.find(([pattern]) => pattern.test(address.scheme ?? ''))?.[1];
    return role ? { ...address, role } : undefined;
  }
  const [, host, port] = (isConnection.test(text) && connectionHost.exec(text)) || [];
  return host === undefined ? undefined : { host, ...(port === undefined ? {} : { port: Number(port) }), role: 'database' };
}

const isNumeric = (host: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
const isFixed = ({ host }: Endpoint): boolean => isLoopback(host) || isNumeric(host) || isInternalHost(host);

interface Found {
  readonly text: string;
  readonly at: At;
}
/** Texts in an expression that nothing replaces: what stands behind `??` is a default. */
function textsIn(expression: Expression, depth = 0): readonly Found[] {
  if (depth > 4) return [];
  if (expression.is === 'literal') return typeof expression.value === 'string' ? [{ text: expression.value, at: expression.at }] : [];
  // `$"http://orders:8080/orders/{id}"`: the address stands before what is filled in.
  if (expression.is === 'text') {
    const [start] = expression.parts;
    const text = start?.is === 'literal' && typeof start.value === 'string' ? start.value : '';
    return start && /^[a-z]{2,10}:\/\/[^/?#@]{1,200}[/?#]/i.test(text) ? [{ text, at: start.at }] : [];
  }
  const isUri = expression.is === 'new' && (expression.type === 'Uri' || expression.type === '');
  return isUri ? expression.args.flatMap((one) => textsIn(one, depth + 1)) : [];
}

/** What is asked over HTTP; other texts with such addresses are data. */
const httpNames = /^(?:BaseAddress|Address|Endpoint|ServiceUrl|BaseUrl|Uri|Url)$/;
const httpCalls =
  /^(?:(?:Get|Post|Put|Delete|Patch|Send)(?:String|AsJson|FromJson|ByteArray|Stream)?Async|ForAddress|DownloadString|DownloadData|UploadString)$/;

/** A name of the host in the file of a service discovery is looked up. */
const usesDiscovery = (view: ProgramView): boolean =>
  view.callsNamed('AddServiceDiscovery', 'AddConsul', 'AddDiscoveryClient', 'AddServiceDiscoveryCore', 'UseDapr', 'AddDaprClient').length >
  0;

const isLocalOnly = (when: readonly Condition[]): boolean =>
  when.some(
    ({ env, test, value }) => env === 'ASPNETCORE_ENVIRONMENT' && test === 'equals' && /^(?:development|local|test)$/.test(value ?? ''),
  );

/** What takes a text: `bare` where a host alone is meant, `isAsked` where an address of HTTP is asked. */
interface Taker {
  readonly when: readonly Guard[] | undefined;
  readonly bare?: Endpoint['role'];
  readonly isAsked?: boolean;
  /** It takes nothing but the address of a database. */
  readonly opens?: boolean;
}
/** Connections of ADO.NET, and what EF Core opens. */
const openers = /^(?:\w{0,20}(?:Sql|Npgsql|Oracle|Db)\w{0,10}Connection|Use(?:SqlServer|MySql|MySQL|Npgsql|Oracle|AzureSql))$/;

class EndpointReader {
  readonly #looksUp: boolean;
  constructor(
    readonly view: ProgramView,
    readonly emit: Emit,
  ) {
    this.#looksUp = usesDiscovery(view);
  }

  read(one: MethodView): void {
    const { method } = one;
    for (const { call, when } of method.calls) {
      const isConnect = /^Connect(?:Async)?$/.test(call.name) && call.on?.is === 'name' && call.on.path.at(-1) === 'ConnectionMultiplexer';
      if (other.test(call.name) && !isConnect) continue;
      const isBare = isConnect || redisTakers.test(call.name);
      const taker: Taker = {
        when,
        isAsked: httpCalls.test(call.name),
        opens: openers.test(call.name),
        ...(isBare ? { bare: 'cache' } : {}),
      };
      for (const argument of call.args) this.#add(one, argument, taker);
    }
    for (const { creation, when } of method.creations) {
      if (creation.type === 'Uri' || /Exception$|Attribute$|OpenApi/.test(creation.type)) continue;
      const isAsked = creation.type === 'HttpRequestMessage';
      const opens = openers.test(creation.type);
      for (const argument of creation.args) this.#add(one, argument, { when, isAsked, opens });
      for (const [name, value] of Object.entries(creation.set)) this.#add(one, value, { when, ...namedTaker(name) });
    }
    for (const { target, value, how, when } of method.assignments)
      if (value && how === 'set') this.#add(one, value, { when, ...namedTaker(target.at(-1) ?? '', method.handedTo) });
  }

  /** A variable or a text of constants that a database is opened with: `new MySqlConnection(address)`. */
  #constant(one: MethodView, expression: Expression): readonly Found[] {
    const value = this.view.evaluator.value(expression, one);
    const text = textOf(value);
    const { path, line, column, endLine, endColumn } = value.place;
    return text !== undefined && path === one.path && isConnection.test(text) ? [{ text, at: [line, column, endLine, endColumn] }] : [];
  }

  #add(one: MethodView, expression: Expression, { when, bare, isAsked, opens }: Taker): void {
    const isNamed = opens === true && (expression.is === 'name' || expression.is === 'text');
    for (const { text, at } of isNamed ? this.#constant(one, expression) : textsIn(expression)) {
      const endpoint = readText(text, bare);
      if (!endpoint || !isFixed(endpoint)) continue;
      // What a server asks on its own machine, another port of a developer, is not there in a container.
      const isOwn = isLoopback(endpoint.host) && (serverPlace(this.view) === undefined || endpoint.port === undefined);
      const isSkipped = !isAsked || isOwn || this.#looksUp;
      if (endpoint.role === 'http' && isSkipped) continue;
      const conditions = [...this.view.evaluator.conditions(when, one), ...this.view.evaluator.reachedWhen(one)];
      if (!isLocalOnly(conditions))
        this.emit('endpoint', placeAt(one.path, at), { ...endpoint, overridable: false }, { within: one.id, when: conditions });
    }
  }
}

const namedTaker = (name: string, handedTo = ''): Omit<Taker, 'when'> => ({
  isAsked: httpNames.test(name),
  ...(Object.hasOwn(bareTakers, name) ? { bare: bareTakers[name]! } : {}),
  // `AddStackExchangeRedisCache(options => options.Configuration = "cache")`.
  ...(name === 'Configuration' && redisTakers.test(handedTo) ? { bare: 'cache' as const } : {}),
});

/** Addresses of databases, brokers and peers in code that nothing outside of it replaces. */
export const endpoints: Recogniser = {
  text: [
    '"http://',
    '"https://',
    'http://localhost',
    'https://localhost',
    '"Server=',
    '"Host=',
    '"server=',
    'SqlConnection',
    'UseMySql',
    'UseSqlServer',
    'UseNpgsql',
    '"host=',
    '"Data Source=',
    '"amqp://',
    '"redis://',
    '"mongodb://',
    'HostName',
    'ConnectionMultiplexer',
    'AddStackExchangeRedis',
    'BootstrapServers',
  ],
  recognise(view, emit) {
    const reader = new EndpointReader(view, emit);
    for (const one of view.running) reader.read(one);
    // Programs without a server send nobody anywhere.
    if (serverPlace(view) === undefined) return;
    const seen = new Set<string>();
    for (const { value, place, within, when } of view.running.flatMap((one) => linksOf(one, view))) {
      const key = `${place.path}:${place.line}`;
      if (seen.has(key) || isLocalOnly(when)) continue;
      seen.add(key);
      emit('endpoint', place, value, { within, when });
    }
  },
};
