import type { Value } from '../../../facts.ts';
import { variableOfKey } from '../../../text/placeholders.ts';
import type { Place } from '../../../types.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { inFiles } from '../views.ts';
import { codePorts } from './code-ports.ts';

const webStarter =
  /^org\.springframework\.boot:spring-boot-starter-(?:web|webmvc|webflux|web-services|jersey|tomcat|jetty|undertow|graphql|data-rest|hateoas|thymeleaf|websocket)$|spring-cloud-starter-(?:gateway|netflix-zuul|netflix-eureka-server|config-server)|spring-cloud-(?:config-server|gateway)|spring-cloud-starter-netflix-hystrix-dashboard|^de\.codecentric:spring-boot-admin-starter-server$|^org\.springdoc:springdoc-openapi-starter-webm/;
/** Servers of other libraries, where they are told their port, and whether they wait for requests when SIGTERM comes. Data only. */
interface ServerLibrary {
  readonly artifact: RegExp;
  readonly name: string;
  /** The setting that the library reads by itself. */
  readonly key?: string;
  readonly closes?: true;
}
const serverLibraries: readonly ServerLibrary[] = [
  {
    artifact: /^io\.quarkus:quarkus-(?:resteasy|rest|reactive-routes|vertx-web|undertow)/,
    name: 'quarkus',
    key: 'quarkus.http.port',
    closes: true,
  },
  { artifact: /^io\.micronaut:micronaut-http-server/, name: 'micronaut', key: 'micronaut.server.port', closes: true },
  { artifact: /^io\.dropwizard:dropwizard-core$/, name: 'dropwizard', closes: true },
  { artifact: /^io\.helidon/, name: 'helidon', closes: true },
  { artifact: /^io\.ktor:ktor-server-(?:netty|cio|jetty|tomcat)/, name: 'ktor', closes: true },
  { artifact: /^io\.javalin:javalin(?:-bundle)?$/, name: 'javalin' },
  { artifact: /^com\.sparkjava:spark-(?:core|kotlin)$/, name: 'spark' },
  { artifact: /^io\.vertx:vertx-web$/, name: 'vertx' },
  { artifact: /^(?:com\.bladejava|com\.hellokaton):blade-(?:mvc|core)$/, name: 'blade' },
  { artifact: /^org\.http4k:http4k-server-/, name: 'http4k' },
  { artifact: /^io\.ratpack:ratpack-(?:core|guice|groovy)$/, name: 'ratpack' },
];
const serverLibraryOf = (view: Pick<ProgramView, 'dependency'>): ServerLibrary | undefined =>
  serverLibraries.find(({ artifact }) => view.dependency(artifact));
/** Its own `main` opens a server. */
export const isServerLibrary = (label: string): boolean => serverLibraries.some(({ artifact }) => artifact.test(label));

const starters = inFiles(({ types }) =>
  types.filter(({ type }) =>
    type.annotations.some(({ name }) => /(?:SpringBootApplication|SpringCloudApplication|EnableAutoConfiguration)$/.test(name)),
  ),
);
/** The line of the class that starts Spring, else the build. */
const mainPlace = (view: ProgramView): Place => {
  const [main] = starters(view);
  return main ? placeAt(main.path, main.type.at) : view.place;
};

/** Boot waits for requests in flight by itself from 3.4 on; from 2.3 on when `server.shutdown=graceful` asks for it. */
function isGraceful({ boot, settings, callsNamed, hasOtherSettings }: ProgramView): boolean | undefined {
  if (boot === undefined) return undefined;
  if (boot !== 'unknown' && (boot.major < 2 || (boot.major === 2 && boot.minor < 3))) return false;
  if (settings.is('server.shutdown', /^graceful$/i)) return true;
  if (callsNamed('setShutdown').length > 0) return true;
  if (boot === 'unknown') return undefined;
  if (hasOtherSettings) return undefined;
  if (settings.is('server.shutdown', /^immediate$/i)) return false;
  return boot.major > 3 || (boot.major === 3 && boot.minor >= 4);
}

const isBootWeb = (view: ProgramView): boolean =>
  view.boot !== undefined && view.dependency(webStarter) !== undefined && !view.settings.is('spring.main.web-application-type', /^none$/i);

/** The program answers requests over HTTP, by a server of its own or in one that it is deployed to. */
export const answersHttp = (view: ProgramView): boolean => view.needsServer || isBootWeb(view) || serverLibraryOf(view) !== undefined;

/** Embedded servers: where they listen, and how they stop. An archive for another server only answers requests. */
export const servers: Recogniser = {
  text: [
    'ServerBuilder',
    'ServerSocket(',
    'ServerBootstrap',
    'SpringBootApplication',
    'EnableAutoConfiguration',
    'SpringCloudApplication',
    'Javalin',
    'embeddedServer',
    'import static spark.',
    'createHttpServer',
    'setShutdown',
    'GracefulShutdown',
    'addShutdownHook',
  ],
  recognise(view, emit) {
    if (view.needsServer) {
      if (view.module.build.packaging === 'war') emit('http-server', view.place, { library: 'servlet' });
      return;
    }
    const isWeb = isBootWeb(view);
    const other = isWeb ? undefined : serverLibraryOf(view);
    if (!isWeb && !other) return;
    const library = other?.name ?? 'Spring Boot';
    const place = mainPlace(view);
    emit('http-server', place, { library });
    emitListen(view, emit, other ? other.key : 'server.port', library, place);
    emitRpcPorts(view, emit);
    emitShutdown(view, emit, isWeb, library, other?.closes);
  },
};

