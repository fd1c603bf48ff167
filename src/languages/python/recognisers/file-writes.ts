import type { FactValues, Value } from '../../../facts.ts';
import { type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { dottedOf } from '../value-shapes.ts';
import { anchor } from './servers.ts';

type Write = FactValues['file-write'];

const isScratch = (value: Value | undefined): boolean => {
  if (!value) return false;
  const parts = value.is === 'text' ? value.parts : [value];
  return parts.some(
    (part) =>
      /^(?:\/tmp\b|\/dev\/|\/proc\/)/.test(textOf(part) ?? '') ||
      /^(?:tempfile\.|io\.)/.test(dottedOf(part) ?? '') ||
      (part.is === 'member' && /tempfile/.test(dottedOf(part) ?? '')),
  );
};
/** What is removed in the same function was not meant to stay. */
const isRemoved = (call: CallSite, program: ProgramView): boolean =>
  call.within !== undefined &&
  program
    .callsWithin(call.within)
    .some(
      ({ dotted, name }) =>
        /^(?:os\.(?:remove|unlink)|shutil\.rmtree)$/.test(dotted ?? '') || name === 'unlink' || /^tempfile\./.test(dotted ?? ''),
    );

/** The mode of `open`. */
const writes = (mode: Value | undefined): boolean => /[wax+]/.test(textOf(mode) ?? '');

/** What a form or a request brings: `request.files['a']`, `form.photo.data`. */
const isUpload = (value: Value | undefined): boolean => value !== undefined && uploads.test(dottedOf(value) ?? '');
const uploads =
  /^(?:flask|quart)\.request\.files\b|(?:^|\.)(?:Multiple)?FileField\(\)\.data$|^(?:fastapi|starlette)\.(?:\w+\.)?UploadFile\(\)/;

/** The file is called as the user's own is: `folder / upload.filename`. */
const isNamedByUpload = (target: Value | undefined): boolean =>
  target?.is === 'text' &&
  !/^(?:parameter|unknown)$/.test(target.parts[0]?.is ?? 'unknown') &&
  target.parts.some((part) => part.is === 'member' && part.name === 'filename' && isUpload(part.of));

/** `for one in request.files.getlist('a'): one.save(…)`. */
function isOneOfUploads({ written, path, within }: CallSite, program: ProgramView): boolean {
  const { callee } = written.call;
  const name = callee.is === 'attribute' && callee.of.is === 'name' ? callee.of.name : undefined;
  return (
    name !== undefined &&
    program.assignments.some(
      (one) =>
        one.own.how === 'loop' &&
        one.own.target[0] === name &&
        one.path === path &&
        (within === undefined || within === `${path}#${one.own.within}`) &&
        isUpload(one.value()),
    )
  );
}

/** Flask-Uploads keeps the files of a set where the settings say. */
function folderOfSet(call: CallSite, program: ProgramView): Value | undefined {
  const name = call.on?.is === 'made' ? textOf(call.on.args[0]) : undefined;
  const own = name === undefined ? undefined : program.settings(`UPLOADED_${name.toUpperCase()}_DEST`)[0];
  return (own ?? program.settings('UPLOADS_DEFAULT_DEST')[0])?.value ?? call.on;
}

function savedBy(call: CallSite, program: ProgramView): Pick<Write, 'library' | 'api' | 'target' | 'content'> | undefined {
  const { dotted = '', on } = call;
  if (/^flask_uploads\.UploadSet\(\)\.save$/.test(dotted))
    return { library: 'Flask-Uploads', api: 'save', target: folderOfSet(call, program), content: 'upload' };
  if (isUpload(on) || isOneOfUploads(call, program))
    return { library: 'flask', api: 'save', target: call.argument('dst', 0), content: 'upload' };
  if (!/^PIL\.Image\.\w+\(\)(?:\.\w+\(\))*\.save$/.test(dotted)) return undefined;
  const isShown = on?.is === 'made' && on.args.some(isUpload);
  return { library: 'Pillow', api: 'save', target: call.argument('fp', 0), content: isShown ? 'upload' : 'generated' };
}

/** Tables, charts, pictures and models: what writes them, and where it says to which file. */
const exporters: readonly {
  readonly library: string;
  readonly calls: RegExp;
  readonly isWhole?: true;
  readonly names: readonly string[];
  readonly position: number;
}[] = [
  {
    library: 'pandas',
    calls: /^to_(?:csv|excel|json|parquet|feather|pickle|html)$/,
    names: ['path_or_buf', 'excel_writer', 'path', 'buf'],
    position: 0,
  },
  { library: 'polars', calls: /^write_(?:csv|excel|json|parquet|ndjson|ipc)$/, names: ['file', 'workbook'], position: 0 },
  { library: 'matplotlib', calls: /^savefig$/, names: ['fname'], position: 0 },
  { library: 'cv2', calls: /^cv2\.imwrite$/, isWhole: true, names: ['filename'], position: 0 },
  { library: 'pdfkit', calls: /^pdfkit\.from_(?:string|url|file)$/, isWhole: true, names: ['output_path'], position: 1 },
  { library: 'weasyprint', calls: /^write_pdf$/, names: ['target'], position: 0 },
  { library: 'docx', calls: /^docx\.Document\(\)\.save$/, isWhole: true, names: ['path_or_stream'], position: 0 },
  { library: 'openpyxl', calls: /^openpyxl\.(?:Workbook|load_workbook)\(\)\.save$/, isWhole: true, names: ['filename'], position: 0 },
  { library: 'gtts', calls: /^gtts\.gTTS\(\)\.save$/, isWhole: true, names: ['savefile'], position: 0 },
  { library: 'qrcode', calls: /^qrcode\.(?:make\(\)|QRCode\(\)\.make_image\(\))\.save$/, isWhole: true, names: ['stream'], position: 0 },
  { library: 'joblib', calls: /^joblib\.dump$/, isWhole: true, names: ['filename'], position: 1 },
];
/** `reports/june.csv` and what a variable gives: a file, and no buffer. */
function namesFile(value: Value): boolean {
  if (value.is === 'choice') return value.options.every((option) => namesFile(option.value));
  if (value.is === 'env') return true;
  // `s3://reports/june.csv`
  if (/^\w{2,}:\/\//.test(textOf(value.is === 'text' ? value.parts[0] : value) ?? '')) return false;
  const end = value.is === 'text' ? value.parts.at(-1) : value;
  return /\.[a-z]\w{1,7}$/i.test((end && textOf(end)) ?? '');
}
/** What the same function sends as its answer is needed by nobody later. */
const isAnswered = ({ within }: CallSite, program: ProgramView): boolean =>
  within !== undefined && program.callsWithin(within).some(({ name }) => /^(?:send_file|send_from_directory|FileResponse)$/.test(name));
function exportOf(call: CallSite, program: ProgramView): Pick<Write, 'library' | 'api' | 'target' | 'content'> | undefined {
  const exporter = exporters.find(({ calls, isWhole }) => calls.test((isWhole ? call.dotted : call.name) ?? ''));
  if (!exporter || !program.imported(exporter.library) || isAnswered(call, program)) return undefined;
  const { library, names, position } = exporter;
  const target = names.map((name) => call.named(name)).find(Boolean) ?? call.args[position];
  return target && namesFile(target) ? { library, api: call.name, target, content: 'generated' } : undefined;
}

function writeOf(call: CallSite, program: ProgramView): Pick<Write, 'library' | 'api' | 'target' | 'content'> | undefined {
  const { dotted = '', name, on } = call;
  if ((dotted === 'open' || dotted === 'io.open' || dotted === 'aiofiles.open') && writes(call.argument('mode', 1)))
    return { library: dotted === 'aiofiles.open' ? 'aiofiles' : 'builtins', api: 'open', target: call.args[0], content: 'generated' };
  if (name === 'save') return savedBy(call, program) ?? exportOf(call, program);
  // A path of pathlib comes to its text.
  const isPath = on?.is === 'text' || on?.is === 'literal';
  if (isPath && (/^write_(?:text|bytes)$/.test(name) || (name === 'open' && writes(call.argument('mode', 0)))))
    return { library: 'pathlib', api: name, target: on, content: 'generated' };
  if (movers.test(dotted)) return { library: dotted.split('.')[0]!, api: name, target: call.argument('dst', 1), content: 'generated' };
  return exportOf(call, program);
}
/** What puts a finished file in its place. */
const movers = /^(?:shutil\.(?:copy|copy2|copyfile|move)|os\.(?:replace|rename))$/;

/** `FileSystemStorage().save(name, file)`, and `default_storage` where no other one is set: files below `MEDIA_ROOT`. */
function emitStorage(call: CallSite, program: ProgramView, emit: Emit): void {
  const { dotted = '', name, within } = call;
  const isOwn = /^django\.core\.files\.storage\.(?:\w+\.)?FileSystemStorage\(\)\.save$/.test(dotted);
  const isDefault = /^django\.core\.files\.storage\.default_storage\.save$/.test(dotted) && !hasOwnStorage(program);
  if (name !== 'save' || (!isOwn && !isDefault) || !program.servesRequest(within)) return;
  const maker = isOwn && call.on?.is === 'made' ? call.on.args : [];
  const options = maker.find((one) => one.is === 'object');
  const location = (options?.is === 'object' ? options.properties['location'] : undefined) ?? maker.find((one) => one.is !== 'object');
  const target = location ?? program.settings('MEDIA_ROOT')[0]?.value;
  if (!target) return;
  emit('file-write', anchor(call), {
    library: 'django',
    api: 'FileSystemStorage',
    target,
    content: 'upload',
    temporary: isScratch(target) || isRemoved(call, program),
    duringRequest: true,
  });
}

function emitWrite(call: CallSite, program: ProgramView, emit: Emit): void {
  const found = program.servesRequest(call.within) ? writeOf(call, program) : undefined;
  if (!found) return;
  // What is moved comes from a temporary file, and stays where it is put.
  const temporary = isScratch(found.target) || (!movers.test(call.dotted ?? '') && isRemoved(call, program));
  const content = isNamedByUpload(found.target) ? 'upload' : found.content;
  // Where it goes is not known at all: it may be a folder for scratch.
  if (!found.target || found.target.is === 'parameter' || found.target.is === 'unknown') return;
  emit('file-write', anchor(call), { ...found, content, temporary, duringRequest: true });
}

/** `STORAGES` names that of the disk, too, as soon as it names another one for static files. */
const keepsOnDisk = (value: Value | undefined): boolean => /FileSystemStorage$/.test((value && textOf(value)) ?? '');
const defaultOf = (value: Value): Value | undefined => {
  const own = value.is === 'object' ? value.properties['default'] : undefined;
  return own?.is === 'object' ? own.properties['BACKEND'] : own;
};
const hasOwnStorage = (program: ProgramView): boolean =>
  program.assigned('DEFAULT_FILE_STORAGE').some(({ value }) => !keepsOnDisk(value())) ||
  program.assigned('STORAGES').some(({ value }) => !keepsOnDisk(defaultOf(value())));

/** Django keeps uploads below `MEDIA_ROOT` unless another storage is set. */
function emitMedia(program: ProgramView, emit: Emit): void {
  const field = program.calls.find(({ dotted }) => /^django\.db\.models\.(?:\w+\.)*(?:FileField|ImageField)$/.test(dotted ?? ''));
  if (!field || hasOwnStorage(program) || field.named('storage')) return;
  for (const setting of program.settings('MEDIA_ROOT').slice(0, 1))
    emit('file-write', setting, {
      library: 'django',
      api: 'FileField',
      target: setting.value,
      content: 'upload',
      temporary: isScratch(setting.value),
      duringRequest: true,
    });
}

/** Files that requests leave on the disk of the process. */
export const fileWrites: Recogniser = {
  id: 'file-writes',
  recognise(program, emit) {
    for (const call of program.calls) {
      emitWrite(call, program, emit);
      emitStorage(call, program, emit);
    }
    emitMedia(program, emit);
  },
};
