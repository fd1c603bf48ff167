import type { Value } from '../../../facts.ts';
import { type Anchor, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { anchor } from './servers.ts';

const fileHandlers =
  /^(?:logging\.(?:handlers\.)?|concurrent_log_handler\.)(?:FileHandler|RotatingFileHandler|TimedRotatingFileHandler|WatchedFileHandler|ConcurrentRotatingFileHandler)$/;
const isStandard = (value: Value | undefined): boolean => /^\/(?:dev|proc)\//.test(textOf(value) ?? '');

function emitFile(at: Anchor, library: string, target: Value | undefined, emit: Emit): void {
  if (isStandard(target)) emit('log-sink', at, { library, sink: 'console' });
  else emit('log-sink', at, { library, sink: 'file', ...(target ? { target } : {}) });
}

function readCall(call: CallSite, emit: Emit): void {
  const { dotted = '' } = call;
  if (fileHandlers.test(dotted)) emitFile(anchor(call), 'logging', call.argument('filename', 0), emit);
  else if (dotted === 'logging.StreamHandler') emit('log-sink', anchor(call), { library: 'logging', sink: 'console' });
  else if (dotted === 'logging.basicConfig') {
    const file = call.named('filename');
    if (file && !(file.is === 'literal' && file.value === null)) emitFile(anchor(call), 'logging', file, emit);
    else emit('log-sink', anchor(call), { library: 'logging', sink: 'console' });
  } else if (dotted === 'loguru.logger.add') {
    const [sink] = call.args;
    if (textOf(sink) !== undefined || sink?.is === 'text') emitFile(anchor(call), 'loguru', sink, emit);
    else if (sink?.is === 'package') emit('log-sink', anchor(call), { library: 'loguru', sink: 'console' });
  }
}

/** Handlers of a configuration as a dictionary: `LOGGING` of Django, `dictConfig`. */
function readConfig(at: Anchor, config: Value | undefined, emit: Emit): void {
  const handlers = config?.is === 'object' ? config.properties['handlers'] : undefined;
  for (const handler of handlers?.is === 'object' ? Object.values(handlers.properties) : []) {
    if (handler.is !== 'object') continue;
    const type = textOf(handler.properties['class']) ?? '';
    const where = { ...at, place: handler.properties['class']?.place ?? at.place };
    if (fileHandlers.test(type)) emitFile(where, 'logging', handler.properties['filename'], emit);
    else if (/StreamHandler$/.test(type)) emit('log-sink', where, { library: 'logging', sink: 'console' });
  }
}

/** Where log lines go. */
export const logs: Recogniser = {
  id: 'logs',
  recognise(program: ProgramView, emit: Emit) {
    for (const call of program.calls) {
      readCall(call, emit);
      if (call.dotted === 'logging.config.dictConfig') readConfig(anchor(call), call.argument('config', 0), emit);
    }
    for (const setting of program.settings('LOGGING')) if (setting.how === 'module') readConfig(setting, setting.value, emit);
  },
};
