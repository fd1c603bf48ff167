import type { FactValues, Value } from '../../../facts.ts';
import { anchor, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { targetOf } from '../value-shapes.ts';
import { folderOf } from '../workspace.ts';

type Write = FactValues['file-write'];

/** Position of the path, and what is written. */
const writers: Readonly<Record<string, readonly [number, Write['content']]>> = {
  'os.Create': [0, 'generated'],
  'os.WriteFile': [0, 'generated'],
  'os.OpenFile': [0, 'generated'],
  'io/ioutil.WriteFile': [0, 'generated'],
  'github.com/jung-kurt/gofpdf.Fpdf.OutputFileAndClose': [0, 'generated'],
  'github.com/go-pdf/fpdf.Fpdf.OutputFileAndClose': [0, 'generated'],
  'github.com/xuri/excelize.File.SaveAs': [0, 'generated'],
  'github.com/360EntSecGroup-Skylar/excelize.File.SaveAs': [0, 'generated'],
  'github.com/disintegration/imaging.Save': [1, 'generated'],
  'github.com/fogleman/gg.Context.SavePNG': [0, 'generated'],
  'gin.Context.SaveUploadedFile': [1, 'upload'],
  'fiber.Ctx.SaveFile': [1, 'upload'],
  'github.com/valyala/fasthttp.SaveMultipartFile': [1, 'upload'],
  'github.com/kataras/iris.Context.SaveFormFile': [1, 'upload'],
  'github.com/gogf/gf/net/ghttp.UploadFile.Save': [0, 'upload'],
  'github.com/gogf/gf/net/ghttp.UploadFiles.Save': [0, 'upload'],
};
const scratch = /^(?:os\.(?:TempDir|MkdirTemp|CreateTemp)|io\/ioutil\.Temp(?:Dir|File))$/;
const scratchWord = /(?:^|[\W_])(?:te?mp|temporary|cache[sd]?|thumb\w*|previews?|lock|pid)(?:[\W_]|$)/i;
const words = (name: string): string => name.replace(/([a-z\d])([A-Z])/g, '$1_$2');

const isScratch = (value: Value | undefined, depth = 0): boolean => {
  if (!value || depth > 5) return false;
  const again = (inner: Value | undefined): boolean => isScratch(inner, depth + 1);
  if (value.is === 'text') return value.parts.some(again);
  if (value.is === 'choice') return value.options.some((option) => again(option.value));
  if (value.is === 'member') return scratch.test(targetOf(value) ?? '') || scratchWord.test(words(value.name)) || again(value.of);
  if (value.is === 'made') return scratch.test(targetOf(value.callee) ?? '') || again(value.callee) || value.args.some(again);
  if (value.is === 'env') return scratchWord.test(value.name);
  const text = textOf(value) ?? '';
  return /^\/(?:tmp|dev|proc|run)\b/.test(text) || scratchWord.test(text);
};
/** Names in the expression say that it is for a while. */
const saysScratch = (written: Expression | undefined, depth = 0): boolean => {
  if (!written || depth > 6) return false;
  const again = (inner: Expression): boolean => saysScratch(inner, depth + 1);
  if (written.is === 'name') return scratchWord.test(words(written.name));
  if (written.is === 'selector') return scratchWord.test(words(written.name)) || again(written.of);
  if (written.is === 'call') return [written.callee, ...written.args].some(again);
  return written.is === 'text' ? written.parts.some(again) : false;
};

/** What the same function removes was not meant to stay; what it removes after an error was. */
const isRemoved = (call: CallSite, program: ProgramView): boolean =>
  call.within !== undefined &&
  program
    .callsWithin(call.within)
    .some(
      ({ target = '', written }) =>
        scratch.test(target) || (/^os\.(?:Remove|RemoveAll)$/.test(target) && (written.how === 'defer' || !written.when?.length)),
    );

/** A form's file is opened in the function, or handed to it. */
function takesUpload(call: CallSite, program: ProgramView): boolean {
  if (call.within === undefined) return false;
  const own = program.evaluator.functionOf(call.within);
  const isGiven = own?.parameters.some(({ type }) =>
    /multipart\.(?:File|FileHeader)$/.test(program.evaluator.types.idOf(type, call.path) ?? ''),
  );
  return (
    isGiven === true ||
    program
      .callsWithin(call.within)
      .some(({ name, target }) => /^(?:FormFile|GetFile|NextPart)$/.test(name) || /multipart\.FileHeader\.Open/.test(target ?? ''))
  );
}

const objectStorage =
  /aws-sdk-go(?:-v2)?\/service\/s3|minio-go|cloud\.google\.com\/go\/storage|azblob|azure-storage-blob|aliyun-oss|cos-go-sdk|qiniu\/|gocloud\.dev\/blob|thanos-io\/objstore/;
/** What nothing calls is no choice. */
const isUsed = (program: ProgramView, path: string): boolean =>
  program.functions.some((one) => one.path === path && (program.servesRequest(one.id) || program.runsAtStart(one.id)));
/** Beside it, or beside its folder, stands object storage: a setting chooses between them. */
const hasStorageBeside = (program: ProgramView, path: string): boolean => {
  const own = folderOf(path);
  return program.files.some((other) => {
    const folder = folderOf(other);
    const isNear = folder === own || (folderOf(own) !== '' && folderOf(folder) === folderOf(own)) || folderOf(folder) === own;
    return isNear && (program.summary(other)?.imports ?? []).some((one) => objectStorage.test(one.path)) && isUsed(program, other);
  });
};

/** `os.OpenFile` makes a file where its flags say so; what it appends to is a log. */
const opensToWrite = ({ written }: CallSite): boolean => {
  const flags = JSON.stringify(written.call.args[1] ?? '');
  return /O_CREATE/.test(flags) && !/O_APPEND/.test(flags);
};

/** A helper that writes wherever its callers say, and some of them call it without a request. */
function servesOthers(program: ProgramView, call: CallSite, position: number): boolean {
  const written = call.written.call.args[position];
  const own = call.within === undefined ? undefined : program.evaluator.functionOf(call.within);
  const index = written?.is === 'name' ? (own?.parameters.findIndex(({ name }) => name === written.name) ?? -1) : -1;
  if (index < 0) return false;
  const callers = program.evaluator.callers(call.within!);
  return callers.some(({ path, within }) => within === undefined || !program.servesRequest(`${path}#${within}`));
}

function emitWrite(call: CallSite, program: ProgramView, emit: Emit): void {
  const writer = call.target !== undefined && Object.hasOwn(writers, call.target) ? writers[call.target] : undefined;
  if (!writer || (call.name === 'OpenFile' && !opensToWrite(call))) return;
  const [position] = writer;
  const target = call.args[position];
  const content = writer[1] === 'generated' && takesUpload(call, program) ? 'upload' : writer[1];
  // Nothing but a request uploads.
  if (content !== 'upload' && !program.servesRequest(call.within)) return;
  if (!target || hasStorageBeside(program, call.path)) return;
  if (content !== 'upload' && servesOthers(program, call, position)) return;
  emit('file-write', anchor(call), {
    library: call.target!.slice(0, call.target!.indexOf('.')),
    api: call.name,
    target,
    content,
    temporary: isScratch(target) || saysScratch(call.written.call.args[position]) || isRemoved(call, program),
    duringRequest: true,
  });
}

/** Files that requests leave on the disk of the process. */
export const fileWrites: Recogniser = {
  id: 'file-writes',
  recognise(program, emit) {
    for (const call of program.calls) emitWrite(call, program, emit);
  },
};
