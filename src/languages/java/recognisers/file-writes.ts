import type { Value } from '../../../facts.ts';
import { variableOfKey } from '../../../text/placeholders.ts';
import { type CallView, type MethodView, refersTo } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';
import { injected } from './call-targets.ts';

const uploads = [
  'org.springframework.web.multipart.MultipartFile',
  'jakarta.servlet.http.Part',
  'org.apache.commons.fileupload.FileItem',
  'net.sourceforge.stripes.action.FileBean',
  'org.springframework.http.codec.multipart.FilePart',
  'org.primefaces.model.UploadedFile',
  'org.primefaces.model.file.UploadedFile',
  'org.jboss.resteasy.reactive.multipart.FileUpload',
  'io.micronaut.http.multipart.CompletedFileUpload',
  'io.micronaut.http.multipart.StreamingFileUpload',
  'org.apache.struts.upload.FormFile',
  'com.oreilly.servlet.MultipartRequest',
  'io.ktor.http.content.PartData.FileItem',
  'io.ktor.http.content.MultiPartData',
  'io.vertx.ext.web.FileUpload',
  'io.javalin.http.UploadedFile',
  'com.blade.mvc.multipart.FileItem',
  'com.hellokaton.blade.mvc.multipart.FileItem',
];
const streams = ['java.io.FileOutputStream', 'java.io.FileWriter', 'java.io.RandomAccessFile', 'java.io.PrintWriter'];
const isTemporaryName = (text: string): boolean => /te?mp/i.test(text);

/** Everything in the method, or in the fields that it uses, that makes it a temporary file. */
function isTemporary(view: MethodView, target: Expression | undefined, [line]: Expression['at']): boolean {
  const { method, type } = view;
  const makes = method.calls.some(({ name }) => /^(?:createTempFile|createTempDirectory|deleteOnExit)$/.test(name));
  const written = target && variablesOf(target, view);
  const removes = method.calls.some(({ name, on, args, at }) => {
    // What is deleted before it is written makes room for it.
    if (at[0] < line || !/^(?:delete|deleteIfExists|deleteQuietly|forceDelete)$/.test(name) || on === undefined) return false;
    const removed = variablesOf(name === 'delete' && args.length === 0 ? on : (args[0] ?? on), view);
    // Another file, whose variables have nothing to do with the one that is written: an older picture.
    return !written || written.size === 0 || removed.size === 0 || [...removed].some((one) => written.has(one));
  });
  return makes || removes || /Test$/.test(type.name);
}

