import type { Condition, FactValues } from '../../../facts.ts';
import { isDesk, isInternalHost, isLoopback, parseAddress } from '../../../text/addresses.ts';
import { readJdbcUrl } from '../../../text/jdbc-urls.ts';
import { variableOfKey } from '../../../text/placeholders.ts';
import { purposeOf } from '../../../text/purpose.ts';
import type { Place } from '../../../types.ts';
import { type CallView, refersTo } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser, startOf } from '../recogniser.ts';
import type { Setting } from '../settings.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';
import { filesThatAskPlatform, isBoundSetting } from './bound-services.ts';
import { openers } from './databases.ts';
import { isForAll } from './packed-settings.ts';
import { beginOf, isSettled, isTold, lies, writtenLinks } from './written-links.ts';

type Role = FactValues['endpoint']['role'];
const roles: readonly (readonly [RegExp, Role])[] = [
  [/^(?:postgres(?:ql)?|mysql|mariadb|mssql|oracle|db2|mongodb|tibero|cubrid)/, 'database'],
  [/^(?:redis|rediss|memcached)/, 'cache'],
  [/^(?:amqps?|kafka|nats|t3s?|jms|tcp)/, 'broker'],
  [/^https?/, 'http'],
];
const isStore = (role: Role): boolean => role === 'database' || role === 'cache' || role === 'broker';
const roleOf = (scheme: string | undefined): Role => roles.find(([pattern]) => pattern.test(scheme ?? ''))?.[1] ?? 'unknown';

/** Schemes of servers: `otpauth://totp` and `app://start` name none. */
const networkScheme =
  /^(?:https?|wss?|t3s?|iiop|rmi|jnp|amqps?|kafka|nats|jms|tcp|tls|udp|ssl|rediss?|memcached|mongodb(?:\+srv)?|postgres(?:ql)?|mysql|mariadb|ldaps?|ftps?|sftp|smtps?|mqtts?|grpcs?|bolt|neo4j|zookeeper|dubbo|nacos|consul|etcd)$/;

interface Address {
  readonly host: string;
  readonly port?: number;
  readonly scheme?: string;
}
function addressIn(text: string): Address | undefined {
  const jdbc = readJdbcUrl(text);
  if (jdbc)
    return jdbc.host && !jdbc.embedded
      ? { host: jdbc.host, scheme: jdbc.technology, ...(jdbc.port === undefined ? {} : { port: jdbc.port }) }
      : undefined;
  const address = parseAddress(text);
  return address?.scheme === undefined || networkScheme.test(address.scheme) || address.scheme === 'lb' ? address : undefined;
}

