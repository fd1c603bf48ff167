/** Which calls to other services may wait for ever: clients that are made or called without a limit, where requests are answered. */
import { type CallView, importsFrom, type MethodView, refersTo, type TypeView } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, startOf } from '../recogniser.ts';
import type { At, Expression, Field, JavaFile } from '../summary.ts';
import { inFiles } from '../views.ts';
import { timeLimiters, timeLimitingPackages, timeLimits } from './breakers.ts';
import { builderParts, type HttpClient, httpClients, limitedWaits, openFactories } from './http-clients.ts';
import { answersHttp } from './servers.ts';
import { beginOf } from './written-links.ts';

type Call = Extract<Expression, { is: 'call' }>;
type Made = Extract<Expression, { is: 'new' }>;

/** A place where a client is made or called. */
interface Site {
  readonly view: TypeView;
  readonly method?: MethodView;
  readonly at: At;
  /** The container's builder made it. */
  readonly built: boolean;
}

/** An expression and those inside of it. */
function* within(expression: Expression | undefined): Generator<Expression> {
  if (!expression) return;
  yield expression;
  if (expression.is === 'call') yield* within(expression.on);
  const inner =
    expression.is === 'call' || expression.is === 'new'
      ? expression.args
      : expression.is === 'sum'
        ? expression.parts
        : expression.is === 'list'
          ? expression.items
          : [];
  for (const one of inner) yield* within(one);
}

/** Where a chain of calls starts. */
function rootOf(call: Call): Expression | undefined {
  let current: Expression | undefined = call.on;
  while (current?.is === 'call' && current.on) current = current.on;
  return current;
}

const isStaticCall = (file: JavaFile, { on, name }: Call, wanted: readonly string[]): boolean =>
  on?.is === 'name' &&
  wanted.some((one) => one.endsWith(`.${name}`) && refersTo(file, on.path.join('.'), one.slice(0, one.lastIndexOf('.'))));

/** `new RestTemplate()`, also with a factory that has no limits yet. */
const isOpenNew = (file: JavaFile, made: Expression, { news }: HttpClient): boolean =>
  made.is === 'new' &&
  news !== undefined &&
  refersTo(file, made.type, ...news) &&
  made.args.every(
    (argument) =>
      isConverterList(argument) || (argument.is === 'new' && argument.args.length === 0 && refersTo(file, argument.type, ...openFactories)),
  );
/** `new RestTemplate(List.of(converter))`: how bodies are read says nothing of time. */
const isConverterList = (argument: Expression): boolean =>
  argument.is === 'call' &&
  /^(?:singletonList|asList|of|listOf)$/.test(argument.name) &&
  (argument.on === undefined || (argument.on.is === 'name' && /^(?:Collections|Arrays|List)$/.test(argument.on.path.at(-1)!)));

/** `new RestTemplate().getMessageConverters()` calls nobody. */
function isAskedOnly({ method }: MethodView, made: At, { uses, limits }: HttpClient): boolean {
  // What a builder is told comes to the client in the end.
  const asked = method.calls.find(({ on }) => on?.is === 'new' && !on.type.endsWith('Builder') && isSameAt(on.at, made));
  return asked !== undefined && !uses.includes(asked.name) && !limits.includes(asked.name);
}
const isSameAt = (one: At, other: At): boolean => one.every((part, index) => part === other[index]);

const simpleName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const madeTypes = new Set(httpClients.flatMap(({ news = [] }) => news.map(simpleName)));
const makers = new Set(['build', ...httpClients.flatMap(({ factories = [] }) => factories.map(simpleName))]);
/** It looks like the making of some client. */
const mayMake = (one: Expression): boolean =>
  one.is === 'new' ? madeTypes.has(simpleName(one.type)) : one.is === 'call' && makers.has(one.name);

/** Clients and programs ask for the same: what cannot be a making is sorted out once. */
const madeInFields = inFiles(({ types }) =>
  types.flatMap((view) => view.type.fields.flatMap(({ value }) => [...within(value)].filter(mayMake).map((one) => ({ view, one })))),
);
const madeInMethods = inFiles(({ methods }) =>
  methods.flatMap((view) => {
    const made = [...view.method.creations.filter(mayMake), ...view.method.calls.filter(mayMake)];
    return made.length > 0 ? [{ view, made }] : [];
  }),
);

/** `@Bean RestClient.Builder plain()` calls nobody; those who do may take another bean that has limits. */
const isBuilderBean = ({ file, method }: MethodView, { builders }: HttpClient): boolean =>
  builders !== undefined && refersTo(file, method.returns ?? '', ...builders);
const limitedBuilders = inFiles(({ methods }) =>
  methods.filter(
    ({ method }) =>
      /Builder$/.test(method.returns ?? '') &&
      annotationOf(method, 'Bean') !== undefined &&
      httpClients.some((one) => limitIn(method, one)),
  ),
);

