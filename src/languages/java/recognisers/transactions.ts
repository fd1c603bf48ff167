import { type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { inFiles } from '../views.ts';

const managers =
  /^(?:com\.atomikos:|org\.springframework\.boot:spring-boot-starter-jta-|org\.jboss\.narayana|org\.codehaus\.btm:|io\.seata:|com\.alibaba\.cloud:spring-cloud-starter-alibaba-seata|io\.quarkus:quarkus-narayana-jta-xa)/;

const distributed = /(?:^|\.)(?:XADataSource|XAResource|XAConnectionFactory|GlobalTransactional|\w+XADataSource)$/;
const users = inFiles(({ path, file, types }) =>
  types.flatMap(({ type }) => {
    const found = type.name.includes('.') ? undefined : file.imports.find(({ name }) => distributed.test(name));
    return found ? [{ place: placeAt(path, found.at), library: found.name.split('.').at(-1)! }] : [];
  }),
);
/** As a parameter it is what Spring Boot's own configuration asks for: only one that is made takes part. */
const makings = inFiles(({ path, methods }) =>
  methods.flatMap(({ method }) => {
    const made = method.creations.find(({ type }) => type === 'JtaTransactionManager');
    return made ? [placeAt(path, made.at)] : [];
  }),
);

const jms = /^(?:javax\.jms|jakarta\.jms|org\.apache\.activemq|org\.springframework):.*(?:jms|activemq)|artemis/;
/** Names under which a server gives data sources and connections. */
function resourcesOf(view: ProgramView): number {
  const named = new Set<string>();
  const beans = new Set<string>();
  const databases = new Set<string>();
  for (const { kind, value, place } of view.manifestFacts) {
    if (kind === 'backing-service' && !value.embedded) databases.add(`${place.path}:${place.line}`);
    if (kind !== 'server-use') continue;
    if (value.how === 'resource') named.add(value.what);
    if (value.how === 'naming') beans.add(value.what === '`JndiObjectFactoryBean`' ? `${place.path}:${place.line}` : value.what);
  }
  return Math.max(named.size, beans.size, databases.size);
}

/** The manager of a server also serves programs with a single database: it spans what there is to span. */
export const spansSeveral = (view: ProgramView): boolean =>
  view.dependency(managers) !== undefined ||
  view.dependency(jms) !== undefined ||
  resourcesOf(view) > 1 ||
  view.manifestFacts.some(({ kind, value }) => kind === 'distributed-transaction' && value.library !== 'JtaTransactionManager');

/** Transactions over several resources: XA, JTA managers, Seata. */
export const transactions: Recogniser = {
  text: ['XADataSource', 'XAResource', 'GlobalTransactional', 'JtaTransactionManager', 'XAConnectionFactory'],
  recognise(view, emit) {
    const manager = view.dependency(managers);
    if (manager) emit('distributed-transaction', manager.place, { library: manager.artifact });
    for (const { place, library } of users(view)) emit('distributed-transaction', place, { library });
    for (const place of makings(view)) emit('distributed-transaction', place, { library: 'JtaTransactionManager' });
  },
};