/** The local variables and parameters that a path is made of, also through other variables. */
function variablesOf(expression: Expression, { method }: MethodView): ReadonlySet<string> {
  const found = new Set<string>();
  const queue: Expression[] = [expression];
  for (let next = queue.pop(), steps = 0; next && steps < 100; next = queue.pop(), steps++) {
    if (next.is === 'name') {
      const [name] = next.path;
      const local = method.locals.filter((one) => one.name === name);
      if (found.has(name!) || (local.length === 0 && !method.parameters.some((one) => one.name === name))) continue;
      found.add(name!);
      queue.push(...local.flatMap(({ value }) => value ?? []));
    } else if (next.is === 'sum') queue.push(...next.parts);
    else if (next.is === 'new') queue.push(...next.args);
    else if (next.is === 'call') queue.push(...(next.on ? [next.on] : []), ...next.args);
  }
  return found;
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

/** Calls that give a path as it is, or one that starts with it. */
const keepsRoot =
  /^(?:toPath|toFile|toString|getAbsolutePath|getAbsoluteFile|getCanonicalFile|getCanonicalPath|toAbsolutePath|normalize|resolve|getPath|trim)$/;
/** Calls that read a setting. */
const readsSetting = /^(?:getProperty|getenv|getInitParameter|getString|getRequiredProperty|getConfigValue)$/;

/** What a path starts with: variables and constants are followed to where they get their value. */
function rootOf(expression: Expression | undefined, view: MethodView, program: ProgramView, depth = 0): Expression | undefined {
  if (!expression || depth > 10) return undefined;
  const again = (inner: Expression | undefined) => rootOf(inner, view, program, depth + 1);
  if (expression.is === 'sum') return again(expression.parts[0]);
  if (expression.is === 'new') return again(expression.args[0]);
  if (expression.is === 'call') {
    if (readsSetting.test(expression.name) || expression.name === 'getRealPath') return expression;
    if (keepsRoot.test(expression.name) && expression.on) return again(expression.on);
    return /^(?:get|of|getFile|format|valueOf)$/.test(expression.name) ? again(expression.args[0]) : expression;
  }
  if (expression.is !== 'name') return expression;
  const constant = program.names.constant(expression, view);
  if (constant && constant.is !== 'name') return again(constant);
  const [name] = expression.path;
  const local = view.method.locals.findLast((one) => one.name === name && one.value?.is !== 'null');
  const set = view.method.assignments.findLast(({ target, value }) => target.length === 1 && target[0] === name && value?.is !== 'null');
  return again(local?.value ?? set?.value) ?? expression;
}

/** A temporary folder of the system. */
const isTemporaryRoot = (root: Expression | undefined): boolean =>
  root?.is === 'call' && readsSetting.test(root.name) && root.args[0]?.is === 'text' && root.args[0].value === 'java.io.tmpdir';

/** The path as far as constants and settings tell it. */
function targetOf(
  expression: Expression | undefined,
  root: Expression | undefined,
  view: MethodView,
  program: ProgramView,
): Value | undefined {
  const inner =
    expression?.is === 'new' && /(?:^|\.)File$/.test(expression.type)
      ? expression.args[0]
      : expression?.is === 'call' && /^(?:get|of)$/.test(expression.name)
        ? expression.args[0]
        : expression;
  const text = program.names.text(inner, view);
  if (text !== undefined && inner) return { is: 'literal', value: text, place: placeAt(view.path, inner.at) };
  return root && rootValue(root, view, program);
}

function rootValue(root: Expression, view: MethodView, program: ProgramView): Value | undefined {
  const place = placeAt(view.path, root.at);
  if (root.is === 'text')
    return {
      is: 'text',
      parts: [
        { is: 'literal', value: root.value, place },
        { is: 'unknown', place },
      ],
      place,
    };
  if (root.is === 'call') {
    const [key] = root.args;
    // The folder that the program was started in, or that its archive lies in.
    if (root.name === 'getRealPath' || (key?.is === 'text' && key.value === 'user.dir')) return { is: 'literal', value: './', place };
    const name = readsSetting.test(root.name) ? program.names.text(key, view) : undefined;
    return name === undefined ? undefined : { is: 'env', name: variableOfKey(name), place };
  }
  const variable = root.is === 'name' && root.path.length === 1 ? program.names.variable(view, root.path[0]!) : undefined;
  return variable && injected(variable.annotations, view.path, program);
}

const isCode = (view: MethodView, program: ProgramView): boolean =>
  view.method.name !== 'main' && (program.isBean(view) || program.servesRequest(view) || handlesUpload(view));
/** `call.receiveMultipart()`, `ctx.uploadedFile("photo")`, `request.fileItems()`. */
const asksForUploads = /^(?:receiveMultipart|uploadedFiles?|fileUploads|fileItems?)$/;
const handlesUpload = (view: MethodView): boolean =>
  [...view.method.parameters, ...view.method.locals].some(({ type }) => refersTo(view.file, type, ...uploads)) ||
  view.method.calls.some(({ name }) => asksForUploads.test(name)) ||
  strutsUploadOf(view) !== undefined;

/** Struts 2 puts the file of a form field `photo` into `photo`, and its name into `photoFileName`: the field that the method uses. */
function strutsUploadOf({ type, method }: MethodView): string | undefined {
  const names = new Set(type.fields.map(({ name }) => name));
  const isUsed = (name: string): boolean => {
    const mentioned = new RegExp(`^${name.replaceAll('$', '\\$')}$`);
    return [...method.calls, ...method.creations].some((one) => mentions(one, mentioned));
  };
  return type.fields.find(({ name, type: kind }) => kind === 'File' && names.has(`${name}FileName`) && isUsed(name))?.name;
}

/** A helper that no handler leads to works for a start or a timer. */
const isServing = (view: MethodView, program: ProgramView): boolean =>
  program.servesRequest(view) && (!view.method.modifiers.includes('private') || program.handlesWork(view));

function emitWrite(
  view: MethodView,
  program: ProgramView,
  emit: Emit,
  api: string,
  at: Expression['at'],
  target: Expression | undefined,
): void {
  const upload = handlesUpload(view);
  if (
    isTemporary(view, target, at) ||
    mentions(target, /te?mp(?:dir|file|path)?$|^\/tmp|java\.io\.tmpdir/i) ||
    mentions(target, /^(?:log|stdout)$/i)
  )
    return;
  const root = rootOf(target, view, program);
  if (isTemporaryRoot(root)) return;
  const value = targetOf(target, root, view, program);
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
      duringRequest: isServing(view, program) ? true : 'unknown',
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
    'move',
    'moveFile',
    'renameTo',
  )) {
    const { on, args, name, at } = call.call;
    const type = view.names.typeOf(on, call);
    const isUpload =
      (type !== undefined && refersTo(call.file, type, ...uploads) && (name === 'transferTo' || name === 'write')) ||
      (type === undefined && on?.is === 'call' && name === 'transferTo' && handlesUpload(call) && !mentions(args[0], /stream|out/i));
    const owner = on?.is === 'name' ? on.path.at(-1) : undefined;
    if (/^(?:move|moveFile|renameTo)$/.test(name)) {
      if (isCode(call, view)) emitMove(call, view, emit);
      continue;
    }
    if (!isUpload && owner !== 'Files' && owner !== 'FileUtils') continue;
    if (!isCode(call, view)) continue;
    if (isUpload) emitWrite(call, view, emit, `${type ?? 'MultipartFile'}.${name}`, at, args[0]);
    else if (owner === 'Files' && refersTo(call.file, 'Files', 'java.nio.file.Files') && writesFile(name, args))
      emitWrite(call, view, emit, `Files.${name}`, at, name === 'copy' ? args[1] : args[0]);
    else if (owner === 'FileUtils' && /^(?:copyInputStreamToFile|write|copyFile)/.test(name))
      emitWrite(call, view, emit, `FileUtils.${name}`, at, /^copy/.test(name) ? args[1] : args[0]);
  }
}