const rpcServers =
  /dubbo|grpc-(?:server-)?spring-boot-starter|spring-grpc-(?:server-)?spring-boot-starter|quarkus-grpc|sofa-?(?:boot|rpc)|rpc-sofa-boot|motan|thrift|tars-spring/i;
const rpcPort =
  /^(?:(?:spring\.)?grpc\.server\.port|quarkus\.grpc\.server\.port|dubbo\.protocols?(?:\.[\w-]+)?\.port|com\.alipay\.sofa\.rpc\.\w+[.-]port)$/;
const opensPort: Readonly<Record<string, RegExp>> = { forPort: /ServerBuilder$/, forAddress: /ServerBuilder$/, bind: /ServerBootstrap$/ };

const sockets = inFiles(({ path, methods }) =>
  methods.flatMap(({ method }) =>
    method.creations.filter(({ type }) => /^(?:\w+\.)*(?:SSL)?ServerSocket$/.test(type)).map(({ at }) => placeAt(path, at)),
  ),
);

/** Servers beside HTTP: a port of one that is not known may be any that a manifest names. */
function emitRpcPorts(view: ProgramView, emit: Emit): void {
  const settings = view.settings.matching(rpcPort);
  for (const setting of settings)
    emit(
      'listen',
      setting.place,
      { library: 'RPC', port: asNumber(view.settings.value(setting)), purpose: 'unknown' },
      { when: setting.when },
    );
  const calls = view.callsNamed(...Object.keys(opensPort)).filter(({ call, ...method }) => {
    const type = call.on && view.names.typeOf(call.on, method);
    return type !== undefined && opensPort[call.name]!.test(type);
  });
  const places = [...calls.map(({ path, call }) => placeAt(path, call.at)), ...sockets(view)];
  const library = settings.length === 0 && places.length === 0 ? view.dependency(rpcServers) : undefined;
  for (const place of library ? [library.place] : places)
    emit('listen', place, { library: 'RPC', purpose: 'unknown' }, { confidence: 'guess' });
}

/** Settings are texts; ports are compared as numbers. */
function asNumber(value: Value): Value {
  if (value.is === 'literal' && /^\d{1,5}$/.test(String(value.value))) return { ...value, value: Number(value.value) };
  return value.is === 'env' && value.fallback ? { ...value, fallback: asNumber(value.fallback) } : value;
}

/** The default of the server where nothing sets a port; unknown where a config server may, or where only code tells it. */
function emitListen(view: ProgramView, emit: Emit, key: string | undefined, library: string, place: Place): void {
  const listen = (port: Value | undefined, setting?: ProgramView['settings']['all'][number]): void =>
    emit('listen', place, { library, ...(port ? { port } : {}), purpose: 'main' }, setting ? { when: setting.when } : {});
  if (key === undefined) {
    const opened = codePorts(library, view);
    for (const { place: at, port, within } of opened) if (port) emit('listen', at, { library, port, purpose: 'main' }, { within });
    // `EngineMain` reads it from the settings.
    const [configured] = library === 'ktor' && opened.length === 0 ? view.settings.of('ktor.deployment.port') : [];
    if (configured) return listen(asNumber(view.settings.value(configured)), configured);
    return opened.length > 0 && opened.every(({ port }) => port) ? undefined : listen(undefined);
  }
  const settings = view.settings.of(key);
  const main =
    settings.find(({ profile }) => profile === undefined) ??
    (new Set(settings.map(({ text }) => text)).size === 1 ? settings[0] : undefined);
  if (!main && settings.length > 0) return listen(undefined);
  if (!main && view.hasOtherSettings) return listen(undefined);
  listen(
    main
      ? asNumber(view.settings.value(main))
      : { is: 'env', name: variableOfKey(key), fallback: { is: 'literal', value: 8080, place }, place },
  );
  // A profile that the deployment chooses may move it.
  for (const setting of settings)
    if (main && setting.profile !== undefined && setting.text !== main.text) listen(asNumber(view.settings.value(setting)), setting);
}

function emitShutdown(view: ProgramView, emit: Emit, isWeb: boolean, library: string, closes: true | undefined): void {
  // The Jetty of Javalin ends with the process unless a hook stops it first.
  if (library === 'javalin' && view.callsNamed('addShutdownHook').length === 0) return;
  const graceful = isWeb ? isGraceful(view) : closes;
  const setting = view.settings.of('server.shutdown')[0];
  const place = setting?.place ?? view.bootPlace ?? view.place;
  const seconds = /^(\d{1,4})s$/.exec(view.settings.text('spring.lifecycle.timeout-per-shutdown-phase') ?? '')?.[1];
  emit('shutdown-handler', place, {
    library,
    signals: ['SIGTERM'],
    closes: graceful ?? 'unknown',
    ...(graceful && isWeb ? { seconds: seconds ? Number(seconds) : 30 } : {}),
  });
}
