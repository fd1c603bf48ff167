import type { Node } from '@babel/types';
import type { Value } from '../../../facts.ts';
import type { SyntaxPass } from '../context.ts';
import { keyName } from '../expressions.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { functionTypes } from '../scopes.ts';
import { moduleOf, own } from '../values.ts';
import { answersChat, answersCommand, botLibraries, type ChatFunction, isChatFunction } from './bot-code.ts';
import { fileHandlers } from './file-handlers.ts';
import { moleculerHandlers } from './moleculer.ts';
import { listenersOf } from './request-events.ts';

/** Names of parameters by which a function shows that it answers a request. */
const requestName = /^_*(?:req|request|ctx|context)$/;
const responseName = /^_*(?:res|resp|response|reply|rep|h|next)$/;
const parentName = /^_*(?:parent|root|obj|source)?$/;
const contextName = /^_*(?:ctx|context|info)$/;

const parameterName = (parameter: Node | undefined): string | undefined =>
  parameter?.type === 'Identifier'
    ? parameter.name
    : parameter?.type === 'AssignmentPattern'
      ? parameterName(parameter.left as Node)
      : undefined;

const credentialName = /^_*(?:access_?token|token|jwt_?payload|payload|user_?name|email|identifier)$/i;
/** `(token, done)`, `(accessToken, refreshToken, profile, cb)`: what Passport asks for each user who signs in. */
const checksUser = (names: readonly (string | undefined)[]): boolean =>
  names.length >= 2 &&
  ((names.at(-1) === 'done' && credentialName.test(names[0] ?? '')) ||
    (/^(?:done|cb|callback)$/.test(names.at(-1) ?? '') && names.includes('profile')));

/** `({ request, response }: HttpContext)` of AdonisJS. */
function isContext(parameter: Node): boolean {
  const annotation = (parameter as Node & { typeAnnotation?: Node | null }).typeAnnotation;
  const type = annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : undefined;
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && /^HttpContext(?:Contract)?$/.test(type.typeName.name);
}

/** `(req, res)`, `(err, req, res, next)`, `(error, request, reply)`, `(request, h)`, `(ctx, next)`, and GraphQL's `(parent, args, context)`. */
function answersRequest(parameters: readonly Node[]): boolean {
  if (parameters[0] && isContext(parameters[0])) return true;
  const names = parameters.map(parameterName);
  const pairAt = (index: number): boolean => requestName.test(names[index] ?? '') && responseName.test(names[index + 1] ?? '');
  const isErrorHandler = names.length === 4 || (names.length === 3 && /^_*(?:e|err|error)$/.test(names[0] ?? ''));
  if (pairAt(0) || (isErrorHandler && pairAt(1)) || checksUser(names)) return true;
  return names.length >= 3 && names[0] !== undefined && parentName.test(names[0]) && contextName.test(names[2] ?? '');
}

/** Route modules of frameworks by file name: `export async function POST(request)`, `loader({ request })`; gateways of NestJS. */
const isRouteExport = (name: string | undefined): boolean =>
  /^(?:GET|POST|PUT|PATCH|DELETE|loader|action|handleConnection|handleDisconnect|canActivate|intercept)$/.test(name ?? '');

/** Numbers of the functions of a module that look like they run once for each request. */
export const requestFunctions: SyntaxPass = {
  id: 'request-functions',
  run(view) {
    const found: (number | ChatFunction)[] = [];
    for (const node of view.nodes(...functionTypes)) {
      const fn = node as Node & { params: Node[]; id?: { name?: string } | null; key?: Node };
      const id = view.functionId(node);
      const name = fn.id?.name ?? (fn.key && keyName(fn.key, false));
      if (id === undefined) continue;
      if (answersRequest(fn.params) || (isRouteExport(name) && fn.params.length > 0)) found.push(id);
      else if (answersCommand(fn.params.map(parameterName))) found.push({ chat: id });
    }
    return found;
  },
};

const frameworks = new Set([
  'express',
  'fastify',
  'koa',
  '@koa/router',
  'koa-router',
  'hono',
  '@hapi/hapi',
  'restify',
  'polka',
  'find-my-way',
  'router',
  'express-promise-router',
  'socket.io',
  'ws',
  'sockjs',
  'primus',
  'express-ws',
  'uWebSockets.js',
  'h3',
  'elysia',
  '@trpc/server',
  'http',
  'https',
  'net',
]);
const brokers = new Set(['kafkajs', 'amqplib', '@confluentinc/kafka-javascript']);
const verbs = [
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'del',
  'all',
  'use',
  'route',
  'options',
  'head',
  'query',
  'mutation',
  'subscription',
  'ws',
];
const events = ['on', 'once', 'addListener', 'consume', 'run'];
const handlerDecorators =
  /^(?:Get|Post|Put|Patch|Delete|All|Sse|SubscribeMessage|MessagePattern|EventPattern|OnEvent|Process|Implement|TsRestHandler|TsRest|GrpcMethod|Query|Mutation|ResolveField|FieldResolver|httpGet|httpPost|httpPut|httpDelete|httpPatch)$/;

