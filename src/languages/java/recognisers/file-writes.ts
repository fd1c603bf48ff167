import { type CallView, importsFrom, type MethodView, refersTo } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';
import { isHandedUpload } from './handed-uploads.ts';
import { isTemporaryRoot, isTemporaryValue, rootOf, targetOf } from './path-roots.ts';
import { isRemovedAfter } from './removed-files.ts';

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
  // Jersey, RESTEasy, CXF and JAX-RS itself.
  'org.glassfish.jersey.media.multipart.FormDataContentDisposition',
  'org.glassfish.jersey.media.multipart.FormDataBodyPart',
  'com.sun.jersey.core.header.FormDataContentDisposition',
  'com.sun.jersey.multipart.FormDataBodyPart',
  'org.jboss.resteasy.plugins.providers.multipart.MultipartFormDataInput',
  'org.apache.cxf.jaxrs.ext.multipart.Attachment',
  'jakarta.ws.rs.core.EntityPart',
  'io.ktor.http.content.PartData.FileItem',
  'io.ktor.http.content.MultiPartData',
  'io.vertx.ext.web.FileUpload',
  'io.javalin.http.UploadedFile',
  'com.blade.mvc.multipart.FileItem',
  'com.hellokaton.blade.mvc.multipart.FileItem',
];
const streams = ['java.io.FileOutputStream', 'java.io.FileWriter', 'java.io.RandomAccessFile', 'java.io.PrintWriter'];
const isTemporaryName = (text: string): boolean => /te?mp/i.test(text);

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

const isCode = (view: MethodView, program: ProgramView): boolean =>
  view.method.name !== 'main' && (program.isBean(view) || program.servesRequest(view) || handlesUpload(view));
/** `call.receiveMultipart()`, `ctx.uploadedFile("photo")`, `request.fileItems()`. */
const asksForUploads = /^(?:receiveMultipart|uploadedFiles?|fileUploads|fileItems?)$/;
const handlesUpload = (view: MethodView): boolean =>
  [...view.method.parameters, ...view.method.locals].some(({ type }) => refersTo(view.file, type, ...uploads)) ||
  view.method.calls.some((call) => asksForUploads.test(call.name) || (call.name === 'transferTo' && isPartOfLambda({ ...view, call }))) ||
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

/** `part.renameTo(file)`: the parts of an upload meet in a file that stays under another name. */
function renamedTo(view: MethodView, target: Expression | undefined, [line]: Expression['at']): Expression | undefined {
  if (target?.is !== 'name' || target.path.length !== 1) return undefined;
  const isTarget = (one: Expression | undefined): boolean => one?.is === 'name' && one.path.length === 1 && one.path[0] === target.path[0];
  const [renamed] = view.method.calls.flatMap(({ name, on, args, at }) => {
    if (at[0] <= line) return [];
    if (name === 'renameTo' && isTarget(on)) return args.slice(0, 1);
    return /^(?:move|moveFile)$/.test(name) && isTarget(args[0]) ? args.slice(1, 2) : [];
  });
  return renamed;
}

const mostCallers = 5;
/** `save(input, file)`: a helper writes where those who call it say. */
function callersOf(
  view: MethodView,
  program: ProgramView,
  target: Expression | undefined,
): readonly { call: CallView; target: Expression }[] {
  const name = target?.is === 'name' && target.path.length === 1 ? target.path[0] : undefined;
  const index = view.method.parameters.findIndex((one) => one.name === name);
  if (index < 0 || handlesUpload(view)) return [];
  return program
    .callsNamed(view.method.name)
    .flatMap((call) => {
      const given = call.call.args.length === view.method.parameters.length ? call.call.args[index] : undefined;
      return given && call.id !== view.id && meansType(call, view, program) ? [{ call, target: given }] : [];
    })
    .slice(0, mostCallers);
}
const meansType = (call: CallView, view: MethodView, { names }: ProgramView): boolean => {
  const { on } = call.call;
  const { type } = view;
  if (!on) return call.type === type;
  const written = names.typeOf(on, call) ?? (on.is === 'name' ? on.path.join('.') : undefined);
  const found = written === undefined ? undefined : names.find(call.file, written)?.type;
  if (!found) return false;
  // Callers know a layer by its interface.
  return found === type || (found.kind === 'interface' && type.interfaces.some((name) => names.find(view.file, name)?.type === found));
};

