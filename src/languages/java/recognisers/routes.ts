import { type MethodView, refersTo, type TypeView } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Annotation } from '../summary.ts';
import { idOf } from '../views.ts';

const springMappings: Readonly<Record<string, readonly string[]>> = {
  RequestMapping: [],
  GetMapping: ['GET'],
  PostMapping: ['POST'],
  PutMapping: ['PUT'],
  DeleteMapping: ['DELETE'],
  PatchMapping: ['PATCH'],
};
const jaxMethods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];

/** The paths of a mapping; `undefined` where one is no constant. */
function pathsOf(annotation: Annotation | undefined, view: TypeView, program: ProgramView): readonly (string | undefined)[] {
  const value = annotation?.args.value ?? annotation?.args.path ?? annotation?.args.urlPatterns;
  if (!value) return [''];
  const items = value.is === 'list' ? value.items : [value];
  return items.map((item) => program.names.text(item, view));
}

/** `/a` + `b/{id}` → `/a/b/:id`. */
const join = (...parts: readonly string[]): string => {
  const path = `/${parts.join('/')}`.replace(/\/{2,}/g, '/').replace(/\{\*?([^}:]{1,100})(?::[^}]*)?\}/g, ':$1');
  return path.length > 1 ? path.replace(/\/$/, '') : path;
};

function contextPath({ settings, needsServer }: ProgramView): string | undefined {
  if (needsServer) return undefined;
  const path =
    settings.text('server.servlet.context-path') ?? settings.text('server.context-path') ?? settings.text('spring.webflux.base-path') ?? '';
  return path.includes('$') ? undefined : path;
}

function emitRoutes(
  method: MethodView,
  prefixes: readonly (string | undefined)[],
  annotation: Annotation | undefined,
  methods: readonly string[],
  program: ProgramView,
  emit: Emit,
  at: Annotation,
): void {
  const context = contextPath(program);
  for (const prefix of prefixes) {
    for (const path of pathsOf(annotation, method, program)) {
      const complete = prefix !== undefined && path !== undefined && context !== undefined;
      const full = join(context ?? '', prefix ?? '', path ?? '');
      emit(
        'route',
        placeAt(method.path, at.at),
        { methods, path: full, complete, handlers: [method.id], fallback: full.endsWith('/**'), library: 'Spring MVC' },
        { within: method.id },
      );
    }
  }
}

function methodsOf(annotation: Annotation): readonly string[] {
  const value = annotation.args.method;
  const items = value?.is === 'list' ? value.items : value ? [value] : [];
  return items.flatMap((item) => (item.is === 'name' ? [item.path.at(-1)!] : []));
}

/** Routes of Spring MVC and JAX-RS with the prefixes of their class and of the program, and of servlets. */
export const routes: Recogniser = {
  text: ['Mapping', '@Path', '@WebServlet', 'ApplicationPath'],
  recognise(view, emit) {
    const base = view.types.flatMap((type) =>
      annotationOf(type.type, 'ApplicationPath') ? pathsOf(annotationOf(type.type, 'ApplicationPath'), type, view) : [],
    )[0];
    for (const method of view.methods) {
      const spring = method.method.annotations.find(({ name }) => Object.hasOwn(springMappings, name));
      if (spring && annotationOf(method.type, 'FeignClient') === undefined && method.type.kind === 'class')
        emitRoutes(
          method,
          pathsOf(annotationOf(method.type, 'RequestMapping'), method, view),
          spring,
          spring.name === 'RequestMapping' ? methodsOf(spring) : springMappings[spring.name]!,
          view,
          emit,
          spring,
        );
      const jax = method.method.annotations.find(
        ({ name }) => jaxMethods.includes(name) && refersTo(method.file, name, `jakarta.ws.rs.${name}`),
      );
      const owner = annotationOf(method.type, 'Path');
      if (jax && owner && annotationOf(method.type, 'RegisterRestClient') === undefined)
        emitRoutes(
          method,
          pathsOf(owner, method, view).map((path) => (path === undefined ? undefined : `${base ?? ''}/${path}`)),
          annotationOf(method.method, 'Path'),
          [jax.name],
          view,
          emit,
          jax,
        );
    }
    for (const type of view.types) {
      const servlet = annotationOf(type.type, 'WebServlet');
      if (!servlet) continue;
      const handlers = type.type.methods.filter(({ name }) => /^do[A-Z]/.test(name)).map((method) => idOf(type.path, type.type, method));
      for (const path of pathsOf(servlet, type, view))
        emit('route', placeAt(type.path, servlet.at), {
          methods: [],
          path: join(path ?? ''),
          complete: false,
          handlers,
          fallback: false,
          library: 'servlet',
        });
    }
  },
};
