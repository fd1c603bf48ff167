/** Functions that answer requests, and those with which a program starts. */
import type { Entry } from '../language.ts';
import { functionsOf } from './call-graph.ts';
import type { Evaluator } from './evaluate.ts';
import type { CallSite, FunctionView, LiteralView } from './recogniser.ts';
import type { StructField } from './summary.ts';
import { isOwnType, splitId, typeOf } from './value-shapes.ts';

/** Types that frameworks hand to what answers requests. */
const requestTypes =
  /^(?:net\/http\.ResponseWriter|gin\.Context|echo\.Context|fiber\.Ctx|fiber\/websocket\.Conn|gorilla\/websocket\.Conn|coder\/websocket\.Conn|github\.com\/googollee\/go-socket\.io\.Conn|github\.com\/olahol\/melody\.Session|golang\.org\/x\/net\/websocket\.Conn|httprouter\.Params|github\.com\/valyala\/fasthttp\.RequestCtx|github\.com\/kataras\/iris(?:\/context)?\.Context|github\.com\/go-martini\/martini\.Context|gopkg\.in\/macaron\.Context|github\.com\/flamego\/flamego\.Context|github\.com\/beego\/beego(?:\/server\/web)?\/context\.Context|github\.com\/emicklei\/go-restful\.Request|github\.com\/danielgtaylor\/huma\.Context|github\.com\/gogf\/gf\/net\/ghttp\.(?:Request|WebSocket))$/;
const controllers = /(?:^|\/)(?:beego|web)\.Controller$|^github\.com\/(?:revel\/revel|beego\/.*|astaxie\/beego)\.Controller$/;

export function findHandlers(
  functions: readonly FunctionView[],
  calls: readonly CallSite[],
  literals: readonly LiteralView[],
  evaluator: Evaluator,
): ReadonlySet<string> {
  const handlers = new Set<string>();
  const served = servedTypes(calls, evaluator);
  for (const { id, path, own } of functions) {
    const takesRequest = own.parameters.some(({ type }) => isRequest(evaluator.types.idOf(type, path), evaluator));
    const receiver = own.receiver && evaluator.types.idOf(own.receiver.type, path);
    const isServed = receiver !== undefined && /^[A-Z]/.test(own.name) && (served.has(receiver) || isController(receiver, evaluator));
    if (takesRequest || isServed) handlers.add(id);
  }
  for (const one of literals)
    if (/(?:^|\/)graphql\.Field$/.test(one.type)) for (const id of functionsOf(one.field('Resolve'))) handlers.add(id);
  return handlers;
}

/** `type Context struct { *gin.Context; User User }`: what a program hands around in place of a request. */
function isRequest(type: string | undefined, evaluator: Evaluator): boolean {
  if (type === undefined || !isOwnType(type)) return requestTypes.test(type ?? '');
  const path = splitId(type)[0];
  const fields = evaluator.types.typeOf(type)?.fields ?? [];
  return fields.some((field) => requestTypes.test(evaluator.types.idOf(field.type, path) ?? '') || isMeta(field));
}

/** `g.Meta \`path:"/orders" method:"post"\`` of GoFrame: what stands in a request. */
const isMeta = ({ embedded, tag, type }: StructField): boolean =>
  embedded === true && type.is === 'selector' && type.name === 'Meta' && /\b(?:path|method):"/.test(tag ?? '');

/** Types whose methods answer calls of gRPC, Connect or GraphQL. */
function servedTypes(calls: readonly CallSite[], evaluator: Evaluator): ReadonlySet<string> {
  const found = new Set<string>();
  for (const call of calls) {
    const isServer = /^Register\w+(?:Server|HandlerServer)$/.test(call.name) || /^New\w+Handler$/.test(call.name);
    if (!isServer || call.target === undefined || isOwnFunction(call)) continue;
    for (const value of call.args) {
      const type = typeOf(value);
      if (type !== undefined && isOwnType(type)) found.add(type);
    }
  }
  for (const [index] of evaluator.graph.folders.entries()) {
    const folder = evaluator.graph.folders[index]!;
    for (const [name, id] of evaluator.graph.index(folder).types) if (/^(?:query|mutation|subscription)Resolver$/.test(name)) found.add(id);
  }
  return found;
}
const isOwnFunction = ({ callee }: CallSite): boolean => callee.is === 'function';

