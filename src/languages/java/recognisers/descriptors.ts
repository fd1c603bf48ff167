import type { FactKind } from '../../../facts.ts';
import type { AnyFact } from '../../../types.ts';
import type { ProgramView, Recogniser } from '../recogniser.ts';
import { quartzClustering } from './schedulers.ts';

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
  'distributed-transaction',
  'endpoint',
  'environment-config',
  'host-path',
]);

/** Databases of the server's own pool are the server's matter. */
const isOwn = ({ kind, place }: AnyFact): boolean => kinds.has(kind) && !/(?:^|\/)src\/(?:\w*[tT]est\w*|main\/resources-)/.test(place.path);

/** `quartz.properties` says for all schedulers that one copy runs each job. */
const isClusteredQuartz = (fact: AnyFact, view: ProgramView): boolean =>
  fact.kind === 'scheduled-job' &&
  fact.value.library === 'Quartz' &&
  view.settings.matching(quartzClustering).some(({ text }) => text === 'true');

const urlKey = /(?:^|\.)(?:jdbc|connection)\.url$/;
/** Code that gives Hibernate or JPA another URL makes the one of the descriptor a default. */
const givesUrl = (view: ProgramView): boolean =>
  view.callsNamed('setProperty', 'put', 'applySetting').some(({ call: { args } }) => args[0]?.is === 'text' && urlKey.test(args[0].value));
const isReplaced = ({ kind, place }: AnyFact, view: ProgramView): boolean =>
  kind === 'endpoint' && /(?:persistence|\.cfg)\.xml$/.test(place.path) && givesUrl(view);

/** Hands on what descriptors, Spring's XML and logging files of the program's modules say. */
export const descriptors: Recogniser = {
  text: [],
  recognise(view, emit) {
    for (const fact of view.manifestFacts) {
      if (isOwn(fact) && !isClusteredQuartz(fact, view) && !isReplaced(fact, view))
        emit(fact.kind, fact.place, fact.value as never, { confidence: fact.confidence, ...(fact.when ? { when: fact.when } : {}) });
    }
  },
};