/** Makings of clients: constructors, factories, builders. */
function makings(client: HttpClient, view: ProgramView): readonly Site[] {
  const isMaking = (file: JavaFile, one: Expression): boolean =>
    isOpenNew(file, one, client) ||
    (one.is === 'call' && isStaticCall(file, one, client.factories ?? []) && !one.args.some((argument) => argument.is === 'name'));
  const inFields = madeInFields(view).flatMap((made): readonly Site[] =>
    isMaking(made.view.file, made.one) ? [{ view: made.view, at: made.one.at, built: false }] : [],
  );
  const inMethods = madeInMethods(view).flatMap(({ view: method, made }): readonly Site[] => {
    if (isBuilderBean(method, client) && limitedBuilders(view).some((other) => isBuilderBean(other, client))) return [];
    const isBuilding = (one: Call | Made): boolean =>
      one.is === 'call' && one.name === 'build' && isOfType(rootOf(one), method, client.builders ?? [], view);
    return [
      ...made
        .filter((one) => isMaking(method.file, one) && !isAskedOnly(method, one.at, client))
        .map(({ at }) => ({ view: method, method, at, built: false })),
      ...made.filter(isBuilding).map(({ at }) => ({ view: method, method, at, built: true })),
    ];
  });
  return [...inFields, ...inMethods];
}

function isOfType(expression: Expression | undefined, method: MethodView, types: readonly string[], { names }: ProgramView): boolean {
  const type = types.length > 0 ? names.typeOf(expression, method) : undefined;
  return type !== undefined && refersTo(method.file, type, ...types);
}

const hasImport = (file: JavaFile, name: string): boolean => file.imports.some((one) => one.name === name);
/** `new URL("https://rates.example/" + day).openStream()`, also by variables. */
function asksWeb({ on }: CallView['call'], { creations, locals }: MethodView['method']): boolean {
  const inPlace = [...within(on)].find((one) => one.is === 'new');
  const made = inPlace ?? creations.find(({ type }) => type === 'URL');
  const [first] = made?.is === 'new' ? made.args : [];
  const named = first?.is === 'name' ? locals.find(({ name }) => name === first.path[0])?.value : first;
  return /^https?:/.test(beginOf(named)?.value ?? '');
}

/** What only some calls of a name are. */
const extra: Readonly<Record<string, (call: CallView) => boolean>> = {
  // Most connections of URLs read files of the class path.
  HttpURLConnection: ({ file, method }) =>
    [...method.locals.map(({ type }) => type), method.returns ?? ''].some((type) =>
      refersTo(file, type, 'java.net.HttpURLConnection', 'javax.net.ssl.HttpsURLConnection'),
    ) || method.calls.some(({ name }) => name === 'setRequestProperty' || name === 'setRequestMethod'),
  // Resources of the class path are opened alike.
  'URL.openStream': ({ call, method }) => asksWeb(call, method),
  // A request that is made elsewhere may have its own limit.
  'java.net.http.HttpClient': ({ file, type }) =>
    (hasImport(file, 'java.net.http.HttpRequest') || file.imports.some(({ name, wildcard }) => wildcard && name === 'java.net.http')) &&
    type.methods.some(({ calls }) =>
      calls.some(({ name, on }) => name === 'newBuilder' && on?.is === 'name' && on.path.at(-1) === 'HttpRequest'),
    ),
  'Hutool HttpUtil': ({ call }) =>
    call.on?.is === 'name' && call.args.length > 0 && call.args.at(-1)?.is !== 'number' && call.args.length < 3,
  gRPC: ({ call }) => call.on?.is === 'name' && /Grpc$/.test(call.on.path.at(-1)!),
};

/** Calls of clients; those that are made in place or injected alike. */
function callsOf(client: HttpClient, view: ProgramView): readonly CallView[] {
  const isExtra = extra[client.library] ?? (() => true);
  return view.callsNamed(...client.uses).filter((call) => {
    const isOn =
      client.types.length === 0 ||
      isOfType(rootOf(call.call), call, client.types, view) ||
      [...within(call.call.on)].some((one) =>
        one.is === 'new'
          ? refersTo(call.file, one.type, ...client.types)
          : // `ClientBuilder.newClient().target(url)`
            one.is === 'call' && client.factories !== undefined && isStaticCall(call.file, one, client.factories),
      );
    return isOn && isExtra(call);
  });
}

/** A call or property in the method that sets a limit. */
const limitIn = ({ calls, assignments, creations }: MethodView['method'], { limits }: HttpClient): boolean =>
  calls.some(({ name, args }) => limits.includes(name) || (Object.hasOwn(limitedWaits, name) && args.length >= limitedWaits[name]!)) ||
  assignments.some(({ target }) => limits.includes(target.at(-1)!)) ||
  creations.some(({ type }) => /ReadTimeoutHandler$|TimeLimiter/.test(type));

const limitInField = ({ value }: Field, { limits }: HttpClient): boolean =>
  [...within(value)].some((one) => one.is === 'call' && limits.includes(one.name));

/** The method limits it, or one of the same type that makes no client of its own: a helper, a constructor, a setter. */
function isLimited({ view: { type, file }, method }: Site, client: HttpClient, sites: readonly Site[]): boolean {
  const owners = new Set(sites.flatMap((site) => (site.method ? [site.method.method] : [])));
  const hasOwn = (one: MethodView['method']): boolean =>
    owners.has(one) || one.creations.some((made) => refersTo(file, made.type, ...(client.news ?? [])));
  return (
    type.methods.some((one) => (one === method?.method || !hasOwn(one)) && limitIn(one, client)) ||
    type.fields.some((field) => limitInField(field, client))
  );
}

