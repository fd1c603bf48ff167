import { codeRoutes } from '../code-frameworks.ts';
import { placeAt, type Recogniser } from '../recogniser.ts';

/** Libraries whose routes are not read, or may be made by something that is not. */
const unreadRoutes =
  /^(?:(?:com\.bladejava|com\.hellokaton):blade-|org\.http4k:|io\.ratpack:|io\.helidon|io\.ktor:ktor-server-resources|io\.vertx:vertx-web-(?:openapi|api-contract)|io\.vertx:vertx-health-check)/;

/** Routes that code declares by calls: Ktor, Vert.x, Javalin, Spark. What stands above them is not followed. */
export const callRoutes: Recogniser = {
  text: [
    'io.ktor.server',
    'io.ktor.application',
    'io.ktor.routing',
    'io.vertx.ext.web',
    'io.javalin',
    'import spark.',
    'import static spark.',
    'Verticle',
  ],
  recognise(view, emit) {
    for (const { view: method, call, library, methods, path } of codeRoutes(view)) {
      const isOpen = path === undefined || (methods.length === 0 && /\*$/.test(path));
      emit(
        'route',
        placeAt(method.path, call.at),
        {
          methods,
          path: path === undefined ? '/' : `/${path.replace(/^\//, '').replace(/\{(\w+)\??\}/g, ':$1')}`,
          complete: false,
          handlers: [method.id],
          fallback: isOpen,
          library,
        },
        { within: method.id },
      );
    }
    const unread = view.dependency(unreadRoutes);
    if (unread)
      emit('route', unread.place, { methods: [], path: '/', complete: false, handlers: [], fallback: true, library: unread.artifact });
  },
};
