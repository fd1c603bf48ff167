/** URL patterns of Django, from its root on. */
import type { Value } from '../../../facts.ts';
import { type CallSite, type Emit, type ProgramView, textOf } from '../recogniser.ts';
import type { At } from '../summary.ts';
import { dottedOf } from '../value-shapes.ts';
import { isHealthHandler } from './health.ts';
import { fromPattern, joinPaths, noPath, normalise, type PathText, pathOf } from './route-paths.ts';
import { keysOf } from './router-tree.ts';
import { handlersOf } from './routes.ts';
import { anchor } from './servers.ts';

const maxDepth = 8;
const isPattern = ({ name, dotted = '' }: CallSite): boolean =>
  /^(?:path|re_path|url)$/.test(name) && /^(?:django\.(?:urls|conf\.urls)\.|(?:path|re_path|url)$)/.test(dotted);

/** Packages whose own URLs tell nothing of health, wherever they are mounted. */
const packages =
  /^(?:django\.contrib|wagtail|rest_framework(?:_simplejwt)?|allauth|dj_rest_auth|rest_auth|djoser|oauth2_provider|social_django|drf_spectacular|drf_yasg|debug_toolbar|django_summernote|ckeditor(?:_uploader)?|tinymce|cms|filer|django_browser_reload|hijack|impersonate|captcha|two_factor|django_cas_ng|django_prometheus|silk|jet)(?:\.|$)/;

const contains = (outer: At, inner: At): boolean =>
  (outer[0] < inner[0] || (outer[0] === inner[0] && outer[1] <= inner[1])) &&
  (outer[2] > inner[2] || (outer[2] === inner[2] && outer[3] >= inner[3])) &&
  outer.join() !== inner.join();

class UrlReader {
  readonly #byFile = new Map<string, CallSite[]>();
  readonly #seen = new Set<string>();
  constructor(
    readonly program: ProgramView,
    readonly emit: Emit,
  ) {
    for (const call of program.callsNamed('path', 're_path', 'url', 'register', 'static'))
      this.#byFile.set(call.path, [...(this.#byFile.get(call.path) ?? []), call]);
  }

  read(path: string, prefix: PathText, depth = 0): void {
    const key = `${path} ${prefix.text} ${prefix.complete}`;
    if (depth > maxDepth || this.#seen.has(key)) return;
    this.#seen.add(key);
    const own = this.#byFile.get(path) ?? [];
    const patterns = own.filter(isPattern);
    const prefixOf = (call: CallSite): PathText => {
      const outer = patterns.filter((other) => contains(other.written.call.at, call.written.call.at));
      return outer.reduce((before, other) => joinPaths(before, pathText(other)), prefix);
    };
    // Patterns behind the prefix of a language have one more segment.
    const isTranslated = this.program.callsNamed('i18n_patterns').some((call) => call.path === path);
    for (const call of patterns) this.#pattern(call, isTranslated ? { ...prefixOf(call), complete: false } : prefixOf(call), depth);
    if (this.#holdsMore(path)) this.#rest(own[0], prefix);
  }

  /** Patterns that are made by functions of others. */
  #holdsMore(path: string): boolean {
    const list = this.program.evaluator.name('urlpatterns', path);
    return (
      list === undefined ||
      JSON.stringify(this.program.summary(path)?.assignments.filter(({ target }) => target[0] === 'urlpatterns') ?? '').includes('"router')
    );
  }

  #rest(call: CallSite | undefined, prefix: PathText): void {
    if (call) this.#emit(call, joinPaths(prefix, { text: '<path:rest>', complete: true }), [], true);
  }

  #emit(call: CallSite, path: PathText, handlers: readonly string[], fallback = false): void {
    const text = normalise(path.text);
    if (isHealthHandler(this.program, text, handlers)) this.emit('health-helper', anchor(call), { library: 'django', paths: [text] });
    this.emit(
      'route',
      { ...anchor(call), place: call.namePlace },
      { methods: [], path: text, complete: path.complete, handlers, fallback: fallback || text.endsWith('*'), library: 'django' },
    );
  }

  #pattern(call: CallSite, prefix: PathText, depth: number): void {
    const full = joinPaths(prefix, pathText(call));
    const view = call.argument('view', 1);
    const included = view?.is === 'made' && /(?:^|\.)include$/.test(dottedOf(view.callee) ?? '') ? view.args[0] : undefined;
    const isInclude = view?.is === 'made' && /(?:^|\.)include$/.test(dottedOf(view.callee) ?? '');
    if (!isInclude) {
      const handlers = handlersOf(view, this.program);
      const isSite = view !== undefined && /\.urls$/.test(dottedOf(view) ?? '');
      this.#emit(call, isSite ? joinPaths(full, { text: '<path:rest>', complete: true }) : full, handlers, isSite);
      return;
    }
    const module = this.#moduleOf(included, call.path);
    if (module !== undefined) this.read(module, full, depth + 1);
    // Inner patterns stand in the same file and are read with their prefix; all others are of packages.
    else if (included?.is !== 'list' && !this.#router(included, full))
      this.#unread(call, full, textOf(included) ?? (included && dottedOf(included)));
  }

  /** `include(router.urls)` of the REST framework: a list and an item for each view that is registered. */
  #router(included: Value | undefined, prefix: PathText): boolean {
    const keys = included?.is === 'member' && included.name === 'urls' ? keysOf(included.of) : [];
    const registered = this.program.callsNamed('register').filter((call) => keysOf(call.on).some((key) => keys.includes(key)));
    for (const call of registered) {
      const own = pathOf(call.argument('prefix', 0));
      const handlers = handlersOf(call.argument('viewset', 1), this.program);
      for (const tail of ['', '<pk>', '<pk>/<action>'])
        this.#emit(call, joinPaths(prefix, own.complete ? joinPaths(own, { text: tail, complete: true }) : own), handlers);
    }
    return registered.length > 0;
  }

  /** Below such a path anything may be answered, health requests as well. */
  #unread(call: CallSite, path: PathText, module = ''): void {
    const isOpen = !packages.test(module) && path.text.split('/').every((part) => /^(?:|api|rest|v\d+)$/i.test(part));
    this.#emit(call, { ...joinPaths(path, { text: '<path:rest>', complete: true }), complete: path.complete && !isOpen }, [], true);
  }

  #moduleOf(value: Value | undefined, from: string): string | undefined {
    if (value?.is === 'reference') return value.specifier.endsWith('.py') ? value.specifier : undefined;
    if (value?.is === 'list' && value.items.length === 2) return this.#moduleOf(value.items[0], from);
    const text = textOf(value);
    const found = text === undefined ? undefined : this.program.evaluator.graph.modules.resolve(text, from);
    return found && 'path' in found ? found.path : undefined;
  }
}

function pathText(call: CallSite): PathText {
  const text = pathOf(call.argument('route', 0) ?? call.named('regex'));
  return call.name === 'path' || !text.complete ? text : { text: fromPattern(text.text), complete: true };
}

export function emitDjangoRoutes(program: ProgramView, emit: Emit): void {
  const reader = new UrlReader(program, emit);
  for (const setting of program.settings('ROOT_URLCONF')) {
    const text = textOf(setting.value);
    const found = text === undefined ? undefined : program.evaluator.graph.modules.resolve(text, setting.path);
    if (found && 'path' in found) reader.read(found.path, noPath);
    else emit('route', setting, { methods: [], path: '/*', complete: false, handlers: [], fallback: true, library: 'django' });
  }
}
