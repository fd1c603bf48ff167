import type { FactKind } from '../../../facts.ts';
import type { AnyFact } from '../../../types.ts';
import type { Recogniser } from '../recogniser.ts';

/** Facts of descriptors that say what this program does. */
const kinds: ReadonlySet<FactKind> = new Set([
  'server-use',
  'session-replication',
  'backing-service',
  'schema-change',
  'log-sink',
  'scheduled-job',
  'file-write',
  'remote-protocol',
]);

/** Databases of the server's own pool are the server's matter. */
const isOwn = ({ kind, place }: AnyFact): boolean => kinds.has(kind) && !/(?:^|\/)src\/(?:\w*[tT]est\w*|main\/resources-)/.test(place.path);

/** Hands on what descriptors, Spring's XML and logging files of the program's modules say. */
export const descriptors: Recogniser = {
  text: [],
  recognise(view, emit) {
    for (const fact of view.manifestFacts) {
      if (isOwn(fact))
        emit(fact.kind, fact.place, fact.value as never, { confidence: fact.confidence, ...(fact.when ? { when: fact.when } : {}) });
    }
  },
};