/** Functions inside an argument: itself, in a list, or as a member of an options object (`{ handler }`, `{ eachMessage }`). */
export function functionsIn(value: Value, depth = 0): string[] {
  if (value.is === 'function') return [value.id, ...(value.around ?? [])];
  if (depth > 2) return [];
  if (value.is === 'list') return value.items.flatMap((item) => functionsIn(item, depth + 1));
  if (value.is === 'object') return Object.values(value.properties).flatMap((item) => functionsIn(item, depth + 1));
  if (value.is === 'choice') return value.options.flatMap((option) => functionsIn(option.value, depth + 1));
  // A wrapper of a package around the handler: `asyncHandler(async (req, res) => …)`.
  return value.is === 'made' ? value.args.flatMap((item) => functionsIn(item, depth + 1)) : [];
}

const isPath = (value: Value | undefined): boolean =>
  value?.is === 'literal' && typeof value.value === 'string' && value.value.startsWith('/');
const lifecycleEvents =
  /^(?:error|exit|close|end|ready|open|connect|listening|mount|SIG\w+|uncaughtException|unhandledRejection|warning|reconnecting)$/;

/** Handlers of Nitro, whose makers need no import. */
const eventHandlers = /^(?:define)?(?:Cached|cached)?[eE]ventHandler$/;
/** What a strategy of Passport is given to check a user runs for each who signs in. */
const strategies = /^passport-|\/passport-/;

function isHandlerCall(call: CallSite): boolean {
  if (call.how === 'new') return call.package !== undefined && strategies.test(call.package);
  if (eventHandlers.test(call.name) || answersChat(call)) return true;
  if (call.name === 'serve' && (call.package === 'bun' || call.path === 'Bun.serve')) return true;
  if (verbs.includes(call.name)) return call.package === undefined ? isPath(call.firstArgument) : frameworks.has(call.package);
  if (!events.includes(call.name)) return false;
  if (call.package !== undefined && brokers.has(call.package)) return true;
  const event = call.firstArgument;
  // A server that could not be traced to its package still tells of its clients.
  if (call.package === undefined && event?.is === 'literal' && event.value === 'connection') return true;
  const isLifecycle = event?.is === 'literal' && typeof event.value === 'string' && lifecycleEvents.test(event.value);
  // `io.on('connect')` runs for each client; on other objects it tells that they are ready.
  return call.package !== undefined && frameworks.has(call.package) && (!isLifecycle || call.package === 'socket.io');
}

/** `@CommandHandler(PlaceOrder) class … { execute() }`: a bus calls its one method. */
function handlesAll({ name, decorates }: CallSite, program: ProgramView): readonly string[] {
  if (!decorates || decorates.member !== undefined || !/^(?:Command|Query|Events?)Handler$/.test(name)) return [];
  const methods = program.classOf(decorates.class)?.methods;
  const index = own(methods, 'execute') ?? own(methods, 'handle');
  return index === undefined ? [] : [`${moduleOf(decorates.class)}#${index}`];
}

const graphqlServers = /^(?:@apollo\/server|apollo-server(?:-[a-z]+)?|graphql-yoga|@graphql-tools\/schema|graphql-tools|mercurius)$/;
/** `new ApolloServer({ typeDefs, resolvers })`: tables of functions by type and field. */
function resolversOf(call: CallSite): readonly string[] {
  if (call.package === undefined || !graphqlServers.test(call.package)) return [];
  return call.args.flatMap((options) => {
    const resolvers = options.is === 'object' ? own(options.properties, 'resolvers') : undefined;
    return resolvers ? functionsIn(resolvers, -1) : [];
  });
}

/** What runs for requests, messages of clients and messages of brokers. */
function findHandlers(program: ProgramView): string[] {
  const isBot = botLibraries.some((library) => program.imports.has(library));
  const marked = program.pass<number | ChatFunction>('request-functions').flatMap(({ path, item }) => {
    if (!isChatFunction(item)) return [`${path}#${item}`];
    return isBot ? [`${path}#${item.chat}`] : [];
  });
  const called = program.calls.flatMap((call) => {
    if (call.how === 'decorator')
      return call.decorates?.function && handlerDecorators.test(call.name) ? [call.decorates.function] : handlesAll(call, program);
    return isHandlerCall(call) ? call.args.flatMap((argument) => functionsIn(argument)) : resolversOf(call);
  });
  return [...marked, ...called, ...fileHandlers(program), ...moleculerHandlers(program)];
}

