import { type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';

const webStarter =
  /^org\.springframework\.boot:spring-boot-starter-(?:web|webmvc|webflux|web-services|jersey|tomcat|jetty|undertow|graphql|data-rest|hateoas|thymeleaf|websocket)$|spring-cloud-starter-(?:gateway|netflix-zuul|netflix-eureka-server|config-server)|spring-cloud-(?:config-server|gateway)|spring-cloud-starter-netflix-hystrix-dashboard|^de\.codecentric:spring-boot-admin-starter-server$|^org\.springdoc:springdoc-openapi-starter-webm/;
const otherServer =
  /^(?:io\.quarkus:quarkus-(?:resteasy|rest|reactive-routes|vertx-web|undertow)|io\.micronaut:micronaut-http-server|io\.dropwizard:dropwizard-core|io\.javalin:javalin|com\.sparkjava:spark-core|io\.helidon)/;

/** The line of the class that starts Spring, else the build. */
const mainPlace = ({ types, place }: ProgramView) => {
  const main = types.find(({ type }) =>
    type.annotations.some(({ name }) => /(?:SpringBootApplication|SpringCloudApplication|EnableAutoConfiguration)$/.test(name)),
  );
  return main ? placeAt(main.path, main.type.at) : place;
};

/** Boot waits for requests in flight by itself from 3.4 on; from 2.3 on when `server.shutdown=graceful` asks for it. */
function isGraceful({ boot, settings, methods }: ProgramView): boolean | undefined {
  if (boot === undefined) return undefined;
  if (settings.is('server.shutdown', /^graceful$/i)) return true;
  if (methods.some(({ method }) => method.calls.some(({ name }) => name === 'setShutdown'))) return true;
  if (boot === 'unknown') return undefined;
  if (settings.is('server.shutdown', /^immediate$/i)) return false;
  return boot.major > 3 || (boot.major === 3 && boot.minor >= 4);
}

/** Embedded servers: where they listen, and how they stop. An archive for another server only answers requests. */
export const servers: Recogniser = {
  text: ['SpringBootApplication', 'EnableAutoConfiguration', 'SpringCloudApplication', 'setShutdown', 'GracefulShutdown'],
  recognise(view, emit) {
    if (view.needsServer) {
      if (view.module.build.packaging === 'war') emit('http-server', view.place, { library: 'servlet' });
      return;
    }
    const isWeb =
      view.boot !== undefined &&
      view.dependency(webStarter) !== undefined &&
      !view.settings.is('spring.main.web-application-type', /^none$/i);
    if (!isWeb && !view.dependency(otherServer)) return;
    const library = isWeb ? 'Spring Boot' : (view.dependency(otherServer)?.artifact.split('-')[0] ?? 'an embedded server');
    const port = view.settings.of(isWeb ? 'server.port' : 'quarkus.http.port').find(({ profile }) => profile === undefined);
    const place = mainPlace(view);
    emit('http-server', place, { library });
    emit('listen', place, {
      library,
      port: port
        ? view.settings.value(port)
        : { is: 'env', name: isWeb ? 'SERVER_PORT' : 'QUARKUS_HTTP_PORT', fallback: { is: 'literal', value: 8080, place }, place },
      purpose: 'main',
    });
    emitShutdown(view, emit, isWeb, library);
  },
};

function emitShutdown(view: ProgramView, emit: Parameters<Recogniser['recognise']>[1], isWeb: boolean, library: string): void {
  const graceful = isWeb ? isGraceful(view) : true;
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
