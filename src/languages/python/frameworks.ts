/** What frameworks load by names that are written as texts: settings of Django, URLs, apps, configuration of Flask. */
import type { Entry } from '../language.ts';
import type { ModuleGraph } from './module-graph.ts';
import { folderOf, join, packageFolder } from './modules.ts';
import type { Expression } from './summary.ts';

const maxRounds = 20;
/** Modules of an app that Django loads by name. */
const appModules = ['apps', 'models', 'admin', 'signals', 'receivers', 'handlers', 'tasks', 'consumers', 'routing'];
const dottedName = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$|^[a-z_]\w*$/;

export function loadConventions(graph: ModuleGraph, entries: readonly Entry[]): void {
  const chosen = entries.flatMap(({ command }) => command?.chosen['DJANGO_SETTINGS_MODULE'] ?? []);
  const given = new Set(chosen);
  const variables = new Map(entries.flatMap(({ command }) => Object.entries(command?.chosen ?? {})));
  const read = new Set<string>();
  for (let round = 0; round < maxRounds; round++) {
    const fresh = graph.reached.filter((path) => !read.has(path));
    if (fresh.length === 0 && round > 0) return;
    for (const path of fresh) read.add(path);
    const names = fresh.flatMap((path) => {
      const named = [...namesIn(graph, path, given.size > 0), ...configurationsIn(graph, path, variables)];
      return named.map((name) => ({ name, path }));
    });
    const all = round === 0 ? [...names, ...[...given].map((name) => ({ name, path: entries[0]!.path }))] : names;
    const split = all.filter(({ name }) => /^[\w.]*settings$/.test(name)).flatMap(({ name, path }) => splitSettings(graph, name, path));
    graph.follow([...all.flatMap(({ name, path }) => filesNamed(graph, name, path)), ...split].filter((path) => !graph.isExcluded(path)));
  }
}

/** A module, or what a module holds: `shop.apps.ShopConfig`, `shop.web:app`, `config.Production`. */
function filesNamed(graph: ModuleGraph, written: string, from: string): readonly string[] {
  const { modules } = graph;
  if (written.endsWith('.py')) return modules.text(join(folderOf(from), written)) === undefined ? [] : [join(folderOf(from), written)];
  const isApp = written.startsWith('app:');
  const name = written.replace(/^app:/, '').replace(/:.*$/, '');
  for (
    let module = name, steps = 0;
    module !== '' && steps < 4;
    module = module.includes('.') ? module.slice(0, module.lastIndexOf('.')) : '', steps++
  ) {
    const found = modules.resolve(module, from);
    if (!found || 'package' in found) continue;
    if ('folder' in found) return isApp ? appModules.flatMap((one) => pathOf(modules.below(found, one))) : [];
    const folder = packageFolder(found.path);
    const apps = isApp && folder !== undefined ? appModules.flatMap((one) => pathOf(modules.below(found, one))) : [];
    // An app that is named by its configuration class.
    const beside =
      isApp && /(?:^|\/)apps\.py$/.test(found.path) ? appModules.flatMap((one) => pathOf(modules.resolve(`.${one}`, found.path))) : [];
    return [found.path, ...apps, ...beside];
  }
  return [];
}

/** Where settings stand in a package whose own module is empty: which one is meant, a variable says that is not here. */
const usualSettings = ['production', 'prod', 'base', 'common', 'settings', 'default', 'defaults'];

/** `config.settings`, a package that holds `base`, `dev` and `prod`: what production would take. */
function splitSettings(graph: ModuleGraph, name: string, from: string): readonly string[] {
  const { modules } = graph;
  const found = modules.resolve(name, from);
  if (!found || 'package' in found) return [];
  const own = 'path' in found ? modules.summary(found.path) : undefined;
  const isOpen =
    'folder' in found || (packageFolder(found.path) !== undefined && own?.assignments.length === 0 && own.imports.length === 0);
  return isOpen ? usualSettings.flatMap((one) => pathOf(modules.below(found, one))).slice(0, 1) : [];
}

const pathOf = (found: ReturnType<ModuleGraph['modules']['resolve']>): readonly string[] => (found && 'path' in found ? [found.path] : []);

const lastName = (expression: Expression): string => (expression.is === 'attribute' || expression.is === 'name' ? expression.name : '');
const textsIn = (expression: Expression | undefined, depth = 0): readonly string[] => {
  if (!expression || depth > 4) return [];
  if (expression.is === 'literal') return typeof expression.value === 'string' ? [expression.value] : [];
  if (expression.is === 'list') return expression.items.flatMap((item) => textsIn(item, depth + 1));
  if (expression.is === 'text') return expression.parts.flatMap((part) => textsIn(part, depth + 1));
  if (expression.is === 'call') return expression.args.flatMap((argument) => textsIn(argument, depth + 1));
  return [];
};

/** Where configuration usually stands, for programs whose deployment is not here. */
const usualConfigurations = ['config', '.config', 'settings', '.settings', '..config', '..settings'];

