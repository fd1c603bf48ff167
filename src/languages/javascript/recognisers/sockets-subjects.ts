import type { Place } from '../../../types.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { functionsIn, handlersOf, runsByItself, runsForRequests } from './request-code.ts';
import { type Answering, answeringFunctions } from './sockets-listeners.ts';

/** Events of this process that a route streams to those who are connected to it. */
export interface EventSource {
  /** What hands the events on. */
  readonly place: Place;
  /** Where one is put in. */
  readonly told: { readonly place: Place; readonly within?: string };
}

const subject = /^(?:Replay|Behavior)?Subject$/;
const emitters = /^(?:@nestjs\/event-emitter|eventemitter2|eventemitter3|events)$/;
const anchorOf = ({ namePlace, within }: CallSite): EventSource['told'] => ({
  place: namePlace,
  ...(within === undefined ? {} : { within }),
});

/** `@Sse('events') stream() { return this.subject.asObservable() }`, `fromEvent(this.emitter, 'order')` of NestJS. */
export function streamedEvents(program: ProgramView): readonly EventSource[] {
  const routes = program.calls.flatMap(({ how, name, decorates }) =>
    how === 'decorator' && name === 'Sse' && decorates?.function ? [decorates.function] : [],
  );
  if (routes.length === 0) return [];
  return [...bySubjects(program), ...byEmitters(program, routes)];
}

/** Subjects of an object that lives as long as the process, fed by requests or events of this copy. */
function bySubjects(program: ProgramView): readonly EventSource[] {
  const made = program.callsOf('rxjs').filter(({ how, path, within }) => how === 'new' && subject.test(path) && within === undefined);
  if (made.length === 0) return [];
  const live = runsForRequests(program);
  const feeds = program.callsNamed('next').filter(({ within }) => within !== undefined && live.has(within));
  return made.flatMap(({ namePlace, place }) => {
    const feed = feeds.find(({ on }) => on?.is === 'made' && on.place.path === place.path && on.place.line === place.line);
    return feed ? [{ place: namePlace, told: anchorOf(feed) }] : [];
  });
}

function byEmitters(program: ProgramView, routes: readonly string[]): readonly EventSource[] {
  const reached = program.reached(routes);
  return program.callsOf('rxjs').flatMap((call): readonly EventSource[] => {
    if (call.path !== 'fromEvent' || call.within === undefined || !reached.has(call.within)) return [];
    const origin = call.args[0] && originOf(call.args[0]);
    const told = program.callsNamed('emit', 'emitAsync').find(({ package: library }) => library !== undefined && emitters.test(library));
    return origin && emitters.test(origin.package) && told ? [{ place: call.namePlace, told: anchorOf(told) }] : [];
  });
}

const listens = /^(?:on|once|addListener|prependListener)$/;

/** The emitter lives as long as the process: it is made while a module loads, or once at the start. */
function isOfProcess(program: ProgramView, { on }: CallSite): boolean {
  if (on?.is !== 'made') return false;
  const { path, line, column } = on.place;
  const isThere = ({ place, how }: CallSite): boolean =>
    how === 'new' && place.path === path && place.line === line && place.column === column;
  const made = program.calls.find(isThere);
  return made !== undefined && (made.within === undefined || runsByItself(program).has(made.within));
}

/** What an emitter is known by: the class of the program whose instance it is, else where it is made. */
const emitterOf = ({ on }: CallSite): string | undefined =>
  on?.is !== 'made' ? undefined : on.callee.is === 'class' ? on.callee.id : `${on.place.path}:${on.place.line}:${on.place.column}`;

/** Events of one name and one emitter, as far as these can be read. */
function mayBeSame(hearing: CallSite, telling: CallSite): boolean {
  const [heard, told] = [emitterOf(hearing), emitterOf(telling)];
  if (heard !== undefined && told !== undefined && heard !== told) return false;
  const [one, other] = [hearing.firstArgument, telling.firstArgument];
  return one?.is !== 'literal' || other?.is !== 'literal' || one.value === other.value;
}

/** Some request emits without being the one that listens: a request that waits for its own work stays in its copy anyway. */
function isForOthers(program: ProgramView, listening: string, emitting: string): boolean {
  return [...handlersOf(program)].some((handler) => {
    const reached = program.reached([handler]);
    return reached.has(emitting) && !reached.has(listening);
  });
}

/** `bus.on(key, (event) => res.write(event))` in one request, and `bus.emit(key, event)` in another. */
export function heardEvents(program: ProgramView): readonly EventSource[] {
  const answering = new Set(program.pass<Answering>(answeringFunctions.id).map(({ path, item }) => `${path}#${item}`));
  if (answering.size === 0) return [];
  const live = runsForRequests(program);
  const ofEmitters = (call: CallSite): boolean =>
    call.package !== undefined && emitters.test(call.package) && call.within !== undefined && live.has(call.within);
  const told = program.callsNamed('emit', 'emitAsync').filter(ofEmitters);
  if (told.length === 0) return [];
  return program.calls.flatMap((call): readonly EventSource[] => {
    const hears = listens.test(call.name) && ofEmitters(call) && isOfProcess(program, call);
    if (!hears || !call.args[1] || !functionsIn(call.args[1]).some((id) => answering.has(id))) return [];
    const emit = told.find((one) => mayBeSame(call, one) && isForOthers(program, call.within!, one.within!));
    return emit ? [{ place: call.namePlace, told: anchorOf(emit) }] : [];
  });
}
