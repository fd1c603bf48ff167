import { type MethodView, refersTo, type TypeView } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Annotation } from '../summary.ts';
import { idOf, inFiles } from '../views.ts';

const springMappings: Readonly<Record<string, readonly string[]>> = {
  RequestMapping: [],
  GetMapping: ['GET'],
  PostMapping: ['POST'],
  PutMapping: ['PUT'],
  DeleteMapping: ['DELETE'],
  PatchMapping: ['PATCH'],
};
const micronautMethods = ['Get', 'Post', 'Put', 'Delete', 'Patch', 'Head'];
const jaxMethods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];

/** The paths of a mapping; `undefined` where one is no constant. */
function pathsOf(annotation: Annotation | undefined, view: TypeView, program: ProgramView): readonly (string | undefined)[] {
  const value = annotation?.args.value ?? annotation?.args.path ?? annotation?.args.uri ?? annotation?.args.urlPatterns;
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
    settings.text('server.servlet.context-path') ??
    settings.text('server.context-path') ??
    settings.text('micronaut.server.context-path') ??
    settings.text('spring.webflux.base-path') ??
    '';
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

/** Methods that are mapped to a path. */
const mapped = inFiles(({ file, methods }) =>
  methods.flatMap((view) => {
    const { method, type } = view;
    const mapping = method.annotations.find(({ name }) => Object.hasOwn(springMappings, name));
    const spring = mapping && annotationOf(type, 'FeignClient') === undefined && type.kind === 'class' ? mapping : undefined;
    const jax = method.annotations.find(({ name }) => jaxMethods.includes(name) && refersTo(file, name, `jakarta.ws.rs.${name}`));
    const owner = jax && annotationOf(type, 'RegisterRestClient') === undefined ? annotationOf(type, 'Path') : undefined;
    return spring || owner ? [{ view, spring, jax, owner }] : [];
  }),
);
const ofMicronaut = inFiles(({ file, methods }) =>
  methods.flatMap((view) => {
    const owner = view.type.annotations.find(({ name }) => refersTo(file, name, 'io.micronaut.http.annotation.Controller'));
    const mapping =
      owner &&
      view.method.annotations.find(
        ({ name }) => micronautMethods.includes(name) && refersTo(file, name, `io.micronaut.http.annotation.${name}`),
      );
    return owner && mapping ? [{ view, owner, mapping }] : [];
  }),
);
const annotatedTypes = (name: string) =>
  inFiles(({ types }) =>
    types.flatMap((view) => {
      const annotation = annotationOf(view.type, name);
      return annotation ? [{ view, annotation }] : [];
    }),
  );
const applications = annotatedTypes('ApplicationPath');
const servlets = annotatedTypes('WebServlet');

function emitServlets(program: ProgramView, emit: Emit): void {
  for (const { view, annotation } of servlets(program)) {
    const handlers = view.type.methods.filter(({ name }) => /^do[A-Z]/.test(name)).map((method) => idOf(view.path, view.type, method));
    for (const path of pathsOf(annotation, view, program))
      emit('route', placeAt(view.path, annotation.at), {
        methods: [],
        path: join(path ?? ''),
        complete: false,
        handlers,
        fallback: false,
        library: 'servlet',
      });
  }
}

/** Routes of Spring MVC and JAX-RS with the prefixes of their class and of the program, and of servlets. */
export const routes: Recogniser = {
  text: [
    'io.micronaut.http.annotation',
    'Mapping',
    '@Path',
    '@WebServlet',
    'extends HttpServlet',
    'extends ActionSupport',
    'ApplicationPath',
  ],
  recognise(program, emit) {
    const base = applications(program).flatMap(({ view, annotation }) => pathsOf(annotation, view, program))[0];
    for (const { view, spring, jax, owner } of mapped(program)) {
      if (spring) {
        const methods = spring.name === 'RequestMapping' ? methodsOf(spring) : springMappings[spring.name]!;
        emitRoutes(view, pathsOf(annotationOf(view.type, 'RequestMapping'), view, program), spring, methods, program, emit, spring);
      }
      if (!jax || !owner) continue;
      const prefixes = pathsOf(owner, view, program).map((path) => (path === undefined ? undefined : `${base ?? ''}/${path}`));
      emitRoutes(view, prefixes, annotationOf(view.method, 'Path'), [jax.name], program, emit, jax);
    }
    for (const { view, owner, mapping } of ofMicronaut(program))
      emitRoutes(view, pathsOf(owner, view, program), mapping, [mapping.name.toUpperCase()], program, emit, mapping);
    emitServlets(program, emit);
  },
};