/** `app.config.from_object(os.environ['APP_SETTINGS'])`: what the variable names, else what stands at the usual place. */
function configurationsIn(graph: ModuleGraph, path: string, variables: ReadonlyMap<string, string>): readonly string[] {
  const summary = graph.modules.summary(path);
  const found: string[] = [];
  for (const { call, within } of summary?.calls ?? []) {
    if (lastName(call.callee) !== 'from_object') continue;
    const [first] = call.args;
    const written =
      first?.is === 'name' ? summary!.assignments.findLast((one) => one.target[0] === first.name && one.within === within) : undefined;
    const names = variablesIn(written?.value ?? first);
    const values = names.flatMap((name) => variables.get(name) ?? []);
    if (values.length > 0) found.push(...values);
    else if (names.length > 0) {
      const usual = usualConfigurations.find((name) => {
        const target = graph.modules.resolve(name, path);
        return target !== undefined && 'path' in target;
      });
      if (usual === undefined) graph.complete = false;
      else found.push(usual);
    }
  }
  return found;
}

/** Names of the variables that an expression reads: `os.getenv('X')`, `os.environ['X']`. */
function variablesIn(expression: Expression | undefined): readonly string[] {
  if (expression?.is === 'item' && lastName(expression.of) === 'environ') return textsIn(expression.key);
  if (expression?.is === 'or') return [...variablesIn(expression.left), ...variablesIn(expression.right)];
  const isRead = expression?.is === 'call' && /^(?:getenv|get|config|env)$/.test(lastName(expression.callee));
  return isRead ? textsIn(expression.args[0]).filter((text) => /^[A-Z][A-Z0-9_]+$/.test(text)) : [];
}

/** `bot.load_extension('cogs.music')`, and with a name for each file of a folder, all that it holds: `f'cogs.{name[:-3]}'`. */
function extensionsIn(graph: ModuleGraph, path: string): readonly string[] {
  const calls = graph.modules.summary(path)?.calls ?? [];
  const loading = calls.filter(({ call }) => /^load_extensions?$/.test(lastName(call.callee)));
  if (loading.length === 0) return [];
  const named = loading.flatMap(({ call }) => textsIn(call.args[0]));
  const folders = calls.flatMap(({ call }) =>
    call.args.flatMap((argument) => {
      const start = argument.is === 'text' && argument.parts[0]?.is === 'literal' ? String(argument.parts[0].value) : '';
      return /^[A-Za-z_][\w.]*\.$/.test(start) ? [start.slice(0, -1)] : [];
    }),
  );
  return [...named, ...[...new Set(folders)].flatMap((folder) => modulesOf(graph, folder, path))];
}
/** Modules and packages right below a folder, by their dotted names. */
function modulesOf(graph: ModuleGraph, folder: string, path: string): readonly string[] {
  const found = graph.modules.resolve(folder, path);
  const at = !found || 'package' in found ? undefined : 'folder' in found ? found.folder : packageFolder(found.path);
  return at === undefined ? [] : graph.modules.namesBelow(at).map((name) => `${folder}.${name}`);
}

/** Calls whose first argument names a module. */
const loaders = /^(?:include|from_object|from_pyfile|import_module|import_string|run|get_wsgi_application|autodiscover_tasks|as_view)$/;

function namesIn(graph: ModuleGraph, path: string, hasSettings: boolean): readonly string[] {
  const summary = graph.modules.summary(path);
  const found: string[] = [];
  for (const { call } of summary?.calls ?? []) {
    const name = lastName(call.callee);
    const [first, second] = call.args;
    if (name === 'setdefault' && first?.is === 'literal' && first.value === 'DJANGO_SETTINGS_MODULE' && !hasSettings)
      found.push(...textsIn(second));
    else if (name === 'include' || loaders.test(name)) found.push(...textsIn(first).slice(0, 50));
    // String views of older Django, handlers of `path('x', 'shop.views.index')`.
    else if (/^(?:path|re_path|url)$/.test(name) && second?.is === 'literal') found.push(...textsIn(second));
    if (name === 'Celery' || name === 'run') found.push(...textsIn(call.named['include']), ...textsIn(call.named['app']));
  }
  found.push(...extensionsIn(graph, path));
  for (const one of summary?.assignments ?? []) {
    const name = one.target.at(-1) ?? '';
    if (/^(?:ROOT_URLCONF|ASGI_APPLICATION|WSGI_APPLICATION|MIDDLEWARE|MIDDLEWARE_CLASSES)$/.test(name)) found.push(...textsIn(one.value));
    else if (/(?:INSTALLED_APPS|_APPS)$/.test(name)) found.push(...textsIn(one.value).map((app) => `app:${app}`));
    else if (one.key?.is === 'literal' && one.key.value === 'DJANGO_SETTINGS_MODULE' && !hasSettings) found.push(...textsIn(one.value));
  }
  return found.filter((text) => text.endsWith('.py') || dottedName.test(text.replace(/^app:/, '').replace(/:[\w.()]+$/, '')));
}
