import type { CallSite, ProgramView } from '../recogniser.ts';

const emitters = /^(?:events|eventemitter[23])$/;
const listens = /^(?:on|once|addListener|prependListener)$/;
const isOfEmitter = (call: CallSite): boolean => call.package !== undefined && emitters.test(call.package);

/** The class of the program whose instance emits or is listened to; `undefined` where it is a plain emitter. */
const classOf = ({ on }: CallSite): string | undefined => (on?.is === 'made' && on.callee.is === 'class' ? on.callee.id : undefined);

function mayHear(listening: CallSite, emitting: CallSite): boolean {
  const [heard, told] = [listening.firstArgument, emitting.firstArgument];
  if (heard?.is !== 'literal' || told?.is !== 'literal' || heard.value !== told.value) return false;
  const [one, other] = [classOf(listening), classOf(emitting)];
  return one === undefined || other === undefined || one === other;
}

/** Functions that the program itself tells of an event in one of the given functions: `this.emit('message', client)` runs what stands behind `.on('message', …)`. */
export function listenersOf(program: ProgramView, emittingIn: ReadonlySet<string>): readonly string[] {
  const told = program.callsNamed('emit', 'emitAsync').filter((call) => call.within && emittingIn.has(call.within) && isOfEmitter(call));
  if (told.length === 0) return [];
  const found = program.calls.flatMap((call) => {
    const listener = listens.test(call.name) && isOfEmitter(call) ? call.args[1] : undefined;
    return listener?.is === 'function' && told.some((emitting) => mayHear(call, emitting)) ? [listener.id] : [];
  });
  return found.filter((id) => !emittingIn.has(id));
}
