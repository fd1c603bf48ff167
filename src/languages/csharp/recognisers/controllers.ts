import type { MethodView, TypeView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { isController } from '../roles.ts';
import type { Attribute } from '../summary.ts';
import { joinPaths, pathOfTemplate } from './route-paths.ts';
import { library } from './servers.ts';

const verbs: Readonly<Record<string, readonly string[]>> = {
  HttpGet: ['GET'],
  HttpPost: ['POST'],
  HttpPut: ['PUT'],
  HttpDelete: ['DELETE'],
  HttpPatch: ['PATCH'],
  HttpHead: ['HEAD'],
  HttpOptions: ['OPTIONS'],
};

interface Template {
  readonly text: string;
  readonly known: boolean;
}

function templateOf(attribute: Attribute, view: MethodView, program: ProgramView): Template | undefined {
  const written = attribute.args[0] ?? attribute.named.template ?? attribute.named.Template;
  if (!written) return undefined;
  const text = program.evaluator.text(written, view);
  return { text: text ?? '', known: text !== undefined };
}

/** [Route] of the type, else of what it extends. */
function prefixesOf(view: TypeView, method: MethodView, program: ProgramView, depth = 0): readonly Template[] {
  const parts = program.names.partsOf(view);
  const own = parts.flatMap(({ type }) => type.attributes.filter(({ name }) => name === 'Route' || name === 'RoutePrefix'));
  if (own.length > 0) return own.flatMap((attribute) => templateOf(attribute, method, program) ?? []);
  if (depth > 5) return [];
  for (const { name } of view.type.bases)
    for (const base of program.names.find(name, view)) {
      const found = base.type === view.type ? [] : prefixesOf(base, method, program, depth + 1);
      if (found.length > 0) return found;
    }
  return [];
}

/** The first argument of an attribute of the type, also of what it extends. */
const areaOf = (view: TypeView): string | undefined => {
  const attribute = view.type.attributes.find(({ name }) => name === 'Area');
  const [first] = attribute?.args ?? [];
  return first?.is === 'literal' ? String(first.value) : undefined;
};

const controllerName = ({ type }: TypeView): string => type.name.slice(type.name.lastIndexOf('.') + 1).replace(/Controller(?:V\d+)?$/, '');
const fillTokens = (template: string, view: MethodView): string =>
  template
    .replace(/\[controller\]/gi, controllerName(view))
    .replace(/\[action\]/gi, view.method.name.replace(/Async$/, ''))
    .replace(/\[area\]/gi, areaOf(view) ?? ':area');

/** What an action answers by its attributes; empty for those that only conventions lead to. */
function attributeRoutes(view: MethodView, program: ProgramView): readonly { methods: readonly string[]; path: string; known: boolean }[] {
  const { attributes } = view.method;
  const verbAttributes = attributes.filter(({ name }) => Object.hasOwn(verbs, name));
  const routes = attributes.filter(({ name }) => name === 'Route').flatMap((attribute) => templateOf(attribute, view, program) ?? []);
  const methods = [...new Set(verbAttributes.flatMap(({ name }) => verbs[name]!))];
  const own = verbAttributes.flatMap((attribute) => {
    const template = templateOf(attribute, view, program);
    return template ? [{ ...template, methods: verbs[attribute.name]! }] : [];
  });
  const prefixes = prefixesOf(view, view, program);
  const templates = [...own, ...routes.map((route) => ({ ...route, methods }))];
  if (templates.length === 0 && prefixes.length === 0) return [];
  const all = templates.length > 0 ? templates : [{ text: '', known: true, methods }];
  return all.flatMap(({ text, known, methods: asked }) => {
    const isAbsolute = /^~?\//.test(text);
    const before = isAbsolute || prefixes.length === 0 ? [{ text: '', known: true }] : prefixes;
    return before.map((prefix) => ({
      methods: asked,
      path: joinPaths(pathOfTemplate(fillTokens(prefix.text, view)), pathOfTemplate(fillTokens(text, view))),
      known: known && prefix.known,
    }));
  });
}

/** `/Cart/Add/1`, and `/Cart` and `/` for what a URL may leave out. */
function conventionalPaths(view: MethodView): readonly string[] {
  const area = areaOf(view);
  const controller = joinPaths(area === undefined ? '' : `/${area}`, controllerName(view));
  const action = view.method.name.replace(/Async$/, '');
  const isIndex = action === 'Index';
  return [
    joinPaths(controller, `${action}/*`),
    ...(isIndex ? [controller] : []),
    ...(isIndex && /^\/?Home$/.test(controller) ? ['/'] : []),
  ];
}

/** Names and prefixes that a convention changes cannot be told. */
const hasConventions = (view: ProgramView): boolean =>
  view.callsNamed('Add', 'Insert').some(({ call }) => call.on?.is === 'name' && call.on.path.at(-1) === 'Conventions') ||
  view.callsNamed('MapHttpRoute', 'UseCentralRoutePrefix', 'UseGeneralRoutePrefix', 'UseRoutePrefix', 'ConventionalControllers').length > 0;

const conventions = [
  'MapControllerRoute',
  'MapDefaultControllerRoute',
  'MapAreaControllerRoute',
  'UseMvcWithDefaultRoute',
  'UseMvc',
  'MapRoute',
  'MapHttpRoute',
];

function emitAction(view: MethodView, isOpen: boolean, byConvention: boolean, program: ProgramView, emit: Emit): void {
  const place = placeAt(view.path, view.method.at);
  const add = (methods: readonly string[], path: string, complete: boolean) =>
    emit('route', place, { methods, path, complete, handlers: [view.id], fallback: false, library });
  const routes = attributeRoutes(view, program);
  for (const { methods, path, known } of routes) add(methods, path, known && !isOpen);
  if (routes.length > 0 || !byConvention) return;
  const methods = view.method.attributes.flatMap(({ name }) => verbs[name] ?? []);
  for (const path of conventionalPaths(view)) add(methods, path, !isOpen);
}

/** Actions of controllers, by their attributes and by the usual convention. */
export const controllers: Recogniser = {
  text: ['Controller', '[Route', '[Http', ...conventions],
  recognise(view, emit) {
    const isOpen = hasConventions(view);
    const byConvention = view.callsNamed(...conventions).length > 0;
    const actions = view.methods.filter(
      (one) =>
        one.method.modifiers.includes('public') &&
        !one.method.modifiers.includes('static') &&
        !one.type.modifiers.includes('abstract') &&
        !/^</.test(one.method.name) &&
        one.type.kind === 'class' &&
        one.method.returnType !== undefined &&
        !one.method.attributes.some(({ name }) => name === 'NonAction') &&
        isController(one, view.names),
    );
    for (const action of actions) emitAction(action, isOpen, byConvention, view, emit);
    for (const call of view.callsNamed('MapControllerRoute', 'MapRoute')) {
      const pattern = call.call.named.pattern ?? call.call.named.template ?? call.call.named.url ?? call.call.args[1];
      const text = view.evaluator.text(pattern, call);
      if (text === undefined || /^\{(?:controller|area)/.test(text)) continue;
      emit('route', placeAt(call.path, call.call.nameAt), {
        methods: [],
        path: pathOfTemplate(text),
        complete: !/\{(?:controller|action)/.test(text),
        handlers: [],
        fallback: false,
        library,
      });
    }
  },
};