const handlers = new WeakMap<ProgramView, ReadonlySet<string>>();

/** Ids of the functions that a request or message calls directly. */
export function handlersOf(program: ProgramView): ReadonlySet<string> {
  const known = handlers.get(program) ?? new Set(findHandlers(program));
  handlers.set(program, known);
  return known;
}

const requestCode = new WeakMap<ProgramView, ReadonlySet<string>>();
const maximumFunctions = 20_000;
/** What listeners tell on is heard as well. */
const mostRounds = 3;

/** Ids of the functions that may run for a request or message, across files. */
export function runsForRequests(program: ProgramView): ReadonlySet<string> {
  const known = requestCode.get(program);
  if (known) return known;
  let found = program.reached([...handlersOf(program)], maximumFunctions);
  for (let round = 0; round < mostRounds; round++) {
    const told = listenersOf(program, found);
    if (told.length === 0) break;
    found = program.reached([...found, ...told], maximumFunctions);
  }
  requestCode.set(program, found);
  return found;
}

function constructorOf({ how, callee }: CallSite, program: ProgramView): readonly string[] {
  if (how !== 'new' || callee.is !== 'class') return [];
  const index = own(program.classOf(callee.id)?.methods, 'constructor');
  return index === undefined ? [] : [`${moduleOf(callee.id)}#${index}`];
}

/** `@Injectable() class … { onModuleInit() }`: Nest calls it once, before the first request. */
function startHook({ how, name, decorates }: CallSite, program: ProgramView): readonly string[] {
  const isWhole = how === 'decorator' && decorates !== undefined && decorates.member === undefined && decorates.parameter === undefined;
  if (!isWhole || !/^(?:Injectable|Controller|Resolver|WebSocketGateway|Module)$/.test(name)) return [];
  const methods = program.classOf(decorates.class)?.methods;
  const path = moduleOf(decorates.class);
  return ['onModuleInit', 'onApplicationBootstrap'].flatMap((hook) => {
    const index = own(methods, hook);
    return index === undefined ? [] : [`${path}#${index}`];
  });
}

const fromStart = new WeakMap<ProgramView, ReadonlySet<string>>();
/** Ids of the functions that run when the program starts, whoever else calls them. */
export function runsAtStart(program: ProgramView): ReadonlySet<string> {
  const known = fromStart.get(program);
  if (known) return known;
  const roots = program.calls
    .filter((call) => call.within === undefined && call.how !== 'decorator' && !isHandlerCall(call))
    .flatMap((call) => [
      ...functionsIn(call.callee),
      ...constructorOf(call, program),
      ...call.args.flatMap((argument) => functionsIn(argument)),
    ]);
  const found = program.reached([...roots, ...program.calls.flatMap((call) => startHook(call, program))]);
  fromStart.set(program, found);
  return found;
}

const startCode = new WeakMap<ProgramView, ReadonlySet<string>>();

/** Ids of the functions that run when the program starts, or later by its own timers, and never for a request. */
export function runsByItself(program: ProgramView): ReadonlySet<string> {
  const known = startCode.get(program);
  if (known) return known;
  const forRequests = runsForRequests(program);
  const found = new Set([...runsAtStart(program)].filter((id) => !forRequests.has(id)));
  startCode.set(program, found);
  return found;
}

const mentions = new WeakMap<ProgramView, Map<string, boolean>>();

/** Lines that are nothing but a comment. */
const ownComments = /^[ \t]*\/\/.*$/gm;

/** True when a name stands at a second place of the program: something may use it. */
export function isMentioned(program: ProgramView, name: string): boolean {
  const answers = mentions.get(program) ?? new Map<string, boolean>();
  mentions.set(program, answers);
  let answer = answers.get(name);
  if (answer === undefined) {
    const pattern = new RegExp(`\\b${name.replace(/[^\w]/g, '\\$&')}\\b`, 'g');
    let count = 0;
    for (const path of program.files) {
      const text = program.text(path);
      if (!text?.includes(name)) continue;
      count += text.replace(ownComments, '').match(pattern)?.length ?? 0;
      if (count > 1) break;
    }
    answer = count > 1;
    answers.set(name, answer);
  }
  return answer;
}
