import type { Place } from '../../../types.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { runsForRequests } from './request-code.ts';

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
