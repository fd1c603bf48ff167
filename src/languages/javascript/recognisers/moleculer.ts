import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { objectsOf } from './databases-options.ts';
import { functionsIn } from './routes-mounts.ts';
import { normalisePath, pathsOf } from './routes-paths.ts';

type Schema = Value & { readonly is: 'object' };
const gateway = 'moleculer-web';

const property = (value: Value | undefined, name: string): Value | undefined =>
  value?.is === 'object' ? value.properties[name] : undefined;
const itemsOf = (value: Value | undefined): readonly Value[] => (value?.is === 'list' ? value.items : []);
const textOf = (value: Value | undefined): string | undefined =>
  value?.is === 'literal' && typeof value.value === 'string' ? value.value : undefined;
const startOf = (path: string): Place => ({ path, line: 1, column: 1, endLine: 1, endColumn: 1 });

const schemas = new WeakMap<ProgramView, readonly Schema[]>();

/** What describes a service: `module.exports = { name, actions }`, `this.parseServiceSchema({ … })`, `@Service({ … })` of a class. */
function schemasOf(program: ProgramView): readonly Schema[] {
  const known = schemas.get(program);
  if (known) return known;
  const exported = program.files
    .filter((path) => /\b(?:actions|mixins|settings)\s*[:=]/.test(program.text(path) ?? ''))
    .flatMap((path) => ['=', 'default'].map((name) => program.evaluator.exported(path, name, startOf(path))));
  const given = program.callsNamed('parseServiceSchema', 'createService', 'Service').flatMap(({ args }) => args.slice(0, 1));
  const found = [...exported, ...given].filter((value): value is Schema => value.is === 'object');
  const own = found.filter(({ properties }) => 'name' in properties || 'mixins' in properties || 'actions' in properties);
  schemas.set(program, own);
  return own;
}

/** A mixin that a package is, or that a function of one gives. */
const comesFrom = (value: Value, library: string): boolean =>
  value.is === 'package' ? value.package === library : value.is === 'made' && comesFrom(value.callee, library);
const mixes = (schema: Schema, library: string): boolean => itemsOf(property(schema, 'mixins')).some((mixin) => comesFrom(mixin, library));

/** Actions and events of the services: the broker calls them for requests and messages. */
export function moleculerHandlers(program: ProgramView): readonly string[] {
  if (!program.dependencies.has('moleculer')) return [];
  return schemasOf(program).flatMap((schema) =>
    ['actions', 'events'].flatMap((name) => {
      const part = property(schema, name);
      return part ? functionsIn(part) : [];
    }),
  );
}

const literal = (value: string | number, at: Value): Value => ({ is: 'literal', value, place: at.place });

/** The gateway listens where its settings say, else on the variables PORT and IP (moleculer.services, "API Gateway", settings). */
function emitGateway(schema: Schema, emit: Emit): void {
  const settings = property(schema, 'settings');
  const at = { place: schema.place };
  const port = property(settings, 'port') ?? { is: 'env', name: 'PORT', fallback: literal(3000, schema), place: schema.place };
  const host = property(settings, 'ip');
  emit('http-server', at, { library: gateway });
  emit('listen', { place: port.place }, { library: gateway, port, ...(host ? { host } : {}), purpose: 'main' }, 'likely');
  const base = textOf(property(settings, 'path')) ?? '';
  for (const route of itemsOf(property(settings, 'routes'))) emitRoute(route, base, emit);
}

