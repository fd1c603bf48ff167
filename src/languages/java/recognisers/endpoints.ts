import type { FactValues } from '../../../facts.ts';
import { isInternalHost, isLoopback, parseAddress } from '../../../text/addresses.ts';
import { readJdbcUrl } from '../../../text/jdbc-urls.ts';
import { purposeOf } from '../../../text/purpose.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Setting } from '../settings.ts';
import { inFiles } from '../views.ts';
import { filesThatAskPlatform, isBoundSetting } from './bound-services.ts';

type Role = FactValues['endpoint']['role'];
const roles: readonly (readonly [RegExp, Role])[] = [
  [/^(?:postgresql|mysql|mariadb|mssql|oracle|db2|mongodb|tibero|cubrid)/, 'database'],
  [/^(?:redis|rediss|memcached)/, 'cache'],
  [/^(?:amqps?|kafka|nats|t3s?|jms|tcp)/, 'broker'],
  [/^https?/, 'http'],
];
const roleOf = (scheme: string | undefined): Role => roles.find(([pattern]) => pattern.test(scheme ?? ''))?.[1] ?? 'unknown';

/** Schemes of servers: `otpauth://totp` and `app://start` name none. */
const networkScheme =
  /^(?:https?|wss?|t3s?|iiop|rmi|jnp|amqps?|kafka|nats|jms|tcp|tls|udp|ssl|rediss?|memcached|mongodb(?:\+srv)?|ldaps?|ftps?|sftp|smtps?|mqtts?|grpcs?|bolt|neo4j|zookeeper|dubbo|nacos|consul|etcd)$/;

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

function emitSettings(view: ProgramView, emit: Emit): void {
  for (const setting of view.settings.all) {
    if (setting.text.includes('${') || isLocalOnly(setting) || otherKey.test(setting.key)) continue;
    const address = addressIn(setting.text);
    if (
      !address ||
      isLookedUp(address, false) ||
      isLoopback(address.host) ||
      !(isNumeric(address.host) || (isInternalHost(address.host) && address.host.includes('.')))
    )
      continue;
    const overridable = isBoundSetting(setting.key, view);
    emit('endpoint', setting.place, { ...address, overridable, role: roleOf(address.scheme) }, { when: setting.when });
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
const remoteScheme = /^(?:t3s?|iiop|rmi|jnp|amqps?|redis|mongodb)$/;

/** Calls that take an address and are no questions about one. */
const isSettled =
  /^(?:getOrDefault|getProperty|getenv|allowedOrigins?|addAllowedOrigin|setAllowedOrigins|url|contact|license|addServersItem|equals|startsWith|matches)$/;
const isFixed = (address: Address): boolean =>
  isNumeric(address.host) ||
  isInternalHost(address.host) ||
  (isLoopback(address.host) && /^(?:t3s?|iiop|rmi|amqp|tcp|redis|mongodb|https?)$/.test(address.scheme ?? ''));
const fixedAddresses = inFiles(({ calls }) =>
  calls.flatMap((call) =>
    call.call.args.flatMap((argument) => {
      const address = argument.is === 'text' && argument.value.includes('://') ? addressIn(argument.value) : undefined;
      return address && isFixed(address) && !isSettled.test(call.call.name)
        ? [{ call, address, place: placeAt(call.path, argument.at) }]
        : [];
    }),
  ),
);

/** Addresses in code: of private networks, the machine itself behind a scheme of a server, numbers. */
function emitCode(view: ProgramView, emit: Emit): void {
  const asking = filesThatAskPlatform(view);
  const hasRegistry = usesDiscovery(view);
  for (const { call, address, place } of fixedAddresses(view)) {
    if (isLookedUp(address, hasRegistry) || !(view.isBean(call) || remoteScheme.test(address.scheme ?? ''))) continue;
    emit('endpoint', place, { ...address, overridable: asking.has(call.path), role: roleOf(address.scheme) }, { within: call.id });
  }
}

/** Fixed addresses of backing services. `localhost` in settings is a default of developers that the platform replaces. */
export const endpoints: Recogniser = {
  text: ['"http://', '"https://', '"t3://', '"amqp://', '"tcp://', '"redis://', '"mongodb://', '"iiop://', '"rmi://'],
  recognise(view, emit) {
    emitSettings(view, emit);
    emitCode(view, emit);
  },
};