/** A bare number address is somebody's machine, inside or outside. */
const isNumeric = (host: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
const isLocalOnly = ({ profile }: Setting): boolean =>
  profile !== undefined && ['development', 'test'].includes(purposeOf(`${profile}.yml`));

/** Names of other settings: origins that may call, documentation, namespaces. */
const otherKey =
  /(?:cors|allowed-origin|origin|doc|license|contact|namespace|schema|swagger|openapi|issuer|return-url|homepage|description|title)/i;

/** Settings that name a machine: `spring.redis.host`, `fastdfs.tracker_servers`. */
const hostKey =
  /(?:^|[._-])(?:host|hostname|ip|addr|address|addresses|servers?|nodes|brokers|bootstrap-?servers|contact-points)(?:\[\d+\])?$/i;
/** Its own address, and those that it lets in. */
const ownKey =
  /(?:^|\.)server\.|^ktor\.(?:deployment|application)\.|bind|listen|local|allow|deny|white|black|trust|internal-proxies|mask|cidr|instance/i;
const keyRoles: readonly (readonly [RegExp, Role])[] = [
  [/redis|memcache/i, 'cache'],
  [/rabbit|kafka|activemq|rocketmq|artemis|mqtt/i, 'broker'],
  [/datasource|mongo|jdbc|database|cassandra|elasticsearch|(?:^|[._-])db[._-]/i, 'database'],
];

/** A machine that a setting names without a scheme; of a list the first. */
function machineIn({ key, text }: Setting): (Address & { readonly role: Role }) | undefined {
  if (!hostKey.test(key) || ownKey.test(key)) return undefined;
  const address = parseAddress(text.split(',')[0]!, true);
  const role = keyRoles.find(([pattern]) => pattern.test(key))?.[1] ?? 'unknown';
  return address &&
    address.scheme === undefined &&
    (isNumeric(address.host) || isLoopback(address.host) || (isStore(role) && isRentedMachine(address.host)))
    ? { ...address, role }
    : undefined;
}

const isForProduction = ({ profile }: Setting): boolean => profile !== undefined && /^(?:prd|prod|production|live|real)$/i.test(profile);
/** Names of a company's DNS; names without a dot belong to containers, examples to nobody. */
const isNamedMachine = (host: string): boolean => /\.[a-z]{2,}$/i.test(host) && !/example|your|\.test$|[<>{}]/i.test(host);

/** `redis-17.c11.eu-central-1.cloud.example`: a machine of a provider, no name of a cluster or of a container. */
const isRentedMachine = (host: string): boolean =>
  isNamedMachine(host) && host.split('.').length > 2 && !/\.(?:internal|local|localdomain|lan|svc|cluster)$/i.test(host);

/** Machines, addresses of the own network; the machine itself for production, and where an archive takes no other. */
function isFixedSetting(address: Address, role: Role, setting: Setting, view: ProgramView): boolean {
  const { host, scheme } = address;
  if (isLoopback(host) && isStore(role) && isForAll(setting, view)) return true;
  if (isLoopback(host))
    return isForProduction(setting) && /^(?:spring|quarkus)\./.test(setting.key) && host !== '0.0.0.0' && (role !== 'http' || !scheme);
  return (
    isNumeric(host) ||
    isDesk(host) ||
    (isInternalHost(host) && host.includes('.')) ||
    (role === 'database' && isNamedMachine(host)) ||
    (isStore(role) && isRentedMachine(host))
  );
}

/** `jdbc.host=localhost` beside `jdbc.url=jdbc:mysql://localhost/shop` says it again. */
const filesWithUrl = (view: ProgramView): ReadonlySet<string> =>
  new Set(view.settings.all.flatMap(({ text, place }) => (text.startsWith('jdbc:') ? [place.path] : [])));

function emitSettings(view: ProgramView, emit: Emit): void {
  const withUrl = filesWithUrl(view);
  for (const setting of view.settings.all) {
    if (setting.text.includes('${') || isLocalOnly(setting) || otherKey.test(setting.key)) continue;
    const address = addressIn(setting.text.replace(/^(?:(?:optional:)?configserver|vertx-reactive):/, ''));
    const machine = address ? undefined : machineIn(setting);
    const { role, ...at } = machine ?? { ...address, role: roleOf(address?.scheme) };
    if (at.host === undefined || isLookedUp({ ...at, host: at.host }, false)) continue;
    if (machine?.role === 'database' && isLoopback(machine.host) && withUrl.has(setting.place.path)) continue;
    if (!isFixedSetting({ ...at, host: at.host }, role, setting, view)) continue;
    const overridable = isBoundSetting(setting.key, view);
    // Spring and Quarkus take the variable of the same name instead, where a deployment sets it.
    const when: Condition[] = [...(setting.when ?? []), { env: variableOfKey(setting.key), test: 'unset' }];
    emit('endpoint', setting.place, { ...at, host: at.host, overridable, role }, { when });
  }
}

/** Clients of registries: what looks like a host of the network may be the name of a service there. */
const discovery =
  /(?:eureka-client|consul-discovery|nacos-discovery|zookeeper-discovery|kubernetes\S*-discovery|kubernetes\S*-all|starter-kubernetes|loadbalancer|ribbon|polaris-discovery)/;
const discoveryAnnotations = inFiles(({ types, methods }) => [
  ...methods.flatMap(({ method }) => annotationOf(method, 'LoadBalanced') ?? []),
  ...types.flatMap(({ type }) => annotationOf(type, 'EnableDiscoveryClient', 'EnableEurekaClient') ?? []),
]);
const usesDiscovery = (view: ProgramView): boolean => view.dependency(discovery) !== undefined || discoveryAnnotations(view).length > 0;

/** `lb://cart` is looked up, and so is `http://cart` where a registry is asked. */
const isLookedUp = ({ host, scheme }: Address, hasRegistry: boolean): boolean =>
  scheme === 'lb' || (hasRegistry && !host.includes('.') && /^(?:https?|wss?)$/.test(scheme ?? '') && !isLoopback(host));

/** Schemes that name a server and nothing else. */
const remoteScheme = /^(?:t3s?|iiop|rmi|jnp|amqps?|redis|mongodb|mysql|mariadb|postgresql|mssql|oracle|db2|tibero|cubrid)$/;

/** What these are given last holds where nothing else is given. */
const takesDefault =
  /^(?:getOrDefault|getProperty|getenv|orElse|requireNonNullElse|firstNonNull|getIfNull|default(?:String|IfBlank|IfEmpty|IfNull))$/;
const asksForSetting = /^(?!set|put|add|with|save|write|define|register)\w*(?:env|propert|config|setting|param|option|default|fallback)/i;
/** `envOr("BROKER_URL", "tcp://broker:61616")`: a helper of the program that asks for a setting first. */
const isDefaultOf = ({ name, args }: CallView['call'], argument: Expression): boolean =>
  takesDefault.test(name) ||
  (args.indexOf(argument) > 0 && asksForSetting.test(name) && args[0]?.is === 'text' && /^[\w.-]{1,80}$/.test(args[0].value));

const isFixed = (address: Address): boolean =>
  isNumeric(address.host) ||
  isInternalHost(address.host) ||
  (isLoopback(address.host) && (/^(?:tcp|https?)$/.test(address.scheme ?? '') || remoteScheme.test(address.scheme ?? '')));
/** Calls by whose name the reader of databases knows them, and tools that write code from tables. */
const isOtherJdbc = (text: string, call: CallView): boolean =>
  text.startsWith('jdbc:') && (openers.has(call.call.name) || call.file.imports.some(({ name }) => /\.generator\b/.test(name)));
const fixedAddresses = inFiles(({ calls }) =>
  calls.flatMap((call) =>
    call.call.args.flatMap((argument) => {
      const text = beginOf(argument);
      const address = text && addressIn(text.value);
      if (!address || !isFixed(address) || isSettled.test(call.call.name) || isTold(text.at, call)) return [];
      return isDefaultOf(call.call, argument) || isOrigin(call) || isOtherJdbc(text.value, call)
        ? []
        : [{ call, address, place: placeAt(call.path, text.at) }];
    }),
  ),
);
const listMakers = /^(?:of|asList|listOf|setOf|copyOf|singletonList|singleton|arrayOf|newArrayList|Set|List)$/;
const originName = /origin|cors/i;
/** `setAllowedOrigins(List.of("http://localhost:3000"))`: a list of those who may call. */
function isOrigin({ call, method }: CallView): boolean {
  if (originName.test(call.name) || originName.test(method.name)) return true;
  if (!listMakers.test(call.name)) return false;
  return (
    method.calls.some((outer) => originName.test(outer.name) && lies(call.at, outer.at)) ||
    method.creations.some((outer) => originName.test(outer.type) && lies(call.at, outer.at)) ||
    method.locals.some(({ name, value }) => value !== undefined && originName.test(name) && lies(call.at, value.at)) ||
    method.assignments.some(({ target, value }) => value !== undefined && originName.test(target.at(-1)!) && lies(call.at, value.at))
  );
}

/** Objects that are made with the address that they ask, or that they send a browser to. */
const jdbcTypes = /(?:Plugin|DataSource|Sql2o|Pool|ConnectionFactory|Database)$/;
const clientTypes = /^(?:URL|URI|HttpGet|HttpPost|HttpPut|HttpDelete|HttpPatch|HttpHost|ModelAndView|RedirectView|\w+Client|\w+Template)$/;
const inCreations = inFiles(({ methods }) =>
  methods.flatMap((view) =>
    view.method.creations.flatMap(({ type, args }) => {
      const first = beginOf(args[0]);
      if (!first || !(first.value.startsWith('jdbc:') ? jdbcTypes : clientTypes).test(type)) return [];
      const address = addressIn(first.value.replace(/^redirect:/, ''));
      return address && isFixed(address) ? [{ view, address, place: placeAt(view.path, first.at) }] : [];
    }),
  ),
);

/** What fields hold besides addresses of backing services: origins, defaults, names of formats. */
const otherField =
  /default|fallback|example|sample|test|origin|cors|allow|redirect|callback|doc|swagger|namespace|schema|xmlns|(?:^|_)ns$/i;
const addressField = /url|uri|endpoint|host|server|address|api|base/i;
const inFields = inFiles(({ path, types }) =>
  types.flatMap((type) =>
    type.type.fields.flatMap(({ name, value, modifiers, annotations }) => {
      const text = value?.is === 'call' || value?.is === 'new' ? value.args[0] : value;
      if (text?.is !== 'text' || !text.value.includes('://') || otherField.test(name) || annotations.length > 0) return [];
      if (!addressField.test(name) || !(modifiers.includes('final') || value !== text)) return [];
      const address = addressIn(text.value);
      const isNamed = address && (isNumeric(address.host) || address.host.includes('.') || address.port !== undefined);
      return isNamed && isFixed(address) ? [{ type, name, address, place: placeAt(path, text.at) }] : [];
    }),
  ),
);
/** `getOrDefault("API", API_URL)`: what holds where nothing else is given. */
const isDefault = (name: string, view: ProgramView): boolean =>
  view
    .callsNamed(
      'getOrDefault',
      'getProperty',
      'getenv',
      'orElse',
      'requireNonNullElse',
      'defaultString',
      'defaultIfBlank',
      'defaultIfEmpty',
    )
    .some(({ call }) => call.args.some((argument) => argument.is === 'name' && argument.path.at(-1) === name));

const keyOf = ({ path, line, column }: Place): string => `${path}:${line}:${column}`;

/** Links to the machine itself: in mails, redirects, and what else methods put together. Gives the places of pages. */
function emitLinks(view: ProgramView, emit: Emit): ReadonlySet<string> {
  const asking = filesThatAskPlatform(view);
  const pages = new Set<string>();
  for (const { view: method, address, at, isPage } of writtenLinks(view)) {
    const parsed = view.isBean(method) || view.servesRequest(method) ? addressIn(address) : undefined;
    if (!parsed) continue;
    const place = startOf(method.path, at);
    const value = { ...parsed, overridable: asking.has(method.path), role: isPage ? ('page' as const) : ('http' as const) };
    if (isPage) pages.add(keyOf(place));
    emit('endpoint', place, value, { within: method.id });
  }
  return pages;
}

function emitMade(view: ProgramView, emit: Emit, pages: ReadonlySet<string>): void {
  const asking = filesThatAskPlatform(view);
  const hasRegistry = usesDiscovery(view);
  const isAsked = (address: Address) => !isLookedUp(address, hasRegistry);
  for (const { view: method, address, place } of inCreations(view).filter((one) => !pages.has(keyOf(one.place))))
    if (isAsked(address) && (view.isBean(method) || remoteScheme.test(address.scheme ?? '')))
      emit('endpoint', place, { ...address, overridable: asking.has(method.path), role: roleOf(address.scheme) }, { within: method.id });
  for (const { type, name, address, place } of inFields(view))
    if (isAsked(address) && !isDefault(name, view))
      emit('endpoint', place, { ...address, overridable: asking.has(type.path), role: roleOf(address.scheme) }, { confidence: 'likely' });
}

/** Addresses in code: of private networks, the machine itself behind a scheme of a server, numbers. */
function emitCode(view: ProgramView, emit: Emit, pages: ReadonlySet<string>): void {
  const asking = filesThatAskPlatform(view);
  const hasRegistry = usesDiscovery(view);
  for (const { call, address, place } of fixedAddresses(view)) {
    if (pages.has(keyOf(place)) || isLookedUp(address, hasRegistry) || !(view.isBean(call) || remoteScheme.test(address.scheme ?? '')))
      continue;
    emit('endpoint', place, { ...address, overridable: asking.has(call.path), role: roleOf(address.scheme) }, { within: call.id });
  }
}

const inAnnotations = inFiles(({ path, file, types }) =>
  types.flatMap((view) =>
    view.type.annotations.flatMap(({ name, args }) => {
      const isFeign = refersTo(
        file,
        name,
        'org.springframework.cloud.openfeign.FeignClient',
        'org.springframework.cloud.netflix.feign.FeignClient',
      );
      const isMicronaut = refersTo(file, name, 'io.micronaut.http.client.annotation.Client');
      const written = isFeign ? args.url : isMicronaut ? args.value : undefined;
      const address = written?.is === 'text' && !written.value.includes('${') ? addressIn(written.value) : undefined;
      return address && isFixed(address) ? [{ address, place: placeAt(path, written!.at) }] : [];
    }),
  ),
);
/** `@FeignClient(url = "http://localhost:8081")`: the client of an interface is made with it. */
function emitAnnotated(view: ProgramView, emit: Emit): void {
  for (const { address, place } of inAnnotations(view))
    emit('endpoint', place, { ...address, overridable: false, role: roleOf(address.scheme) });
}

/** Fixed addresses of backing services. `localhost` in settings of Spring Boot is a default of developers that the platform replaces. */
export const endpoints: Recogniser = {
  text: [
    '"redirect:http',
    '"http://',
    '"https://',
    '"t3://',
    '"amqp://',
    '"tcp://',
    '"redis://',
    '"mongodb://',
    '"iiop://',
    '"rmi://',
    '"jdbc:',
    'http://localhost',
    'http://127.0.0.1',
  ],
  recognise(view, emit) {
    emitSettings(view, emit);
    const pages = emitLinks(view, emit);
    emitCode(view, emit, pages);
    emitMade(view, emit, pages);
    emitAnnotated(view, emit);
  },
};