function emitRoute(route: Value, base: string, emit: Emit): void {
  const [{ text, complete } = { text: '/', complete: true }] = property(route, 'path') ? pathsOf(property(route, 'path')) : [];
  const aliases = property(route, 'aliases');
  const add = (path: string, method: string, isComplete: boolean, fallback: boolean): void =>
    emit(
      'route',
      { place: route.place },
      {
        methods: method ? [method] : [],
        path: normalisePath(`${base}/${text}/${path}`.replace(/\/{2,}/g, '/')),
        complete: complete && isComplete,
        handlers: [],
        fallback,
        library: gateway,
      },
      'likely',
    );
  for (const alias of aliases?.is === 'object' ? Object.keys(aliases.properties) : []) {
    const [, method = '', path = ''] = /^(?:([A-Z]+)\s+)?(.*)$/.exec(alias) ?? [];
    add(path, method === 'REST' ? '' : method, true, false);
  }
  // Without a list every action is called by its name, the broker's own ones too.
  const allowed = itemsOf(property(route, 'whitelist')).map(textOf);
  const isOpen = textOf(property(route, 'mappingPolicy')) !== 'restrict';
  if (isOpen && (allowed.length === 0 || allowed.some((name) => name === undefined || /^(?:\*\*|\$node)/.test(name))))
    add('~node/health', 'GET', true, false);
  const isRead = aliases === undefined || (aliases.is === 'object' && !aliases.open);
  add('*', '', isRead && (!isOpen || allowed.length > 0), true);
}

/** `rest: 'GET /status'` of an action: the gateway puts the service's name before it. */
function emitActions(schema: Schema, emit: Emit): void {
  const actions = property(schema, 'actions');
  for (const action of actions?.is === 'object' ? Object.values(actions.properties) : []) {
    const rest = property(action, 'rest');
    const [, method = '', path] = /^(?:([A-Z]+)\s+)?(.*)$/.exec(textOf(rest) ?? textOf(property(rest, 'path')) ?? '') ?? [];
    if (!path) continue;
    emit(
      'route',
      { place: action.place },
      {
        methods: method ? [method] : [],
        path: normalisePath(path),
        complete: false,
        handlers: functionsIn(action),
        fallback: false,
        library: gateway,
      },
      'likely',
    );
  }
}

/** Messages of moleculer-io stay among the clients of one node unless its server gets an adapter. */
function emitSockets(schema: Schema, emit: Emit): void {
  const io = property(property(schema, 'settings'), 'io');
  if (property(property(io, 'options'), 'adapter') ?? property(io, 'adapter')) return;
  const isRead = io === undefined || (io.is === 'object' && !io.open);
  const { place } = property(schema, 'mixins') ?? schema;
  emit(
    'socket-server',
    { place },
    { library: 'moleculer-io', adapters: [{ kind: isRead ? 'memory' : 'unknown', place }], broadcasts: true },
  );
}

/** `logger: [{ type: 'File', options: { folder } }]` of a broker. */
function emitLoggers(program: ProgramView, emit: Emit): void {
  const settings = program.files
    .filter((path) => /(?:^|[/.])moleculer\.config\.[cm]?[jt]s$/.test(path))
    .flatMap((path) => ['=', 'default'].map((name) => program.evaluator.exported(path, name, startOf(path))));
  const made = program.callsOf('moleculer').flatMap(({ path, args }) => (/ServiceBroker$/.test(path) ? args.slice(0, 1) : []));
  const loggers = [...settings, ...made].flatMap((options) =>
    objectsOf(options, program).flatMap(({ object }) => {
      const logger = property(object, 'logger');
      const chosen = logger?.is === 'choice' ? logger.options.map(({ value }) => value) : logger ? [logger] : [];
      return chosen.flatMap((one) => (one.is === 'list' ? one.items : [one]));
    }),
  );
  for (const logger of loggers) {
    const type = textOf(logger) ?? textOf(property(logger, 'type'));
    if (type === 'File') emit('log-sink', { place: logger.place }, { library: 'moleculer', sink: 'file' });
  }
}

/** Services of Moleculer: the gateway that listens, sockets, loggers of the broker. */
export const moleculer: Recogniser = {
  id: 'moleculer',
  packages: ['moleculer', 'moleculer-web', 'moleculer-io', 'moleculer-decorators'],
  methods: ['parseServiceSchema', 'createService'],
  text: [/^[\t ]{0,4}(?:actions\s?:\s?\{|mixins\s?:\s?\[)/m, /\btype\s?:\s?['"]File['"]/],
  recognise(program, emit) {
    if (!program.dependencies.has('moleculer')) return;
    for (const schema of schemasOf(program)) {
      emitActions(schema, emit);
      if (mixes(schema, gateway)) emitGateway(schema, emit);
      if (mixes(schema, 'moleculer-io')) emitSockets(schema, emit);
    }
    emitLoggers(program, emit);
  },
};
