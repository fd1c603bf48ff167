import type { Value } from '../../../facts.ts';
import type { CallView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, placeOf, type Recogniser } from '../recogniser.ts';

const isSink = (view: ProgramView, one: CallView): boolean => {
  const { on } = one.call;
  if (on?.is !== 'name') return on?.is === 'member' && on.name === 'WriteTo';
  return on.path.at(-1) === 'WriteTo' || (on.path.length === 1 && isSinkHolder(view, one, on.path[0]!));
};
/** `WriteTo.Async(sinks => sinks.File("app.log"))`. */
const isSinkHolder = (view: ProgramView, one: CallView, name: string): boolean =>
  view.names
    .around(one)
    .some(
      ({ method }) =>
        method.handedTo !== undefined && /^(?:Async|Map|Conditional)$/.test(method.handedTo) && method.parameters.at(0)?.name === name,
    );

/** Whoever deploys it asks for the file by giving its path. */
const isAskedFor = (value: Value, depth = 0): boolean => {
  if (depth > 4) return true;
  if (value.is === 'text') return value.parts[0] === undefined || isAskedFor(value.parts[0], depth + 1);
  // `Logs.Combine(folder, "app.txt")`: a helper of the program's own names it.
  if (value.is === 'made')
    return !value.args.some((one) => one.is === 'literal' && /\w\.(?:txt|log|json|ndjson|clef)$/i.test(String(one.value)));
  if (value.is === 'choice') return value.options.every((option) => isAskedFor(option.value, depth + 1));
  return value.is === 'env' ? value.fallback === undefined : value.is !== 'literal';
};

/** `Serilog:WriteTo:0:Name` is `File`, and its arguments follow. */
function emitSettings(view: ProgramView, emit: Emit): void {
  if (view.callsNamed('ReadFrom', 'UseSerilog', 'AddSerilog').length === 0) return;
  for (const { key, text, place, profile } of view.settings.all) {
    if (
      !/^Serilog:WriteTo:(?:[^:]+:Args:configure:)?[^:]+(?::Name)?$/i.test(key) ||
      (profile !== undefined && !/^production$/i.test(profile))
    )
      continue;
    if (/^(?:File|RollingFile|Async\.File)$/i.test(text)) {
      const path = view.settings.of(`${key.replace(/:Name$/i, '')}:Args:path`);
      emit('log-sink', place, {
        library: 'Serilog',
        sink: 'file',
        ...(path ? { target: { is: 'literal', value: path.text, place: path.place } } : {}),
      });
    } else if (/^Console$/i.test(text)) emit('log-sink', place, { library: 'Serilog', sink: 'console' });
  }
}

/** What the files of NLog and log4net say, where the program is built with them. */
function emitConfigured(view: ProgramView, emit: Emit): void {
  for (const fact of view.manifestFacts) {
    if (fact.kind !== 'log-sink') continue;
    const isUsed = view.package(fact.value.library === 'NLog' ? /^NLog(?:\.|$)/i : /log4net/i) !== undefined;
    if (isUsed) emit('log-sink', fact.place, fact.value);
  }
}

/** Sinks of log libraries that write files. */
export const logs: Recogniser = {
  text: ['WriteTo', 'UseSerilog', 'AddSerilog', 'AddFile(', 'FileTarget'],
  recognise(view, emit) {
    for (const call of view.callsNamed('File', 'RollingFile').filter((one) => isSink(view, one))) {
      const path = call.call.named.path ?? call.call.named.pathFormat ?? call.call.args.find(({ is }) => is !== 'new') ?? call.call.args[0];
      if (isAskedFor(view.evaluator.value(path, call))) continue;
      emit(
        'log-sink',
        placeOf(call),
        { library: 'Serilog', sink: 'file', target: view.evaluator.value(path, call) },
        { when: view.conditions(call), within: call.id },
      );
    }
    for (const call of view.callsNamed('Console').filter((one) => isSink(view, one)))
      emit('log-sink', placeOf(call), { library: 'Serilog', sink: 'console' }, { when: view.conditions(call) });
    for (const call of view.callsNamed('AddFile'))
      if (
        !isAskedFor(view.evaluator.value(call.call.args[0], call)) &&
        call.call.on?.is === 'name' &&
        /^(?:logging|loggerFactory|builder|log|Logging)$/.test(call.call.on.path.at(-1) ?? '')
      )
        emit(
          'log-sink',
          placeOf(call),
          { library: 'ILogger', sink: 'file', target: view.evaluator.value(call.call.args[0], call) },
          { when: view.conditions(call) },
        );
    for (const one of view.running)
      for (const { creation } of one.method.creations)
        if (creation.type === 'FileTarget') {
          const path = creation.set.FileName;
          emit('log-sink', placeAt(one.path, creation.at), {
            library: 'NLog',
            sink: 'file',
            ...(path ? { target: view.evaluator.value(path, one) } : {}),
          });
        }
    emitSettings(view, emit);
    emitConfigured(view, emit);
  },
};