/** By the name of the method, or as `Type.method`. */
function isCalledElsewhere(written: string, view: ProgramView, own: ReadonlySet<string>): boolean {
  const type = written.slice(0, Math.max(0, written.lastIndexOf('.')));
  const calls = view.callsNamed(simpleName(written));
  return calls.some(({ path, call: { on } }) => (type === '' ? !own.has(path) : on?.is === 'name' && on.path.at(-1) === type));
}

/** Something far from the client limits it: the program's own customisers, settings, the one client that all get. */
function isLimitedElsewhere(client: HttpClient, view: ProgramView, own: ReadonlySet<string>): boolean {
  const names = client.customizers ?? [];
  return (
    view.types.some(({ type }) => [...type.interfaces, type.superclass ?? ''].some((one) => names.includes(one))) ||
    view.methods.some(({ method }) => names.includes(method.returns ?? '')) ||
    (client.everywhere ?? []).some((one) => isCalledElsewhere(one, view, own)) ||
    (client.told === 'called' && client.settings !== undefined && view.settings.matching(client.settings).length > 0)
  );
}

const partsOfBuilders = inFiles(({ types, methods }): readonly TypeView[] => [
  ...methods.filter(({ method }) => builderParts.includes(method.returns ?? '') && annotationOf(method, 'Bean') !== undefined),
  ...types.filter(({ type }) => type.interfaces.includes('BeanPostProcessor')),
]);
const hasBuilderParts = (view: ProgramView): boolean => partsOfBuilders(view).length > 0;

const limitedMethods = inFiles(({ methods }) => methods.filter(({ method }) => annotationOf(method, ...timeLimits) !== undefined));
/** Breakers that end slow calls, and limits of the whole machine: what they hold is not followed. */
const isLimitedAsAWhole = (view: ProgramView): boolean =>
  view.files.some(({ file }) => importsFrom(file, ...timeLimitingPackages)) ||
  view.callsNamed(...timeLimiters).length > 0 ||
  limitedMethods(view).length > 0 ||
  view.callsNamed('setProperty').some(({ call }) => call.args[0]?.is === 'text' && call.args[0].value.startsWith('sun.net.client.default'));

/** Methods that only a start or a timer leads to answer nobody. */
function isServing(view: ProgramView): (method: MethodView) => boolean {
  let others: ReadonlySet<string> | undefined;
  const findOthers = (): ReadonlySet<string> => {
    const starts = view.methods.filter((method) => view.isBean(method) && !view.servesRequest(method));
    return new Set(view.calledFrom(starts).map(({ id }) => id));
  };
  return (method) => {
    if (view.answersRequest(method)) return true;
    if (!view.servesRequest(method)) return false;
    others ??= findOthers();
    return !others.has(method.id);
  };
}

/** Told where the client is made: what has a limit once has it for all calls. */
function emitMade(client: HttpClient, view: ProgramView, emit: Emit, serves: (method: MethodView) => boolean): void {
  const sites = makings(client, view);
  if (sites.length === 0) return;
  const isUsed = callsOf(client, view).some(serves);
  const hasSettings = client.settings !== undefined && (view.hasOtherSettings || view.settings.matching(client.settings).length > 0);
  if (!isUsed || isLimitedElsewhere(client, view, new Set(sites.map(({ view: { path } }) => path)))) return;
  for (const site of sites) {
    if (isLimited(site, client, sites) || (site.built && (hasSettings || hasBuilderParts(view)))) continue;
    if (!view.isBean(site.view) && !(site.method && serves(site.method))) continue;
    emitCall(client, site.view.path, site.at, emit, site.method?.id);
  }
}

/** Told where it is called. */
function emitCalled(client: HttpClient, view: ProgramView, emit: Emit, serves: (method: MethodView) => boolean): void {
  const calls = callsOf(client, view);
  const sites = calls.map((call): Site => ({ view: call, method: call, at: call.call.at, built: false }));
  if (calls.length === 0 || isLimitedElsewhere(client, view, new Set(calls.map(({ path }) => path)))) return;
  for (const [index, call] of calls.entries())
    if (serves(call) && !isLimited(sites[index]!, client, sites)) emitCall(client, call.path, call.call.at, emit, call.id);
}

const emitCall = ({ library }: HttpClient, path: string, at: At, emit: Emit, method: string | undefined): void =>
  emit(
    'outgoing-call',
    startOf(path, at),
    { library, protocol: library === 'gRPC' ? 'grpc' : 'http', timeout: 'none' },
    method === undefined ? {} : { within: method },
  );

export function emitCallLimits(view: ProgramView, emit: Emit): void {
  if (!answersHttp(view) || isLimitedAsAWhole(view)) return;
  const serves = isServing(view);
  for (const client of httpClients) (client.told === 'made' ? emitMade : emitCalled)(client, view, emit, serves);
}
