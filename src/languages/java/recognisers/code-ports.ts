/** Ports that code gives a server: `Javalin.create().start(7070)`, `embeddedServer(Netty, port = 8080)`, Spark's `port(4567)`, `server.listen(8888)` of Vert.x. */
import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { type CallView, importsFrom } from '../names.ts';
import { type ProgramView, placeAt } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

interface Opening {
  readonly call: readonly string[];
  readonly packages: readonly string[];
  /** The argument that is the port. */
  port(call: CallView, view: ProgramView): Expression | undefined;
}

const rootOf = (expression: Expression | undefined): Expression | undefined => {
  let root = expression;
  for (let depth = 0; root?.is === 'call' && depth < 40; depth++) root = root.on;
  return root;
};
const isOn = (call: CallView, view: ProgramView, type: RegExp, maker: string): boolean => {
  const { on } = call.call;
  const given = view.names.typeOf(on, call);
  if (given !== undefined && type.test(given)) return true;
  for (let part = on, depth = 0; part?.is === 'call' && depth < 40; part = part.on, depth++) if (part.name === maker) return true;
  const held = on?.is === 'name' && on.path.length === 1 ? view.names.variable(call, on.path[0]!)?.value : undefined;
  const root = rootOf(held);
  return held?.is === 'call' && (held.name === maker || (root?.is === 'name' && type.test(root.path.at(-1)!)));
};

/** `connector { port = 8080 }`, `EngineConnectorBuilder().apply { port = 8080 }` beside the call of Ktor. */
function portOfConnector({ method: { calls, creations, assignments } }: CallView): Expression | undefined {
  const isConnector = calls.some(({ name }) => name === 'connector') || creations.some(({ type }) => type === 'EngineConnectorBuilder');
  const ports = isConnector ? assignments.filter(({ target }) => target.length === 1 && target[0] === 'port') : [];
  return ports.length === 1 ? ports[0]!.value : undefined;
}

const openings: Readonly<Record<string, Opening>> = {
  javalin: {
    call: ['start', 'port'],
    packages: ['io.javalin'],
    port: (call, view) => (call.call.args.length < 3 && isOn(call, view, /^Javalin$/, 'create') ? call.call.args.at(-1) : undefined),
  },
  ktor: {
    call: ['embeddedServer'],
    packages: ['io.ktor.server'],
    port: (call) => call.call.args.slice(1).find(({ is }) => is === 'number') ?? portOfConnector(call) ?? call.call.args[1],
  },
  spark: {
    call: ['port'],
    packages: ['spark'],
    port: ({ call: { on, args } }) => (on === undefined && args.length === 1 ? args[0] : undefined),
  },
  vertx: {
    call: ['listen'],
    packages: ['io.vertx'],
    port: (call, view) => (isOn(call, view, /^HttpServer$/, 'createHttpServer') ? call.call.args[0] : undefined),
  },
};

export interface CodePort {
  readonly place: Place;
  /** Absent where it comes from something that is not read. */
  readonly port?: Value;
  readonly within: string;
}

/** Where a server of this library is opened, with the ports that are plain numbers. */
export function codePorts(library: string, view: ProgramView): readonly CodePort[] {
  const opening = Object.hasOwn(openings, library) ? openings[library] : undefined;
  if (!opening) return [];
  return view.callsNamed(...opening.call).flatMap((call): readonly CodePort[] => {
    const given = importsFrom(call.file, ...opening.packages) ? opening.port(call, view) : undefined;
    if (!given) return [];
    const value = given.is === 'number' ? given : view.names.constant(given, call);
    const place = placeAt(call.path, given.at);
    const isPort = value?.is === 'number' && Number.isInteger(value.value) && value.value > 0 && value.value < 65_536;
    return [{ place, within: call.id, ...(isPort ? { port: { is: 'literal', value: value.value, place } } : {}) }];
  });
}
