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

function writeOf(call: CallSite): Pick<Write, 'library' | 'api' | 'target' | 'content'> | undefined {
  const { dotted = '', name } = call;
  if ((dotted === 'open' || dotted === 'io.open' || dotted === 'aiofiles.open') && writes(call.argument('mode', 1)))
    return { library: dotted === 'aiofiles.open' ? 'aiofiles' : 'builtins', api: 'open', target: call.args[0], content: 'generated' };
  // `request.files['a'].save(path)`.
  if (name === 'save' && /^flask\.request\.files\b/.test(dotted))
    return { library: 'flask', api: 'save', target: call.args[0], content: 'upload' };
  if (/^pathlib\.Path\(\)\.write_(?:text|bytes)$/.test(dotted)) return { library: 'pathlib', api: name, content: 'generated' };
  return undefined;
}

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
  const found = writeOf(call);
  if (!found || !program.servesRequest(call.within)) return;
  const temporary = isScratch(found.target) || isRemoved(call, program);
  // Where it goes is not known at all: it may be a folder for scratch.
  if (!found.target || found.target.is === 'parameter' || found.target.is === 'unknown') return;
  emit('file-write', anchor(call), { ...found, temporary, duringRequest: true });
}

const hasOwnStorage = (program: ProgramView): boolean =>
  ['DEFAULT_FILE_STORAGE', 'STORAGES'].some((name) => program.assigned(name).length > 0);

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
