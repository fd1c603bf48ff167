import type { CallView, TypeView } from '../names.ts';
import { type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Field } from '../summary.ts';

const reads = ['ReadAsync', 'ReadAllAsync', 'TryRead', 'WaitToReadAsync'];
/** What is lost with them nobody was promised. */
const unpromised = /log|metric|telemetry|trace|cache|notif|presence|heartbeat/i;

interface Channel {
  readonly owner: TypeView;
  readonly field: Field;
}

/** `_orders` of `_orders.Writer`, or a `ChannelWriter` itself: a field that all requests share. */
function channelOf({ call, ...view }: CallView, end: string, program: ProgramView): Channel | undefined {
  const path = call.on?.is === 'name' ? call.on.path : [];
  const name = path.at(-1) === end ? path.at(-2) : path.at(-1);
  const isLocal = program.names.around(view).some(({ method }) => method.locals.some((local) => local.name === name));
  const found = name === undefined || isLocal ? undefined : program.names.field(view, name);
  return found && /^Channel(?:Writer|Reader)?$/.test(found.field.type) ? found : undefined;
}

/** The sender waits for what becomes of it. */
const waits = ({ method }: CallView): boolean => method.creations.some(({ creation }) => creation.type === 'TaskCompletionSource');

/** Channels of the process into which requests put work that a hosted service takes. */
export const queues: Recogniser = {
  text: ['Channel.Create', 'ChannelWriter', 'ChannelReader'],
  recognise(view, emit) {
    if (view.callsNamed('AddHostedService').length === 0) return;
    if (!view.callsNamed(...reads).some((call) => view.runsAtStart(call) && channelOf(call, 'Reader', view))) return;
    const seen = new Set<Field>();
    for (const call of view.callsNamed('WriteAsync', 'TryWrite')) {
      const found = view.answersRequest(call) && !waits(call) ? channelOf(call, 'Writer', view) : undefined;
      if (!found || seen.has(found.field) || unpromised.test(found.field.name) || unpromised.test(found.owner.type.name)) continue;
      seen.add(found.field);
      const place = placeAt(found.owner.path, found.field.at);
      emit('queue', place, { library: 'System.Threading.Channels', store: 'memory' }, { within: call.id });
    }
  },
};