/** An uploaded file that is moved to where it stays; other files that are moved lay on the disk before. */
function emitMove(call: CallView, view: ProgramView, emit: Emit): void {
  const { on, args, name, at } = call.call;
  const source = name === 'renameTo' ? on : args[0];
  const upload = strutsUploadOf(call);
  const isUpload = upload !== undefined && mentions(source, new RegExp(`^${upload.replaceAll('$', '\\$')}$`));
  if (isUpload)
    emitWrite(call, view, emit, name === 'renameTo' ? 'File.renameTo' : `Files.${name}`, at, name === 'renameTo' ? args[0] : args[1]);
}

/** `File(folder, name).writeBytes(bytes)`, `input.copyTo(file.outputStream())`. */
function emitKotlin(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed(
    'writeBytes',
    'writeText',
    'appendText',
    'appendBytes',
    'outputStream',
    'bufferedWriter',
    'writeChannel',
  )) {
    const { on, name, at } = call.call;
    if (!on || !call.path.endsWith('.kt') || !isCode(call, view)) continue;
    const type = view.names.typeOf(on, call);
    if (type !== undefined && refersTo(call.file, type, 'java.io.File', 'java.nio.file.Path'))
      emitWrite(call, view, emit, `File.${name}`, at, on);
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

/** `new MultipartRequest(request, folder)` of the COS library has stored all files of the form when it returns. */
const storedForms = inFiles(({ file, methods }) =>
  methods.flatMap((view) =>
    view.method.creations.flatMap((made) =>
      made.args.length > 1 && refersTo(file, made.type, 'com.oreilly.servlet.MultipartRequest') ? [{ view, made }] : [],
    ),
  ),
);

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
    'FilePart',
    'UploadedFile',
    'FileUpload',
    'FormFile',
    'MultipartRequest',
    'FileName;',
    'java.io.File',
    'java.io.*',
    'UploadedFile',
  ],
  recognise(view, emit) {
    emitCalls(view, emit);
    emitKotlin(view, emit);
    emitStreams(view, emit);
    for (const { view: method, made } of storedForms(view))
      if (isCode(method, view)) emitWrite(method, view, emit, 'new MultipartRequest', made.at, made.args[1]);
  },
};
