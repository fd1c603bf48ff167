import { type MethodView, refersTo } from '../names.ts';
import { annotationOf, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { inFiles } from '../views.ts';
import { changesSharedThings } from './schedulers.ts';

const enablers = inFiles(({ types }) => types.filter(({ type }) => annotationOf(type, 'EnableAsync')));
const later = inFiles(({ file, methods }) =>
  methods.flatMap((view) => {
    const annotation = view.method.annotations.find(({ name }) => refersTo(file, name, 'org.springframework.scheduling.annotation.Async'));
    return annotation ? [{ view, annotation }] : [];
  }),
);
/** Lines of a log and counts may be lost. */
export const canBeLost = /log|audit|metric|stat(?:s|istic)|track|histor|cache|evict|clean|warm/i;

const eventListeners = ['EventListener', 'TransactionalEventListener'];
/** The event that it listens to is made while a request is answered: `publisher.publishEvent(new OrderPaid(order))`. */
function hearsOfRequests({ file, method }: MethodView, view: ProgramView): boolean {
  if (annotationOf(method, ...eventListeners) === undefined) return false;
  const [event] = method.parameters;
  const heard = event && view.names.find(file, event.type);
  return heard !== undefined && makersOf(heard.type.name, view).some((maker) => view.answersRequest(maker));
}
const makers = inFiles(({ methods }) => methods.flatMap((view) => view.method.creations.map(({ type }) => ({ type, view }))));
const makersOf = (name: string, view: ProgramView): readonly MethodView[] =>
  makers(view).flatMap((one) => (one.type === name || one.type.endsWith(`.${name}`) ? [one.view] : []));

/** `@Async` mail and writes that a request hands over: they wait in the queue of an executor. */
export const backgroundWork: Recogniser = {
  text: ['EnableAsync', 'annotation.Async'],
  recognise(view, emit) {
    const isEnabled = enablers(view).length > 0 || view.manifestFacts.some((fact) => fact.kind === 'declared-beans' && fact.value.later);
    if (!isEnabled) return;
    for (const { view: method, annotation } of later(view)) {
      if (canBeLost.test(method.method.name) || canBeLost.test(method.type.name)) continue;
      // Whoever waits for the future answers after it.
      if (method.method.returns !== undefined && method.method.returns !== 'void') continue;
      if (!view.isBean(method) || !(view.answersRequest(method) || hearsOfRequests(method, view))) continue;
      if (!changesSharedThings(method, view)) continue;
      emit(
        'queue',
        placeAt(method.path, annotation.at),
        { library: '@Async', store: 'memory', work: method.method.name },
        { within: method.id, confidence: 'likely' },
      );
    }
  },
};
