import type { Value } from '../../../facts.ts';
import { isTested } from '../options.ts';
import { type Anchor, anchor, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import type { Assignment } from '../summary.ts';
import { placeAt, targetOf, typeOf } from '../value-shapes.ts';

/** Calls that make a writer the place of log lines: library, and the position of the writer. */
const setters: readonly (readonly [RegExp, string, number])[] = [
  [/^log\.(?:SetOutput|New|Logger\.SetOutput)$/, 'log', 0],
  [/^log\/slog\.New(?:JSON|Text)Handler$/, 'slog', 0],
  [/^github\.com\/sirupsen\/logrus\.(?:SetOutput|Logger\.SetOutput)$/, 'logrus', 0],
  [/^github\.com\/rs\/zerolog\.New$/, 'zerolog', 0],
  [/^go\.uber\.org\/zap\/zapcore\.AddSync$/, 'zap', 0],
  [/^github\.com\/go-kit\/(?:kit\/)?log\.New(?:JSON|Logfmt)Logger$/, 'go-kit', 0],
];
/** Fields that hold a writer, by the type that has them. */
const writerFields: readonly (readonly [string, RegExp, string])[] = [
  ['DefaultWriter', /^gin$/, 'gin'],
  ['Out', /^github\.com\/sirupsen\/logrus\.(?:Logger|New\(\)|StandardLogger\(\))$/, 'logrus'],
];
const opens = /^(?:os\.(?:OpenFile|Create)|github\.com\/lestrrat(?:-go\/file|\/go-file)-rotatelogs\.New)$/;
const joins =
  /^(?:io\.MultiWriter|github\.com\/rs\/zerolog\.MultiLevelWriter|go\.uber\.org\/zap\/zapcore\.(?:NewMultiWriteSyncer|AddSync|Lock))$/;

/** Where a writer writes to. */
interface Written {
  readonly files: readonly (Value | undefined)[];
  readonly console: boolean;
}
const nowhere: Written = { files: [], console: false };
const both = (all: readonly Written[]): Written => ({
  files: all.flatMap(({ files }) => files),
  console: all.some(({ console }) => console),
});

function writtenTo(value: Value | undefined, depth = 0): Written {
  if (!value || depth > 4) return nowhere;
  if (value.is === 'choice') {
    const all = value.options.map((option) => writtenTo(option.value, depth + 1));
    // Some setting decides between a file and standard output.
    return all.some(({ files, console }) => console && files.length === 0) ? nowhere : both(all);
  }
  if (value.is === 'package') return { files: [], console: /^os\.Std(?:out|err)$/.test(targetOf(value) ?? '') };
  if (value.is !== 'made') return nowhere;
  const target = targetOf(value.callee) ?? '';
  if (opens.test(target)) return { files: [value.args[0]], console: false };
  // A function of the program opens it.
  if (target === 'os.File') return { files: [undefined], console: false };
  return joins.test(target) ? both(value.args.map((argument) => writtenTo(argument, depth + 1))) : nowhere;
}

/** A path that is written down, at least how it begins; a setting may as well leave the file out. */
const isNamed = (target: Value | undefined): boolean =>
  (textOf(target) ?? '') !== '' || target?.is === 'text' || (target?.is === 'env' && (textOf(target.fallback) ?? '') !== '');
const isDevice = (target: Value | undefined): boolean => /^\/(?:dev|proc)\//.test(textOf(target) ?? '');

function emitWritten(at: Anchor, library: string, { files, console }: Written, emit: Emit): void {
  const named = files.filter((target) => target === undefined || (isNamed(target) && !isDevice(target)));
  if (named.length === 0) return;
  const [target] = named;
  emit('log-sink', at, { library, sink: 'file', ...(target ? { target } : {}) });
  if (console) emit('log-sink', at, { library, sink: 'console' });
}

class LogReader {
  constructor(
    readonly program: ProgramView,
    readonly emit: Emit,
  ) {}

  /** Every run of the program does it: no option decides. */
  #runs(at: Anchor, when: Assignment['when']): boolean {
    const { within } = at;
    return (this.program.runsAtStart(within) || this.program.servesRequest(within)) && !isTested(when) && !this.program.isOption(within);
  }

  readCall(call: CallSite): void {
    const setter = setters.find(([pattern]) => pattern.test(call.target ?? ''));
    if (setter && this.#runs(call, call.written.when)) emitWritten(anchor(call), setter[1], writtenTo(call.args[setter[2]]), this.emit);
  }

  /** `gin.DefaultWriter = file`, `logger.Out = file`. */
  readField([field, holder, library]: (typeof writerFields)[number]): void {
    const { evaluator } = this.program;
    for (const { own, path } of evaluator.index.fields(field)) {
      const [head = ''] = own.target;
      const of = evaluator.name(head, path, own.within);
      const type = of ? typeOf(of) : evaluator.graph.importNamed(head, path)?.split('/').at(-1);
      const at = { place: placeAt(path, own.at), ...(own.within === undefined ? {} : { within: `${path}#${own.within}` }) };
      if (type === undefined || !holder.test(type) || !this.#runs(at, own.when)) continue;
      emitWritten(at, library, writtenTo(evaluator.value(own.value, path, own.within)), this.emit);
    }
  }

  /** `lumberjack.Logger{Filename: "app.log"}`. */
  readRotation(): void {
    for (const one of this.program.literalsOf('lumberjack.Logger')) {
      const target = one.field('Filename');
      if (this.#runs(one, one.own.when)) emitWritten(one, 'lumberjack', { files: target ? [target] : [], console: false }, this.emit);
    }
  }

  /** `OutputPaths: []string{"stdout", "app.log"}` of zap. */
  readPaths(): void {
    const { evaluator } = this.program;
    for (const one of this.program.literalsOf('go.uber.org/zap.Config'))
      if (this.#runs(one, one.own.when)) this.#paths(one, one.field('OutputPaths'));
    for (const { own, path } of evaluator.index.fields('OutputPaths')) {
      const at = { place: placeAt(path, own.at), ...(own.within === undefined ? {} : { within: `${path}#${own.within}` }) };
      if (this.program.imported('go.uber.org/zap') && this.#runs(at, own.when))
        this.#paths(at, evaluator.value(own.value, path, own.within));
    }
  }

  #paths(at: Anchor, value: Value | undefined): void {
    const items = value?.is === 'list' ? value.items : [];
    const isConsole = (item: Value): boolean => /^std(?:out|err)$/.test(textOf(item) ?? '');
    emitWritten(at, 'zap', { files: items.filter((item) => !isConsole(item)), console: items.some(isConsole) }, this.emit);
  }
}

/** Where log lines go. */
export const logs: Recogniser = {
  id: 'logs',
  recognise(program, emit) {
    const reader = new LogReader(program, emit);
    for (const call of program.calls) reader.readCall(call);
    for (const field of writerFields) reader.readField(field);
    reader.readRotation();
    reader.readPaths();
  },
};
