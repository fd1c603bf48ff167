import type { FactKind } from '../../../facts.ts';
import type { AnyFact } from '../../../types.ts';
import type { ProgramView, Recogniser } from '../recogniser.ts';
import { quartzClustering } from './schedulers.ts';
import { spansSeveral } from './transactions.ts';

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

/** `new Configuration().configure(System.getProperty("hibernate.config", …))`: another file may be the one that counts. */
const choosesFile = (view: ProgramView): boolean =>
  view.callsNamed('configure').some((call) => {
    const { on, args } = call.call;
    const type = args.length === 1 && view.names.text(args[0], call) === undefined ? view.names.typeOf(on, call) : undefined;
    return type !== undefined && /^(?:AnnotationConfiguration|Configuration|StandardServiceRegistryBuilder)$/.test(type);
  });
const isSessionFactory = (path: string): boolean => /\.cfg\.xml$/.test(path);
/** What one of several `hibernate*.cfg.xml` says, beside another that names a database outside of the process. */
function isOneOfSeveral({ kind, place, value }: AnyFact, view: ProgramView): boolean {
  if (!isSessionFactory(place.path) || !(kind === 'schema-change' || (kind === 'backing-service' && value.embedded))) return false;
  const others = view.manifestFacts.some(
    (one) => one.kind === 'backing-service' && !one.value.embedded && isSessionFactory(one.place.path) && one.place.path !== place.path,
  );
  return others && choosesFile(view);
}

/** A transaction manager of the server over a single resource. */
const isLocal = (fact: AnyFact, view: ProgramView): boolean =>
  fact.kind === 'distributed-transaction' && fact.value.library === 'JtaTransactionManager' && !spansSeveral(view);

/** Hands on what descriptors, Spring's XML and logging files of the program's modules say. */
export const descriptors: Recogniser = {
  text: ['org.hibernate.cfg.Configuration', 'org.hibernate.boot.registry.Standard'],
  recognise(view, emit) {
    for (const fact of view.manifestFacts) {
      if (isOwn(fact) && ![isClusteredQuartz, isReplaced, isOneOfSeveral, isLocal].some((one) => one(fact, view)))
        emit(fact.kind, fact.place, fact.value as never, { confidence: fact.confidence, ...(fact.when ? { when: fact.when } : {}) });
    }
  },
};