function emitWrite(
  view: MethodView,
  program: ProgramView,
  emit: Emit,
  api: string,
  at: Expression['at'],
  target: Expression | undefined,
  depth = 0,
): void {
  const isGone = isRemovedAfter(view, target, at, program);
  const callers = depth < 3 && !isGone ? callersOf(view, program, rootOf(target, view, program)?.expression) : [];
  for (const { call, target: given } of callers)
    if (isCode(call, program)) emitWrite(call, program, emit, `${call.call.name}`, call.call.at, given, depth + 1);
  // Where callers say where, they are told; else the place that writes.
  const upload = handlesUpload(view) || (callers.length === 0 && depth === 0 && isHandedUpload(view, program, handlesUpload));
  const final = upload && depth === 0 ? renamedTo(view, target, at) : undefined;
  if (final) return emitWrite(view, program, emit, api, at, final, 3);
  if (isGone || mentions(target, /te?mp(?:dir|file|path)?$|^\/tmp|java\.io\.tmpdir/i) || mentions(target, /^(?:log|stdout)$/i)) return;
  const root = rootOf(target, view, program);
  if (isTemporaryRoot(root)) return;
  const value = targetOf(target, root, view, program);
  if (isTemporaryValue(value)) return;
  // A generator of code writes into the sources that it is started from; uploads go beside its resources.
  const first = value?.is === 'text' ? value.parts[0] : value;
  if (first?.is === 'literal' && /(?:^|\/)src\/(?:main|test)\/(?:java|kotlin)\b/.test(String(first.value))) return;
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
  for (const call of view.callsNamed('copy', 'copyBlocking', 'move', 'moveBlocking', 'writeFile', 'writeFileBlocking'))
    emitOfVertx(call, view, emit);
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
    'toFile',
    'writeValue',
  )) {
    const { on, args, name, at } = call.call;
    const type = view.names.typeOf(on, call);
    const isUpload =
      (type !== undefined && refersTo(call.file, type, ...uploads) && (name === 'transferTo' || name === 'write')) ||
      (type === undefined &&
        name === 'transferTo' &&
        !mentions(args[0], /stream|out/i) &&
        (on?.is === 'call' ? handlesUpload(call) : isPartOfLambda(call)));
    const owner = on?.is === 'name' ? on.path.at(-1) : undefined;
    if (/^(?:move|moveFile|renameTo)$/.test(name)) {
      if (isCode(call, view)) emitMove(call, view, emit);
      continue;
    }
    if (name === 'writeValue') {
      if (isFileOfJackson(call, view) && isCode(call, view)) emitWrite(call, view, emit, 'ObjectMapper.writeValue', at, args[0]);
      continue;
    }
    if (isPicture(call, view)) {
      if (isCode(call, view)) emitWrite(call, view, emit, `${owner ?? 'Thumbnails'}.${name}`, at, args.at(-1));
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

/** `part.flatMap(file -> file.transferTo(path))`: parameters of lambdas have no declared type; the file has one of uploads. */
const isPartOfLambda = ({ file, call: { on } }: CallView): boolean =>
  on?.is === 'name' &&
  on.path.length === 1 &&
  file.imports.some(({ name }) => name === 'org.springframework.http.codec.multipart.FilePart');

/** Vert.x stores an upload under a name of its own; `fileSystem.copy(upload.uploadedFileName(), path)` keeps it. */
function emitOfVertx(call: CallView, view: ProgramView, emit: Emit): void {
  const { args, name, at, on } = call.call;
  if (name.startsWith('writeFile')) {
    const type = view.names.typeOf(on, call);
    const isFiles = (on?.is === 'call' && on.name === 'fileSystem') || (type !== undefined && /^FileSystem$/.test(type));
    if (isFiles && args.length >= 2 && importsFrom(call.file, 'io.vertx') && isCode(call, view))
      emitWrite(call, view, emit, `FileSystem.${name}`, at, args[0]);
    return;
  }
  if (args.length >= 2 && mentions(args[0], /^uploadedFileName$/) && isCode(call, view))
    emitWrite(call, view, emit, `FileSystem.${name}`, at, args[1]);
}

/** `ImageIO.write(image, "png", file)`, `Thumbnails.of(input).toFile(file)`. */
function isPicture(call: CallView, { names }: ProgramView): boolean {
  const { on, args, name } = call.call;
  if (name === 'toFile') return args.length === 1 && importsFrom(call.file, 'net.coobird.thumbnailator');
  if (name !== 'write' || args.length !== 3 || on?.is !== 'name' || on.path.at(-1) !== 'ImageIO') return false;
  const type = names.typeOf(args[2], call);
  return type !== undefined && refersTo(call.file, type, 'java.io.File');
}

/** `mapper.writeValue(file, value)`. */
function isFileOfJackson({ call: { args }, ...view }: CallView, { names }: ProgramView): boolean {
  if (args.length !== 2 || !importsFrom(view.file, 'com.fasterxml.jackson', 'tools.jackson')) return false;
  const type = names.typeOf(args[0], view);
  return (type !== undefined && refersTo(view.file, type, 'java.io.File')) || (args[0]?.is === 'call' && args[0].name === 'toFile');
}

/** An uploaded file that is moved to where it stays; other files that are moved lay on the disk before. */
function emitMove(call: CallView, view: ProgramView, emit: Emit): void {
  const { on, args, name, at } = call.call;
  const source = name === 'renameTo' ? on : args[0];
  const upload = strutsUploadOf(call);
  const isUpload =
    (upload !== undefined && mentions(source, new RegExp(`^${upload.replaceAll('$', '\\$')}$`))) ||
    // Quarkus has stored what it received under a name of its own.
    (source?.is === 'call' && /^(?:uploadedFile|filePath)$/.test(source.name) && importsFrom(call.file, 'org.jboss.resteasy.reactive'));
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
    '.writeFile',
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
    'FormDataContentDisposition',
    'FormDataBodyPart',
    'MultipartFormDataInput',
    'EntityPart',
    'MultipartRequest',
    'FileName;',
    'java.io.File',
    'java.io.*',
    'ImageIO.write',
    'thumbnailator',
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
