import { placeAt, type Recogniser } from '../recogniser.ts';

const managers =
  /^(?:com\.atomikos:|org\.springframework\.boot:spring-boot-starter-jta-|org\.jboss\.narayana|org\.codehaus\.btm:|io\.seata:|com\.alibaba\.cloud:spring-cloud-starter-alibaba-seata|io\.quarkus:quarkus-narayana-jta-xa)/;

/** Transactions over several resources: XA, JTA managers, Seata. */
export const transactions: Recogniser = {
  text: ['XADataSource', 'XAResource', 'GlobalTransactional', 'JtaTransactionManager', 'XAConnectionFactory'],
  recognise(view, emit) {
    const manager = view.dependency(managers);
    if (manager) emit('distributed-transaction', manager.place, { library: manager.artifact });
    for (const { path, file } of view.types.filter(({ type }) => !type.name.includes('.'))) {
      const found = file.imports.find(({ name }) =>
        /(?:^|\.)(?:XADataSource|XAResource|XAConnectionFactory|GlobalTransactional|\w+XADataSource)$/.test(name),
      );
      if (found) emit('distributed-transaction', placeAt(path, found.at), { library: found.name.split('.').at(-1)! });
    }
    // As a parameter it is what Spring Boot's own configuration asks for: only one that is made takes part.
    for (const { path, method } of view.methods) {
      const made = method.creations.find(({ type }) => type === 'JtaTransactionManager');
      if (made) emit('distributed-transaction', placeAt(path, made.at), { library: 'JtaTransactionManager' });
    }
  },
};
