import type { MethodView } from '../names.ts';
import { isOnIis } from '../projects.ts';
import { placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

/** `Application`, `HttpContext.Current.Application`. */
const isApplication = (path: readonly string[]): boolean =>
  path.at(-1) === 'Application' && (path.length === 1 || /^(?:Current|HttpContext|Context|this)$/.test(path.at(-2) ?? ''));
const named = (expression: Expression | undefined): boolean => expression?.is === 'name' && isApplication(expression.path);

/** What the start puts there is the same in each process. */
const isStart = ({ method }: MethodView): boolean => /^Application_(?:Start|End)$/.test(method.name);

/** Application state of ASP.NET: one table for all requests of a process. */
export const applicationState: Recogniser = {
  text: ['Application['],
  recognise(view, emit) {
    if (!isOnIis(view.project.dotnet)) return;
    const answering = view.running.filter((one) => view.answersRequest(one) && !isStart(one));
    const writes = answering.flatMap(({ path, method }) =>
      method.assignments.filter(({ target, how }) => how === 'element' && isApplication(target)).map(({ at }) => placeAt(path, at)),
    );
    const reads = answering.flatMap(({ path, method }) =>
      method.lookups.filter(({ lookup }) => named(lookup.of)).map(({ lookup }) => placeAt(path, lookup.at)),
    );
    const [first] = writes;
    if (first && reads.length > 0) emit('process-state', first, { name: 'Application', type: 'map', holds: 'state', writes, reads });
  },
};
