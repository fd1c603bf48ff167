/** Functions that a framework calls for requests, messages of sockets and events of users. */

import type { Value } from '../../facts.ts';
import { groupBy } from '../../text/group-by.ts';
import { CallGraph } from './call-graph.ts';
import type { Evaluator } from './evaluate.ts';
import type { CallSite, ClassView, FunctionView } from './recogniser.ts';
import type { Expression } from './summary.ts';
import { dottedOf } from './value-shapes.ts';

const decorators =
  /^(?:(?:.*\.)?(?:route|get|post|put|patch|delete|head|options|trace|api_route|websocket|websocket_route|view|(?:before|after|teardown)_(?:app_)?request|context_processor|errorhandler|exception_handler|middleware|user_loader|request_loader|expose|on|event|message_handler|action|api_view|login_required|csrf_exempt|require_http_methods|require_POST|require_GET|cache_page|query|mutation|field|subscription|callback|receiver))$/;
/** Bots: every decorator that takes what people write or press. */
const botDecorators =
  /^(?:discord|nextcord|disnake|interactions|hikari|lightbulb|aiogram|telebot|pyrogram|hydrogram|telethon|slack_bolt|vkbottle|nonebot)\.(?:.+\.)?(?:command|hybrid_command|slash_command|user_command|message_command|context_menu|subcommand|group|hybrid_group|event|listener|listen|on|on_\w+|button|select|component_callback|modal_callback|message|edited_message|callback_query|inline_query|channel_post|chat_member|my_chat_member|pre_checkout_query|action|view|shortcut|\w+_handler)$/;
/** What is given to a library of bots as a function: `CommandHandler('start', start)`, `router.message.register(start)`. */
const botTakers =
  /^(?:telegram\.ext\.(?:.+\.)?\w+Handler|aiogram\.(?:.+\.)?register(?:_\w+_handler)?|telebot\.(?:.+\.)?register_\w+_handler|pyrogram\.(?:.+\.)?\w+Handler)$/;
/** Decorators of commands and of the start, which share names with those above. */
const notRequests = /(?:click|typer|celery|cli|pytest|fixture|on_event|task|register|cached_property|lru_cache|property)\b/;
const bases =
  /(?:^|\.)(?:View|MethodView|APIView|GenericAPIView|ViewSet|ModelViewSet|GenericViewSet|ReadOnlyModelViewSet|TemplateView|ListView|DetailView|CreateView|UpdateView|DeleteView|FormView|RedirectView|Resource|RequestHandler|WebSocketHandler|HTTPEndpoint|WebSocketEndpoint|BaseHTTPMiddleware|MiddlewareMixin|WebsocketConsumer|AsyncWebsocketConsumer|JsonWebsocketConsumer|AsyncJsonWebsocketConsumer|BaseHTTPRequestHandler|(?:Model|HyperlinkedModel|Base)?Serializer|BasePermission|BaseAuthentication|SimpleHTTPRequestHandler|\w*Servicer|(?:Async)?Namespace|\w*APIView|View\(\)|HTTPMethodView)$/;

/** Classes that Django calls by the names of their methods: `def __init__(self, get_response)`, `def __call__(self, request)`. */
const isMiddleware = (methods: readonly FunctionView[]): boolean =>
  methods.some(({ own: { name, parameters } }) => name === '__init__' && parameters[1]?.name === 'get_response');
const middlewareMethods = /^(?:__call__|__acall__|process_\w+)$/;

/** `app.add_routes([web.get('/notes', list_notes)])`. */
const aiohttpRoute = /^aiohttp\.web(?:_routedef)?\.(?:get|post|put|patch|delete|head|options|route|view)$/;

const unwrapped = (expression: Expression): Expression => (expression.is === 'call' ? expression.callee : expression);