const isController = (type: string, evaluator: Evaluator): boolean => {
  const own = isOwnType(type) ? evaluator.types.typeOf(type) : undefined;
  const path = type.slice(0, type.lastIndexOf('#'));
  return own?.fields.some((field) => field.embedded && controllers.test(evaluator.types.idOf(field.type, path) ?? '')) ?? false;
};

/** Commands that do one thing and end. */
const tasks =
  /^(?:migrat\w*|version|completion|init\w*|create\w*|reset\w*|seed\w*|import\w*|export\w*|admin\w*|users?|backup|restore|dump|cert|hash\w*|gen\w*|docs?|man|clean\w*|help|install|config|check\w*|validate|lint|info|list|ls|get|set|delete|remove|add|hook|cleanup|courier|janitor)\b/i;

/** Roots of what runs when the program starts: `main`, `init`, and what its command line leads to. */
export function findStarts(
  functions: readonly FunctionView[],
  literals: readonly LiteralView[],
  entries: readonly Entry[],
  mainFolders: ReadonlySet<string>,
  evaluator: Evaluator,
): readonly string[] {
  const isMain = ({ path, own }: FunctionView): boolean =>
    own.receiver === undefined &&
    (own.name === 'init' || (own.name === 'main' && mainFolders.has(path.slice(0, Math.max(0, path.lastIndexOf('/'))))));
  return [...functions.filter(isMain).map(({ id }) => id), ...findCommands(literals, entries), ...findTaggedCommands(entries, evaluator)];
}

/** `Server ServerCommand \`command:"server"\`` of go-flags runs `Execute`, `Serve ServeCmd \`cmd:""\`` of kong `Run`. */
function findTaggedCommands(entries: readonly Entry[], { graph, types }: Evaluator): readonly string[] {
  const words = new Set(entries.flatMap(({ command }) => command?.words.slice(1) ?? []));
  const all = graph.reached.flatMap((path) =>
    (graph.summary(path)?.types ?? []).flatMap(({ fields }) =>
      fields.flatMap(({ name, type, tag = '' }) => {
        const [, kind, written] = /(?:^|\s)(command|cmd):"([^"]{0,60})"/.exec(tag) ?? [];
        const id = kind === undefined ? undefined : types.idOf(type, path);
        const method = id === undefined ? undefined : types.method(id, kind === 'command' ? 'Execute' : 'Run');
        return method?.is === 'function' ? [{ name: written || name.toLowerCase(), id: method.id }] : [];
      }),
    ),
  );
  const named = all.filter(({ name }) => words.has(name));
  return (named.length > 0 ? named : all.filter(({ name }) => !tasks.test(name))).map(({ id }) => id);
}

const commandTypes = /^(?:cobra\.Command|urfave\/cli\.(?:Command|App)|github\.com\/gogf\/gf\/os\/gcmd\.Command)$/;
const runFields = ['Run', 'RunE', 'PreRun', 'PreRunE', 'Action', 'Func'];

/** What commands of cobra, urfave/cli and GoFrame run: the one that the entry names, else those that are no tasks. */
function findCommands(literals: readonly LiteralView[], entries: readonly Entry[]): readonly string[] {
  const commands = literals.filter(({ type }) => commandTypes.test(type));
  const words = new Set(entries.flatMap(({ command }) => command?.words.slice(1) ?? []));
  const nameOf = (one: LiteralView): string => {
    const name = one.field('Use') ?? one.field('Name');
    return name?.is === 'literal' ? String(name.value).split(' ')[0]! : '';
  };
  const named = commands.filter((one) => words.has(nameOf(one)));
  const chosen = named.length > 0 ? named : commands.filter((one) => !tasks.test(nameOf(one)));
  const always = commands.flatMap((one) =>
    ['PersistentPreRun', 'PersistentPreRunE', 'Before'].flatMap((field) => functionsOf(one.field(field))),
  );
  const run = chosen.flatMap((one) => runFields.flatMap((field) => functionsOf(one.field(field))));
  return [...always, ...run];
}

/** What tasks of the command line run: it is no part of the server, unless code of the program calls it as well. */
export function findTasks(literals: readonly LiteralView[], starts: readonly string[], calls: readonly CallSite[]): ReadonlySet<string> {
  const commands = literals.filter(({ type }) => commandTypes.test(type) && type !== 'urfave/cli.App');
  const all = commands.flatMap((one) => runFields.flatMap((field) => functionsOf(one.field(field))));
  const called = new Set(calls.flatMap(({ callee }) => (callee.is === 'function' ? [callee.id] : [])));
  return new Set(all.filter((id) => !starts.includes(id) && !called.has(id)));
}
