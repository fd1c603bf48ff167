/** Helpers that are handed what an upload holds: `storage.save(file.getInputStream(), name)`, also through one layer and an interface. */
import type { CallView, MethodView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

const content = /^(?:InputStream|BufferedInputStream|ByteArrayInputStream|byte\[\]|ByteArray|ByteBuffer|Buffer|DataBuffer)\??$/;
const mostCallers = 8;
const mostLayers = 3;

const simple = (name: string): string => name.slice(name.lastIndexOf('.') + 1).replace(/<.*$/s, '');

/** The call is one of the method: its type, or an interface of it, is what the call is made on. */
function meansMethod(call: CallView, { type, method }: MethodView, { names }: ProgramView): boolean {
  const { on, args } = call.call;
  if (args.length !== method.parameters.length) return false;
  if (!on) return call.type === type;
  const written = names.typeOf(on, call) ?? (on.is === 'name' ? on.path.join('.') : '');
  return [type.name, type.superclass ?? '', ...type.interfaces].some((one) => one !== '' && simple(one) === simple(written));
}

const isContentOf = (argument: Expression | undefined, { method }: MethodView): boolean =>
  argument?.is === 'name' &&
  argument.path.length === 1 &&
  method.parameters.some(({ name, type }) => name === argument.path[0] && content.test(simple(type)));

/** Somebody who handles an upload gives the method bytes or a stream. */
export function isHandedUpload(view: MethodView, program: ProgramView, handlesUpload: (view: MethodView) => boolean, depth = 0): boolean {
  const places = view.method.parameters.flatMap(({ type }, index) => (content.test(simple(type)) ? [index] : []));
  if (places.length === 0 || depth >= mostLayers) return false;
  const callers = program.callsNamed(view.method.name).filter((call) => call.id !== view.id && meansMethod(call, view, program));
  return callers.slice(0, mostCallers).some((call) =>
    places.some((index) => {
      const given = call.call.args[index];
      if (isContentOf(given, call)) return isHandedUpload(call, program, handlesUpload, depth + 1);
      return handlesUpload(call);
    }),
  );
}
