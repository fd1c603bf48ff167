import type { FactValues, Value } from '../../../facts.ts';
import { textOf } from '../evaluate.ts';
import type { MethodView } from '../names.ts';
import { type ProgramView, placeAt, placeOf, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

type Content = FactValues['file-write']['content'];

const fileMethods = /^(?:WriteAll(?:Text|Bytes|Lines)|AppendAll(?:Text|Lines)|AppendText|Create|CreateText|OpenWrite)(?:Async)?$/;
const uploadTypes =
  /^(?:IFormFile|IFormFileCollection|IBrowserFile|HttpPostedFile(?:Base|Wrapper)?|HttpFileCollection(?:Base)?|FileUpload|\w{0,40}Upload(?:Request|edFile)?)$/;
const isScratch = (value: Value): boolean => {
  const [first] = value.is === 'text' ? value.parts : [value];
  return (
    first !== undefined &&
    (/^(?:\/tmp\b|\/dev\/|\/proc\/)/.test(textOf(first) ?? '') ||
      (first.is === 'made' && first.callee.is === 'package' && /GetTemp/.test(first.callee.path)))
  );
};

/** A folder of caches is meant to be lost. */
const isCache = (value: Value): boolean => {
  const [first] = value.is === 'text' ? value.parts : [value];
  if (first?.is === 'text') return isCache(first);
  return first?.is === 'package' && /cache|temp/i.test(first.path);
};

/** What is deleted in the same method, or opened to vanish, was not meant to stay. */
const isRemoved = ({ method }: MethodView): boolean =>
  method.calls.some(
    ({ call }) =>
      /^Delete(?:Async)?$/.test(call.name) &&
      call.on?.is === 'name' &&
      /^(?:File|Directory|FileInfo|_?\w*[fF]ile\w*)$/.test(call.on.path.at(-1) ?? ''),
  ) || method.creations.some(({ creation }) => creation.args.some((one) => one.is === 'name' && one.path.at(-1) === 'DeleteOnClose'));

/** The method gets files of a request, or stands in one that does. */
const getsUpload = (one: MethodView, view: ProgramView): boolean =>
  view.names
    .around(one)
    .some(({ method }) =>
      method.parameters.some(({ type, types }) => uploadTypes.test(type) || types.some((inner) => uploadTypes.test(inner))),
    ) || one.method.calls.some(({ call }) => /^(?:CopyTo|CopyToAsync|OpenReadStream)$/.test(call.name) && isFormFile(call.on, one, view));

const isFormFile = (on: Expression | undefined, one: MethodView, view: ProgramView): boolean =>
  uploadTypes.test(view.names.typeOf(on, one) ?? '');

/** `file.SaveAs(path)` of a posted file, also of a control that a page declares. */
const savesUpload = (call: Extract<Expression, { is: 'call' }>, one: MethodView, view: ProgramView): boolean => {
  if (call.name !== 'SaveAs' || call.args.length !== 1) return false;
  if (isFormFile(call.on, one, view)) return true;
  const of = call.on?.is === 'index' ? call.on.of : call.on;
  const name = of?.is === 'name' ? of.path.at(-1)! : '';
  return (
    view.names.typeOf(call.on, one) === undefined &&
    /^files$|upload|posted|^h?p?f(?:ile)?$|file$|photo|image|picture|avatar|attachment/i.test(name)
  );
};

const opens = /^(?:Create|CreateNew|OpenOrCreate|Append|Truncate)$/;
const makesFile = (args: readonly Expression[]): boolean =>
  args.some((one) => one.is === 'name' && one.path.at(-2) === 'FileMode' && opens.test(one.path.at(-1) ?? ''));
/** A stream or writer that makes the file. */
function isWriting({ type, args }: Extract<Expression, { is: 'new' }>): boolean {
  if (type === 'StreamWriter')
    return args[0]?.is !== 'name' || !/stream|response|body|memory|request|client|ms|socket|output/i.test(args[0].path.join('.'));
  return type === 'FileStream' && makesFile(args);
}

/** Files that requests leave on the disk of the process. */
export const fileWrites: Recogniser = {
  text: ['.SaveAs(', 'File.Write', 'File.Append', 'File.Create', 'File.OpenWrite', 'FileMode.', 'StreamWriter ', 'IFormFile'],
  recognise(view, emit) {
    const add = (one: MethodView, place: ReturnType<typeof placeAt>, api: string, path: Expression | undefined, isPosted = false) => {
      const target = view.evaluator.value(path, one);
      const isUpload = isPosted || getsUpload(one, view);
      const content: Content = isUpload ? 'upload' : 'generated';
      // Where it goes is not known at all: it may be a folder for scratch.
      if (!isUpload && (target.is === 'parameter' || target.is === 'unknown')) return;
      emit(
        'file-write',
        place,
        {
          library: 'System.IO',
          api,
          target,
          content,
          temporary: isScratch(target) || isCache(target) || isRemoved(one),
          duringRequest: true,
        },
        { within: one.id },
      );
    };
    for (const one of view.running.filter((method) => view.answersRequest(method))) {
      for (const written of one.method.calls) {
        const { call } = written;
        if (
          call.on?.is === 'name' &&
          call.on.path.at(-1) === 'File' &&
          (fileMethods.test(call.name) || (call.name === 'Open' && makesFile(call.args)))
        )
          add(one, placeOf({ ...one, written, call }), `File.${call.name}`, call.args[0]);
        else if (savesUpload(call, one, view)) add(one, placeOf({ ...one, written, call }), 'SaveAs', call.args[0], true);
      }
      for (const { creation } of one.method.creations)
        if (isWriting(creation)) add(one, placeAt(one.path, creation.at), creation.type, creation.args[0]);
    }
  },
};
