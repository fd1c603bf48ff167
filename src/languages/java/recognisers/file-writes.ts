import type { Value } from '../../../facts.ts';
import { type MethodView, refersTo } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';

const uploads = [
  'org.springframework.web.multipart.MultipartFile',
  'jakarta.servlet.http.Part',
  'org.apache.commons.fileupload.FileItem',
  'net.sourceforge.stripes.action.FileBean',
];
const streams = ['java.io.FileOutputStream', 'java.io.FileWriter', 'java.io.RandomAccessFile', 'java.io.PrintWriter'];
const isTemporaryName = (text: string): boolean => /te?mp/i.test(text);

/** Everything in the method, or in the fields that it uses, that makes it a temporary file. */
function isTemporary({ method, type }: MethodView): boolean {
  const makes = method.calls.some(({ name }) => /^(?:createTempFile|createTempDirectory|deleteOnExit)$/.test(name));
  const removes = method.calls.some(
    ({ name, on }) => /^(?:delete|deleteIfExists|deleteQuietly|forceDelete)$/.test(name) && on !== undefined,
  );
  return makes || removes || /Test$/.test(type.name);
}

const mentions = (expression: Expression | undefined, pattern: RegExp, depth = 0): boolean => {
  if (!expression || depth > 8) return false;
  if (expression.is === 'name') return expression.path.some((part) => pattern.test(part));
  if (expression.is === 'text') return pattern.test(expression.value);
  if (expression.is === 'sum') return expression.parts.some((part) => mentions(part, pattern, depth + 1));
  if (expression.is === 'call')
    return (
      pattern.test(expression.name) ||
      mentions(expression.on, pattern, depth + 1) ||
      expression.args.some((one) => mentions(one, pattern, depth + 1))
    );
  return expression.is === 'new' && expression.args.some((one) => mentions(one, pattern, depth + 1));
};

/** The path as far as constants tell it. */
function targetOf(expression: Expression | undefined, view: MethodView, program: ProgramView): Value | undefined {
  const inner =
    expression?.is === 'new' && /(?:^|\.)File$/.test(expression.type)
      ? expression.args[0]
      : expression?.is === 'call' && /^(?:get|of)$/.test(expression.name)
        ? expression.args[0]
        : expression;
  const text = program.names.text(inner, view);
  return text === undefined || !inner ? undefined : { is: 'literal', value: text, place: placeAt(view.path, inner.at) };
}

const isCode = (view: MethodView, program: ProgramView): boolean =>
  view.method.name !== 'main' && (program.isBean(view) || program.servesRequest(view) || handlesUpload(view));
const handlesUpload = ({ method, file }: MethodView): boolean =>
  [...method.parameters, ...method.locals].some(({ type }) => refersTo(file, type, ...uploads));

function emitWrite(
  view: MethodView,
  program: ProgramView,
  emit: Emit,
  api: string,
  at: Expression['at'],
  target: Expression | undefined,
): void {
  const upload = handlesUpload(view);
  if (isTemporary(view) || mentions(target, /te?mp(?:dir|file|path)?$|^\/tmp|java\.io\.tmpdir/i) || mentions(target, /^(?:log|stdout)$/i))
    return;
  const value = targetOf(target, view, program);
  if (value?.is === 'literal' && (isTemporaryName(String(value.value)) || String(value.value).startsWith('/dev/'))) return;
  emit(
    'file-write',
    placeAt(view.path, at),
    {
      library: 'java.io',
      api,
      ...(value ? { target: value } : {}),
      content: upload ? 'upload' : 'unknown',
      temporary: false,
      duringRequest: program.servesRequest(view) ? true : 'unknown',
    },
    { within: view.id, confidence: upload ? 'certain' : 'likely' },
  );
}

function emitCalls(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed(
    'transferTo',
    'write',
    'writeString',
    'copy',
    'newBufferedWriter',
    'newOutputStream',
    'copyInputStreamToFile',
    'writeByteArrayToFile',
    'writeStringToFile',
    'copyFile',
  )) {
    const { on, args, name, at } = call.call;
    const type = view.names.typeOf(on, call);
    const isUpload = type !== undefined && refersTo(call.file, type, ...uploads) && (name === 'transferTo' || name === 'write');
    const owner = on?.is === 'name' ? on.path.at(-1) : undefined;
    if (!isUpload && owner !== 'Files' && owner !== 'FileUtils') continue;
    if (!isCode(call, view)) continue;
    if (isUpload) emitWrite(call, view, emit, `${type}.${name}`, at, args[0]);
    else if (owner === 'Files' && refersTo(call.file, 'Files', 'java.nio.file.Files') && writesFile(name, args))
      emitWrite(call, view, emit, `Files.${name}`, at, name === 'copy' ? args[1] : args[0]);
    else if (owner === 'FileUtils' && /^(?:copyInputStreamToFile|write|copyFile)/.test(name))
      emitWrite(call, view, emit, `FileUtils.${name}`, at, /^copy/.test(name) ? args[1] : args[0]);
  }
}

/** `Files.copy(path, output)` reads a file; `Files.copy(input, path)` writes one. */
const writesFile = (name: string, args: readonly Expression[]): boolean => name !== 'copy' || !mentions(args[1], /out|response|stream/i);

/** Streams that are opened to write a file. */
const openedStreams = inFiles(({ file, methods }) =>
  methods.flatMap((view) =>
    view.method.creations.flatMap((made) => {
      if (!refersTo(file, made.type, ...streams) || made.args.length === 0) return [];
      const isPrinter = /(?:^|\.)PrintWriter$/.test(made.type);
      const isReader = /RandomAccessFile$/.test(made.type) && made.args[1]?.is === 'text' && made.args[1].value === 'r';
      const first = made.args[0];
      const isFile = first?.is === 'text' || (first?.is === 'new' && /File$/.test(first.type)) || !isPrinter;
      return isFile && !isReader ? [{ view, made }] : [];
    }),
  ),
);

function emitStreams(program: ProgramView, emit: Emit): void {
  for (const { view, made } of openedStreams(program))
    if (isCode(view, program)) emitWrite(view, program, emit, `new ${made.type}`, made.at, made.args[0]);
}

/** Files that a program writes while it answers requests, uploads first. */
export const fileWrites: Recogniser = {
  text: [
    'MultipartFile',
    'FileOutputStream',
    'FileWriter',
    'java.nio.file.Files',
    'RandomAccessFile',
    'servlet.http.Part',
    'FileUtils',
    'FileItem',
    'FileBean',
  ],
  recognise(view, emit) {
    emitCalls(view, emit);
    emitStreams(view, emit);
  },
};
