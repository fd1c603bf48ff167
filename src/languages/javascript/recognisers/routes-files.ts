import { posix } from 'node:path';
import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { functionsIn } from './routes-mounts.ts';
import { normalisePath, pathsOf } from './routes-paths.ts';

/** A route that a file name makes. */
interface FileRoute {
  readonly path: string;
  readonly kind: 'endpoint' | 'page';
  readonly methods: readonly string[];
}
const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const source = /\.[cm]?[jt]sx?$/;

const brackets = (path: string): string =>
  path
    .replace(/\[\[?\.{3}[^\]]*\]?\]/g, '*')
    .replace(/\[\[?([\w-]+)(?:=[\w-]+)?\]?\]/g, ':$1')
    .replace(/(^|\/)\([^)/]*\)(?=\/|$)/g, '$1')
    .replace(/(^|\/)@[\w-]+(?=\/|$)/g, '$1')
    .replace(/(?:^|\/)index$/, '')
    .replace(/\/{2,}/g, '/');

/** Next.js: `pages/api/x.ts`, `pages/x.tsx`, `app/x/route.ts`, `app/x/page.tsx`. */
function nextRoute(path: string): FileRoute | undefined {
  const inside = path.replace(/^src\//, '');
  const app = /^app\/(?:(.*)\/)?(route|page)\.[cm]?[jt]sx?$/.exec(inside);
  if (app) return { path: brackets(app[1] ?? ''), kind: app[2] === 'route' ? 'endpoint' : 'page', methods: [] };
  const page = /^pages\/(.*)\.[cm]?[jt]sx?$/.exec(inside);
  if (!page || /^_(?:app|document|error|middleware)$/.test(page[1]!)) return undefined;
  return { path: brackets(page[1]!), kind: page[1]!.startsWith('api/') ? 'endpoint' : 'page', methods: [] };
}

/** SvelteKit: `+server.ts` exports methods, `+page` is a page. */
function svelteRoute(path: string): FileRoute | undefined {
  const found = /^src\/routes\/(?:(.*)\/)?\+(server|page)(?:\.server)?\.(?:[cm]?[jt]s|svelte)$/.exec(path);
  return found ? { path: brackets(found[1] ?? ''), kind: found[2] === 'server' ? 'endpoint' : 'page', methods: [] } : undefined;
}

/** Nuxt and Nitro: `server/api/x.get.ts`, `server/routes/x.ts`, `pages/x.vue`. */
function nuxtRoute(path: string): FileRoute | undefined {
  const server = /^(?:src\/)?server\/(api|routes)\/(.*?)(?:\.(get|post|put|patch|delete|head|options))?\.[cm]?[jt]s$/.exec(path);
  if (server) {
    const inside = brackets(server[2]!);
    return {
      path: server[1] === 'api' ? `api/${inside}` : inside,
      kind: 'endpoint',
      methods: server[3] ? [server[3].toUpperCase()] : [],
    };
  }
  const page = /^(?:src\/|app\/)?pages\/(.*)\.vue$/.exec(path);
  return page ? { path: brackets(page[1]!), kind: 'page', methods: ['GET'] } : undefined;
}

/** Astro: `src/pages/api/x.ts` exports methods, other files there are pages. */
function astroRoute(path: string): FileRoute | undefined {
  const found = /^src\/pages\/((?:[^/_][^/]*\/)*[^/_][^/]*?)\.(astro|mdx?|html|[cm]?[jt]s)$/.exec(path);
  if (!found) return undefined;
  const isEndpoint = /^[cm]?[jt]s$/.test(found[2]!);
  return { path: brackets(found[1]!), kind: isEndpoint ? 'endpoint' : 'page', methods: [] };
}

/** Remix and React Router flat routes: `.` separates segments, `$x` is a parameter, `_layout` adds nothing, `x_` leaves its parent, `x+` is a folder (remix-flat-routes). */
function remixRoute(path: string): FileRoute | undefined {
  const found = /^app\/routes\/(.*?)(?:\/(?:route|index))?\.[cm]?[jt]sx?$/.exec(path);
  if (!found) return undefined;
  const segments = found[1]!
    .replace(/\[([^\]]*)\]/g, (_, escaped: string) => escaped.replaceAll('.', '\0'))
    .split(/[./]/)
    .filter((segment) => segment !== '' && !segment.startsWith('_') && segment !== 'index')
    .map((segment) => segment.replace(/[_+]$/, '').replaceAll('\0', '.'))
    .map((segment) => (segment === '$' ? '*' : segment.startsWith('$') ? `:${segment.slice(1)}` : segment));
  return { path: segments.join('/'), kind: 'endpoint', methods: [] };
}

const frameworks: readonly {
  readonly library: string;
  readonly dependencies: readonly string[];
  route(path: string): FileRoute | undefined;
}[] = [
  { library: 'next', dependencies: ['next'], route: nextRoute },
  { library: '@sveltejs/kit', dependencies: ['@sveltejs/kit', '@sveltejs/adapter-node'], route: svelteRoute },
  { library: 'nuxt', dependencies: ['nuxt', 'nuxt3', 'nitropack'], route: nuxtRoute },
  { library: 'astro', dependencies: ['@astrojs/node'], route: astroRoute },
  {
    library: 'remix',
    dependencies: ['@remix-run/node', '@remix-run/serve', '@react-router/node', '@react-router/serve'],
    route: remixRoute,
  },
];