export function findHandlers(
  calls: readonly CallSite[],
  functions: readonly FunctionView[],
  classes: readonly ClassView[],
  basesOf: (id: string) => ReadonlySet<string>,
  evaluator: Evaluator,
): ReadonlySet<string> {
  const handlers = new Set<string>();
  const serving = new Set(classes.filter(({ id }) => [...basesOf(id)].some((name) => bases.test(name))).map(({ id }) => id));
  const methods = groupBy(
    functions.filter(({ own }) => own.class !== undefined),
    ({ path, own }) => `${path}#${own.class}`,
  );
  for (const own of methods.values())
    if (isMiddleware(own)) for (const { id, own: method } of own) if (middlewareMethods.test(method.name)) handlers.add(id);
  for (const { id, path, own } of functions) {
    if (own.class !== undefined && serving.has(`${path}#${own.class}`) && own.name !== '__init__') handlers.add(id);
    for (const decorator of own.decorators) {
      const callee = unwrapped(decorator);
      const dotted = dottedOf(evaluator.value(callee, path, own.parent)) ?? (callee.is === 'attribute' ? `?.${callee.name}` : '');
      if (dotted.includes('.') && decorators.test(dotted) && !notRequests.test(dotted)) handlers.add(id);
      if (botDecorators.test(dotted)) handlers.add(id);
    }
  }
  for (const call of calls) {
    const given =
      /^(?:add_url_rule|add_api_route|add_route|add_get|add_post|add_put|add_delete|add_patch|path|re_path|url|Route|WebSocketRoute|add_api_websocket_route)$/.test(
        call.name,
      )
        ? [...call.args, call.named('view_func'), call.named('view'), call.named('endpoint')]
        : aiohttpRoute.test(call.dotted ?? '')
          ? call.args
          : [];
    for (const value of given) if (value?.is === 'function') handlers.add(value.id);
    const taken = takenBy(call);
    for (const value of taken) for (const id of CallGraph.targetsOf(value, evaluator)) handlers.add(id);
  }
  return handlers;
}

const taskDecorators = /^celery\.(?:shared_task|(?:app\.(?:base\.)?)?Celery\(\)\.task|task(?:\.task)?|decorators\.task)$/;

/** `scheduler.add_job(bill, 'cron', hour=3)`, `schedule.every().hour.do(bill)`: what waits for ever is never begun again. */
const isSchedule = ({ name, dotted = '' }: CallSite): boolean =>
  (name === 'add_job' && /^(?:flask_)?apscheduler\./.test(dotted)) || (name === 'do' && /^schedule\./.test(dotted));

/** Functions that take messages of a queue: tasks of Celery that no limit ends, callbacks of consumers. */
export function findConsumers(calls: readonly CallSite[], functions: readonly FunctionView[], evaluator: Evaluator): readonly string[] {
  const tasks = functions.filter(({ path, own }) =>
    own.decorators.some((decorator) => {
      if (decorator.is === 'call' && ['time_limit', 'soft_time_limit'].some((name) => Object.hasOwn(decorator.named, name))) return false;
      return taskDecorators.test(dottedOf(evaluator.value(unwrapped(decorator), path, own.parent)) ?? '');
    }),
  );
  const given = calls
    .filter(({ name }) => name === 'basic_consume')
    .flatMap((call) => [call.named('on_message_callback'), call.named('consumer_callback'), ...call.args])
    .flatMap((value) => (value ? CallGraph.targetsOf(value, evaluator) : []));
  const jobs = calls.filter(isSchedule).flatMap((call) => [call.named('func'), call.args[0]]);
  return [...tasks.map(({ id }) => id), ...given, ...jobs.flatMap((value) => (value?.is === 'function' ? [value.id] : []))];
}

/** Functions of bots, and what requests depend on: `Annotated[Store, Depends(open_store)]`. */
function takenBy(call: CallSite): readonly Value[] {
  const { dotted = '' } = call;
  if (botTakers.test(dotted)) return [...call.args, call.named('callback')].flatMap((value) => (value?.is === 'function' ? [value] : []));
  return /^fastapi\.(?:\w+\.)?(?:Depends|Security)$/.test(dotted) ? call.args.slice(0, 1) : [];
}

/** Functions that a framework calls once, when the program starts. */
export function findStartHooks(calls: readonly CallSite[], functions: readonly FunctionView[], evaluator: Evaluator): readonly string[] {
  const hooks = functions.filter(({ own }) => {
    if (own.name === 'ready' && own.class !== undefined) return true;
    return own.decorators.some((decorator) => {
      const callee = unwrapped(decorator);
      const name = callee.is === 'attribute' || callee.is === 'name' ? callee.name : '';
      const [first] = decorator.is === 'call' ? decorator.args : [];
      const event = first?.is === 'literal' ? String(first.value) : '';
      return (
        (name === 'on_event' && event === 'startup') ||
        /^(?:before_(?:app_)?first_request|before_serving|before_server_start|on_startup)$/.test(name)
      );
    });
  });
  const given = calls.flatMap((call) => {
    const named = [call.named('lifespan'), call.named('on_startup')];
    const handed =
      call.name === 'add_event_handler' && call.args[0]?.is === 'literal' && call.args[0].value === 'startup' ? [call.args[1]] : [];
    const appended = call.name === 'append' && call.dotted?.endsWith('on_startup.append') ? [call.args[0]] : [];
    return [...named, ...handed, ...appended].flatMap((value) => (value?.is === 'list' ? value.items : value ? [value] : []));
  });
  return [...hooks.map(({ id }) => id), ...given.flatMap((value) => CallGraph.targetsOf(value, evaluator))];
}
