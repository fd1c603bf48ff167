import { isHealthPath } from '../../../text/health-path.ts';
import { type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import type { Expression, Guard } from '../summary.ts';
import { placeAt } from '../value-shapes.ts';

/** Libraries that answer health requests, with the settings of Django under which they are installed. */
const helpers = [
  'health_check',
  'healthcheck',
  'fastapi_health',
  'fastapi_healthcheck',
  'fastapi_healthchecks',
  'flask_healthz',
  'flask_health',
  'healthcheck_python',
  'watchman',
  'django_alive',
  'heartbeat',
  'aiohttp_healthcheck',
  'dockerflow',
  'django_healthchecks',
  'django_probes',
  'kubernetes_healthcheck',
  'py_healthcheck',
  'lightkube_health',
];

/** `request.path`, `request.META['PATH_INFO']`, `scope['path']`. */
const asksPath = (expression: Expression): boolean =>
  (expression.is === 'attribute' && /^(?:path|path_info|full_path|raw_path)$/.test(expression.name)) ||
  (expression.is === 'item' && expression.key.is === 'literal' && /^(?:path|PATH_INFO)$/.test(String(expression.key.value)));
const pathsIn = (expression: Expression): readonly string[] => {
  if (expression.is === 'list') return expression.items.flatMap(pathsIn);
  return expression.is === 'literal' && typeof expression.value === 'string' && isHealthPath(expression.value) ? [expression.value] : [];
};

/** Paths of health requests that a test asks for. */
function healthPathsOf({ test, holds }: Guard): readonly string[] {
  if (test.is !== 'compare' || !/^(?:==|in)$/.test(test.operator) || !holds) return [];
  if (asksPath(test.left)) return pathsIn(test.right);
  return asksPath(test.right) ? pathsIn(test.left) : [];
}

/** Middleware that answers health requests before any route is asked: `if request.path == '/ping': return …`. */
function middlewarePaths(
  program: ProgramView,
): { readonly paths: readonly string[]; readonly place: ReturnType<typeof placeAt> } | undefined {
  for (const { path, own } of program.functions) {
    const paths = own.returns.flatMap(({ when }) => (when ?? []).flatMap(healthPathsOf));
    if (paths.length > 0) return { paths, place: placeAt(path, own.at) };
  }
  return undefined;
}

/** `path('', health_check)`: at the root, where the path says nothing, the name of the function does. */
export const isHealthHandler = (program: ProgramView, path: string, handlers: readonly string[]): boolean =>
  path === '/' && handlers.some((id) => isHealthPath(`/${program.evaluator.functionOf(id)?.name ?? ''}`));

/** Health requests that a library or middleware answers; the paths of libraries are not followed. */
export const health: Recogniser = {
  id: 'health',
  recognise(program, emit) {
    const place = program.imported(...helpers);
    if (place) emit('health-helper', { place }, { library: 'health check', paths: [] });
    for (const setting of program.settings('INSTALLED_APPS')) {
      const items = setting.value.is === 'list' ? setting.value.items : [];
      const found = items.find((item) => helpers.includes((textOf(item) ?? '').split('.')[0]!));
      if (found) emit('health-helper', { ...setting, place: found.place }, { library: textOf(found)!, paths: [] });
    }
    const own = middlewarePaths(program);
    if (own) emit('health-helper', { place: own.place }, { library: 'middleware', paths: own.paths });
  },
};