/** The framework of a program that finds its routes by file name. */
export const fileFramework = (program: ProgramView): string | undefined =>
  frameworks.find(({ dependencies }) => dependencies.some((name) => program.dependencies.has(name)))?.library;

/** `basePath` and rewrites of next.config. */
function nextPrefix(program: ProgramView): { prefix: string; complete: boolean } {
  const path = program.files.find((file) => /(?:^|\/)next\.config\.[cm]?[jt]s$/.test(file));
  if (!path) return { prefix: '', complete: true };
  const text = program.text(path) ?? '';
  const place: Place = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const config = program.evaluator.exported(path, 'default', place);
  const given: Value | undefined = config.is === 'object' ? config.properties['basePath'] : undefined;
  const [base] = given ? pathsOf(given) : [];
  const complete = base ? base.complete : !/\bbasePath\b/.test(text);
  return { prefix: base?.complete ? base.text : '', complete: complete && !/\brewrites\b|\bi18n\b/.test(text) };
}

/** Exported handlers of a file, with the method of each where its name says so. */
function exportsOf(path: string, program: ProgramView): { methods: readonly string[]; handlers: readonly string[] } {
  const place: Place = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const exported = (name: string): readonly string[] => functionsIn(program.evaluator.exported(path, name, place));
  const text = program.text(path) ?? '';
  const methods = httpMethods.filter((name) => new RegExp(`\\bexport\\b[^\\n;]*\\b${name}\\b`).test(text));
  const names = [...methods, 'default', ...(/\bloader\b/.test(text) ? ['loader'] : [])];
  return { methods, handlers: names.flatMap(exported) };
}

function emitFileRoute(
  path: string,
  route: FileRoute,
  library: string,
  base: { prefix: string; complete: boolean },
  program: ProgramView,
  emit: Emit,
): void {
  const read = route.kind === 'endpoint' && source.test(path) ? exportsOf(path, program) : { methods: ['GET'], handlers: [] };
  const full = normalisePath(`${base.prefix}/${route.path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1'));
  emit(
    'route',
    { place: { path, line: 1, column: 1, endLine: 1, endColumn: 1 } },
    {
      methods: route.methods.length > 0 ? route.methods : read.methods,
      path: full,
      complete: base.complete,
      handlers: read.handlers,
      fallback: full.endsWith('*'),
      library,
    },
    base.complete ? 'certain' : 'likely',
  );
}

/** Routes that frameworks find by file name. */
export const fileRoutes: Recogniser = {
  id: 'file-routes',
  packages: ['next', '@sveltejs/kit', 'nuxt', 'h3', 'nitropack', 'astro', '@remix-run/node', '@react-router/node'],
  recognise(program, emit) {
    const library = fileFramework(program);
    const framework = frameworks.find((item) => item.library === library);
    if (!framework || !library) return;
    if (library === 'remix' && !hasFlatRoutes(program)) return emitConfigured(program, library, emit);
    const base = library === 'next' ? nextPrefix(program) : { prefix: '', complete: true };
    for (const path of program.evaluator.graph.files.under(program.root)) {
      const inside = program.root ? path.slice(program.root.length + 1) : path;
      const route = framework.route(inside);
      if (route && !path.endsWith('.d.ts') && !/\.(?:test|spec|stories)\./.test(path))
        emitFileRoute(path, route, library, base, program, emit);
    }
    if (library === 'next') emitStaticRoot(program, library, emit);
  },
};

/** React Router 7 takes its routes from `app/routes.ts`; only `flatRoutes()` there means file names. */
function hasFlatRoutes(program: ProgramView): boolean {
  const file = ['ts', 'js', 'mts']
    .map((end) => posix.join(program.root, `app/routes.${end}`))
    .find((path) => program.text(path) !== undefined);
  return file === undefined || /\bflatRoutes\b/.test(program.text(file) ?? '');
}
/** Routes that are put together by code: any path may be one. */
function emitConfigured(program: ProgramView, library: string, emit: Emit): void {
  const place = { path: posix.join(program.root, 'app/routes.ts'), line: 1, column: 1, endLine: 1, endColumn: 1 };
  emit('route', { place }, { methods: [], path: '/*', complete: false, handlers: [], fallback: true, library }, 'likely');
}

/** Next serves the files of `public` at its root. */
function emitStaticRoot(program: ProgramView, library: string, emit: Emit): void {
  const folder = program.root ? `${program.root}/public` : 'public';
  const [file] = program.evaluator.graph.files.under(folder);
  if (file)
    emit(
      'route',
      { place: { path: file, line: 1, column: 1, endLine: 1, endColumn: 1 } },
      { methods: ['GET'], path: '/*', complete: true, handlers: [], fallback: true, library, answers: 'files' },
    );
}
